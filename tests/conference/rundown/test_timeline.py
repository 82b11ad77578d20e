"""When things come: lateness, breaks, meeting again."""

from __future__ import annotations

from datetime import datetime, timedelta

from conference.rundown import rules
from conference.rundown.moves import Began, Given
from conference.rundown.run import Run
from conference.rundown.timeline import block_ends_at, drift_s, forecast
from tests.conference.rundown.sheets import NINE, a_run, minute, ticked


def seconds(number: float) -> datetime:
    return NINE + timedelta(seconds=number)


def played(run: Run, until: datetime, *, hands: dict[str, float] | None = None) -> tuple[Run, list[tuple[str, float]]]:
    """Let the clock run to a moment; *hands* says when somebody presses GO for which cue. Answers with what was given, and when."""
    given: list[tuple[str, float]] = []
    now = NINE
    while now <= until:
        run, clocked = ticked(run, now, now)
        given += clocked
        for cue, at_s in (hands or {}).items():
            if seconds(at_s) == now:
                lane = run.plan.cues[cue].lane
                moving = rules.go(run, lane, now)
                run = moving.run
                given += [(one.cue, at_s) for one in moving.happened if isinstance(one, Given)]
        run, clocked = ticked(run, now, now)
        given += clocked
        now += timedelta(seconds=1)
    return run, given


def test_before_anything_has_happened_the_forecast_is_the_plan() -> None:
    coming = forecast(a_run(), NINE)

    assert coming.ends_at == minute(25)
    assert coming.items["welcome"] == (minute(0), minute(2))
    assert coming.items["own"] == (minute(5), minute(10))
    assert coming.items["talk"] == (minute(20), minute(25))


def test_the_simulated_operators_waits_are_foreseen() -> None:
    coming = forecast(a_run(auto=True), NINE)

    assert coming.cues["welcome.1"] == seconds(3)
    assert coming.cues["film.3"] == seconds(246)
    assert coming.items["talk"][0] == minute(20)  # the break has caught up


def test_a_cue_by_hand_that_nobody_gives_moves_everything() -> None:
    run, given = played(a_run(), minute(3))

    assert given == []
    assert forecast(run, minute(3)).cues["welcome.2"] == minute(3) + timedelta(seconds=30)
    assert drift_s(run, "national", minute(3)) == 180


def test_lateness_goes_on_until_a_break_has_caught_up_with_it() -> None:
    run, given = played(a_run(), minute(26), hands={"welcome.1": 60, "film.3": 300, "own.1": 360})

    assert dict(given) == {
        "welcome.1": 60,
        "welcome.2": 90,
        "film.1": 180,
        "film.2": 270,
        "film.3": 300,
        "fill@national.1": 360,
        "fill@r-b.1": 360,
        "own.1": 360,
        "own.2": 420,
        "fill@national.2": 480,
        "fill@r-b.2": 480,
        "own.3": 540,
        "own.4": 600,
        "pause.1": 660,
        "pause.2": 900,  # a minute late at the start of the break, on time again five minutes into it
        "talk.1": 1260,
        "talk.2": 1500,
    }
    assert run.over


def test_a_break_gives_at_most_half_of_its_length() -> None:
    _, given = played(a_run(), minute(40), hands={"welcome.1": 600, "film.3": 840, "own.1": 900})

    times = dict(given)
    assert (times["pause.1"], times["pause.2"], times["talk.1"]) == (1200, 1350, 1560)


def test_a_break_does_not_end_before_its_time_in_a_day_as_planned() -> None:
    run = rules.go(a_run(), "national", NINE).run
    for _ in range(8):  # somebody presses through the morning in no time
        run = rules.go(run, "national", seconds(10)).run
    assert run.lanes["national"].cue == "pause.2"

    assert forecast(run, seconds(10)).items["talk"][0] == minute(20)


def test_all_wait_for_the_longest_lane_but_not_for_one_that_is_lost() -> None:
    run, _ = played(a_run(), minute(9), hands={"welcome.1": 0, "film.3": 240})

    assert block_ends_at(run, minute(9)) == minute(10) + timedelta(seconds=15)  # nobody has given own.1: no longer than its grace

    moving = rules.tick(run, minute(10) + timedelta(seconds=15))
    assert Began(2) in moving.happened


def test_a_film_is_shown_whole_although_somebody_hurries() -> None:
    run, _ = played(a_run(60), seconds(2), hands={"welcome.1": 0})
    assert "film.1" in run.given

    assert forecast(run, seconds(3)).cues["film.2"] == run.given["film.1"] + timedelta(seconds=61)
