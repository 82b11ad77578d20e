"""What needs aiortc: whoever fills the feed of a source, by its kind, and those who watch. Loading it takes half a second, so it is loaded
with the first source.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

from streaming.media.clocks import HostClock
from streaming.media.feed import Feed
from streaming.media.options import Options
from streaming.media.panels import Panel
from streaming.media.rtmp import Rtmp
from streaming.media.screens import Screen
from streaming.media.sdp import Gate
from streaming.media.source import Filling, Source
from streaming.media.watching import Viewers
from streaming.media.whip import Whip, ice_servers


class Seats:
    """A panel at work."""

    path = rtmp_port = why = None
    reencoded = False
    lost = 0

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self._work = asyncio.create_task(panel.run(), name=f"panel {panel.feed.name}")

    @property
    def publisher(self) -> str | None:
        """Whose picture is shown."""
        return self.panel.on_air

    def look(self) -> None:
        """A panel looks for itself."""

    async def close(self) -> None:
        """Everybody leaves."""
        self._work.cancel()
        with suppress(asyncio.CancelledError):
            await self._work


def make(source: Source, options: Options, clock: HostClock, find: Callable[[str], Feed | None], taken: Collection[int]) -> Filling:
    """Begin to fill the feed of *source*.

    Args:
        taken: ports that other studios have.

    Raises:
        NoPort: all ports for studios are taken.
    """
    match source.wanted.kind:
        case "whip":
            return Whip(source.feed, clock, ice_servers(options.ways), Gate(options.allow_loopback))
        case "rtmp":
            return Rtmp(source.feed, clock, source.wanted, options, taken)
        case "panel":
            panel = Panel(source.feed, find, clock.now_ms)
            panel.seat(source.wanted.members)
            return Seats(panel)
        case "screen":
            screen = Screen(source.feed, find, clock, lambda own: Whip(own, clock, ice_servers(options.ways), Gate(options.allow_loopback)))
            screen.listen(source.wanted.sound)
            return screen


def viewers(options: Options) -> Viewers:
    """Those who watch."""
    return Viewers(ice_servers(options.ways))
