"""The verbs of sorting what people wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.columns import Kept
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.keeping import is_let_go
from polls import rules, sorting, tally
from polls.ballots import box_of
from polls.events import PollSorted
from polls.kinds import Question
from polls.sorting import Merging, Sorting, Standing
from polls.tables import Ballot, Count, Poll
from polls.tally import Tally


class Moderating:
    """Sort what people wrote. Everything can be taken back, and no ballot is touched."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @verb
    async def merge(self, tx: Transaction, by: Actor, poll_id: str, cells: Sequence[str], into: str) -> Done:
        """Let some words count as one.

        Raises:
            Refused: ``poll.no_such``, ``poll.draft``, ``poll.not_sorted``, what `sorting.merge` raises, and
                ``poll.disposed`` when there is nothing to count from any more.
        """
        return await self._sort(tx, by, poll_id, lambda question, now: sorting.merge(question, now, cells, into))

    @verb
    async def judge(self, tx: Transaction, by: Actor, poll_id: str, cells: Sequence[str], said: Standing) -> Done:
        """Hold words, let them through, or take them away.

        Raises:
            Refused: ``poll.no_such``, ``poll.draft``, ``poll.not_sorted``, and what `sorting.judge` raises.
        """
        return await self._sort(tx, by, poll_id, lambda question, now: sorting.judge(question, now, cells, said))

    @verb
    async def undo(self, tx: Transaction, by: Actor, poll_id: str, cells: Sequence[str]) -> Done:
        """Take back what was said of some words.

        Raises:
            Refused: ``poll.no_such``, ``poll.draft``, ``poll.not_sorted``, ``poll.disposed`` as in `merge`, and what `sorting.undo` raises.
        """
        return await self._sort(tx, by, poll_id, lambda question, now: sorting.undo(question, now, cells))

    async def hold_words(self, tx: Transaction, day: str, words: Sequence[str]) -> Callable[[Transaction], Awaitable[None]]:
        """The list of words that a day holds is another: all its polls go by it from now on. Reads; what comes back writes."""
        held = tuple(words)
        polls = [
            poll
            for poll in await tx.every(Poll, col(Poll.day) == day)
            if poll.round and (rules.is_sortable(poll) or rules.holds_texts(poll))
        ]
        counts = await tx.every(Count, col(Count.day) == day)

        async def write(tx: Transaction) -> None:
            for poll in polls:
                before = Sorting.read(poll.sorting)
                if before.held != held:
                    after = msgspec.structs.replace(before, held=held)
                    await self._put(tx, poll, after, [count for count in counts if count.poll == poll.poll])

        return write

    async def _sort(self, tx: Transaction, by: Actor, poll_id: str, change: Callable[[Question, Sorting], Sorting]) -> Done:
        poll = await tx.find(Poll, by.day, poll_id)
        if poll is None:
            raise rules.no_such()
        rules.must_be_sortable(poll)
        question, before = rules.question_of(poll), Sorting.read(poll.sorting)
        after = change(question, before)
        counts = await tx.every(Count, col(Count.day) == poll.day, col(Count.poll) == poll.poll)
        if after.into != before.into:
            if await is_let_go(tx, poll.day, Kept.BALLOT):
                raise Refused("poll.disposed", _("Rösterna är gallrade, så orden går inte att räkna om."))
            counts = [await _recounted(tx, question, count, after.into) for count in counts]
        return await self._put(tx, poll, after, counts)

    async def _put(self, tx: Transaction, poll: Poll, now: Sorting, counts: Sequence[Count]) -> Done:
        """Sort a poll anew, and tell what its results are from now on."""
        poll = poll.model_copy(update={"sorting": now.written(), "sorts": poll.sorts + 1})
        tx.put(poll)
        for count in counts:
            tx.put(count)
        tallies = tally.seen_rounds(poll, counts)
        about: dict[str, Any] = {"poll": poll.poll, "scope": poll.scope, "round": poll.round, "result": poll.result, "sorts": poll.sorts}
        return Done((await tx.record(PollSorted(day=poll.day, at=self._clock.now(), tallies=tallies, **about))).seq)


async def _recounted(tx: Transaction, question: Question, count: Count, merging: Merging) -> Count:
    """A round whose merged words are counted from its ballots."""
    ballots = await tx.every(Ballot, col(Ballot.box) == box_of(count.day, count.poll, count.round))
    merged = tally.counted(question, ((msgspec.json.decode(ballot.answer), 0) for ballot in ballots), merging).merged
    now, shown = Tally.read(count.now), Tally.read(count.shown)
    same = shown == now
    now = replace(now, merged=merged)
    shown = now if same else replace(shown, merged=tally.at_least(shown, merging))
    return count.model_copy(update={"now": now.written(), "shown": shown.written()})
