"""The state of a day as one person sees it, and its exact place in the log.

What all of a cohort see alike is read once for all who come at the same time; what is a person's own is read for all of them together.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Viewer
from conference.core.log import head
from conference.core.store import Store
from conference.people import SignedIn
from web import wire
from web.batch import Batch
from web.errands import Errands
from web.names import named, persons_in
from web.shows import Stage

FRESH_S: Final = 0.25  # as often as pictures change: nobody sees older totals for coming in a crowd

ID_OF: Final[Mapping[str, str]] = {
    "regions": "region",
    "programme": "item",
    "polls": "poll",
    "chat": "message",
    "held": "held",
    "announcements": "announcement",
    "questions": "question",
    "piles": "pile",
    "surveys": "survey",
    "sources": "source",
    "whispers": "whisper",
    "typed": "typed",
    "queues": "queue",
    "panellists": "panellist",
    "cues": "cue",
    "films": "film",
    "channels": "channel",
}
"""What names an object in each list of the state."""

ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {"now": ("item", "cue", "next"), "lane": ("source", "since")}
"""Fields that a state always has, ``null`` where there is nothing: a reader finds them before the first cue too."""


MARKS: Final[Mapping[str, frozenset[str]]] = {"questions": frozenset({"backed", "opposed"})}
"""What may lie over an object that is there, and is none by itself."""


@dataclass(frozen=True, slots=True)
class State:
    """What one person sees, encoded; with every later event of the log it becomes what that person sees then."""

    epoch: str
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a cohort sees alike, as values and encoded key by key."""

    epoch: str
    seq: int
    until_s: float
    values: dict[str, Any]
    raw: dict[str, msgspec.Raw]


class States:
    """Reads states."""

    def __init__(self, store: Store, stage: Stage, errands: Errands) -> None:
        self._store, self._stage = store, stage
        self._batch = Batch[SignedIn, State](self._read_all, errands, "states")
        self._shared: dict[tuple[str, Viewer], _Shared] = {}

    async def of(self, session: SignedIn) -> State:
        """What the person of *session* sees now."""
        state = await self._batch.get(session)
        assert state is not None
        return state

    async def _read_all(self, sessions: list[SignedIn]) -> dict[SignedIn, State]:
        days = defaultdict[str, list[SignedIn]](list)
        for session in sessions:
            days[session.day].append(session)
        found: dict[SignedIn, State] = {}
        for day, of_day in days.items():
            async with self._store.reading() as reading:
                found.update(await self._read(reading, day, of_day))
        return found

    async def _read(self, reading: AsyncSession, day: str, sessions: Sequence[SignedIn]) -> dict[SignedIn, State]:
        end = await head(reading, day)
        epoch, seq = (end.epoch, end.seq) if end else ("", 0)
        persons = sorted({session.person for session in sessions})
        patches = [await shows.personal(reading, day, persons) for shows in self._stage.shows if shows.personal]
        found: dict[SignedIn, State] = {}
        for session in sessions:
            shared = await self._shared_with(reading, day, session.viewer.cohort, (epoch, seq))
            own = [patch[session.person] for patch in patches if session.person in patch]
            found[session] = State(epoch, seq, _whole(shared, session, own))
        return found

    async def _shared_with(self, reading: AsyncSession, day: str, viewer: Viewer, place: tuple[str, int]) -> _Shared:
        cohort, now = (day, viewer), asyncio.get_running_loop().time()
        kept = self._shared.get(cohort)
        if kept and (kept.epoch, kept.seq) == place and now < kept.until_s:
            return kept
        values: dict[str, Any] = {}
        for shows in self._stage.shows:
            if shows.shared:
                values |= await shows.shared(reading, day, viewer)
        await self._stage.names.learn(day, set(persons_in(values)))
        values = {key: _filled(key, value) for key, value in named(values, self._stage.names.of(day)).items()}
        raw = {key: msgspec.Raw(wire.encode(value)) for key, value in values.items()}
        self._shared = {key: one for key, one in self._shared.items() if now < one.until_s}
        self._shared[cohort] = _Shared(*place, now + FRESH_S, values, raw)
        return self._shared[cohort]


def _whole(shared: _Shared, session: SignedIn, own: Sequence[Mapping[str, Mapping[str, Mapping[str, Any]]]]) -> bytes:
    values = {**shared.values, "you": session.you()}
    parts: dict[str, Any] = {"you": values["you"], **shared.raw}
    for patch in own:
        for key, fields in patch.items():
            values[key] = parts[key] = _patched(key, values.get(key), fields)
    return wire.encode(parts)


def _filled(key: str, value: Any) -> Any:
    return {**dict.fromkeys(ALWAYS[key]), **value} if key in ALWAYS else value


def _patched(key: str, value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    """*value* with a person's own fields laid over it. A list gets the objects that only this person sees at its end."""
    if not isinstance(value, list):
        merged = dict(value or {})
        for fields in by_id.values():
            merged |= fields
        return merged
    name = ID_OF[key]
    seen = {one[name] for one in value}
    marks = MARKS.get(key, frozenset())
    own = [{name: one, **fields} for one, fields in by_id.items() if one not in seen and not marks.issuperset(fields)]
    return [{**one, **by_id[one[name]]} if one[name] in by_id else one for one in value] + own
