"""What a moderator may make of a question, whatever state it is in; decided without a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat.questions import rules
from chat.questions.following import follow
from chat.questions.tables import Question, Queue
from conference.core.errors import Refused
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, someone
from tests.conftest import NINE

STATES = ("held", "open", "taken_up", "answered", "written", "aside")


def a_question(name: str = "q", state: str = "open", **more: Any) -> Question:
    about: dict[str, Any] = {"lane": "national", "person": "kim", "text": "Varför?", "public": state != "held"} | more
    return Question(day=DAY, question=name, seq=1, state=state, asked_at=NINE, **about)


def outcome(decide: Callable[[], Any]) -> str:
    """The state that comes of it, or the code of the refusal."""
    try:
        event = decide()
    except Refused as refused:
        return refused.code
    return str(event.state)


DECIDE: dict[str, Callable[[Question, str | None], Any]] = {
    "let_through": lambda question, seen: rules.let_through(question, seen, at=NINE),
    "take_up": lambda question, seen: rules.take_up(question, seen, at=NINE),
    "answered": lambda question, seen: rules.answered(question, seen, at=NINE),
    "put_aside": lambda question, seen: rules.put_aside(question, "Hör inte hit", seen, at=NINE),
    "write": lambda question, seen: rules.write(question, "Så här.", seen, at=NINE),
}
LATE = "question.already_done"


@pytest.mark.parametrize(
    ("verb", "comes_to"),
    [
        ("let_through", ["open", LATE, LATE, LATE, LATE, LATE]),
        ("take_up", ["taken_up", "taken_up", LATE, LATE, LATE, LATE]),
        ("answered", [LATE, "answered", "answered", LATE, LATE, LATE]),
        ("put_aside", ["aside", "aside", "aside", LATE, LATE, LATE]),
        ("write", ["written", "written", "written", "written", LATE, "written"]),
    ],
)
def test_what_may_follow_each_state(verb: str, comes_to: list[str]) -> None:
    assert [outcome(lambda state=state: DECIDE[verb](a_question(state=state), None)) for state in STATES] == comes_to  # type: ignore[misc]  # a default binds the state


@pytest.mark.parametrize("verb", DECIDE)
def test_what_was_seen_otherwise_is_refused_and_so_is_what_was_merged_or_removed(verb: str) -> None:
    assert outcome(lambda: DECIDE[verb](a_question(state="open"), "held")) == LATE
    assert outcome(lambda: DECIDE[verb](a_question(into="other"), None)) == LATE
    assert outcome(lambda: DECIDE[verb](a_question(removed=True), None)) == "question.no_such"


def test_who_has_seen_it_takes_a_question_down_brings_it_back_and_corrects_an_answer() -> None:
    assert outcome(lambda: rules.let_through(a_question(state="taken_up"), "taken_up", at=NINE)) == "open"
    assert outcome(lambda: rules.let_through(a_question(state="aside"), "aside", at=NINE)) == "open"
    assert outcome(lambda: rules.write(a_question(state="written"), "Nej, så här.", "written", at=NINE)) == "written"


def test_the_own_lane_is_asked_while_it_takes_questions_else_the_country() -> None:
    own, country = Queue(day=DAY, queue=NORRVIK, open=True, hold=True), Queue(day=DAY, queue="national", open=True, hold=True)
    closed = own.model_copy(update={"open": False})

    assert rules.queue_for(someone("kim", NORRVIK), own, country).queue == NORRVIK
    assert rules.queue_for(someone("kim", NORRVIK), closed, country).queue == "national"
    assert rules.queue_for(OLGA, closed, None).queue == NORRVIK
    with pytest.raises(Refused, match=r"questions\.closed"):
        rules.queue_for(someone("kim", NORRVIK), closed, None)


def test_what_follows_goes_through_every_link_once() -> None:
    regional = a_question("r", lane=NORRVIK, lifted="n")
    merged = a_question("n", into="m", lifted_from="r")
    behind = a_question("b", into="r", lane=NORRVIK)
    event = rules.answered(a_question("m"), None, at=NINE)

    told = follow(event, [regional, merged, behind], at=NINE)
    assert sorted((one.question, one.state) for one in told) == [("b", "answered"), ("n", "answered"), ("r", "answered")]
    up = follow(rules.take_up(a_question("m"), None, at=NINE), [regional, merged, behind], at=NINE)
    assert [(one.question, one.state) for one in up] == [("n", "taken_up")]


@pytest.mark.parametrize(
    ("question", "person", "lane", "code"),
    [
        (None, "lo", "national", "question.no_such"),
        (a_question(state="held"), "lo", "national", "question.no_such"),
        (a_question(lane=NORRVIK), "lo", "national", "question.no_such"),
        (a_question(removed=True), "lo", "national", "question.no_such"),
        (a_question(), "kim", "national", "question.own"),
        (a_question(state="answered"), "lo", "national", "question.closed"),
        (a_question(into="other"), "lo", "national", "question.closed"),
    ],
)
def test_what_cannot_be_backed(question: Question | None, person: str, lane: str, code: str) -> None:
    with pytest.raises(Refused) as no:
        rules.may_back(question, person, lane, staff=False)
    assert no.value.code == code
    assert rules.may_back(a_question(lane=NORRVIK), "olga", "national", staff=True)


@pytest.mark.parametrize(
    ("role", "beside"),
    [
        ("Skrivtolk", True),
        ("Teckenspråkstolk", True),
        ("Textare", True),
        ("Captioner", True),
        ("Huvudmoderator", False),
        ("Jurist", False),
        ("Tolkningsexpert", False),
    ],
)
def test_nobody_is_asked_who_gives_the_words_of_others_again(role: str, beside: bool) -> None:
    assert rules.is_beside(role) == beside
