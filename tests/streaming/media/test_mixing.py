"""The sound of a panel: everybody for the lane, the others for each member."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.media.mixing import BLOCK, CEILING, MEMBERS_MOST, SHARE, Limiter, Mixed, Mixer
from streaming.media.sounding import TICK_SAMPLES, Samples
from tests.streaming.media.sounds import Microphone, heard, strength, tone

PITCHES = {"ann": 440.0, "bo": 660.0, "cia": 1_100.0}


def play(mixer: Mixer, microphones: dict[str, Microphone], ticks: int, ears: Collection[str] = ()) -> list[Mixed]:
    return [mixer.tick([(name, each.say()) for name, each in microphones.items()], ears) for _ in range(ticks)]


def microphones(*, loud: float = 0.3) -> dict[str, Microphone]:
    return {name: Microphone(hertz, loud=loud) for name, hertz in PITCHES.items()}


def by_ear(mixed: list[Mixed], ear: str | None) -> Samples:
    return heard([each.sounds[ear] for each in mixed])[9_600:]


def test_everybody_is_in_the_mix_3_db_softer() -> None:
    mixed = play(Mixer(PITCHES), microphones(), 100)

    for hertz in PITCHES.values():
        assert strength(by_ear(mixed, None), hertz) == pytest.approx(0.3 * SHARE, rel=0.1)


def test_nobody_hears_oneself() -> None:
    mixed = play(Mixer(PITCHES), microphones(), 100, list(PITCHES))

    for name, hertz in PITCHES.items():
        sound = by_ear(mixed, name)
        assert strength(sound, hertz) < 0.003
        for other in PITCHES.values():
            if other != hertz:
                assert strength(sound, other) == pytest.approx(0.3 * SHARE, rel=0.1)


def test_twelve_who_shout_are_turned_down_and_not_cut() -> None:
    names = [str(n) for n in range(MEMBERS_MOST)]
    shouting = {name: Microphone(300 + 70 * n, loud=0.95) for n, name in enumerate(names)}

    sound = by_ear(play(Mixer(names), shouting, 100), None)

    assert 0.5 < np.abs(sound).max() < 1
    assert np.mean(np.abs(sound) > 0.98) == 0


def test_twelve_are_all_heard_and_one_who_was_cut_off_is_heard_again() -> None:
    pitches = {str(n): 400.0 + 250 * n for n in range(MEMBERS_MOST)}
    mixer, speaking = Mixer(pitches), {name: Microphone(hertz, loud=0.05) for name, hertz in pitches.items()}

    def voices() -> set[str]:
        sound = by_ear(play(mixer, speaking, 100), None)
        return {name for name, hertz in pitches.items() if strength(sound, hertz) > 0.05 * SHARE / 2}

    assert voices() == set(pitches)
    lost = speaking.pop("7")
    assert voices() == set(pitches) - {"7"}
    speaking["7"] = Microphone(lost.hertz, loud=0.05, ticks=500_000)  # a new connection, with a clock of its own
    assert voices() == set(pitches)


def test_one_who_leaves_is_gone_and_the_others_go_on() -> None:
    mixer, speaking = Mixer(PITCHES), microphones()
    play(mixer, speaking, 50, ["cia"])
    mixer.seat(["ann", "cia"])
    del speaking["bo"]

    sound = by_ear(play(mixer, speaking, 100, ["cia"]), None)

    assert strength(sound, PITCHES["bo"]) < 0.003
    assert strength(sound, PITCHES["ann"]) == pytest.approx(0.3 * SHARE, rel=0.1)


def test_a_microphone_that_stops_harms_nobody() -> None:
    mixer, speaking = Mixer(PITCHES), microphones()
    play(mixer, speaking, 50)
    del speaking["bo"]

    mixed = play(mixer, speaking, 100)

    assert mixed[-1].levels["bo"] == -100
    assert mixed[-1].levels["ann"] == pytest.approx(-16.5, abs=4)
    assert strength(by_ear(mixed, None), PITCHES["ann"]) == pytest.approx(0.3 * SHARE, rel=0.1)


def test_a_panel_of_nobody_is_silent() -> None:
    mixed = [Mixer([]).tick([], []) for _ in range(20)]

    assert np.abs(heard([each.sounds[None] for each in mixed])).max() < 0.001


def test_strangers_are_not_heard() -> None:
    stranger = Microphone(440)
    mixer = Mixer(["ann"])

    assert mixer.tick([("bo", stranger.say())], []).levels == {"ann": -100.0}


def test_what_is_soft_passes_the_limiter_unchanged() -> None:
    limiter, soft = Limiter(), tone(440, 4 * TICK_SAMPLES, loud=0.8)

    passed = np.concatenate([limiter.limit(soft[at : at + TICK_SAMPLES]) for at in range(0, len(soft), TICK_SAMPLES)])

    np.testing.assert_array_equal(passed[BLOCK:], soft[:-BLOCK])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 12, width=32), min_size=4, max_size=60), st.integers(0, 2**32 - 1))
def test_the_limiter_never_clips_whatever_comes(loud: list[float], seed: int) -> None:
    limiter, chance = Limiter(), np.random.default_rng(seed)
    for each in loud:
        noise = (chance.uniform(-1, 1, (TICK_SAMPLES, 2)) * each).astype(np.float32)

        assert np.abs(limiter.limit(noise)).max() <= CEILING * 1.000_01


def test_after_a_shout_the_limiter_lets_go() -> None:
    limiter = Limiter()
    limiter.limit(tone(440, TICK_SAMPLES, loud=4))
    for _ in range(15):
        last = limiter.limit(tone(440, TICK_SAMPLES, loud=0.5))

    assert np.abs(last).max() == pytest.approx(0.5, rel=0.02)
