"""The verbs of sorting texts and ideas one by one, also while the poll they are written to is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, func, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rules import live
from conference.service import the_day
from polls import backing, rules, sorting, tally, texts
from polls.ballots import box_of
from polls.events import PollSorted
from polls.service import Polls, a_draft
from polls.sorting import Sorting, Standing
from polls.tables import Ballot, Count, Poll, SortedText


class Grouping:
    """Sort texts into themes, hold them, let them through; and let everybody back the ideas that came in."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, polls: Polls) -> None:
        self._store, self._clock, self._ids, self._polls = store, clock, ids, polls

    @verb
    async def judge(self, tx: Transaction, by: Actor, poll_id: str, ids: Sequence[str], said: Standing) -> Done:
        """Hold texts, let them through or take them from the screen.

        Raises:
            Refused: ``poll.no_such``, ``poll.not_sorted``, ``text.empty`` or ``word.no_such``.
        """
        return await self._sort(tx, by, poll_id, ids, {"standing": said})

    @verb
    async def group(self, tx: Transaction, by: Actor, poll_id: str, ids: Sequence[str], theme: str) -> Done:
        """Put texts in a theme, by its name.

        Raises:
            Refused: as `judge`, and ``text.too_long``.
        """
        return await self._sort(tx, by, poll_id, ids, {"theme": sorting.a_theme(theme)})

    @verb
    async def undo(self, tx: Transaction, by: Actor, poll_id: str, ids: Sequence[str]) -> Done:
        """Take back what was said of texts.

        Raises:
            Refused: as `judge`.
        """
        return await self._sort(tx, by, poll_id, ids, {"standing": "", "theme": ""})

    @verb
    async def let_back(self, tx: Transaction, by: Actor, poll_id: str) -> Done:
        """Let everybody back the ideas of a closed poll, each theme as one idea: a new poll, open at once.

        Each backs an idea once, anonymously, as its box is that of any poll.

        Raises:
            Refused: ``poll.no_such``, ``poll.not_ideas``, ``poll.not_closed``, ``ideas.too_few`` or ``ideas.too_many``.
        """
        poll, day = await self._poll(tx, by, poll_id), await the_day(tx, by.day)
        live(day)
        all_ = await self._written(tx, poll)
        names = [one["theme"] for one in texts.themes(all_)] + texts.on_screen(all_)
        question = backing.to_back(poll, names)
        last = await tx.ask(select(func.max(Poll.place).label("place")).where(Poll.day == by.day))
        event = backing.make_backing(poll, self._ids.new(), question, at=self._clock.now())
        draft = a_draft(
            by.day,
            event.poll,
            question,
            place=(last[0]["place"] or 0) + 1,
            scope=poll.scope,
            seconds=max(poll.seconds, rules.SECONDS_BY_HAND),
        )
        tx.put(draft)
        await tx.record(event)
        return Done((await self._polls.opened(tx, draft, draft.seconds)).seq, {"poll": event.poll})

    async def _poll(self, tx: Transaction, by: Actor, poll_id: str) -> Poll:
        poll = await tx.find(Poll, by.day, poll_id)
        if poll is None:
            raise rules.no_such()
        return poll

    async def _written(self, tx: Transaction, poll: Poll) -> list[texts.Written]:
        ballots = await tx.every(Ballot, col(Ballot.box) == box_of(poll.day, poll.poll, poll.round))
        rows = await tx.every(SortedText, col(SortedText.day) == poll.day, col(SortedText.poll) == poll.poll)
        held = Sorting.read(poll.sorting).held
        count = await tx.find(Count, poll.day, poll.poll, poll.round)
        told = texts.readable(count, [(ballot.key, ballot.answer) for ballot in ballots])
        return texts.written(rules.question_of(poll), held, told, rows, still_open=poll.voting == "open")

    async def _sort(self, tx: Transaction, by: Actor, poll_id: str, ids: Sequence[str], said: dict[str, str]) -> Done:
        poll = await self._poll(tx, by, poll_id)
        rules.must_hold_texts(poll, ids, {one.id for one in await self._written(tx, poll)})
        counts = await tx.every(Count, col(Count.day) == poll.day, col(Count.poll) == poll.poll)
        rows = [await tx.find(SortedText, poll.day, poll.poll, one) or SortedText(day=poll.day, poll=poll.poll, text=one) for one in ids]
        for row in rows:
            tx.put(row.model_copy(update=said))
        poll = poll.model_copy(update={"sorts": poll.sorts + 1})
        tx.put(poll)
        tallies = tally.seen_rounds(poll, counts)
        about: dict[str, Any] = {"poll": poll.poll, "scope": poll.scope, "round": poll.round, "result": poll.result, "sorts": poll.sorts}
        return Done((await tx.record(PollSorted(day=poll.day, at=self._clock.now(), tallies=tallies, **about))).seq)
