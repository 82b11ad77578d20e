"""A ranking, a hundred points, a number: what is an answer, what it counts as, and what follows from the counts."""

from __future__ import annotations

import math
import statistics
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import Refused
from polls.kinds import Question, checked, is_known, kind_of
from polls.tally import Tally, by_region, counted, disclosed
from tests.polls.kinds.asked import ABC, HALVES, LARGE, NEVER, NOTHING, NUMBER, POINTS, RANKING

RIGHT: list[tuple[Question, Any, Any, dict[str, int]]] = [
    (RANKING, ["b", "a"], ["b", "a"], {"b": 3, "a": 2, "first:b": 1}),
    (RANKING, ["c"], ["c"], {"c": 3, "first:c": 1}),
    (POINTS, {"c": 40, "a": 60, "b": 0}, {"a": 60, "c": 40}, {"a": 60, "c": 40, "top:a": 1}),
    (POINTS, {"b": 10, "c": 10}, {"b": 10, "c": 10}, {"b": 10, "c": 10, "top:b": 1, "top:c": 1}),
    (NUMBER, 30, 30, {"30": 1}),
    (NUMBER, 30.0, 30, {"30": 1}),
    (NUMBER, 0, 0, {"0": 1}),
    (HALVES, -0.5, -0.5, {"1": 1}),
]
WRONG: list[tuple[Question, Any, str]] = [
    *((question, bad, "answer.wrong") for question in (RANKING, POINTS, NUMBER) for bad in (*NEVER, *LARGE)),
    *((question, nothing, "answer.empty") for question in (RANKING, POINTS, NUMBER) for nothing in NOTHING),
    (RANKING, ["a", "b", "a"], "answer.wrong"),
    (RANKING, ["a", None], "answer.wrong"),
    (RANKING, {"a": 1}, "answer.wrong"),
    (msgspec.structs.replace(RANKING, rank_at_least=2), ["a"], "answer.wrong"),
    (POINTS, {}, "answer.empty"),
    (POINTS, {"a": 0, "b": 0}, "answer.empty"),
    (POINTS, {"a": 60, "b": 41}, "answer.too_many"),
    (POINTS, {"a": 10**30}, "answer.too_many"),
    (POINTS, {"a": -1, "b": 50}, "answer.wrong"),
    (POINTS, {"a": 3.5}, "answer.wrong"),
    (POINTS, {"a": "5"}, "answer.wrong"),
    (POINTS, {"a": True}, "answer.wrong"),
    (POINTS, {"a": math.nan}, "answer.wrong"),
    (POINTS, {"a": None}, "answer.wrong"),
    (POINTS, {"a": [5]}, "answer.wrong"),
    (NUMBER, -1, "answer.wrong"),
    (NUMBER, 241, "answer.wrong"),
    (NUMBER, 3.5, "answer.wrong"),
    (NUMBER, "5", "answer.wrong"),
    (NUMBER, 1e308, "answer.wrong"),
    (HALVES, 0.25, "answer.wrong"),
]


@pytest.mark.parametrize(("question", "answer", "kept", "weight"), RIGHT)
def test_a_fitting_answer_is_kept_and_counted(question: Question, answer: Any, kept: Any, weight: dict[str, int]) -> None:
    assert repr(checked(question, answer)) == repr(kept)
    assert kind_of(question).weigh(question, kept) == weight


@pytest.mark.parametrize(("question", "answer", "code"), WRONG, ids=lambda one: str(one)[:30])
def test_an_answer_that_does_not_fit_is_refused(question: Question, answer: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, answer)

    assert no.value.code == code


@pytest.mark.parametrize(
    "question",
    [
        msgspec.structs.replace(RANKING, options=ABC[:1]),
        msgspec.structs.replace(RANKING, rank_at_least=4),
        msgspec.structs.replace(POINTS, options=(ABC[0], ABC[0])),
        msgspec.structs.replace(POINTS, options=(*ABC, msgspec.structs.replace(ABC[0], id="top:a"))),
        Question("q", "number", "Utan gränser"),
        Question("q", "number", "Bakvänd", low=5, high=1),
        Question("q", "number", "Utan steg", low=0, high=1, step=0),
        Question("q", "number", "För många", low=0, high=100_000),
        Question("q", "number", "Oändlig", low=0, high=math.inf),
    ],
)
def test_a_question_that_lacks_what_its_kind_needs_cannot_be_asked(question: Question) -> None:
    assert not is_known(question)


