"""What is stored of people: who they are here, how they came in, and when their screens were on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Person(SQLModel, table=True):
    """Somebody at a day, and the screen in front.

    What is paired is told by `conference.people.pairing`.

    Attributes:
        follows: the lane that it has chosen to look at in place of its own; ``None`` for its own.
        people: how many sit before the screen; ``None`` when nobody has told, which is not the same as one.
        bounds: roles that are for one region only, and which; `rules.LANE_ROLES`.
        screen: of a phone that is paired with a group's screen: the person that the screen is.
        phones: how many phones are paired with this screen; no more than ``people``.
        code: what a phone pairs with this screen by, in all days one of its own; ``None`` while it shows none.
        code_until: until when it does.
        told_at: when somebody told last how many sit before the screen.
        left_at: when the last session ended.
        named: whether there was a name that was erased since; who was named is counted, and who it was is not known any more.
        late: whether it joined when the day was over, to watch the recordings: in no figure of who took part.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 300", name="person_people"),
        CheckConstraint("phones BETWEEN 0 AND coalesce(people, 1)", name="person_phones"),
        Index("person_code", "code", unique=True),
        Index("person_screen", "day", "screen"),
    )

    day: str = kept(Kept.OPERATION, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    name: str | None = kept(Kept.PERSON, None)
    region: str | None = kept(Kept.PERSON, None)
    follows: str | None = kept(Kept.PERSON, None)
    people: int | None = kept(Kept.PERSON, None)
    affiliation: str | None = kept(Kept.PERSON, None)
    roles: list[str] = kept(Kept.PERSON, default_factory=list, sa_type=JSON)
    bounds: dict[str, str] = kept(Kept.PERSON, default_factory=dict, sa_type=JSON)
    screen: str | None = kept(Kept.PERSON, None)
    phones: int = kept(Kept.PERSON, 0)
    code: str | None = kept(Kept.OPERATION, None)
    code_until: datetime | None = kept(Kept.OPERATION, None)
    told_at: datetime | None = kept(Kept.PERSON, None)
    joined_at: datetime = kept(Kept.PERSON)
    left_at: datetime | None = kept(Kept.PERSON, None)
    named: bool = kept(Kept.OPERATION, default=False)
    late: bool = kept(Kept.OPERATION, default=False)


class Session(SQLModel, table=True):
    """A browser that is signed in as a person of a day, under a token of which only the hash is here."""

    __tablename__ = "session"
    __table_args__ = (
        ForeignKeyConstraint(["day", "person"], ["person.day", "person.person"]),
        Index("session_person", "day", "person"),
    )

    token_hash: str = kept(Kept.SECRET, primary_key=True)
    day: str = kept(Kept.OPERATION)
    person: str = kept(Kept.PERSON)
    created_at: datetime = kept(Kept.PERSON)
    ended_at: datetime | None = kept(Kept.PERSON, None)


class Link(SQLModel, table=True):
    """A link that signs somebody in, with roles or without; of its token, too, only the hash is here.

    Attributes:
        day: `rules.INSTALLATION` for an admin's link.
        kind: ``demo``: one GET signs in, as often as one likes; ``mail``: asks first; ``admin``: asks first, and makes days; ``light`` and
            ``region`` sign nobody in: a region joins a day without staff by the first, and sees what came of it by the second.
        used_at: when it was used last; it stays when personal data goes, or a link for one use would work again.
        name: what whoever uses it is called from the start, when the maker knows.
        region: where whoever uses it belongs from the start; ``None`` for the country.
        made_at: ``None`` for one that an earlier version made.
        withdrawn_at: since when it does not work any more because somebody took it back.
        note: what it was made for, as the maker wrote it; names nobody.
    """

    __tablename__ = "link"

    token_hash: str = kept(Kept.SECRET, primary_key=True)
    day: str = kept(Kept.OPERATION)
    kind: str = kept(Kept.OPERATION)
    roles: list[str] = kept(Kept.OPERATION, default_factory=list, sa_type=JSON)
    name: str | None = kept(Kept.PERSON, None)
    reusable: bool = kept(Kept.OPERATION, default=False)
    expires_at: datetime | None = kept(Kept.OPERATION, None)
    used_at: datetime | None = kept(Kept.OPERATION, None)
    used_by: str | None = kept(Kept.PERSON, None)
    note: str = kept(Kept.OPERATION, "")
    region: str | None = kept(Kept.OPERATION, None)
    made_at: datetime | None = kept(Kept.OPERATION, None)
    withdrawn_at: datetime | None = kept(Kept.OPERATION, None)


class Attendance(SQLModel, table=True):
    """When one person's screen was on.

    Attributes:
        minutes: a bit for each minute of the programme, the first minute lowest, little-endian.
        seen_at: when it was heard of last, by the clock on the wall.
        alive: the same, for minutes with a sign that somebody was there; never that somebody voted. ``None`` when its client
            told none, nor that there was none.
        sizes: what was told of how many sit there, each with the minute it was noted in: ``[[0, null], [31, 8]]``.
    """

    __tablename__ = "attendance"

    day: str = kept(Kept.OPERATION, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    minutes: bytes = kept(Kept.PERSON, sa_type=LargeBinary)
    seen_at: datetime = kept(Kept.PERSON)
    alive: bytes | None = kept(Kept.PERSON, None, sa_type=LargeBinary)
    sizes: list[Any] = kept(Kept.PERSON, default_factory=list, sa_type=JSON)
