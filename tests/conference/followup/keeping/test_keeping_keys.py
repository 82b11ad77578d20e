"""Keys of a day that is long over: the clock takes those that open nothing any more, and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import select

import web.bootstrap  # noqa: F401  # every table
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.transaction import Transaction
from conference.followup.keeping import Keeping, Signature
from conference.followup.reports.tables import ReportFigures
from conference.followup.tables import Action, ActionReminder
from conference.people import token_hash
from conference.people.tables import Link, Session
from conference.tables import Day
from polls.surveys.tables import SurveyLink
from tests.conference.people.houses import DAY, HOUSE, House, a_house
from tests.conftest import NINE
from web.disposal import TABLES

ANNA = Actor(DAY, "anna", frozenset({"organizer"}))
FOR_GOOD = datetime(2036, 1, 1, tzinfo=UTC)
LINKS: dict[str, dict[str, Any]] = {
    "withdrawn": {"kind": "mail", "expires_at": FOR_GOOD, "withdrawn_at": NINE},
    "expired": {"kind": "mail", "expires_at": NINE},
    "fresh": {"kind": "mail", "expires_at": FOR_GOOD},
    "again": {"kind": "light", "reusable": True, "used_at": NINE},
}
LETTER: dict[str, Any] = {"address": "kim@example.se", "lang": "sv", "token": "t", "link_hash": "h", "leave": "l"}


async def closed(_tx: Transaction, _day: str) -> bool:
    """No box is open."""
    return False


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """A day that ended 401 days ago, whose links and sessions are of all sorts, with an action that is late and a wave to come."""

    async def over(tx: Transaction) -> None:
        day = await tx.get(Day, DAY)
        tx.put(day.model_copy(update={"state": "ended", "ended_at": NINE}))
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body="{}"))
        tx.put(Action(day=DAY, action="a", place=1, what="Ring", owner="Kim", stage="begun", due=date(2026, 12, 1), link_hash="a-link"))
        tx.put(ActionReminder(day=DAY, action="a", due_at=NINE, **LETTER))
        tx.put(SurveyLink(day=DAY, link="wave", survey="late"))
        for name, about in LINKS.items():
            tx.put(Link(token_hash=name, day=DAY, **about))

    async with a_house(url) as made:
        for link in ("in", "out"):
            await made.link(link, "moderator", expires_at=FOR_GOOD)
            await made.follow(link, f"{link} here")
        await made.people.leave(await made.by("out here"), "out here")
        await made.store.run(over)
        made.wind(days=401)
        yield made


async def test_the_clock_takes_links_and_sessions_that_open_nothing_and_leaves_those_that_do(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)

    due = await keeping.due_by_clock()
    while await keeping.sweep(HOUSE):
        pass

    async with house.store.reading() as session:
        links = {*await session.exec(select(Link.token_hash))}
        sessions = list(await session.exec(select(Session.token_hash)))
        [action], [reminder] = list(await session.exec(select(Action))), list(await session.exec(select(ActionReminder)))
        waves = list(await session.exec(select(SurveyLink.link)))
    assert due == {DAY: {"session", "link"}}
    assert (links, sessions) == ({"fresh", "again", token_hash("in")}, ["in here"])
    assert await house.session("in here") is not None
    assert (action.link_hash, {name: getattr(reminder, name) for name in LETTER}, waves) == ("a-link", LETTER, ["wave"])
    assert await keeping.due_by_clock() == {}


async def test_owners_go_with_all_that_leads_to_them(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    house.wind(days=700)
    await keeping.sign(ANNA, Signature(["owner"], "Anna Ek"))

    while await keeping.dispose(HOUSE):
        pass

    async with house.store.reading() as session:
        [action], reminders = list(await session.exec(select(Action))), list(await session.exec(select(ActionReminder)))
    assert (action.what, action.owner, action.link_hash, reminders) == ("Ring", "", None, [])


async def test_a_link_for_one_use_stays_used_when_personal_data_has_gone(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    await keeping.sign(ANNA, Signature(["person"], "Anna Ek"))
    while await keeping.dispose(HOUSE):
        pass

    with pytest.raises(Refused) as refused:
        await house.follow("in", "there")

    assert refused.value.code == "link.used"
