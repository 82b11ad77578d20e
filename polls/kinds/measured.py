"""Kinds in which one puts in order or gives a measure: a ranking, a hundred points to share out, a number."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from operator import itemgetter
from typing import Any

from conference.core.disclosure import EXACT_FROM, K, percent
from conference.core.errors import Refused, _
from polls.kinds.bins import Bins, bins_of, how_many
from polls.kinds.kind import Columns, Given, Kind, a_list, an_object, can_be_cells, empty, first, tidy, whole, wrong
from polls.kinds.question import Answer, Question

POINTS = 100  # to share out
VALUES_MOST = 10_000  # numbers to choose from: each that is given is a cell of the tally


class Ranking(Kind):
    """Options in order, the best first; the rest may be left out.

    The first of N options gets N points, the next one fewer, and what is left out none (Borda's count): so one that many put second
    can come before one that few put first.
    """

    def fits(self, question: Question) -> bool:
        """Two options or more, and no more to put in order than there are."""
        return can_be_cells(question.options, 2) and 1 <= question.rank_at_least <= len(question.options)

    def check(self, question: Question, answer: Any) -> Answer:
        """Each option at most once, all of them of this question, in their order."""
        ranked = a_list(answer)
        known = {option.id for option in question.options}
        if any(not isinstance(one, str) or one not in known for one in ranked) or len(set(ranked)) < len(ranked):
            raise wrong()
        if len(ranked) < question.rank_at_least:
            raise Refused("answer.wrong", _("Ordna minst %(least)d."), least=question.rank_at_least)
        return ranked

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """Points for each option, and one for the first place."""
        points = {one: len(question.options) - place for place, one in enumerate(answer)}
        return {**points, first_place(answer[0]): 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """The points of all options, and their first places."""
        ids = tuple(option.id for option in question.options)
        return (*ids, *map(first_place, ids))

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """First places: points of a group would tell too much of it."""
        return (Columns(tuple(first_place(option.id) for option in question.options)),)

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """The options in the order they came to, with their points, also in percent of the most they could have got."""
        most = n * len(question.options)
        rows = [_ranked(one.id, counts, first_place(one.id), most) for one in question.options]
        return {"rows": sorted(rows, key=itemgetter("points", "firsts"), reverse=True)}

    def read(self, given: Given) -> Any:
        """The options by the place that stands beside each.

        Raises:
            Refused: ``answer.wrong``: two have the same place.
        """
        places = [(whole(first(given, part)), part) for part in given if part and first(given, part)]
        if len({place for place, _part in places}) < len(places):
            raise Refused("answer.wrong", _("Två har fått samma plats. Ge varje plats till ett alternativ."))
        if any(isinstance(place, str) for place, _part in places):
            raise wrong()
        return [part for _place, part in sorted(places)]


class Points(Kind):
    """A hundred points shared out: ``{option: points}``; they need not all be used."""

    def fits(self, question: Question) -> bool:
        """Two options or more."""
        return can_be_cells(question.options, 2)

    def check(self, question: Question, answer: Any) -> Answer:
        """Whole points, a hundred at most together; options without any are left out."""
        given = an_object(answer, question.options)
        if not all(type(points) is int and points >= 0 for points in given.values()):
            raise wrong()
        if not any(given.values()):
            raise empty()
        if sum(given.values()) > POINTS:
            raise Refused("answer.too_many", _("Fördela högst %(most)d poäng."), most=POINTS)
        return {one: points for one, points in given.items() if points}

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """The points, and one for each option that got most of them."""
        most = max(answer.values())
        return {**answer, **{top(one): 1 for one, points in answer.items() if points == most}}

    def cells(self, question: Question) -> tuple[str, ...]:
        """The points of all options, and how often each got most."""
        ids = tuple(option.id for option in question.options)
        return (*ids, *map(top, ids))

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """Which option got most: points of a group would tell too much of it."""
        return (Columns(tuple(top(option.id) for option in question.options), len(question.options)),)

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """The options from the one with most points to that with fewest, with what each got on average."""
        rows = [_ranked(one.id, counts, top(one.id), n * POINTS) for one in question.options]
        ordered = sorted(rows, key=itemgetter("points", "firsts"), reverse=True)
        return {"rows": [{**row, "mean": tidy(row["points"] / n) if n else None} for row in ordered]}

    def read(self, given: Given) -> Any:
        """The points that stand beside each option."""
        return {part: whole(first(given, part)) for part in given if part and first(given, part)}


class Number(Kind):
    """A number from ``low`` to ``high``, in steps of ``step``. Single numbers stay in the tally: shown are bins, and the middle."""

    def fits(self, question: Question) -> bool:
        """Bounds, and a step between them that leaves numbers to choose from, and not too many."""
        low, high, step = question.low, question.high, question.step
        if low is None or high is None or not all(map(isfinite, (low, high, step))):
            return False
        return step > 0 and 2 <= how_many(low, high, step) <= VALUES_MOST

    def check(self, question: Question, answer: Any) -> Answer:
        """One of the numbers that may be given."""
        if answer in ("", None, [], {}):
            raise empty()
        bins = bins_of(question)
        if type(answer) not in (int, float) or not bins.low <= answer <= bins.high or bins.value(bins.place(answer)) != answer:
            raise wrong()
        return bins.value(bins.place(answer))

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in its number."""
        return {str(bins_of(question).place(answer)): 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """All bins."""
        return bins_of(question).names

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """How many numbers lie in each bin; which ones could point at somebody."""
        return bins_of(question).filled(counts)

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """The bins; from five answers on the bins that the median and the quartiles lie in, from twenty on these exactly."""
        bins = bins_of(question)
        return {"bins": bins.shown(), **_middle(bins, n, counts)}

    def read(self, given: Given) -> Any:
        """The number, with a point or a comma."""
        text = first(given).replace(" ", "").replace(",", ".")
        before, point, after = text.partition(".")
        is_decimal = point and after.isdecimal() and isinstance(whole(before), int)
        return float(text) if is_decimal else whole(text)


def first_place(option: str) -> str:
    """The cell of a ranking's first places."""
    return f"first:{option}"


def top(option: str) -> str:
    """The cell of those who gave an option most of their points."""
    return f"top:{option}"


def _middle(bins: Bins, n: int, counts: Mapping[str, int]) -> dict[str, Any]:
    """The median and the quartiles: of few answers they are single persons' numbers, and nothing is told that the bins do not tell."""
    if n >= EXACT_FROM:
        return {"median": bins.quantile(counts, 2), "quartiles": [bins.quantile(counts, quarter) for quarter in (1, 3)]}
    if n >= K:
        return {"median_within": bins.within(counts, 2), "quartiles_within": [bins.within(counts, quarter) for quarter in (1, 3)]}
    return {}


def _ranked(option: str, counts: Mapping[str, int], firsts: str, most: int) -> dict[str, Any]:
    """Its points, what that is of the *most* it could have got, and how often it was preferred to all others."""
    points = counts.get(option, 0)
    return {"option": option, "points": points, "firsts": counts.get(firsts, 0), "share": percent(points, most) if most else 0}
