"""What a studio's encoder sends, as pieces that a lane can carry: H264 with start codes and AAC-LC 48 kHz stereo.

Both pass as they are when they obey the rules. Sound that does not is decoded and encoded, at little cost. Pictures are encoded anew when
they are no plain H264, or when no key frame comes for three seconds (eight is the default of OBS); that costs a third of a core, and is
told. So are they from when the source goes on air and its next key frame is most of a second away, as long as the machine has something to
spare: lanes would wait for it, now and every time again. Decoding begins with the key frame before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError

from streaming.media import cmaf, parameters
from streaming.media.cmaf import AUDIO_RATE, H264_KEY
from streaming.media.reencoding import Reencoder
from streaming.media.sounding import AacEncoder, Samples
from streaming.media.sparing import Spare

KEY_MOST_S = 3.0  # between key frames that pass; a segment may not be longer
WORTH_S = 0.8  # a key frame that the sender will give sooner is waited for
KEPT_MOST = 400  # pictures since the last key frame: more than three seconds of 120
GAP_MS = 60.0  # in the sound; less is rounding
BROKEN_MOST = 250  # packets in a row that cannot be decoded


class Broken(Exception):
    """What is sent cannot be used; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Piece(NamedTuple):
    """One picture or frame of sound; *ticks* of its kind's clock: when it is decoded; *offset*: so much later it is shown."""

    kind: Literal["video", "audio"]
    data: bytes
    ticks: int
    is_key: bool = True
    offset: int = 0


class Studio:
    """A connection that is open.

    Args:
        spare: what the machine has left for encoding that only saves time.

    Attributes:
        reencodes: whether its pictures are encoded anew.

    Raises:
        Broken: ``source.no_picture``.
    """

    def __init__(self, container: InputContainer, spare: Spare) -> None:
        if not container.streams.video:
            raise Broken("source.no_picture")
        self._container, self._spare, self._has_share = container, spare, False
        self._video = container.streams.video[0]
        self._audio = container.streams.audio[0] if container.streams.audio else None
        self._sound = _Sound(self._audio) if self._audio else None
        self._annex_b: Any = None
        self._reencoder: Reencoder | None = None
        self._since_key: list[av.Packet[Any]] = []
        self._key_s: float | None = None
        self._asked, self._cut = threading.Event(), threading.Event()
        self._gop_s = 0.0
        if self._video.codec_context.name == "h264" and _is_plain(self._video.codec_context.extradata):
            self._annex_b = av.BitStreamFilterContext("h264_mp4toannexb", self._video)
        else:
            self._reencoder = Reencoder()

    @property
    def reencodes(self) -> bool:
        """Whether its pictures are encoded anew."""
        return self._reencoder is not None

    def ask(self) -> None:
        """A key frame is wanted; from another thread."""
        self._asked.set()

    def cut(self) -> None:
        """A key frame is wanted at once, at some cost; from another thread."""
        self._asked.set()
        self._cut.set()

    def pieces(self) -> Iterator[Piece]:
        """Everything that comes, until the studio leaves.

        Raises:
            Broken: ``source.unreadable``, when nothing of it can be decoded.
        """
        try:
            yield from self._pieces()
        finally:
            if self._has_share:
                self._has_share = False
                self._spare.give_back()

    def _pieces(self) -> Iterator[Piece]:
        broken = 0
        for packet in self._container.demux([each for each in (self._video, self._audio) if each is not None]):
            if not packet.size or packet.dts is None:
                continue
            try:
                if packet.stream is self._video:
                    yield from self._pictures(packet)
                elif self._sound is not None:
                    yield from self._sound.pieces(packet)
                broken = 0
            except (FFmpegError, ValueError) as error:
                broken += 1
                if broken > BROKEN_MOST:
                    raise Broken("source.unreadable") from error

    def _pictures(self, packet: av.Packet[Any]) -> Iterator[Piece]:
        led = self._leads(packet) if self._reencoder is None else []
        if self._reencoder is None:
            for passed in self._annex_b.filter(_copy(packet)):
                yield _piece(passed)
            return
        frames = [frame for each in (*led, packet) for frame in each.decode()]
        for frame in frames[-1:] if led else frames:  # what led here is decoded and not shown a second time
            seconds = frame.time if frame.time is not None else _seconds(packet)
            for data, at_s, is_key in self._reencoder.encode(frame, seconds, is_asked=self._asked.is_set()):
                self._asked.clear()
                yield Piece("video", data, round(at_s * cmaf.VIDEO_RATE), is_key)

    def _leads(self, packet: av.Packet[Any]) -> list[av.Packet[Any]]:
        """Watch for key frames; begin to encode when they are too far apart, or when one is wanted before the next will come.

        Returns:
            What has to be decoded before the packet; empty when nothing has.
        """
        now = _seconds(packet)
        if packet.is_keyframe:
            self._gop_s = now - self._key_s if self._key_s is not None else 0.0
            self._key_s, self._since_key = now, [packet]
            self._cut.clear()
            return []
        self._key_s = now if self._key_s is None else self._key_s
        is_starved = now - self._key_s > KEY_MOST_S - 0.1 or len(self._since_key) > KEPT_MOST
        is_far = self._cut.is_set() and bool(self._since_key) and now < self._key_s + self._gop_s - WORTH_S
        if is_starved or (is_far and self._shares()):
            led, self._since_key, self._reencoder = self._since_key, [], Reencoder()
            return led
        self._since_key.append(packet)
        return []

    def _shares(self) -> bool:
        """Whether the machine can bear one more."""
        self._has_share = self._spare.take()
        return self._has_share


