"""Viewers of a national day: each on one socket, and with one connection for the list of its own lane, from its joining to the end."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from tests.load.nation import NATIONAL
from web.crowd.client import Client, Staff
from web.crowd.door import Door, Who, local_sources
from web.crowd.frames import Item
from web.crowd.load import allow_files

PICTURE = re.compile(rb'URI="?\.\./\.\./media/([^/"]+)/|^\.\./\.\./media/([^/\n]+)/', re.MULTILINE)
LOOKS_S = 0.8  # between two looks at a list, and over which all look for the first time: more would be this program's own burden
AT_ONCE = 60  # of those who come in
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Heard:
    """A piece of news, and when it was heard."""

    item: Item
    heard_s: float

    @property
    def late_s(self) -> float:
        """How long after it had happened."""
        return self.heard_s - datetime.fromisoformat(self.item.at).timestamp()


class Viewer:
    """One of them.

    Attributes:
        lane: that of its region, or the country's.
        words: the news that it heard, by kind and in order; pictures are not kept.
    """

    def __init__(self, door: Door, number: int, region: str | None) -> None:
        self.client = Client(door, Who(name=f"Tittare {number}", region=region), keep=NOTHING, turn=number)
        self.lane, self.words, self._door = region or NATIONAL, defaultdict[str, list[Heard]](list), door
        self.client.hears.append(self._hear)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    def _hear(self, item: Item) -> None:
        if item.seq is not None:
            self.words[item.type].append(Heard(item, time.time()))

    def of(self, kind: str, since: int = 0, **data: Any) -> list[Heard]:
        """The news of a kind after a place in the log, with these data."""
        later = [one for one in self.words[kind] if (one.item.seq or 0) > since]
        return [one for one in later if all(one.item.data.get(name) == value for name, value in data.items())]

    async def shown(self) -> str:
        """The last picture in the list of its lane: the first part of its address."""
        assert self.client.session
        text = await self._get(f"/days/{self.client.session.day}/lanes/{self.lane}/live.m3u8")
        found = PICTURE.findall(text)
        return "".join(part.decode() for part in found[-1]) if found else ""

    async def _get(self, path: str) -> bytes:
        if self._writer is None:
            source = self._door.source_of(hash(self.lane) % 50)
            self._reader, self._writer = await asyncio.open_connection(self._door.host, self._door.port, local_addr=source, limit=1 << 18)
        assert self._reader
        try:
            self._writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._door.host}:{self._door.port}\r\n\r\n".encode())
            head = await self._reader.readuntil(b"\r\n\r\n")
            body = await self._reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))  # type: ignore[index]
        except (OSError, asyncio.IncompleteReadError):
            self.hang_up()
            raise
        if not head.startswith(b"HTTP/1.1 200"):
            raise OSError(head[:15].decode())
        return body

    def hang_up(self) -> None:
        """Close the connection for lists."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass(eq=False)
