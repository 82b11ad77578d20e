"""A role that a region's link gave counts for what happens in that region, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.people import STAFF, Role, Terms
from conference.people.tables import Person
from polls.tables import Poll
from tests.web.houses import heard
from tests.web.products import Product, product, with_a_day
from web.address import Address
from web.bootstrap import routes, wish_table
from web.guard import SAFE

PAGE = {"Accept": "text/html"}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def by_link(live: Product, role: str, region: str | None = None, cookie: str = "") -> str:
    """The cookie of somebody who came by a link, for a region or for the country; *cookie*: who is there already."""
    terms = Terms("demo", frozenset({role}), reusable=True, region=region)
    link = ((await live.house.people.make_link(Actor.house(live.day), terms)).data or {})["token"]
    async with live.http(cookie) as http:
        return str((await http.get(f"/in/{link}")).headers["Set-Cookie"]).partition(";")[0]


async def ask(live: Product, cookie: str, do: str, **args: Any) -> tuple[int, str | None]:
    async with live.http(cookie) as http:
        answer = await http.post(f"/days/{live.day}/wishes", json={"id": str(uuid4()), "do": do, "args": args})
    return answer.status_code, answer.json().get("error", {}).get("code")


async def said(live: Product, cookie: str, text: str, **more: Any) -> str:
    """A message's id."""
    async with live.http(cookie) as http:
        wish = {"id": str(uuid4()), "do": "chat.say", "args": {"text": text, **more}}
        return str((await http.post(f"/days/{live.day}/wishes", json=wish)).json()["data"]["message"])


async def state_of(live: Product, cookie: str) -> dict[str, Any]:
    """What somebody sees."""
    async with live.http(cookie) as http:
        found: dict[str, Any] = (await http.get(f"/days/{live.day}/state")).json()
    return found


async def polls_of(live: Product) -> dict[str, str]:
    """One draft of each scope."""
    async with live.house.store.reading() as session:
        rows = await session.exec(select(Poll.scope, Poll.poll).where(Poll.day == live.day, col(Poll.voting) == "draft"))
        return dict(rows.all())


async def test_a_regions_moderator_runs_its_own_region_and_nothing_else(live: Product) -> None:
    olga = await by_link(live, "moderator", "r-norrvik")
    by_scope = await polls_of(live)
    made = await ask(live, olga, "polls.make", kind="yesno", title="Hör ni oss?")
    own = (await polls_of(live))["r-norrvik"]
    norrvik, sund = await live.join(region="r-norrvik"), await live.join(region="r-sundmark")
    for where in ("r-norrvik", "r-sundmark"):
        await ask(live, await live.enter("moderator"), "questions.open", lane=where)
    async with live.http(norrvik) as here, live.http(sund) as there:
        asked = [
            (await http.post(f"/days/{live.day}/wishes", json={"id": str(uuid4()), "do": "questions.ask", "args": {"text": "När?"}})).json()
            for http in (here, there)
        ]
    mine, other = [one["data"]["question"] for one in asked]

    told = {
        "made": made,
        "own poll": await ask(live, olga, "polls.open", poll=own),
        "the country's poll": await ask(live, olga, "polls.open", poll=by_scope["country"]),
        "a poll that is not there": await ask(live, olga, "polls.open", poll="p-none"),
        "a poll for another region": await ask(live, olga, "polls.make", kind="yesno", title="Hör ni oss?", lane="r-sundmark"),
        "own question": await ask(live, olga, "questions.let_through", question=mine),
        "another region's question": await ask(live, olga, "questions.let_through", question=other),
        "one of each": await ask(live, olga, "questions.merge", question=mine, into=other),
        "own run-of-show, while the common one runs": await ask(live, olga, "rundown.go"),
        "the country's run-of-show": await ask(live, olga, "rundown.go", lane="national"),
        "another region's": await ask(live, olga, "rundown.hold", lane="r-sundmark"),
        "the country's picture": await ask(live, olga, "streaming.take", source="slate", lane="national"),
        "the country's captions": await ask(live, olga, "streaming.caption", text="Hej", final=True, lane="national"),
        "the evaluation": await ask(live, olga, "surveys.open", survey="s-deltagare"),
        "the day": await ask(live, olga, "day.end"),
    }

    no = (403, "role.missing")
    assert told == {
        "made": (200, None),
        "own poll": (200, None),
        "the country's poll": no,
        "a poll that is not there": no,
        "a poll for another region": no,
        "own question": (200, None),
        "another region's question": no,
        "one of each": no,
        "own run-of-show, while the common one runs": (409, "lane.not_now"),
        "the country's run-of-show": no,
        "another region's": no,
        "the country's picture": no,
        "the country's captions": no,
        "the evaluation": no,
        "the day": no,
    }


