"""State + missed news (+ the newest pictures) == a fresh page, for whatever is asked of questions, whoever looks, wherever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import Asked, views
from chat.questions.forgetting import words_of
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer, shown_to
from conference.core.forgetting import Whom
from conference.core.log import Snapshot, since, snapshot
from conference.core.transaction import Transaction
from conference.events import ContributorChanged
from tests.chat.questions.houses import NORRVIK, House, a_house, begin, someone
from tests.fold import by_id, caught_up, fold, on_the_wire

days = map("day{}".format, count())
LANES = ("national", NORRVIK)
ROLES: tuple[tuple[str, ...], ...] = ((), ("moderator",), ("screen",), ("speaker", "organizer"))
LOOKERS = [Viewer(person, frozenset(roles), lane) for person in ("kim", "mo") for lane in LANES for roles in ROLES]
LOOKERS += [Viewer("mo", frozenset({"moderator"}), lane, bounds=frozenset({("moderator", NORRVIK)})) for lane in LANES]
LOOKERS += [Viewer("kim", lane="national", own=NORRVIK), Viewer("kim", lane=NORRVIK, own="national")]
STATES = (None, "held", "open", "taken_up", "aside", "written")
VERBS = ["ask", "ask", "ask", "back", "back", "unback", "let_through", "let_through", "take_up", "answered", "put_aside", "merge"]
VERBS += [
    "much",
    "oppose",
    "oppose",
    "label",
    "star",
    "consent",
    "escalate",
    "assign",
    "write",
    "remove",
    "withdraw",
    "open",
    "close",
    "hold",
    "named",
    "forget",
    "look",
]
MUCH = 12  # questions at once: twice as many are more than a page
SUPPORT = ("backs", "against")
WISHES = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 7), st.integers(0, 11)), min_size=5, max_size=60)


def granted(house: House, day: str, wish: tuple[str, int, int], asked: list[str]) -> Awaitable[Any]:
    """What is asked for; many of them come at the wrong moment and are refused."""
    verb, which, number = wish
    staff, questions, lane = Actor(day, "olga", frozenset({"moderator"})), house.questions, LANES[number % 2]
    by = someone(("kim", "mo", "p1", "p2", "p3")[number % 5], lane, people=1 + number % 3, day=day)
    one, other = (asked[n % len(asked)] if asked else "none" for n in (which, number))
    to = "c-kommun" if number % 4 == 0 else None
    special: dict[str, Callable[[], Awaitable[Any]]] = {
        "ask": lambda: questions.ask(by, Asked(f"Fråga {number}?", to, number % 3 == 0, number % 4 == 1)),
        "back": lambda: questions.back(by, one),
        "oppose": lambda: questions.oppose(by, one),
        "unback": lambda: questions.unback(by, one),
        "label": lambda: questions.label(staff, one, ("", "Journal", "Ansvar")[number % 3]),
        "star": lambda: questions.star(staff, one, starred=number % 2 == 0),
        "consent": lambda: questions.consent(by, one, quotable=number % 2 == 0),
        "put_aside": lambda: questions.put_aside(staff, one, f"Så {number}", seen=STATES[number % 6]),
        "write": lambda: questions.write(staff, one, f"Så {number}", seen=STATES[number % 6]),
        "merge": lambda: questions.merge(staff, one, other),
        "escalate": lambda: questions.escalate(staff, one),
        "assign": lambda: questions.assign(staff, one, "c-kommun"),
        "remove": lambda: questions.remove(staff, one),
        "withdraw": lambda: questions.remove(by, one),
        "open": lambda: questions.open(staff, lane),
        "close": lambda: questions.close(staff, lane),
        "hold": lambda: questions.hold(staff, lane, hold=number % 3 == 0),
        "named": lambda: questions.named(Actor.house(day), by.person),
        "forget": lambda: house.store.run(lambda tx: forgotten(tx, Whom(day, by.person, house.clock.now()))),
    }
    plain = getattr(questions, verb, None)
    return special[verb]() if verb in special else plain(staff, one, seen=STATES[number % 6])  # type: ignore[misc]  # a verb of the list


async def forgotten(tx: Transaction, whom: Whom) -> None:
    """All that somebody asked is forgotten."""
    await (await words_of(tx, whom))(tx)


async def ask(house: House, day: str, wish: tuple[str, int, int], asked: list[str]) -> None:
    """One wish."""
    verb, which, number = wish
    wishes, had = [("ask", which, number + n) for n in range(MUCH)] if verb == "much" else [wish], len(asked)
    for done in await asyncio.gather(*(granted(house, day, one, asked) for one in wishes), return_exceptions=True):
        if isinstance(done, BaseException) and not isinstance(done, Refused):
            raise done
        if not isinstance(done, BaseException) and verb in {"ask", "much", "escalate"}:
            asked.append(done.data["question"])
    for place in range(had, len(asked), 2) if verb == "much" else ():
        with suppress(Refused):
            await granted(house, day, ("let_through", place, 1), asked)


async def seen_by(session: AsyncSession, viewer: Viewer, day: str) -> dict[str, Any]:
    """The state of a viewer with what is their own, as `web.state` lays it over; but for what one backs, which is told to oneself."""
    state = await views.shared(session, day, viewer)
    return {**state, "questions": await with_own(session, viewer, day, state["questions"])}


async def whole(session: AsyncSession, viewer: Viewer, day: str) -> dict[str, Any]:
    """All questions that a viewer sees, whatever page they stand on, by their ids."""
    names = [one.question for one in await views.all_questions(session, day)]
    shown = await with_own(session, viewer, day, await views.some_of(session, day, viewer, names))
    return {one["question"]: one for one in on_the_wire(shown)}


async def with_own(session: AsyncSession, viewer: Viewer, day: str, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With one's own, whether they stand there or not."""
    own = (await views.personal(session, day, [viewer.person])).get(viewer.person, {}).get("questions", {})
    mine = {name: fields for name, fields in own.items() if fields.get("mine")}
    there = {one["question"] for one in questions}
    shown = [{**one, **mine.get(one["question"], {})} for one in questions]
    shown += [{"question": name, **fields} for name, fields in mine.items() if name not in there]
    return [without(one, "backed", "opposed") for one in shown]


