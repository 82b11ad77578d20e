"""Reactions: what a feature does when something has happened on a floor below it.

The effect and the place that has been reached are written in one transaction, and an event at or before that place is passed by. So a
crash between cause and effect loses nothing and doubles nothing, and several processes may react side by side: the second one finds
the place taken.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import BigInteger
from sqlmodel import SQLModel, select

from conference.core.bus import Bus, follow
from conference.core.columns import Kept, kept
from conference.core.errors import Refused
from conference.core.event import Entry, Event
from conference.core.log import since
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction

AGAIN_S = 1.0  # the database is away: as long as followers wait for one another

log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[Transaction, Any], Awaitable[None]]
Refusal: TypeAlias = Callable[[str, Event, str], None]
"""Is told which reaction passed an event over, the event, and the code of why."""

TOGETHER = 32  # events whose effects are asked for at once; half of what a group of the store takes

FAILED = "reaction.failed"  # in place of a refusal's code: the mistake is ours


class _OutOfTurn(Exception):
    """The event before this one has not been reacted to: its commit failed, or its reaction did."""


class Position(SQLModel, table=True):
    """How far a reaction has come in the log of a day."""

    __tablename__ = "position"

    reaction: str = kept(Kept.OPERATION, primary_key=True)
    day: str = kept(Kept.OPERATION, primary_key=True)
    seq: int = kept(Kept.OPERATION, sa_type=BigInteger)


@dataclass(frozen=True)
class Reactions:
    """All that one feature does about the events of others.

    Attributes:
        name: a lasting name; the place in the log is kept under it.
        handlers: an event type and the verb-like function that follows it. It touches nothing but its transaction. When it raises,
            the event counts as seen and the reason is logged: one bad event must not stop a day.
    """

    name: str
    handlers: Mapping[type[Event], Handler]


def _in_the_log(name: str, event: Event, code: str) -> None:
    log.info("%s passed over %s of %s: %s", name, event.name, event.day, code)


@dataclass(frozen=True)
class Reactor:
    """Runs reactions along the log of a day.

    Attributes:
        refused: is told what was passed over.
    """

    store: Store
    bus: Bus
    refused: Refusal = _in_the_log

    async def follow(self, day: str, reactions: Reactions) -> None:
        """React to every event of *day*, from where it was left, for as long as the caller lets it run."""
        start = await self._position(day, reactions.name)
        async for entries in follow(self.bus, day, start, partial(self._missed, day)):
            await self.react(reactions, entries)

    async def catch_up(self, day: str, reactions: Reactions) -> None:
        """React to all that is in the log now, and return."""
        seq = await self._position(day, reactions.name)
        while entries := await self._missed(day, seq):
            await self.react(reactions, entries)
            seq = entries[-1].seq

    async def react(self, reactions: Reactions, entries: Sequence[Entry]) -> None:
        """React to what is followed of *entries*, in order; returns when all effects are stored, or events passed over.

        A cue that parts twenty-one regions leaves as many entries: they are asked for together, so that they share a commit.
        """
        followed = [entry for entry in entries if type(entry.event) in reactions.handlers]
        for start in range(0, len(followed), TOGETHER):
            after, before = 0, None
            async with asyncio.TaskGroup() as together:
                for entry in followed[start : start + TOGETHER]:
                    before = together.create_task(self._in_turn(reactions, entry, after, before))
                    after = entry.seq

    async def _in_turn(self, reactions: Reactions, entry: Entry, after: int, before: asyncio.Task[None] | None) -> None:
        """React to one event, once the one at *after*, which *before* reacts to, has been reacted to."""
        while True:
            try:
                code = await self.store.run(partial(self._react, reactions, entry, after))
            except _OutOfTurn:
                assert before  # the first of them has none to wait for
                await asyncio.wait([before])
            except StoreUnavailable as error:
                self.store.noted(error)
                await asyncio.sleep(AGAIN_S)
            except Exception:  # one bad event must not stop a day; the whole story is in the log of the program
                log.exception("%s could not follow %s of %s", reactions.name, entry.event.name, entry.event.day)
                self.refused(reactions.name, entry.event, FAILED)
                reactions = Reactions(reactions.name, {type(entry.event): _nothing})
            else:
                if code:
                    self.refused(reactions.name, entry.event, code)
                return

    async def _react(self, reactions: Reactions, entry: Entry, after: int, tx: Transaction) -> str | None:
        """The code of the refusal, if it was refused."""
        day = entry.event.day
        reached = await tx.find(Position, reactions.name, day)
        if reached is not None and reached.seq >= entry.seq:
            return None
        if after and (reached is None or reached.seq < after):
            raise _OutOfTurn
        code = None
        try:
            await reactions.handlers[type(entry.event)](tx, entry.event)
        except Refused as refusal:
            tx.forget()
            code = refusal.code
        tx.put(Position(reaction=reactions.name, day=day, seq=entry.seq))
        return code

    async def _position(self, day: str, name: str) -> int:
        async with self.store.reading() as session:
            wanted = select(Position.seq).where(Position.reaction == name, Position.day == day)
            return (await session.exec(wanted)).one_or_none() or 0

    async def _missed(self, day: str, seq: int) -> list[Entry]:
        async with self.store.reading() as session:
            return await since(session, day, seq)


async def _nothing(_: Transaction, __: Event) -> None:
    """Pass an event by."""
