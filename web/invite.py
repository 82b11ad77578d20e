"""Making a link from the command line: beside a running server or without one, in the same database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlmodel import select

from conference.core.actor import Actor, Asked
from conference.core.clock import Clock, SystemClock
from conference.core.ids import RandomIds
from conference.core.store import Store
from conference.people import People
from conference.tables import Day, Region
from web import links, migrate
from web.links import Handed, Wanted
from web.settings import Settings

ADDRESS: Final = "address"  # in the data folder: what the server that ran last could be reached at


class CannotInvite(Exception):
    """No link was made; the text says why, in one line."""


@dataclass(frozen=True)
class Invitation:
    """What is wanted.

    Attributes:
        day: empty for an admin.
        works: how long it works; ``None`` as long as such links do.
    """

    day: str
    wanted: Wanted
    works: timedelta | None = None


async def invite(chosen: Settings, invitation: Invitation) -> Handed:
    """Make a link. It is entered in the audit chain of its day, as everything that staff does.

    Raises:
        CannotInvite: there is no such installation or day.
        Refused: no such role or region.
    """
    if chosen.embedded and not chosen.data_dir.is_dir():
        raise CannotInvite(f"there is no data folder {chosen.data_dir}")
    if not await migrate.is_current(chosen.database):
        raise CannotInvite("the database is not up to date: run `samsyn migrate` first")
    clock, ids = SystemClock(), RandomIds()
    async with Store.open(chosen.database, lambda _entries: None) as store:
        if invitation.day:
            await _known(store, invitation.day)
        terms = invitation.wanted.terms(clock.now())
        if invitation.works is not None:
            terms = replace(terms, expires_at=clock.now() + invitation.works)
        by = replace(Actor.house(invitation.day), asked=_asked(clock, ids.new(), invitation.wanted))
        done = await People(store, clock, ids, Region).make_link(by, terms)
    assert done.data
    return links.one_use(invitation.wanted.role, str(done.data["token"]), address(chosen), terms)


def remember_address(data_dir: Path, base_url: str) -> None:
    """Note where the server can be reached, for links that are made beside it."""
    (data_dir / ADDRESS).write_text(base_url, encoding="utf-8")


def address(chosen: Settings) -> str:
    """How people reach the server: as set, else where it ran last."""
    if chosen.base_url:
        return chosen.base_url
    try:
        return (chosen.data_dir / ADDRESS).read_text(encoding="utf-8").strip()
    except OSError:
        return f"http://{chosen.host}:{chosen.port}"


def told(made: Handed, day: str) -> dict[str, Any]:
    """A link as the line of ``--json``."""
    facts = {"role": made.role, "day": day or None, "link": made.url, "expires_at": made.until and made.until.isoformat()}
    return {**facts, "name": made.name or None, "lane": made.lane or None}


async def _known(store: Store, day: str) -> None:
    async with store.reading() as session:
        days = list(await session.exec(select(Day.day).order_by(Day.day)))
    if day not in days:
        raise CannotInvite(f"there is no day {day}; there " + (f"is {', '.join(days)}" if days else "are none yet"))


def _asked(clock: Clock, name: str, wanted: Wanted) -> Asked:
    return Asked(name, "people.invite", "", clock.now(), audited=True, note=dict(wanted.note), remembered=False)