async def test_a_regions_moderator_reads_the_sorting_of_its_own_polls_and_of_no_others(live: Product) -> None:
    cookies = [await by_link(live, "moderator", "r-norrvik"), await by_link(live, "moderator")]
    for lane in ("r-norrvik", "r-sundmark", "country"):
        assert await ask(live, cookies[1], "polls.make", kind="words", title="Ett ord?", lane=lane, open=True) == (200, None)
    async with live.house.store.reading() as session:
        rows = (await session.exec(select(Poll.scope, Poll.poll).where(Poll.day == live.day, col(Poll.voting) == "open"))).all()
    told: dict[str, list[int]] = {scope: [] for scope, _ in rows}
    for cookie in cookies:
        async with live.http(cookie) as http:
            for scope, poll in rows:
                told[scope] += [(await http.get(f"/days/{live.day}/polls/{poll}/{page}")).status_code for page in ("sort", "correct")]

    assert told == {"r-norrvik": [200] * 4, "r-sundmark": [403, 403, 200, 200], "country": [403, 403, 200, 200]}


async def test_a_regions_moderator_moderates_its_own_room_and_nobody_elsewhere(live: Product) -> None:
    olga, whole = await by_link(live, "moderator", "r-norrvik"), await live.enter("moderator")
    await live.house.store.run(lambda tx: live.house.chat.opened(tx, live.day, ["national", "r-norrvik", "r-sundmark"]))
    kim, lo = await live.join(region="r-norrvik"), await live.join(region="r-sundmark")
    persons = [(await state_of(live, one))["you"]["person"] for one in (kim, lo)]
    here, there, common = [
        await said(live, kim, "hos oss"),
        await said(live, lo, "hos dem"),
        await said(live, kim, "hos alla", room="national"),
    ]
    await ask(live, whole, "chat.hold", of="all", hold=True, lane="r-sundmark")
    held = await said(live, lo, "väntar")

    told = {
        "own message": await ask(live, olga, "chat.remove", message=here),
        "undone": await ask(live, olga, "chat.undo"),
        "another's undone": await ask(live, olga, "chat.undo"),
        "another region's message": await ask(live, olga, "chat.remove", message=there),
        "the country's message": await ask(live, olga, "chat.remove", message=common),
        "another region's held message": await ask(live, olga, "chat.let_through", message=held),
        "another region's person": await ask(live, olga, "chat.ban", person=persons[1]),
        "silence there": await ask(live, olga, "chat.silence", person=persons[1], seconds=60),
        "slow here": await ask(live, olga, "chat.slow", seconds=30),
        "slow there": await ask(live, olga, "chat.slow", seconds=30, lane="r-sundmark"),
        "hold for the country": await ask(live, olga, "chat.hold", of="all", hold=True, lane="national"),
        "the day's words": await ask(live, olga, "chat.words", words="x"),
        "own person": await ask(live, olga, "chat.ban", person=persons[0]),
        "told here": await ask(live, olga, "chat.announce", text="Strax fika"),
        "told there": await ask(live, olga, "chat.announce", text="Strax fika", lane="r-sundmark"),
        "told the country": await ask(live, olga, "chat.announce", text="Strax fika", lane="national"),
    }

    no, yes = (403, "role.missing"), (200, None)
    assert told == {
        "own message": yes,
        "undone": yes,
        "another's undone": (409, "undo.none"),
        "another region's message": no,
        "the country's message": no,
        "another region's held message": no,
        "another region's person": no,
        "silence there": no,
        "slow here": yes,
        "slow there": no,
        "hold for the country": no,
        "the day's words": no,
        "own person": yes,
        "told here": yes,
        "told there": no,
        "told the country": no,
    }
    assert [[one["text"] for one in (await state_of(live, who))["announcements"]] for who in (kim, lo)] == [["Strax fika"], []]
    chat = {one["message"]: one["text"] for one in (await state_of(live, whole))["chat"]}
    assert (chat[here], chat[there], chat[common]) == ("", "hos dem", "hos alla")  # banned from the region's room alone


async def test_a_move_to_another_region_moves_nobodys_power(live: Product) -> None:
    olga = await by_link(live, "moderator", "r-norrvik")
    await ask(live, olga, "people.set", region="r-sundmark")

    told = [await ask(live, olga, "questions.open"), await ask(live, olga, "questions.open", lane="r-norrvik")]

    assert told == [(403, "role.missing"), (200, None)]