class _Sound:
    """AAC-LC 48 kHz stereo passes; all else becomes it."""

    def __init__(self, stream: Any) -> None:
        context = stream.codec_context
        self._passes = (context.name, context.sample_rate, context.layout.name, context.profile) == ("aac", AUDIO_RATE, "stereo", "LC")
        self._resampler = av.AudioResampler("flt", "stereo", AUDIO_RATE)
        self._encoder = AacEncoder()
        self._zero_ms: float | None = None
        self._given = 0  # samples

    def pieces(self, packet: av.Packet[Any]) -> Iterator[Piece]:
        at_ms = _seconds(packet) * 1_000
        if self._passes:
            yield Piece("audio", bytes(packet), round(at_ms * AUDIO_RATE / 1_000))
            return
        for frame in packet.decode():
            assert isinstance(frame, av.AudioFrame)
            frame.pts = None
            for each in self._resampler.resample(frame):
                yield from self._encoded(each.to_ndarray().reshape(-1, 2).astype(np.float32, copy=False), at_ms)

    def _encoded(self, samples: Samples, at_ms: float) -> Iterator[Piece]:
        expected = None if self._zero_ms is None else self._zero_ms + self._given * 1_000 / AUDIO_RATE
        if self._zero_ms is None or expected is None:
            self._zero_ms = at_ms
        elif abs(at_ms - expected) > GAP_MS:
            self._zero_ms += at_ms - expected
        self._given += len(samples)
        for coded in self._encoder.encode(samples):
            if coded.begins >= 0:
                yield Piece("audio", coded.data, round(self._zero_ms * AUDIO_RATE / 1_000) + coded.begins)


def _seconds(packet: av.Packet[Any]) -> float:
    assert packet.dts is not None
    return float(packet.dts * packet.time_base)


def _copy(packet: av.Packet[Any]) -> av.Packet[Any]:
    """A filter empties what it is given, and the packet may have to be decoded later."""
    copy = av.Packet(bytes(packet))
    copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
    return copy


def _piece(packet: av.Packet[Any]) -> Piece:
    data = bytes(packet)
    dts, base = packet.dts or 0, packet.time_base
    offset = ((packet.pts if packet.pts is not None else dts) - dts) * base
    is_key = H264_KEY.search(data) is not None
    return Piece("video", data, round(dts * base * cmaf.VIDEO_RATE), is_key, round(offset * cmaf.VIDEO_RATE))


def _is_plain(config: bytes | None) -> bool:
    """Whether every player shows such pictures; *config* is an ``avcC``."""
    if not config or len(config) < 8 or config[0] != 1:
        return False
    try:
        return parameters.read(config[8 : 8 + int.from_bytes(config[6:8], "big")]).is_plain
    except (parameters.BadParameters, IndexError):
        return False
