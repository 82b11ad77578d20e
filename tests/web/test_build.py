"""The page of a day before it runs: links, checks that are true, a start that is confirmed, and what can be put right."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection

from conference.core.actor import Actor
from conference.library.tables import Film
from conference.rundown.tables import Cue
from conference.tables import Day
from tests.web.houses import heard
from tests.web.products import Product, product, with_a_day
from tests.web.test_admin import PAGE, admin, chain, made_a_day, new_links
from web.links import is_here_only

ONCE = re.compile(r'name="link" value="(\w+)"')


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation without a day, where no film is packaged."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        yield one


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    """One with a live day."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        yield await with_a_day(one)


def checks(page: str) -> dict[str, str]:
    """What the list says."""
    rows = re.findall(
        r'<li><svg class="icon" aria-hidden="true"><use href="#i-\w+"/></svg><span>(.*?)</span><span class="meta">(.*?)</span>', page
    )
    return {re.sub(r"<[^>]+>", "", text.partition("<br>")[0]): state for text, state in rows}


async def page_of(http: httpx2.AsyncClient, day: str, path: str = "") -> str:
    answer = await http.get(f"/days/{day}/build{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_checks_say_what_is_stored(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        before = checks(await page_of(http, made.day))
        await http.post(f"/days/{made.day}/build", data={"do": "publish"})
        async with made.house.store.reading() as session:
            films = (await session.exec(select(Film.film).where(Film.day == made.day))).all()
        for film in films:
            await made.house.library.film_ready(Actor.house(made.day), film, 60.0)
        (link,) = new_links((await http.post(f"/days/{made.day}/build", data={"do": "link", "role": "moderator"})).text)
        async with made.http(**PAGE) as moderator:
            await moderator.post(link)
        after = checks(await page_of(http, made.day))

    played = len(films)
    assert before[f"Filmer packade: 0 av {played}"] == "packas"
    assert after[f"Filmer packade: {played} av {played}"] == "klart"
    assert before[f"Filmer med undertexter: {played} av {played}"] == "klart"
    changing = ("Moderatorn har öppnat sin länk", "Dagen publicerad", "Dagen startad", "Andra kan nå adressen")
    assert [before[line] for line in changing] == ["kvar", "kvar", "kvar", "kvar"]
    assert [after[line] for line in changing] == ["klart", "klart", "kvar", "kvar"]  # nobody else reaches 127.0.0.1
    assert before["Regioner: 1"] == "klart"


async def test_what_stands_in_the_way_stops_publishing_and_what_is_left_does_not(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build"
        async with made.house.store.reading() as session:
            film = (await session.exec(select(Film.film).where(Film.day == made.day))).first()
        assert film
        await made.house.library.film_refused(Actor.house(made.day), film, "film.unreadable")
        stopped = await http.post(path, data={"do": "publish"})
        await made.house.library.film_ready(Actor.house(made.day), film, 60.0)
        page = await page_of(http, made.day)
        left = [line for line, state in checks(page).items() if state == "kvar"]
        published = await http.post(path, data={"do": "publish"})

    assert (stopped.status_code, published.status_code) == (422, 303)
    assert "Dagen kan inte publiceras än. Rätta först: Filmer packade" in stopped.text
    assert "Moderatorn har öppnat sin länk" in left
    assert "Raden blir klar när länken har öppnats." in page


async def test_a_day_that_is_over_already_is_made_only_when_somebody_is_sure(made: Product) -> None:
    sent = {"date": "2020-03-23", "region": "r-norrvik"}
    async with admin(made) as http:
        asked = await http.post("/admin/days", data=sent)
        sure = await http.post("/admin/days", data={**sent, "past": "yes"})

    assert (asked.status_code, sure.status_code) == (422, 303)
    assert "Dagen ligger i det förflutna – skapa ändå?" in asked.text  # noqa: RUF001  # a Swedish dash
    assert 'name="past"' in asked.text


async def test_a_film_that_cannot_be_shown_is_no_film_that_is_ready(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        async with made.house.store.reading() as session:
            film = (await session.exec(select(Film.film).where(Film.day == made.day))).first()
        assert film
        await made.house.library.film_refused(Actor.house(made.day), film, "film.unreadable")

        found = checks(await page_of(http, made.day))

    assert "en går inte att visa" in found.values()


async def test_a_start_is_confirmed_on_a_page_that_says_what_happens(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        await http.post(f"/days/{made.day}/build", data={"do": "publish"})
        build, asks = await page_of(http, made.day), await page_of(http, made.day, "/start")
        async with made.house.store.reading() as session:
            assert (await session.exec(select(Day.state))).one() == "published"  # looking starts nothing
        started = await http.post(f"/days/{made.day}/build", data={"do": "start"})
        again = await http.get(f"/days/{made.day}/build/start")

    assert 'value="start"' not in build
    assert "Det går inte att ångra" in asks
    assert "Moderatorn har öppnat sin länk" in asks
    assert "Dagen publicerad" not in asks
    assert (started.headers["Location"], again.headers["Location"]) == (f"/days/{made.day}/cockpit", f"/days/{made.day}/build")


async def test_links_are_made_shown_once_replaced_and_withdrawn_and_all_of_it_is_audited(live: Product) -> None:
    path = f"/days/{live.day}/build"
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        first = await http.post(path, data={"do": "link", "role": "moderator", "name": "Kim Ek", "lane": "r-norrvik"})
        (old,) = new_links(first.text)
        listed = await page_of(http, live.day)
        assert new_links(listed) == []
        assert "Kim Ek" in listed
        assert "Region Norrvik" in listed
        (link,) = set(ONCE.findall(listed))
        (new,) = new_links((await http.post(path, data={"do": "renew", "link": link})).text)
        async with live.http(**PAGE) as kim:
            assert (await kim.post(old)).status_code == 409
            assert (await kim.post(new)).status_code == 303
            (link,) = set(ONCE.findall(await page_of(http, live.day)))
            await http.post(path, data={"do": "withdraw", "link": link})
            assert (await kim.get(f"/days/{live.day}/state")).status_code == 401
        wrong = [
            await http.post(path, data={"do": "link", "role": "moderator", "lane": "r-x"}),
            await http.post(path, data={"do": "withdraw"}),
        ]
        many = new_links((await http.post(path, data={"do": "links"})).text)

    assert [answer.status_code for answer in wrong] == [422, 404]
    assert len(many) == 5
    did = [did for did, _note in await chain(live, live.day)]
    assert did == ["people.invite", "people.renew_link", "people.withdraw_link", *["people.invite"] * 5]
    assert not any("Kim" in str(note) or "invite/" in str(note) for _did, note in await chain(live, live.day))


async def test_the_page_says_that_nobody_else_reaches_a_loopback_address(live: Product) -> None:
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        assert "SAMSYN_BASE_URL" in await page_of(http, live.day)


@pytest.mark.parametrize(
    ("origin", "here"),
    [
        ("http://127.0.0.1:8000", True), ("http://localhost:8000", True), ("http://[::1]:8000", True), ("http://127.9.9.9", True),
        ("https://dagen.example", False), ("http://192.0.2.7:8000", False), ("http://localhost.example", False),
    ],
)  # fmt: skip
def test_which_addresses_work_on_this_computer_alone(origin: str, here: bool) -> None:
    assert is_here_only(origin) is here


async def test_every_link_can_be_copied_by_hand_and_has_a_code_for_telephones(live: Product) -> None:
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        page = (await http.post(f"/days/{live.day}/build", data={"do": "links"})).text

    assert page.count("data-select") == page.count("data-copy=") == page.count('class="qr"') + 1 == 7  # and the code for an intranet
    assert f'value="{live.origin}/j/{live.code}"' in page
    assert " style=" not in page


async def test_what_is_put_right_reaches_an_open_page_and_the_chain(live: Product) -> None:
    path = f"/days/{live.day}/build/programme"
    async with live.http(await live.enter("organizer"), **PAGE) as http, live.socket(await live.join()) as phone:
        await heard(phone)
        forms = await http.get(path)
        title = await http.post(path, data={"do": "title", "title": "E-hälsodagen", "title_en": ""})
        item = await http.post(path, data={"do": "item", "id": "i-r1-samtal@national", "title": "En öppning"})
        news = await told(phone, "day.corrected", "day.item_corrected")
        person = await http.post(path, data={"do": "contributor", "id": "c-gd", "name": "Vik Arie", "role": "Generaldirektör"})
        public = [await http.get(f"/days/{live.day}{part}") for part in ("", "/schedule.json")]

    assert forms.status_code == 200
    assert [one.headers["Location"] for one in (title, item, person)] == [
        f"{path}?saved=title#title", f"{path}?saved=item-i-r1-samtal_national#item-i-r1-samtal_national",
        f"{path}?saved=contributor-c-gd#contributor-c-gd",
    ]  # fmt: skip
    assert news[1] == {"items": [{"item": "i-r1-samtal@national", "title": "En öppning", "title_en": None}]}
    assert news[0]["title"] == "E-hälsodagen"
    assert all("E-hälsodagen" in page.text for page in public)
    assert "En öppning" in public[1].text
    assert "Vik Arie" in public[1].text
    assert await chain(live, live.day) == [
        ("day.correct", {}), ("item.correct", {"item": "i-r1-samtal@national"}), ("contributor.correct", {"contributor": "c-gd"}),
    ]  # fmt: skip


async def told(phone: ClientConnection, *names: str) -> list[Any]:
    """The first piece of news of each kind; several may share a frame."""
    found: dict[str, Any] = {}
    while not found.keys() >= set(names):
        for item in (await heard(phone)).get("news", []):
            found.setdefault(item["type"], item["data"])
    return [found[name] for name in names]


async def test_what_is_wrong_is_said_at_its_form_with_what_was_written(live: Product) -> None:
    path = f"/days/{live.day}/build/programme"
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        person = await http.post(path, data={"do": "contributor", "id": "c-gd", "name": "Vik Arie", "role": " "})
        late = await http.post(path, data={"do": "begin", "begins": "10:00"})
        nonsense = await http.post(path, data={"do": "x"})

    assert (person.status_code, late.status_code, nonsense.status_code) == (422, 422, 422)
    assert '<a href="#contributor-c-gd">Skriv en roll.</a>' in person.text
    assert 'value="Vik Arie"' in person.text
    assert "Dagen sänds redan." in late.text
    assert await chain(live, live.day) == []


async def test_a_draft_is_moved_to_another_time(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/programme"
        moved = await http.post(path, data={"do": "begin", "begins": "10:30"})
        wrong = await http.post(path, data={"do": "begin", "begins": "klockan tio"})
        asked = await http.post(path, data={"do": "begin", "begins": "10:30", "date": "2020-03-24"})
        async with made.house.store.reading() as session:
            day = (await session.exec(select(Day))).one()
            first = (await session.exec(select(Cue.planned_at).order_by(col(Cue.position)))).first()
        page = (await http.get(path)).text
        sure = await http.post(path, data={"do": "begin", "begins": "09:00", "date": "2020-03-24", "past": "yes"})
        async with made.house.store.reading() as session:
            past = (await session.exec(select(Day))).one()

    assert (moved.status_code, wrong.status_code, asked.status_code, sure.status_code) == (303, 422, 422, 303)
    assert "Dagen ligger i det förflutna – skapa ändå?" in asked.text  # noqa: RUF001  # a Swedish dash
    assert 'name="past"' in asked.text
    assert (past.date.isoformat(), past.planned_starts_at.isoformat()) == ("2020-03-24", "2020-03-24T08:00:00+00:00")
    assert first is not None
    assert (day.planned_starts_at.isoformat(), first - day.planned_starts_at < timedelta(minutes=5)) == ("2027-03-23T09:30:00+00:00", True)
    assert 'value="10:30"' in page


async def test_a_film_that_was_given_is_chosen_for_an_item(live: Product) -> None:
    path = f"/days/{live.day}/build/programme"
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        given: dict[str, Any] = (
            await http.post(f"/days/{live.day}/library/films", data={"title": "Vår"}, files={"file": ("v.mp4", b"x" * 100)})
        ).json()
        waiting = await http.post(path, data={"do": "film", "id": "i-r1-film@national", "film": given["film"]})
        await live.house.library.film_ready(Actor.house(live.day), given["film"], 60.0)
        offered = (await http.get(path)).text
        chosen = await http.post(path, data={"do": "film", "id": "i-r1-film@national", "film": given["film"]})
        locked = await http.post(path, data={"do": "film", "id": "i-hemma", "film": given["film"]})
        async with live.house.store.reading() as session:
            cue = (await session.exec(select(Cue).where(Cue.item == "i-r1-film@national", Cue.do == "play_film"))).one()

    assert (waiting.status_code, chosen.status_code, locked.status_code) == (422, 303, 422)
    assert "Inslaget är låst i det nationella paketet." in locked.text
    assert re.findall(r'id="film-([\w-]+)"', offered) == ["i-r1-film_national", "i-r1-film_r-vastero", "i-sundmark-3"]
    assert f'value="{given["film"]}"' in offered
    assert (cue.args["film"], cue.what) == (given["film"], "Vår")


@pytest.mark.parametrize("role", ["", "participant", "moderator", "speaker"])
async def test_only_an_organizer_builds(live: Product, role: str) -> None:
    cookie = "" if not role else await live.join() if role == "participant" else await live.enter(role)
    async with live.http(cookie, **PAGE) as http:
        for path in ("", "/start", "/programme"):
            assert (await http.get(f"/days/{live.day}/build{path}")).status_code == 403
        for path in ("", "/programme"):
            answer = await http.post(f"/days/{live.day}/build{path}", data={"do": "title", "title": "x"})
            assert answer.status_code == 403
    assert await chain(live, live.day) == []
