"""Frab's ``schedule.xml``, read by expat with everything forbidden that makes XML dangerous: document types, and so entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate  # with document types forbidden there are no entities to expand

from conference.core.errors import Refused, _

DEPTH_MOST: Final = 12  # elements within each other; a schedule has six


def unreadable() -> Refused:
    """What is no schedule."""
    return Refused("schedule.unreadable", _("Filen går inte att läsa som ett schema. Välj schedule.xml eller schedule.json."))


def events(text: str) -> list[Mapping[str, Any]]:
    """The events of a schedule, each with its fields as text; what has parts of its own is told as there or not.

    Raises:
        Refused: ``schedule.unsafe``, ``schedule.unreadable``.
    """
    reader = _Reader()
    parser = ParserCreate("UTF-8")  # as we write it here, whatever its declaration says
    parser.StartDoctypeDeclHandler = _unsafe
    parser.EntityDeclHandler = _unsafe
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.said
    parser.buffer_text = True
    try:
        parser.Parse(text.encode(), True)  # all of it at once
    except (ExpatError, UnicodeEncodeError) as fault:
        raise unreadable() from fault
    if reader.root != "schedule":
        raise unreadable()
    return reader.events


def _unsafe(*_declared: object) -> NoReturn:
    raise Refused("schedule.unsafe", _("Filen har en egen dokumenttyp, och läses därför inte."))


class _Reader:
    """Gathers the events while expat reads."""

    def __init__(self) -> None:
        self.root = ""
        self.events: list[Mapping[str, Any]] = []
        self._path: list[str] = []
        self._event: dict[str, str] | None = None
        self._room = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > DEPTH_MOST:
            raise unreadable()
        if name == "room" and self._event is None:
            self._room = attributes.get("name", "")
        if name == "event" and self._event is None:
            self._event = {"id": attributes.get("id", ""), "guid": attributes.get("guid", "")}

    def said(self, text: str) -> None:
        """Text of the element that is open, told under the field of the event that it belongs to."""
        if self._event is not None and len(self._path) > self._depth:
            field = self._path[self._depth]
            self._event[field] = self._event.get(field, "") + text

    def end(self, name: str) -> None:
        """An element is over."""
        if name == "event" and self._event is not None and len(self._path) == self._depth:
            self.events.append({"room": self._room, **{field: text.strip() for field, text in self._event.items()}})
            self._event = None
        self._path.pop()

    @property
    def _depth(self) -> int:
        """How many elements lead to the event that is open, with itself."""
        return self._path.index("event") + 1
