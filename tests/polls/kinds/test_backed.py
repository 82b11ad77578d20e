"""Ideas, one or several each, and backing them: what is an answer, what it counts as, and how the result is ordered."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from polls import sorting
from polls.kinds import Question, checked, is_known, kind_of
from polls.sorting import UNSORTED
from polls.tally import by_region, counted, disclosed
from tests.polls.kinds.asked import BACKING, IDEAS, LARGE, NEVER

THREE_EACH = msgspec.structs.replace(IDEAS, ideas_each=3)


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        (IDEAS, ["Ring"], "Ring"),
        (THREE_EACH, "Ring", "Ring"),
        (THREE_EACH, [" Ring ", "", "Skriv"], ["Ring", "Skriv"]),
        (BACKING, ["c", "a"], ["a", "c"]),
    ],
)
def test_a_fitting_answer_is_kept_in_its_one_form(question: Question, answer: Any, kept: Any) -> None:
    assert checked(question, answer) == kept


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        *((BACKING, bad, "answer.wrong") for bad in (*NEVER, *LARGE)),
        (BACKING, [], "answer.empty"),
        (msgspec.structs.replace(BACKING, most=1), ["a", "b"], "answer.too_many"),
        (THREE_EACH, ["", " "], "answer.empty"),
        (THREE_EACH, ["a", "b", "c", "d"], "answer.too_many"),
        (THREE_EACH, ["Ring", " ring"], "answer.wrong"),
        (THREE_EACH, ["Ring", 1], "answer.wrong"),
        (THREE_EACH, ["x" * 201], "text.too_long"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_an_answer_that_does_not_fit_is_refused(question: Question, answer: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, answer)

    assert no.value.code == code


def test_a_form_gives_every_idea_that_is_filled_in() -> None:
    assert kind_of(THREE_EACH).read({"": ["Ring", "Skriv"]}) == ["Ring", "Skriv"]
    assert [is_known(msgspec.structs.replace(IDEAS, ideas_each=each)) for each in (0, 1, 5, 6)] == [False, True, True, False]


def test_ideas_are_ordered_by_support_and_whoever_backed_two_that_are_merged_has_backed_one() -> None:
    answers = [(["a", "b"], 0)] * 4 + [(["b"], 0)] * 2 + [(["c"], 0)] * 5
    merged = sorting.merge(BACKING, UNSORTED, ["b"], "a")

    apart = disclosed(BACKING, counted(BACKING, answers))
    together = disclosed(BACKING, counted(BACKING, answers, merged.into), sorting=merged)

    assert [(row["option"], row["support"], row["share"]) for row in apart["derived"]["rows"]] == [("b", 6, 55), ("c", 5, 45), ("a", 4, 36)]
    assert [(row["option"], row["support"]) for row in together["derived"]["rows"]] == [("a", 6), ("c", 5)]
    assert together["counts"] == {"a": 6, "c": 5}
    assert disclosed(BACKING, counted(BACKING, []))["counts"] == {"a": 0, "b": 0, "c": 0}
    assert [one["counts"] for one in by_region(BACKING, [(["a"], "r", 0)] * 6)] == [{}]
