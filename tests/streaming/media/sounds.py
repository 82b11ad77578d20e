"""Microphones for the tests: tones, encoded as browsers do."""

from __future__ import annotations

import math

import numpy as np

from streaming.media.feed import Encoded
from streaming.media.sounding import TICK_SAMPLES, Decoder, OpusEncoder, Samples

RATE = 48_000


def tone(hertz: float, count: int, begins: int = 0, *, loud: float = 0.3) -> Samples:
    """A sine in both ears."""
    at = np.arange(begins, begins + count)
    return np.repeat((loud * np.sin(2 * math.pi * hertz * at / RATE))[:, None], 2, axis=1).astype(np.float32)


class Microphone:
    """Opus of a tone, 20 ms at a time, on the sender's own clock."""

    def __init__(self, hertz: float, *, loud: float = 0.3, ticks: int = 1_000) -> None:
        self.hertz, self.loud, self.ticks = hertz, loud, ticks
        self._encoder, self._said = OpusEncoder(), 0

    def say(self) -> Encoded:
        """The next packet."""
        samples = tone(self.hertz, TICK_SAMPLES, self._said, loud=self.loud)
        data = self._encoder.encode(samples)[0].data
        packet = Encoded("audio", data, (self.ticks + self._said) / 48, self.ticks + self._said, is_key=True, codec="opus")
        self._said += TICK_SAMPLES
        return packet


def heard(packets: list[bytes], codec: str = "opus") -> Samples:
    """Decode them."""
    decoder = Decoder(codec)
    return np.concatenate([decoder.decode(packet) for packet in packets])


def strength(samples: Samples, hertz: float) -> float:
    """How loud a sine of this pitch is in it; 0.3 for `tone`'s."""
    window = np.hanning(len(samples))
    at = np.arange(len(samples))
    found = np.sum(samples[:, 0] * window * np.exp(-2j * math.pi * hertz * at / RATE))
    return float(2 * abs(found) / window.sum())
