"""The same pictures smaller, for narrow lines: made when a player asks for them, part by part, and kept for those who ask next.

A small segment is made from nothing but its own large one: it begins with a key frame, has the same parts with the same borders and the
same sound. So nothing runs while nobody asks, and whoever asks after a restart gets the same. Where a sender has B frames, whose pictures
are not decoded in the order in which they are shown, the small ones stand for a few pictures at the beginning of each segment.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from fractions import Fraction
from functools import lru_cache

import av
from av.codec.context import Flags
from av.error import FFmpegError

from streaming import boxes
from streaming.media import cmaf
from streaming.media.cmaf import VIDEO_RATE, VIDEO_TRACK, Run, Sample
from streaming.media.manifest import size_of

SEGMENTS_MOST = 72  # kept, and those in the making; a lane needs two at a time, and there is one for each of 21 regions
START = b"\0\0\0\1"
X264 = {
    "profile": "high", "preset": "superfast", "tune": "zerolatency", "crf": "25", "maxrate": "500k", "bufsize": "500k", "bf": "0",
    "sc_threshold": "0", "g": "100000", "x264-params": "open-gop=0:repeat-headers=1",
}  # fmt: skip


@lru_cache(maxsize=32)
def init_of(width: int, height: int) -> bytes:
    """The init segment of the small pictures of a source of this size."""
    size = size_of(width, height)
    frame = av.VideoFrame(*size, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.pts = 0
    packets = _encoder(size).encode(frame)
    sets = {cmaf.kind(unit): unit for packet in packets for unit in cmaf.split_start_codes(bytes(packet))}
    return cmaf.init_segment(*size, sets[cmaf.SPS], sets[cmaf.PPS])


def _encoder(size: tuple[int, int]) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(30), Fraction(1, VIDEO_RATE)
    encoder.thread_count, encoder.options = 1, X264
    return encoder


class _Segment:
    """One segment in the making."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.making = asyncio.Lock()
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.thread_count = 1
        decoder.flags |= Flags.low_delay
        self._decoder = decoder
        self._made: av.VideoCodecContext | None = None
        self._coming: deque[av.VideoFrame] = deque()
        self._shown: av.VideoFrame | None = None

    def add(self, body: bytes) -> None:
        """Make the next part.

        Raises:
            FFmpegError, ValueError: it cannot be decoded.
        """
        made = []
        for number, runs in boxes.fragments(body):
            made.append(cmaf.fragment(number, [self._small(run) if run.track == VIDEO_TRACK else run for run in runs]))
        self.parts.append(b"".join(made))

    def _small(self, run: Run) -> Run:
        for sample in run.samples:
            stream = b"".join(START + unit for unit in cmaf.split_lengths(sample.data))
            self._coming.extend(self._decoder.decode(av.Packet(stream)))
        at, samples = run.begins, []
        for sample in run.samples:
            samples.append(Sample(sample.duration, *self._encoded(at)))
            at += sample.duration
        return Run(run.track, run.begins, samples)

    def _encoded(self, at: int) -> tuple[bytes, bool]:
        """The picture of this moment: the next one, or the one before when that is not there."""
        self._shown = self._coming.popleft() if self._coming else self._shown
        if self._shown is None:
            raise ValueError("it does not begin with a key frame")
        if self._made is None:
            self._made = _encoder(size_of(self._shown.width, self._shown.height))
        small = self._shown.reformat(width=self._made.width, height=self._made.height, format="yuv420p")
        small.pts, small.time_base, small.pict_type = at, self._made.time_base, av.video.frame.PictureType.NONE
        [packet] = self._made.encode(small)
        return cmaf.join_lengths(cmaf.split_start_codes(bytes(packet))), packet.is_keyframe


class Small:
    """All that was asked for lately."""

    def __init__(self) -> None:
        self._segments: OrderedDict[Hashable, _Segment] = OrderedDict()
        self._turn = asyncio.Semaphore(2)  # so many at a time; what is on air comes first

    def made(self, key: Hashable) -> list[bytes]:
        """The parts of a segment that have been made."""
        return self._segments[key].parts if key in self._segments else []

    async def parts(self, key: Hashable, first: int, end: int, large: Callable[[int], bytes | None]) -> bytes | None:
        """Some parts of a small segment; ``None`` while one of them is not there, or when it cannot be made.

        Args:
            key: of the segment.
            large: gives each of its large parts.
        """
        segment = self._segments.setdefault(key, _Segment())
        self._segments.move_to_end(key)
        async with segment.making:
            self._let_go()
            while len(segment.parts) < end:
                body = large(len(segment.parts))
                if body is None:
                    return None
                async with self._turn:
                    try:
                        await asyncio.to_thread(segment.add, body)
                    except (FFmpegError, ValueError):
                        self._segments.pop(key, None)
                        return None
        return b"".join(segment.parts[first:end])

    def _let_go(self) -> None:
        """Forget the oldest; never one that is being made, which would have to begin anew and might be taken for whole."""
        idle = [key for key, segment in self._segments.items() if not segment.making.locked()]
        for key in idle[: max(0, len(self._segments) - SEGMENTS_MOST)]:
            del self._segments[key]
