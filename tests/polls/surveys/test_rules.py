"""What a form holds: pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from polls.kinds import Option, Question
from polls.surveys import rules
from polls.surveys.parts import After, Part
from polls.surveys.rules import answer_survey, is_empty, next_shown
from polls.surveys.tables import Survey
from polls.tally import Tally
from tests.conftest import NINE

SCALE = Question("s", "scale", "Hur?", steps=5)
AWAY = Question("a", "scale", "Hur?", steps=5, dont_know="Såg inte")
CHOICE = Question("c", "choice", "Vilka?", options=(Option("x", "X"), Option("y", "Y")), most=2)
TEXT = Question("t", "text", "Vad?", longest=20)
ASKED = msgspec.json.encode([Part(SCALE)]).decode()
PARTS = (Part(SCALE), Part(AWAY), Part(CHOICE), Part(TEXT, consent=Option("quote", "Ni får citera")))


@pytest.mark.parametrize(
    ("saved", "wished", "held"),
    [
        ({}, {"s": 4}, {"s": 4}),
        ({"s": 4}, {"c": ["y"]}, {"s": 4, "c": ["y"]}),
        ({"s": 4}, {"s": 2}, {"s": 2}),
        ({"t": "ord"}, {"s": 1}, {"s": 1, "t": "ord"}),
        ({"s": 4, "c": ["x"]}, {"s": "", "c": []}, {}),
        ({"s": 4}, {"s": None}, {}),
        ({"a": 4}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": ""}, {}),
        ({"t": "ord"}, {"t": " \n "}, {}),
        ({}, {"s": "", "t": ""}, {}),
        ({}, {"quote": True}, {"quote": True}),
        ({"t": "ord", "quote": True}, {"quote": False}, {"t": "ord"}),
    ],
)
def test_what_is_wished_is_laid_over_what_was_saved(saved: dict[str, Any], wished: dict[str, Any], held: dict[str, Any]) -> None:
    answers = answer_survey(PARTS, saved, wished, final=False)

    assert list(answers.items()) == list(held.items())  # in the order of the questions, whichever was answered first


@pytest.mark.parametrize(
    ("wished", "code"),
    [
        ({"nowhere": 1}, "answer.wrong"),
        ({"s": 6}, "answer.wrong"),
        ({"s": 4, "c": ["z"]}, "answer.wrong"),
        ({"c": ["x", "y", "x"]}, "answer.wrong"),
        ({"t": "x" * 21}, "text.too_long"),
        ({"quote": "ja"}, "answer.wrong"),
        ({"quote": 1}, "answer.wrong"),
    ],
)
def test_one_answer_that_does_not_fit_refuses_them_all(wished: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as no:
        answer_survey(PARTS, {}, wished, final=False)
    assert no.value.code == code


@pytest.mark.parametrize("wished", [{}, {"s": ""}, {"quote": True}])
def test_a_form_without_an_answer_is_not_sent(wished: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        answer_survey(PARTS, {}, wished, final=True)
    assert no.value.code == "answer.empty"


def test_no_answer_is_told_from_an_answer() -> None:
    nothing: list[Any] = ["", " ", None, [], [""], {}]
    something: list[Any] = [None, 0, False, 3, ["x"], [0], {"x": 1}]

    assert [is_empty(SCALE, answer) for answer in nothing] == [True] * 6
    assert [is_empty(AWAY, answer) for answer in something] == [False] * 7


def test_an_open_survey_is_shown_at_every_fifth_answer_however_many_there_are() -> None:
    now = shown = Tally()
    seen = []
    for _ in range(32):
        now = now.plus(SCALE, 3, 0)
        shown = next_shown(shown, now)
        seen.append(shown.n)

    assert seen == [n - n % 5 for n in range(1, 33)]


@pytest.mark.parametrize(
    ("survey", "code"),
    [
        (None, "survey.no_such"),
        ({"known": False}, "survey.later"),
        ({"state": "open"}, "survey.open"),
        ({"state": "closed"}, "survey.over"),
    ],
)
def test_only_a_draft_that_this_version_knows_is_opened(survey: dict[str, Any] | None, code: str) -> None:
    with pytest.raises(Refused) as no:
        rules.open_survey(a_survey(**survey) if survey else None, at=NINE, answered=True)
    assert no.value.code == code


def test_what_closed_before_anybody_answered_opens_again() -> None:
    assert rules.open_survey(a_survey(state="closed"), at=NINE).survey == a_survey().survey


def test_a_survey_is_open_for_as_many_days_as_it_says() -> None:
    assert rules.open_survey(a_survey(open_days=7), at=NINE).closes_at == NINE + timedelta(days=7)
    assert rules.open_survey(a_survey(), at=NINE).closes_at is None


@pytest.mark.parametrize(
    ("for_whom", "roles", "asked"),
    [
        ("participants", frozenset(), True),
        ("participants", frozenset({rules.WATCHING}), True),
        ("watchers", frozenset(), False),
        ("watchers", frozenset({rules.WATCHING}), True),
        ("watchers", frozenset({"organizer"}), False),
        ("organizers", frozenset({rules.WATCHING}), False),
    ],
)
def test_a_survey_for_watchers_asks_those_who_come_from_a_recording_alone(for_whom: str, roles: frozenset[str], asked: bool) -> None:
    assert rules.asks(a_survey(for_whom=for_whom), roles, "national") is asked


def a_survey(**more: Any) -> Survey:
    about = {"day": "d", "survey": "s", "place": 1, "title": "Dagen", "title_en": "The day", "intro": "", "questions": ASKED}
    return Survey(**{**about, "for_whom": "participants", "known": True, "group_answer": True, **more})


LED = Question("lead", "yesno", "Igen?", options=(Option("yes", "Ja"), Option("no", "Nej")))
WHY = Part(Question("why", "text", "Varför inte?"), consent=Option("why-quote", "Ni får citera"), after=After("lead", ("no",)))
WHO = Part(Question("who", "choice", "Vem?", options=(Option("x", "X"),)), after=After("c", ("y",)))
AWAY_WHY = Part(Question("missed", "text", "Varför såg du inte?"), after=After("a", ("1", "dont_know")))
FOLLOWED = (Part(LED), WHY, *PARTS, WHO, AWAY_WHY)


@pytest.mark.parametrize(
    ("saved", "wished", "held"),
    [
        ({}, {"lead": "no", "why": "Tid"}, {"lead": "no", "why": "Tid"}),
        ({"lead": "no"}, {"why": "Tid", "why-quote": True}, {"lead": "no", "why": "Tid", "why-quote": True}),
        ({"lead": "no", "why": "Tid", "why-quote": True}, {"lead": "yes"}, {"lead": "yes"}),
        ({"lead": "no", "why": "Tid"}, {"lead": ""}, {}),
        ({}, {"why": "Tid"}, {}),
        ({}, {"c": ["x", "y"], "who": ["x"]}, {"c": ["x", "y"], "who": ["x"]}),
        ({}, {"c": ["x"], "who": ["x"]}, {"c": ["x"]}),
        ({}, {"a": None, "missed": "Möte"}, {"a": None, "missed": "Möte"}),
        ({}, {"a": 1, "missed": "Möte"}, {"a": 1, "missed": "Möte"}),
        ({}, {"a": 2, "missed": "Möte"}, {"a": 2}),
    ],
)
def test_a_follow_up_is_answered_on_its_answers_alone(saved: dict[str, Any], wished: dict[str, Any], held: dict[str, Any]) -> None:
    assert answer_survey(FOLLOWED, saved, wished, final=False) == held


def test_a_follow_up_that_is_not_asked_is_no_answer_to_send() -> None:
    with pytest.raises(Refused) as no:
        answer_survey(FOLLOWED, {}, {"why": "Tid"}, final=True)
    assert no.value.code == "answer.empty"
