"""The surveys of the national kit as drafts of a day."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conference.core.errors import Refused
from polls.kinds import Option
from polls.surveys import rules
from polls.surveys.kit import drafts, with_region
from polls.surveys.parts import After, Section
from tests.conftest import NINE
from tests.polls.surveys.houses import GOALS, SECTION


def test_all_surveys_are_imported_and_can_be_opened() -> None:
    surveys = list(drafts("d", SECTION, {"goals": GOALS}))

    assert [(one.survey, one.for_whom, one.known, one.state, one.opens, one.item) for one in surveys] == [
        ("ev-deltagare", "participants", True, "draft", "cue", None),
        ("ev-inslag", "participants", True, "draft", "after_item", ""),
        ("ev-medverkande", "contributors", True, "draft", "day_closed", None),
        ("ev-arrangor", "organizers", True, "draft", "day_closed", None),
        *((f"ev-uppfoljning-{months}", "followers", True, "draft", "hand", None) for months in (3, 6, 12)),
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


def test_a_follow_up_is_one_survey_for_each_time_and_opens_so_many_months_after_the_day() -> None:
    waves = list(drafts("d", SECTION, {"goals": GOALS}, datetime(2026, 11, 30, 8, tzinfo=UTC)))[-3:]

    assert [(one.months, one.opens, one.opens_at, one.open_days) for one in waves] == [
        (3, "date", datetime(2027, 2, 28, 8, tzinfo=UTC), 30),
        (6, "date", datetime(2027, 5, 30, 8, tzinfo=UTC), 30),
        (12, "date", datetime(2027, 11, 30, 8, tzinfo=UTC), 30),
    ]
    assert [one.title for one in waves] == [f"Vad blev det av dagen? Efter {months} månader" for months in (3, 6, 12)]
    assert len({one.questions for one in waves}) == 1


@pytest.mark.parametrize("months", [[0], [13], ["3"], None])
def test_a_follow_up_at_no_time_is_no_part_of_a_kit(months: Any) -> None:
    section = deepcopy(SECTION)
    section["surveys"][-1]["months_after"] = months

    with pytest.raises(Refused, match=r"kit\.tampered"):
        list(drafts("d", section, {"goals": GOALS}))


def test_a_region_that_comes_later_can_be_chosen_where_the_others_can_and_nowhere_else() -> None:
    survey = next(drafts("d", SECTION, {"goals": GOALS}))  # its only list that is the day's own is that of the goals
    later = Option("r-c", "Region C")

    wider = with_region(survey, {"individual", "together"}, later)

    assert wider is not None
    before, after = rules.parts_of(survey), rules.parts_of(wider)
    assert after[4].question.options == (*before[4].question.options, later)
    assert [one for place, one in enumerate(after) if place != 4] == [one for place, one in enumerate(before) if place != 4]
    assert with_region(survey, {"r-a", "r-b"}, later) is None
    assert with_region(survey, (), later) is None
    assert with_region(survey.model_copy(update={"state": "open"}), {"individual", "together"}, later) is None


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
        lambda survey: survey.update(per_item=True, questions=[one for one in survey["questions"] if one["kind"] != "scale"]),
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
        Section("Dagen", "The day", "Först om helheten."),
        After("regionen", ("1", "dont_know")),
    )


@pytest.mark.parametrize(
    ("about", "days"),
    [
        ({"opens": "days_before", "open_days_before": 28, "close_days_before": 10}, (28, 10)),
        ({"opens": "day_published"}, (366, 0)),
        ({"opens": "day_closed"}, None),
        ({"opens": "when the moon is full"}, None),
        ({}, None),
    ],
)
def test_what_is_asked_before_the_day_is_counted_back_from_it(about: dict[str, Any], days: tuple[int, int] | None) -> None:
    raw = {"id": "needs", "title": "Behov", "for": "registered", "questions": [{"id": "q", "kind": "text", "title": "Vad?", "longest": 9}]}
    [survey] = drafts("d", {"surveys": [{**raw, **about}]}, {}, NINE)

    given = (NINE - survey.opens_at, survey.closes_at and NINE - survey.closes_at) if survey.opens_at else None
    assert (survey.opens, given) == (
        "date" if days else about.get("opens") if about.get("opens") == "day_closed" else "hand",
        tuple(timedelta(days=one) for one in days) if days else None,
    )


def test_a_survey_for_people_that_nobody_knows_is_kept_and_cannot_be_opened() -> None:
    surveys = list(drafts("d", broken(lambda survey: survey.update({"for": "martians"})), {"goals": GOALS}))

    assert [survey.known for survey in surveys] == [False, *[True] * 6]
