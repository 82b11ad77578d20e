"""The shapes of a kit's files, as they are written; what a field means stands in the kit's README.

Unknown fields are refused: a misspelt name would otherwise be passed over in silence.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

ITEMS_MOST = 500  # of a day; the national kit has 30
FORMAT = 1  # the one way of writing kits that this program reads

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]  # ids stand in addresses and file names


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a kit: nothing in it changes once it is read."""


class Head(Part, frozen=True):
    """Which kit it is."""

    id: Id
    version: int
    language: str
    licence: str
    title: str


class SeriesOfKit(Part, frozen=True):
    """The series that the day belongs to."""

    id: Id
    title: str
    title_en: str | None = None
    description: str = ""


class DayOfKit(Part, frozen=True):
    """The day as it is planned; times are local, ``09.00``."""

    id: Id
    title: str
    starts: str
    ends: str
    timezone: str
    title_en: str | None = None
    subtitle: str = ""
    date: str | None = None
    date_note: str = ""
    audience: str = ""
    description: str = ""
    description_en: str | None = None
    evaluation: str | None = None
    needs_survey: str | None = None
    registration: str | None = None


class Cornerstone(Part, frozen=True):
    """One of the things that every day holds."""

    id: Id
    title: str


class Goal(Part, frozen=True):
    """One of the strategy's goals."""

    id: Id
    number: int
    title: str
    title_en: str | None = None
    short: str = ""
    description: str = ""


class RegionOfKit(Part, frozen=True):
    """A region that the kit knows."""

    id: Id
    name: str
    mode: Literal["studio", "film", "light"] = "light"
    municipalities: int | None = None
    goals: tuple[str, ...] = ()
    source: str | None = None
    moderator: str | None = None
    overrun: Literal["finish", "cut", "hold"] = "hold"
    overrun_limit_s: int = 0
    about: str = ""


class ContributorOfKit(Part, frozen=True):
    """Somebody who takes part in an item, first of all a role."""

    id: Id
    scope: str
    role: str
    organisation: str = ""
    screen_name: str | None = None
    call_time_min_before: int | None = None
    tech_check: str = ""


class SourceOfKit(Part, frozen=True):
    """Where a picture comes from."""

    id: Id
    kind: str
    title: str
    lanes: tuple[str, ...] = ("national",)


class BlockOfKit(Part, frozen=True):
    """A stretch of the day, seen by all together or by each region alone."""

    id: Id
    kind: Literal["common", "regional"]
    title: str
    starts: str
    minutes: int
    title_en: str | None = None
    owner: str = "default"
    cornerstone: str | None = None
    goals: tuple[str, ...] = ()
    note: str = ""


class Card(Part, frozen=True):
    """A card for a discussion."""

    questions: tuple[str, ...]
    minutes_each: int


class Fill(Part, frozen=True):
    """How a region with nothing of its own is given something."""

    choose: Literal["film"]
    by: Literal["goals"]
    fallback: str
    not_shown_today: bool = True


class Fallback(Part, frozen=True):
    """What is done when somebody does not come."""

    if_missing: str
    do: str


class CueOfKit(Part, frozen=True):
    """One thing that the run-of-show does.

    Attributes:
        at_s: planned seconds after the start of its item.
        by: ``clock``, or ``hand``: waits for the operator.
        args: everything else the kit says, by ``do``.
    """

    id: Id
    at_s: int
    do: str
    by: Literal["clock", "hand"]
    args: dict[str, Any] = {}


class ItemOfKit(Part, frozen=True):
    """One thing in the programme, in a lane or for every region that has nothing of its own."""

    id: Id
    block: str
    lane: str
    owner: Literal["locked", "default", "regional"]
    kind: Literal["lecture", "panel", "film", "poll", "discussion", "break"]
    starts: str
    minutes: int
    title: str
    cues: tuple[CueOfKit, ...]
    title_en: str | None = None
    description: str = ""
    goals: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    contributor_roles: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    film: str | None = None
    card: Card | None = None
    fill: Fill | None = None
    fallback: Fallback | None = None
    materials: tuple[str, ...] = ()


class Template(Part, frozen=True):
    """A shorter day of the same parts."""

    id: Id
    title: str
    minutes: int
    starts: str
    blocks: tuple[BlockOfKit, ...]
    items: tuple[ItemOfKit, ...]
    title_en: str | None = None
    audience: str = ""


class DayFile(Part, frozen=True):
    """``day.json``.

    Attributes:
        head: stands there as ``kit``.
        film_ids: stand there as ``films``.
    """

    format: int
    head: Head = msgspec.field(name="kit")
    series: SeriesOfKit
    day: DayOfKit
    cornerstones: tuple[Cornerstone, ...]
    goals: tuple[Goal, ...]
    regions: tuple[RegionOfKit, ...]
    contributors: tuple[ContributorOfKit, ...]
    sources: tuple[SourceOfKit, ...]
    film_ids: tuple[Id, ...] = msgspec.field(name="films")
    blocks: tuple[BlockOfKit, ...]
    items: Annotated[tuple[ItemOfKit, ...], msgspec.Meta(max_length=ITEMS_MOST)]
    templates: tuple[Template, ...] = ()


class FilmOfKit(msgspec.Struct, frozen=True, kw_only=True):
    """``films/<id>.json``, the part that is shown; its slides and voice belong to whoever makes the film."""

    format: int
    id: Id
    title: str
    language: str
    kind: str
    seconds: float
    licence: str
    title_en: str | None = None
    summary: str = ""
    summary_en: str | None = None
    goals: tuple[str, ...] = ()
    invented: bool = False
    questions: tuple[str, ...] = ()
    transcript: str = ""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an option list."""

    id: Id
    text: str
    text_en: str | None = None


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """``texts/<id>.<language>.md``: a letter or a page with places to fill in."""

    id: Id
    language: str
    kind: str
    title: str
    body: str


def written_cue(raw: dict[str, Any]) -> dict[str, Any]:
    """A cue as a file writes it, with what belongs to its ``do`` gathered under ``args``."""
    known = {key: value for key, value in raw.items() if key in {"id", "at_s", "do", "by"}}
    return {**known, "args": {key: value for key, value in raw.items() if key not in known}}
