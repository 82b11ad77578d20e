"""The sources of all days in the media process: it is told which there are, and asked how they are doing.

The media process knows no days. What it shall know follows from the rows of the days, so that every web process tells it the same, again
after either of them was started anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec
from sqlmodel import col, select

from conference.core.event import Entry
from conference.core.store import Store
from conference.rules import DayState
from conference.tables import Day
from streaming.following import source_name
from streaming.media.runs import NAME, Status
from streaming.media_client import MediaAway, MediaClient
from streaming.studio import rules
from streaming.studio.keys import Keys
from streaming.studio.views import Backstage, backstage

LOOK_S: Final = 0.5  # how old a tally or a level may be
ROWS_S: Final = 2.0  # a change that was made in another process is told to the media process as late as this
OPEN: Final = frozenset({DayState.PUBLISHED, DayState.LIVE})  # days whose sources may send: people try their cameras before the day
FOUND: Final = frozenset({200, 201, 202, 204})
BACK_S: Final = 30.0  # after a studio's last sign of life by WHIP

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What the media process is told of a source.

    Attributes:
        chosen: of a panel: whose picture it shows, by name.
        sound: of a screen: the panel that is heard with it, by name.
    """

    kind: str
    rtmp_key: str | None = None
    members: tuple[str, ...] | None = None
    chosen: str | None = None
    sound: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """As it is sent, without what is chosen."""
        wanted = {"kind": self.kind, "rtmp_key": self.rtmp_key, "members": self.members, "sound": self.sound}
        return {name: value for name, value in wanted.items() if value is not None}


