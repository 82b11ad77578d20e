"""One microphone as an even flow, whatever the network does to it."""

from __future__ import annotations

import numpy as np
import pytest

from streaming.media.sounding import TICK_SAMPLES, level_db
from streaming.media.voices import MOST, TARGET, Voice
from tests.streaming.media.sounds import Microphone, strength, tone

LARGEST_STEP = 0.3 * 2 * np.pi * 440 / 48_000  # between neighbouring samples of the tone


def roughness(samples: np.ndarray) -> float:
    """The largest step between neighbouring samples: a click is one."""
    return float(np.abs(np.diff(samples[:, 0])).max())


def test_an_even_flow_is_heard_as_it_was_said() -> None:
    voice, microphone = Voice(), Microphone(440)
    taken = []
    for _ in range(100):
        voice.hear(microphone.say())
        taken.append(voice.take())

    sound = np.concatenate(taken)[9_600:]
    assert strength(sound, 440) == pytest.approx(0.3, rel=0.05)
    assert roughness(sound) < 1.3 * LARGEST_STEP
    assert voice.dry == 0
    assert voice.level_db == pytest.approx(-13.5, abs=0.5)


def test_packets_that_come_in_heaps_are_played_evenly() -> None:
    voice, microphone = Voice(), Microphone(400)  # 5 ms are whole periods of it
    taken = []
    for n in range(120):
        for _ in range([0, 2, 1][n % 3]):
            voice.hear(microphone.say())
        taken.append(voice.take())

    assert voice.dry == 0
    assert strength(np.concatenate(taken)[9_600:], 400) == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("drift", [0.002, -0.002])
def test_a_clock_that_drifts_is_followed_without_a_gap(drift: float) -> None:
    voice, microphone = Voice(), Microphone(440)
    taken, due, depths = [], 0.0, []
    for _ in range(3_000):  # a minute; two per mille is twenty times what clocks do
        due += 1 + drift
        while due >= 1:
            voice.hear(microphone.say())
            due -= 1
        taken.append(voice.take())
        depths.append(voice.depth)

    assert voice.dry == 0
    assert max(depths[200:]) - min(depths[200:]) < 3 * TICK_SAMPLES
    assert roughness(np.concatenate(taken)[9_600:]) < 2 * LARGEST_STEP


def test_a_lost_packet_is_bridged_without_a_click() -> None:
    voice, microphone = Voice(), Microphone(440)
    taken = []
    for n in range(100):
        packet = microphone.say()
        if n % 20 != 10:
            voice.hear(packet)
        taken.append(voice.take())

    sound = np.concatenate(taken)[9_600:]
    assert roughness(sound) < 2 * LARGEST_STEP
    assert level_db(sound) == pytest.approx(-13.5, abs=0.5)
    assert voice.dry == 0


def test_one_who_falls_silent_is_silent_and_comes_back() -> None:
    voice, microphone = Voice(), Microphone(440)
    for _ in range(50):
        voice.hear(microphone.say())
        voice.take()
    gone = [voice.take() for _ in range(50)]
    back = []
    for _ in range(50):
        voice.hear(microphone.say())
        back.append(voice.take())

    assert voice.dry == 1
    assert not np.concatenate(gone[5:]).any()
    assert strength(np.concatenate(back[10:]), 440) == pytest.approx(0.3, rel=0.05)


def test_what_comes_late_or_twice_is_left_out() -> None:
    voice, microphone = Voice(), Microphone(440)
    packets = [microphone.say() for _ in range(6)]
    for packet in [packets[0], packets[1], packets[3], packets[2], packets[3], packets[4]]:
        voice.hear(packet)

    assert voice.depth == 5 * TICK_SAMPLES


def test_a_flood_is_cut_to_what_is_wanted_in_reserve() -> None:
    voice, microphone = Voice(), Microphone(440)
    for _ in range(MOST // TICK_SAMPLES + 1):
        voice.hear(microphone.say())

    assert voice.depth == TARGET


def test_a_new_publisher_with_another_clock_is_heard_at_once() -> None:
    voice, first, second = Voice(), Microphone(440), Microphone(880, ticks=90_000_000)
    for _ in range(20):
        voice.hear(first.say())
        voice.take()
    taken = []
    for _ in range(40):
        voice.hear(second.say())
        taken.append(voice.take())

    assert strength(np.concatenate(taken[10:]), 880) == pytest.approx(0.3, rel=0.05)


def test_rubbish_is_silence() -> None:
    voice, microphone = Voice(), Microphone(440)
    voice.hear(microphone.say()._replace(data=b"\xff" * 40))
    for _ in range(20):
        voice.hear(microphone.say())
        voice.take()

    assert voice.level_db == pytest.approx(-13.5, abs=0.5)


def test_the_tone_of_the_tests_is_what_it_says() -> None:
    assert strength(tone(440, 9_600), 440) == pytest.approx(0.3, rel=0.001)
