"""What is stored of a programme. Times come in pairs: as planned, and as it really happens or is expected to."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (a column is called date)
from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Series(SQLModel, table=True):
    """Days that belong together over the years."""

    __tablename__ = "series"

    series: str = kept(Kept.PUBLIC, primary_key=True)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    description: str = kept(Kept.PUBLIC, "")


class Day(SQLModel, table=True):
    """One day.

    Attributes:
        starts_at, ends_at: when it really begins and ends, as far as is known.
        join_code: six digits, unique among the days that have not ended.
        speed: 1 as planned, more for a compressed day, 0 when nothing happens by clock.
        operator_auto: a simulated operator presses GO until a real one has acted.
        evaluation, needs_survey, registration: ids in the kit's sections.
        goals, cornerstones: as the kit writes them, for showing.
    """

    __tablename__ = "day"
    __table_args__ = (
        Index(
            "day_join_code",
            "join_code",
            unique=True,
            sqlite_where=text("state != 'ended'"),
            postgresql_where=text("state != 'ended'"),
        ),
    )

    day: str = kept(Kept.PUBLIC, primary_key=True)
    series: str = kept(Kept.PUBLIC, foreign_key="series.series")
    kit: str = kept(Kept.PUBLIC)
    kit_version: int = kept(Kept.PUBLIC)
    kit_folder: str = kept(Kept.OPERATION)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    subtitle: str = kept(Kept.PUBLIC, "")
    audience: str = kept(Kept.PUBLIC, "")
    description: str = kept(Kept.PUBLIC, "")
    description_en: str | None = kept(Kept.PUBLIC, None)
    date: Date = kept(Kept.PUBLIC)
    timezone: str = kept(Kept.PUBLIC)
    planned_starts_at: datetime = kept(Kept.PUBLIC)
    planned_ends_at: datetime = kept(Kept.PUBLIC)
    starts_at: datetime = kept(Kept.PUBLIC)
    ends_at: datetime = kept(Kept.PUBLIC)
    started_at: datetime | None = kept(Kept.PUBLIC, None)
    ended_at: datetime | None = kept(Kept.PUBLIC, None)
    join_code: str = kept(Kept.OPERATION)
    state: str = kept(Kept.OPERATION)
    speed: float = kept(Kept.OPERATION, 1.0)
    operator_auto: bool = kept(Kept.OPERATION, False)
    evaluation: str | None = kept(Kept.PUBLIC, None)
    needs_survey: str | None = kept(Kept.PUBLIC, None)
    registration: str | None = kept(Kept.PUBLIC, None)
    goals: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    cornerstones: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)


class Region(SQLModel, table=True):
    """A region that takes part, with a lane of its own.

    Attributes:
        mode: ``studio``, ``film`` or ``light``: takes part without any staff.
        overrun: ``finish``, ``cut`` or ``hold``: what is done when its item is not over and all meet again,
            unless the block says something else.
    """

    __tablename__ = "region"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    region: str = kept(Kept.PUBLIC, primary_key=True)
    name: str = kept(Kept.PUBLIC)
    mode: str = kept(Kept.PUBLIC, "light")
    goals: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    source: str | None = kept(Kept.OPERATION, None)
    moderator: str | None = kept(Kept.OPERATION, None)
    overrun: str = kept(Kept.OPERATION, "hold")
    overrun_limit_s: int = kept(Kept.OPERATION, 0)
    about: str = kept(Kept.PUBLIC, "")
    position: int = kept(Kept.PUBLIC, 0)


class RegionContact(SQLModel, table=True):
    """How the organizers reach a region that takes part without staff; forgotten when they say so."""

    __tablename__ = "region_contact"

    day: str = kept(Kept.OPERATION, primary_key=True)
    region: str = kept(Kept.OPERATION, primary_key=True)
    contact: str = kept(Kept.PERSON)


class HeldWords(SQLModel, table=True):
    """The words of a day that what has one of them is held for, wherever it is written; without a row those that we bring."""

    __tablename__ = "held_words"

    day: str = kept(Kept.OPERATION, primary_key=True)
    words: list[str] = kept(Kept.OPERATION, default_factory=list, sa_type=JSON)


class Block(SQLModel, table=True):
    """A stretch of the day: ``common``, all lanes together, or ``regional``, each lane its own.

    Attributes:
        overrun: what is done with every region that is not ready when this block ends; ``None``: what each region's own row says.
    """

    __tablename__ = "block"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    block: str = kept(Kept.PUBLIC, primary_key=True)
    kind: str = kept(Kept.PUBLIC)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    planned_starts_at: datetime = kept(Kept.PUBLIC)
    planned_ends_at: datetime = kept(Kept.PUBLIC)
    owner: str = kept(Kept.PUBLIC, "default")
    cornerstone: str | None = kept(Kept.PUBLIC, None)
    goals: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    note: str = kept(Kept.PUBLIC, "")
    overrun: str | None = kept(Kept.OPERATION, None)
    overrun_limit_s: int = kept(Kept.OPERATION, 0)
    position: int = kept(Kept.PUBLIC, 0)


class Item(SQLModel, table=True):
    """One thing in the programme of one lane.

    Attributes:
        kit_item: its id in the kit; a fill item stands once for each lane that has nothing of its own, ``i-r1-film@r-vastero``.
        lane: ``national`` or a region. In a regional block the item of lane ``national`` is for those who named no region.
        starts_at, ends_at: when it really happens, or is expected to.
        state: ``upcoming``, ``now`` or ``done``.
        contributors: ids; ``contributor_roles`` instead when the kit names roles only.
    """

    __tablename__ = "item"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    item: str = kept(Kept.PUBLIC, primary_key=True)
    kit_item: str = kept(Kept.PUBLIC)
    block: str = kept(Kept.PUBLIC)
    lane: str = kept(Kept.PUBLIC)
    owner: str = kept(Kept.PUBLIC)
    kind: str = kept(Kept.PUBLIC)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    description: str = kept(Kept.PUBLIC, "")
    planned_starts_at: datetime = kept(Kept.PUBLIC)
    planned_ends_at: datetime = kept(Kept.PUBLIC)
    starts_at: datetime = kept(Kept.PUBLIC)
    ends_at: datetime = kept(Kept.PUBLIC)
    state: str = kept(Kept.OPERATION)
    goals: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    contributors: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    contributor_roles: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    polls: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    film: str | None = kept(Kept.PUBLIC, None)
    card: dict[str, Any] | None = kept(Kept.PUBLIC, None, sa_type=JSON)
    fallback: dict[str, Any] | None = kept(Kept.PUBLIC, None, sa_type=JSON)
    materials: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    position: int = kept(Kept.PUBLIC, 0)


class Contributor(SQLModel, table=True):
    """Somebody who takes part in an item: first of all a role, with a name when one is to be shown."""

    __tablename__ = "contributor"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    contributor: str = kept(Kept.PUBLIC, primary_key=True)
    scope: str = kept(Kept.PUBLIC)
    role: str = kept(Kept.PUBLIC)
    organisation: str = kept(Kept.PUBLIC, "")
    screen_name: str | None = kept(Kept.PUBLIC, None)
    call_time_min_before: int | None = kept(Kept.OPERATION, None)
    tech_check: str = kept(Kept.OPERATION, "")
    position: int = kept(Kept.PUBLIC, 0)


class Booking(SQLModel, table=True):
    """How somebody who takes part is booked, and reached: beside the programme, so that the contact is forgotten without touching it.

    Attributes:
        status: ``asked``, ``booked`` or ``declined``; somebody who has no row is not asked yet.
        contact: an address or a number; shown to the organizers alone.
    """

    __tablename__ = "booking"

    day: str = kept(Kept.OPERATION, primary_key=True)
    contributor: str = kept(Kept.OPERATION, primary_key=True)
    status: str = kept(Kept.OPERATION)
    contact: str = kept(Kept.PERSON, "")


class Source(SQLModel, table=True):
    """Where a picture comes from. Its token belongs to the streaming feature."""

    __tablename__ = "source"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    source: str = kept(Kept.PUBLIC, primary_key=True)
    kind: str = kept(Kept.OPERATION)
    title: str = kept(Kept.PUBLIC)
    lanes: list[Any] = kept(Kept.OPERATION, default_factory=list, sa_type=JSON)
    position: int = kept(Kept.OPERATION, 0)
