"""The sound of a panel: all open microphones together, and for each member the others without oneself.

Pure: packets in, 20 ms of encoded sound out, each time the owner says so. Nothing waits and nothing looks at a clock.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from streaming.media.feed import Encoded
from streaming.media.sounding import SAMPLES_PER_MS, TICK_SAMPLES, OpusEncoder, Samples, level_db, silence
from streaming.media.voices import Voice

MEMBERS_MOST = 12
SHARE = np.float32(10 ** (-3 / 20))  # every voice loses 3 dB, so that two at once need no limiter
CEILING = np.float32(10 ** (-1 / 20))  # 1 dB below full scale: the encoders that follow overshoot
BLOCK = 5 * SAMPLES_PER_MS  # the limiter looks so far ahead
RECOVERY = np.float32(1.06)  # the gain may rise by so much in a block: 0.5 dB in 5 ms
BITS = 96_000  # a second of Opus: for a lane it is encoded once more
DELAY_MS = BLOCK // SAMPLES_PER_MS  # what the limiter adds


class Limiter:
    """Turns down what would be louder than the ceiling, 5 ms before it comes, and lets go slowly.

    The gain moves along straight lines between ends of blocks. At each end it is no more than either neighbour needs, so no sample is ever
    above the ceiling, and none is cut.
    """

    def __init__(self) -> None:
        self._waiting, self._needed, self._gain = silence(BLOCK), np.float32(1), np.float32(1)

    def limit(self, samples: Samples) -> Samples:
        """As many samples as are given, 5 ms later than they were given."""
        blocks = np.concatenate([self._waiting, samples]).reshape(-1, BLOCK, 2)
        needs = [self._needed, *(_needed(block) for block in blocks[1:])]
        gains = [self._gain]
        for this, following in itertools.pairwise(needs):
            gains.append(min(this, following, gains[-1] * RECOVERY))
        self._waiting, self._needed, self._gain = blocks[-1], needs[-1], gains[-1]
        if min(gains) == 1:
            return blocks[:-1].reshape(-1, 2)
        ramps = [np.linspace(was, will, BLOCK, dtype=np.float32) for was, will in itertools.pairwise(gains)]
        return (blocks[:-1] * np.stack(ramps)[:, :, None]).reshape(-1, 2)


def _needed(block: Samples) -> np.float32:
    return min(np.float32(1), CEILING / max(np.float32(np.abs(block).max()), CEILING))


class Mixed(NamedTuple):
    """Twenty milliseconds of a panel.

    Attributes:
        sounds: a packet of Opus: under ``None`` everybody, and for each member who listens the others.
        levels: how loud each member is, in dB below full scale.
        level_db: how loud all together are.
    """

    sounds: dict[str | None, bytes]
    levels: dict[str, float]
    level_db: float


class Mixer:
    """The members' voices on one clock of 20 ms."""

    def __init__(self, members: Iterable[str]) -> None:
        self._voices = {member: Voice() for member in members}
        self._ears: dict[str | None, _Ear] = {}

    def seat(self, members: Collection[str]) -> None:
        """Who belongs to it from now on; who stays is not disturbed."""
        self._voices = {member: self._voices.get(member) or Voice() for member in members}

    def tick(self, heard: Iterable[tuple[str, Encoded]], ears: Collection[str]) -> Mixed:
        """Take what came since the last tick and give the next 20 ms.

        Args:
            ears: the members who listen now; only for them the others are encoded.
        """
        for member, packet in heard:
            if member in self._voices:
                self._voices[member].hear(packet)
        parts = {member: voice.take() * SHARE for member, voice in self._voices.items()}
        everybody = _sum(parts)
        levels = {member: voice.level_db for member, voice in self._voices.items()}
        self._ears = {ear: self._ears.get(ear) or _Ear() for ear in (None, *ears)}
        sounds = {ear: made.hear(everybody, parts.get(ear or "")) for ear, made in self._ears.items()}
        return Mixed(sounds, levels, level_db(everybody))


class _Ear:
    """What one listener hears."""

    def __init__(self) -> None:
        self._limiter, self._encoder = Limiter(), OpusEncoder(BITS)

    def hear(self, everybody: Samples, own: Samples | None) -> bytes:
        [coded] = self._encoder.encode(self._limiter.limit(everybody if own is None else everybody - own))
        return coded.data


def _sum(parts: Mapping[str, Samples]) -> Samples:
    total = silence(TICK_SAMPLES)
    for part in parts.values():
        total += part
    return total
