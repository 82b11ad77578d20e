"""Is this a film, and can it be listed as it is?

The file comes from anybody, so only container formats that hold pictures themselves are opened: a playlist could name other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from streaming.media import cmaf
from streaming.media.manifest import SEGMENT_MS

FORMATS = "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,m4v,dv"
FRAME_RATES = (25, 30, 50)  # a part of 0.4 s is a whole number of frames
WIDEST, HIGHEST = 1_280, 720  # more costs every viewer more than it shows; larger films are made to fit
PIXELS_MOST = 8_192 * 8_192
LOOSE_END_S = 0.5  # that pictures and sound may end apart and still be taken as they are
BITS_MOST = 5_000_000  # a second, in any segment of a film that is taken as it is


class NoFilm(Exception):
    """The file cannot be shown: ``film.unreadable`` or ``film.too_large``, and why in words for the log."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


@dataclass(frozen=True)
class Shape:
    """What a file was found to be.

    Attributes:
        frame_rate: 25, 30 or 50: what it has, or what it will be made to.
        width: of the picture as it will be, turned upright and with square pixels.
        seconds: its length as stated; 0 when it states none.
        has_sound: whether there is a sound track.
        sets: its parameter sets SPS and PPS, when it can be listed as it is; otherwise ``None``.
    """

    frame_rate: int
    width: int
    height: int
    seconds: float
    has_sound: bool
    sets: tuple[bytes, bytes] | None = None


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file, to be read once.

    Raises:
        NoFilm: it is of no kind that we know.
    """
    try:
        container = av.open(str(path), container_options={"format_whitelist": FORMATS, "protocol_whitelist": "file"})
    except (FFmpegError, ValueError) as error:
        raise NoFilm("film.unreadable", f"not opened: {error}") from error
    with container:
        yield container


def pictures_of(container: InputContainer) -> VideoStream:
    """Its moving picture; the cover of a song is none.

    Raises:
        NoFilm: it has none.
    """
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic and stream.codec_context.width > 0:
            return stream
    raise NoFilm("film.unreadable", "no moving picture")


def sound_of(container: InputContainer) -> AudioStream | None:
    """Its first sound track that can be decoded."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None and stream.channels), None)


def begins_s(container: InputContainer) -> float:
    """The moment on the file's own clock that counts as its beginning."""
    return max(0.0, (container.start_time or 0) / av.time_base)


def inspected(path: Path) -> Shape:
    """Look the file through.

    Raises:
        NoFilm: there is nothing in it that can be shown.
    """
    with opened(path) as container:
        stream, sound = pictures_of(container), sound_of(container)
        first = _first_picture(container, stream)
        shape = _shape(container, stream, first, has_sound=sound is not None)
        if first.rotation or not _may_be_ready(stream, sound, shape):
            return shape
    return _with_sets(path, shape)


def _first_picture(container: InputContainer, stream: VideoStream) -> av.VideoFrame:
    try:
        return next(container.decode(stream))
    except (FFmpegError, StopIteration) as error:
        raise NoFilm("film.unreadable", f"no picture can be decoded: {error!r}") from error


def _shape(container: InputContainer, stream: VideoStream, first: av.VideoFrame, *, has_sound: bool) -> Shape:
    if first.width * first.height > PIXELS_MOST:
        raise NoFilm("film.too_large", f"{first.width} x {first.height} pixels")
    upright = (first.width * float(stream.sample_aspect_ratio or 1), float(first.height))
    width, height = _fitted(*(reversed(upright) if first.rotation % 180 else upright))
    rate = float(stream.average_rate or stream.guessed_rate or FRAME_RATES[0])
    stated, begins = (container.duration or 0) / av.time_base, begins_s(container)
    # Some formats state the moment of the end, others the length. Where that cannot be told apart the shorter one is meant: a film is not
    # taken for cut off when it is not.
    return Shape(_lane_rate(rate), width, height, max(0.0, stated - begins if stated > begins else stated), has_sound)


def _lane_rate(rate: float) -> int:
    """The nearest of ours; 60 becomes 30, every other picture, which moves more evenly than 50 would."""
    return 30 if rate > 55 else min(FRAME_RATES, key=lambda each: abs(each - rate))


