"""From needs to benefit over HTTP: an organizer's pages, the owner's page, files, and who may do what."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from conference.core.actor import Actor
from conference.people import Terms
from tests.web.products import Product, product, with_a_day
from tests.web.test_admin import PAGE, chain
from web import backups, erasing
from web.restoring import restore

AWAY = "http://127.0.0.1:9"
ACTION = {"do": "action", "what": "En gemensam rutin", "owner": "Jurist i samverkan", "due": "2026-01-01", "needs": "n-lag"}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    """One with a live day."""
    async with product(tmp_path, media_url=AWAY) as made:
        yield await with_a_day(made)


@pytest.fixture
async def anna(live: Product) -> AsyncIterator[httpx2.AsyncClient]:
    """An organizer's browser."""
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        yield http


def home(live: Product) -> str:
    return f"/days/{live.day}/followup"


async def an_action(anna: httpx2.AsyncClient, live: Product, **more: str) -> str:
    answer = await anna.post(f"{home(live)}/actions/new", data={**ACTION, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0].rpartition("/")[2]


async def a_link(anna: httpx2.AsyncClient, live: Product, action: str) -> str:
    page = (await anna.post(f"{home(live)}/actions/{action}", data={"do": "link"})).text
    found = re.search(r"/actions/([\w-]{20,})", page)
    assert found
    return f"/actions/{found[1]}"


def gap(page: str, kind: str) -> list[str]:
    """What the list of one kind of gaps names."""
    found = re.search(rf'id="lucka-{kind}".*?</details>', page, re.DOTALL)
    return re.findall(r"<a [^>]*>(.*?)</a>", found[0]) if found else []


async def test_the_map_shows_what_nobody_answers_and_forms_close_the_gaps(live: Product, anna: httpx2.AsyncClient) -> None:
    before = (await anna.get(home(live))).text
    linked = await anna.post(
        f"{home(live)}/needs/n-larande",
        data={"do": "need", "statement": "Vi behöver höra av andra", "goals": ["information"], "items": ["i-dela"], "weight": "12"},
    )
    action = await an_action(anna, live, needs="n-larande", owner="", due="")
    after = (await anna.get(home(live))).text

    assert gap(before, "need_without_item") == ["Vi behöver höra av andra vad som inte fungerade"]
    assert len(gap(before, "need_without_action")) == 9
    assert (linked.status_code, gap(after, "need_without_item")) == (303, [])
    assert len(gap(after, "need_without_action")) == 8
    assert gap(after, "action_without_owner_or_date") == ["En gemensam rutin"]
    assert "saknar ägare och datum" in after
    assert f"{home(live)}/actions/{action}" in after
    way = after[after.index('id="behov"') :]
    assert way.index("Vi behöver höra av andra") < way.index("Personalen behöver våga")  # it weighs more


async def test_all_of_it_is_in_the_chain_by_ids_alone(live: Product, anna: httpx2.AsyncClient) -> None:
    action = await an_action(anna, live)
    for data in (
        {"do": "move", "stage": "trial", "text": "Vi provar hos oss"},
        {"do": "benefit", "what": "Väntetid", "baseline": "14,5", "effect": "-7", "unit": "dagar"},
        {"do": "withdraw"},
    ):
        assert (await anna.post(f"{home(live)}/actions/{action}", data=data)).status_code == 303
    link = await a_link(anna, live, action)
    async with live.http(**PAGE) as owner:
        assert (await owner.post(link, data={"stage": "evaluated", "text": "Kim är nöjd"})).status_code == 303
    await anna.post(home(live), data={"do": "remove", "of": "action", "id": action})
    await anna.post(home(live), data={"do": "restore", "of": "action", "id": action})
    await anna.post(home(live), data={"do": "target", "page": "targets", "title": "Många", "measure": "people", "amount": "100"})
    await anna.post(home(live), data={"do": "reached", "page": "targets", "names": "Norrviks kommun", "kind": "kommun"})

    told = [(did, note) for did, note in await chain(live, live.day) if did.startswith("followup.")]
    assert [did.removeprefix("followup.") for did, _note in told] == [
        "write_action", "move_action", "write_benefit", "withdraw_link", "make_link", "tell", "remove", "restore", "write_target",
        "note_reached",
    ]  # fmt: skip
    assert told[5][1] == {"action": action, "stage": "evaluated"}
    assert not any(word in json.dumps(told) for word in ("Jurist", "provar", "Kim", "Norrvik", "rutin", "Väntetid"))


async def test_a_stage_that_is_passed_over_says_why(live: Product, anna: httpx2.AsyncClient) -> None:
    path = f"{home(live)}/actions/{await an_action(anna, live)}"

    refused = await anna.post(path, data={"do": "move", "stage": "in_use", "text": ""})
    moved = await anna.post(path, data={"do": "move", "stage": "in_use", "text": "Det fanns redan"})
    page = (await anna.get(path)).text

    assert (refused.status_code, "Du hoppar över ett steg" in refused.text) == (422, True)
    assert (moved.status_code, "Det fanns redan" in page, "Behov → i vanlig drift" in page) == (303, True, True)
    assert "Tillbaka till: utvärderad" in page
    assert "Vidare till" not in page


async def test_the_owner_comes_by_the_link_alone(live: Product, anna: httpx2.AsyncClient) -> None:
    action = await an_action(anna, live)
    await anna.post(f"{home(live)}/actions/{action}", data={"do": "benefit", "what": "Väntetid", "baseline": "14", "unit": "dagar"})
    due = (await anna.get(home(live))).text
    link = await a_link(anna, live, action)
    async with live.http(**PAGE) as owner:
        page = await owner.get(link)
        name = re.search(r'name="(value-\w+)"', page.text)
        assert name
        wrong = await owner.post(link, data={"stage": "trial", "text": "Vi provar", name[1]: "nio"})
        told = await owner.post(link, data={"stage": "trial", "text": "Vi provar", name[1]: "9,5"})
        after = await owner.get(told.headers["Location"])
        nothing = await owner.post(link, data={"stage": "trial", "text": " "})
        unknown = await owner.get("/actions/none")
        foreign = await owner.post(link, data={"stage": "need"}, headers={"Origin": "https://else.example"})
    seen = (await anna.get(home(live))).text

    assert (page.status_code, page.headers["Cache-Control"], "Set-Cookie" in page.headers) == (200, "no-store", False)
    assert ("Vi behöver veta vad vi får dela" in page.text, "samsyn_session" in page.text) == (True, False)
    assert (wrong.status_code, "Skriv ett tal" in wrong.text, 'value="nio"' in wrong.text, "Vi provar" in wrong.text) == (
        422,
        True,
        True,
        True,
    )
    assert (told.status_code, "Tack. Det är sparat." in after.text, "från 14 till 9,5 dagar" in after.text) == (303, True, True)
    assert (nothing.status_code, unknown.status_code, foreign.status_code) == (422, 404, 403)
    assert "Åtgärder att påminna om" in due
    assert "Åtgärder att påminna om" not in seen
    assert "från 14 till 9,5 dagar (\N{MINUS SIGN}4,5)" in seen


async def test_needs_come_from_a_table_and_from_a_file(live: Product, anna: httpx2.AsyncClient) -> None:
    path = f"{home(live)}/import"

    async def sent(text: str = "", file: bytes | None = None, **fields: str) -> httpx2.Response:
        files: dict[str, Any] = {"text": (None, text), **{name: (None, value) for name, value in fields.items()}}
        return await anna.post(path, files={**files, **({"file": ("n.csv", file, "text/csv")} if file is not None else {})})

    pasted = await sent("Behov\tMål\tVikt\r\nMer tid\tsecurity\t12\r\nFler\tTrygg och säker hantering av information\t1\r\n")
    latin = await sent(file="Behov;Källa\nFärre lösenord;Enkäten\n".encode("cp1252"))
    again = await sent("Behov\nMER TID")
    wrong = await sent("Behov;Vikt\nMer;många")
    empty = await sent()
    no_question = await sent(origin="poll:p-none")
    page = (await anna.get(home(live))).text

    assert [one.headers.get("Location", "").partition("=")[2] for one in (pasted, latin, again)] == [
        "2-needs#behov", "1-needs#behov", "0-needs#behov",
    ]  # fmt: skip
    assert [one.status_code for one in (wrong, empty, no_question)] == [422, 422, 422]
    assert ("Rad 2: vikten ska vara ett helt tal, inte många." in wrong.text, "Mer;många" in wrong.text) == (True, True)
    assert all(text in page for text in ("Mer tid", "Fler", "Färre lösenord", "Vikt 12"))
    assert (await anna.post(path, content=b"x" * (3 << 20), headers={"Content-Type": "multipart/form-data; boundary=x"})).status_code == 413
    assert (await anna.post(path, content=b"{}", headers={"Content-Type": "application/json"})).status_code == 415


async def test_needs_come_from_a_poll_and_lead_back_to_it(live: Product, anna: httpx2.AsyncClient) -> None:
    async with live.http(await live.enter("moderator")) as olga:

        async def ask(http: httpx2.AsyncClient, do: str, **args: Any) -> Any:
            answer = await http.post(f"/days/{live.day}/wishes", json={"id": str(uuid4()), "do": do, "args": args})
            assert answer.status_code == 200, answer.text
            return answer.json()

        await ask(olga, "polls.make", kind="choice", title="Vad behöver ni mest?", options=["Mer tid", "Fler händer"])
        state = (await olga.get(f"/days/{live.day}/state")).json()
        poll = next(one for one in state["polls"] if one["title"] == "Vad behöver ni mest?")
        await ask(olga, "polls.open", poll=poll["poll"])
        for number in range(6):
            async with live.http(await live.join(people=1)) as kim:
                await ask(kim, "polls.vote", poll=poll["poll"], answer=[poll["options"][number // 4]["option"]])
        still_open = (await anna.get(f"{home(live)}/import")).text
        await ask(olga, "polls.close", poll=poll["poll"])
    origin = f"poll:{poll['poll']}"
    choice = (await anna.get(f"{home(live)}/import")).text
    taken = await anna.post(f"{home(live)}/import", files={"origin": (None, origin), "text": (None, "")})
    page = (await anna.get(home(live))).text
    report = (await anna.get(f"/days/{live.day}/report")).text

    assert (origin in still_open, origin in choice, taken.status_code) == (False, True, 303)
    assert ("Vikt 4" in page, "Vikt 2" in page, f"/report#poll-{poll['poll']}" in page) == (True, True, True)
    section = report[report.index('id="fran-behov"') :]
    need = re.search(r'id="behov-(\w+)"><h3 class="told__head">Mer tid', section)
    assert need
    assert f'href="#poll-{poll["poll"]}"' in section
    assert f'<a href="#behov-{need[1]}">Mer tid</a>' in report[report.index(f'id="poll-{poll["poll"]}"') : report.index('id="chatt"')]


async def test_the_report_walks_from_need_to_action_and_back(live: Product, anna: httpx2.AsyncClient) -> None:
    action = await an_action(anna, live)
    report = (await anna.get(f"/days/{live.day}/report")).text

    assert f'<a href="#atgard-{action}">En gemensam rutin</a>' in report
    assert '<a href="#behov-n-lag">' in report[report.index(f'id="atgard-{action}"') :]
    assert "1 av 9 behov har en åtgärd" in report
    files = {what: (await anna.get(f"/days/{live.day}/export/{what}.csv")).text for what in ("needs", "actions")}
    assert ("Vi behöver veta vad vi får dela" in files["needs"], "Jurist i samverkan" in files["actions"]) == (True, True)
    assert all(f"/export/{what}.{form}" in report for what in ("needs", "actions") for form in ("csv", "xlsx", "json"))


async def test_goals_in_figures_on_a_page(live: Product, anna: httpx2.AsyncClient) -> None:
    target = {"do": "target", "page": "targets", "title": "Kommuner", "measure": "municipalities", "amount": "20"}
    names = {"do": "reached", "page": "targets", "names": "Norrviks kommun\nSundmarks kommun\n\nnorrviks  kommun", "kind": "kommun"}
    done = [await anna.post(home(live), data=data) for data in (target, names)]
    wrong = [
        await anna.post(home(live), data={**target, **more})
        for more in ({"amount": "2,5"}, {"amount": "x"}, {"measure": "x"}, {"due": "i går"})
    ]
    page = (await anna.get(f"{home(live)}/targets")).text

    assert [one.headers["Location"] for one in done] == [f"{home(live)}/targets?saved=target", f"{home(live)}/targets?saved=reached"]
    assert [one.status_code for one in wrong] == [422] * 4
    assert "2 av 20 kommuner" in page
    assert "2 organisationer var med den här dagen" in page
    assert "2 av 20 kommuner" in (await anna.get(f"/days/{live.day}/report")).text


WRONG: list[tuple[str, dict[str, str]]] = [
    ("/needs/new", {"do": "need", "statement": " "}),
    ("/needs/new", {"do": "need", "statement": "Ett behov", "weight": "-1"}),
    ("/needs/new", {"do": "need", "statement": "Ett behov", "weight": "9" * 30}),
    ("/needs/new", {"do": "need", "statement": "Ett behov", "goals": "nonsense"}),
    ("/needs/new", {"do": "need", "statement": "Ett behov", "items": "i-none"}),
    ("/needs/n-lag", {"do": "need", "statement": "x" * 3_000}),
    ("/actions/new", {"do": "action", "what": "Ett försök", "due": "2026-13-01"}),
    ("/actions/new", {"do": "action", "what": "Ett försök", "needs": "n-none"}),
    ("/actions/new", {"do": "link"}),
    ("/actions/new", {"do": "move", "stage": "trial"}),
    ("/actions/new", {"do": "benefit", "what": "x"}),
    ("", {"do": "remove", "of": "day", "id": "x"}),
    ("", {"do": "remove", "of": "need", "id": "n-none"}),
    ("", {"do": "remove"}),
    ("", {"do": "x"}),
]


async def test_bad_input_is_refused_on_the_page_and_what_was_written_is_not_lost(live: Product, anna: httpx2.AsyncClient) -> None:
    before = (await anna.get(home(live))).text.partition("<main")[2]
    for path, data in WRONG:
        answer = await anna.post(f"{home(live)}{path}", data=data)
        assert (answer.status_code, "Något behöver rättas" in answer.text) == (422, True), data
        written = data.get("statement", data.get("what", "")).strip() if data["do"] in {"need", "action"} else ""
        assert not written or f'value="{written[:2_000]}"' in answer.text, data

    assert (await anna.get(home(live))).text.partition("<main")[2] == before


async def test_there_is_no_page_of_what_is_not_there(live: Product, anna: httpx2.AsyncClient) -> None:
    assert [(await anna.get(f"{home(live)}/{path}")).status_code for path in ("needs/n-none", "actions/none", "x")] == [404, 404, 404]
    assert [
        (await anna.get(f"{home(live)}/{path}")).status_code for path in ("needs/new", "actions/new?need=%22%3E", "targets", "import")
    ] == [200] * 4


async def test_what_people_wrote_stands_as_text_on_every_page(live: Product, anna: httpx2.AsyncClient) -> None:
    attack = '"><script>alert(1)</script>'
    await anna.post(f"{home(live)}/needs/new", data={"do": "need", "statement": attack, "source": attack, "theme": attack})
    action = await an_action(anna, live, what=attack, owner=attack)
    await anna.post(f"{home(live)}/actions/{action}", data={"do": "move", "stage": "trial", "text": attack})
    link = await a_link(anna, live, action)
    pages = [home(live), f"{home(live)}/actions/{action}", f"{home(live)}/actions/new", f"/days/{live.day}/report", link]

    for path in pages:
        text = (await anna.get(path)).text
        assert ("<script>alert" in text, "&lt;script&gt;alert" in text) == (False, True), path


async def test_nobody_but_an_organizer(live: Product) -> None:
    paths = ("", "/needs/new", "/needs/n-lag", "/actions/new", "/targets", "/import")
    for cookie in [await live.join(), *[await live.enter(role) for role in ("moderator", "speaker", "captioner", "screen")]]:
        async with live.http(cookie) as http:
            read = [(await http.get(f"{home(live)}{path}")).status_code for path in paths]
            written = [(await http.post(f"{home(live)}{path}", data={"do": "need"})).status_code for path in paths if path != "/targets"]
            asked = await http.post(f"/days/{live.day}/wishes", json={"id": "a", "do": "followup.write_need", "args": {"statement": "x"}})
        assert (set(read), set(written)) == ({403}, {403})
        assert (asked.status_code, asked.json()["error"]["code"]) == (403, "role.missing")


async def test_a_moderator_of_a_region_reads_its_own_report_and_changes_nothing(live: Product) -> None:
    terms = Terms("demo", frozenset({"moderator"}), reusable=True, region="r-norrvik")
    link = ((await live.house.people.make_link(Actor.house(live.day), terms)).data or {})["token"]
    async with live.http() as http:
        cookie = (await http.get(f"/in/{link}")).headers["Set-Cookie"].partition(";")[0]
    async with live.http(cookie, **PAGE) as olga:
        led = await olga.get(f"/days/{live.day}/report")
        own = await olga.get(f"/days/{live.day}/report/r-norrvik")
        refused = await olga.get(home(live))

    assert (led.status_code, led.headers["Location"]) == (303, f"/days/{live.day}/report/r-norrvik")
    assert (own.status_code, refused.status_code) == (200, 403)
    assert home(live) not in own.text


async def test_another_days_organizer_reaches_nothing(live: Product, anna: httpx2.AsyncClient) -> None:
    assert (await anna.get("/days/d-else/followup")).status_code == 403


async def test_by_wish_a_link_is_told_once_and_kept_nowhere(live: Product, anna: httpx2.AsyncClient) -> None:
    action = await an_action(anna, live)
    body = {"id": str(uuid4()), "do": "followup.make_link", "args": {"action": action}}
    told = [(await anna.post(f"/days/{live.day}/wishes", json=body)).json()["data"]["token"] for _ in range(2)]
    async with live.http(**PAGE) as owner:
        opened = [(await owner.get(f"/actions/{token}")).status_code for token in told]

    assert (told[0] != told[1], opened) == (True, [404, 200])


async def test_what_is_due_by_the_clock_of_the_house(live: Product, anna: httpx2.AsyncClient) -> None:
    today = datetime.now(UTC).date()
    for what, due in (("I dag", today), ("Om en vecka", today + timedelta(days=7))):
        await an_action(anna, live, what=what, due=due.isoformat())
    page = (await anna.get(home(live))).text
    reminded = page[page.index('id="paminn"') : page.index('id="mal"')]

    assert ("I dag" in reminded, "Om en vecka" in reminded) == (True, False)


async def test_whoever_had_taken_on_an_action_is_erased_also_out_of_a_backup(
    live: Product, anna: httpx2.AsyncClient, tmp_path: Path
) -> None:
    action = await an_action(anna, live, owner="Kim Ek")
    link = await a_link(anna, live, action)
    async with live.http(**PAGE) as owner:
        await owner.post(link, data={"stage": "trial", "text": "Kim hann med"})
    settings, clock, backup = live.house.settings, live.house.clock, tmp_path / "before.tar"
    manifest = await backups.save(settings, clock, backup)

    gone = await erasing.erase(settings, live.day, None, "kim ek")
    page = (await anna.get(f"{home(live)}/actions/{action}")).text
    with pytest.raises(erasing.Nobody):
        await erasing.erase(settings, live.day, None, "kim ek")

    place = tmp_path / "again"
    place.mkdir()
    (place / erasing.LIST).write_text((settings.data_dir / erasing.LIST).read_text())
    done = await restore(settings.model_copy(update={"data_dir": place}), backup, clock, live.house.ids, instead=True)
    with sqlite3.connect(place / "samsyn.db") as file:
        owners = file.execute("select owner, stage from action").fetchall()
        words = file.execute("select text from action_told").fetchall()
        needs = file.execute("select count(*) from need").fetchone()

    assert [*gone] == [f"owner:{action}"]
    assert ("Kim" in page, "På prov" in page, "saknar ägare" in page) == (False, True, True)
    assert (done.erased, owners, words, needs) == (1, [("", "trial")], [("",)], (9,))
    assert (manifest.rows["need"], manifest.rows["action"], manifest.rows["action_told"]) == (9, 1, 1)