async def test_what_a_region_knows_by_no_name_is_for_those_of_the_whole_day(live: Product) -> None:
    """Every wish of staff that names nothing: a new one is closed to a region's moderator until it names what it touches."""
    olga = await by_link(live, "moderator", "r-norrvik")
    names = {"poll", "question", "message", "person", "lane", "announcement"}
    kinds = wish_table().kinds.values()
    hers = [kind for kind in kinds if kind.may and "moderator" in kind.may <= STAFF]
    whole = [kind for kind in hers if not names & set(kind.model.__struct_fields__)]
    given = {"source": "s", "panel": "panel", "survey": "s", "opens": "hand", "members": [], "words": "x"}

    told = {}
    for kind in whole:
        args = {name: given[name] for name in kind.model.__struct_fields__ if name in given}
        told[kind.name] = await ask(live, olga, kind.name, **args)

    assert set(told.values()) == {(403, "role.missing")}
    assert {"day.end", "surveys.open", "streaming.choose"} <= set(told)


@pytest.mark.parametrize(
    ("links", "bounds"),
    [
        ([("moderator", "r-norrvik")], {"moderator": "r-norrvik"}),
        ([("moderator", "r-norrvik"), ("moderator", "r-sundmark")], {"moderator": "r-sundmark"}),
        ([("moderator", "r-norrvik"), ("moderator", None)], {}),
        ([("moderator", None), ("moderator", "r-norrvik")], {}),
        ([("organizer", None), ("moderator", "r-norrvik")], {"moderator": "r-norrvik"}),
        ([("speaker", "r-norrvik")], {}),
    ],
)
async def test_roles_come_together(live: Product, links: list[tuple[str, str | None]], bounds: dict[str, str]) -> None:
    cookie = ""
    for role, region in links:
        cookie = await by_link(live, role, region, cookie)

    async with live.house.store.reading() as session:
        [row] = [one for one in await session.exec(select(Person).where(Person.day == live.day)) if one.roles]
    assert (row.bounds, row.roles) == (bounds, sorted({role for role, _ in links}))


async def test_an_organizer_beside_it_has_the_whole_day(live: Product) -> None:
    anna = await by_link(live, "moderator", "r-norrvik", await by_link(live, "organizer"))

    assert await ask(live, anna, "questions.open", lane="r-sundmark") == (200, None)


async def test_no_link_makes_an_organizer_of_one_region(live: Product) -> None:
    async with live.http(await live.enter(Role.ORGANIZER.value), **PAGE) as http:
        answer = await http.post(f"/days/{live.day}/build", data={"do": "link", "role": "organizer", "lane": "r-norrvik"})

    assert answer.status_code == 422
    assert "En organisatör ser hela dagen" in answer.text


async def test_a_regions_moderator_sees_its_own_drafts_and_what_waits_there_and_of_others_what_everybody_sees(live: Product) -> None:
    """In the state, in the news as they come, and on its pages."""
    olga, whole = await by_link(live, "moderator", "r-norrvik"), await live.enter("moderator")
    kim, lo = await live.join(region="r-norrvik"), await live.join(region="r-sundmark")
    await live.house.store.run(lambda tx: live.house.chat.opened(tx, live.day, ["national", "r-norrvik", "r-sundmark"]))
    await ask(live, olga, "polls.make", kind="yesno", title="Utkast före r-norrvik")
    async with live.socket(olga) as ws:
        before = (await heard(ws))["welcome"]["state"]
        frames: list[Any] = []
        for lane, who in (("r-sundmark", lo), ("national", lo), ("r-norrvik", kim)):
            await prepared(live, whole, who, lane)
        while "Tyst r-norrvik" not in str(frames):
            frames.append(await heard(ws))
    async with live.http(olga, **PAGE) as http:
        given = [await http.get(f"/days/{live.day}/{page}") for page in ("cockpit", "cockpit?lane=r-sundmark", "live", "panel")]
        pages = [one.text for one in given]
        shut = [(await http.get(f"/days/{live.day}/{page}")).status_code for page in ("surveys", "export/questions.csv")]
        rows = (await http.get(f"/days/{live.day}/cockpit/run?lane=r-sundmark")).json()["run"]["lane"]
    state = await state_of(live, olga)
    all_of_it = await state_of(live, whole)

    for seen in (state, frames, *pages):
        assert [word for word in ("r-sundmark", "national") for thing in HIDDEN if f"{thing} {word}" in str(seen)] == []
    assert [thing for thing in HIDDEN for seen in (state, frames) if f"{thing} r-norrvik" not in str(seen)] == []
    assert [thing for thing in HIDDEN for lane in ("r-sundmark", "national", "r-norrvik") if f"{thing} {lane}" not in str(all_of_it)] == []
    assert "Utkast före r-norrvik" in str(before)
    assert ([one.status_code for one in given], shut, rows) == ([200] * 4, [403, 403], "r-norrvik")
    assert [one["channel"] for one in state["channels"]] == ["r-norrvik"]
    assert (state["wordlists"], [one["where"] for one in state["restraints"]]) == ([], ["r-norrvik"])


