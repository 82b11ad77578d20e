"""All live sources: which are wanted (remembered on disk, so that publishers are let in at once after a restart), and their work."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import OrderedDict
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from streaming.media.clocks import HostClock
from streaming.media.feed import Feed
from streaming.media.notices import Notices
from streaming.media.options import Options
from streaming.media.recording import Recording
from streaming.media.runs import NAME, Notice, Status
from streaming.media.source import NoPort, Source, Wanted

if TYPE_CHECKING:  # loaded with the first source
    from streaming.media.fillings import Seats
    from streaming.media.panels import Panel
    from streaming.media.screens import Screen
    from streaming.media.watching import Viewers

TICK_S, LOOK_TICKS = 0.05, 10
WANTED = "wanted.json"
SLIDES = "slides"  # of a source: pictures of the pages
OLD_MOST = 8  # indexes of sources that are no more, kept in memory
RTMP_KEY = NAME
MEMBERS_MOST = 12  # of a panel

_log = logging.getLogger(__name__)


class NotWanted(Exception):
    """A source that cannot be; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sources:
    """The live part of the media process."""

    def __init__(self, folder: Path, options: Options | None = None) -> None:
        self._folder, self.options = folder, options or Options()
        self.clock, self.notices = HostClock(), Notices()
        self._sources: dict[str, Source] = {}
        self._work: dict[str, asyncio.Task[None]] = {}
        self._old: OrderedDict[str, Recording] = OrderedDict()
        self._change = asyncio.Lock()
        self._viewers: Viewers | None = None

    def __getitem__(self, name: str) -> Source:
        """The source of this name.

        Raises:
            KeyError: it is not wanted.
        """
        return self._sources[name]

    def feed(self, name: str) -> Feed | None:
        """What it sends."""
        found = self._sources.get(name)
        return found.feed if found else None

    def panel(self, name: str) -> Panel | None:
        """A source that is a panel."""
        found = self._sources.get(name)
        return cast("Seats", found.filling).panel if found and found.wanted.kind == "panel" else None

    def screen(self, name: str) -> Screen | None:
        """A source that is a screen."""
        found = self._sources.get(name)
        return cast("Screen", found.filling) if found and found.wanted.kind == "screen" else None

    def slides(self, name: str) -> Path | None:
        """Where a source's slides lie, or would; ``None`` when there is no such source."""
        return self._folder / name / SLIDES if name in self._sources else None

    def viewers(self) -> Viewers:
        """All who watch; asked for when there is a source."""
        if self._viewers is None:
            self._viewers = import_module("streaming.media.fillings").viewers(self.options)
        assert self._viewers is not None
        return self._viewers

    def statuses(self) -> dict[str, Status]:
        """How all of them are doing."""
        return {name: source.status() for name, source in self._sources.items()}

    async def restore(self) -> None:
        """Bring back what was wanted before the process ended."""
        for told in sorted(self._folder.glob(f"*/{WANTED}")):
            with suppress(OSError, msgspec.DecodeError, NotWanted):
                await self.want(told.parent.name, msgspec.json.decode(told.read_bytes(), type=Wanted))

    async def run(self) -> None:
        """Keep everything going, until cancelled."""
        ticks = 0
        try:
            while True:
                await asyncio.sleep(TICK_S)
                ticks += 1
                for source in list(self._sources.values()):
                    source.tick()
                    if ticks % LOOK_TICKS == 0:
                        source.look()
        finally:
            self.notices.close()
            if self._viewers:
                await self._viewers.end_all()
            for name in list(self._sources):
                await self._close(name)

    async def want(self, name: str, wanted: Wanted) -> Status:
        """Make a source, or change it; the same again changes nothing.

        Raises:
            NotWanted: ``source.bad_name``, ``source.no_key``, ``source.no_port``, ``source.too_many_members``.
        """
        if not NAME.fullmatch(name) or name.startswith("."):
            raise NotWanted("source.bad_name")
        if len(set(wanted.members)) != len(wanted.members) or len(wanted.members) > MEMBERS_MOST:
            raise NotWanted("source.too_many_members")
        if wanted.kind == "rtmp" and not RTMP_KEY.fullmatch(wanted.rtmp_key or ""):
            raise NotWanted("source.no_key")
        async with self._change:
            known = self._sources.get(name)
            if known is not None and _same(known.wanted, wanted):
                return known.status()
            if known is not None and known.wanted.kind == wanted.kind and wanted.kind in {"panel", "screen"}:
                self._seat(known, wanted)
            else:
                await self._close(name)
                await self._make(name, wanted)
            source = self._sources[name]
            self._remember(source)
            source.look()
            return source.status()

    async def drop(self, name: str) -> bool:
        """It is wanted no more; what was recorded stays. Returns whether it was wanted."""
        async with self._change:
            found = name in self._sources
            with suppress(OSError):
                if NAME.fullmatch(name):
                    (self._folder / name / WANTED).unlink()
                    await asyncio.to_thread(shutil.rmtree, self._folder / name / SLIDES, ignore_errors=True)
            await self._close(name)
            if found:
                self.notices.tell(Notice(source=name, dropped=True))
            return found

    async def recording(self, name: str) -> Recording | None:
        """What a source has sent, also one that is wanted no more."""
        if name in self._sources:
            return self._sources[name].recording
        if name in self._old:
            self._old.move_to_end(name)
        elif NAME.fullmatch(name) and not name.startswith(".") and (self._folder / name).is_dir():
            self._old[name] = await asyncio.to_thread(Recording, self._folder / name)
            while len(self._old) > OLD_MOST:
                self._old.popitem(last=False)
        return self._old.get(name)

    async def _make(self, name: str, wanted: Wanted) -> None:
        self._old.pop(name, None)
        fillings = await asyncio.to_thread(import_module, "streaming.media.fillings")
        recording = Recording(self._folder / name, self.options.reserve_bytes)
        source = Source(name, wanted, recording, self.notices.tell, self.clock)
        try:
            taken = [each.filling.rtmp_port for each in self._sources.values() if each.filling and each.filling.rtmp_port]
            source.filling = fillings.make(source, self.options, self.clock, self.feed, taken)
        except NoPort:
            await source.close()
            raise NotWanted("source.no_port") from None
        self._sources[name] = source
        self._work[name] = asyncio.create_task(source.run(), name=f"source {name}")

    def _seat(self, source: Source, wanted: Wanted) -> None:
        source.wanted = wanted
        if (panel := self.panel(source.name)) is not None:
            panel.seat(wanted.members)
        elif (screen := self.screen(source.name)) is not None:
            screen.listen(wanted.sound)

    def _remember(self, source: Source) -> None:
        port = source.filling.rtmp_port if source.filling else None
        source.wanted = msgspec.structs.replace(source.wanted, rtmp_port=port)
        try:
            (self._folder / source.name).mkdir(parents=True, exist_ok=True)
            part = self._folder / source.name / f"{WANTED}.part"
            part.write_bytes(msgspec.json.encode(source.wanted))
            part.rename(self._folder / source.name / WANTED)
        except OSError as error:
            _log.warning("source %s will not be known after a restart: %s", source.name, error.strerror)

    async def _close(self, name: str) -> None:
        source = self._sources.pop(name, None)
        work = self._work.pop(name, None)
        if work is not None:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        if source is not None:
            await source.close()


def _same(known: Wanted, wanted: Wanted) -> bool:
    return msgspec.structs.replace(known, rtmp_port=None) == msgspec.structs.replace(wanted, rtmp_port=None)
