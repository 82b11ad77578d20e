"""Building a programme: items and blocks come, go, change places and lengths; what is locked is hidden at most; the last change is undone.

Before a day begins all of it may change, and while it is on what lies ahead of the present block. Programme and run-of-show change in one
transaction, and open pages hear of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from conference import shape as rules
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rules import NATIONAL, DayState
from conference.rundown import overrun
from conference.rundown.drafts import ItemDraft, carried, chosen_film, known_lane, moved_rows, new_item
from conference.rundown.relaying import TABLES, Desk, Rows, by_key, desk, of, relaid, store, undoing
from conference.rundown.schedules import Difference
from conference.rundown.scheduling import in_order, scheduled
from conference.rundown.tables import HiddenBlock, LastChange
from conference.service import the_day
from conference.shape import Part, Piece, Shape, Where
from conference.tables import Block, Item

BLOCKS: Final = ("common", "regional")
REASON_MOST: Final = 300  # characters; one or two sentences

Change: TypeAlias = tuple[Shape, Rows]


class Builder:
    """The programmes of all days, as they are built."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def add(self, tx: Transaction, by: Actor, where: Where, draft: ItemDraft, *, keep: bool) -> Done:
        """Put an item in; the answer has its id. With *keep* its neighbour gives the time, otherwise all that follows comes later.

        Raises:
            Refused: as `conference.shape.insert`; ``lane.no_such``, ``film.no_such``, ``film.not_ready``, and what is wrong with the draft.
        """
        at_desk = await self._at_desk(tx, by)
        known_lane(at_desk, where)
        item, cues = new_item(at_desk, f"i-{self._ids.new()}", where, draft, await chosen_film(tx, by.day, draft))
        shape = rules.insert(at_desk.shape, where, Part(item.item, draft.minutes), keep=keep)
        return await self._store_change(tx, by, at_desk, (shape, {**at_desk.rows, **by_key((item, *cues))}), {"item": item.item})

    @verb
    async def edit(self, tx: Transaction, by: Actor, item: str, draft: ItemDraft, *, keep: bool) -> Done:
        """Give an item another title, kind, goals or length.

        Raises:
            Refused: as `conference.shape.resize`; ``item.locked``, and what is wrong with the draft.
        """
        at_desk = await self._at_desk(tx, by)
        shape = rules.resize(at_desk.shape, item, draft.minutes, keep=keep)
        row, columns = at_desk.items[item], draft.columns(at_desk)
        block = at_desk.blocks[row.block]
        if any(getattr(row, name) != value for name, value in columns.items()) and "locked" in {row.owner, block.owner}:
            raise Refused("item.locked", _("Inslaget är låst i det nationella paketet."))
        title_en = row.title_en if row.title == columns["title"] else None
        changed = row.model_copy(update={**columns, "title_en": title_en})
        return await self._store_change(tx, by, at_desk, (shape, {**at_desk.rows, **by_key([changed])}))

    @verb
    async def take_in(self, tx: Transaction, by: Actor, chosen: Sequence[Difference]) -> Done:
        """Take what was chosen of a schedule from another program, all of it or nothing; one undo takes it back.

        Raises:
            Refused: as `edit` and `add` for each; ``schedule.nothing`` when nothing was chosen that can be taken.
        """
        taken = [one for one in chosen if one.now is not None and not one.why_not]
        if not taken:
            raise Refused("schedule.nothing", _("Välj minst ett inslag att ta in."))
        at_desk = await self._at_desk(tx, by)
        change: Change = (at_desk.shape, at_desk.rows)
        for one in in_order(taken):
            change = scheduled(at_desk, change, one, f"i-{self._ids.new()}")
        return await self._store_change(tx, by, at_desk, change)

    @verb
    async def remove(self, tx: Transaction, by: Actor, item: str, *, keep: bool) -> Done:
        """Take an item out. Refused: as `conference.shape.remove`."""
        at_desk = await self._at_desk(tx, by)
        return await self._store_change(tx, by, at_desk, (rules.remove(at_desk.shape, item, keep=keep), at_desk.rows))

    @verb
    async def move(self, tx: Transaction, by: Actor, item: str, steps: int) -> Done:
        """Let an item change places within its block. Refused: as `conference.shape.move`."""
        at_desk = await self._at_desk(tx, by)
        return await self._store_change(tx, by, at_desk, (rules.move(at_desk.shape, item, steps=steps), at_desk.rows))

    @verb
    async def carry(self, tx: Transaction, by: Actor, item: str, where: Where, *, keep: bool) -> Done:
        """Let an item go to another block or lane, with all that it shows and asks. What calls the regions together stays where it was.

        Raises:
            Refused: as `conference.shape.remove` and `conference.shape.insert`; ``lane.no_such``.
        """
        at_desk = await self._at_desk(tx, by)
        known_lane(at_desk, where)
        shape = carried(at_desk.shape, item, where, keep=keep)
        return await self._store_change(tx, by, at_desk, (shape, moved_rows(at_desk, item, where)), {"item": item})

    @verb
    async def add_block(self, tx: Transaction, by: Actor, kind: str, draft: ItemDraft, after: str | None) -> Done:
        """Put a block in with one item of the country's lane; the answer has its id.

        Raises:
            Refused: as `conference.shape.insert_block`; ``block.unknown_kind``, and what is wrong with the draft.
        """
        at_desk = await self._at_desk(tx, by)
        if kind not in BLOCKS:
            raise Refused("block.unknown_kind", _("Välj om passet är gemensamt eller regionalt."))
        name = f"b-{self._ids.new()}"
        item, cues = new_item(at_desk, f"i-{self._ids.new()}", Where(name), draft, await chosen_film(tx, by.day, draft))
        times: dict[str, Any] = {"planned_starts_at": item.planned_starts_at, "planned_ends_at": item.planned_ends_at}
        block = Block(day=by.day, block=name, kind=kind, title=item.title, owner="regional", goals=item.goals, **times)
        piece = Piece(name, draft.minutes, {NATIONAL: (Part(item.item, draft.minutes),)})
        shape = rules.insert_block(at_desk.shape, piece, after)
        return await self._store_change(tx, by, at_desk, (shape, {**at_desk.rows, **by_key((block, item, *cues))}), {"block": name})

    @verb
    async def remove_block(self, tx: Transaction, by: Actor, block: str) -> Done:
        """Take a block out with all that is in it. Refused: as `conference.shape.remove_block`."""
        at_desk = await self._at_desk(tx, by)
        return await self._store_change(tx, by, at_desk, (rules.remove_block(at_desk.shape, block), at_desk.rows))

    @verb
    async def move_block(self, tx: Transaction, by: Actor, block: str, steps: int) -> Done:
        """Let a block change places with its neighbours. Refused: as `conference.shape.move_block`."""
        at_desk = await self._at_desk(tx, by)
        return await self._store_change(tx, by, at_desk, (rules.move_block(at_desk.shape, block, steps=steps), at_desk.rows))

    @verb
    async def hide(self, tx: Transaction, by: Actor, block: str, reason: str) -> Done:
        """Leave a block out of this day, locked or not; it is kept and can be shown again.

        Raises:
            Refused: as `conference.shape.remove_block`; ``text.empty``, ``text.too_long`` for the reason.
        """
        at_desk = await self._at_desk(tx, by)
        why = " ".join(reason.split())
        if not why:
            raise Refused("text.empty", _("Skriv varför passet döljs."))
        if len(why) > REASON_MOST:
            raise Refused("text.too_long", _("Skälet får ha högst %(most)s tecken."), most=REASON_MOST)
        shape = rules.remove_block(at_desk.shape, block, hide=True)
        after = relaid(at_desk, shape, at_desk.rows)
        names = list(at_desk.blocks)
        place = names.index(block)
        gone = [[table, row.model_dump(mode="json")] for (table, name), row in at_desk.rows.items() if (table, name) not in after]
        facts: dict[str, Any] = {"title": at_desk.blocks[block].title, "reason": why, "after": names[place - 1] if place else None}
        hidden = HiddenBlock(day=by.day, block=block, **facts, rows=gone, hidden_at=self._clock.now())
        return await self._store_change(tx, by, at_desk, (shape, {**at_desk.rows, **by_key([hidden])}))

    @verb
    async def show(self, tx: Transaction, by: Actor, block: str) -> Done:
        """Show a hidden block again, after the one that it followed, or at the end when that one is gone.

        Raises:
            Refused: ``block.no_such``; as `conference.shape.insert_block`.
        """
        at_desk = await self._at_desk(tx, by)
        hidden = at_desk.hidden.get(block)
        if hidden is None:
            raise Refused("block.no_such", _("Passet finns inte i programmet."))
        rows = by_key(TABLES[table].model_validate(row) for table, row in hidden.rows)
        names = list(at_desk.blocks)
        before = hidden.after if hidden.after in names or hidden.after is None else names[-1]
        fresh = replace(at_desk, blocks=of(rows, Block), items=of(rows, Item), cues={}, hidden={})
        shape = rules.insert_block(at_desk.shape, fresh.shape.pieces[0], before)
        left = {key: row for key, row in at_desk.rows.items() if row != hidden}
        return await self._store_change(tx, by, at_desk, (shape, {**left, **rows}))

    @verb
    async def overrun(self, tx: Transaction, by: Actor, block: str | None, rule: str | None, limit_s: int) -> Done:
        """Say what is done with a region that is not ready when a regional block ends.

        Args:
            block: ``None`` for all regional blocks that have not begun.
            rule: as `conference.rundown.overrun.Overrun`; ``None``: what each region's own row says.
            limit_s: how long is waited for it, or it may go on; 0-1,800.

        Raises:
            Refused: ``overrun.unknown_rule``, ``seconds.out_of_range``, ``block.no_such``, ``block.begun``, ``block.not_regional``.
        """
        at_desk = await self._at_desk(tx, by)
        told = overrun.told(rule, limit_s)
        regional = {name: row for name, row in at_desk.blocks.items() if row.kind == "regional"}
        begun = list(at_desk.blocks)[: at_desk.shape.begun]
        if block is not None and block not in at_desk.blocks:
            raise Refused("block.no_such", _("Passet finns inte i programmet."))
        if block is not None and block not in regional:
            raise Refused("block.not_regional", _("Bara i regionala pass kan en region dra över."))
        if block is not None and block in begun:
            raise Refused("block.begun", _("Passet har börjat. Bara det som ligger framför kan ändras."))
        meant = [row for name, row in regional.items() if name not in begun and block in {None, name}]
        changed = by_key(row.model_copy(update=told) for row in meant)
        return await self._store_change(tx, by, at_desk, (at_desk.shape, {**at_desk.rows, **changed}))

    @verb
    async def undo(self, tx: Transaction, by: Actor) -> Done:
        """Take the last change back, once.

        Raises:
            Refused: ``undo.none``; ``block.begun`` when a part of it has begun since.
        """
        last = await tx.find(LastChange, by.day)
        at_desk = await self._at_desk(tx, by)
        if last is None:
            raise Refused("undo.none", _("Det finns ingen ändring att ångra."))
        rows = at_desk.rows
        for table, name, fields in last.steps:
            old = rows.pop((table, name), None)
            if fields is not None:
                row = {**(old.model_dump(mode="json") if old else {}), **fields}
                rows[table, name] = TABLES[table].model_validate(row)
        if at_desk.begun(at_desk.rows) != at_desk.begun(rows):
            raise Refused("block.begun", _("Passet har börjat. Bara det som ligger framför kan ändras."))
        tx.drop(last)
        return Done(await store(tx, at_desk, rows, self._clock.now()))

    async def _at_desk(self, tx: Transaction, by: Actor) -> Desk:
        day = await the_day(tx, by.day)
        if day.state == DayState.ENDED:
            raise Refused("day.ended", _("Dagen är slut."))
        return await desk(tx, day)

    async def _store_change(self, tx: Transaction, by: Actor, at_desk: Desk, change: Change, data: dict[str, Any] | None = None) -> Done:
        shape, rows = change
        after = relaid(at_desk, shape, rows)
        at = self._clock.now()
        if steps := undoing(at_desk.rows, after):
            did = by.asked.do if by.asked else ""
            tx.put(LastChange(day=by.day, did=did, at=at, steps=steps))
        return Done(await store(tx, at_desk, after, at), data)