async def test_every_page_of_staff_says_what_a_regions_moderator_sees_of_it(live: Product) -> None:
    """A new address must be entered here: what is of the whole day is closed to her, or shows her what is her region's."""
    olga = await by_link(live, "moderator", "r-norrvik")
    paths = {
        one.path for one in routes() if isinstance(one, Address) and (one.methods or set()) & SAFE and "moderator" in (one.who.roles or ())
    }
    places = {
        "day": live.day,
        "file": "polls.csv",
        "region": "r-sundmark",
        "poll": "p-none",
        "film": "film-hemma",
        "version": "1",
        "lane": "x",
    }
    told = {}
    async with live.http(olga, **PAGE) as http:
        for path in paths:
            told[path] = (await http.get(re.sub(r"{(\w+)(:int)?}", lambda found: places.get(found[1], "1"), path))).status_code

    day = "/days/{day}"
    principal = [f"report/principal{rest}" for rest in ("", "/{version}", "/{version}/{file}")]
    whole = ("compare", "surveys", "export/{file}", "report/{region}", *principal)
    own = (
        "cockpit",
        "cockpit/run",
        "remote",
        "recordings",
        "panel",
        "captions",
        "studio",
        "screen",
        "overlay",
        "library/films/{film}",
        "polls/{poll}/ideas",
    )
    named = ("polls/{poll}/sort", "polls/{poll}/correct")  # of which region's poll it is, is told elsewhere
    hers = {f"{day}/{page}": 200 for page in own} | {f"{day}/{page}": 403 for page in whole} | {f"{day}/{page}": 404 for page in named}
    slides = {f"{day}/studio/slides{rest}": 503 for rest in ("", "/{page:int}.jpg")}  # her own, and no media process is there
    assert told == hers | {f"{day}/report": 303} | slides


async def test_the_report_of_a_regions_moderator_is_her_regions_page(live: Product) -> None:
    olga, whole = await by_link(live, "moderator", "r-norrvik"), await live.enter("moderator")
    for lane, name in (("r-norrvik", "Vår fråga"), ("country", "Landets fråga"), ("r-sundmark", "Deras fråga")):
        assert await ask(live, whole, "polls.make", kind="yesno", title=name, lane=lane, open=True) == (200, None)
    async with live.http(olga, **PAGE) as http:
        led = await http.get(f"/days/{live.day}/report")
        page = (await http.get(led.headers["Location"])).text
    async with live.http(whole, **PAGE) as http:
        all_of_it = (await http.get(f"/days/{live.day}/report/r-sundmark")).text

    assert led.headers["Location"] == f"/days/{live.day}/report/r-norrvik"
    assert [name in page for name in ("Vår fråga", "Landets fråga", "Deras fråga")] == [True, False, False]
    assert "Deras fråga" in all_of_it


async def test_a_regions_moderator_sees_and_watches_no_source_of_another_region(live: Product) -> None:
    olga, whole = await by_link(live, "moderator", "r-norrvik"), await live.enter("moderator")
    offer = {"content": b"v=0\r\n", "headers": {"Content-Type": "application/sdp"}}
    told = {}
    for who, cookie in (("region", olga), ("day", whole)):
        seen = {one["source"] for one in (await state_of(live, cookie))["sources"]}
        async with live.http(cookie) as http:
            asked = [
                (await http.post(f"/days/{live.day}/sources/{one}/whep", **offer)).status_code == 403  # type: ignore[arg-type]  # to httpx
                for one in ("src-norrvik", "src-sundmark", "src-studio")
            ]
        told[who] = ({"src-norrvik", "src-sundmark", "src-studio"} - seen, asked)

    assert told == {"region": ({"src-sundmark"}, [False, True, False]), "day": (set(), [False, False, False])}


HIDDEN = ("Utkast", "Fråga", "Tyst")


async def prepared(live: Product, whole: str, who: str, lane: str) -> None:
    """What nobody has published: a draft, a question that is held, one who may not write, a message that waits."""
    scope = {"lane": "country" if lane == "national" else lane}
    await ask(live, whole, "polls.make", kind="yesno", title=f"Utkast {lane}", **scope)
    await ask(live, whole, "questions.open", lane=lane)
    await ask(live, whole, "questions.hold", lane=lane, hold=True)
    if lane == "national":
        await ask(live, whole, "questions.close", lane="r-sundmark")
    await ask(live, who, "questions.ask", text=f"Fråga {lane}")
    await ask(live, whole, "backstage.say", text="Bakom", lane=lane)
    muted = (await state_of(live, await live.join()))["you"]["person"]
    await live.house.moderation.silence(Actor(live.day, "olga", STAFF), muted, 60, where=lane)
    await ask(live, whole, "chat.hold", of="all", hold=True, lane=lane)
    await said(live, who, f"Tyst {lane}", room=lane)