def without(one: dict[str, Any], *names: str) -> dict[str, Any]:
    """Without some of its fields."""
    return {name: value for name, value in one.items() if name not in names}


async def filled(session: AsyncSession, viewer: Viewer, day: str, state: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    """As a page does it: what stands on a first page and is not known is fetched, and one's own that stood on none when one came."""
    paged = {name for pile in first["piles"] for name in pile["page"]}
    partly = {one["question"] for one in first["questions"] if one.get("mine")} - paged
    known = {one["question"] for one in state["questions"]} - partly
    missing = [name for pile in state["piles"] for name in pile["page"] if name not in known]
    for one in await views.some_of(session, day, viewer, missing):
        state = fold(state, "questions.fetched", on_the_wire(without(one, "backed", "opposed")))
    return state


async def looks(house: House, day: str) -> list[tuple[Viewer, Snapshot[Any]]]:
    """What everybody sees now."""
    async with house.store.reading() as session:
        return [(viewer, await snapshot(session, day, partial(seen_by, viewer=viewer, day=day))) for viewer in LOOKERS]


EVERYTHING = [
    *(("open", 0, 1), ("ask", 0, 0), ("let_through", 0, 0), ("take_up", 0, 0), ("look", 0, 0), ("answered", 0, 0)),
    *(("ask", 0, 2), ("put_aside", 1, 0), ("ask", 0, 4), ("let_through", 2, 0), ("ask", 0, 6), ("merge", 3, 2), ("look", 0, 0)),
    *(("remove", 2, 0), ("ask", 0, 1), ("let_through", 4, 0), ("oppose", 4, 2), ("escalate", 4, 0), ("look", 0, 0), ("assign", 5, 0)),
    *(
        ("label", 5, 1),
        ("star", 5, 0),
        ("write", 5, 0),
        ("consent", 4, 1),
        ("look", 0, 0),
        ("named", 0, 1),
        ("hold", 0, 2),
        ("close", 0, 0),
    ),
    ("forget", 0, 0),
]
"""A day on which all happens that can happen to questions."""


async def a_random_day(house: House, wishes: list[tuple[str, int, int]]) -> set[type]:
    """Whatever is asked for: whoever looked at any time and hears the rest sees what a fresh page has. Which events there were."""
    day, asked = next(days), list[str]()
    await begin(house.store, day, day)
    await house.questions.open(Actor(day, "olga", frozenset({"moderator"})), "national")
    seen = await looks(house, day)
    for wish in wishes:
        if wish[0] == "look":
            seen += await looks(house, day)
        else:
            await ask(house, day, wish, asked)
    now = {viewer: by_id(on_the_wire(look.state)) for viewer, look in await looks(house, day)}
    async with house.store.reading() as session:
        log = [entry for entry in await since(session, day, 0) if type(entry.event) in views.FACES]
        pictures = await views.pictures(session, day)
        all_of = {viewer: await whole(session, viewer, day) for viewer in now}
        for viewer, look in seen:
            state = caught_up(on_the_wire(look.state), viewer, [entry for entry in log if entry.seq > look.seq], views.FACES)
            for picture in shown_to(viewer, pictures):
                kind = "questions.backs" if "question" in picture else "questions.pile"
                state = fold(state, kind, on_the_wire(picture))
            agree(by_id(await filled(session, viewer, day, state, look.state)), now[viewer], all_of[viewer])
    return {type(entry.event) for entry in log}


def agree(state: dict[str, Any], fresh: dict[str, Any], every: dict[str, Any]) -> None:
    """A page that was there has all that a fresh one has, the same; and what it knows besides is true, but for how many back it.

    Of one's own on no page, only what oneself is told of it is known for certain.
    """
    here, there = ({one["question"]: one for one in some["questions"]} for some in (state, fresh))
    paged = {name for pile in fresh["piles"] for name in pile["page"]}
    own = {name for name, one in here.items() if one.get("mine")} - paged
    assert without(state, "questions") == without(fresh, "questions")
    assert {name: here.get(name) for name in there if name not in own} == {name: one for name, one in there.items() if name not in own}
    assert {name: without({**here[name], **there[name]}, *SUPPORT) for name in own} == {name: without(here[name], *SUPPORT) for name in own}
    known = {name: without(one, *SUPPORT) for name, one in here.items()}
    assert {name: {**known[name], **without(every[name], *SUPPORT)} if name in own else known[name] for name in known} == {
        name: without(every[name], *SUPPORT) for name in known
    }


def test_state_and_missed_news_equal_a_fresh_page(url: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url)
        house = runner.run(opened.__aenter__())

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WISHES)
        @example([("ask", 0, 0), ("let_through", 0, 1), ("put_aside", 0, 0), ("let_through", 0, 4), ("write", 0, 0)])
        @example([("open", 0, 1), ("ask", 0, 1), ("let_through", 0, 1), ("escalate", 0, 0), ("answered", 1, 0), ("remove", 0, 0)])
        @example([("ask", 0, 0), ("ask", 0, 2), ("let_through", 0, 1), ("back", 0, 1), ("merge", 1, 0), ("take_up", 0, 0)])
        @example([("much", 0, 0), ("much", 0, 1), ("much", 0, 2), ("look", 0, 0), ("back", 0, 1), ("put_aside", 7, 0), ("take_up", 1, 1)])
        @example([("much", 0, 0), ("much", 0, 0), ("look", 0, 0), *(("put_aside", n, 0) for n in range(7)), ("hold", 0, 1), ("much", 0, 3)])
        @example([("ask", 0, 0), ("ask", 0, 3), ("let_through", 0, 1), ("merge", 1, 0), ("write", 0, 0), ("look", 0, 0), ("remove", 0, 0)])
        def days_at_random(wishes: list[tuple[str, int, int]]) -> None:
            runner.run(a_random_day(house, wishes))

        try:
            # `tests.web.test_contributors` asks for what becomes of those who take part.
            assert runner.run(a_random_day(house, EVERYTHING)) == set(views.FACES) - {ContributorChanged}
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
