"""A source without a network: a feed that is live, with a number burnt into each picture and a tone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from streaming.media.feed import Feed
from tests.streaming.media.cameras import Camera
from tests.streaming.media.peers import until
from tests.streaming.media.sounds import Microphone


class Studio:
    """25 pictures and 50 sounds a second; a key frame at the start, and when asked for.

    Attributes:
        shot: pictures so far, and the number in the next one.
        keys: key frames so far.
    """

    def __init__(self, name: str = "studio", hertz: float = 440) -> None:
        self.feed = Feed(name)
        self.feed.state = "live"
        self.keys, self.shot, self._wanted = 0, 0, True
        self._microphone, self._camera = Microphone(hertz), Camera()
        self.feed.asks(self._ask)

    def _ask(self) -> None:
        self._wanted = True

    async def run(self) -> None:
        begins, n = time.monotonic(), 0
        while True:
            at_ms = (begins + 0.02 * n) * 1_000
            self.feed.publish(self._microphone.say()._replace(at_ms=at_ms))
            if n % 2 == 0:
                self.keys += self._wanted
                picture = self._camera.shoot(self.shot, at_ms, key=self._wanted)
                self._wanted = False
                self.feed.publish(picture)
                self.shot += 1
            n += 1
            await asyncio.sleep(max(0.0, begins + 0.02 * n - time.monotonic()))


@asynccontextmanager
async def a_studio(name: str = "studio", hertz: float = 440) -> AsyncIterator[Studio]:
    """One that is on the air."""
    studio = Studio(name, hertz)
    task = asyncio.create_task(studio.run())
    await until(lambda: studio.shot > 3)
    try:
        yield studio
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
