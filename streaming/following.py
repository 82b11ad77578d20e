"""Follows the media process: what live sources have sent, kept in memory, and who wants to know of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from conference.core.clock import Clock
from streaming.live_strips import Piece
from streaming.media.runs import Notice, Run, Status, hear
from streaming.media_client import MediaAway, MediaClient

SILENT_MS = 1_000  # nothing came for so long, and nobody said why: the source is gone
PATIENCE_MS = 3_000  # the same, but the media process is there and tells of others; it would have told
LOOK_S = 0.1
WANT_S = 3.0  # players wait so long to hear what a source has sent before we started
AGAIN_S = 0.3  # between two tries to reach the media process
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)

Told = Callable[[str, str, bool], Awaitable[object]]


def source_name(day: str, source: str) -> str:
    """What the media process calls a source of a day."""
    return f"{day}.{source}"


def strip_name(source: str, run: int) -> str:
    """The first part of the addresses of what a source has sent in one run."""
    return f"~{source}~{run}"


def read_strip(strip: str) -> tuple[str, int]:
    """Undo `strip_name`.

    Raises:
        LookupError: it is none.
    """
    source, _, run = strip.removeprefix("~").rpartition("~")
    if not strip.startswith("~") or not source or not (run.isascii() and run.isdecimal() and len(run) < 10):
        raise LookupError(strip)
    return source, int(run)


class Following:
    """What live sources have sent.

    Args:
        clock: that of the media host; ours, as both keep the time.

    Attributes:
        statuses: how each source is doing, by its name in the media process.
        on_change: told the day of which something new has come.
        on_learned: told the day of which something came to light that should have been known before.
    """

    def __init__(self, media: MediaClient, clock: Clock) -> None:
        self._media, self._clock = media, clock
        self._days: dict[str, dict[str, list[Piece]]] = {}
        self._runs: dict[str, dict[int, Run]] = {}
        self._is_there, self._heard_ms = False, 0
        self._was_live: dict[str, bool] = {}
        self._missing: set[str] = set()
        self.statuses: dict[str, Status] = {}
        self.on_change: Callable[[str], object] = lambda _day: None
        self.on_learned: Callable[[str], object] = lambda _day: None

    def of(self, day: str) -> Mapping[str, list[Piece]]:
        """What each source of a day has sent; it grows."""
        return self._days.setdefault(day, {})

    async def want(self, day: str, sources: Iterable[str]) -> None:
        """Know what these sources have sent, also if they are no more. What cannot be had now is told of when it comes."""
        for name in (source_name(day, source) for source in sources):
            if name in self._runs or name in self._missing:
                continue
            try:
                async with asyncio.timeout(WANT_S):
                    await self._learn(name)
            except (MediaAway, TimeoutError):
                log.warning("what %s has sent is not known yet", name)
                self._missing.add(name)

    def is_live(self, day: str, source: str) -> bool:
        """Whether it is sending: also when a run has begun of which there is nothing yet, right after another."""
        pieces = self.of(day).get(source, [])
        if not pieces or pieces[-1].is_over:
            return False
        return not pieces[-1].is_empty or (len(pieces) > 1 and self._now_ms() <= pieces[-2].edge_ms + SILENT_MS)

    async def run(self, told: Told | None = None) -> None:
        """Follow for ever.

        Args:
            told: hears of each source of which day it is, and whether it is sending, when that changes.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name="notices")
            tasks.create_task(self._watch(told), name="silence")

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except MediaAway as away:
                if self._is_there:
                    log.warning("live sources are not heard any more: %s", away)
            self._is_there = False
            await asyncio.sleep(AGAIN_S)

    async def _listen_once(self) -> None:
        """Connect first, then read what was; what is told meanwhile is told twice, which does no harm."""
        notices = self._media.notices()
        try:
            async for notice in notices:
                self._heard_ms = self._now_ms()
                if notice.born is not None:
                    await self._learn_all()
                    self._is_there = True
                elif notice.source:
                    self.hear(notice)
        finally:
            await notices.aclose()  # type: ignore[attr-defined]  # it is a generator

    async def _learn_all(self) -> None:
        self.statuses = await self._media.sources()
        for name in self.statuses.keys() | self._runs.keys() | self._missing:
            await self._learn(name)

    async def _learn(self, name: str) -> None:
        try:
            runs = await self._media.runs(name)
        except LookupError:  # it was never there
            runs = []
        self._runs[name] = {run.run: run for run in runs}
        for run in runs:
            self._keep(name, run)
        day = name.partition(".")[0]
        if name in self._missing:
            self._missing.discard(name)
            self.on_learned(day)
        self.on_change(day)

    def hear(self, notice: Notice) -> None:
        """Take in one notice."""
        name = notice.source
        if notice.status is not None:
            self.statuses[name] = notice.status
        if notice.dropped:
            self.statuses.pop(name, None)
        if notice.run is None:
            return
        runs = self._runs.setdefault(name, {})
        hear(runs, notice)
        if (run := runs.get(notice.run)) is not None:
            self._keep(name, run)
        self.on_change(name.partition(".")[0])

    def _keep(self, name: str, run: Run) -> None:
        """Have pieces show a run as it is now."""
        day, _, source = name.partition(".")
        pieces = self._days.setdefault(day, {}).setdefault(source, [])
        mine = [piece for piece in pieces[-8:] if piece.run.run == run.run] or [piece for piece in pieces if piece.run.run == run.run]
        for piece in mine:
            piece.run = run
        if not mine:
            pieces.append(Piece(source, strip_name(source, run.run), run))
        elif (clip := mine[-1].clip) is not None and len(run.segments) > clip.segment + 1:
            pieces.append(Piece(source, mine[-1].strip, run, start=clip.segment + 1))  # it was thought to be over, and goes on

    def _now_ms(self) -> int:
        return (self._clock.now() - EPOCH) // timedelta(milliseconds=1)

    async def _watch(self, told: Told | None) -> None:
        """Notice silence: the media process tells of the end of a run, but not of its own."""
        while True:
            await asyncio.sleep(LOOK_S)
            if self._silent():
                await asyncio.sleep(LOOK_S / 2)  # if it is we who were slow, what was told meanwhile is heard first
                for piece in self._silent():
                    piece.clip = piece.end()
                    log.warning("nothing comes from %s any more", piece.source)
                    for day, sources in self._days.items():
                        if piece in sources.get(piece.source, ()):
                            self.on_change(day)
            if told is not None:
                await self._tell(told)

    def _silent(self) -> list[Piece]:
        now_ms = self._now_ms()
        most_ms = PATIENCE_MS if self._is_there and now_ms - self._heard_ms < SILENT_MS else SILENT_MS
        last = [pieces[-1] for sources in self._days.values() for pieces in sources.values() if pieces]
        return [piece for piece in last if not piece.is_over and now_ms > piece.edge_ms + most_ms]

    async def _tell(self, told: Told) -> None:
        for day, sources in list(self._days.items()):
            for source in list(sources):
                name, is_live = source_name(day, source), self.is_live(day, source)
                if self._was_live.get(name) is not is_live:
                    await told(day, source, is_live)
                    self._was_live[name] = is_live
