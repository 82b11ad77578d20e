"""What came of the polls, as it may be shown: what the report and the files for people are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.core.errors import _
from conference.core.faces import Data
from conference.followup.keeping import views as keeping
from conference.people import NATIONAL
from polls import figures, tally, texts
from polls.events import PollCorrected
from polls.kinds import Question, kind_of
from polls.rules import question_of
from polls.sorting import Sorting
from polls.tables import Count, Poll

Themes: TypeAlias = Mapping[tuple[str, int], list[Data]]
"""A poll's round -> its themes."""


async def asked(session: AsyncSession, day: str) -> list[Data]:
    """Every poll that has been open, in the order of the day.

    Each is ``{poll, question, version, kind, title, title_en, scope, region, opened_at, closed_at, rounds, corrections}``, with the
    times of the last round; a round is ``{round, open, n, behind, rows, regions, affiliations, texts, themes, shift}``. ``rows`` are as
    `polls.figures.rows` gives them; each of ``regions`` and ``affiliations`` is as `polls.figures.by_group` gives it, beside the whole,
    where ``None`` is withheld; ``gap`` holds two kinds against each other, as `polls.figures.gap` gives it. ``texts``
    are there after the close, from five answers on, until the ballots are let go; their ``themes`` ``{theme, n}`` stay. Of a kind whose
    counts lead on to other figures there are also ``about {kind, title, options …}``, ``counts`` and ``derived`` as in the protocol, and
    ``measures {text, value, n}``. Where words were merged, ``merged`` has what each is made of, as `polls.figures.merged` gives it. Where
    hands were told behind screens, ``hands`` has ``{screens, n, rows}`` of them, in no other figure. ``shift`` is how the shares moved
    since the round before, as `polls.figures.shift` gives it: there when both are closed and somebody answered in both.
    """
    names = await figures.region_names(session, day)
    polls = await session.exec(select(Poll).where(Poll.day == day).order_by(col(Poll.place), col(Poll.poll)))
    counts: dict[str, list[Count]] = {}
    for count in await session.exec(select(Count).where(Count.day == day).order_by(col(Count.round))):
        counts.setdefault(count.poll, []).append(count)
    mended = await figures.corrections(session, day, PollCorrected, "poll")
    gone = _themes(await keeping.figures_of(session, day, Kept.BALLOT, newest=True) or {})
    found = [await _poll(session, poll, counts[poll.poll], names, gone) for poll in polls if poll.poll in counts]
    return [{**poll, "corrections": mended.get(poll["poll"], [])} for poll in found]


async def _poll(session: AsyncSession, poll: Poll, counts: list[Count], names: Mapping[str, str], gone: Themes) -> Data:
    question = question_of(poll)
    about = {
        "poll": poll.poll,
        "question": question.id,
        "version": question.version,
        "kind": question.kind,
        "title": question.title,
        "title_en": question.title_en or question.title,
    }
    where = {"scope": poll.scope, "region": _whose(poll, names), "opened_at": poll.opened_at, "closed_at": poll.closed_at}
    rounds: list[Data] = []
    for count in counts:
        still_open = poll.voting == "open" and count.round == poll.round
        written = [] if still_open or not kind_of(question).written else await _texts(session, poll, count.round)
        result = _result(question, count, names, Sorting.read(poll.sorting), still_open=still_open)
        told = [{"text": one.text, "theme": one.theme} for one in written]
        themes = texts.themes(written) or gone.get((poll.poll, count.round), [])
        rounds.append({"round": count.round, "open": still_open, **result, "texts": told, "themes": themes})
    return {
        **about,
        **where,
        "rounds": [{**one, "shift": _shift(before, one)} for before, one in zip([None, *rounds], rounds, strict=False)],
    }


def _shift(before: Data | None, after: Data) -> list[Data]:
    return figures.shift(before, after) if before and not after["open"] and before["n"] and after["n"] else []


def _whose(poll: Poll, names: Mapping[str, str]) -> str | None:
    return _("Ingen region") if poll.scope == NATIONAL else names.get(poll.scope)


def _result(question: Question, count: Count, names: Mapping[str, str], sorting: Sorting, *, still_open: bool) -> Data:
    shown = tally.seen(question, count, closed=not still_open, sorting=sorting)
    regions = figures.by_group(question, shown.get("regions", ()), "region", names, shown)
    affiliations = figures.by_group(question, shown.get("affiliations", ()), "affiliation", {}, shown)
    gap = figures.gap(question, shown)
    hands = {"hands": figures.hands(question, shown["hands"])} if "hands" in shown else {}
    merged = figures.merged(tally.Tally.read(count.shown), sorting, shown["counts"])
    return {
        **figures.result(question, shown),
        **({"merged": merged} if merged else {}),
        "behind": shown["behind"],
        "regions": regions,
        "affiliations": affiliations,
        **({"gap": gap} if gap else {}),
        **hands,
    }


def _themes(frozen: Data) -> Themes:
    """Of ballots that have been let go, as the report has them."""
    return {(poll["poll"], one["round"]): one.get("themes", []) for poll in frozen.get("polls", ()) for one in poll["rounds"]}


async def _texts(session: AsyncSession, poll: Poll, round_: int) -> list[texts.Written]:
    """In the order of the ballots' keys, which are random; what a moderator removed or holds is not told on."""
    return [one for one in await texts.of_round(session, poll, round_) if one.told]
