"""Live polls in miniature: ordinary verbs, and the special path of the votes.

Votes arrive in thousands a second. They are gathered: one look at the polls, one statement for all ballots, in the same transaction as
whatever else is asked meanwhile, so that a vote and ``close`` cannot cross and the total in `PollClosed` is the total in the box.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from sqlalchemy import func
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.actor import Actor
from conference.core.columns import Kept, kept
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.store import Store, verb
from conference.core.transaction import Transaction

Stage: TypeAlias = dict[str, tuple[str, int, int]]  # poll -> state, how often it was opened, ballots at the last close


class Poll(SQLModel, table=True):
    """A question and whether it may be answered."""

    __tablename__ = "test_poll"

    poll: str = kept(Kept.PUBLIC, primary_key=True)
    day: str = kept(Kept.PUBLIC)
    state: str = kept(Kept.PUBLIC)
    rounds: int = kept(Kept.PUBLIC, 0)
    total: int = kept(Kept.PUBLIC, 0)


class Ballot(SQLModel, table=True):
    """One answer under a pseudonym. No time, no person, no order."""

    __tablename__ = "test_ballot"

    poll: str = kept(Kept.BALLOT, primary_key=True, foreign_key="test_poll.poll")
    key: bytes = kept(Kept.BALLOT, primary_key=True)
    answer: int = kept(Kept.BALLOT)

    __table_args__ = {"sqlite_with_rowid": False}


@dataclass(frozen=True, kw_only=True)
class PollOpened(Event):
    """People may answer."""

    name: ClassVar[str] = "test.opened"

    poll: str


@dataclass(frozen=True, kw_only=True)
class PollClosed(Event):
    """Nobody may answer any more; ``total`` ballots are in the box."""

    name: ClassVar[str] = "test.closed"

    poll: str
    total: int


@dataclass(frozen=True)
class Vote:  # what a participant's wish comes to at the door
    poll: str
    key: bytes
    answer: int


def open_poll(poll: Poll, *, at: datetime) -> PollOpened:
    """Rule: a poll that is not open can be opened.

    Raises:
        Refused: ``poll.open``.
    """
    if poll.state == "open":
        raise Refused("poll.open", "Den är redan öppen.")
    return PollOpened(day=poll.day, poll=poll.poll, at=at)


def close_poll(poll: Poll, total: int, *, at: datetime) -> PollClosed:
    """Rule: only an open poll can be closed.

    Raises:
        Refused: ``poll.not_open``.
    """
    if poll.state != "open":
        raise Refused("poll.not_open", "Den är inte öppen.")
    return PollClosed(day=poll.day, poll=poll.poll, total=total, at=at)


class Polls:
    """The verbs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, poll_id: str, day: str, at: datetime) -> int:
        """As the house."""
        return await self.opening(Actor.house(day), poll_id, at)

    async def close(self, poll_id: str, at: datetime) -> int:
        """As the house."""
        return await self.closing(Actor.house("any"), poll_id, at)

    @verb
    async def opening(self, tx: Transaction, by: Actor, poll_id: str, at: datetime) -> int:
        """Let people answer; returns the place in the log."""
        poll = await tx.find(Poll, poll_id) or Poll(poll=poll_id, day=by.day, state="draft")
        event = open_poll(poll, at=at)
        tx.put(poll.model_copy(update={"state": "open", "rounds": poll.rounds + 1}))
        return (await tx.record(event)).seq

    @verb
    async def closing(self, tx: Transaction, by: Actor, poll_id: str, at: datetime) -> int:
        """Stop; every vote that was acknowledged is counted."""
        poll = await tx.get(Poll, poll_id)
        (count,) = await tx.ask(select(func.count().label("n")).where(Ballot.poll == poll_id))
        event = close_poll(poll, count["n"], at=at)
        tx.put(poll.model_copy(update={"state": "closed", "total": event.total}))
        return (await tx.record(event)).seq

    async def vote(self, vote: Vote) -> None:
        """Put a ballot in the box; the last one under a key counts.

        Raises:
            Refused: ``poll.not_open``.
        """
        await self._store.gather(cast_votes, vote)


async def cast_votes(tx: Transaction, votes: list[Vote]) -> list[Exception | None]:
    """All votes of a group in one statement."""
    polls = {poll: await tx.find(Poll, poll) for poll in {vote.poll for vote in votes}}
    is_open = {poll: row is not None and row.state == "open" for poll, row in polls.items()}
    cast = {(vote.poll, vote.key): vote.answer for vote in votes if is_open[vote.poll]}  # the last one under a key
    await tx.put_many(Ballot, [{"poll": poll, "key": key, "answer": answer} for (poll, key), answer in cast.items()])
    return [None if is_open[vote.poll] else Refused("poll.not_open", "Den är inte öppen.") for vote in votes]


async def on_stage(session: AsyncSession, day: str) -> Stage:
    """View: every poll's state, and its total once it is closed."""
    return {row.poll: (row.state, row.rounds, row.total) for row in await session.exec(select(Poll).where(Poll.day == day))}


def apply(state: Stage, event: Event) -> Stage:
    """What one event does to the view. Counting rounds makes an event that is applied twice show."""
    match event:
        case PollOpened():
            _, rounds, total = state.get(event.poll, ("draft", 0, 0))
            return {**state, event.poll: ("open", rounds + 1, total)}
        case PollClosed():
            return {**state, event.poll: ("closed", state[event.poll][1], event.total)}
    return state
