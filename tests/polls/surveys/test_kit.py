"""The surveys of the national kit as drafts of a day."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from conference.core.errors import Refused
from polls.kinds import Option
from polls.surveys import rules
from polls.surveys.kit import drafts
from tests.polls.surveys.houses import GOALS, SECTION


def test_all_surveys_are_imported_and_the_evaluation_can_be_opened() -> None:
    surveys = list(drafts("d", SECTION, {"goals": GOALS}))

    assert [(survey.survey, survey.for_whom, survey.known, survey.state) for survey in surveys] == [
        ("ev-deltagare", "participants", True, "draft"),
        ("ev-inslag", "participants", False, "draft"),
        ("ev-medverkande", "contributors", False, "draft"),
        ("ev-arrangor", "organizers", False, "draft"),
    ]
    assert (surveys[0].open_days, surveys[0].group_answer) == (7, True)


def test_the_evaluation_has_its_eight_questions_with_what_the_report_makes_of_them() -> None:
    parts = rules.parts_of(next(drafts("d", SECTION, {"goals": GOALS})))

    assert [part.question.id for part in parts] == ["helheten", "aterkommande", "regionen", "anvanda", "mal", "delta", "steg", "annorlunda"]
    assert [(part.question.id, part.report.as_, part.report.option) for part in parts if part.report] == [
        ("helheten", "top2", None),
        ("aterkommande", "share", "yes"),
    ]
    assert parts[4].question.options == (Option("individual", "Individen", "The individual"), Option("together", "Tillsammans"))
    assert parts[7].fields == ("annorlunda", "citera")


def broken(change: Any) -> dict[str, Any]:
    section = deepcopy(SECTION)
    change(section["surveys"][0])
    return section


@pytest.mark.parametrize(
    "change",
    [
        lambda survey: survey.pop("questions"),
        lambda survey: survey.update(questions=[]),
        lambda survey: survey["questions"].append(survey["questions"][0]),
        lambda survey: survey["questions"][7].update(quote_consent={"id": "helheten", "text": "Ja"}),
        lambda survey: survey["questions"][4].update(options_from="moons"),
        lambda survey: survey["questions"][0].update(report={"as": "pie"}),
        lambda survey: survey["questions"][0].update(id=""),
        lambda survey: survey["questions"][0].update(steps="five"),
        lambda survey: survey["questions"][0].update(section={"help": "Utan rubrik"}),
        lambda survey: survey["questions"][1].update(after={"question": "anvanda", "answers": ["1"]}),
        lambda survey: survey["questions"][1].update(after={"question": "helheten", "answers": ["6"]}),
        lambda survey: survey["questions"][1].update(after={"question": "helheten", "answers": ["dont_know"]}),
        lambda survey: survey["questions"][7].update(after={"question": "steg", "answers": ["ord"]}),
    ],
)
def test_a_survey_that_cannot_be_read_is_refused(change: Any) -> None:
    with pytest.raises(Refused) as no:
        list(drafts("d", broken(change), {"goals": GOALS}))
    assert no.value.code == "kit.tampered"


def test_sections_and_follow_ups_are_read() -> None:
    def change(survey: dict[str, Any]) -> None:
        survey["questions"][0]["section"] = {"title": "Dagen", "title_en": "The day", "help": "Först om helheten."}
        survey["questions"][6]["after"] = {"question": "regionen", "answers": ["1", "dont_know"]}

    parts = rules.parts_of(next(drafts("d", broken(change), {"goals": GOALS})))

    assert (parts[0].section, parts[6].after) == (
        rules.Section("Dagen", "The day", "Först om helheten."),
        rules.After("regionen", ("1", "dont_know")),
    )
