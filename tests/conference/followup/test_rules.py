"""What may be written, and how an action goes from stage to stage."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import Refused
from conference.followup import ActionDraft, BenefitDraft, NeedDraft, TargetDraft, rules
from conference.followup.events import ActionMoved
from conference.followup.rules import STAGES
from conference.followup.tables import Action
from tests.conftest import NINE

STAGE = st.sampled_from(STAGES)
WORDS = st.sampled_from(["", "  ", "Vi hann inte prova"])


def an_action(**about: Any) -> Action:
    return Action(**{"day": "d", "action": "a", "place": 0, "what": "En rutin", "stage": "need", "needs": [], "items": [], **about})


def code_of(asked: Any) -> str | None:
    try:
        asked()
    except Refused as refused:
        return refused.code
    return None


def moved_or_refused(action: Action, stage: str, text: str, *, by_owner: bool) -> rules.Step | Refused:
    try:
        return rules.move(action, stage, text, by_owner=by_owner, at=NINE)
    except Refused as refused:
        return refused


@given(st.lists(st.tuples(STAGE, WORDS, st.booleans()), max_size=12))
def test_no_stage_is_passed_over_in_silence(steps: list[tuple[str, str, bool]]) -> None:
    """Whatever is asked for: the story leads from the first stage to the last, and each leap forward says why and what it left out."""
    action, story = an_action(), list[Any]()
    for stage, text, by_owner in steps:
        was = action.stage
        step = moved_or_refused(action, stage, text, by_owner=by_owner)
        if isinstance(step, Refused):
            leap = STAGES.index(stage) - STAGES.index(was) > 1
            assert (step.code, text.strip()) == ("stage.passed_over" if leap else "text.empty", "")
            continue
        action = step.action
        if step.told:
            story.append(step.told)
        moved = [event for event in step.events if isinstance(event, ActionMoved)]
        assert len(moved) == (stage != was)
        for event in moved:
            between = list(STAGES[STAGES.index(was) + 1 : STAGES.index(stage)])
            assert (event.was, event.stage, event.passed_over) == (was, stage, between)
            assert not between or story[-1].text

    assert [one.number for one in story] == list(range(1, len(story) + 1))
    stages = ["need", *(one.stage for one in story)]
    assert [one.was for one in story] == stages[:-1]
    assert action.stage == stages[-1]


def test_the_stages_beside_one() -> None:
    assert [(rules.stage_beside(stage, -1), rules.stage_beside(stage, 1)) for stage in STAGES] == [
        (None, "trial"),
        ("need", "evaluated"),
        ("trial", "in_use"),
        ("evaluated", None),
    ]


def test_only_the_owner_counts_as_heard_of() -> None:
    by_owner = rules.move(an_action(), "trial", "", by_owner=True, at=NINE)
    by_organizer = rules.move(an_action(), "trial", "", by_owner=False, at=NINE)

    assert (by_owner.action.told_at, by_organizer.action.told_at) == (NINE, None)
    assert [event.name for event in by_owner.events] == ["followup.moved", "followup.told"]


def test_an_organizer_who_changes_nothing_writes_nothing() -> None:
    assert rules.move(an_action(), "need", " ", by_owner=False, at=NINE) == rules.Step(an_action())


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (NeedDraft(" "), "text.empty"),
        (NeedDraft("x" * 301), "text.too_long"),
        (NeedDraft("x", "y" * 121), "text.too_long"),
        (NeedDraft("x", theme="y" * 121), "text.too_long"),
        (NeedDraft("x", weight=-1), "weight.out_of_range"),
        (NeedDraft("x", weight=1_000_001), "weight.out_of_range"),
        (ActionDraft("\n"), "text.empty"),
        (ActionDraft("x", owner="y" * 121), "text.too_long"),
        (BenefitDraft(""), "text.empty"),
        (BenefitDraft("x", baseline=inf), "figure.out_of_range"),
        (BenefitDraft("x", effect=nan), "figure.out_of_range"),
        (BenefitDraft("x", value=-1e13), "figure.out_of_range"),
        (BenefitDraft("x", assumption="y" * 1_001), "text.too_long"),
        (TargetDraft("x", "hopes", 1), "measure.unknown"),
        (TargetDraft("x", "people", 0), "figure.out_of_range"),
        (TargetDraft("", "people", 1), "text.empty"),
    ],
)
def test_what_cannot_be_written(draft: Any, code: str) -> None:
    assert code_of(draft.columns) == code


def test_what_is_written_has_single_spaces_and_nothing_twice() -> None:
    need = NeedDraft("  Mer \n tid ", " Enkäten ", "", ("g1", "g1"), 3, ("i1", "i1", "i2")).columns()

    assert need == {"statement": "Mer tid", "source": "Enkäten", "theme": "", "goals": ["g1"], "weight": 3, "items": ["i1", "i2"]}
    assert "items" not in replace(NeedDraft("x"), items=None).columns()


@pytest.mark.parametrize("stage", ["", "done", "IN_USE"])
def test_there_is_no_other_stage(stage: str) -> None:
    assert code_of(lambda: rules.move(an_action(), stage, "x", by_owner=True, at=NINE)) == "stage.unknown"


def test_an_organisation_is_the_same_however_its_name_is_written() -> None:
    one, two = rules.reached(["Norrviks  kommun", "Sundmark", " "]), rules.reached(["NORRVIKS KOMMUN"])

    assert (sorted(one.values()), one.keys() & two.keys()) == (["Norrviks kommun", "Sundmark"], set(two))
    assert code_of(lambda: rules.reached(["", " "])) == "text.empty"
    assert code_of(lambda: rules.reached(["x" * 201])) == "text.too_long"


@pytest.mark.parametrize(
    ("of", "codes"),
    [
        ("need", ("need.no_such", "need.too_many")),
        ("action", ("action.no_such", "action.too_many")),
        ("benefit", ("benefit.no_such", "benefit.too_many")),
        ("target", ("target.no_such", "target.too_many")),
        ("reached", ("reached.no_such", "reached.too_many")),
    ],
)
def test_each_thing_has_its_own_codes(of: str, codes: tuple[str, str]) -> None:
    assert (rules.no_such(of).code, rules.too_many(of, 3).code) == codes
