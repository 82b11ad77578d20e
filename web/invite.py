"""Making a link from the command line: beside a running server or without one, in the same database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.core.ids import RandomIds
from conference.people import People
from conference.tables import Region
from web import beside, links
from web.links import Handed, Wanted
from web.settings import Settings

ADDRESS: Final = "address"  # in the data folder: what the server that ran last could be reached at


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
        NotThere: there is no such installation or day.
        Refused: no such role or region.
    """
    clock, ids = SystemClock(), RandomIds()
    async with beside.store_of(chosen) as store:
        if invitation.day:
            await beside.must_know(store, invitation.day)
        terms = invitation.wanted.terms(clock.now())
        if invitation.works is not None:
            terms = replace(terms, expires_at=clock.now() + invitation.works)
        asked = beside.audited(clock, ids, "people.invite", invitation.wanted.note)
        done = await People(store, clock, ids, Region).make_link(replace(Actor.house(invitation.day), asked=asked), terms)
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