def test_a_ranking_comes_to_an_order_by_points_and_then_by_first_places() -> None:
    tally = counted(RANKING, [(["a", "b"], 1)] * 3 + [(["b", "c", "a"], 1)] * 2 + [(["c"], 1)])

    assert disclosed(RANKING, tally) == {
        "n": 6,
        "behind": 6,
        "counts": {"a": 11, "b": 12, "c": 7, "first:a": 3, "first:b": 2, "first:c": 1},
        "derived": {
            "rows": [
                {"option": "b", "points": 12, "firsts": 2, "share": 67},
                {"option": "a", "points": 11, "firsts": 3, "share": 61},
                {"option": "c", "points": 7, "firsts": 1, "share": 39},
            ]
        },
    }


def test_points_come_to_a_mean_and_an_order() -> None:
    tally = counted(POINTS, [({"a": 60, "c": 40}, 1), ({"c": 50, "b": 5}, 1), ({"c": 100}, 1)])

    assert disclosed(POINTS, tally)["derived"] == {
        "rows": [
            {"option": "c", "points": 190, "firsts": 2, "share": 63, "mean": 63.3},
            {"option": "a", "points": 60, "firsts": 1, "share": 20, "mean": 20},
            {"option": "b", "points": 5, "firsts": 0, "share": 2, "mean": 1.7},
        ]
    }


def test_of_numbers_bins_and_the_middle_are_shown_and_no_number_itself() -> None:
    shown = disclosed(NUMBER, counted(NUMBER, [(value, 1) for value in (0, 10, 30, 31, 240, 17)]))

    assert (shown["n"], shown["counts"]) == (6, {f"from:{start}": {0: 3, 25: 2, 225: 1}.get(start, 0) for start in range(0, 240, 25)})
    assert shown["derived"]["bins"][-1] == {"cell": "from:225", "low": 225, "high": 240}
    assert {name: told for name, told in shown["derived"].items() if name != "bins"} == {
        "median_within": {"low": 0, "high": 49},
        "quartiles_within": [{"low": 0, "high": 24}, {"low": 25, "high": 49}],
    }


@pytest.mark.parametrize(
    ("values", "within"),
    [
        ([24] * 5, {"low": 0, "high": 24}),
        ([0, 0, 0, 230, 230, 230], {"low": 0, "high": 240}),
        ([10, 20, 24, 25, 30, 40], {"low": 0, "high": 49}),
    ],
)
def test_of_few_numbers_a_middle_between_two_bins_lies_in_both(values: list[int], within: dict[str, int]) -> None:
    assert disclosed(NUMBER, counted(NUMBER, [(value, 1) for value in values]))["derived"]["median_within"] == within


