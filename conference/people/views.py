"""What is shown of people, and to whom: oneself to oneself, counts to everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from sqlalchemy import String, and_, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from conference.core.actor import Actor
from conference.core.errors import _
from conference.core.faces import Data, Faces, Viewer, nobody, to_person
from conference.people.attendance import NO_REGION, Screen, apart
from conference.people.events import PersonChanged, PersonErased, PersonLeft
from conference.people.pairing import no_such_code, read_code, shows
from conference.people.rules import CONTRIBUTOR, lane_of, link_id, looks_at
from conference.people.tables import Attendance, Link, Person, Session

_ATTENDED = and_(col(Attendance.day) == Person.day, col(Attendance.person) == Person.person)
_COUNTED = and_(cast(Person.roles, String) == "[]", col(Person.late).is_(False))
Regions: TypeAlias = Callable[[AsyncSession, str], Awaitable[Mapping[str, str]]]
"""Reads the regions of a day, in their order: id -> name. It belongs to the floor above."""

IDS_PER_QUERY = 1_000  # SQLite takes 32,766 parameters, and a day has 10,000 people


def _you(event: PersonChanged) -> Data:
    """``you`` without the name, which no event holds: it is laid in where names are looked up."""
    at_screen = {"people": event.people, "phones": event.phones, "paired": event.paired, "told_at": event.told_at}
    return {"person": event.person, "roles": event.roles, "region": event.region, "lane": event.lane} | at_screen


FACES: Faces = {
    PersonChanged: to_person(lambda event: event.person, _you),
    PersonLeft: nobody,
    PersonErased: nobody,
}


@dataclass(frozen=True)
class SignedIn:
    """Who uses a session.

    Attributes:
        follows: the lane that they have chosen to look at in place of their own.
        people: how many sit before the screen; one when nobody has told.
        bounds: roles that are for one region only, and which.
        phones: how many of those before the screen take part by phones of their own.
        paired: whether this is such a phone.
        told_at: when somebody told how many they are; ``None`` when nobody has.
    """

    day: str
    person: str
    name: str | None
    roles: frozenset[str]
    region: str | None
    people: int
    affiliation: str | None
    bounds: Mapping[str, str] = field(default_factory=dict, hash=False)  # a mapping has no hash, and equals see it
    phones: int = 0
    paired: bool = False
    follows: str | None = None
    told_at: datetime | None = None

    @classmethod
    def of(cls, person: Person) -> SignedIn:
        """As the row says."""
        roles, people, bounds = frozenset(person.roles), person.people or 1, dict(person.bounds)
        return cls(
            person.day,
            person.person,
            person.name,
            roles,
            person.region,
            people,
            person.affiliation,
            bounds,
            person.phones,
            person.screen is not None,
            person.follows,
            person.told_at,
        )

    @property
    def home(self) -> str:
        """The lane of where they belong: ``national`` or a region's id."""
        return lane_of(self.region)

    @property
    def lane(self) -> str:
        """What they look at."""
        return looks_at(self)

    @property
    def viewer(self) -> Viewer:
        """As views see them."""
        own = None if self.lane == self.home else self.home
        return Viewer(self.person, self.roles, self.lane, own, frozenset(self.bounds.items()))

    def roles_on(self, lane: str | None) -> frozenset[str]:
        """The roles that count for what happens on a lane; for the day as a whole, without one, those for all of it."""
        return self.viewer.roles_on(lane)

    @cached_property
    def actor(self) -> Actor:
        """As the verbs see it."""
        return Actor(self.day, self.person, self.roles, self.home, self.region, self.affiliation, self.people, phones=self.phones)

    def you(self) -> Data:
        """``you`` of the protocol."""
        return {
            "person": self.person,
            "name": self.name,
            "roles": sorted(self.roles),
            "region": self.region,
            "lane": self.lane,
            "people": self.people,
            "phones": self.phones,
            "paired": self.paired,
            "told_at": self.told_at,
        }


async def session_of(session: AsyncSession, token_hash: str) -> SignedIn | None:
    """Who uses the session; ``None`` when there is none or it has ended."""
    return (await sessions_of(session, [token_hash])).get(token_hash)


async def sessions_of(session: AsyncSession, token_hashes: Sequence[str]) -> dict[str, SignedIn]:
    """Who uses each of the sessions that are open."""
    found: dict[str, SignedIn] = {}
    for hashes in _pages(token_hashes):
        wanted = _signed_in().where(col(Session.token_hash).in_(hashes))
        found.update({token_hash: SignedIn.of(person) for token_hash, person in await session.exec(wanted)})
    return found


async def sessions_of_day(session: AsyncSession, day: str) -> dict[str, SignedIn]:
    """Who uses each of the sessions of a day that are open."""
    wanted = _signed_in().where(Session.day == day)
    return {token_hash: SignedIn.of(person) for token_hash, person in await session.exec(wanted)}


async def persons(session: AsyncSession, day: str, ids: Iterable[str]) -> dict[str, SignedIn]:
    """Those of the persons that there are, signed in or not: for their names, and ``you``."""
    found: dict[str, SignedIn] = {}
    for page in _pages(sorted(set(ids))):
        rows = await session.exec(select(Person).where(Person.day == day, col(Person.person).in_(page)))
        found.update({row.person: SignedIn.of(row) for row in rows})
    return found


async def code_of(session: AsyncSession, day: str, person: str, *, at: datetime) -> str | None:
    """What phones pair with somebody's screen by; ``None`` while it shows no code that works."""
    screen = await session.get(Person, (day, person))
    return shows(screen, at=at) if screen else None


