"""The plan: what a day takes at which speed, and what is never shortened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rundown.overrun import GRACE_S, Overrun
from conference.rundown.plan import FILM_MARGIN_S, POLL_OPEN_S, RESULT_S, Segment, plan_of, speed_for
from tests.conference.rundown.sheets import FILM_S, a_plan, a_sheet


def steps(segment: Segment) -> dict[str, float]:
    return {step.name: round(step.at_s, 3) for step in segment.steps}


def test_at_its_own_speed_everything_comes_as_planned() -> None:
    plan = a_plan()

    assert plan.total_s == 25 * 60
    assert [(stretch.block, stretch.start_s, stretch.length_s) for stretch in plan.stretches] == [
        ("b1", 0, 300),
        ("b2", 300, 300),
        ("b3", 600, 900),
    ]
    assert steps(plan.stretches[0].segments["national"]) == {
        "welcome.1": 0,
        "welcome.2": 30,
        "film": 120,
        "film.1": 120,
        "film.2": 210,
        "film.3": 240,
        "b1/national": 300,
    }


def test_a_day_without_a_clock_keeps_the_plan_for_its_order_alone() -> None:
    assert a_plan(0).total_s == a_plan(1).total_s


def test_a_compressed_day_shortens_all_but_films_and_polls_and_results() -> None:
    plan = a_plan(60)
    common, talk = plan.stretches[0].segments["national"], plan.stretches[2].segments["national"]
    own = plan.stretches[1].segments["r-a"]

    assert steps(common)["film.1"] == 2
    assert steps(common)["film.2"] == 2 + FILM_S + FILM_MARGIN_S
    assert steps(common)["film.3"] == 2 + FILM_S + FILM_MARGIN_S + 0.5
    assert steps(own)["own.3"] - steps(own)["own.2"] == POLL_OPEN_S
    assert steps(talk)["talk.2"] - steps(talk)["talk.1"] == RESULT_S


def test_a_regional_block_is_as_long_as_its_longest_lane() -> None:
    sheet = a_sheet()
    longer = next(cue for cue in sheet.cues if cue.cue == "own.4")
    longer.do, longer.args = "play_film", {"film": "f"}

    stretch = plan_of(sheet, 60).stretches[1]

    lengths = {lane: round(segment.length_s, 3) for lane, segment in stretch.segments.items()}
    assert lengths == {"national": 23.0, "r-b": 23.0, "r-a": 83.0}
    assert stretch.length_s == stretch.segments["r-a"].length_s


def test_a_film_that_became_longer_than_planned_is_not_cut() -> None:
    plan = plan_of(replace(a_sheet(), films={"f": (FILM_S, 100.0)}), 1)

    assert steps(plan.stretches[0].segments["national"])["film.2"] == 120 + 100 + FILM_MARGIN_S


def test_a_cue_by_hand_at_the_very_beginning_opens_its_item() -> None:
    (
        first,
        *_,
    ) = a_plan().stretches[0].segments["national"].steps
    own = a_plan().stretches[1].segments["r-a"].steps[0]

    assert [(step.name, step.item, step.opens, step.by_hand) for step in (first, own)] == [
        ("welcome.1", "welcome", True, True),
        ("own.1", "own", True, True),
    ]


def test_only_gaps_in_a_break_give_way_to_lateness() -> None:
    steps = a_plan().stretches[2].segments["national"].steps

    assert {step.name: step.give_s for step in steps if step.give_s} == {"pause.2": 150, "talk": 150}
    assert [step.name for step in steps if step.waits] == ["talk"]


def test_lanes_follow_the_national_one_in_common_blocks_and_when_they_have_nothing_of_their_own() -> None:
    plan = a_plan()

    assert [plan.followers(stretch, "national") for stretch in plan.stretches] == [
        ["national", "r-a", "r-b"], ["national"], ["national", "r-a", "r-b"],
    ]  # fmt: skip
    assert plan.followers(plan.stretches[1], "r-a") == ["r-a"]


def test_a_late_region_is_waited_for_as_long_as_it_has_leave() -> None:
    sheet = a_sheet()
    sheet.regions[0].overrun_limit_s = 120

    assert plan_of(sheet, 1).stretches[1].overruns == {"r-a": Overrun("hold", 120), "r-b": Overrun("hold", GRACE_S)}


@pytest.mark.parametrize("operator_auto", [False, True])
def test_the_speed_is_found_for_a_wanted_length(operator_auto: bool) -> None:
    speed = speed_for(a_sheet(), 240, operator_auto=operator_auto)
    waits = 2 * 3 if operator_auto else 0

    assert plan_of(a_sheet(), speed).total_s + waits == pytest.approx(240, abs=3)


def test_a_day_cannot_be_shorter_than_its_films_and_polls() -> None:
    assert speed_for(a_sheet(), 10, operator_auto=False) == 600