@given(st.lists(st.integers(0, 240), max_size=19))
def test_of_fewer_than_twenty_numbers_nothing_is_told_that_the_bins_do_not_tell(values: list[int]) -> None:
    firsts = [value // 25 * 25 for value in values]

    assert _shown(values) == _shown(firsts)


@given(st.lists(st.integers(0, 240), min_size=5, max_size=19))
def test_the_middle_of_few_numbers_lies_where_it_is_said_to(values: list[int]) -> None:
    derived = _shown(values)["derived"]

    low, middle, high = statistics.quantiles(values, method="inclusive")
    told = [derived["quartiles_within"][0], derived["median_within"], derived["quartiles_within"][1]]
    assert [one["low"] <= at <= one["high"] for one, at in zip(told, (low, middle, high), strict=True)] == [True] * 3
    assert 2 * sum(told[0]["low"] <= value <= told[2]["high"] for value in values) >= len(values)


def _shown(values: list[int]) -> dict[str, Any]:
    return disclosed(NUMBER, counted(NUMBER, [(value, 1) for value in values]))


def test_of_four_numbers_the_middle_is_not_told() -> None:
    assert set(disclosed(NUMBER, counted(NUMBER, [(value, 1) for value in (1, 2, 3, 4)]))["derived"]) == {"bins"}


@given(st.lists(st.integers(0, 240), min_size=20))
def test_median_and_quartiles_from_the_cells_are_those_of_the_numbers(values: list[int]) -> None:
    derived = disclosed(NUMBER, counted(NUMBER, [(value, 1) for value in values]))["derived"]

    low, middle, high = statistics.quantiles(values, method="inclusive")
    assert (derived["quartiles"], derived["median"]) == ([low, high], middle)


@given(st.integers(-50, 50), st.integers(1, 9_999), st.sampled_from([1, 2, 0.1, 0.25]))
def test_every_number_lies_in_one_bin_and_bins_are_few(low: int, numbers: int, step: float) -> None:
    question = Question("q", "number", "?", low=low, high=low + numbers * step, step=step)
    bins = kind_of(question).derived(question, 0, {}, closed=True)["bins"]
    filled = kind_of(question).seen(question, {str(place): 1 for place in range(numbers + 1)}, closed=True)

    assert is_known(question)
    assert (1 <= len(bins) <= 12, sum(filled.values()), [one["cell"] for one in bins]) == (True, numbers + 1, list(filled))
    assert (bins[0]["low"], bins[-1]["high"]) == (low, pytest.approx(low + numbers * step))


def test_a_split_of_a_ranking_tells_first_places_and_one_of_numbers_bins() -> None:
    ranked = [(list(order), "r-a", 1) for order in permutations("abc")] * 5
    numbers = [(10, "r-a", 1)] * 6 + [(30, "r-a", 1)] * 5

    assert by_region(RANKING, ranked) == [{"region": "r-a", "n": 30, "counts": {"first:a": 10, "first:b": 10, "first:c": 10}}]
    [split] = by_region(NUMBER, numbers)
    assert {cell: count for cell, count in split["counts"].items() if count} == {"from:0": 6, "from:25": 5}


def test_a_split_of_points_tells_what_got_most() -> None:
    answers = [({"a": 50, "b": 50}, "r-a", 1)] * 6 + [({"c": 100}, "r-a", 1)] * 5

    assert by_region(POINTS, answers) == [{"region": "r-a", "n": 11, "counts": {"top:a": 6, "top:b": 6, "top:c": 5}}]


@pytest.mark.parametrize(
    ("question", "fields", "answer"),
    [
        (RANKING, {"a": ["2"], "c": ["1"]}, ["c", "a"]),
        (RANKING, {}, []),
        (POINTS, {"a": ["60"], "b": ["40"]}, {"a": 60, "b": 40}),
        (POINTS, {"a": ["6o"]}, {"a": "6o"}),
        (POINTS, {}, {}),
        (NUMBER, {"": [" 30 "]}, 30),
        (NUMBER, {"": ["3,5"]}, 3.5),
        (NUMBER, {"": ["-3,5"]}, -3.5),
        (NUMBER, {"": ["trettio"]}, "trettio"),
        (NUMBER, {}, ""),
    ],
)
def test_what_a_form_says(question: Question, fields: dict[str, list[str]], answer: Any) -> None:
    assert kind_of(question).read(fields) == answer


@pytest.mark.parametrize("fields", [{"a": ["1"], "b": ["1"]}, {"a": ["x"]}])
def test_a_form_that_ranks_wrongly_is_refused(fields: dict[str, list[str]]) -> None:
    with pytest.raises(Refused, match=r"answer\.wrong"):
        kind_of(RANKING).read(fields)


def test_nothing_is_derived_from_no_answers_but_what_the_question_says() -> None:
    nothing = [disclosed(question, Tally())["derived"] for question in (RANKING, POINTS)]

    assert [one["rows"][0] for one in nothing] == [
        {"option": "a", "points": 0, "firsts": 0, "share": 0},
        {"option": "a", "points": 0, "firsts": 0, "share": 0, "mean": None},
    ]
