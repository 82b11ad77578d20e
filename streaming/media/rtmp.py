"""Studios that send by RTMP: one port and one thread each. H264 and AAC pass as they are; what breaks the rules of a lane is encoded anew.

The library refuses no wrong name or key, it only warns in its log: so the log is read, before the first packet is taken.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Collection
from contextlib import closing, suppress

import av
import av.logging
from av.error import FFmpegError

from streaming.media.clocks import HostClock
from streaming.media.feed import Feed
from streaming.media.intake import Intake
from streaming.media.options import Options
from streaming.media.runs import Path
from streaming.media.source import NoPort, Wanted
from streaming.media.studio import Broken, Piece, Studio

APP = "live"
REFUSED = ("Unexpected stream", "App field don't match")
LISTEN_S = 20  # then the port is opened anew
OPEN_S = LISTEN_S + 20.0  # for a client that has come, to say what it sends
READ_S = 3.0  # without a packet: the cable is out
LOOK_S = 0.2  # at the beginning of what it sends, if there is no sound in it; a part of a lane takes longer
AGAIN_S = 0.2

_log = logging.getLogger(__name__)


class Rtmp:
    """One studio's listener.

    Attributes:
        rtmp_port: where it listens.
        reencoded: whether the pictures of the one who sends now are encoded anew.
        why: why the last one was turned away.
    """

    lost = 0

    def __init__(self, feed: Feed, clock: HostClock, wanted: Wanted, options: Options, taken: Collection[int] = ()) -> None:
        self._loop = asyncio.get_running_loop()
        self._feed, self._clock = feed, clock
        self.rtmp_port = _free_port(options, wanted.rtmp_port, taken)
        self._host, self._spare = options.rtmp_host, options.spare
        self._url = f"rtmp://{self._host}:{self.rtmp_port}/{APP}/{wanted.rtmp_key}"
        self.reencoded = False
        self.why: str | None = None
        self.publisher: str | None = None
        self._intake: Intake | None = None
        self._studio: Studio | None = None
        self._stop = threading.Event()
        feed.asks(self._ask, self._cut)
        self._thread = threading.Thread(target=self._run, name=f"rtmp {self.rtmp_port}", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path | None:
        """Always the same."""
        return "rtmp"

    def look(self) -> None:
        """Nothing to do twice a second."""

    async def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._feed.asks(None)
        with suppress(OSError):  # wakes a thread that waits for somebody
            socket.create_connection((_own(self._host), self.rtmp_port), 0.5).close()
        await asyncio.to_thread(self._thread.join, 1.0)

    def _ask(self) -> None:
        """Only pictures that are encoded here can become a key frame on request."""
        if self._studio is not None:
            self._studio.ask()

    def _cut(self) -> None:
        """A lane waits for a picture that it can begin with; pictures that pass are encoded here if their own is not near."""
        if self._studio is not None:
            self._studio.cut()

    def _run(self) -> None:
        av.logging.set_level(av.logging.WARNING)
        av.logging.set_skip_repeated(False)  # the second wrong key must be heard of too
        while not self._stop.is_set():
            try:
                self._serve()
            except (FFmpegError, OSError, ValueError):  # nobody came, or the sender left
                self._stop.wait(AGAIN_S)
            except Exception:  # noqa: BLE001  (whatever one sender does, the next one is listened to)
                _log.exception("rtmp %s", self.rtmp_port)
                self._stop.wait(1.0)

    def _serve(self) -> None:
        options = {
            "listen": "1",
            "timeout": str(LISTEN_S),
            "probesize": "500000",
            "analyzeduration": str(round(LOOK_S * 1_000_000)),
            "fpsprobesize": "0",  # or twenty pictures would be waited for; how fast they come is measured later
        }
        with av.logging.Capture(local=True) as said:
            container = av.open(self._url, options=options, timeout=(OPEN_S, READ_S))
        with closing(container):
            if self._stop.is_set():
                return
            if any(mark in text for _, _, text in said for mark in REFUSED):
                self._turned_away("source.key_wrong")
                return
            try:
                self._take_in(Studio(container, self._spare))
            except Broken as error:
                self._turned_away(error.code)

    def _turned_away(self, code: str) -> None:
        _log.warning("rtmp %s: %s", self.rtmp_port, code)
        self.why = code

    def _take_in(self, studio: Studio) -> None:
        """Everything that the studio sends."""
        self.why, self._studio = None, studio
        self._loop.call_soon_threadsafe(self._came)
        try:
            for piece in studio.pieces():
                if self._stop.is_set():
                    return
                self._loop.call_soon_threadsafe(self._take, piece, time.monotonic() * 1_000)
                self.reencoded = studio.reencodes
        finally:
            self._studio, self.reencoded = None, False
            with suppress(RuntimeError):  # the loop may have ended before us
                self._loop.call_soon_threadsafe(self._left)

    def _came(self) -> None:
        self._intake, self.publisher = Intake(self._feed, self._clock, lambda: None), "rtmp"

    def _left(self) -> None:
        self._intake, self.publisher = None, None

    def _take(self, piece: Piece, came_ms: float) -> None:
        intake = self._intake
        if intake is None or self._stop.is_set():
            return
        if piece.kind == "video":
            intake.picture(piece.data, piece.ticks, came_ms, is_key=piece.is_key, hole=False, offset=piece.offset)
        else:
            intake.sound(piece.data, piece.ticks, came_ms, "aac")
        rate = 90 if piece.kind == "video" else 48
        intake.lip.report(piece.kind, piece.ticks / rate, piece.ticks)  # one clock for both


def _own(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # nothing listens here: it is compared


def _free_port(options: Options, before: int | None, taken: Collection[int]) -> int:
    """The one it had before, if it can be had, else a free one."""
    ports = list(options.rtmp_ports)
    for port in sorted(ports, key=lambda each: each != before):
        if port in taken:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((options.rtmp_host, port))
            return port
    raise NoPort