async def day_of_code(session: AsyncSession, told: str, *, at: datetime) -> str:
    """At which day a screen shows this code.

    Raises:
        Refused: ``screen.no_such_code``.
    """
    screen = (await session.exec(select(Person).where(Person.code == read_code(told)))).one_or_none()
    if screen is None or not shows(screen, at=at):
        raise no_such_code()
    return screen.day


@dataclass(frozen=True)
class LinkSeen:
    """A link before it is used, for the page that asks."""

    day: str
    kind: str
    roles: tuple[str, ...]
    name: str | None
    withdrawn_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    reusable: bool


async def link_of(session: AsyncSession, token_hash: str) -> LinkSeen | None:
    """The link, used or not; `conference.people.rules.must_work` says whether it still lets somebody in."""
    link = (await session.exec(select(Link).where(Link.token_hash == token_hash))).one_or_none()
    if link is None:
        return None
    works = (link.withdrawn_at, link.expires_at, link.used_at, link.reusable)
    return LinkSeen(link.day, link.kind, tuple(link.roles), link.name, *works)


@dataclass(frozen=True)
class LinkKept:
    """A link that was made, for those who hand them out; its address was told once and is not here.

    Attributes:
        by_me: whether the one who looks came by it.
    """

    link: str
    roles: tuple[str, ...]
    name: str | None
    region: str | None
    made_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    withdrawn_at: datetime | None
    by_me: bool

    def works(self, now: datetime) -> bool:
        """Whether somebody can still come by it."""
        return not self.used_at and not self.withdrawn_at and (self.expires_at is None or self.expires_at > now)


async def links(session: AsyncSession, day: str, viewer: str) -> list[LinkKept]:
    """The links of a day that were made to be handed out, the newest first; those taken back are left out."""
    wanted = select(Link).where(Link.day == day, Link.kind == "mail", col(Link.withdrawn_at).is_(None))
    rows = sorted(await session.exec(wanted), key=lambda link: link.made_at.timestamp() if link.made_at else 0.0, reverse=True)
    return [
        LinkKept(
            link=link_id(link.token_hash),
            roles=tuple(link.roles),
            name=link.name,
            region=link.region,
            made_at=link.made_at,
            expires_at=link.expires_at,
            used_at=link.used_at,
            withdrawn_at=link.withdrawn_at,
            by_me=link.used_by == viewer,
        )
        for link in rows
    ]


async def came_as(session: AsyncSession, day: str, person: str) -> str | None:
    """As which contributor of the programme somebody came in by a link of their own; ``None`` for everybody else."""
    notes = select(Link.note).where(Link.day == day, Link.used_by == person, col(Link.note).startswith(CONTRIBUTOR))
    note = (await session.exec(notes.order_by(col(Link.used_at).desc()))).first()
    return note.removeprefix(CONTRIBUTOR) if note else None


async def presence(session: AsyncSession, day: str, since: datetime) -> Data:
    """``devices`` and ``people`` that have been heard of since then, and beside them ``phones``, whose persons are among the people
    at a screen that has been heard of too. Staff and contributors are not counted.
    """
    there = (Person.day == day, Attendance.seen_at >= since, _COUNTED)
    counted = select(func.count(), func.coalesce(func.sum(func.coalesce(Person.people, 1)), 0))
    devices, people = (await session.exec(counted.select_from(Person).join(Attendance, _ATTENDED).where(*there))).one()
    screen = aliased(Attendance)
    paired = select(func.count()).select_from(Person).join(Attendance, _ATTENDED)
    at = and_(col(screen.day) == Person.day, col(screen.person) == Person.screen, col(screen.seen_at) >= since)
    phones = (await session.exec(paired.join(screen, at).where(*there))).one()
    return {"devices": devices - phones, "people": int(people) - phones, "phones": phones}


async def joined(session: AsyncSession, day: str) -> list[Screen]:
    """Every screen of a day without a role that joined before its end, with when it was on: what `attendance` counts."""
    there = select(Person, Attendance).where(Person.day == day, _COUNTED).join(Attendance, _ATTENDED, isouter=True)
    return [_screen(person, row) for person, row in await session.exec(there)]


def _screen(person: Person, row: Attendance | None) -> Screen:
    about = person.region, person.people, person.named or person.name is not None
    if row is None:
        return Screen(*about, 0, person.person, person.screen)
    alive = None if row.alive is None else int.from_bytes(row.alive, "little")
    sizes = tuple((minute, people) for minute, people in row.sizes)
    return Screen(*about, int.from_bytes(row.minutes, "little"), person.person, person.screen, alive, sizes)


async def workplaces(session: AsyncSession, day: str) -> list[str]:
    """Where those work who took part and told it, one for each screen that counts by itself, in no order."""
    own, _phones = apart(await joined(session, day))
    told = select(Person.person, Person.affiliation).where(Person.day == day)
    kinds = {person: kind for person, kind in await session.exec(told) if kind}
    return sorted(kinds[screen.person] for screen in own if screen.took_part and screen.person in kinds)


async def groups(session: AsyncSession, day: str, regions: Regions) -> dict[str, str]:
    """What attendance is split by: id -> name, those without a region last."""
    return {**await regions(session, day), NO_REGION: _("Ingen region")}


def _signed_in() -> Select[str, Person]:
    of = and_(col(Person.day) == Session.day, col(Person.person) == Session.person)
    return select(Session.token_hash, Person).join(Person, of).where(col(Session.ended_at).is_(None))


def _pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + IDS_PER_QUERY] for start in range(0, len(ids), IDS_PER_QUERY))
