"""A shared screen, or a page of slides: its picture with the sound of its lane's panel, so that who shows something is heard as well.

It is a panel whose picture is always this one. Sound that the sender brings, a film's say, is mixed with the rest.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from streaming.media.clocks import HostClock
from streaming.media.feed import Encoded, Feed
from streaming.media.panels import BEHIND_MS, Panel
from streaming.media.runs import Path
from streaming.media.standing import Sight, Standing

if TYPE_CHECKING:
    import av

    from streaming.media.whip import Whip

OWN = "-"  # the screen among those who are heard; no source is called so
RATE = 10  # pictures a second: enough for a pointer, and four in each part of a lane
STILL_MOST_S = 5.0  # a sender that was asked twice for a key frame and gave no picture at all is gone
ASK_EVERY_S = 1.0
TELL_EVERY_S = 30.0  # of what goes wrong, which may be each picture
SLIDES = "slides"

_log = logging.getLogger(__name__)


class Screen:
    """A screen at work.

    Attributes:
        whip: who sends it, unless it is slides.
    """

    rtmp_port = None
    reencoded = True
    why = None

    def __init__(self, feed: Feed, find: Callable[[str], Feed | None], clock: HostClock, make: Callable[[Feed], Whip]) -> None:
        self._feed, self._find, self._clock = feed, find, clock
        self._own, self._flow = Feed(f"{feed.name}/own"), Feed(f"{feed.name}/flow")
        self.whip = make(self._own)
        self._sound: str | None = None
        self._standing, self._sight, self._is_slides = Standing(), Sight(), False
        self._came: list[Encoded] = []
        self._came_s, self._asked_s = 0.0, 0.0
        self._is_asked = True
        self._flow.asks(self._ask)
        self._work = [asyncio.create_task(each, name=f"screen {feed.name}") for each in (self._hear(), self._keep_flowing())]
        self._panel: Panel | None = None
        self._mixing: asyncio.Task[None] | None = None

    @property
    def path(self) -> Path | None:
        """How the packets come; slides come no way at all."""
        return None if self._is_slides else self.whip.path

    @property
    def lost(self) -> int:
        """Pictures lost since the publisher came."""
        return self.whip.lost

    @property
    def publisher(self) -> str | None:
        """The resource of the one who is sending, or that it is slides."""
        return SLIDES if self._is_slides else self.whip.publisher

    def listen(self, panel: str | None) -> None:
        """Whose sound it carries from now on."""
        self._sound = panel
        if self._panel is not None:
            self._panel.seat(self._heard_ones)

    def show(self, page: av.VideoFrame | None) -> None:
        """Show a page of slides instead of what is sent; ``None``: no longer."""
        if page is None and not self._is_slides:
            return
        self._clear()
        self._is_slides = page is not None
        if page is not None:
            self._standing.show(page)

    def look(self) -> None:
        """Let go of publishers that are over."""
        self.whip.look()

    async def close(self) -> None:
        """End everything."""
        await self.whip.close()
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._hush()
        self._own.close()
        self._flow.close()

    @property
    def _heard_ones(self) -> list[str]:
        return [OWN, *([self._sound] if self._sound else [])]

    def _ask(self) -> None:
        self._is_asked = True

    def _clear(self) -> None:
        """What is being decoded will not be shown either."""
        self._standing.clear()
        self._sight = Sight()

    async def _hear(self) -> None:
        with self._own.subscribe() as coming:
            async for packet in coming:
                if packet.kind == "video":
                    self._came.append(packet)
                    self._came_s = time.monotonic()
                else:
                    self._flow.publish(packet)

    async def _keep_flowing(self) -> None:
        origin_s, n, told_s = time.monotonic(), 0, float("-inf")
        while True:
            n = max(n + 1, int((time.monotonic() - origin_s) * RATE))  # a process that stood still does not make up for it
            await asyncio.sleep(max(0.0, origin_s + n / RATE - time.monotonic()))
            try:
                await self._tick()
            except Exception as error:  # noqa: BLE001  (one picture that is beyond us must not end the screen)
                self._sight = Sight()
                if time.monotonic() - told_s > TELL_EVERY_S:
                    told_s = time.monotonic()
                    _log.error("screen %s", self._feed.name, exc_info=error)

    async def _tick(self) -> None:
        came, self._came = self._came, []
        if self.whip.publisher is None and not self._is_slides:
            self._clear()
        elif not self._is_slides:
            await self._take(came)
        if self._standing.is_there:
            await self._flow_on()
        else:
            await self._hush()

    async def _take(self, came: list[Encoded]) -> None:
        now_s, sight = time.monotonic(), self._sight
        last, is_whole = await asyncio.to_thread(sight.take, came)
        if sight is not self._sight:  # a page was shown meanwhile, or taken away
            return
        if last is not None:
            self._standing.show(last)
        if (not is_whole or now_s - self._came_s > ASK_EVERY_S) and now_s - self._asked_s > ASK_EVERY_S:
            self._asked_s = now_s
            self._own.request_key()
        if not came and now_s - self._came_s > STILL_MOST_S:
            self._clear()

    async def _flow_on(self) -> None:
        if self._mixing is not None and self._mixing.done():  # it never ends by itself: what ended it is told, and it begins anew
            await self._hush()
        if self._mixing is None:
            self._panel = Panel(self._feed, self._fed, self._clock.now_ms, shows={OWN})
            self._panel.seat(self._heard_ones)
            self._panel.chosen = OWN
            self._mixing = asyncio.create_task(self._panel.run(), name=f"sound of {self._feed.name}")
            self._flow.state = "live"
        is_asked, self._is_asked = self._is_asked, False
        for each in await asyncio.to_thread(self._standing.shoot, self._clock.now_ms() - BEHIND_MS, is_asked=is_asked):
            self._flow.publish(each)

    async def _hush(self) -> None:
        """Neither picture nor sound."""
        if self._mixing is None:
            return
        mixing, self._mixing, self._panel = self._mixing, None, None
        mixing.cancel()
        with suppress(asyncio.CancelledError):
            await mixing
        self._is_asked = True
        self._feed.asks(None)
        self._feed.state, self._feed.last_key = "gone", []

    def _fed(self, name: str) -> Feed | None:
        return self._flow if name == OWN else self._find(name)
