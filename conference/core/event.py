"""What has happened: frozen facts with a lasting name and a version, and their place in the log of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import msgspec

KNOWN: dict[tuple[str, int], type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact about one day.

    Subclasses are frozen keyword-only dataclasses *without slots*: ``slots=True`` makes a second class, which the registry refuses.

    Attributes:
        name: the lasting name, ``polls.opened``; never renamed.
        version: raised when the meaning changes; the old class stays, so that old logs can be read.
        day: whose log it belongs to.
        at: when it happened, UTC, by the clock that the rule was given.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1

    day: str
    at: datetime

    def __init_subclass__(cls) -> None:
        """Enter the class in the registry; two classes with one name and version are a programming error."""
        if KNOWN.setdefault((cls.name, cls.version), cls) is not cls:
            raise TypeError(f"{cls.name} version {cls.version} is taken by {KNOWN[cls.name, cls.version].__name__}")


@dataclass(frozen=True)
class Entry:
    """An event and its place: ``seq`` counts from 1 without holes within an ``epoch``; a restored log has a new epoch."""

    epoch: str
    seq: int
    event: Event

    def news(self) -> dict[str, Any]:
        """What a browser gets, after the feature has said who may see what."""
        return {"seq": self.seq, "type": self.event.name, "at": self.event.at, "data": data_of(self.event)}

    def cloud_event(self) -> dict[str, Any]:
        """The CloudEvents 1.0 form, for webhooks and exports."""
        event = self.event
        return {
            "specversion": "1.0",
            "id": f"{self.epoch}-{self.seq}",
            "source": f"/days/{event.day}",
            "type": f"se.samsyn.{event.name}.v{event.version}",
            "time": event.at,
            "sequence": f"{self.seq:012}",  # a string that sorts as the number does
            "datacontenttype": "application/json",
            "data": data_of(event),
        }


def data_of(event: Event) -> dict[str, Any]:
    """The facts alone: day and time stand in the envelope."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    del data["day"], data["at"]
    return data


def event_from(name: str, version: int, day: str, at: datetime, data: dict[str, Any]) -> Event:
    """Read an event back.

    Raises:
        KeyError: no class has this name and version; a newer program wrote it.
    """
    return msgspec.convert({**data, "day": day, "at": at}, KNOWN[name, version])


class _Carried(msgspec.Struct, array_like=True):
    epoch: str
    seq: int
    name: str
    version: int
    day: str
    at: datetime
    data: dict[str, Any]


_decoder = msgspec.json.Decoder(list[_Carried])


def packed(entries: Sequence[Entry]) -> bytes:
    """Entries as the bus carries them between processes."""
    return msgspec.json.encode(
        [_Carried(e.epoch, e.seq, e.event.name, e.event.version, e.event.day, e.event.at, data_of(e.event)) for e in entries]
    )


def unpacked(raw: bytes) -> list[Entry]:
    """Undo `packed`."""
    return [Entry(c.epoch, c.seq, event_from(c.name, c.version, c.day, c.at, c.data)) for c in _decoder.decode(raw)]
