"""One live source: its feed, whoever fills it, and what is made and kept of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import msgspec

from streaming.media.clocks import HostClock
from streaming.media.feed import Feed
from streaming.media.packager import Out, Packager
from streaming.media.recording import Recording
from streaming.media.runs import Notice, SourceKind, State, Status
from streaming.media.runs import Path as Way

GONE_MS = 800.0  # after the last packet
LEFT_MS = 100.0  # the same when the publisher has taken leave
RATE_MS = 1_000.0  # over which the bit rate is measured
QUEUE = 2_048  # packets: the recorder must not lose any

_log = logging.getLogger(__name__)


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source is to be.

    Attributes:
        rtmp_key: what the studio's encoder must bring.
        members: of a panel; names of other sources.
        sound: of a screen; the panel whose sound it carries.
    """

    kind: SourceKind
    rtmp_key: str | None = None
    members: list[str] = []
    sound: str | None = None
    rtmp_port: int | None = None  # ours to choose; kept so that a studio's address stays the same


class NoPort(Exception):
    """All ports for studios are taken."""


class Filling(Protocol):
    """Whoever fills a feed; what `Status` shows of it."""

    @property
    def path(self) -> Way | None:
        """How its packets come."""
        ...

    @property
    def lost(self) -> int:
        """Packets that never came."""
        ...

    @property
    def publisher(self) -> str | None:
        """Who sends; of a panel, whose picture it is."""
        ...

    @property
    def rtmp_port(self) -> int | None:
        """Where a studio may send to."""
        ...

    @property
    def reencoded(self) -> bool:
        """Whether its pictures are made anew here."""
        ...

    @property
    def why(self) -> str | None:
        """The code of what is wrong with it, if something is."""
        ...

    def look(self) -> None:
        """Called twice a second."""

    async def close(self) -> None:
        """Stop for good."""


class Source:
    """A source from the moment it is wanted.

    Attributes:
        filling: set by whoever makes the source.
    """

    def __init__(self, name: str, wanted: Wanted, recording: Recording, tell: Callable[[Notice], None], clock: HostClock) -> None:
        self.name, self.wanted = name, wanted
        self.feed = Feed(name)
        self.filling: Filling | None = None
        self.recording = recording
        self._clock, self._tell = clock, tell
        for notice in self.recording.open():
            self._told(notice)
        self._packager = Packager(self.recording.next_run, self.recording.ends_ms)
        self._last_ms, self._since_ms = 0.0, round(clock.now_ms())
        self._state: State = "waiting"
        self._bytes, self._measured_ms, self._kbit_s = 0, clock.now_ms(), 0
        self._starved = 0
        self._shown: Status | None = None

    async def run(self) -> None:
        """Package what is published, until the feed is closed."""
        with self.feed.subscribe(QUEUE) as coming:
            async for packet in coming:
                self._last_ms = now_ms = self._clock.now_ms()
                if self._is_ours and self.feed.state != "live":
                    self.feed.state = "live"
                    self._look()
                self._bytes += len(packet.data)
                self._keep(self._packager.take(packet, now_ms))

    @property
    def _is_ours(self) -> bool:
        """Whether we say when the feed is live; a panel says so itself, and a screen is one."""
        return self.wanted.kind not in {"panel", "screen"}

    def tick(self) -> None:
        """To be called twenty times a second."""
        now_ms = self._clock.now_ms()
        if self._packager.is_open and self.filling and self.filling.publisher is None and now_ms > self._last_ms + LEFT_MS:
            self._keep(self._packager.end(now_ms))
        self._keep(self._packager.tick(now_ms))
        if self._is_ours and self.feed.state == "live" and now_ms > self._last_ms + GONE_MS:
            self.feed.state, self.feed.last_key = "gone", []
            self._look()

    def cut(self) -> None:
        """A key frame now, and a segment that begins with it."""
        self._packager.cut()
        self.feed.request_cut()

    def status(self) -> Status:
        """How it is doing."""
        if self.feed.state != self._state:
            self._state, self._since_ms = self.feed.state, round(self._clock.now_ms())
        filling, live = self.filling, self._state == "live"
        width, height = self._packager.size if live and self._packager.is_open else (0, 0)
        why = filling.why if filling else None
        return Status(
            self.wanted.kind, self._state, self._since_ms, width, height,
            frame_rate=round(self._packager.frame_rate, 1) if width else 0.0,
            kbit_s=self._kbit_s if live else 0,
            level_db=self._packager.sound.level_db if live else None,
            path=filling.path if filling and live else None,
            viewers=self.feed.viewers,
            lost=filling.lost if filling else 0,
            publisher=filling.publisher if filling else None,
            rtmp_port=filling.rtmp_port if filling else None,
            reencoded=bool(filling and filling.reencoded),
            disk_full=self.recording.is_full,
            why=why or ("source.no_key_frames" if self._packager.starved > self._starved else None),
        )  # fmt: skip

    def look(self) -> None:
        """To be called twice a second: measure, and tell when something has changed."""
        now_ms = self._clock.now_ms()
        if now_ms - self._measured_ms >= RATE_MS:
            self._kbit_s = round(self._bytes * 8 / (now_ms - self._measured_ms))
            self._bytes, self._measured_ms = 0, now_ms
        if self.filling:
            self.filling.look()
        self._look()

    async def close(self) -> None:
        """End the run, and let go of everybody."""
        if self.filling:
            await self.filling.close()
        self._keep(self._packager.end(self._clock.now_ms()))
        self.feed.close()
        self.recording.close()

    def _look(self) -> None:
        status = self.status()
        if status != self._shown:
            self._shown = status
            self._told(Notice(status=status))

    def _keep(self, outs: list[Out]) -> None:
        for out in outs:
            if out.notice.began is not None:
                self._starved = self._packager.starved
            self.recording.keep(out)
            self._told(out.notice)
            if out.notice.began is not None or out.notice.ended_ms is not None:
                _log.info("source %s: run %s %s", self.name, out.notice.run, "began" if out.notice.began else "ended")
        if self._packager.is_asking:
            self._packager.is_asking = False
            self.feed.request_key()

    def _told(self, notice: Notice) -> None:
        self._tell(msgspec.structs.replace(notice, source=self.name))
