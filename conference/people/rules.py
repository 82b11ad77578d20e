"""What may happen to a person of a day, and what roles there are."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import UNSET, UnsetType

from conference.core.errors import Refused, _
from conference.people.events import PersonChanged
from conference.people.tables import Link, Person, Session


class Role(StrEnum):
    """What somebody may do at a day besides taking part. A participant has none."""

    ORGANIZER = "organizer"
    MODERATOR = "moderator"
    SPEAKER = "speaker"
    CAPTIONER = "captioner"
    SCREEN = "screen"  # a big screen or an overlay by a signed link: it looks, and asks for nothing


STAFF = frozenset({Role.ORGANIZER.value, Role.MODERATOR.value})  # those who run the day
LANE_ROLES = frozenset({"moderator", "captioner"})  # those that a region's link gives for its own lane only
NATIONAL = "national"  # the lane of everybody who has named no region
INSTALLATION = ""  # the day of the admins: they belong to no day, and make them
NAME_LONGEST = 60  # characters
PEOPLE_MOST = 300  # one hall before one screen


@dataclass(frozen=True)
class About:
    """What somebody tells of oneself and the screen. What is ``UNSET`` stays as it was.

    Attributes:
        name: 1-60 characters, or ``None``.
        region: an id of the day, or ``None``: the common programme only.
        people: how many sit before the screen, 1-300, as told by somebody there; not verified.
        affiliation: an id of the kit's list, such as ``kommun``, or ``None``.
    """

    name: str | UnsetType | None = UNSET
    region: str | UnsetType | None = UNSET
    people: int | UnsetType = UNSET
    affiliation: str | UnsetType | None = UNSET


@dataclass(frozen=True)
class Terms:
    """What a link is for.

    Attributes:
        kind: ``demo``, ``mail`` or ``admin``.
        roles: those that it gives; none for a participant's.
        expires_at: when it stops working; ``None`` is never.
        reusable: whether it works more than once.
        name: what whoever uses it is called from the start.
        region: where whoever uses it belongs from the start.
        note: what it is for; names nobody.
    """

    kind: str
    roles: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    reusable: bool = False
    name: str | None = None
    region: str | None = None
    note: str = ""


def told(about: About, *, at: datetime) -> dict[str, Any]:
    """What is told, checked and tidied, and when the number was; whether the region exists is for the caller to look up.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``screen.count_out_of_range``.
    """
    given = {name: value for name, value in vars(about).items() if value is not UNSET}
    for text in ("name", "affiliation"):
        if given.get(text) is not None:
            given[text] = _short(given[text])
    if not 1 <= given.get("people", 1) <= PEOPLE_MOST:
        raise Refused("screen.count_out_of_range", _("Ange hur många ni är vid skärmen, från 1 till %(most)s."), most=PEOPLE_MOST)
    return {**given, "told_at": at} if "people" in given else given


def _short(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused("text.empty", _("Skriv ett namn, eller lämna det tomt."))
    if len(text) > NAME_LONGEST:
        raise Refused("text.too_long", _("Namnet får ha högst %(most)s tecken."), most=NAME_LONGEST)
    return text


def sign_in(day: str, person: str, about: dict[str, Any], *, at: datetime) -> Person:
    """A person new to the day."""
    return Person(day=day, person=person, joined_at=at, **about)


def grant(person: Person | None, link: Link) -> dict[str, Any]:
    """The ``roles`` and ``bounds`` of somebody who uses a link: its roles come besides what one has.

    A role for one region never narrows one for the whole country, and never widens what another region's link gave: the later one rules.
    """
    roles, bounds = set(person.roles if person else ()), dict(person.bounds if person else {})
    for role in link.roles:
        if link.region is None or role not in LANE_ROLES:
            bounds.pop(role, None)
        elif role not in roles or role in bounds:
            bounds[role] = link.region
    return {"roles": sorted({*roles, *link.roles}), "bounds": bounds}


def change(person: Person, wanted: dict[str, Any], *, at: datetime) -> tuple[Person, PersonChanged] | None:
    """The person with *wanted* changed; ``None`` when that is how it was already."""
    if all(getattr(person, name) == value for name, value in wanted.items()):
        return None
    moves = wanted.get("region", person.region) != person.region
    to = person.model_copy(update={**wanted, **({"follows": None} if moves else {})})  # who says anew where they belong wants to see that
    about: dict[str, Any] = {"roles": to.roles, "region": to.region, "lane": looks_at(to), "people": to.people or 1}
    about |= {"phones": to.phones, "paired": to.screen is not None, "told_at": to.told_at}
    return to, PersonChanged(day=to.day, at=at, person=to.person, renamed=to.name != person.name, **about)


def lane_of(region: str | None) -> str:
    """The lane of whoever belongs to this region."""
    return region or NATIONAL


class Looking(Protocol):
    """What says which lane somebody looks at."""

    @property
    def region(self) -> str | None:
        """Where they belong."""

    @property
    def follows(self) -> str | None:
        """What they have chosen in place of that."""

    @property
    def roles(self) -> Collection[str]:
        """What they do besides taking part."""


def looks_at(person: Looking) -> str:
    """The lane that somebody looks at. Who has a role sees what it is for; what they chose before they had one waits."""
    return lane_of(person.region) if person.roles else person.follows or lane_of(person.region)


def follow(person: Person, lane: str | None) -> dict[str, Any]:
    """The ``follows`` of somebody who wants to look at a lane, or at their own again. Where they belong stays as it is.

    Raises:
        Refused: ``lane.by_role``.
    """
    if person.roles:
        raise Refused("lane.by_role", _("Den som har en roll på dagen ser den kanal som rollen gäller."))
    return {"follows": None if lane == lane_of(person.region) else lane}


def still_open(session: Session | None, day: str) -> Session:
    """The session, when it may be used for this day.

    Raises:
        Refused: ``person.signed_out``.
    """
    if session is None or session.ended_at is not None or session.day != day:
        raise Refused("person.signed_out", _("Du är inte längre med på dagen. Gå med igen."))
    return session


def end(session: Session, *, at: datetime) -> Session:
    """The session, ended."""
    return session.model_copy(update={"ended_at": at})


def make_link(day: str, token: str, terms: Terms, *, at: datetime) -> Link:
    """A link for a day.

    Raises:
        Refused: ``text.empty`` or ``text.too_long`` for the name.
    """
    return Link(
        token_hash=token_hash(token),
        day=day,
        kind=terms.kind,
        roles=sorted(terms.roles),
        name=None if terms.name is None else _short(terms.name),
        region=terms.region,
        reusable=terms.reusable,
        expires_at=terms.expires_at,
        note=terms.note,
        made_at=at,
    )


def link_id(stored: str) -> str:
    """What a link is called where staff sees it: tells nothing of its token, nor of the hash under which it is *stored*."""
    return hashlib.sha256(f"link:{stored}".encode()).hexdigest()[:16]


class Usable(Protocol):
    """What says whether a link still works."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken back."""

    @property
    def expires_at(self) -> datetime | None:
        """Until when it works."""

    @property
    def used_at(self) -> datetime | None:
        """When somebody came by it."""

    @property
    def reusable(self) -> bool:
        """Whether more than one may."""


