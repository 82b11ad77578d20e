"""What happened beside the picture while something was recorded: polls and what came of them, announcements, the chat; each at its moment.

It may be seen by everybody once the recording is published, so it holds less than the day did: no names, nothing that was removed, of
questions the words of those alone that may be quoted, and figures only of polls whose result everybody was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions.tables import Question
from chat.tables import Message
from conference.people import NATIONAL
from conference.rundown.tables import Cue
from polls.results import asked
from polls.tables import Poll
from streaming.recordings import Recorded
from streaming.tables import SlideSeen

COUNTRY: Final = "country"


async def moments(session: AsyncSession, recorded: Recorded) -> list[dict[str, Any]]:
    """Each as ``{at, kind, …}`` in order, ``at`` in seconds from the beginning of the recording.

    ``poll`` {poll, title, title_en} when it opened; ``result`` {poll, title, title_en, n, rows} when it closed, rows as in the report;
    ``announcement`` {text}; ``slide`` {page, pages, text} when it came on air; ``chat`` {text, role}; ``question`` {text, label} when the
    panel took it up, its words only when they may be quoted.
    """
    found = [
        *await _polls(session, recorded),
        *await _announcements(session, recorded),
        *await _slides(session, recorded),
        *await _chat(session, recorded),
        *await _questions(session, recorded),
    ]
    return sorted(found, key=lambda moment: moment["at"])


async def _polls(session: AsyncSession, recorded: Recorded) -> list[dict[str, Any]]:
    row = recorded.row
    shown = await session.exec(select(Poll.poll).where(Poll.day == row.day, Poll.result == "everyone"))
    seen_by_all = set(shown)
    found: list[dict[str, Any]] = []
    for poll in await asked(session, row.day):
        if poll["scope"] not in {COUNTRY, row.lane}:
            continue
        about = {"poll": poll["poll"], "title": poll["title"], "title_en": poll["title_en"]}
        if _is_in(recorded, poll["opened_at"]):
            found.append({"at": _at(recorded, poll["opened_at"]), "kind": "poll", **about})
        last = poll["rounds"][-1]
        if _is_in(recorded, poll["closed_at"]) and poll["poll"] in seen_by_all and not last["open"]:
            figures = {"n": last["n"], "rows": last["rows"]}
            found.append({"at": _at(recorded, poll["closed_at"]), "kind": "result", **about, **figures})
    return found


async def _announcements(session: AsyncSession, recorded: Recorded) -> Iterator[dict[str, Any]]:
    row = recorded.row
    wanted = select(Cue).where(
        Cue.day == row.day, Cue.do == "announce", Cue.state == "done", col(Cue.lane).in_(_lanes(row.lane)), col(Cue.item).in_(row.items)
    )
    cues = (await session.exec(wanted.order_by(col(Cue.given_at)))).all()
    return (
        {"at": _at(recorded, cue.given_at), "kind": "announcement", "text": str(cue.args.get("text", ""))}
        for cue in cues
        if cue.given_at is not None and _is_in(recorded, cue.given_at)
    )


async def _slides(session: AsyncSession, recorded: Recorded) -> Iterator[dict[str, Any]]:
    row = recorded.row
    wanted = select(SlideSeen).where(
        SlideSeen.day == row.day, SlideSeen.at >= row.begins_at, SlideSeen.at < row.ends_at, col(SlideSeen.page).is_not(None)
    )
    seen = (await session.exec(wanted.order_by(col(SlideSeen.at)))).all()
    return (
        {"at": _at(recorded, one.at), "kind": "slide", "page": one.page, "pages": one.pages, "text": one.text}
        for one in seen
        if row.lane in one.lanes
    )


async def _chat(session: AsyncSession, recorded: Recorded) -> Iterator[dict[str, Any]]:
    row = recorded.row
    wanted = select(Message).where(
        Message.day == row.day,
        col(Message.room).in_(_lanes(row.lane)),
        Message.at >= row.begins_at,
        Message.at < row.ends_at,
        col(Message.removed_by).is_(None),
        col(Message.held).is_(None),
    )
    said = (await session.exec(wanted.order_by(col(Message.seq)))).all()
    return ({"at": _at(recorded, one.at), "kind": "chat", "text": one.text, "role": one.role} for one in said if one.text)


async def _questions(session: AsyncSession, recorded: Recorded) -> Iterator[dict[str, Any]]:
    row = recorded.row
    wanted = select(Question).where(
        Question.day == row.day, col(Question.lane).in_(_lanes(row.lane)), col(Question.public).is_(True), col(Question.removed).is_(False)
    )
    asked = (
        await session.exec(
            wanted.where(col(Question.into).is_(None), col(Question.lifted).is_(None), col(Question.answered_at).is_not(None))
        )
    ).all()
    begun = [(one.taken_up_at or one.answered_at, one) for one in asked]
    return (
        {"at": _at(recorded, at), "kind": "question", "text": one.text if one.quotable else None, "label": one.label}
        for at, one in begun
        if at is not None and _is_in(recorded, at)
    )


def _lanes(lane: str) -> Sequence[str]:
    return [NATIONAL] if lane == NATIONAL else [NATIONAL, lane]


def _is_in(recorded: Recorded, at: datetime | None) -> bool:
    return at is not None and recorded.row.begins_at <= at < recorded.row.ends_at


def _at(recorded: Recorded, at: datetime) -> float:
    return recorded.at(at) / 1_000
