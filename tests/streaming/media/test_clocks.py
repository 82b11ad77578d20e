"""The clocks of a publisher, held against ours."""

from __future__ import annotations

import itertools
import random

import pytest

from streaming.media.clocks import HostClock, LipSync

CAMERA_LATE = 120.0  # ms that pictures need before they are sent; sound needs 10


class Link:
    """A publisher whose clock shows *zero* at the beginning and goes too fast by *drift*."""

    def __init__(self, *, reports: bool, drift: float = 0.0, jitter: float = 0.0) -> None:
        self.lip, self.reports, self.drift, self.delay = LipSync(), reports, drift, 30.0
        self.random, self.jitter = random.Random(7), jitter

    def send(self, captured: float, kind: str) -> float:
        """When what was captured at this moment is to be shown."""
        rate = 90 if kind == "video" else 48
        sender = captured * (1 + self.drift)
        ticks = round((sender + (5_000 if kind == "video" else 99_000)) * rate)
        came = captured + (CAMERA_LATE if kind == "video" else 10) + self.delay + self.random.random() * self.jitter
        at = self.lip.at_ms(kind, ticks, came)
        if self.reports and round(captured) % 1_000 == 0:
            self.lip.report(kind, 7e9 + sender, ticks & 0xFFFFFFFF)
        return at

    def play(self, begins: float, ends: float) -> dict[str, list[tuple[float, float]]]:
        shown: dict[str, list[tuple[float, float]]] = {"video": [], "audio": []}
        for ms in range(round(begins), round(ends), 20):
            shown["audio"].append((ms, self.send(ms, "audio")))
            if ms % 40 == 0:
                shown["video"].append((ms, self.send(ms, "video")))
        return shown


def apart(shown: dict[str, list[tuple[float, float]]]) -> float:
    """How much later pictures are shown than the sound that was captured with them, at the end."""
    return (shown["video"][-1][1] - shown["video"][-1][0]) - (shown["audio"][-1][1] - shown["audio"][-1][0])


def test_with_sender_reports_sound_and_pictures_are_shown_as_they_were_captured() -> None:
    assert abs(apart(Link(reports=True).play(0, 60_000))) < 15


def test_without_them_they_are_shown_as_they_come() -> None:
    assert abs(apart(Link(reports=False).play(0, 60_000)) - 110) < 15


def test_time_makes_no_jumps_when_the_reports_come() -> None:
    shown = Link(reports=True, jitter=40).play(0, 60_000)["video"]

    steps = [later[1] - earlier[1] for earlier, later in itertools.pairwise(shown[25:])]
    assert min(steps) >= 39
    assert max(steps) <= 41


@pytest.mark.parametrize("drift", [1e-4, -1e-4])
def test_a_clock_that_goes_wrong_is_followed(drift: float) -> None:
    link = Link(reports=True, drift=drift, jitter=20)
    shown = link.play(0, 1_200_000)

    captured, at = shown["audio"][-1]
    assert abs(at - captured - 40) < 40
    assert link.lip.jumps == 0


def test_a_way_that_becomes_longer_for_good_is_followed_within_two_seconds() -> None:
    link = Link(reports=True)
    link.play(0, 30_000)
    link.delay += 900
    shown = link.play(30_000, 32_000)

    captured, at = shown["audio"][-1]
    assert (link.lip.jumps, abs(at - captured - 940) < 40) == (1, True)
    assert abs(apart(shown)) < 30


def test_a_burst_after_a_hiccup_changes_nothing() -> None:
    link = Link(reports=False)
    link.play(0, 20_000)
    link.delay += 500
    link.play(20_000, 20_400)
    link.delay -= 500

    shown = link.play(20_400, 22_000)
    assert all(abs(at - captured - 40) < 13 for captured, at in shown["audio"])


def test_our_own_clock_never_goes_back() -> None:
    clock = HostClock()

    moments = [clock.now_ms() for _ in range(1_000)]
    assert moments == sorted(moments)
