"""What can happen behind the scenes. Persons stand by id alone; no event holds a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class Seated(Event):
    """Somebody came to the studio for the first time: their camera is a source of the day from now on.

    Attributes:
        source: the camera.
        ready: they were, when they have moved from another lane.
        lane: where they belong; it says in which panel they sit.
        panel: that panel, a source too.
    """

    name: ClassVar[str] = "studio.seated"

    source: str
    person: str
    ready: bool = False
    lane: str
    panel: str
    panel_title: str


@dataclass(frozen=True, kw_only=True)
class SeatNamed(Event):
    """Somebody in the studio is called otherwise now; the name itself is looked up where it is shown.

    Attributes:
        sources: their camera, and their screen if it is one of their own.
        lane: where they belong.
    """

    name: ClassVar[str] = "studio.named"

    sources: list[str]
    person: str
    lane: str = "national"


@dataclass(frozen=True, kw_only=True)
class Shared(Event):
    """Somebody's screen is a source of the day from now on, as the day has none that everybody shares."""

    name: ClassVar[str] = "studio.shared"

    source: str
    person: str
    lane: str


@dataclass(frozen=True, kw_only=True)
class ReadyTold(Event):
    """Somebody is ready to go on air, or no longer; ``lane`` is where they belong."""

    name: ClassVar[str] = "studio.ready"

    source: str
    person: str
    ready: bool
    lane: str = "national"


@dataclass(frozen=True, kw_only=True)
class SeatBound(Event):
    """It was decided as which guest by link somebody is sent, or that they are themselves alone again.

    Attributes:
        source: their camera.
        sends_as: the source that shows it from now on.
        before: the one that showed it until now.
        instead_of: the camera that `sends_as` showed until now.
        lanes: of each of these sources, which lanes it is for.
    """

    name: ClassVar[str] = "studio.bound"

    source: str
    person: str
    sends_as: str | None
    before: str | None
    instead_of: str | None
    lanes: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PanelChanged(Event):
    """Who belongs to a panel, and whose picture it shows, was decided by hand.

    Attributes:
        panel: a source.
        members: sources; ``None`` for all who are ready.
        chosen: the source whose picture is shown; ``None`` for whoever speaks loudest.
        lanes: which lanes the panel is for.
    """

    name: ClassVar[str] = "studio.panel"

    panel: str
    members: list[str] | None
    chosen: str | None
    lanes: list[str] = field(default_factory=lambda: ["national"])


@dataclass(frozen=True, kw_only=True)
class Whispered(Event):
    """A word between the producer and one who takes part; for the two of them alone.

    Attributes:
        seat: the person who takes part.
        by_desk: the producer said it, and not they.
    """

    name: ClassVar[str] = "studio.whispered"

    whisper: str
    seat: str
    by_desk: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class TypingBegun(Event):
    """Somebody began to write to all in a panel, or went on after a rest: what they write is seen while they write it.

    Attributes:
        typed: the line.
        lane: whose panel it is.
        by_desk: it is the producer, and not one who takes part.
    """

    name: ClassVar[str] = "studio.typing"

    typed: str
    lane: str
    person: str
    by_desk: bool
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class Typed(Event):
    """What somebody wrote to all in a panel is finished, and stays as it is."""

    name: ClassVar[str] = "studio.typed"

    typed: str
    lane: str
    person: str
    by_desk: bool
    begun_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class KeyRenewed(Event):
    """A source's token and key are new; whoever has the old ones cannot send any more."""

    name: ClassVar[str] = "studio.renewed"

    source: str
    generation: int
