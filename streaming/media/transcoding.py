"""Films that do not obey the rules of a lane are decoded and encoded once, when they come in.

Pictures become upright, with square pixels, at a constant rate, with a key frame every two seconds; sound becomes AAC-LC 48 kHz stereo
without a hole. Both follow the file's own clock, so that they stay together.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from streaming.media import cmaf
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_RATE
from streaming.media.manifest import SEGMENT_MS
from streaming.media.packing import Picture
from streaming.media.reading import Shape, begins_s, opened, pictures_of, sound_ends_s, sound_of

LEAP_S = 10.0  # a clock that leaps farther is broken: what comes is joined on
GAP_S = 0.1  # sound that is farther off than this is moved; less is the file's own jitter
BROKEN_IN_A_ROW = 500  # packets that cannot be decoded, one after the other, before we give up on the rest
X264 = {
    "profile": "high", "preset": "veryfast", "crf": "22", "bf": "0", "sc_threshold": "0", "maxrate": "2500k", "bufsize": "2500k",
    "x264-params": "open-gop=0:aud=0", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv",
}  # fmt: skip
SOUND_BITS = 128_000


def encoded_pictures(path: Path, shape: Shape) -> Iterator[Picture]:
    """The film's pictures as H264."""
    encoder = av.CodecContext.create("libx264", "w")
    gop = str(shape.frame_rate * SEGMENT_MS // 1_000)
    encoder.width, encoder.height, encoder.pix_fmt = shape.width, shape.height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(shape.frame_rate), Fraction(1, shape.frame_rate)
    encoder.options = {**X264, "g": gop, "keyint_min": gop}
    until_s = min(sound_ends_s(path), shape.seconds) if shape.has_sound else 0.0
    for n, frame in enumerate(even_pictures(path, shape, until_s)):
        frame.pts, frame.time_base, frame.pict_type = n, encoder.time_base, PictureType.NONE
        yield from map(_picture, encoder.encode(frame))
    yield from map(_picture, encoder.encode(None))


def _picture(packet: Any) -> Picture:
    return Picture(cmaf.split_start_codes(bytes(packet)), packet.is_keyframe)


def even_pictures(path: Path, shape: Shape, until_s: float) -> Iterator[av.VideoFrame]:
    """Decoded pictures at a constant rate: one that comes too early replaces the one before, one that is late leaves it standing.

    Args:
        until_s: how long the last one stands if the sound goes on.
    """
    shown, standing = 0, None
    for at, frame in _decoded_pictures(path):
        place = round(at * shape.frame_rate)
        if standing is not None and place > shown:
            for _ in range(min(place - shown, round(LEAP_S * shape.frame_rate))):
                yield standing
            shown = place
        standing = _upright(frame).reformat(
            width=shape.width, height=shape.height, format="yuv420p", src_colorspace=_colours(frame), dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )  # fmt: skip
    if standing is not None:
        for _ in range(max(1, round(until_s * shape.frame_rate) - shown)):
            yield standing


def _colours(frame: av.VideoFrame) -> int | None:
    """Small pictures that do not say how their colours are meant, mean those of television of old."""
    unspecified = 2
    return Colorspace.ITU601 if frame.colorspace == unspecified and frame.height < 720 else None


def _decoded_pictures(path: Path) -> Iterator[tuple[float, av.VideoFrame]]:
    with opened(path) as container:
        stream, zero, last = pictures_of(container), begins_s(container), 0.0
        stream.thread_type = "AUTO"
        for frame in _decoded(container, stream):
            at = last if frame.time is None else frame.time - zero
            if abs(at - last) > LEAP_S:
                zero, at = zero + at - last, last
            last = max(at, 0.0)
            yield last, frame


def _decoded(container: av.container.InputContainer, stream: av.stream.Stream) -> Iterator[Any]:
    """Frames: what can be decoded; a broken packet is passed by, and a file that breaks off ends there."""
    broken, packets = 0, container.demux(stream)
    while broken < BROKEN_IN_A_ROW:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except FFmpegError:
            broken += 1
            continue
        broken = 0
        yield from frames


def _upright(frame: av.VideoFrame) -> av.VideoFrame:
    """Turned as its camera was held."""
    turns = {90: ["cclock"], 180: ["clock", "clock"], 270: ["clock"]}.get(frame.rotation % 360)
    if not turns:
        return frame
    graph = Graph()
    nodes = [graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1_000))]
    nodes += [graph.add("transpose", each) for each in turns] + [graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    graph.push(frame)
    standing = graph.pull()
    assert isinstance(standing, av.VideoFrame)
    return standing


def encoded_sound(path: Path) -> Iterator[bytes]:
    """The film's sound as AAC frames, the first one beginning with its first picture."""
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = AUDIO_RATE, "stereo", "fltp", SOUND_BITS
    encoder.time_base = Fraction(1, AUDIO_RATE)
    for n, (left, right) in enumerate(_blocks(path)):
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=AAC_SAMPLES)
        frame.planes[0].update(left)
        frame.planes[1].update(right)
        frame.sample_rate, frame.time_base, frame.pts = AUDIO_RATE, encoder.time_base, n * AAC_SAMPLES
        yield from (bytes(packet) for packet in encoder.encode(frame) if (packet.pts or 0) >= 0)  # before 0 lies the encoder's start
    yield from map(bytes, encoder.encode(None))


def _blocks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """1,024 samples a time, both channels as 32-bit floats, on the file's clock: silence where it has a hole, nothing where it overlaps."""
    left, right, heard, width = bytearray(), bytearray(), 0, 4
    for at, frame in _decoded_sound(path):
        missing, skipped = round(at * AUDIO_RATE) - heard, 0
        if missing > GAP_S * AUDIO_RATE:
            left += bytes(width * missing)
            right += bytes(width * missing)
            heard += missing
        elif missing < -GAP_S * AUDIO_RATE:
            skipped = min(-missing, frame.samples)
        left += bytes(frame.planes[0])[width * skipped : width * frame.samples]
        right += bytes(frame.planes[1])[width * skipped : width * frame.samples]
        heard += frame.samples - skipped
        size = width * AAC_SAMPLES
        while len(left) >= size:
            yield bytes(left[:size]), bytes(right[:size])
            del left[:size], right[:size]
    if left:
        yield bytes(left.ljust(width * AAC_SAMPLES, b"\0")), bytes(right.ljust(width * AAC_SAMPLES, b"\0"))


def _decoded_sound(path: Path) -> Iterator[tuple[float, av.AudioFrame]]:
    with opened(path) as container:
        stream, zero, last = sound_of(container), begins_s(container), 0.0
        assert stream is not None
        resampler, form = None, None
        for frame in _decoded(container, stream):
            if form != (frame.format.name, frame.layout.name, frame.sample_rate):  # some films change in the middle
                form = (frame.format.name, frame.layout.name, frame.sample_rate)
                resampler = av.AudioResampler("fltp", "stereo", AUDIO_RATE)
            at = last if frame.time is None else frame.time - zero
            if abs(at - last) > LEAP_S:
                zero, at = zero + at - last, last
            assert resampler is not None
            for each in resampler.resample(frame):
                yield at, each
                at += each.samples / AUDIO_RATE
            last = at
