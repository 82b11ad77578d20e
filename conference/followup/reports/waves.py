"""The waves of a follow-up in the report: each question by itself, with letters and n, and never as a part of the evaluation of the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from conference.core.faces import Data
from conference.followup.reports.answers import between, finding, many, part
from conference.followup.reports.document import Column, Part, Table, Unit, Value

CAVEAT: Final = "Samma frågor till dem som sade att vi fick fråga igen. De som svarar är färre än de som var med och behöver inte vara desamma varje gång: siffrorna säger vad de som svarade har gjort, inte vad alla gjorde."  # noqa: E501  # a paragraph is one text
COLUMNS: Final = (
    *(Column("Efter dagen"), Column("Svarade"), Column("Andel", Unit.PERCENT), Column("Antal", Unit.NUMBER)),
    *(Column("n", Unit.NUMBER), Column("Osäkerhet, procent"), Column("Brev", Unit.NUMBER)),
)


def parts(questions: Iterable[Data], surveys: Iterable[Data]) -> list[Part]:
    """The parts of a chapter.

    Args:
        questions: as `polls.surveys.waves.beside` gives them.
        surveys: the waves, for what they asked besides.
    """
    others = [(one["months"], question) for one in surveys for question in one["questions"] if not {"top2", "share"} & set(question)]
    return [*(_part(one) for one in questions), *(_other(months, question) for months, question in others)]


def _other(months: int, question: Data) -> Part:
    return part(question, question, f"{months} månader efter dagen: {finding(question['kind'], question)}")


def _part(question: Data) -> Part:
    told = question["waves"]
    rows = tuple(_row(wave) for wave in told)
    note = f"Andel av n, som är antalet {told[-1]['share']['base']} till frågan den gången."
    heading = f"{many(told[-1]['share']['n'], 'svar', 'svar')} {told[-1]['months']} månader efter dagen"
    return Part(heading, question["title"], (CAVEAT,), tables=(Table(question["title"], COLUMNS, rows, note=note),))


def _row(wave: Data) -> tuple[Value, ...]:
    share, when = wave["share"], f"{wave['months']} månader{', preliminärt' if wave['preliminary'] else ''}"
    return (when, share["text"], share["percent"], share["count"], share["n"], between(share["between"]), wave["mailed"])
