"""Whose picture is due."""

from __future__ import annotations

from collections.abc import Mapping

from streaming.media.loudest import CHALLENGE_MS, HOLD_MS, Loudest

SPEECH, NOISE = -25.0, -70.0


def listen(judge: Loudest, begins_ms: float, for_ms: float, levels: Mapping[str, float]) -> list[tuple[float, str | None]]:
    """Tell it the same levels every 20 ms; the moments at which it chose somebody else."""
    changes, shown = [], judge.member
    for n in range(int(for_ms / 20)):
        at_ms = begins_ms + 20 * n
        if judge.hear(at_ms, levels) != shown:
            shown = judge.member
            changes.append((at_ms, shown))
    return changes


def test_the_first_one_who_is_there_is_shown() -> None:
    assert listen(Loudest(), 0, 100, {"ann": NOISE}) == [(0, "ann")]


def test_one_who_goes_on_speaking_takes_over() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": SPEECH, "bo": NOISE})

    [(at_ms, shown)] = listen(judge, 5_000, 3_000, {"ann": NOISE, "bo": SPEECH})

    assert shown == "bo"
    assert CHALLENGE_MS <= at_ms - 5_000 <= 1_000


def test_a_cough_changes_nothing() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": SPEECH, "bo": NOISE})

    assert listen(judge, 5_000, 300, {"ann": SPEECH, "bo": SPEECH + 15}) == []
    assert listen(judge, 5_300, 5_000, {"ann": SPEECH, "bo": NOISE}) == []


def test_one_as_loud_as_the_one_shown_does_not_take_over() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": SPEECH, "bo": NOISE})

    assert listen(judge, 5_000, 10_000, {"ann": SPEECH, "bo": SPEECH + 3}) == []


def test_a_picture_stands_for_a_while() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": SPEECH, "bo": NOISE})
    [(first_ms, _)] = listen(judge, 5_000, 800, {"ann": NOISE, "bo": SPEECH})

    [(second_ms, shown)] = listen(judge, 5_800, 5_000, {"ann": SPEECH, "bo": NOISE})

    assert shown == "ann"
    assert second_ms - first_ms >= HOLD_MS


def test_when_all_are_silent_the_last_speaker_stays() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": NOISE - 30, "bo": SPEECH})
    assert judge.member == "bo"

    assert listen(judge, 5_000, 10_000, {"ann": NOISE, "bo": NOISE - 30}) == []


def test_when_the_speaker_leaves_the_next_loudest_is_shown_at_once() -> None:
    judge = Loudest()
    listen(judge, 0, 5_000, {"ann": SPEECH, "bo": NOISE, "cia": SPEECH - 10})

    assert listen(judge, 5_000, 100, {"bo": NOISE, "cia": SPEECH - 10}) == [(5_000, "cia")]
    assert listen(judge, 5_100, 100, {}) == [(5_100, None)]
    assert listen(judge, 5_200, 100, {"bo": NOISE}) == [(5_200, "bo")]
