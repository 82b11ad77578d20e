"""The verbs of recordings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import col, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.tables import Block, Day, Item
from streaming.recordings import rules
from streaming.recordings.events import RecordingCaptioned
from streaming.recordings.rules import Covered, NotYet
from streaming.recordings.tables import Recording

NOTHING = Covered(0, 0)


class Readable(Protocol):
    """Knows what can be read of a recording: see `archive.Archive`."""

    async def covered(self, day: str, recording: str) -> Covered:
        """How much; raises ``LookupError`` or `NotYet`."""


class Recordings:
    """What lanes showed is kept by itself, and published by hand.

    Args:
        archive: knows what can be read of a recording.
    """

    def __init__(self, store: Store, clock: Clock, archive: Readable) -> None:
        self._store, self._clock, self._archive = store, clock, archive

    async def publish(self, by: Actor, recording: str, exception: str = "") -> Done:
        """Let everybody see it, if it has captions, or somebody writes down why not.

        Raises:
            Refused: ``recording.…``, see `rules.publish`.
        """
        try:
            told = await self._archive.covered(by.day, recording)
        except LookupError:
            told = NOTHING
        except NotYet:
            raise rules.not_yet() from None
        return await self._publish(by, recording, told, exception.strip())

    @verb
    async def _publish(self, tx: Transaction, by: Actor, recording: str, told: Covered, exception: str) -> Done:
        row = await tx.find(Recording, by.day, recording)
        names = row.items if row is not None and row.kind != "item" else []
        parts = await tx.every(Recording, col(Recording.day) == by.day, col(Recording.recording).in_(names)) if names else []
        event = rules.publish(row, parts, told, exception, self._clock.now())
        assert row
        more = {"captioned": event.captioned, "exception": exception or None if not event.captioned else None, "published_at": event.at}
        tx.put(row.model_copy(update={"state": "published", "by": by.person, "late": False, "reason": None, **more}))
        return Done((await tx.record(event)).seq, {"recording": recording, "captioned": event.captioned})

    @verb
    async def withdraw(self, tx: Transaction, by: Actor, recording: str, reason: str) -> Done:
        """Take it away from the public, and with an item whatever else shows it."""
        row = await tx.find(Recording, by.day, recording)
        event = rules.withdraw(row, reason, self._clock.now())
        assert row
        more = {"withdrawn_at": event.at, "reason": reason.strip(), "by": by.person, "late": False}
        whole = await self._showing(tx, row)
        tx.put(row.model_copy(update={"state": "withdrawn", **more}))
        seq = (await tx.record(event)).seq
        for each in whole:
            tx.put(each.model_copy(update={"state": "withdrawn", **more}))
            seq = (await tx.record(rules.withdraw(each, reason, event.at))).seq
        return Done(seq, {"recording": recording, "with": [each.recording for each in whole]})

    @verb
    async def _time_is_over(self, tx: Transaction, by: Actor, recording: str, told: Covered | None) -> Done:
        row, now = await tx.find(Recording, by.day, recording), self._clock.now()
        if row is None or row.state != "published" or row.captioned or row.due_at > now:
            return Done()
        event = rules.time_is_over(row, told, now)
        gone = {"state": "withdrawn", "withdrawn_at": now, "late": True, "by": None}
        tx.put(row.model_copy(update={"captioned": True} if isinstance(event, RecordingCaptioned) else gone))
        return Done((await tx.record(event)).seq)

    async def close_due(self, by: Actor) -> int:
        """Look at a recording of the day whose time to get captions is over; how many there were. The house asks this by the clock."""
        wanted = self._due.where(Recording.day == by.day).order_by(col(Recording.due_at))
        async with self._store.reading() as session:
            due = (await session.exec(wanted)).all()
        for row in due[:1]:
            await self._time_is_over(by, row.recording, await self.told(by.day, row.recording))
        return len(due)

    async def due(self) -> list[str]:
        """The days that `close_due` has something to do for."""
        async with self._store.reading() as session:
            return sorted({row.day for row in await session.exec(self._due)})

    @property
    def _due(self) -> Any:
        now = self._clock.now()
        return select(Recording).where(Recording.state == "published", col(Recording.captioned).is_(False), col(Recording.due_at) <= now)

    async def told(self, day: str, recording: str) -> Covered | None:
        """How much of it can be read; ``None`` when that cannot be known."""
        try:
            return await self._archive.covered(day, recording)
        except (LookupError, NotYet):
            return None

    # What reactions do, in their transaction.

    async def item_over(self, tx: Transaction, day: str, item: str, ends_at: datetime) -> None:
        """Keep what was shown while an item lasted."""
        of, row = await tx.find(Day, day), await tx.find(Item, day, item)
        if of is not None and row is not None and (found := rules.of_item(of, row, ends_at)) is not None:
            await self._keep(tx, [found])

    async def blocks_over(self, tx: Transaction, day: str, present: str | None = None) -> None:
        """Keep what was shown in all blocks before the present one."""
        of, items = await tx.find(Day, day), await tx.every(Item, col(Item.day) == day)
        blocks = sorted(await tx.every(Block, col(Block.day) == day), key=lambda block: block.position)
        until = next((block.position for block in blocks if block.block == present), None)
        over = [block for block in blocks if until is None or block.position < until]
        if of is not None:
            await self._keep(tx, [found for block in over for found in rules.of_block(of, block, items)])

    async def day_over(self, tx: Transaction, day: str) -> None:
        """Keep the last block, and the whole day for each lane."""
        of, items = await tx.find(Day, day), await tx.every(Item, col(Item.day) == day)
        blocks = sorted(await tx.every(Block, col(Block.day) == day), key=lambda block: block.position)
        if of is not None:
            in_blocks = [found for block in blocks for found in rules.of_block(of, block, items)]
            await self._keep(tx, [*in_blocks, *rules.of_day(of, blocks, items)])

    async def _keep(self, tx: Transaction, found: Iterable[Recording]) -> None:
        now = self._clock.now()
        known = [(each, await tx.find(Recording, each.day, each.recording)) for each in found]
        for each, row in known:
            if (kept := rules.keep(each, row, now)) is not None:
                tx.put(kept[0])
                await tx.record(kept[1])

    async def _showing(self, tx: Transaction, row: Recording) -> list[Recording]:
        if row.kind != "item":
            return []
        wider = await tx.every(Recording, col(Recording.day) == row.day, col(Recording.kind) != "item", col(Recording.state) == "published")
        return [each for each in wider if row.recording in each.items]
