"""The verbs of answers in hindsight. They touch ballots and a tally of their own, and no row of a live poll."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import msgspec
from sqlmodel import col, select

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.columns import Kept
from conference.core.errors import Refused, _
from conference.core.event import Entry
from conference.core.ids import Ids
from conference.core.rows import Values, every
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.keeping.tables import KeepingDate
from conference.service import the_day
from conference.tables import Day
from polls.ballots import Box, seal
from polls.later import rules
from polls.later.events import LaterClosed
from polls.later.tables import LaterCount
from polls.receipts import RECEIPT_BYTES, done
from polls.rules import question_of
from polls.tables import Ballot, Poll
from polls.tally import Tally


@dataclass(frozen=True)
class Late:
    """A wish of answering in hindsight."""

    day: str
    poll: str
    person: str
    answer: Any

    @property
    def key(self) -> tuple[str, str]:
        """Which poll of which day."""
        return self.day, self.poll


class Later:
    """Takes late answers, and closes their boxes when it is no longer known who has answered."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, box: Box) -> None:
        self._store, self._clock, self._ids, self._box = store, clock, ids, box

    async def answer(self, by: Actor, poll: str, answer: Any) -> Done:
        """Put a ballot in the box of late answers, or change the one that lies there; the receipt stays the same.

        Asking again is changing to the same. A screen is one answer, and of the people before it nothing is asked.

        Raises:
            Refused: ``poll.no_such``, ``poll.not_open``, ``poll.key_lost``, ``answer.…``.
            StoreUnavailable: nothing was stored; ask again.
        """
        return await self._store.gather(self._together, Late(by.day, poll, by.person, answer))

    async def _together(self, tx: Transaction, group: list[Late]) -> Sequence[Done | Exception]:
        asked = {one.key for one in group}
        for table in (Poll, LaterCount):
            await tx.fetch(table, asked)
        await tx.fetch(Day, {(day,) for day, _poll in asked})
        await tx.fetch(KeepingDate, {(day, Kept.PERSON.value) for day, _poll in asked})
        boxes = {key: await self._opened(tx, key) for key in asked}
        now = self._clock.now()
        taken = [one for one in group if rules.takes(boxes[one.key].standing, at=now)]  # asking for a key that is destroyed makes another
        await tx.fetch(Ballot, {(boxes[one.key].name, boxes[one.key].key(one.person)) for one in taken})
        answers = [self._one(tx, boxes[one.key], one, now) for one in group]
        for box in boxes.values():
            await box.write(tx)
        return answers

    async def _opened(self, tx: Transaction, key: tuple[str, str]) -> _LateBox:
        day, poll, count = await tx.find(Day, key[0]), await tx.find(Poll, *key), await tx.find(LaterCount, *key)
        kept = await tx.find(KeepingDate, key[0], Kept.PERSON.value)
        standing = rules.Standing(day, poll, kept.until if kept else None, bool(count and count.closed_at))
        return _LateBox(key, standing, count, self._box)

    def _one(self, tx: Transaction, box: _LateBox, late: Late, now: datetime) -> Done | Refused:
        try:
            return done(box.put(tx, late, self._ids, rules.answer_later(box.standing, late.answer, at=now)))
        except Refused as refusal:
            return refusal

    @verb
    async def close_due(self, tx: Transaction, by: Actor) -> int:
        """Close the day's boxes of late answers when their time is over, and make the ballots anonymous for good; how many."""
        day, kept = await the_day(tx, by.day), await tx.find(KeepingDate, by.day, Kept.PERSON.value)
        now = self._clock.now()
        if rules.is_open(day, kept.until if kept else None, at=now):
            return 0
        counts = await tx.every(LaterCount, col(LaterCount.day) == by.day, col(LaterCount.closed_at).is_(None))
        boxes = {rules.box_of(one.day, one.poll): one for one in counts}
        ballots = defaultdict[str, list[Values]](list)
        for ballot in await tx.ask(every(Ballot).where(col(Ballot.box).in_(boxes))):
            ballots[ballot["box"]].append(dict(ballot))
        for name, count in boxes.items():
            tx.put(count.model_copy(update={"closed_at": now, "key_print": None}))
            await tx.record(LaterClosed(day=count.day, at=now, poll=count.poll))
            sealed = {"poll": count.poll, **seal([(one["receipt"], one["answer"]) for one in ballots[name]])}
            await audit.enter(tx, audit.Deed(count.day, by.person, "ballots.sealed_later", sealed, now))
        await tx.rewrite(Ballot, col(Ballot.box).in_(boxes), self._shuffled(ballots.values()))
        return len(counts)

    async def due(self) -> list[str]:
        """The days that `close_due` has something to do for."""
        kept = (col(KeepingDate.day) == col(Day.day)) & (col(KeepingDate.kind) == Kept.PERSON.value)
        wanted = select(Day, KeepingDate).join(KeepingDate, kept, isouter=True)
        open_ones = select(LaterCount.day).where(col(LaterCount.closed_at).is_(None))
        async with self._store.reading() as session:
            rows = (await session.exec(wanted.where(col(Day.day).in_(open_ones)))).all()
        now = self._clock.now()
        return [day.day for day, date in rows if not rules.is_open(day, date.until if date else None, at=now)]

    def heard(self, entries: Sequence[Entry]) -> None:
        """Destroy the keys of closed boxes: every process does it for the events it hears, after their commit."""
        for entry in entries:
            if isinstance(entry.event, LaterClosed):
                self._box.destroy(rules.box_of(entry.event.day, entry.event.poll))

    async def sweep(self) -> None:
        """At start: destroy keys that outlived their box because a process died in between."""
        async with self._store.reading() as session:
            over = (await session.exec(select(LaterCount).where(col(LaterCount.closed_at).is_not(None)))).all()
        for count in over:
            self._box.destroy(rules.box_of(count.day, count.poll))

    def _shuffled(self, boxes: Iterable[Sequence[Values]]) -> list[Values]:
        """Under random keys, in the order of these: neither pseudonym nor order leads back to anybody."""
        return sorted(({**ballot, "key": self._ids.key()} for box in boxes for ballot in box), key=itemgetter("key"))


