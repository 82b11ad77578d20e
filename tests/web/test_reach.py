"""A role that a region's link gave counts for what happens in that region, and for nothing else."""

from __future__ import annotations

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
from tests.web.products import Product, product, with_a_day
from web.bootstrap import wish_table

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


async def test_a_move_to_another_region_moves_nobodys_power(live: Product) -> None:
    olga = await by_link(live, "moderator", "r-norrvik")
    await ask(live, olga, "people.set", region="r-sundmark")

    told = [await ask(live, olga, "questions.open"), await ask(live, olga, "questions.open", lane="r-norrvik")]

    assert told == [(403, "role.missing"), (200, None)]


async def test_what_a_region_knows_by_no_name_is_for_those_of_the_whole_day(live: Product) -> None:
    """Every wish of staff that names nothing: a new one is closed to a region's moderator until it names what it touches."""
    olga = await by_link(live, "moderator", "r-norrvik")
    names = {"poll", "question", "message", "person", "lane"}
    kinds = wish_table().kinds.values()
    whole = [kind for kind in kinds if kind.may and kind.may <= STAFF and not names & set(kind.model.__struct_fields__)]
    given = {"source": "s", "panel": "panel", "survey": "s", "members": [], "recording": "r", "reason": "r"}

    told = {
        kind.name: await ask(live, olga, kind.name, **{name: given[name] for name in kind.model.__struct_fields__ if name in given})
        for kind in whole
    }

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