def _fitted(width: float, height: float) -> tuple[int, int]:
    """The greatest even size within our own that keeps the proportions; never larger than it was."""
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return max(16, round(width * scale / 2) * 2), max(16, round(height * scale / 2) * 2)


def _may_be_ready(stream: VideoStream, sound: AudioStream | None, shape: Shape) -> bool:
    """What can be told without reading the file through."""
    codec = stream.codec_context
    return (
        codec.name == "h264"
        and codec.pix_fmt == "yuv420p"
        and (codec.width, codec.height) == (shape.width, shape.height)
        and not codec.has_b_frames
        and stream.average_rate == shape.frame_rate
        and bytes(codec.extradata or b"")[:1] == b"\x01"
        and (sound is None or _is_lane_sound(sound))
    )


def _is_lane_sound(sound: AudioStream) -> bool:
    codec = sound.codec_context
    return codec.name == "aac" and sound.profile == "LC" and codec.sample_rate == cmaf.AUDIO_RATE and sound.layout.name == "stereo"


def _with_sets(path: Path, shape: Shape) -> Shape:
    """Read it through: a key frame every two seconds exactly, no frame missing, no sound missing, no segment too large."""
    with opened(path) as container:
        stream = pictures_of(container)
        sets = parameter_sets(bytes(stream.codec_context.extradata or b""))
        if sets is None or not _is_regular(container, stream, shape):
            return shape
    if shape.has_sound and not _sounds_through(path, shape):
        return shape
    return Shape(shape.frame_rate, shape.width, shape.height, shape.seconds, shape.has_sound, sets)


def parameter_sets(config: bytes) -> tuple[bytes, bytes] | None:
    """SPS and PPS of an ``avcC`` box with four-byte lengths and one of each; of another one ``None``."""
    if len(config) < 9 or config[0] != 1 or config[4] & 3 != 3 or config[5] & 31 != 1:
        return None
    end = 8 + int.from_bytes(config[6:8], "big")
    if len(config) < end + 3 or config[end] != 1:
        return None
    return config[8:end], config[end + 3 : end + 3 + int.from_bytes(config[end + 1 : end + 3], "big")]


def _is_regular(container: InputContainer, stream: VideoStream, shape: Shape) -> bool:
    in_segment, size, begin = shape.frame_rate * SEGMENT_MS // 1_000, 0, None
    step = Fraction(1, shape.frame_rate)
    for n, packet in enumerate(packet for packet in container.demux(stream) if packet.size):
        if packet.pts is None or packet.pts != packet.dts:
            return False
        moment = packet.pts * Fraction(packet.time_base)
        begin = moment if begin is None else begin
        if abs(moment - begin - n * step) > step / 10 or abs(begin) > step / 10:
            return False
        size = packet.size if n % in_segment == 0 else size + packet.size
        if n % in_segment == 0 and not _is_idr(bytes(packet)):
            return False
        if size * 8_000 > BITS_MOST * SEGMENT_MS:
            return False
    return begin is not None and (n + 1) * step > shape.seconds - LOOSE_END_S


def _is_idr(sample: bytes) -> bool:
    try:
        return any(cmaf.kind(unit) == cmaf.IDR for unit in cmaf.split_lengths(sample))
    except ValueError:
        return False


def _sounds_through(path: Path, shape: Shape) -> bool:
    """Whether its sound begins with the picture and has no hole; that it ends a little earlier or later can be mended."""
    with opened(path) as container:
        stream = sound_of(container)
        expected = None
        for packet in container.demux(stream):
            if not packet.size:
                continue
            at = round((packet.pts or 0) * packet.time_base * cmaf.AUDIO_RATE)
            if abs(at - (expected if expected is not None else 0)) > (cmaf.AAC_SAMPLES if expected is None else 2):
                return False
            expected = at + cmaf.AAC_SAMPLES
        return expected is not None and expected / cmaf.AUDIO_RATE > shape.seconds - LOOSE_END_S


def sound_ends_s(path: Path) -> float:
    """When the last sound of the file is over, on its own clock."""
    with opened(path) as container:
        stream, last = sound_of(container), 0.0
        if stream is None:
            return 0.0
        for packet in container.demux(stream):
            if packet.pts is not None and packet.size:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        return last - begins_s(container)
