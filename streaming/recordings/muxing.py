"""Makes one file of a recording, in a process of its own and after everything else that the machine has to do.

    python -m streaming.recordings.muxing

Reads from stdin a line of JSON, `Wanted`, and then pieces: a line `Piece` and as many bytes as it says. Pictures and sound are not encoded
again: what the lane listed is joined. The stretches of a lane come from different encoders; their parameter sets stand in band before each
key frame, and where they differ the file says so (``avc3``).

Tells how it goes in lines of JSON, at last ``{"done": true}``; when stdin ends before the last piece, nothing is made.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import msgspec

from streaming import boxes
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_RATE, AUDIO_TRACK, VIDEO_RATE, VIDEO_TRACK, Run

NICE = 15
INIT, SEGMENT, END = "init", "segment", "end"
MS = Fraction(1, 1_000)
WIDTH = 640  # of a poster


class Mark(msgspec.Struct, frozen=True):
    """A chapter, in ms."""

    begins_ms: int
    ends_ms: int
    title: str


class Wanted(msgspec.Struct, frozen=True):
    """What to make.

    Attributes:
        kind: ``film``, ``sound`` or ``poster``.
        in_band: the parameter sets differ between its stretches.
    """

    kind: str
    target: str
    title: str = ""
    chapters: list[Mark] = []
    in_band: bool = False
    duration_ms: int = 0


class Piece(msgspec.Struct, frozen=True):
    """Bytes that follow.

    Attributes:
        begins_ms: when the segment begins on the clock by which its bytes are stamped; ``at_ms``: and where it is in the recording.
    """

    kind: str
    size: int = 0
    begins_ms: int = 0
    at_ms: int = 0


class BrokenOff(Exception):
    """Whoever sends has gone."""


def pieces(source: IO[bytes]) -> Iterator[tuple[Piece, bytes]]:
    """What is sent, up to the end.

    Raises:
        BrokenOff: it ended before its end.
    """
    while line := source.readline():
        piece = msgspec.json.decode(line, type=Piece)
        if piece.kind == END:
            return
        body = source.read(piece.size)
        if len(body) != piece.size:
            break
        yield piece, body
    raise BrokenOff


def join(wanted: Wanted, source: IO[bytes], tell: Any) -> None:
    """Write the MP4, or the sound alone."""
    with av.open(wanted.target, "w", format="mp4", options={"movflags": "faststart"}) as out:
        joined, init = None, b""
        for piece, body in pieces(source):
            if piece.kind == INIT:
                init = body
                continue
            joined = joined or Joined(wanted, out, init + body)
            joined.add(piece, body)
            tell(piece.at_ms)
        if joined is None:
            raise BrokenOff


class Joined:
    """A file that grows.

    Args:
        sample: the first init segment and fragment, from which its tracks are made.
    """

    def __init__(self, wanted: Wanted, out: Any, sample: bytes) -> None:
        self._out = out
        with av.open(io.BytesIO(sample), format="mp4") as like:
            self._video = None if wanted.kind == "sound" else out.add_stream_from_template(like.streams.video[0])
            self._audio = out.add_stream_from_template(like.streams.audio[0])
        if self._video is not None:
            self._video.codec_context.codec_tag = "avc3" if wanted.in_band else "avc1"
        out.metadata["title"] = wanted.title
        marks = enumerate(wanted.chapters, 1)
        out.set_chapters(
            [
                {"id": n, "start": mark.begins_ms, "end": mark.ends_ms, "time_base": MS, "metadata": {"title": mark.title}}
                for n, mark in marks
                if mark.begins_ms < mark.ends_ms
            ]
        )
        self._seen, self._heard = 0, 0  # where the next picture and the next frame of sound belong, in ticks

    def add(self, piece: Piece, body: bytes) -> None:
        """One segment more."""
        for _number, runs in boxes.fragments(body):
            for run in runs:
                if run.track == AUDIO_TRACK:
                    self._sound(run, piece)
                elif run.track == VIDEO_TRACK and self._video is not None:
                    self._pictures(run, piece)

    def _pictures(self, run: Run, piece: Piece) -> None:
        at = max(self._seen, run.begins + (piece.at_ms - piece.begins_ms) * VIDEO_RATE // 1_000)
        for sample in run.samples:
            self._put(self._video, sample.data, at, at + sample.offset, sample.duration, VIDEO_RATE, is_key=sample.is_key)
            at += sample.duration
        self._seen = at

    def _sound(self, run: Run, piece: Piece) -> None:
        """Frames follow each other without a hole; where two stretches both have one, the first one stays."""
        at = run.begins + (piece.at_ms - piece.begins_ms) * AUDIO_RATE // 1_000
        for sample in run.samples:
            if at >= self._heard - AAC_SAMPLES // 2:
                here = self._heard if at - self._heard <= AAC_SAMPLES // 2 else at
                self._put(self._audio, sample.data, here, here, AAC_SAMPLES, AUDIO_RATE, is_key=True)
                self._heard = here + AAC_SAMPLES
            at += AAC_SAMPLES

    def _put(self, stream: Any, data: bytes, dts: int, pts: int, duration: int, rate: int, *, is_key: bool) -> None:
        packet = av.Packet(data)
        packet.stream, packet.time_base = stream, Fraction(1, rate)
        packet.dts, packet.pts, packet.duration, packet.is_keyframe = dts, pts, duration, is_key
        self._out.mux(packet)


def poster(wanted: Wanted, source: IO[bytes]) -> None:
    """Its first picture as JPEG."""
    with av.open(io.BytesIO(b"".join(body for _, body in pieces(source))), "r", format="mp4") as container:
        frame = next(container.decode(video=0))
    height = max(2, round(frame.height * WIDTH / frame.width / 2) * 2)
    small = frame.reformat(WIDTH, height, format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = WIDTH, height, "yuvj420p", Fraction(1, 25)
    encoder.options = {"qscale": "4"}
    small.pts = 0
    Path(wanted.target).write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(small), *encoder.encode(None)]))


def main() -> None:
    """Make what stdin asks for."""
    os.nice(NICE)
    source = sys.stdin.buffer
    asked = source.readline()
    if not asked.endswith(b"\n"):
        sys.exit(1)  # whoever asked was killed before the end of the line
    wanted = msgspec.json.decode(asked, type=Wanted)
    try:
        if wanted.kind == "poster":
            poster(wanted, source)
        else:
            join(wanted, source, lambda at_ms: _say(at_ms=at_ms))
    except BrokenOff:
        Path(wanted.target).unlink(missing_ok=True)
        sys.exit(1)
    with Path(wanted.target).open("rb") as file:
        os.fsync(file.fileno())
    _say(done=True)


def _say(**words: object) -> None:
    try:
        sys.stdout.buffer.write(msgspec.json.encode(words) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)


if __name__ == "__main__":
    main()
