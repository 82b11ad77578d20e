"""A quiz, and ideas: what is right is told after the close, and never to whom."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from conference.core.faces import Viewer
from polls.kinds import Question, checked, is_known, kind_of
from polls.tally import by_region, counted, disclosed
from polls.views import face_of
from tests.polls.houses import STAFF, House, someone
from tests.polls.kinds.asked import IDEAS, LARGE, NEVER, PAIR, QUIZ


@pytest.mark.parametrize(
    ("question", "answer", "weight"),
    [
        (QUIZ, ["b"], {"b": 1, "is:right": 1}),
        (QUIZ, ["a"], {"a": 1}),
        (PAIR, ["a", "c"], {"a": 1, "c": 1, "is:right": 1}),
        (PAIR, ["a"], {"a": 1}),
        (IDEAS, "Ring varandra", {}),
    ],
)
def test_a_fitting_answer_is_kept_and_counted(question: Question, answer: Any, weight: dict[str, int]) -> None:
    assert checked(question, answer) == answer
    assert kind_of(question).weigh(question, answer) == weight


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        *((QUIZ, bad, "answer.wrong") for bad in (*NEVER, *LARGE)),
        (QUIZ, ["a", "b"], "answer.too_many"),
        (QUIZ, [], "answer.empty"),
        (IDEAS, "", "answer.empty"),
        (IDEAS, "x" * 201, "text.too_long"),
        (IDEAS, ["en", "två"], "answer.wrong"),
        (IDEAS, True, "answer.wrong"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_an_answer_that_does_not_fit_is_refused(question: Question, answer: Any, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, answer)

    assert no.value.code == code


def test_a_quiz_needs_a_right_answer_that_can_be_given() -> None:
    rights: list[tuple[str, ...]] = [(), ("z",), ("a", "b")]

    assert [is_known(msgspec.structs.replace(QUIZ, right=right)) for right in rights] == [False] * 3


def test_what_is_right_is_told_with_the_final_tally_alone() -> None:
    tally = counted(QUIZ, [(["b"], 1)] * 6 + [(["a"], 1)] * 4)

    told = {"right": ["b"], "explanation": "Därför.", "explanation_en": "Därför."}
    assert disclosed(QUIZ, tally) == {"n": 10, "behind": 10, "counts": {"a": 4, "b": 6, "c": 0, "is:right": 6}, "derived": told}
    assert disclosed(QUIZ, tally, closed=False) == {"n": 10, "behind": 10, "counts": {"a": 4, "b": 6, "c": 0}}
    assert face_of(QUIZ).keys() & {"right", "explanation", "explanation_en"} == set()
    assert by_region(QUIZ, [(["b"], "r-a", 1)] * 6)[0]["counts"] == {"a": None, "b": 6, "c": None}


async def test_nobody_sees_what_is_right_before_the_close_whatever_is_shown(house: House) -> None:
    poll = await house.an_open_poll(QUIZ)
    await house.polls.show(STAFF, poll, "everyone")
    for number in range(20):
        await house.polls.vote(someone(f"p{number}"), poll, ["b"])
    viewers = [Viewer("x", frozenset(roles)) for roles in ((), ("moderator",), ("speaker",))]

    before = [str(await house.state(viewer)) for viewer in viewers]
    await house.polls.close(STAFF, poll)
    [after] = await house.state(Viewer("x", frozenset()))

    assert [("Därför" in one, "is:right" in one) for one in before] == [(False, False)] * 3
    assert (after["tally"]["counts"]["is:right"], after["tally"]["derived"]["right"]) == (20, ["b"])