class Audience:
    """All viewers, and who runs the day."""

    viewers: list[Viewer]
    staff: Staff
    by_lane: Mapping[str, list[Viewer]] = field(default_factory=dict)

    @property
    def upto(self) -> int:
        """How far the newest news go that anybody has heard."""
        return max(one.client.ledger.upto for one in self.viewers)

    def all_heard(self, kind: str, since: int, viewers: Sequence[Viewer] | None = None, **data: Any) -> Callable[[], bool]:
        """Whether every one of them has heard it."""
        deaf = list(self.viewers if viewers is None else viewers)

        def all_have() -> bool:
            while deaf and deaf[-1].of(kind, since, **data):
                deaf.pop()
            return not deaf

        return all_have

    def counts(self) -> Counter[str]:
        """Welcomes of each sort, and news that were lost or doubled."""
        found = Counter[str]()
        for viewer in self.viewers:
            counts, ledger = viewer.client.counts, viewer.client.ledger
            found.update(afresh=counts.afresh, recovered=counts.recovered, gaps=ledger.gaps, doubles=ledger.doubles)
        return found

    async def go(self, lane: str = NATIONAL) -> str:
        """GO; the cue that was given, or why none was."""
        answer = await self.staff.ask("rundown.go", {"lane": lane}, tries=50)
        return str(answer.data["cue"]) if answer.ok else answer.code

    async def go_until(self, cue: str, lane: str = NATIONAL) -> list[str]:
        """GO until a cue has been given, or the day is over, which the clock may see to first; all that were."""
        given: list[str] = []
        while not given or given[-1] not in {cue, "day.ended"}:
            given.append(await self.go(lane))
            assert given[-1] != "cue.none_left", (cue, given)
        return given

    async def see(self, shows: Mapping[str, str], most_s: float = 30.0) -> list[tuple[str, float]]:
        """The lane of each viewer whose list showed what its lane shall show, and when it was seen to, as time of day.

        Args:
            shows: by lane, how the address of its pictures begins; a lane that is not here is not looked at.
        """
        told = asyncio.get_running_loop().create_future()
        told.set_result(shows)
        return await self.watch([viewer for viewer in self.viewers if viewer.lane in shows], told, most_s)

    async def watch(
        self, viewers: Sequence[Viewer], shows: asyncio.Future[Mapping[str, str]], most_s: float = 30.0
    ) -> list[tuple[str, float]]:
        """The same, for those who look while nobody knows yet what each lane will show.

        They do not all look at the same instant, as no two players do; when somebody saw it first is found in what it had seen.
        """
        looks = [asyncio.create_task(_look(viewer, LOOKS_S * n / len(viewers), shows)) for n, viewer in enumerate(viewers)]
        done, late = await asyncio.wait(looks, timeout=most_s)
        for one in late:
            one.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
        return [one.result() for one in done]


async def _look(viewer: Viewer, in_s: float, shows: asyncio.Future[Mapping[str, str]]) -> tuple[str, float]:
    """The lane of a viewer, and the first of all the moments in a row at which its list was as it shall be."""
    seen: list[tuple[str, float]] = []
    await asyncio.sleep(in_s)
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            seen.append((await viewer.shown(), time.time()))
            if shows.done() and is_of(seen[-1][0], wanted := shows.result()[viewer.lane]):
                right = takewhile(lambda one: is_of(one[0], wanted), reversed(seen))
                return viewer.lane, min(at for _shown, at in right)
        await asyncio.sleep(LOOKS_S)


def is_of(picture: str, shown: str) -> bool:
    """Whether a picture's address is of what is shown: a live source's has its run at the end."""
    return picture.startswith(shown) if shown.startswith("~") else picture == shown


@asynccontextmanager
async def audience(url: str, code: str, staff: str, people: int, lanes: Collection[str], rate: float = 100.0) -> AsyncIterator[Audience]:
    """So many viewers, the same number on each lane, and a moderator; they leave at the end."""
    allow_files(2 * people + 200)
    order = list(lanes)
    async with Door(url, local_sources(url, people)) as door, asyncio.TaskGroup() as life:
        moderator = Staff(door, keep={"now", "polls"})
        await moderator.enter(staff)
        regions = [None if lane == NATIONAL else lane for lane in order]
        viewers = [Viewer(door, n, regions[n % len(order)]) for n in range(people)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def come(viewer: Viewer, in_s: float) -> None:
            await asyncio.sleep(in_s)
            async with gate:
                await viewer.client.join(code)
            life.create_task(viewer.client.stay())
            await viewer.client.welcomed.wait()

        life.create_task(moderator.stay())
        async with asyncio.TaskGroup() as coming:
            coming.create_task(moderator.welcomed.wait())
            for n, viewer in enumerate(viewers):
                coming.create_task(come(viewer, n / rate))
        by_lane = defaultdict[str, list[Viewer]](list)
        for viewer in viewers:
            by_lane[viewer.lane].append(viewer)
        try:
            yield Audience(viewers, moderator, by_lane)
        finally:
            for viewer in viewers:
                viewer.client.leave()
                viewer.hang_up()
            moderator.leave()
