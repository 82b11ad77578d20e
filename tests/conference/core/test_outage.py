"""An outage is told, and does not fill the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from conference.core.outage import CALM_S, LINE_S, Outage


@dataclass
class Hand:
    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hand() -> Hand:
    return Hand()


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, bool]]:
    """What stands in the log, and whether with its traceback."""
    return [(record.getMessage(), bool(record.exc_info)) for record in caplog.records]


def test_it_is_told_whole_once_then_seldom_and_when_it_is_over(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("the database", monotonic=hand)
    with caplog.at_level(logging.INFO):
        for _ in range(70):
            outage.note(ConnectionError("refused\nby the other side"))
            hand.now_s += 1
        outage.over()
        outage.over()

    assert lines(caplog) == [
        ("the database is away: refused", True),
        ("the database is still away after 30 s and 30 tries: refused", False),
        ("the database is still away after 60 s and 60 tries: refused", False),
        ("the database is back after 70 s", False),
    ]
    assert not outage.lasts


def test_one_success_between_failures_ends_nothing(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("the database", monotonic=hand)
    for _ in range(20):
        outage.note(OSError("full"))
        hand.now_s += CALM_S / 2
        outage.over()
    assert outage.lasts
    assert len(caplog.records) == 1


def test_one_that_comes_and_goes_is_no_flood_either(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("the database", monotonic=hand)
    for _ in range(int(2 * LINE_S)):
        outage.note(OSError("full"))
        hand.now_s += CALM_S
        outage.over()
    assert len(caplog.records) <= 5
    assert not outage.lasts


def test_without_one_there_is_not_a_word(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    Outage("redis", monotonic=hand).over()

    assert caplog.records == []
