"""The verbs of polls.

Votes come in thousands a second, so they do not go through a verb each: all of a group are cast at once, with one look at the polls and
one statement for the ballots, in the same transaction as whatever else is asked meanwhile. A vote and a close cannot cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlmodel import col, func, select

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.event import Entry
from conference.core.ids import Ids
from conference.core.log import LogRow
from conference.core.rows import Values, every
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.held_words import words_of
from conference.people import NATIONAL
from conference.rules import live
from conference.service import the_day
from conference.tables import HeldWords, Region
from polls import closing, correcting, rules, tally
from polls.ballots import Box, box_of, seal
from polls.casting import Casting, Vote
from polls.events import PollClosed, PollCorrected
from polls.kinds import Question, is_known
from polls.sorting import Sorting
from polls.tables import Ballot, Count, Poll


class Polls:
    """Ask the audience, count the answers, show the result."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, box: Box) -> None:
        self._store, self._clock, self._ids, self.box = store, clock, ids, box
        self._casting = Casting(store, ids, box)

    @verb
    async def make(self, tx: Transaction, by: Actor, question: Question, scope: str = "country", *, at_once: bool = False) -> Done:
        """Prepare a poll on the spot: a draft, or *at_once* an open one.

        Args:
            scope: whom it asks: ``country``, a region's id, or ``national``, those without a region.

        Raises:
            Refused: ``region.no_such``, and what `rules.make_poll` raises.
        """
        day = await the_day(tx, by.day)
        if scope not in ("country", NATIONAL) and await tx.find(Region, by.day, scope) is None:
            raise Refused("region.no_such", _("Regionen är inte med den här dagen. Välj en annan."))
        last = await tx.ask(select(func.max(Poll.place).label("place")).where(Poll.day == by.day))
        if at_once:
            live(day)
        event = rules.make_poll(by.day, self._ids.new(), question, scope, at=self._clock.now())
        place = (last[0]["place"] or 0) + 1
        draft = a_draft(by.day, event.poll, question, place=place, scope=scope, seconds=rules.SECONDS_BY_HAND)
        tx.put(draft)
        done = Done((await tx.record(event)).seq, {"poll": event.poll})
        if at_once:
            done = Done((await self.opened(tx, draft, draft.seconds)).seq, done.data)
        return done

    @verb
    async def open(self, tx: Transaction, by: Actor, poll_id: str, *, seconds: int | None = None) -> Done:
        """Let people answer, for *seconds* or as long as the poll says."""
        poll, day = await self._poll(tx, by, poll_id), await the_day(tx, by.day)
        live(day)
        return await self.opened(tx, poll, seconds or poll.seconds)

    @verb
    async def again(self, tx: Transaction, by: Actor, poll_id: str) -> Done:
        """Ask the same question in a new round; the earlier result stays."""
        poll, day = await self._poll(tx, by, poll_id), await the_day(tx, by.day)
        live(day)
        event = rules.open_again(poll, at=self._clock.now(), seconds=poll.seconds)
        return await self._open_box(tx, poll, event)

    @verb
    async def extend(self, tx: Transaction, by: Actor, poll_id: str, seconds: int) -> Done:
        """Give people longer; a result that was to be shown at the close waits to be shown anew."""
        poll = await self._poll(tx, by, poll_id)
        event = rules.extend_poll(poll, seconds, at=self._clock.now())
        tx.put(poll.model_copy(update={"closes_at": event.closes_at, "shows_next": None}))
        return Done((await tx.record(event)).seq)

    @verb
    async def close(self, tx: Transaction, by: Actor, poll_id: str) -> Done:
        """Stop, count, and make the ballots anonymous for good."""
        return await self.closed(tx, [await self._poll(tx, by, poll_id)], by.person)

    @verb
    async def show(self, tx: Transaction, by: Actor, poll_id: str, to: str) -> Done:
        """Choose who sees the result: hidden, stage or everyone. Of a poll that is closing, that closes it now."""
        poll = await self._poll(tx, by, poll_id)
        if to != "hidden" and rules.is_closing(poll, at=self._clock.now()):
            return await self.closed(tx, [poll.model_copy(update={"shows_next": to})], by.person)
        return await self.shown(tx, poll, to)

    @verb
    async def archive(self, tx: Transaction, by: Actor, poll_id: str) -> Done:
        """Put the poll away."""
        poll = await self._poll(tx, by, poll_id)
        event = rules.archive_poll(poll, at=self._clock.now())
        tx.put(poll.model_copy(update={"voting": "archived"}))
        return Done((await tx.record(event)).seq)

    @verb
    async def correct(self, tx: Transaction, by: Actor, poll_id: str, change: tuple[str, str], reason: str) -> Done:
        """Mend a misspelling in a question that people have answered.

        Args:
            change: which wording, as `correcting.wordings` names it, and how it is put right.

        Raises:
            Refused: ``poll.no_such`` and what `correcting.correct` raises.
        """
        poll = await self._poll(tx, by, poll_id)
        wanted = select(LogRow.data).where(LogRow.day == by.day, LogRow.name == PollCorrected.name).order_by(col(LogRow.seq).desc())
        earlier = [msgspec.json.decode(row["data"]) for row in await tx.ask(wanted)]
        first = {one["part"]: one["before"] for one in earlier if one["poll"] == poll_id}
        event = correcting.correct(poll, *change, reason, first=first, at=self._clock.now())
        tx.put(poll.model_copy(update={"question": msgspec.json.encode(event.question).decode()}))
        return Done((await tx.record(event)).seq)

    async def vote(self, by: Actor, poll_id: str, answer: Any) -> Done:
        """Put a ballot in the box, or change the one that lies there; the receipt stays the same.

        Raises:
            Refused: ``poll.no_such``, ``poll.not_open``, ``answer.…``, ``wish.id_reused``.
            StoreUnavailable: nothing was stored; ask again under the same id.
        """
        return await self._casting.cast(Vote.of(by, poll_id, answer))

    async def raise_hands(self, by: Actor, poll_id: str, hands: dict[str, int]) -> Done:
        """Tell how many hands are up behind the asker's screen, in place of what it answered before; can be put right until the close.

        Raises:
            Refused: ``poll.no_such``, ``poll.not_open``, ``hands.…``, ``answer.…``, ``wish.id_reused``.
            StoreUnavailable: nothing was stored; ask again under the same id.
        """
        return await self._casting.cast(Vote.of(by, poll_id, hands, hands=True))

    async def withdraw(self, by: Actor, poll_id: str) -> Done:
        """Take one's ballot out of the box again; with none there, nothing happens."""
        return await self._casting.cast(Vote.of(by, poll_id, None, withdrawn=True))

    @verb
    async def close_due(self, tx: Transaction, by: Actor) -> int:
        """Close every poll of the day whose time has been over for so long that nobody's picture is behind it; how many."""
        over = self._clock.now() - rules.GRACE
        polls = await tx.every(Poll, col(Poll.day) == by.day, col(Poll.voting) == "open", col(Poll.closes_at) <= over)
        if polls:
            await self.closed(tx, polls, by.person)
        return len(polls)

    async def due(self) -> list[str]:
        """The days that `close_due` has something to do for."""
        wanted = select(Poll.day).where(Poll.voting == "open", col(Poll.closes_at) <= self._clock.now() - rules.GRACE).distinct()
        async with self._store.reading() as session:
            return list(await session.exec(wanted))

    # What verbs and reactions share: each takes the transaction it is part of.

    async def opened(self, tx: Transaction, poll: Poll, seconds: int | None) -> Done:
        """Open a draft; *seconds* is ``None`` when a cue will close it."""
        return await self._open_box(tx, poll, rules.open_poll(poll, at=self._clock.now(), seconds=seconds))

    async def shown(self, tx: Transaction, poll: Poll, to: str) -> Done:
        """Show or hide the result of a poll."""
        count, before = [await tx.find(Count, poll.day, poll.poll, poll.round - ago) for ago in (0, 1)]
        event = rules.show_result(poll, to, result_of(poll, count, before), at=self._clock.now())
        tx.put(poll.model_copy(update={"result": to, "shows_next": None}))
        return Done((await tx.record(event)).seq)

    async def let_close(self, tx: Transaction, poll: Poll) -> None:
        """Let an open poll close, for each viewer when their picture comes to this moment."""
        if (event := rules.let_close(poll, at=self._clock.now())) is not None:
            tx.put(poll.model_copy(update={"closes_at": event.closes_at}))
            await tx.record(event)

    async def show_soon(self, tx: Transaction, poll: Poll, to: str) -> None:
        """Show or hide the result of a poll; of one that is closing when it is closed, so that nobody answers who knows it."""
        if rules.is_closing(poll, at=self._clock.now()):
            tx.put(poll.model_copy(update={"shows_next": to}))
        else:
            await self.shown(tx, poll, to)

    async def closed(self, tx: Transaction, polls: Sequence[Poll], person: str) -> Done:
        """Close open polls: the last thing of their verb."""
        for poll in polls:
            rules.must_be_open(poll)  # before its answers are counted: a draft may be of a kind that comes later
        boxes = {box_of(poll.day, poll.poll, poll.round): poll for poll in polls}
        ballots = defaultdict[str, list[Values]](list)
        for ballot in await tx.ask(every(Ballot).where(col(Ballot.box).in_(boxes))):  # as values: an object each would cost 20 us
            ballots[ballot["box"]].append(dict(ballot))
        counts = {box: [await tx.find(Count, poll.day, poll.poll, poll.round - ago) for ago in (0, 1)] for box, poll in boxes.items()}
        said = {box: await closing.said_of(tx, poll) for box, poll in boxes.items()}
        seqs = [await self._counted(tx, poll, ballots[box], counts[box], person) for box, poll in boxes.items()]
        shuffled = {box: [{**ballot, "key": self._ids.key(), "about": None} for ballot in in_box] for box, in_box in ballots.items()}
        for box, rows in said.items():
            closing.rename(tx, rows, ballots[box], shuffled.get(box, []))
        # Under random keys, in the order of these: neither pseudonym nor order nor group leads back to anybody.
        in_order = sorted((ballot for in_box in shuffled.values() for ballot in in_box), key=itemgetter("key"))
        await tx.rewrite(Ballot, col(Ballot.box).in_(boxes), in_order)
        return Done(max(seqs, default=None))

    async def _counted(self, tx: Transaction, poll: Poll, ballots: Sequence[Values], counts: Sequence[Count | None], person: str) -> int:
        """Count a box, tell what is in it, and seal it in the audit chain."""
        question, now, before = rules.question_of(poll), self._clock.now(), counts[1]
        count = closing.final(self.box, poll, ballots, counts[0])
        sorting = Sorting.read(poll.sorting)
        shown = tally.seen(question, count, closed=True, sorting=sorting)
        told = {**shown, **tally.shifted(poll, shown, before)}
        event = rules.close_poll(poll, told, at=now)
        shut = {"voting": "closed", "closed_at": now, "closes_at": None, "key_print": None, "shows_next": None}
        tx.put(closed := poll.model_copy(update=shut))
        tx.put(count)
        entry = await tx.record(event)
        if poll.shows_next:
            to_all = rules.show_result(closed, poll.shows_next, result_of(closed, count, before), at=now)
            tx.put(closed.model_copy(update={"result": to_all.to}))
            entry = await tx.record(to_all)
        sealed = {"poll": poll.poll, "round": poll.round, **seal([(b["receipt"], b["answer"]) for b in ballots])}
        await audit.enter(tx, audit.Deed(poll.day, person, "ballots.sealed", sealed, now))
        return entry.seq

    def heard(self, entries: Sequence[Entry]) -> None:
        """Destroy the keys of closed boxes: every process does it for the events it hears, after their commit."""
        for entry in entries:
            if isinstance(entry.event, PollClosed):
                self.box.destroy(box_of(entry.event.day, entry.event.poll, entry.event.round))

    async def sweep(self) -> None:
        """At start: destroy keys that outlived their round because a process died in between. Other boxes are let alone."""
        async with self._store.reading() as session:
            still = {(poll.day, poll.poll, poll.round) for poll in await session.exec(select(Poll).where(Poll.voting == "open"))}
            rounds = (await session.exec(select(Count.day, Count.poll, Count.round))).all()
        for day, poll, round_ in set(rounds) - still:
            self.box.destroy(box_of(day, poll, round_))

    async def _poll(self, tx: Transaction, by: Actor, poll_id: str) -> Poll:
        poll = await tx.find(Poll, by.day, poll_id)
        if poll is None:
            raise rules.no_such()
        return poll

    async def _open_box(self, tx: Transaction, poll: Poll, event: Any) -> Done:
        changed: dict[str, Any] = {
            "voting": "open",
            "result": event.result,
            "round": event.round,
            "opened_at": event.at,
            "closes_at": event.closes_at,
        }
        changed |= {"closed_at": None, "passed_over": None, "key_print": None, "shows_next": None}
        held = words_of(await tx.find(HeldWords, poll.day))
        sorting = msgspec.structs.replace(Sorting.read(poll.sorting), held=tuple(held))
        tx.put(poll.model_copy(update={**changed, "sorting": sorting.written()}))
        tx.put(an_empty_count(poll.day, poll.poll, event.round))
        return Done((await tx.record(event)).seq)


def a_draft(day: str, poll: str, question: Question, *, place: int, scope: str, seconds: int) -> Poll:
    """A poll that nobody has seen yet."""
    text = msgspec.json.encode(question).decode()
    return Poll(day=day, poll=poll, place=place, scope=scope, question=text, known=is_known(question), seconds=seconds)


def an_empty_count(day: str, poll: str, round_: int) -> Count:
    """The tally of a round before its first answer."""
    nothing = tally.Tally().written()
    return Count(day=day, poll=poll, round=round_, now=nothing, shown=nothing)


def result_of(poll: Poll, count: Count | None, before: Count | None = None) -> dict[str, Any]:
    """The tally as it may be seen now."""
    if count is None:
        raise Refused("poll.draft", _("Omröstningen har inte varit öppen än, så det finns inget resultat att visa."))
    return tally.seen_of(poll, count, before)
