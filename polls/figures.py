"""A tally in words: every answer beside its share, for reports and files. It gets what may be shown, and adds nothing to that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import K, Share
from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell, disclosed
from conference.tables import Region
from polls.kinds import DONT_KNOW, KINDS, Question

BASE = _("svar")  # what every n of a poll or a survey counts: forms and ballots, whoever sits behind them


def rows(question: Question, n: int | None, counts: Mapping[str, int | None]) -> list[Data]:
    """Each cell as ``{option, text, text_en, percent, count, n, base, between}``; words the most frequent first.

    Args:
        n: answers; ``None``, like a count, when it is withheld.
    """
    cells = KINDS[question.kind].cells(question)
    words = sorted(counts, key=lambda word: (-(counts[word] or 0), word))
    named = _named(question, cells) if cells else {word: (word, word) for word in words}
    return [_row(cell, texts, n, counts.get(cell, 0)) for cell, texts in named.items()]


def by_group(question: Question, split: Iterable[Data], name: str, names: Mapping[str, str]) -> list[Data]:
    """Each group of a disclosed split as ``{<name>, name, n, rows}``.

    Args:
        name: what the groups are: ``region`` or ``affiliation``.
        names: what they are called; those that are not there are called by nothing.
    """
    return [
        {name: group[name], "name": names.get(group[name]), "n": group["n"], "rows": rows(question, group["n"], group["counts"])}
        for group in split
    ]


def texts(written: list[Data]) -> list[Data]:
    """Answers in people's own words, which must come in no order that tells anything; none at all while they are few."""
    return written if len(written) >= K else []


CELLS = (_("Svar"), _("Antal"), _("n"), _("Procent"))


def cells(figures: Data) -> Iterator[tuple[Cell, ...]]:
    """The ``rows`` and ``texts`` of a result as rows of a sheet, in the columns `CELLS`; of an answer that has no cells, its n alone."""
    n = disclosed(figures["n"])
    for row in figures["rows"]:
        yield row["text"], disclosed(row["count"]), n, WITHHELD if row["count"] is None else row["percent"]
    if not figures["rows"]:
        yield None, None, n, None
    for written in figures.get("texts", ()):
        yield written["text"], None, n, None


async def region_names(session: AsyncSession, day: str) -> dict[str, str]:
    """What the day's regions are called."""
    return {region.region: region.name for region in await session.exec(select(Region).where(col(Region.day) == day))}


def _row(cell: str, texts: tuple[str, str], n: int | None, count: int | None) -> Data:
    share = Share(count, n or 0, BASE).shown()
    return {"option": cell, "text": texts[0], "text_en": texts[1], **share, "n": n}


def _named(question: Question, cells: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """What the cells are called, in Swedish and English."""
    options = {option.id: (option.text, option.text_en or option.text) for option in question.options}
    swedish = _steps(question.steps, question.labels)
    english = _steps(question.steps, question.labels_en) if question.labels_en else swedish
    steps: dict[str, tuple[str, str]] = {str(step): (swedish[step], english[step]) for step in swedish}
    away = question.dont_know or ""
    known: dict[str, Any] = {**options, **steps, DONT_KNOW: (away, question.dont_know_en or away)}
    return {cell: known[cell] for cell in cells}


def _steps(steps: int, labels: tuple[str, ...]) -> dict[int, str]:
    """Every step by its label; with labels for the two ends only, those between are called by their number."""
    if len(labels) == steps:
        return dict(enumerate(labels, start=1))
    ends = {1: labels[0], steps: labels[-1]} if labels else {}
    return {step: ends.get(step, str(step)) for step in range(1, steps + 1)}
