"""Sound in and out of its codecs: Opus and AAC to samples, samples to Opus and AAC. 48 kHz, stereo, and nothing else.

Samples are ``float32``, one row a moment, two columns; 1.0 is full scale.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError
from numpy.typing import NDArray

from streaming.media.cmaf import AAC_CONFIG, AUDIO_RATE

Samples = NDArray[np.float32]

TICK_SAMPLES = 960  # 20 ms: one packet of Opus as browsers send it
FULL_SCALE = 32_768.0
SAMPLES_PER_MS = AUDIO_RATE // 1_000

_log = logging.getLogger(__name__)


class Coded(NamedTuple):
    """An encoded piece of sound and where it begins, in samples from the first one that was given."""

    begins: int
    data: bytes


def silence(count: int = TICK_SAMPLES) -> Samples:
    """*count* moments of nothing."""
    return np.zeros((count, 2), np.float32)


class Decoder:
    """Decodes the packets of one sender in their order. What cannot be decoded is silence of no length, and noted once."""

    def __init__(self, codec: str) -> None:
        self.codec = codec
        self._context = _opus_decoder() if codec == "opus" else _aac_decoder()
        self._to_stereo = av.AudioResampler(format="flt", layout="stereo", rate=AUDIO_RATE)
        self._failed = False

    def decode(self, data: bytes) -> Samples:
        """The samples of one packet; none when it is broken."""
        try:
            frames = self._context.decode(av.Packet(data))
            for frame in frames:
                frame.pts = None
            pieces = [piece for frame in frames for piece in self._to_stereo.resample(frame)]
        except (FFmpegError, ValueError) as error:
            if not self._failed:
                _log.warning("a packet of %s cannot be decoded: %s", self.codec, error)
            self._failed = True
            return silence(0)
        found = [piece.to_ndarray().reshape(-1, 2) for piece in pieces]
        return np.concatenate(found).astype(np.float32, copy=False) if found else silence(0)


def _opus_decoder() -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "r")
    context.sample_rate, context.layout, context.format = AUDIO_RATE, "stereo", "s16"
    return context


def _aac_decoder() -> AudioCodecContext:
    context = av.CodecContext.create("aac", "r")
    context.extradata = AAC_CONFIG
    context.sample_rate, context.layout = AUDIO_RATE, "stereo"
    return context


class OpusEncoder:
    """Samples, 20 ms at a time, into packets of Opus."""

    def __init__(self, bits: int = 64_000) -> None:
        self._context = av.CodecContext.create("libopus", "w")
        self._context.sample_rate, self._context.layout, self._context.format = AUDIO_RATE, "stereo", "flt"
        self._context.bit_rate = bits
        self._context.options = {"frame_duration": "20", "application": "audio", "packet_loss": "5"}
        self._given = 0

    def encode(self, samples: Samples) -> list[Coded]:
        """The packet of these 960 samples."""
        begins, self._given = self._given, self._given + len(samples)
        return [Coded(begins, bytes(packet)) for packet in self._context.encode(_frame(samples, begins))]


class AacEncoder:
    """Samples, any number at a time, into frames of AAC-LC as lanes carry it."""

    def __init__(self, bits: int = 96_000) -> None:
        self._context = av.CodecContext.create("aac", "w")
        self._context.sample_rate, self._context.layout, self._context.format = AUDIO_RATE, "stereo", "fltp"
        self._context.bit_rate = bits
        self._context.flags |= 0x400000  # global header: the configuration stands in the init segment
        self._in_frames = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE, frame_size=1_024)
        self._given = 0

    def encode(self, samples: Samples) -> list[Coded]:
        """The frames that have become whole; the first ones carry the encoder's start and lie before sample 0."""
        frame = _frame(samples, self._given)
        self._given += len(samples)
        whole = [packet for piece in self._in_frames.resample(frame) for packet in self._context.encode(piece)]
        return [Coded(packet.pts or 0, bytes(packet)) for packet in whole]


def _frame(samples: Samples, begins: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32).reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts = AUDIO_RATE, begins
    return frame


def level_db(samples: Samples) -> float:
    """How loud, in dB below full scale; -100 for silence."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return max(-100.0, 10 * float(np.log10(power))) if power > 0 else -100.0
