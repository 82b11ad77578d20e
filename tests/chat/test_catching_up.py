"""State + missed news == a fresh page, for whatever is said and moderated, whoever looks, wherever, from whatever moment on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from chat import views
from chat.moderating import Holding
from conference.core.actor import Actor, Done
from conference.core.errors import Refused
from conference.core.event import KNOWN
from conference.core.faces import Viewer
from conference.core.log import Snapshot, since, snapshot
from conference.people import STAFF
from tests.chat.houses import House, a_day, a_house
from tests.fold import by_id, caught_up, on_the_wire

days = map("day{}".format, count())
LANES = ("national", "r-norrvik")
PEOPLE = ("kim", "lo", "mo")
TEXTS = ("hej", "se https://exempel.se", "din idiot", "tack")
HOLDS: tuple[Holding, ...] = ("all", "links", "words")
LOOKERS = [
    *(Viewer(person, lane=lane) for person in ("kim", "x") for lane in LANES),
    *(Viewer("olga", frozenset(roles), lane) for lane in LANES for roles in (("moderator",), ("organizer", "speaker"))),
    Viewer("s", frozenset({"screen"})),
    Viewer("p", frozenset({"speaker"}), LANES[1]),
    *(Viewer("x", frozenset({"moderator"}), lane, bounds=frozenset({("moderator", "r-norrvik")})) for lane in LANES),
    Viewer("kim", lane="national", own="r-norrvik"),
    Viewer("kim", lane="r-norrvik", own="national"),
]
VERBS = [
    *(
        "say",
        "say",
        "say",
        "say",
        "much",
        "reply",
        "edit",
        "withdraw",
        "remove",
        "remove",
        "silence",
        "ban",
        "ban",
        "unban",
        "slow",
        "hold",
    ),
    *(
        "hold",
        "hold",
        "words",
        "let_through",
        "let_through",
        "refuse",
        "undo",
        "undo",
        "announce",
        "unannounce",
        "open",
        "close",
        "wait",
        "forget",
        "look",
        "look",
    ),
]
WISHES = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 11)), min_size=5, max_size=40)


def wishes_of(house: House, day: str, verb: str, number: int, one: str) -> list[Any]:
    """What a verb asks for."""
    person, lane = PEOPLE[number % 3], LANES[number % 2]
    olga, kim = Actor(day, "olga", frozenset({"moderator"})), Actor(day, person, lane=lane, region=None)
    chat, moderation = house.chat, house.moderation
    asked: dict[str, Callable[[], list[Any]]] = {
        "say": lambda: [chat.say(kim, TEXTS[number % 4], room=LANES[number // 6 % 2])],
        "much": lambda: [chat.say(kim, f"{n}") for n in range(20)],
        "reply": lambda: [chat.say(kim, "ja", reply_to=one)],
        "edit": lambda: [chat.edit(kim, one, TEXTS[(number + 1) % 4])],
        "withdraw": lambda: [chat.remove(kim, one)],
        "remove": lambda: [chat.remove(olga, one)],
        "silence": lambda: [moderation.silence(olga, person, number * 10)],
        "ban": lambda: [moderation.ban(olga, person, where=("everywhere", *LANES)[number % 3])],
        "unban": lambda: [moderation.unban(olga, person, where=("everywhere", *LANES)[number % 3])],
        "slow": lambda: [moderation.slow(olga, lane, number % 3 * 10)],
        "hold": lambda: [moderation.hold(olga, lane, HOLDS[number % 3], on=number < 8)],
        "words": lambda: [moderation.words(olga, ["tack", "hej"][: number % 3])],
        "let_through": lambda: [moderation.let_through(olga, one)],
        "refuse": lambda: [moderation.refuse(olga, one)],
        "announce": lambda: [
            house.announcements.announce(olga, "fika", to=("everyone", *LANES)[number % 3], role=(None, "speaker")[number % 2])
        ],
        "unannounce": lambda: [house.announcements.unannounce(olga, one)],
        "undo": lambda: [moderation.undo(olga)],
        "forget": lambda: [moderation.forget_due(Actor.house(day))],
        "open": lambda: [house.store.run(lambda tx: chat.opened(tx, day, [lane]))],
        "close": lambda: [house.store.run(lambda tx: chat.closed(tx, day, [lane]))],
    }
    return asked[verb]()


async def ask(house: House, day: str, verb: str, number: int, messages: list[str]) -> None:
    """One wish; many of them come at the wrong moment and are refused."""
    if verb == "wait":
        house.clock.wind(timedelta(seconds=number * 3))
        return
    one = messages[-1 - number % len(messages)] if messages else "none"
    for done in await asyncio.gather(*wishes_of(house, day, verb, number, one), return_exceptions=True):
        if isinstance(done, BaseException) and not isinstance(done, Refused):
            raise done
        if isinstance(done, Done) and done.data:
            messages += [done.data[name] for name in ("message", "announcement") if name in done.data]


async def state_of(session: AsyncSession, day: str, viewer: Viewer) -> dict[str, Any]:
    """The chat's part of the state as that person gets it."""
    state = await views.shared(session, day, viewer)
    if viewer.roles & STAFF:
        return state
    own = (await views.personal(session, day, [viewer.person])).get(viewer.person, {}).get("held", {})
    return {**state, "held": [{"held": name, **fields} for name, fields in own.items()]}


async def looks(house: House, day: str) -> list[tuple[Viewer, Snapshot[Any]]]:
    """What everybody sees now."""
    async with house.store.reading() as session:
        return [(viewer, await snapshot(session, day, partial(state_of, day=day, viewer=viewer))) for viewer in LOOKERS]


async def a_random_day(house: House, wishes: list[tuple[str, int]]) -> None:
    day, messages = next(days), list[str]()
    await house.store.run(partial(a_day, day=day, people=PEOPLE))
    seen = await looks(house, day)
    await house.store.run(lambda tx: house.chat.opened(tx, day, LANES))
    for verb, number in wishes:
        if verb == "look":
            seen += await looks(house, day)
        else:
            await ask(house, day, verb, number, messages)
    now = {viewer: by_id(on_the_wire(look.state)) for viewer, look in await looks(house, day)}
    async with house.store.reading() as session:
        log = await since(session, day, 0)
    for viewer, look in seen:
        state = caught_up(on_the_wire(look.state), viewer, [entry for entry in log if entry.seq > look.seq], views.FACES)
        assert by_id(state) == now[viewer]


def test_state_and_missed_news_equal_a_fresh_page(url: str) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url)
        house = runner.run(opened.__aenter__())

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WISHES)
        @example([("much", 0), ("say", 0), ("much", 0), ("much", 0), ("look", 0), ("remove", 11), ("undo", 0)])
        @example([("hold", 0), ("say", 0), ("look", 0), ("let_through", 0), ("look", 0), ("undo", 0), ("let_through", 0)])
        @example([("say", 0), ("hold", 0), ("say", 0), ("look", 0), ("ban", 0), ("look", 0), ("undo", 0), ("refuse", 0), ("forget", 0)])
        def days_at_random(wishes: list[tuple[str, int]]) -> None:
            runner.run(a_random_day(house, wishes))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))


def test_every_event_of_the_chat_has_a_face() -> None:
    ours = {event for event in KNOWN.values() if event.__module__ == "chat.events"}

    assert ours == set(views.FACES)
