"""State + missed news (+ the newest pictures) == a fresh page, for whatever is asked of polls, whoever looks, wherever."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.faces import Viewer, shown_to
from conference.core.log import LogHead, Snapshot, since, snapshot
from conference.core.reactor import Reactor
from conference.core.transaction import Transaction
from conference.rundown import CueGiven
from polls import Moderating, views
from polls.kinds import Option, Question
from polls.reactions import reactions
from polls.service import a_draft
from tests.fold import by_id, caught_up, fold, on_the_wire
from tests.polls.houses import JA_NEJ, House, a_house, a_live_day, someone
from tests.polls.kinds.asked import IDEAS, MATRIX, NUMBER, POINTS, QUIZ, RANKING, STATEMENTS

days = map("day{}".format, count())
LANES = ("national", "r-norrvik")
LOOKERS = [Viewer("x", frozenset(roles), lane) for lane in LANES for roles in ((), ("moderator",), ("screen",), ("speaker", "organizer"))]
LOOKERS += [Viewer("x", frozenset({"moderator"}), lane, bounds=frozenset({("moderator", "r-norrvik")})) for lane in LANES]
LOOKERS += [Viewer("x", lane="national", own="r-norrvik"), Viewer("x", lane="r-norrvik", own="national")]
WORDS = Question("q2", "words", "Ett ord?", most=3)
SCALE = Question("q3", "scale", "Hur?", steps=3, dont_know="Vet ej", labels=("lite", "lagom", "mycket"))
LATER = Question("q4", "pantomime", "Visa", options=(Option("a", "A"), Option("b", "B")))
PREPARED = [
    *((JA_NEJ, "country"), (JA_NEJ, "r-norrvik"), (WORDS, "country"), (SCALE, "country"), (LATER, "country")),
    *((question, "country") for question in (RANKING, POINTS, NUMBER, MATRIX, STATEMENTS, QUIZ, IDEAS)),
]
ANSWERS: list[list[Any]] = [
    *([["ja"], ["nej"], ["z"]], [["ja"], ["nej"]], [["ord"], ["Ord", "mod"]], [2, None, 9], [["a"]]),
    *([["a", "b"], ["c"]], [{"a": 100}, {"b": 50, "c": 40}], [10, 240, 30], [{"a": [1, 5]}, {"c": [5, 1]}]),
    *([{"a": 1, "b": None}, {"b": 4}], [["a"], ["b"]], ["Ring", "Skriv"]),
]

VERBS = [
    "vote",
    "vote",
    "vote",
    "hands",
    "hands",
    "withdraw",
    "open",
    "close",
    "show",
    "extend",
    "again",
    "archive",
    "make",
    "wait",
    "cue",
    "sort",
    "hold",
    "look",
]
WISHES = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, len(PREPARED) - 1), st.integers(0, 30)), min_size=5, max_size=50)


async def begin(house: House, day: str) -> None:
    async def prepare(tx: Transaction) -> None:
        tx.add(LogHead(day=day, epoch="e1", seq=0))
        a_live_day(tx, day)
        for place, (question, scope) in enumerate(PREPARED):
            tx.put(a_draft(day, f"p{place}", question, place=place, scope=scope, seconds=60))

    await house.store.run(prepare)


async def ask(house: House, day: str, verb: str, poll: str, number: int) -> None:
    """One wish; many of them come at the wrong moment and are refused."""
    staff, polls = Actor(day, "olga", frozenset({"moderator"})), house.polls
    try:
        match verb:
            case "vote" | "withdraw":
                voter = someone(f"p{number}", region="r-norrvik" if number % 2 else None, people=number + 1, day=day)
                given = ANSWERS[int(poll.removeprefix("p"))]
                asked = polls.withdraw(voter, poll) if verb == "withdraw" else polls.vote(voter, poll, given[number % len(given)])
                await asked
            case "hands":
                host = someone(f"p{number}", people=number + 9, day=day)
                await polls.raise_hands(host, poll, {"ja": 1 + number % 9})
            case "show":
                await polls.show(staff, poll, ("hidden", "stage", "everyone")[number % 3])
            case "extend":
                await polls.extend(staff, poll, number + 1)
            case "sort" | "hold":
                await sort(house, staff, verb, poll, number)
            case "make":
                await polls.make(staff, JA_NEJ, LANES[1] if number % 2 else "country")
            case "wait":
                house.clock.wind(timedelta(seconds=number * 10))
                await polls.close_due(Actor.house(day))
            case "cue":
                await give(house, day, ("open_poll", "close_poll", "show_result")[number % 3], poll)
            case _:
                await getattr(polls, verb)(staff, poll)
    except Refused:
        pass


async def sort(house: House, staff: Actor, verb: str, poll: str, number: int) -> None:
    """Sort the words of a poll, or hold others on the day."""
    desk = Moderating(house.store, house.clock)
    if verb == "hold":
        await house.hold_words(*(["ord"] if number % 2 else []), day=staff.day)
    elif number % 2:
        await desk.judge(staff, poll, ["mod"], "removed")
    else:
        await desk.merge(staff, poll, ["mod"], "ord")


async def give(house: House, day: str, do: str, poll: str) -> None:
    """A cue, and what polls make of it."""

    async def record(tx: Transaction) -> None:
        await tx.record(
            CueGiven(day=day, at=house.clock.now(), lanes=list(LANES), cue="c", item="i", do=do, args={"poll": poll, "to": "stage"})
        )

    await house.store.run(record)
    await Reactor(house.store, MemoryBus()).catch_up(day, reactions(house.polls))


async def looks(house: House, day: str) -> list[tuple[Viewer, Snapshot[Any]]]:
    """What everybody sees now."""
    async with house.store.reading() as session:
        return [(viewer, await snapshot(session, day, partial(views.shared, day=day, viewer=viewer))) for viewer in LOOKERS]


async def a_random_day(house: House, wishes: list[tuple[str, int, int]]) -> None:
    day = next(days)
    await begin(house, day)
    seen = await looks(house, day)
    for verb, poll, number in wishes:
        if verb == "look":
            seen += await looks(house, day)
        else:
            await ask(house, day, verb, f"p{poll}", number)
    now = {viewer: by_id(on_the_wire(look.state)) for viewer, look in await looks(house, day)}
    async with house.store.reading() as session:
        log = [entry for entry in await since(session, day, 0) if type(entry.event) in views.FACES]
        pictures = await views.pictures(session, day)
    for viewer, look in seen:
        state = caught_up(on_the_wire(look.state), viewer, [entry for entry in log if entry.seq > look.seq], views.FACES)
        for picture in shown_to(viewer, pictures):
            state = fold(state, "polls.tally", on_the_wire(picture))
        assert by_id(state) == now[viewer]


def test_state_and_missed_news_equal_a_fresh_page(url: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url, tmp_path / "keys")
        house = runner.run(opened.__aenter__())

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WISHES)
        @example([("cue", 0, 2), ("open", 0, 0)])  # passed over, and then opened after all
        @example([("archive", 0, 0), ("archive", 4, 0)])  # never opened, so participants have never seen it
        def days_at_random(wishes: list[tuple[str, int, int]]) -> None:
            runner.run(a_random_day(house, wishes))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
