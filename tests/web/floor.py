"""A tiny feature, to try the floor with: a board on which things are said and a counter is shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from conference.core.event import Entry, Event
from conference.core.faces import EVERYBODY, To, Viewer, everyone, nobody, on_lanes, only
from web.names import Names
from web.shows import Picture, Shown, Shows, Stage, painted
from web.wire import Frame

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = "d1"


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    name: ClassVar[str] = "board.said"
    text: str
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class SaidOnLane(Event):
    name: ClassVar[str] = "board.said_on_lane"
    text: str
    lane: str


@dataclass(frozen=True, kw_only=True)
class Whispered(Event):
    name: ClassVar[str] = "board.whispered"
    text: str
    to: str


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    name: ClassVar[str] = "board.noted"
    text: str


@dataclass(frozen=True, kw_only=True)
class Kept(Event):
    name: ClassVar[str] = "board.kept"


@dataclass(frozen=True, kw_only=True)
class CountClosed(Event):
    name: ClassVar[str] = "counter.closed"
    counter: str


def _text(event: Said | SaidOnLane | Noted) -> dict[str, Any]:
    by = {"by": {"person": event.by}} if isinstance(event, Said) and event.by else {}
    return {"text": event.text, **by}


def _lane(event: SaidOnLane) -> list[str]:
    return [event.lane]


def _closed(event: CountClosed) -> dict[str, Any]:
    return {"counter": event.counter, "closed": True}


def _whisper(event: Whispered) -> list[tuple[To, dict[str, Any]]]:
    return [(To(person=event.to), {"text": event.text}), (To(roles=frozenset({"moderator"})), {"to": event.to})]


BOARD = Shows(
    "board",
    faces={
        Said: everyone(_text),
        SaidOnLane: on_lanes(_lane, _text),
        Whispered: _whisper,
        Noted: only({"moderator"}, _text),
        Kept: nobody,
    },
)
COUNTER = Shows("counter", faces={CountClosed: everyone(_closed)})


NAMES = {"kim": "Kim", "lo": "Lo"}


async def read_names(day: str, persons: Collection[str]) -> dict[str, str | None]:
    return {person: NAMES[person] for person in persons if person in NAMES}


def stage(*more: Shows) -> Stage:
    return Stage([BOARD, COUNTER, *more], Names(read_names))


async def shown(*entries: Entry) -> list[Shown]:
    return await stage().show(entries)


def said(seq: int, text: str | None = None) -> Entry:
    return Entry("e1", seq, Said(day=DAY, at=AT, text=text or f"#{seq}"))


def count(n: int, *, at: int = 0, to: To = EVERYBODY) -> dict[str, Shown]:
    return {"count:c1": painted(Picture("count:c1", "counter.count", ((to, {"counter": "c1", "n": n}),)), at)}


def closed(seq: int) -> Entry:
    return Entry("e1", seq, CountClosed(day=DAY, at=AT, counter="c1"))


@dataclass(eq=False)
class Wire:
    """A line that remembers what it was given, and can be stopped up."""

    sent: list[Frame] = field(default_factory=list)
    blocked: bool = False
    descriptor: int | None = None
    blocks_after: int | None = None

    def push(self, frame: Frame) -> None:
        self.sent.append(frame)
        if self.blocks_after is not None and len(self.sent) >= self.blocks_after:
            self.blocked = True


@dataclass(eq=False)
class Phone:
    """A screen without a browser."""

    viewer: Viewer = field(default_factory=lambda: Viewer("kim"))
    line: Wire = field(default_factory=Wire)
    upto: int = 0
    behind: int | None = None
    afresh: int = 0

    def start_afresh(self) -> None:
        self.afresh += 1

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(frame.payload) for frame in self.line.sent]

    @property
    def heard(self) -> list[Any]:
        """Places of words, and (key, n) of pictures, in the order of hearing."""
        return [item.get("seq") or (item["key"], item["data"]["n"]) for frame in self.frames for item in frame["news"]]
