"""The captions' part of the follow-up report: how much of what was shown could be read, and how long after it was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from streaming.captioning.rules import is_shown
from streaming.captioning.tables import DELAY_MS, Caption
from streaming.captioning.views import delays, finished
from streaming.tables import FilmAsset, ProgrammeClock, Showing

MINUTE_MS = 60_000
SLATE = "slate"


async def section(session: AsyncSession, day: str) -> Data:
    """``captions``: for each lane the programme ``minutes`` with captions ``of`` those with a picture of its own, and its ``lines``;
    for all of them the median ``delay_s`` from a word to its finished line. It holds the usual delay that the writers gave, which nobody
    has measured, as ``assumed_s``; ``n`` is the number of lines behind it.
    """
    clock = (await session.exec(select(ProgrammeClock).where(ProgrammeClock.day == day))).one_or_none()
    if clock is None:
        return {"captions": {"lanes": [], "n": 0, "delay_s": None, "assumed_s": None}}
    showings = (await session.exec(select(Showing).where(Showing.day == day).order_by(col(Showing.position)))).all()
    assets = (await session.exec(select(FilmAsset).where(FilmAsset.day == day))).all()
    lines = [line for line in await finished(session, day, None) if line.text]
    usual = await delays(session, day)
    worded = {film.film for film in assets if film.captions}
    lanes = [_lane(clock, lane, showings, [line for line in lines if is_shown(line, lane)], worded) for lane in clock.lanes]
    waits = [_wait_s(line) + usual.get(line.lane, DELAY_MS) / 1_000 for line in lines]
    assumed = sorted({usual.get(line.lane, DELAY_MS) / 1_000 for line in lines})
    about = {"delay_s": round(median(waits), 1), "assumed_s": assumed} if waits else {"delay_s": None, "assumed_s": None}
    return {"captions": {"lanes": [lane for lane in lanes if lane["of"]], "n": len(lines), **about}}


def _lane(clock: ProgrammeClock, lane: str, showings: Iterable[Showing], lines: Sequence[Caption], worded: set[str]) -> Data:
    own = [one for one in showings if lane in one.lanes]
    shown, filmed = set[int](), set[int]()
    for showing, begins_ms, ends_ms in _spans(own, _end(clock, own, lines)):
        if showing.source == SLATE:
            continue
        shown |= _minutes(begins_ms, ends_ms)
        filmed |= _minutes(begins_ms, ends_ms) if showing.kind == "film" and showing.source in worded else set()
    written = {minute for line in lines for minute in _minutes(_ms(clock, line.begun_at), _ms(clock, line.finished_at or line.begun_at))}
    return {
        "lane": lane,
        "lines": len(lines),
        "minutes": len(shown & (written | filmed)),
        "written": len(shown & written),
        "films": len(filmed),
        "of": len(shown),
    }


def _spans(showings: Sequence[Showing], end_ms: int) -> Iterator[tuple[Showing, int, int]]:
    """From when until when each was on air; of a film no longer than it is."""
    standing = [one for n, one in enumerate(showings) if all(later.begins_ms > one.begins_ms for later in showings[n + 1 :])]
    ends = [later.begins_ms for _, later in pairwise(standing)] + [end_ms]
    for showing, until_ms in zip(standing, ends, strict=True):
        over_ms = showing.begins_ms + showing.duration_ms if showing.asset else until_ms
        yield showing, showing.begins_ms, min(until_ms, over_ms)


def _end(clock: ProgrammeClock, showings: Sequence[Showing], lines: Sequence[Caption]) -> int:
    """Where the lane ends; while it goes on, as far as is known."""
    if clock.ended_ms is not None:
        return clock.ended_ms
    known = [showing.begins_ms + showing.duration_ms for showing in showings]
    return max([*known, *(_ms(clock, line.finished_at or line.begun_at) for line in lines)], default=0)


def _minutes(begins_ms: int, ends_ms: int) -> set[int]:
    return set(range(begins_ms // MINUTE_MS, -(-ends_ms // MINUTE_MS) if ends_ms > begins_ms else begins_ms // MINUTE_MS + 1))


def _ms(clock: ProgrammeClock, at: datetime) -> int:
    return round((at - clock.began_at).total_seconds() * 1_000)


def _wait_s(line: Caption) -> float:
    return ((line.finished_at or line.begun_at) - line.begun_at).total_seconds()
