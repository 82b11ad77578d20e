"""What the cells of a tally and the figures that follow from them are called, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import Said
from polls.kinds import DONT_KNOW, RIGHT, Axes, Option, Question, first_place, placed, top
from polls.kinds.bins import bins_of

Texts: TypeAlias = tuple[str, str]
"""The same in Swedish and in English."""

QUARTERS = _("Nedre kvartil"), _("Median"), _("Övre kvartil")
QUARTERS_IN = _("Nedre kvartil (%(unit)s)"), _("Median (%(unit)s)"), _("Övre kvartil (%(unit)s)")
ENDS = {"agreed": _("Mest överens"), "divided": _("Delar mest")}
MINUS = "\N{MINUS SIGN}"


def cell_names(question: Question) -> dict[str, Texts]:
    """The cells that count answers, in their order; none of a kind whose cells are what people wrote."""
    return NAMES.get(question.kind, _chosen)(question)


def ends_in_words(question: Question, ends: Mapping[str, str]) -> Data:
    """The statements that `kinds.ends_of` found, each as ``{text, text_en}``."""
    named = _options(question.statements)
    return {end: dict(zip(("text", "text_en"), named[ends[end]], strict=True)) for end in ENDS if end in ends}


def _chosen(question: Question) -> dict[str, Texts]:
    return _options(question.options)


def _first_places(question: Question) -> dict[str, Texts]:
    return {first_place(one): texts for one, texts in _options(question.options).items()}


def _tops(question: Question) -> dict[str, Texts]:
    return {top(one): texts for one, texts in _options(question.options).items()}


def _quiz(question: Question) -> dict[str, Texts]:
    return {**_options(question.options), RIGHT: ("Rätt svar", "Right answer")}


def _scale(question: Question) -> dict[str, Texts]:
    """The steps; of several statements, those of each."""
    steps = _steps(question)
    if not question.statements:
        return steps
    judged = _options(question.statements).items()
    return {f"{one}:{step}": _joined(texts, at) for one, texts in judged for step, at in steps.items()}


def _bins(question: Question) -> dict[str, Texts]:
    """The bins of a number, with its unit."""
    return {one["cell"]: _with_unit(question, _span(one["low"], one["high"])) for one in bins_of(question).shown()}


def measures(question: Question, n: int, derived: Data) -> list[Data]:
    """The figures that follow from the counts as ``{text, value, n}``, for files; texts are cells of a sheet."""
    rows = derived.get("rows", ())
    match question.kind:
        case "ranking":
            return [_measure(Said(_("%(option)s: poäng"), _named(question, row)), row["points"], n) for row in rows]
        case "points":
            return [_measure(Said(_("%(option)s: medel av 100 poäng"), _named(question, row)), row["mean"], n) for row in rows]
        case "scale":
            return [_measure(Said(_("%(option)s: medel"), _named(question, row)), row["mean"], row["n"]) for row in rows]
        case "matrix":
            assert question.axes
            sides = (("benefit", question.axes.y), ("effort", question.axes.x))
            return [
                _measure(f"{_named(question, row)['option']}: {axis.title}", row[side], row["n"]) for row in rows for side, axis in sides
            ]
        case "number":
            names = QUARTERS_IN if question.unit else QUARTERS
            unit = {"unit": question.unit} if question.unit else {}
            return [_measure(Said(name, unit), value, n) for name, value in zip(names, _quarters(derived), strict=False)]
    return []


def said(value: float) -> str:
    """A number as people write it."""
    return str(value).replace(".", ",").replace("-", MINUS)


def _span(low: float, high: float) -> str:
    return said(low) if low == high else f"{said(low)}\N{EN DASH}{said(high)}"


def _quarters(derived: Data) -> tuple[float | str, ...]:
    """The three that part the numbers in four; of few numbers the bins that each lies in, of very few none."""
    if "median" in derived:
        low, high = derived["quartiles"]
        return low, derived["median"], high
    if "median_within" in derived:
        low, high = derived["quartiles_within"]
        return tuple(_span(one["low"], one["high"]) for one in (low, derived["median_within"], high))
    return ()


def _measure(text: str | Said, value: float | str | None, n: int) -> Data:
    return {"text": text, "value": value, "n": n}


def _named(question: Question, row: Data) -> dict[str, str]:
    return {"option": _options((*question.options, *question.statements))[row.get("option") or row["statement"]][0]}


def _options(options: tuple[Option, ...]) -> dict[str, Texts]:
    return {option.id: (option.text, option.text_en or option.text) for option in options}


def _joined(one: Texts, other: Texts) -> Texts:
    return f"{one[0]}: {other[0]}", f"{one[1]}: {other[1]}"


def _with_unit(question: Question, text: str) -> Texts:
    swedish, english = question.unit, question.unit_en or question.unit
    return f"{text} {swedish}" if swedish else text, f"{text} {english}" if english else text


def _fields(question: Question) -> dict[str, Texts]:
    axes: Axes | None = question.axes
    assert axes
    steps = range(1, question.steps + 1)
    benefit, effort = ((axis.title, axis.title_en or axis.title) for axis in (axes.y, axes.x))
    return {
        f"{one}:{up}:{along}": _joined(texts, (f"{benefit[0]} {up}, {effort[0]} {along}", f"{benefit[1]} {up}, {effort[1]} {along}"))
        for one, texts in _options(placed(question)).items()
        for up in steps
        for along in steps
    }


def _steps(question: Question) -> dict[str, Texts]:
    """Every step by its label, and the way out; with labels for the two ends only, those between are called by their number."""
    swedish = _labels(question.steps, question.labels)
    english = _labels(question.steps, question.labels_en) if question.labels_en else swedish
    steps = {str(step): (swedish[step], english[step]) for step in swedish}
    away = question.dont_know
    return {**steps, DONT_KNOW: (away, question.dont_know_en or away)} if away else steps


def _labels(steps: int, labels: tuple[str, ...]) -> dict[int, str]:
    if len(labels) == steps:
        return dict(enumerate(labels, start=1))
    ends = {1: labels[0], steps: labels[-1]} if labels else {}
    return {step: ends.get(step, str(step)) for step in range(1, steps + 1)}


NAMES = {"ranking": _first_places, "points": _tops, "scale": _scale, "number": _bins, "matrix": _fields, "quiz": _quiz}
