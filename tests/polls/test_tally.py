"""Counting: whichever way it is come by, a tally is the same; and what of it may be seen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls.kinds import Option, Question, checked
from polls.tally import Tally, by_region, counted, disclosed, next_shown
from tests.polls.kinds.asked import BACKING, IDEAS, MATRIX, NUMBER, POINTS, QUIZ, RANKING, STATEMENTS

THREE = Question("q", "choice", "Välj", options=tuple(Option(id_, id_) for id_ in "abc"), most=3)
WORDS = Question("q", "words", "Ord?", most=3)
CHOSEN = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(st.integers(0, 9), CHOSEN, st.integers(1, 300))))
def test_a_tally_kept_up_vote_by_vote_equals_one_counted_from_nothing(votes: list[tuple[int, list[str], int]]) -> None:
    kept_up, box = Tally(), dict[int, tuple[list[str], int]]()
    for voter, answer, people in votes:
        if voter in box:
            kept_up = kept_up.minus(THREE, *box[voter])
        box[voter] = (answer, people)
        kept_up = kept_up.plus(THREE, answer, people)

    assert kept_up == counted(THREE, box.values())


IDS = st.sampled_from("abc")
STEP = st.integers(1, 5)
ANSWERS: dict[str, tuple[Question, st.SearchStrategy[Any]]] = {
    "ranking": (RANKING, st.lists(IDS, min_size=1, max_size=3, unique=True)),
    "points": (POINTS, st.dictionaries(IDS, st.integers(1, 33), min_size=1)),
    "number": (NUMBER, st.integers(0, 240)),
    "matrix": (MATRIX, st.dictionaries(IDS, st.tuples(STEP, STEP).map(list), min_size=1)),
    "statements": (STATEMENTS, st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(1, 4), min_size=1)),
    "quiz": (QUIZ, IDS.map(lambda one: [one])),
    "ideas": (IDEAS, st.just("Ring varandra")),
    "backing": (BACKING, st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)),
}


@pytest.mark.parametrize("kind", ANSWERS)
@given(data=st.data())
def test_the_tally_of_every_kind_is_a_sum(kind: str, data: st.DataObject) -> None:
    question, answers = ANSWERS[kind]
    wishes = data.draw(st.lists(st.tuples(st.integers(0, 9), answers, st.booleans()), max_size=30))
    kept_up, box = Tally(), dict[int, tuple[Any, int]]()
    for voter, answer, withdrawn in wishes:
        if voter in box:
            kept_up = kept_up.minus(question, *box.pop(voter))
        if not withdrawn:
            box[voter] = (checked(question, answer), 2)
            kept_up = kept_up.plus(question, *box[voter])

    whole = counted(question, box.values())
    assert (kept_up, disclosed(question, kept_up)) == (whole, disclosed(question, whole))
    assert Tally.read(kept_up.written()) == kept_up


def test_below_twenty_answers_only_every_fifth_shows() -> None:
    now = shown = Tally()
    seen = []
    for _ in range(23):
        now = now.plus(THREE, ["a"], 1)
        shown = next_shown(shown, now)
        seen.append(shown.n)

    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 15, 15, 15, 15, 15, 20, 21, 22, 23]


@given(st.lists(st.tuples(st.integers(0, 18), CHOSEN, st.booleans()), max_size=60))
def test_two_pictures_below_twenty_never_differ_by_one_persons_answer_alone(wishes: list[tuple[int, list[str], bool]]) -> None:
    now = shown = Tally()
    pictures, box = [shown], dict[int, list[str]]()
    for voter, answer, withdrawn in wishes:
        if voter in box:
            now = now.minus(THREE, box.pop(voter), 1)
        if not withdrawn:
            box[voter] = answer
            now = now.plus(THREE, answer, 1)
        shown = next_shown(shown, now)
        if shown != pictures[-1]:
            pictures.append(shown)

    assert all(abs(after.n - before.n) >= 5 for before, after in pairwise(pictures))


def test_options_are_always_shown_and_rare_words_never() -> None:
    votes = [(["tillit"], 1)] * 5 + [(["stuprör"], 1)] * 4

    assert disclosed(THREE, counted(THREE, [(["a"], 1)])) == {"n": 1, "behind": 1, "counts": {"a": 1, "b": 0, "c": 0}}
    assert disclosed(WORDS, counted(WORDS, votes)) == {"n": 9, "behind": 9, "counts": {"tillit": 5}}


def test_a_region_with_few_answers_is_withheld() -> None:
    answers = [(["a"], "r-stor", 1)] * 30 + [(["b"], "r-stor", 1)] * 30 + [(["c"], "r-stor", 1)] * 30 + [(["a"], "r-liten", 1)] * 3

    assert by_region(THREE, answers)[0] == {"region": "r-liten", "n": None, "counts": {"a": None, "b": None, "c": None}}


def test_words_are_split_by_number_of_answers_only() -> None:
    assert by_region(WORDS, [(["x"], "r-a", 1)] * 6 + [(["y"], None, 1)] * 7) == [
        {"region": "national", "n": 7, "counts": {}},
        {"region": "r-a", "n": 6, "counts": {}},
    ]
