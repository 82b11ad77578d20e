"""The painter of a day: reads how things stand that change without an event, and hands the pictures to the hub.

Votes are no events, so nobody is told of them: what is shown of a poll is read, at most `PICTURES_PER_SECOND` times a second however
many vote, from the first event of the feature on until it says that nothing changes any more. One read serves all screens.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from conference.core.event import Entry
from conference.core.log import head
from conference.core.store import Store
from web.hub import Hub
from web.shows import Picture, Stage, painted

PICTURES_PER_SECOND: Final = 4  # smooth on a big screen; 450 votes in ten seconds become 40 sends a browser, not 450
CATCH_UP_S: Final = 1.0  # how long a picture waits for the words it belongs behind

log = logging.getLogger(__name__)


class Painter:
    """Paints the pictures of all features of one day."""

    def __init__(self, store: Store, stage: Stage, day: str, hub: Hub) -> None:
        self._store, self._day, self._hub = store, day, hub
        self._models = {shows.feature: shows.pictures for shows in stage.shows if shows.pictures}
        self._stirs = {shows.feature: shows.stirred_by | {shows.feature} for shows in stage.shows if shows.pictures}
        self._every_s = {shows.feature: shows.every_s for shows in stage.shows}
        self._due_s = dict.fromkeys(self._models, 0.0)
        self._moving = set(self._models)
        self._stirred = asyncio.Event()
        self._stirred.set()

    def stir(self, entries: Sequence[Entry]) -> None:
        """Something happened; what its feature shows may change from now on."""
        told = {entry.event.name.partition(".")[0] for entry in entries}
        self.move(feature for feature, by in self._stirs.items() if by & told)

    def move(self, features: Iterable[str]) -> None:
        """What these features show may change from now on."""
        moved = set(features) & self._models.keys()
        if moved:
            self._moving |= moved
            self._stirred.set()

    async def run(self) -> None:
        """Paint what moves, for ever."""
        clock = asyncio.get_running_loop().time
        begun_s = clock()
        while True:
            if not self._stirred.is_set():
                await self._stirred.wait()
                begun_s = clock()
            await asyncio.sleep(max(0.0, begun_s + 1 / PICTURES_PER_SECOND - clock()))  # from one beginning to the next
            begun_s = clock()
            try:
                if len(self._hub):
                    await self._paint()
            except TimeoutError:  # the words it belongs behind are late; the next round paints what is true then
                await asyncio.sleep(1)
            except Exception as error:  # the database is away, or a feature's mistake; the next round tries again
                if not self._store.noted(error):
                    log.exception("no pictures of %s this time", self._day)
                await asyncio.sleep(1)
            if not self._moving:
                self._stirred.clear()

    async def _paint(self) -> None:
        now_s = asyncio.get_running_loop().time()
        due = sorted(feature for feature in self._moving if self._due_s[feature] <= now_s)
        if not due:
            return
        async with self._store.reading() as session:
            end = await head(session, self._day)
            at = end.seq if end else 0
            found = {feature: await self._models[feature](session, self._day) for feature in due}
        async with asyncio.timeout(CATCH_UP_S):
            while self._hub.ring.upto < at:  # noqa: ASYNC110  # a millisecond as a rule; not worth an event of its own
                await asyncio.sleep(0.01)
        for feature, pictures in found.items():
            self._due_s[feature] = now_s + self._every_s[feature]
            self._show(feature, pictures, at)

    def _show(self, feature: str, pictures: Sequence[Picture], at: int) -> None:
        if self._hub.ring.told_of(feature, at):  # something newer was said; look again
            return
        self._hub.paint({picture.key: painted(picture, at) for picture in pictures})
        if not pictures:
            self._moving.discard(feature)
