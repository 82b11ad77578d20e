"""A source's sound on the one clock: packets of any codec in, AAC frames that cover exactly what a run shows out.

`Sound` keeps what was heard lately, each sample at its place; `Voice` encodes one run's share of it. Where nothing was heard is silence.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from streaming.media.cmaf import AAC_SAMPLES, AUDIO_RATE
from streaming.media.feed import Encoded
from streaming.media.sounding import AacEncoder, Decoder, Samples, level_db, silence

PER_MS = AUDIO_RATE // 1_000
KEPT_MS = 3_000  # of what was heard
LOOSE_MS = 5  # nearer than this to its place, sound is left where it joins on
JUMP_MS = 60  # farther than this it is put in its place at once; between the two it is drawn there
DRAWN = 8  # samples left out or repeated a packet: 0.4 ms in 20, which nobody hears
FAR_MS = 2_000
STARTS = 2 * AAC_SAMPLES  # given to an encoder before the first sample that counts


class Frame(NamedTuple):
    """One AAC frame; *begins* in samples since 1970."""

    begins: int
    data: bytes

    @property
    def ends(self) -> int:
        """Where the next one begins."""
        return self.begins + AAC_SAMPLES


class Sound:
    """What was heard of one source.

    Attributes:
        ends: the place after the last sample heard.
        level_db: loudness of about the last half second; ``None`` before the first sound.
    """

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._pieces: deque[tuple[int, Samples]] = deque()
        self.ends = 0
        self.level_db: float | None = None

    def hear(self, packet: Encoded) -> None:
        """Decode one packet and put it in its place."""
        if self._decoder is None or self._decoder.codec != packet.codec:
            self._decoder = Decoder(packet.codec)
        samples = self._decoder.decode(packet.data)
        if not len(samples):
            return
        place = round(packet.at_ms * PER_MS)
        off = place - self.ends
        if abs(off) > FAR_MS * PER_MS:
            self._pieces.clear()
            self.ends = place
        elif off > JUMP_MS * PER_MS:
            self.ends = place
        elif off < -JUMP_MS * PER_MS:
            samples = samples[min(-off, len(samples)) :]
        elif abs(off) > LOOSE_MS * PER_MS:
            samples = samples[DRAWN:] if off < 0 else np.concatenate([samples[:DRAWN], samples])
        self._keep(samples)

    def read(self, begins: int, ends: int) -> Samples:
        """What was heard from one place to another, in samples since 1970; silence where nothing was."""
        read = silence(ends - begins)
        for at, samples in self._pieces:
            first, last = max(begins, at), min(ends, at + len(samples))
            if first < last:
                read[first - begins : last - begins] = samples[first - at : last - at]
        return read

    def _keep(self, samples: Samples) -> None:
        if not len(samples):
            return
        self._pieces.append((self.ends, samples))
        self.ends += len(samples)
        while self._pieces[0][0] < self.ends - KEPT_MS * PER_MS:
            self._pieces.popleft()
        now = level_db(samples)
        was = self.level_db
        self.level_db = round(now if was is None else max(now, was - 1.0), 1)  # it falls by 1 dB in 20 ms, and rises at once


class Voice:
    """The AAC frames of one run, from a place on, without a gap."""

    def __init__(self, sound: Sound, begins: int) -> None:
        self._sound, self._zero = sound, begins - STARTS
        self._given = self._zero
        self._encoder = AacEncoder()
        self._frames: deque[Frame] = deque()
        self.ends = begins  # of the frames that are ready

    def feed(self) -> None:
        """Encode what was heard since."""
        self._encode_until(self._sound.ends)

    def cover(self, until: int) -> None:
        """Encode silence where no sound came, so that the frames reach a place."""
        while self.ends < until:
            self._encode_until(self._given + AAC_SAMPLES)

    def take(self, until: int) -> list[Frame]:
        """The frames that begin before a place; `ends` must have reached it."""
        taken = []
        while self._frames and self._frames[0].begins < until:
            taken.append(self._frames.popleft())
        return taken

    def _encode_until(self, place: int) -> None:
        if place <= self._given:
            return
        coded = self._encoder.encode(self._sound.read(self._given, place))
        self._given = place
        for each in coded:
            if each.begins >= STARTS:
                self._frames.append(Frame(self._zero + each.begins, each.data))
                self.ends = self._frames[-1].ends
