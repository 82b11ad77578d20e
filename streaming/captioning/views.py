"""What is shown of live captions, and to whom: the lines to everybody on the lane, whose turn it is to those who write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast
from sqlmodel import and_, col, not_, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Shown, To, Viewer
from streaming.captioning.events import LineBegun, LineCorrected, LineFinished, TurnChanged
from streaming.captioning.rules import SHOWN, WRITERS
from streaming.captioning.tables import Caption, Turn

LINES = 20  # in the state: what a late joiner may want to read back


def _to(line: Caption | LineBegun | LineFinished | LineCorrected) -> To:
    return To(off=frozenset(line.apart) if line.apart else None) if line.everywhere else To(lane=line.lane)


def _begun(event: LineBegun) -> Shown:
    return [(_to(event), {"line": event.line, "lane": event.lane, "at": event.begun_at, "open": True})]  # its words come as pictures


def _finished(event: LineFinished) -> Shown:
    return [(_to(event), {"line": event.line, "lane": event.lane, "text": event.text, "at": event.begun_at, "open": None})]


def _corrected(event: LineCorrected) -> Shown:
    return [(_to(event), {"line": event.line, "lane": event.lane, "text": event.text, "at": event.begun_at, "corrected": True})]


def _turn(turn: Turn | TurnChanged) -> Data:
    people = {name: {"person": who} if (who := getattr(turn, name)) else None for name in ("writer", "ready", "wanted")}
    return {"turn": turn.lane, **people, "since": turn.since, "delay_ms": turn.delay_ms}


def _turned(event: TurnChanged) -> Shown:
    return [(To(roles=WRITERS, about=event.lane), _turn(event))]


FACES: Faces = {
    LineBegun: _begun,
    LineFinished: _finished,
    LineCorrected: _corrected,
    TurnChanged: _turned,
}


def line(row: Caption) -> Data:
    """A line as it is in the state; one that is being written is ``open``."""
    shown: Data = {"line": row.line, "lane": row.lane, "text": row.text, "at": row.begun_at}
    return shown | ({"open": True} if row.finished_at is None else {}) | ({"corrected": True} if row.corrected else {})


async def lines(session: AsyncSession, day: str, lane: str, most: int = LINES) -> list[Data]:
    """The last lines that a lane shows, oldest first."""
    together = and_(col(Caption.everywhere), not_(cast(Caption.apart, String).contains(f'"{lane}"', autoescape=True)))
    wanted = select(Caption).where(Caption.day == day, or_(together, col(Caption.lane) == lane))
    found = (await session.exec(wanted.order_by(col(Caption.line).desc()).limit(most))).all()
    return [line(row) for row in reversed(found)]


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``captions`` of the state, and for those who write ``turns``."""
    seen: Data = {"captions": await lines(session, day, viewer.lane)}
    if viewer.roles & WRITERS:
        turns = await session.exec(select(Turn).where(Turn.day == day).order_by(Turn.lane))
        own = [_turn(turn) for turn in turns if viewer.is_one_of(WRITERS, turn.lane)]
        seen["turns"] = [{key: value for key, value in turn.items() if value is not None} for turn in own]
    return seen


async def unfinished(session: AsyncSession, day: str, now: datetime) -> list[tuple[To, Data]]:
    """The lines that are being written, with who sees them; one that rests is left out."""
    wanted = select(Caption).join(Turn, (col(Turn.day) == Caption.day) & (col(Turn.line) == Caption.line))
    found = await session.exec(wanted.where(Turn.day == day, Caption.touched_at > now - SHOWN))
    return [(_to(row), line(row)) for row in found]


async def finished(session: AsyncSession, day: str, since: datetime | None) -> Sequence[Caption]:
    """The finished lines that have changed since, in their order; all of them without a time."""
    wanted = select(Caption).where(Caption.day == day, col(Caption.finished_at).is_not(None))
    if since is not None:
        wanted = wanted.where(Caption.touched_at >= since)
    return (await session.exec(wanted.order_by(col(Caption.line)))).all()


async def delays(session: AsyncSession, day: str) -> dict[str, int]:
    """How long after a word its line is usually begun, in ms, for the lanes in which somebody has written."""
    found = await session.exec(select(Turn.lane, Turn.delay_ms).where(Turn.day == day))
    return {lane: delay_ms for lane, delay_ms in found}  # noqa: C416  # rows, not pairs
