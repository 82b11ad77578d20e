"""Several statements on a scale, and a matrix: what is an answer, what it counts as, and what follows from the counts."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from polls.kinds import Question, checked, is_known, kind_of
from polls.tally import by_region, counted, disclosed
from tests.polls.kinds.asked import FIRM, LARGE, MATRIX, NEVER, NOTHING, STATEMENTS

RIGHT: list[tuple[Question, Any, Any, dict[str, int]]] = [
    (STATEMENTS, {"b": None, "a": 4}, {"a": 4, "b": None}, {"a:4": 1, "b:dont_know": 1}),
    (STATEMENTS, {"b": 1}, {"b": 1}, {"b:1": 1}),
    (MATRIX, {"c": [5, 1], "a": [1, 5]}, {"a": [1, 5], "c": [5, 1]}, {"a:1:5": 1, "c:5:1": 1}),
]
WRONG: list[tuple[Question, Any, str]] = [
    *((question, bad, "answer.wrong") for question in (STATEMENTS, MATRIX) for bad in (*NEVER, *LARGE)),
    *((question, nothing, "answer.empty") for question in (STATEMENTS, MATRIX) for nothing in (*NOTHING, {})),
    (STATEMENTS, 3, "answer.wrong"),
    (STATEMENTS, {"a": 0}, "answer.wrong"),
    (STATEMENTS, {"a": 5}, "answer.wrong"),
    (STATEMENTS, {"a": 3.5}, "answer.wrong"),
    (STATEMENTS, {"a": 3.0}, "answer.wrong"),
    (STATEMENTS, {"a": "3"}, "answer.wrong"),
    (STATEMENTS, {"a": True}, "answer.wrong"),
    (STATEMENTS, {"a": math.nan}, "answer.wrong"),
    (STATEMENTS, {"a": 3, "z": 3}, "answer.wrong"),
    (FIRM, {"a": None}, "answer.wrong"),
    (MATRIX, {"a": [1]}, "answer.wrong"),
    (MATRIX, {"a": [1, 2, 3]}, "answer.wrong"),
    (MATRIX, {"a": [0, 6]}, "answer.wrong"),
    (MATRIX, {"a": [1, 2.0]}, "answer.wrong"),
    (MATRIX, {"a": [True, 2]}, "answer.wrong"),
    (MATRIX, {"a": ["1", 2]}, "answer.wrong"),
    (MATRIX, {"a": [None, 2]}, "answer.wrong"),
    (MATRIX, {"a": {"x": 1, "y": 2}}, "answer.wrong"),
    (MATRIX, {"a": None}, "answer.wrong"),
]


@pytest.mark.parametrize(("question", "answer", "kept", "weight"), RIGHT)
def test_a_fitting_answer_is_kept_and_counted(question: Question, answer: Any, kept: Any, weight: dict[str, int]) -> None:
    assert checked(question, answer) == kept
    assert kind_of(question).weigh(question, kept) == weight


@pytest.mark.parametrize(("question", "answer", "code"), WRONG, ids=lambda one: str(one)[:30])
def test_an_answer_that_does_not_fit_is_refused(question: Question, answer: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, answer)

    assert no.value.code == code


def test_a_question_that_lacks_what_its_kind_needs_cannot_be_asked() -> None:
    lacking: list[tuple[Question, dict[str, Any]]] = [
        (STATEMENTS, {"steps": 11}),
        (MATRIX, {"axes": None}),
        (MATRIX, {"statements": ()}),
        (MATRIX, {"steps": 1}),
    ]

    assert [is_known(msgspec.structs.replace(question, **less)) for question, less in lacking] == [False] * 4


def test_statements_come_to_means_without_those_who_do_not_know() -> None:
    answers = [({"a": 4, "b": 1}, 1)] * 4 + [({"a": 3, "b": 4}, 1)] * 3 + [({"a": None}, 1)]

    assert disclosed(STATEMENTS, counted(STATEMENTS, answers))["derived"] == {
        "rows": [{"statement": "a", "n": 7, "mean": 3.6, "dont_know": 1}, {"statement": "b", "n": 7, "mean": 2.3, "dont_know": 0}],
        "agreed": "a",
        "divided": "b",
    }


def test_of_fewer_than_five_it_is_not_said_whether_they_agree() -> None:
    assert set(disclosed(FIRM, counted(FIRM, [({"a": 4, "b": 1}, 1)] * 4))["derived"]) == {"rows"}


def test_a_matrix_comes_to_the_middle_of_each_option_and_shows_fields_that_are_not_empty() -> None:
    shown = disclosed(MATRIX, counted(MATRIX, [({"a": [5, 1], "c": [1, 1]}, 1), ({"a": [4, 2]}, 1), ({"a": [4, 2]}, 1)]))

    assert shown["counts"] == {"a:4:2": 2, "a:5:1": 1, "c:1:1": 1}
    assert shown["derived"]["rows"] == [
        {"option": "a", "n": 3, "benefit": 4.3, "effort": 1.7},
        {"option": "b", "n": 0, "benefit": None, "effort": None},
        {"option": "c", "n": 1, "benefit": 1, "effort": 1},
    ]


def test_a_split_of_statements_is_a_table_for_each_and_of_a_matrix_only_how_many() -> None:
    statements = [({"a": 1, "b": 4}, "r-a", 1)] * 6 + [({"a": 1}, "r-a", 1)] * 5
    places = [({"a": [1, 1]}, "r-a", 1)] * 6

    [split] = by_region(STATEMENTS, statements)
    assert {cell: count for cell, count in split["counts"].items() if count} == {"a:1": 11, "b:4": 6}
    assert by_region(MATRIX, places) == [{"region": "r-a", "n": 6, "counts": {}}]


@pytest.mark.parametrize(
    ("question", "fields", "answer"),
    [
        (STATEMENTS, {"a": ["3"], "b": ["dont_know"]}, {"a": 3, "b": None}),
        (STATEMENTS, {"a": ["tre"]}, {"a": "tre"}),
        (STATEMENTS, {}, {}),
        (MATRIX, {"a.y": ["5"], "a.x": ["1"], "b.y": ["2"]}, {"a": [5, 1], "b": [2]}),
        (MATRIX, {}, {}),
    ],
)
def test_what_a_form_says(question: Question, fields: dict[str, list[str]], answer: Any) -> None:
    assert kind_of(question).read(fields) == answer
