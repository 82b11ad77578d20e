"""Every kind of question: what is an answer, what is refused, and what an answer counts as."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from conference.library import NATIONAL_KIT
from polls.kinds import DONT_KNOW, KINDS, Option, Question, checked, is_known, kind_of
from polls.kit import question_from

ABC = (Option("a", "Alfa"), Option("b", "Beta"), Option("c", "Gamma"))
ONE = Question("q", "choice", "Välj", options=ABC)
TWO = Question("q", "choice", "Välj", options=(*ABC, Option("none", "Inget")), most=2, exclusive=("none",))
YESNO = Question("q", "yesno", "Ja?", options=(Option("yes", "Ja"), Option("no", "Nej")))
SCALE = Question("q", "scale", "Hur?", steps=5)
OUT = Question("q", "scale", "Hur?", steps=5, dont_know="Vet ej")
WORDS = Question("q", "words", "Ord?", most=3, longest=30)
TEXT = Question("q", "text", "Vad?", longest=500)

RIGHT: list[tuple[Question, Any, Any, dict[str, int]]] = [
    (ONE, ["b"], ["b"], {"b": 1}),
    (TWO, ["c", "a"], ["a", "c"], {"a": 1, "c": 1}),
    (TWO, ["none"], ["none"], {"none": 1}),
    (YESNO, "no", "no", {"no": 1}),
    (SCALE, 5, 5, {"5": 1}),
    (OUT, None, None, {DONT_KNOW: 1}),
    (WORDS, [" Tillit ", "god  vilja"], ["Tillit", "god vilja"], {"tillit": 1, "god vilja": 1}),
    (TEXT, " Säg när. ", "Säg när.", {}),
]


@pytest.mark.parametrize(("question", "answer", "kept", "weight"), RIGHT)
def test_a_fitting_answer_is_kept_and_counted(question: Question, answer: Any, kept: Any, weight: dict[str, int]) -> None:
    assert checked(question, answer) == kept
    assert kind_of(question).weigh(question, kept) == weight


WRONG: list[tuple[Question, Any, str]] = [
    (ONE, [], "answer.empty"),
    (ONE, None, "answer.empty"),
    (ONE, "", "answer.empty"),
    (ONE, "a", "answer.wrong"),
    (ONE, {"a": 1}, "answer.wrong"),
    (ONE, ["a", "b"], "answer.too_many"),
    (ONE, ["a", "a"], "answer.wrong"),
    (ONE, ["z"], "answer.wrong"),
    (ONE, [1], "answer.wrong"),
    (ONE, [["a"]], "answer.wrong"),
    (ONE, ["a"] * 10_000, "answer.wrong"),
    (ONE, [f"o{i}" for i in range(50)], "answer.wrong"),
    (TWO, ["a", "b", "c"], "answer.too_many"),
    (TWO, ["a", "none"], "answer.wrong"),
    (YESNO, "abstain", "answer.wrong"),
    (YESNO, True, "answer.wrong"),
    (YESNO, ["yes"], "answer.wrong"),
    (YESNO, "", "answer.empty"),
    (SCALE, -1, "answer.wrong"),
    (SCALE, 0, "answer.wrong"),
    (SCALE, 6, "answer.wrong"),
    (SCALE, 11, "answer.wrong"),
    (SCALE, 3.5, "answer.wrong"),
    (SCALE, 3.0, "answer.wrong"),
    (SCALE, math.nan, "answer.wrong"),
    (SCALE, "5", "answer.wrong"),
    (SCALE, True, "answer.wrong"),
    (SCALE, None, "answer.empty"),
    (WORDS, [], "answer.empty"),
    (WORDS, ["  "], "answer.empty"),
    (WORDS, ["x" * 31], "text.too_long"),
    (WORDS, ["x" * 10_000], "text.too_long"),
    (WORDS, [f"ord{i}" for i in range(500)], "answer.too_many"),
    (WORDS, ["Ja", "ja"], "answer.wrong"),
    (WORDS, [1], "answer.wrong"),
    (WORDS, "ord", "answer.wrong"),
    (TEXT, "", "answer.empty"),
    (TEXT, " \n ", "answer.empty"),
    (TEXT, [], "answer.empty"),
    (TEXT, 3, "answer.wrong"),
    (TEXT, "x" * 501, "text.too_long"),
]


@pytest.mark.parametrize(("question", "answer", "code"), WRONG)
def test_an_answer_that_does_not_fit_is_refused(question: Question, answer: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, answer)

    assert no.value.code == code


def test_a_kind_that_comes_later_is_told_from_one_that_can_be_asked() -> None:
    assert [is_known(question) for question in (ONE, SCALE, Question("q", "pantomime", "?"))] == [True, True, False]
    assert not is_known(Question("q", "scale", "?", steps=11))


def test_every_question_of_the_national_kit_can_be_asked() -> None:
    kit = msgspec.json.decode((NATIONAL_KIT / "polls.json").read_bytes())

    assert [raw["id"] for raw in kit["questions"] if not is_known(question_from(raw))] == []
    assert sorted([*kit["kinds"], "backing"]) == sorted(KINDS)  # what is backed was answered on the day: no kit has it


@pytest.mark.parametrize(
    ("question", "fields", "answer"),
    [
        (ONE, {"": ["b"]}, ["b"]),
        (TWO, {}, []),
        (YESNO, {"": ["no"]}, "no"),
        (SCALE, {"": ["5"]}, 5),
        (SCALE, {"": ["5x"]}, "5x"),
        (SCALE, {}, ""),
        (OUT, {"": ["dont_know"]}, None),
        (WORDS, {"": ["tillit", "mod"]}, ["tillit", "mod"]),
        (TEXT, {"": [" Säg när. "]}, "Säg när."),
    ],
)
def test_what_a_form_says(question: Question, fields: dict[str, list[str]], answer: Any) -> None:
    assert kind_of(question).read(fields) == answer
