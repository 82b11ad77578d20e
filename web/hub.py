"""The hub of a day: everything that happens, once encoded, to every screen that looks at the day from this process.

Screens that see the same, by lanes and roles, are a cohort and get the same frames. The first word after a silence leaves at once, those
that follow share a frame every `TICK_S`. Of a picture only the newest is sent, `web.painter` says how often. A screen whose line is full
is passed over and caught up when it has drained: nobody waits for it, and it misses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from conference.core.faces import Viewer
from web import wire
from web.cohort import SLICE, Cohort, Screen
from web.ring import Ring
from web.shows import Shown
from web.wire import Frame

TICK_S: Final = 0.05  # 20 frames a second at most: a busy chat still reads as live, and 2,000 screens cost 15 ms each time
SILENT_MOST: Final = 100  # entries a cohort is not shown before it is told how far the log has come: keeps its resume short

log = logging.getLogger(__name__)


class Hub:
    """One day in this process; `take` feeds it and `run` sends."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._cohorts: dict[Viewer, Cohort] = {}  # by `Viewer.cohort`
        self._told: dict[Viewer, int] = {}
        self._words: list[Shown] = []
        self._standing: dict[str, Shown] = {}  # the newest picture of each key
        self._fresh: set[str] = set()  # keys of those not sent yet
        self._wake = asyncio.Event()
        self._sent_s = float("-inf")
        self._before = ring.upto

    @property
    def screens(self) -> list[Screen]:
        """All that look on, in no order."""
        return [screen for cohort in self._cohorts.values() for screen in cohort.screens]

    def __len__(self) -> int:
        """How many they are."""
        return sum(map(len, self._cohorts.values()))

    def take(self, entries: Sequence[Shown]) -> None:
        """The next entries of the log."""
        for shown in entries:
            self.ring.add(shown)
            self._words.append(shown)
            self._wash(shown.feature)
        self._wake.set()

    def _wash(self, feature: str) -> None:
        """A word of a feature says more than its pictures from before it: they must not come behind it."""
        for key in [key for key, picture in self._standing.items() if picture.feature == feature]:
            del self._standing[key]
            self._fresh.discard(key)

    def paint(self, pictures: dict[str, Shown]) -> None:
        """All pictures of a feature as they stand; those that changed are sent. Its words up to their place must have been taken."""
        features = {picture.feature for picture in pictures.values()}
        for key in [key for key, older in self._standing.items() if older.feature in features and key not in pictures]:
            del self._standing[key]  # it stands no more, and is new when it comes again
            self._fresh.discard(key)
        for key, picture in pictures.items():
            older = self._standing.get(key)
            self._standing[key] = picture
            if older is None or older.sides != picture.sides:
                self._fresh.add(key)
        if self._fresh:
            self._wake.set()

    def restart(self, ring: Ring) -> None:
        """The log was replaced: all screens start afresh."""
        self.ring, self._before = ring, ring.upto
        self._words, self._standing, self._fresh = [], {}, set()
        self._told.clear()
        for cohort in self._cohorts.values():
            for screen in cohort.screens:
                cohort.put_aside(screen)
                screen.start_afresh()

    def enter(self, screen: Screen, upto: int) -> bool:
        """Add a screen that has every word up to *upto*, and tell it the rest; ``False`` when the rest is not known here."""
        if upto < self.ring.upto and self.ring.missed(upto, screen.viewer) is None:
            return False
        screen.upto, screen.behind = upto, None
        self._cohorts.setdefault(screen.viewer.cohort, Cohort()).put_aside(screen)
        if upto <= self.ring.upto:
            self._catch_up(screen, upto)
        return True

    def leave(self, screen: Screen) -> None:
        """Forget a screen; harmless when it is not here."""
        viewer = screen.viewer.cohort
        if (cohort := self._cohorts.get(viewer)) is not None:
            cohort.leave(screen)
            if not len(cohort):
                del self._cohorts[viewer]
                self._told.pop(viewer, None)

    def blocked(self, screen: Screen) -> None:
        """The line of a screen begins to fill: it is asked from now on before anything is sent."""
        if (cohort := self._cohorts.get(screen.viewer.cohort)) is not None and screen in cohort:
            cohort.put_aside(screen)

    def drained(self, screen: Screen) -> None:
        """A screen that was full reads again."""
        if screen.behind is not None:
            self._catch_up(screen, screen.behind)

    async def run(self) -> None:
        """Send what comes, for ever."""
        while True:
            await self._wait_for_turn()
            await self._send()

    async def _wait_for_turn(self) -> None:
        await self._wake.wait()
        late_s = asyncio.get_running_loop().time() - self._sent_s
        if late_s < TICK_S:
            await asyncio.sleep(TICK_S - late_s)
        self._wake.clear()

    async def _send(self) -> None:
        self._sent_s = asyncio.get_running_loop().time()
        before, upto, self._before = self._before, self.ring.upto, self.ring.upto
        batch = [*self._words, *(self._standing[key] for key in self._fresh)]
        self._words, self._fresh = [], set()
        alone = {person for shown in batch for person in shown.persons}
        made: dict[tuple[int, ...], list[Frame]] = {}
        for viewer, cohort in list(self._cohorts.items()):
            frames = self._frames(viewer, batch, before, upto, made)
            if frames or alone:
                await self._to_all(cohort, _Broadcast(before, upto, batch, frames, alone))

    def _frames(self, cohort: Viewer, batch: list[Shown], before: int, upto: int, made: dict[tuple[int, ...], list[Frame]]) -> list[Frame]:
        items = [side for shown in batch for side in shown.to(cohort)]
        if not items and upto - self._told.setdefault(cohort, before) < SILENT_MOST:
            return []
        self._told[cohort] = upto
        same = tuple(id(raw) for _, raw in items)
        if same not in made:
            made[same] = [Frame.of(payload) for payload in wire.news(before, upto, items)]
        return made[same]

    async def _to_all(self, cohort: Cohort, news: _Broadcast) -> None:
        aside = cohort.close_up(news.before)
        if news.alone:
            aside = cohort.screens
        else:
            aside += await cohort.write(b"".join(frame.wire for frame in news.frames))
        for n, screen in enumerate(aside, 1):
            if screen.upto < news.upto or news.before == news.upto:
                self._to_one(screen, news)
            if n % SLICE == 0:
                await asyncio.sleep(0)

    def _to_one(self, screen: Screen, news: _Broadcast) -> None:
        line = screen.line
        if line.blocked:
            if screen.behind is None:
                screen.behind = max(news.before, screen.upto)
        elif screen.behind is not None:
            self._catch_up(screen, screen.behind)
        elif news.before < screen.upto < news.upto:  # its state was newer than our news
            self._catch_up(screen, screen.upto)
        else:
            for frame in news.frames_for(screen.viewer) if news.alone else news.frames:  # whom it is, is asked only when it matters
                line.push(frame)

    def _catch_up(self, screen: Screen, before: int) -> None:
        """Tell one screen every word after *before*, as much as its line takes, and how things stand."""
        missed = self.ring.missed(before, screen.viewer)
        if missed is None:
            self.leave(screen)
            screen.start_afresh()
            return
        standing = [side for picture in self._standing.values() for side in picture.to(screen.viewer)]
        screen.behind, at = None, before
        for payload in wire.news(before, self.ring.upto, [*missed, *standing]) if missed or standing else ():
            if screen.line.blocked:
                screen.behind = at
                return
            screen.line.push(Frame.of(payload))
            at = _upto(payload)
        screen.upto = self.ring.upto


def _upto(payload: bytes) -> int:
    return int(payload[len(b'{"upto":') : payload.index(b",")])


@dataclass(frozen=True, slots=True)
class _Broadcast:
    """One tick for one cohort."""

    before: int
    upto: int
    batch: list[Shown]
    frames: list[Frame]
    alone: set[str]

    def frames_for(self, viewer: Viewer) -> Iterable[Frame]:
        """The cohort's, unless something is for this person alone: then one that holds both, in order."""
        if viewer.person not in self.alone:
            return self.frames
        items = [side for shown in self.batch for side in shown.to(viewer)]
        return [Frame.of(payload) for payload in wire.news(self.before, self.upto, items)]
