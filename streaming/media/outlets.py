"""From one feed to its viewers: each packet is made ready once, and handed to every viewer's tracks.

A viewer begins with the pictures since the last key frame, shown in quick motion, and so sees something at once. One who is too slow loses
pictures up to the next key frame, alone. Sound that no browser takes (AAC) becomes Opus here, once for all.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from streaming.media.cmaf import AUDIO_RATE, VIDEO_RATE
from streaming.media.feed import Encoded, Feed
from streaming.media.sounding import SAMPLES_PER_MS, TICK_SAMPLES, Decoder, OpusEncoder, silence

Kind = Literal["video", "audio"]

WAITING_MOST = 64  # packets a viewer's track may lag behind a quick start: two seconds of pictures; later ones are worth more
QUICK_MOST = 160  # pictures in a quick start: three seconds of 50; with more a new key frame is the quicker way
KEY_EVERY_S = 1.0  # viewers' wishes for a key frame are passed on so often at most
QUICK_MS = 4  # between pictures of the quick start: two seconds of film within a quarter
TIME_BASE = {"video": Fraction(1, VIDEO_RATE), "audio": Fraction(1, AUDIO_RATE)}
TICKS_PER_MS = {"video": VIDEO_RATE // 1_000, "audio": AUDIO_RATE // 1_000}


class KeyWish:
    """Asks a feed for key frames, not too often; a wish that comes too early is fulfilled when its time has come."""

    def __init__(self, feed: Feed, every_s: float) -> None:
        self._feed, self._every_s, self._asked_s = feed, every_s, -every_s
        self._later: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """A key frame is needed."""
        if self._later is not None:
            return
        early_s = self._asked_s + self._every_s - time.monotonic()
        if early_s > 0:
            self._later = asyncio.get_running_loop().call_later(early_s, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        self._later, self._asked_s = None, time.monotonic()
        self._feed.request_key()


class Opused:
    """AAC as Opus, in the rhythm of Opus."""

    def __init__(self) -> None:
        self._decoder, self._encoder = Decoder("aac"), OpusEncoder()
        self._store = silence(0)
        self._begins = 0.0  # at_ms of the first sample in the store

    def hear(self, packet: Encoded) -> Iterator[Encoded]:
        """The packets of Opus that have become whole with this frame of AAC."""
        expected = self._begins + len(self._store) / SAMPLES_PER_MS
        if abs(packet.at_ms - expected) > 2 * TICK_SAMPLES / SAMPLES_PER_MS:  # a gap: go on where it goes on
            self._store, self._begins = silence(0), packet.at_ms
        self._store = np.concatenate([self._store, self._decoder.decode(packet.data)])
        while len(self._store) >= TICK_SAMPLES:
            for coded in self._encoder.encode(self._store[:TICK_SAMPLES]):
                ticks = round(self._begins * SAMPLES_PER_MS)
                yield Encoded("audio", coded.data, self._begins, ticks, is_key=True, codec="opus")
            self._store = self._store[TICK_SAMPLES:]
            self._begins += TICK_SAMPLES / SAMPLES_PER_MS


class Outlet:
    """Hands the packets of a feed to viewers, as long as there are any."""

    def __init__(self, feed: Feed) -> None:
        self.feed, self.key = feed, KeyWish(feed, KEY_EVERY_S)
        self._tracks: dict[Kind, list[ViewerTrack]] = {"video": [], "audio": []}
        self._task: asyncio.Task[None] | None = None
        self._opused: Opused | None = None

    @property
    def in_use(self) -> bool:
        """Whether anybody watches or listens."""
        return any(self._tracks.values())

    def track(self, kind: Kind) -> ViewerTrack:
        """A track for one viewer; it begins when it is first read."""
        return ViewerTrack(kind, self)

    def join(self, track: ViewerTrack) -> None:
        """From now on *track* gets all that comes; pictures begin with those since the last key frame."""
        if track.kind == "video":
            since_key = [packet for packet in self.feed.last_key if packet.kind == "video"]
            if not since_key or len(since_key) > QUICK_MOST:
                since_key = []
                self.key.ask()
            track.quick = len(since_key)
            for n, packet in enumerate(since_key):
                early_ms = (len(since_key) - 1 - n) * QUICK_MS
                track.put(_ready(packet, since_key[-1].at_ms - early_ms), is_key=packet.is_key)
        self._tracks[track.kind].append(track)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"outlet {self.feed.name}")

    def leave(self, track: ViewerTrack) -> None:
        """*track* gets nothing more."""
        if track in self._tracks[track.kind]:
            self._tracks[track.kind].remove(track)
        if not self.in_use and self._task is not None:
            self._task.cancel()
            self._task, self._opused = None, None

    async def _run(self) -> None:
        with self.feed.subscribe() as coming:
            async for packet in coming:
                self._hand_on(packet)
        for track in [*self._tracks["video"], *self._tracks["audio"]]:
            track.stop()

    def _hand_on(self, packet: Encoded) -> None:
        tracks = self._tracks[packet.kind]
        if not tracks:
            return
        if packet.codec == "aac":
            self._opused = self._opused or Opused()
            packets = list(self._opused.hear(packet))
        else:
            packets = [packet]
        for each in packets:
            ready = _ready(each, each.at_ms)
            for track in tracks:
                track.put(ready, is_key=each.is_key)


def _ready(packet: Encoded, at_ms: float) -> av.Packet[Any]:
    ready = av.Packet(packet.data)
    ready.pts = ready.dts = round(at_ms * TICKS_PER_MS[packet.kind])
    ready.time_base = TIME_BASE[packet.kind]
    ready.is_keyframe = packet.is_key
    return ready


class ViewerTrack(MediaStreamTrack):
    """One viewer's pictures or sound, as aiortc reads them.

    Attributes:
        quick: how many of the next pictures belong to the quick start.
        lost: packets that this viewer lost because it was too slow.
    """

    def __init__(self, kind: Kind, outlet: Outlet) -> None:
        super().__init__()
        self.kind: Kind = kind
        self.quick = self.lost = 0
        self._outlet, self._joined, self._until_key = outlet, False, kind == "video"
        self._queue: deque[tuple[av.Packet[Any], bool]] = deque()
        self._came = asyncio.Event()

    def put(self, packet: av.Packet[Any], *, is_key: bool) -> None:
        """Queue one more. When there are too many the oldest go, and with them all pictures before the next key frame."""
        if len(self._queue) >= WAITING_MOST + self.quick:
            self._lose()
        if self._until_key and not is_key:
            self.lost += 1
            return
        self._until_key = False
        self._queue.append((packet, is_key))
        self._came.set()

    def _lose(self) -> None:
        self.quick = 0
        self._queue.popleft()
        self.lost += 1
        while self.kind == "video" and self._queue and not self._queue[0][1]:
            self._queue.popleft()
            self.lost += 1
        if not self._queue:
            self._until_key = self.kind == "video"
            self._outlet.key.ask()

    async def recv(self) -> av.Packet[Any]:
        """The next packet.

        Raises:
            MediaStreamError: there are no more.
        """
        if not self._joined:
            self._joined = True
            self._outlet.join(self)
        if self.quick:
            self.quick -= 1
            await asyncio.sleep(QUICK_MS / 1_000)  # a burst of all at once would overflow buffers on the way
        while not self._queue and self.readyState == "live":
            self._came.clear()
            await self._came.wait()
        if self.readyState != "live":
            raise MediaStreamError
        return self._queue.popleft()[0]

    def stop(self) -> None:
        """Nothing more is read from it."""
        super().stop()
        self._outlet.leave(self)
        self._came.set()
