"""Panels: the picture of one member, the sound of all. For the packager and the viewers a panel is a feed like any other.

Whoever is loudest is shown, or whom the producer chose; while people are heard and none has a camera, a plate stands for them. Each member
can have the panel's picture back with everybody's sound but its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

from streaming.media.directing import Director
from streaming.media.feed import Encoded, Feed
from streaming.media.loudest import Loudest
from streaming.media.mixing import DELAY_MS, MEMBERS_MOST, Mixer
from streaming.media.outlets import KeyWish, Outlet
from streaming.media.plate import Plate
from streaming.media.sounding import SAMPLES_PER_MS, TICK_SAMPLES

TICK_MS = TICK_SAMPLES / SAMPLES_PER_MS
BEHIND_MS = 50.0  # what is mixed now came so long ago: a packet, and as much again in reserve
LATE_MOST_MS = 1_000.0  # a process that stood still for longer does not make up for it: the sound has a hole
KEY_EVERY_S = 0.3  # a key frame that a cut waits for is asked for so often
PLATE = "-plate"  # among those whose pictures can be shown; no member is called so
LOOK_S = 0.3  # between looks for a member who is not there yet


class Panel:
    """Members' feeds in, one feed out, while `run` runs.

    Attributes:
        feed: its picture, and the sound of everybody.
        chosen: the member whose picture is to be shown; ``None``: the loudest one's. One who has no picture cannot be shown.

    Args:
        shows: the members who can be shown at all, the others are only heard; ``None``: everybody.
    """

    def __init__(
        self, feed: Feed, find: Callable[[str], Feed | None], now_ms: Callable[[], float], *, shows: Collection[str] | None = None
    ) -> None:
        self.feed, self._shows = feed, shows
        self.chosen: str | None = None
        self._find, self._now_ms = find, now_ms
        self._following: dict[str, asyncio.Task[None]] = {}
        self._mixer, self._director, self._loudest = Mixer([]), Director(), Loudest()
        self._heard: list[tuple[str, Encoded]] = []
        self._ears: dict[str, Outlet] = {}
        self._keys: dict[str, KeyWish] = {}
        self._plate = Plate()

    @property
    def members(self) -> list[str]:
        """Who belongs to it."""
        return list(self._following)

    @property
    def on_air(self) -> str | None:
        """Whose picture is shown."""
        return self._director.on_air

    def seat(self, members: Collection[str]) -> None:
        """Who belongs to it from now on, twelve at most; who stays is not disturbed."""
        assert len(members) <= MEMBERS_MOST
        for member in set(self._following) - set(members):
            self._following.pop(member).cancel()
            self._keys.pop(member, None)
            self._director.leave(member)
        for member in members:
            if member not in self._following:
                self._following[member] = asyncio.create_task(self._follow(member), name=f"member {member}")

    def ear(self, without: str) -> Outlet:
        """The sound of everybody *without* one member."""
        if without not in self._ears:
            self._ears[without] = Outlet(Feed(f"{self.feed.name}/{without}"))
        return self._ears[without]

    async def run(self) -> None:
        """Mix and direct, every 20 ms, until cancelled."""
        self.feed.asks(self._ask_for_key)
        origin_ms, ticks = self._now_ms(), 0
        try:
            while True:
                ticks += 1
                early_ms = origin_ms + ticks * TICK_MS - self._now_ms()
                if early_ms < -LATE_MOST_MS:
                    origin_ms -= early_ms
                await asyncio.sleep(max(0.0, early_ms / 1_000))
                await self._tick(origin_ms + ticks * TICK_MS)
        finally:
            await self._end()

    async def _end(self) -> None:
        following = list(self._following.values())
        self.seat([])
        for task in following:
            with suppress(asyncio.CancelledError):
                await task
        for ear in self._ears.values():
            ear.feed.close()

    async def _follow(self, member: str) -> None:
        while True:
            feed = self._find(member)
            if feed is not None and feed is not self.feed:
                self._keys[member] = KeyWish(feed, KEY_EVERY_S)
                with feed.subscribe() as coming:
                    async for packet in coming:
                        self._hear(member, packet)
            await asyncio.sleep(LOOK_S)

    def _hear(self, member: str, packet: Encoded) -> None:
        if packet.kind == "audio":
            self._heard.append((member, packet))
        elif self._shows is not None and member not in self._shows:
            return
        elif (shown := self._director.see(member, packet, self._now_ms())) is not None:
            self.feed.state = "live"
            self.feed.publish(shown)

    async def _tick(self, at_ms: float) -> None:
        heard, self._heard = self._heard, []
        self._mixer.seat(self._following)
        mixed = await asyncio.to_thread(self._mixer.tick, heard, [ear for ear, outlet in self._ears.items() if outlet.in_use])
        ticks = round((at_ms - BEHIND_MS - DELAY_MS) * SAMPLES_PER_MS)
        for ear, data in mixed.sounds.items():
            feed = self.feed if ear is None else self._ears[ear].feed
            feed.publish(Encoded("audio", data, ticks / SAMPLES_PER_MS, ticks, is_key=True, codec="opus"))
        if heard:
            self._plate.hear(at_ms)
        self._direct(mixed.levels)
        if PLATE in {self._director.wanted, self._director.on_air}:
            for shot in await asyncio.to_thread(self._plate.shoot, at_ms - BEHIND_MS - DELAY_MS):
                self._hear(PLATE, shot)

    def _direct(self, levels: dict[str, float]) -> None:
        now_ms = self._now_ms()
        pictured = self._director.with_picture(now_ms) - {PLATE}
        loudest = self._loudest.hear(now_ms, {member: db for member, db in levels.items() if member in pictured})
        wanted = self.chosen if self.chosen in pictured else loudest
        if self._shows is None and self._plate.is_due(now_ms, pictures=bool(pictured), on_air=self._director.on_air is not None):
            wanted = PLATE
        if self._director.want(wanted, now_ms):
            self._ask_for_key()
        if self._director.on_air is None and self.feed.state == "live":
            self.feed.state, self.feed.last_key = "gone", []

    def _ask_for_key(self) -> None:
        """Of the one who is to be shown."""
        if self._director.wanted == PLATE:
            self._plate.ask()
        elif (wish := self._keys.get(self._director.wanted or "")) is not None:
            wish.ask()
