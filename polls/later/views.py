"""What is shown of late answers: one's own to oneself, and what they came to beside the live result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.core.faces import Data, Faces, nobody
from conference.followup.keeping.tables import KeepingDate
from conference.tables import Day
from polls import figures, tally
from polls.ballots import Box
from polls.later import rules
from polls.later.events import LaterClosed
from polls.later.tables import LaterCount
from polls.results import asked
from polls.rules import question_of
from polls.tables import Ballot, Poll
from polls.views import face_of

FACES: Faces = {LaterClosed: nobody}


async def forms(session: AsyncSession, box: Box, day: str, polls: Collection[str], person: str | None, *, at: datetime) -> dict[str, Data]:
    """What those who watch a recording may answer now: poll -> its question as in the protocol, with one's own ``mine`` and ``receipt``.

    Args:
        polls: those that were open in the recording.
        person: who watches; ``None`` for somebody who has not joined.
    """
    of, kept = await session.get(Day, day), await session.get(KeepingDate, (day, Kept.PERSON.value))
    closed = {one.poll for one in await _counts(session, day) if one.closed_at}
    found = {}
    for poll in await session.exec(select(Poll).where(Poll.day == day, col(Poll.poll).in_(polls))):
        if rules.takes(rules.Standing(of, poll, kept.until if kept else None, poll.poll in closed), at=at):
            mine = await _mine(session, box, poll, person) if person else {}
            found[poll.poll] = {"poll": poll.poll, **face_of(question_of(poll)), "mine": None, "receipt": None, **mine}
    return found


async def told(session: AsyncSession, day: str) -> list[Data]:
    """Every poll that somebody has answered in hindsight, in the order of the day, beside its live result.

    Each is ``{poll, question, version, kind, title, title_en, region, open, n, rows, live}``; ``rows`` as in `polls.results.asked`, and
    ``live`` is ``{n, rows}`` of the last round, which late answers are no part of. While fewer than five have answered, ``n`` and all
    counts are ``None``; afterwards they move at every fifth answer. A count that would tell of fewer than five is ``None``.
    """
    counts = {one.poll: one for one in await _counts(session, day)}
    if not counts:
        return []
    rows = {one.poll: one for one in await session.exec(select(Poll).where(Poll.day == day, col(Poll.poll).in_(counts)))}
    return [_told(poll, rows[poll["poll"]], counts[poll["poll"]]) for poll in await asked(session, day) if poll["poll"] in rows]


def _told(live: Data, poll: Poll, count: LaterCount) -> Data:
    question, last = question_of(poll), live["rounds"][-1]
    part = tally.a_part(question, tally.Tally.read(count.shown))
    about = {name: live[name] for name in ("poll", "question", "version", "kind", "title", "title_en", "region")}
    result = {"n": part["n"], "rows": _rows(figures.rows(question, part["n"], part["counts"]), part["counts"])}
    beside = {"n": last["n"], "rows": _rows(last["rows"], part["counts"])}
    return {**about, "open": count.closed_at is None, **result, "live": beside}


def _rows(rows: list[Data], cells: Collection[str]) -> list[Data]:
    return [row for row in rows if row["option"] in cells]


async def _counts(session: AsyncSession, day: str) -> list[LaterCount]:
    return list(await session.exec(select(LaterCount).where(LaterCount.day == day)))


async def _mine(session: AsyncSession, box: Box, poll: Poll, person: str) -> Data:
    name = rules.box_of(poll.day, poll.poll)
    ballot = await session.get(Ballot, (name, box.pseudonym(name, person)))
    return {"mine": msgspec.json.decode(ballot.answer), "receipt": ballot.receipt} if ballot else {}