class _LateBox:
    """The box of one poll during one group."""

    def __init__(self, key: tuple[str, str], standing: rules.Standing, count: LaterCount | None, box: Box) -> None:
        nothing = Tally().written()
        self.name, self.standing = rules.box_of(*key), standing
        self._box, self._count = box, count or LaterCount(day=key[0], poll=key[1], now=nothing, shown=nothing)
        self._now, self._shown = Tally.read(self._count.now), Tally.read(self._count.shown)
        self._ballots: dict[bytes, Values] = {}

    def key(self, person: str) -> bytes:
        """Under which a person's late ballot lies."""
        return self._box.pseudonym(self.name, person)

    def put(self, tx: Transaction, late: Late, ids: Ids, answer: Any) -> str:
        """The ballot of a person, new or in place of the earlier one; its receipt.

        Raises:
            Refused: ``poll.key_lost``: under a second key a person would have a second ballot.
        """
        if self._count.key_print not in (None, self._box.fingerprint(self.name)):
            raise Refused("poll.key_lost", _("Nyckeln till svaren i efterhand är borta, så inga fler kan tas emot."))
        assert self.standing.poll
        question, key = question_of(self.standing.poll), self.key(late.person)
        earlier = self._ballots.get(key) or tx.fetched(Ballot, self.name, key)
        receipt = str(earlier["receipt"]) if earlier else ids.secret(RECEIPT_BYTES)
        without = self._now.minus(question, msgspec.json.decode(earlier["answer"]), 0) if earlier else self._now
        written = msgspec.json.encode(answer).decode()
        self._ballots[key] = {"box": self.name, "key": key, "receipt": receipt, "answer": written, "about": None}
        self._now = without.plus(question, answer, 0)
        self._shown = rules.next_shown(self._shown, self._now)
        return receipt

    async def write(self, tx: Transaction) -> None:
        """Store what the group has come to."""
        if self._ballots:
            told = {"now": self._now.written(), "shown": self._shown.written(), "key_print": self._box.fingerprint(self.name)}
            tx.put(self._count.model_copy(update=told))
            await tx.put_many(Ballot, list(self._ballots.values()))
