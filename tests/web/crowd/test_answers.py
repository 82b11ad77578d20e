from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec
import pytest

from polls.kinds import checked
from polls.kit import question_from
from polls.views import face_of
from tests.web.crowd.test_people import KIT
from web.crowd.answers import Mind
from web.crowd.script import Script

BANK = msgspec.json.decode((KIT / "polls.json").read_bytes())
QUESTIONS = {question["id"]: question for question in BANK["questions"]}
POLLS = {poll["id"]: QUESTIONS[poll["question"]] for poll in BANK["polls"]}
SCRIPT = Script.read(KIT)


def shown(poll: str, name: str = "") -> dict[str, Any]:
    """A poll of the kit as it stands in the state."""
    return {"poll": name or poll, **face_of(question_from(POLLS[poll]))}


def many(poll: dict[str, Any], affiliation: str = "kommun", n: int = 400) -> list[Any]:
    mind = Mind(SCRIPT, affiliation, random.Random(7))
    return [mind.answer(poll) for _ in range(n)]


@pytest.mark.parametrize("poll", POLLS)
def test_answers_are_such_as_the_server_takes(poll: str) -> None:
    question = question_from(POLLS[poll])

    for answer in many(shown(poll)):
        checked(question, answer)


def test_the_leanings_show() -> None:
    before = Counter(many(shown("p-ringa-fore")))
    after = Counter(many(shown("p-ringa-efter")))

    assert set(before) == {"yes", "no", "abstain"}
    assert after["yes"] > before["yes"] + 20
    assert after["no"] < before["no"] - 20


def test_region_and_municipality_see_the_gap_differently() -> None:
    poll = shown("p-glapp", "p-glapp.r-norrvik")

    def mean(affiliation: str) -> float:
        steps = [answer["ansvar"] for answer in many(poll, affiliation) if answer["ansvar"] is not None]
        return float(sum(steps)) / len(steps)

    assert mean("region") > mean("kommun") + 1


def test_forty_people_have_words_in_common() -> None:
    said = Counter(word.casefold() for answer in many(shown("p-ord"), n=40) for word in answer)

    assert sum(n >= 5 for n in said.values()) >= 4
    assert len(said) > 15


def test_an_answer_that_excludes_others_is_given_alone() -> None:
    answers = many(shown("p-osaker"))

    assert ["aldrig"] in answers
    assert all(answer == ["aldrig"] for answer in answers if "aldrig" in answer)
    assert {len(answer) for answer in answers} == {1, 2, 3}


def test_kinds_that_come_later_are_answered_as_the_protocol_says() -> None:
    glapp, ranking, points = many(shown("p-glapp")), many(shown("p-behov")), many(shown("p-kraft"))
    numbers, quiz, ideas = many(shown("p-minuter")), many(shown("p-quiz")), many(shown("p-ideer"))
    matrix = many({**shown("p-matris"), "steps": 5})

    assert all(step in {1, 2, 3, 4, 5, None} for answer in glapp for step in answer.values())
    needs = {option["id"] for option in QUESTIONS["q-behov"]["options"]}
    assert all(answer and len(set(answer)) == len(answer) and set(answer) <= needs for answer in ranking)
    assert Counter(answer[0] for answer in ranking).most_common(1)[0][0] == "arbetssatt"
    assert all(0 < sum(answer.values()) <= 100 and min(answer.values()) > 0 for answer in points)
    assert all(isinstance(answer, int) and 5 <= answer <= 120 for answer in numbers)
    assert all(len(answer) == 1 for answer in quiz)
    assert all(isinstance(answer, str) and answer for answer in ideas)
    assert all(len(pair) == 2 and set(pair) <= {1, 2, 3, 4, 5} for answer in matrix for pair in answer.values())


def test_a_poll_that_no_kit_knows_is_answered_by_its_kind() -> None:
    mind = Mind(Script.blank(), "", random.Random(7))

    assert mind.answer({"poll": "p", "kind": "yesno", "options": []}) in {"yes", "no", "abstain"}
    assert mind.answer({"poll": "p", "kind": "choice", "options": [{"option": "a"}]}) == ["a"]
    assert mind.answer({"poll": "p", "kind": "scale", "steps": 3}) in {1, 2, 3}
    assert mind.answer({"poll": "p", "kind": "text"})
    assert mind.answer({"poll": "p", "kind": "dance"}) is None


def test_the_evaluation_is_filled_in_as_people_do() -> None:
    mind = Mind(SCRIPT, "kommun", random.Random(7))
    forms = [mind.survey("ev-deltagare") for _ in range(200)]

    counts = Counter(question for form in forms for question in form)
    assert counts["helheten"] > 170
    assert 40 < counts["steg"] < 120
    assert {form.get("aterkommande") for form in forms} == {"yes", "no", None}
    assert Counter(form.get("helheten") for form in forms).most_common(1)[0][0] == 4
    assert {goal for form in forms for goal in form.get("mal", [])} == set(SCRIPT.goals)
    assert mind.survey("ev-okand") == {}
