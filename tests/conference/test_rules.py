"""What may happen to a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from conference import NewDay, rules
from conference.core.errors import Refused
from conference.kit import make_day
from conference.tables import Day
from tests.conference.days import DATE, PLANNED, the_kit


def a_day(state: str = "draft", speed: float = 1.0) -> Day:
    day = make_day(the_kit(), NewDay(date=DATE, speed=speed), "123456").day
    day.state = state
    return day


def refusal(rule: Callable[..., object], *args: object) -> str:
    with pytest.raises(Refused) as refused:
        rule(*args)
    return refused.value.code


def test_a_day_is_published_once_started_once_and_ended_once() -> None:
    assert rules.publish_day(a_day(), PLANNED).name == "day.published"
    assert refusal(rules.publish_day, a_day("published"), PLANNED) == "day.published_already"
    assert refusal(rules.publish_day, a_day("ended"), PLANNED) == "day.ended"
    assert rules.start_day(a_day("draft"), PLANNED).name == "day.started"
    assert refusal(rules.start_day, a_day("live"), PLANNED) == "day.live_already"
    assert refusal(rules.start_day, a_day("ended"), PLANNED) == "day.ended"
    assert rules.end_day(a_day("live"), PLANNED).name == "day.ended"
    assert refusal(rules.end_day, a_day("ended"), PLANNED) == "day.ended"
    assert refusal(rules.end_day, a_day("published"), PLANNED) == "day.not_live"


@pytest.mark.parametrize(
    ("minutes", "speed", "begins"),
    [
        (-61, 1, -61),  # a rehearsal in the morning
        (-10, 1, 0),  # the lobby
        (0, 1, 0),
        (20, 1, 0),  # twenty minutes late: breaks catch up
        (31, 1, 31),  # another hour altogether
        (-10, 30, -10),  # a compressed day begins at once
        (5, 0, 5),
    ],
)
def test_a_day_begins_as_planned_unless_it_is_played_at_another_hour(minutes: int, speed: float, begins: int) -> None:
    event = rules.start_day(a_day("published", speed), PLANNED + timedelta(minutes=minutes))

    assert event.starts_at == PLANNED + timedelta(minutes=begins)
    assert event.ends_at - event.starts_at == timedelta(hours=6) / (speed or 1)


def test_a_join_code_is_six_digits_that_nobody_else_uses() -> None:
    assert rules.join_code("482 177", {"111111"}, 0) == "482177"
    assert rules.join_code(None, {"000007", "000008"}, 7) == "000009"
    assert rules.join_code(None, {"999999"}, 999_999) == "000000"
    assert refusal(rules.join_code, "48217", set(), 0) == "join.code_wrong"
    assert refusal(rules.join_code, "48217a", set(), 0) == "join.code_wrong"
    assert refusal(rules.join_code, "482177", {"482177"}, 0) == "join.code_taken"


@pytest.mark.parametrize("name", ["", "national", "region", "../x", "Å", "a b", "-a", "a" * 61])
def test_an_id_must_be_fit_for_an_address(name: str) -> None:
    assert refusal(rules.named, name) == "name.wrong"


def test_a_good_id_is_left_as_it_is() -> None:
    assert rules.named("lan-10") == "lan-10"