@dataclass
class Booth:
    """Keeps the media process told, and its answers at hand: run `run` beside everything else.

    Attributes:
        moved: called with a day when a source of it is doing otherwise than before.
    """

    store: Store
    media: MediaClient
    keys: Keys
    moved: Callable[[str], None] = lambda _day: None
    _orders: dict[str, Order] = field(default_factory=dict)
    _told: dict[str, Order] = field(default_factory=dict)
    _statuses: dict[str, Status] = field(default_factory=dict)
    _by_whip: dict[str, float] = field(default_factory=dict)
    _over: frozenset[str] = frozenset()
    _read_s: float = float("-inf")
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)
    _pen: asyncio.Lock = field(default_factory=asyncio.Lock)
    _is_away: bool = True  # it starts beside us

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._round()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._stirred.wait()
            except TimeoutError:
                pass

    def stir(self) -> None:
        """Something has been decided here: tell the media process at once."""
        self._read_s = float("-inf")
        self._stirred.set()

    def heard(self, entry: Entry) -> None:
        """Something was decided, here or in another process."""
        if entry.event.name.startswith("studio."):
            self.stir()

    async def cut(self, day: str, source: str) -> None:
        """Whoever sends now is cut off."""
        name, status = source_name(day, source), self.status(day, source)
        with suppress(MediaAway):
            await self.settle()
            if status is not None and status.publisher:
                await self.media.pass_on("DELETE", f"/sources/{name}/whip/{status.publisher}")

    async def open_for_whip(self, day: str, source: str) -> None:
        """A studio comes by WHIP and not by RTMP: the media process listens to one of the two. When it has left, RTMP is listened to again.

        Raises:
            MediaAway: it does not answer.
        """
        async with self._pen:
            self._by_whip[source_name(day, source)] = asyncio.get_running_loop().time()
            await self._look()

    async def settle(self) -> None:
        """Read what there is, and tell it.

        Raises:
            MediaAway: it does not answer.
        """
        async with self._pen:
            self._read_s = float("-inf")
            await self._look()

    def status(self, day: str, source: str) -> Status | None:
        """How a source was doing a moment ago."""
        return self._statuses.get(source_name(day, source))

    @property
    def statuses(self) -> Mapping[tuple[str, str], Status]:
        """How all sources were doing a moment ago, by day and source."""
        return {(day, source): status for name, status in self._statuses.items() for day, _dot, source in [name.partition(".")]}

    def shown(self, day: str, source: str) -> dict[str, Any] | None:
        """The same, for those behind the scenes; rounded, so that it changes seldom."""
        status = self.status(day, source)
        if status is None:
            return None
        seen: dict[str, Any] = {"state": status.state, "path": status.path, "viewers": status.viewers, "height": status.height}
        seen |= {"level_db": None if status.level_db is None else round(status.level_db), "kbit_s": round(status.kbit_s, -2)}
        seen |= {"publisher": status.publisher, "rtmp_port": status.rtmp_port, "why": status.why, "lost": _roughly(status.lost)}
        return seen | {"reencoded": status.reencoded and status.kind != "screen", "disk_full": status.disk_full}

    def has_live(self, day: str) -> bool:
        """Whether any source of a day is sending."""
        return any(status.state == "live" for name, status in self._statuses.items() if name.startswith(f"{day}."))

    async def _round(self) -> None:
        try:
            async with self._pen:
                await self._look()
            if self._is_away:
                log.info("the media process is there, and knows %d sources", len(self._orders))
            self._is_away = False
        except MediaAway as error:
            if not self._is_away:
                log.warning("the media process does not know the sources: %s", error)
            self._is_away, self._told = True, {}
            self._take({})
        except Exception:  # the database is away
            log.exception("the sources could not be read")
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        self._stirred.clear()
        now = asyncio.get_running_loop().time()
        if now >= self._read_s + ROWS_S:
            self._orders, self._over = await self._read()
            self._read_s = now
        there = await self._ask("GET", "/sources", dict[str, Status])
        self._note_studios(there, now)
        for name, order in self._orders.items():
            wanted = replace(order, kind="whip", rtmp_key=None) if name in self._by_whip else order
            if name not in there or self._told.get(name) != wanted:
                there[name] = await self._tell(name, wanted)
        for name in [name for name in there if name.partition(".")[0] in self._over]:
            await self.media.pass_on("DELETE", f"/sources/{name}")
            self._told.pop(name, None)
            del there[name]
        self._take(there)

    def _take(self, statuses: dict[str, Status]) -> None:
        before, self._statuses = self._statuses, statuses
        changed = {name for name in {*before, *statuses} if before.get(name) != statuses.get(name)}
        for day in {name.partition(".")[0] for name in changed}:
            self.moved(day)

    def _note_studios(self, there: Mapping[str, Status], now: float) -> None:
        """Which studios send by WHIP now, as far as can be seen: another process may have let them in."""
        for name, order in self._orders.items():
            status = there.get(name)
            if order.kind == "rtmp" and status is not None and status.kind == "whip" and (status.publisher or name not in self._by_whip):
                self._by_whip[name] = now
        self._by_whip = {name: seen for name, seen in self._by_whip.items() if now < seen + BACK_S}

    async def _tell(self, name: str, order: Order) -> Status:
        status: Status = await self._ask("PUT", f"/sources/{name}", Status, json=order.body)
        if order.kind == "panel":
            await self.media.pass_on("POST", f"/sources/{name}/choose", json={"member": order.chosen})
        self._told[name] = order
        return status

    async def _ask(self, method: str, path: str, kind: Any, **more: Any) -> Any:
        answer = await self.media.pass_on(method, path, **more)
        if answer.status_code not in FOUND:
            raise MediaAway(f"{method} {path}: {answer.status_code}")
        return msgspec.json.decode(answer.content, type=kind)

    async def _read(self) -> tuple[dict[str, Order], frozenset[str]]:
        orders: dict[str, Order] = {}
        async with self.store.reading() as session:
            days = dict((await session.exec(select(Day.day, Day.state).where(col(Day.state) != DayState.DRAFT))).all())
            for day, state in days.items():
                if state in OPEN:
                    orders |= self.orders(day, await backstage(session, day))
        return orders, frozenset(day for day, state in days.items() if state == DayState.ENDED)

    def orders(self, day: str, seen: Backstage) -> Mapping[str, Order]:
        """What a day's sources shall be, by their names in the media process; panels last, after those who sit in them."""
        found: dict[str, Order] = {}
        guests = rules.guests(seen.seats)
        for source in sorted(seen.sources, key=lambda one: (one.kind == "panel", one.source in guests)):
            name, kind = source_name(day, source.source), rules.KINDS.get(source.kind, "whip")
            if not NAME.fullmatch(name):
                log.warning("source %s of %s has too long a name to send", source.source, day)
            elif kind == "panel":
                found[name] = self._panel(day, source.source, seen)
            elif kind == "screen":
                found[name] = Order(kind, sound=next((source_name(day, rules.panel_of(lane)) for lane in source.lanes), None))
            elif guest := guests.get(source.source):  # a panel of one: the guest's browser sends once, whatever it is shown as
                found[name] = Order("panel", members=(source_name(day, guest),), chosen=source_name(day, guest))
            else:
                key = self.keys.stream_key(day, source.source, seen.generations.get(source.source, 0)) if kind == "rtmp" else None
                found[name] = Order(kind, key)
        return found

    def _panel(self, day: str, panel: str, seen: Backstage) -> Order:
        decided, guests = seen.panels.get(panel), rules.guests(seen.seats)
        members = list(dict.fromkeys(guests.get(one, one) for one in seen.members(panel)))  # nobody sits in it twice
        wanted = guests.get(decided.chosen, decided.chosen) if decided and decided.chosen else None
        chosen = wanted if wanted in members else None
        return Order("panel", members=tuple(source_name(day, one) for one in members), chosen=chosen and source_name(day, chosen))


def _roughly(count: int) -> int:
    """With one digit that counts, so that it changes seldom."""
    return round(count, 1 - len(str(count)))
