"""The packets of one live source inside the media process: who takes them in publishes, who records, mixes or passes them on subscribes.

Nothing is decoded here. What is published has no holes in it: whoever takes packets in drops everything after a lost picture up to the
next key frame. A subscriber that is too slow loses its oldest packets, and then pictures up to the next key frame, for itself alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple, Self

from streaming.media.runs import State

SINCE_KEY_MOST = 600  # packets kept for an instant start: four seconds of 50 pictures and 50 sounds each
QUEUE = 256  # packets a subscriber may lag: about three seconds


class Encoded(NamedTuple):
    """One picture, or one packet of sound.

    Attributes:
        data: H264 access unit with start codes (parameter sets in band before a key frame); Opus packet; AAC frame without header.
        at_ms: when it is to be shown or heard, milliseconds since 1970 on the media host's clock.
        ticks: its place on the sender's own clock, 90,000 a second for pictures and 48,000 for sound; never wraps.
        offset: how many of these ticks a picture is shown after it is decoded; 0 where there are no B frames.
    """

    kind: Literal["video", "audio"]
    data: bytes
    at_ms: float
    ticks: int
    is_key: bool
    codec: Literal["h264", "opus", "aac"]
    offset: int = 0


class Subscription:
    """An asynchronous iterator over what is published from now on; it ends when it, or its feed, is closed.

    Attributes:
        lost: packets that were lost because the subscriber was too slow.
    """

    def __init__(self, feed: Feed, size: int) -> None:
        self._feed, self._size = feed, size
        self._waiting: deque[Encoded] = deque()
        self._came = asyncio.Event()
        self._closed = self._broken = False
        self.lost = 0

    def put(self, packet: Encoded) -> None:
        """Queue one more; the oldest goes when there are too many."""
        if len(self._waiting) >= self._size:
            oldest = self._waiting.popleft()
            self.lost += 1
            if oldest.kind == "video" and not self._broken:
                self._broken = True
                if not any(each.is_key and each.kind == "video" for each in self._waiting):
                    self._feed.request_key()
        self._waiting.append(packet)
        self._came.set()

    def close(self) -> None:
        """No more."""
        self._closed = True
        self._waiting.clear()
        self._came.set()
        self._feed.forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Encoded:
        """The next packet that is of use: after a loss no picture before the next key frame is."""
        while True:
            while not self._waiting:
                if self._closed:
                    raise StopAsyncIteration
                self._came.clear()
                await self._came.wait()
            packet = self._waiting.popleft()
            if packet.kind == "video":
                self._broken = self._broken and not packet.is_key
                if self._broken:
                    self.lost += 1
                    continue
            return packet


class Feed:
    """One source. It lives as long as the source is wanted, through any number of publishers.

    Attributes:
        name: the source's.
        state: ``waiting`` until somebody publishes, ``live``, ``gone`` when nothing has come for a while.
        last_key: the packets since the last key frame, that one first: for an instant start. Empty when there is none.
        viewers: how many watch it now; kept by whoever passes it on.
        level_db: loudness of the last second; kept by whoever decodes the sound.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: State = "waiting"
        self.last_key: list[Encoded] = []
        self.viewers = 0
        self.level_db: float | None = None
        self._subscribers: list[Subscription] = []
        self._ask: Callable[[], None] | None = None
        self._cut: Callable[[], None] | None = None

    def subscribe(self, size: int = QUEUE) -> Subscription:
        """Everything from now on; close it when done (it is a context manager)."""
        taken = Subscription(self, size)
        self._subscribers.append(taken)
        return taken

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that is closed."""
        if subscription in self._subscribers:
            self._subscribers.remove(subscription)

    def publish(self, packet: Encoded) -> None:
        """Hand one packet to everybody. The publisher sets `state`."""
        if packet.kind == "video" and packet.is_key:
            self.last_key = [packet]
        elif self.last_key:
            if len(self.last_key) >= SINCE_KEY_MOST:
                self.last_key = []
            else:
                self.last_key.append(packet)
        for each in list(self._subscribers):
            each.put(packet)

    def request_key(self) -> None:
        """Ask the publisher for a key frame now; without a publisher, or one that can do so, nothing happens."""
        if self._ask is not None:
            self._ask()

    def request_cut(self) -> None:
        """The source goes on air now: a key frame is worth more than when somebody only looks on."""
        if self._cut is not None:
            self._cut()
        else:
            self.request_key()

    def asks(self, ask: Callable[[], None] | None, cut: Callable[[], None] | None = None) -> None:
        """How to ask the publisher of this moment; ``None`` when there is none. It must bear being called often.

        Args:
            cut: for a publisher that gives a key frame only at a cost.
        """
        self._ask, self._cut = ask, cut

    def close(self) -> None:
        """The source is no more."""
        self._ask, self._cut, self.state, self.last_key = None, None, "gone", []
        for each in list(self._subscribers):
            each.close()
