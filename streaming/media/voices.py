"""One open microphone as an even flow of 20 ms: packets come when they come, samples are taken on our own clock.

A lost packet is bridged by a fading echo of what was heard before. A microphone whose clock goes faster or slower than ours is held by
now and then leaving out 5 ms, or playing them twice, under a cross-fade over the whole tick.
"""

from __future__ import annotations

import numpy as np

from streaming.media.feed import Encoded
from streaming.media.sounding import SAMPLES_PER_MS, TICK_SAMPLES, Decoder, Samples, level_db, silence

HISTORY = TICK_SAMPLES  # played samples that are kept: an echo and a repetition are made of them
STEP = 5 * SAMPLES_PER_MS  # what is left out or played twice at a time
TARGET = 40 * SAMPLES_PER_MS  # heard before the first sample is played: packets of 20 ms may be late by as much again
TARGET_MOST = 200 * SAMPLES_PER_MS
MOST = 500 * SAMPLES_PER_MS  # of unplayed sound; more is left out at once
LOOSE = 10 * SAMPLES_PER_MS  # RTMP tells time in whole ms: so much is no gap
FAR = 1_000 * SAMPLES_PER_MS  # a jump of the sender's clock, not a gap
WINDOW = 50  # ticks over which the least reserve is looked for: one second
CALM = 10  # windows without a dry moment until less is held in reserve
FADE = np.linspace(1, 0, TICK_SAMPLES, dtype=np.float32)[:, None]
ATTACK = np.linspace(0, 1, STEP, dtype=np.float32)[:, None]


class Voice:
    """The sound of one member.

    Attributes:
        level_db: of the last 20 ms that were taken.
        dry: how often there was nothing to play in the middle of a sound.
    """

    def __init__(self) -> None:
        self.level_db, self.dry = -100.0, 0
        self._decoder: Decoder | None = None
        self._next = 0  # the sender's time of the sample after the last one heard
        self._store = silence(HISTORY)  # HISTORY played samples, then those to come
        self._filling, self._fade_in = True, True
        self._target = TARGET
        self._least, self._ticks, self._calm = MOST, 0, 0

    @property
    def depth(self) -> int:
        """Samples that were heard and not yet taken."""
        return len(self._store) - HISTORY

    def hear(self, packet: Encoded) -> None:
        """Take one packet. What comes too late is left out, a gap before it is bridged."""
        if self._decoder is None or self._decoder.codec != packet.codec:
            self._decoder = Decoder(packet.codec)
            self._next = packet.ticks
        gap = packet.ticks - self._next
        if abs(gap) > FAR:
            gap = 0
        if gap < -LOOSE:
            return
        samples = self._decoder.decode(packet.data)
        self._next = packet.ticks + len(samples)
        if gap > LOOSE and (self.depth or not self._filling):
            self._append(self._echo(gap))
            self._fade_in = True
        self._append(samples)
        if self.depth > MOST:
            self._leave_out(self.depth - self._target)

    def take(self) -> Samples:
        """The next 20 ms; an echo and then silence while nothing is there."""
        if self._filling and self.depth < self._target:
            taken = silence()
        elif self.depth < TICK_SAMPLES:
            taken = self._last_of_it()
        else:
            self._filling = False
            taken = self._flowing()
        self.level_db = level_db(taken)
        return taken

    def _append(self, samples: Samples) -> None:
        if self._fade_in and len(samples) >= STEP:
            samples = samples.copy()
            samples[:STEP] *= ATTACK
            self._fade_in = False
        self._store = np.concatenate([self._store, samples])

    def _leave_out(self, count: int) -> None:
        self._store = np.concatenate([self._store[:HISTORY], self._store[HISTORY + count :]])

    def _echo(self, count: int) -> Samples:
        """What was heard last, backwards (so it joins without a click) and fading, then silence."""
        echo = silence(count)
        fading = min(count, TICK_SAMPLES)
        echo[:fading] = self._store[: -fading - 1 : -1] * FADE[:fading]
        return echo

    def _last_of_it(self) -> Samples:
        taken = np.concatenate([self._store[HISTORY:], self._echo(TICK_SAMPLES)])[:TICK_SAMPLES]
        self._store, self._filling, self._fade_in = silence(HISTORY), True, True
        self._target = min(TARGET_MOST, self._target + TICK_SAMPLES // 2)
        self.dry += 1
        self._least, self._ticks, self._calm = MOST, 0, 0
        return taken

    def _flowing(self) -> Samples:
        shift = self._correction()
        plain = self._store[HISTORY : HISTORY + TICK_SAMPLES]
        if shift:
            moved = self._store[HISTORY + shift : HISTORY + shift + TICK_SAMPLES]
            plain = plain * FADE + moved * (1 - FADE)
        self._store = self._store[TICK_SAMPLES + shift :]
        return plain

    def _correction(self) -> int:
        """Once a second: 0, or the 5 ms that are to be left out (positive) or played twice (negative)."""
        self._least, self._ticks = min(self._least, self.depth - TICK_SAMPLES), self._ticks + 1
        if self._ticks < WINDOW:
            return 0
        reserve, self._least, self._ticks = self._least, MOST, 0
        self._calm += 1
        if self._calm % CALM == 0:
            self._target = max(TARGET, self._target - STEP)
        wanted = self._target - TICK_SAMPLES  # a whole packet at least: a slow clock shows as one that is missing
        return STEP if reserve > wanted + 2 * STEP else -STEP if reserve < wanted else 0
