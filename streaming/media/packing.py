"""Encoded pictures and sound into parts of exactly 0.4 s, one after the other, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import av
import msgspec

from streaming.media import cmaf
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_RATE, AUDIO_TRACK, VIDEO_RATE, VIDEO_TRACK, Run, Sample
from streaming.media.manifest import INIT_FILE, MANIFEST_FILE, MEDIA_FILE, PART_MS, SEGMENT_MS, Manifest, Part, Segment

PARTS_IN_SEGMENT = SEGMENT_MS // PART_MS


class Picture(NamedTuple):
    """One encoded picture as its NAL units."""

    units: list[bytes]
    is_key: bool


class Look(NamedTuple):
    """What the init segment says of the picture."""

    width: int
    height: int
    frame_rate: int
    sps: bytes
    pps: bytes


def silent_frame() -> bytes:
    """One AAC frame of silence; any number of them is any length of silence."""
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_RATE, "stereo", "fltp"
    frames = []
    for n in range(4):  # the first ones carry the encoder's start
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=AAC_SAMPLES)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = AUDIO_RATE, n * AAC_SAMPLES
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return frames[-1]


def pack(
    folder: Path, asset: str, look: Look, pictures: Iterator[Picture], sound: Iterator[bytes] | None, told: Callable[[int], None]
) -> Manifest:
    """Write one asset into *folder*: init segment, media file, manifest.

    The last part is filled: its last picture stays, and silence stands where sound is missing. Sound that runs on after the pictures is
    left out.

    Args:
        sound: AAC frames without a hole, the first one beginning with the first picture; ``None`` when there is none.
        told: hears how many milliseconds are done.
    """
    frames, silence = sound or iter(()), silent_frame()
    segments: list[Segment] = []
    heard = offset = 0  # AAC frames; bytes
    with (folder / MEDIA_FILE).open("wb") as media:
        for number, samples in enumerate(_parts(pictures, look)):
            until = (number + 1) * PART_MS * AUDIO_RATE // 1_000
            count = -(-(until - heard * AAC_SAMPLES) // AAC_SAMPLES)  # cover the part: the next one may be another showing's
            audio = [Sample(AAC_SAMPLES, next(frames, silence)) for _ in range(count)]
            begins = number * PART_MS * VIDEO_RATE // 1_000
            runs = [Run(VIDEO_TRACK, begins, samples), Run(AUDIO_TRACK, heard * AAC_SAMPLES, audio)]
            body = cmaf.fragment(number + 1, runs)
            media.write(body)
            heard += count
            if number % PARTS_IN_SEGMENT == 0:
                segments.append(Segment(number // PARTS_IN_SEGMENT, []))
            segments[-1].parts.append(Part(offset, len(body), independent=samples[0].is_key))
            offset += len(body)
            told((number + 1) * PART_MS)
    manifest = _manifest(asset, look, segments, is_silent=sound is None)
    (folder / INIT_FILE).write_bytes(cmaf.init_segment(look.width, look.height, look.sps, look.pps))
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    return manifest


def _manifest(asset: str, look: Look, segments: list[Segment], *, is_silent: bool) -> Manifest:
    heaviest = max(sum(part.length for part in each.parts) * 8_000 // each.duration_ms for each in segments)
    duration_ms = sum(each.duration_ms for each in segments)
    shown = (look.width, look.height, look.frame_rate)
    return Manifest(asset, cmaf.codecs(look.sps), *shown, heaviest, duration_ms, segments, is_silent=is_silent)


def _parts(pictures: Iterator[Picture], look: Look) -> Iterator[list[Sample]]:
    per_part, length = look.frame_rate * PART_MS // 1_000, VIDEO_RATE // look.frame_rate
    part: list[Sample] = []
    for picture in pictures:
        part.append(Sample(length, _in_band(picture, look), picture.is_key))
        if len(part) == per_part:
            yield part
            part = []
    if part:
        last = part.pop()
        yield [*part, last._replace(duration=length * (per_part - len(part)))]


def _in_band(picture: Picture, look: Look) -> bytes:
    dropped = {cmaf.SPS, cmaf.PPS, cmaf.DELIMITER}
    units = [unit for unit in picture.units if cmaf.kind(unit) not in dropped]
    return cmaf.join_lengths([look.sps, look.pps, *units] if picture.is_key else units)
