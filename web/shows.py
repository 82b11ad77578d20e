"""From events to screens: what each audience is shown of an entry of the log, encoded once.

A feature says what it shows in a `Shows`; `web.bootstrap` hands all of them to the `Stage`, and nothing else knows which feature an
event belongs to.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.event import Entry, Event
from conference.core.faces import Faces, To, Viewer
from web import wire
from web.names import Names, named, persons_in

log = logging.getLogger(__name__)

Shared: TypeAlias = Callable[[AsyncSession, str, Viewer], Awaitable[dict[str, Any]]]
"""The keys of the state that a feature fills; the same for all viewers with the same roles on the same lane."""

Patches: TypeAlias = dict[str, dict[str, dict[str, dict[str, Any]]]]
"""person -> list of the state -> id in the list -> fields laid over it for that person alone."""

Personal: TypeAlias = Callable[[AsyncSession, str, list[str]], Awaitable[Patches]]


@dataclass(frozen=True, slots=True)
class Picture:
    """How something stands now: a total, never a step, so that only the newest of its key matters.

    Attributes:
        key: what it is a picture of, ``tally:p1``.
        name: the type of its news, ``polls.tally``.
    """

    key: str
    name: str
    sides: tuple[tuple[To, dict[str, Any]], ...]


Pictures: TypeAlias = Callable[[AsyncSession, str], Awaitable[Sequence[Picture]]]
"""Everything of a day that changes without an event, as it stands; nothing at all while nothing can change."""


@dataclass(frozen=True)
class Shows:
    """What one feature shows.

    Attributes:
        feature: its name, the first word of its events' names.
        faces: event -> what each audience may see of it.
        shared: reads its part of the state.
        personal: reads what single persons see besides, for many persons at once.
        pictures: reads what changes without an event; asked four times a second from an event of the feature on until it answers
            with nothing.
        changes: event -> person, for events after which a person may see or do other things, is called otherwise, or is gone.
        removes: those of ``changes`` that send the person away for good.
        stirred_by: other features whose events may change its pictures.
        every_s: seconds between two looks at its pictures; 0: as often as anything is painted.
    """

    feature: str
    faces: Faces = field(default_factory=dict)
    shared: Shared | None = None
    personal: Personal | None = None
    pictures: Pictures | None = None
    changes: Mapping[type[Event], Callable[[Any], str]] = field(default_factory=dict)
    removes: frozenset[type[Event]] = frozenset()
    stirred_by: frozenset[str] = frozenset()
    every_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry of the log, or a picture, as screens get it.

    Attributes:
        seq: its place; of a picture, how far the log had come when it was read.
        feature: the first word of its name.
        sides: who sees what, encoded.
        changed: the person who may see other things from then on: what they had seen before is not added to.
    """

    seq: int
    feature: str
    sides: tuple[tuple[To, bytes], ...]
    changed: str | None = None

    def to(self, viewer: Viewer) -> Iterator[tuple[int, bytes]]:
        """What *viewer* is shown, with its place."""
        return ((self.seq, raw) for to, raw in self.sides if to.sees(viewer))

    @property
    def persons(self) -> set[str]:
        """Those who are shown something that is for them alone."""
        return {to.person for to, _ in self.sides if to.person is not None}


class Stage:
    """Knows what all features show."""

    def __init__(self, shows: Iterable[Shows], names: Names) -> None:
        self.shows, self.names = tuple(shows), names
        self._faces = {event: face for one in self.shows for event, face in one.faces.items()}
        self._changes = {event: person for one in self.shows for event, person in one.changes.items()}

    def removes(self, entry: Entry) -> bool:
        """Whether that person was sent away for good."""
        return any(type(entry.event) in one.removes for one in self.shows)

    def changed(self, entry: Entry) -> str | None:
        """The person that an entry changed, if it changed one."""
        person = self._changes.get(type(entry.event))
        return person(entry.event) if person else None

    async def show(self, entries: Sequence[Entry]) -> list[Shown]:
        """Encode what entries of one day show, with the names of those they tell of."""
        drawn = [self._drawn(entry) for entry in entries]
        for entry in entries:
            if person := self.changed(entry):
                self.names.forget(entry.event.day, person)
        if entries:
            await self.names.learn(entries[0].event.day, {person for sides in drawn for _, data in sides for person in persons_in(data)})
        return [self._encoded(entry, sides) for entry, sides in zip(entries, drawn, strict=True)]

    def _drawn(self, entry: Entry) -> list[tuple[To, dict[str, Any]]]:
        """An event without a face, and one whose face fails, is shown to nobody."""
        face = self._faces.get(type(entry.event))
        try:
            return list(face(entry.event)) if face else []
        except Exception:  # one feature's mistake must not stop the news of all
            log.exception("%s at %d cannot be shown", entry.event.name, entry.seq)
            return []

    def _encoded(self, entry: Entry, sides: Sequence[tuple[To, dict[str, Any]]]) -> Shown:
        event, known = entry.event, self.names.of(entry.event.day)
        raw = ((to, wire.item(entry.seq, event.name, event.at, named(data, known))) for to, data in sides)
        told = tuple((to, one) for to, one in raw if _fits(event.name, one))
        return Shown(entry.seq, event.name.partition(".")[0], told, self.changed(entry))


def painted(picture: Picture, at: int) -> Shown:
    """Encode a picture that was read when the log had come to *at*."""
    raw = ((to, wire.picture(picture.key, picture.name, data)) for to, data in picture.sides)
    return Shown(at, picture.name.partition(".")[0], tuple((to, one) for to, one in raw if _fits(picture.name, one)))


def _fits(name: str, raw: bytes) -> bool:
    if len(raw) <= wire.SERVER_MOST_BYTES - wire.ENVELOPE_BYTES:
        return True
    log.error("%s takes %d bytes and does not fit in a frame: nobody is told", name, len(raw))
    return False
