"""Owners of actions are reminded on the day and once more, and never against their will."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.core.errors import Refused
from conference.core.ids import RandomIds
from conference.followup import ActionDraft, Reminders, rules, views
from conference.followup.reminders import AGAIN, ONCE_MORE, TRIES_MOST
from conference.followup.tables import ActionReminder
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.people.houses import DAY

ENHETEN = "enheten@example.se"


@pytest.fixture
def reminders(loop: Loop) -> Reminders:
    return Reminders(loop.house.store, loop.clock, RandomIds())


async def sent(loop: Loop, reminders: Reminders, days: int) -> list[tuple[int, int]]:
    """Which letters go on which of so many days: day from now, number of the letter."""
    found = []
    for day in range(days):
        for place in await reminders.due(9):
            ready = await reminders.claim(*place)
            assert ready
            await reminders.done(ready, sent=True)
            found.append((day, ready.number))
        loop.clock.wind(timedelta(days=1))
    return found


async def an_action(loop: Loop, reminders: Reminders, due: date) -> str:
    action = await loop.action(owner="Enheten", due=due)
    await reminders.remind(ANNA, action, f" {ENHETEN} ")
    return action


async def test_a_letter_goes_on_the_day_and_once_more_and_then_no_more(loop: Loop, reminders: Reminders) -> None:
    await an_action(loop, reminders, loop.clock.now().date() + timedelta(days=2))

    assert await sent(loop, reminders, 60) == [(2, 1), (2 + ONCE_MORE.days, 2)]


async def test_whoever_has_told_is_not_reminded_and_a_later_date_begins_anew(loop: Loop, reminders: Reminders) -> None:
    today = loop.clock.now().date()
    action = await an_action(loop, reminders, today)
    first = await reminders.claim(*(await reminders.due(9))[0])
    assert first
    await reminders.done(first, sent=True)
    await loop.owners.tell(Actor(DAY, "owner"), rules.token_hash(first.token), "need", "Vi väntar på system")
    loop.clock.wind(timedelta(days=1))
    told = await sent(loop, reminders, 40)
    await loop.followup.write_action(ANNA, ActionDraft("En rutin", "Enheten", loop.clock.now().date() + timedelta(days=3)), action)

    assert (told, await sent(loop, reminders, 40)) == ([], [(3, 1), (3 + ONCE_MORE.days, 2)])


async def test_the_link_of_a_letter_stands_beside_the_one_that_was_handed_over(loop: Loop, reminders: Reminders) -> None:
    action = await an_action(loop, reminders, loop.clock.now().date())
    handed = await loop.link(action)
    ready = await reminders.claim(*(await reminders.due(9))[0])
    assert ready
    async with loop.house.store.reading() as session:
        found = [await views.action_of_link(session, rules.token_hash(token)) for token in (handed, ready.token, "guessed")]

    assert [one and one.action for one in found] == [action, action, None]


async def test_one_letter_is_sent_by_one_process_and_tried_again_with_the_same_link_until_it_is_given_up(
    loop: Loop, reminders: Reminders
) -> None:
    action = await an_action(loop, reminders, loop.clock.now().date())
    taken = [one for one in await asyncio.gather(*(reminders.claim(DAY, action) for _ in range(4))) if one]
    for tried in range(TRIES_MOST):
        loop.clock.wind(AGAIN * 2**tried)
        taken += [one for one in [await reminders.claim(DAY, action)] if one]

    assert (len(taken), len({one.token for one in taken})) == (TRIES_MOST, 1)
    assert await reminders.of(DAY, action) is None


@pytest.mark.parametrize("way", ["says no", "organizer", "another owner", "forgotten", "never", "removed"])
async def test_an_address_goes_when_it_is_of_no_more_use(loop: Loop, reminders: Reminders, way: str) -> None:
    today = loop.clock.now().date()
    action = await an_action(loop, reminders, today)
    ready = await reminders.claim(DAY, action)
    assert ready
    before = await reminders.leaving(ready.leave)
    match way:
        case "says no":
            assert (await reminders.forget(ready.leave), await reminders.forget(ready.leave)) == (1, 0)
        case "organizer":
            await reminders.remind(ANNA, action, "")
        case "another owner":
            await loop.followup.write_action(ANNA, ActionDraft("En rutin", "En annan enhet", today), action)
        case "forgotten":
            await loop.owners.forget_owner(ANNA, action)
        case "never":
            await reminders.done(ready, sent=False)
        case "removed":
            await loop.followup.remove(ANNA, "action", action)
    loop.clock.wind(timedelta(days=1))

    assert (before, await reminders.due(9)) == (DAY, [])
    assert await reminders.of(DAY, action) == ((ENHETEN, 0, None) if way == "removed" else None)


async def test_what_is_no_address_or_no_action_is_refused(loop: Loop, reminders: Reminders) -> None:
    action = await loop.action()
    codes = []
    for wished in ((action, "enheten"), ("none", ENHETEN)):
        with pytest.raises(Refused) as no:
            await reminders.remind(ANNA, *wished)
        codes.append(no.value.code)

    assert codes == ["address.wrong", "action.no_such"]


async def test_erasing_finds_an_owner_by_the_address_and_the_chain_has_counts(loop: Loop, reminders: Reminders) -> None:
    action = await an_action(loop, reminders, loop.clock.now().date())
    await reminders.entered({DAY: 2})
    await reminders.entered({})
    async with loop.house.store.reading() as session:
        owned = await views.owned_by(session, DAY, {ENHETEN.upper()})
        notes: list[Any] = [one.note for one in await session.exec(select(AuditEntry)) if one.did == "followup.reminded"]
        rows = (await session.exec(select(ActionReminder))).all()

    assert (owned, notes, [one.address for one in rows]) == ([action], ['{"n":2}'], [ENHETEN])