CONTRIBUTOR = "contributor:"  # in a link's note, before the id of whoever takes part by it
SIGN_IN = frozenset({"demo", "mail", "admin"})  # kinds of links that let somebody in; others open a page of their own


def use_link(link: Link | None, day: str, *, at: datetime) -> Link:
    """The link, marked as used.

    Raises:
        Refused: ``link.no_such``, ``link.withdrawn``, ``link.expired``, ``link.used``.
    """
    if link is None or link.day != day or link.kind not in SIGN_IN:
        raise no_such_link()
    must_work(link, at=at)
    return link.model_copy(update={"used_at": at})


def must_work(link: Usable, *, at: datetime) -> None:
    """Refuse a link that lets nobody in any more.

    Raises:
        Refused: ``link.withdrawn``, ``link.expired``, ``link.used``.
    """
    if link.withdrawn_at is not None:
        raise Refused("link.withdrawn", _("Länken är återkallad. Be om en ny."))
    if link.expires_at is not None and link.expires_at <= at:
        raise Refused("link.expired", _("Länken har gått ut. Be den som skickade den om en ny: det går på ett ögonblick."))
    if link.used_at is not None and not link.reusable:
        raise Refused("link.used", _("Länken är redan använd. Be om en ny."))


def no_such_link() -> Refused:
    """The answer to a link that nobody knows."""
    return Refused("link.no_such", _("Länken gäller inte. Be om en ny."))


def enter(person: Person | None, day: str, admin: str, *, at: datetime) -> Person:
    """An admin at a day: everything that an organizer and a moderator may, under the same id at every day."""
    roles = sorted({*(person.roles if person else ()), *STAFF})
    granted: dict[str, Any] = {"roles": roles, "bounds": {}}
    return person.model_copy(update=granted) if person else sign_in(day, admin, granted, at=at)


def erase(person: Person) -> Person:
    """The person without what tells who it is. What is counted is kept: that there was a name, the region, and the kind of workplace."""
    known = person.named or person.name is not None
    return person.model_copy(update={"name": None, "named": known, "code": None, "screen": None})


def token_hash(token: str) -> str:
    """What is stored of a session's or a link's token; the token itself has too much chance in it to be guessed from this."""
    return hashlib.sha256(token.encode()).hexdigest()
