"""What lanes change in fragments of our own making: sound without pictures, and a frame of sound in front. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from streaming.media import cmaf
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_TRACK, VIDEO_TRACK, Run, Sample

_ENTRY = struct.Struct(">IIIi")  # of a trun: duration, size, flags, composition offset
_NO_KEY = 0x00010000


def fragments(body: bytes) -> Iterator[tuple[int, list[Run]]]:
    """The number and the samples of each fragment.

    Raises:
        ValueError: it is not one of ours.
    """
    number, runs, at = 0, list[tuple[Run, int]](), 0
    for name, begin, end in _boxes(body, 0, len(body)):
        if name == b"moof":
            number, runs, at = 0, [], begin - 8
            for inner, inner_begin, inner_end in _boxes(body, begin, end):
                if inner == b"mfhd":
                    number = struct.unpack_from(">I", body, inner_begin + 4)[0]
                elif inner == b"traf":
                    runs.append(_run(body, inner_begin, inner_end))
        elif name == b"mdat":
            yield number, [_filled(body, at, run, offset) for run, offset in runs]


def _boxes(body: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, and where what is in them begins and ends."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", body, at)
        if not 8 <= size <= end - at:
            raise ValueError("a box is longer than what it lies in")
        yield name, at + 8, at + size
        at += size


def _run(body: bytes, at: int, end: int) -> tuple[Run, int]:
    track = begins = offset = 0
    samples: list[Sample] = []
    for name, begin, _end in _boxes(body, at, end):
        if name == b"tfhd":
            track = struct.unpack_from(">I", body, begin + 4)[0]
        elif name == b"tfdt":
            begins = struct.unpack_from(">Q", body, begin + 4)[0]
        elif name == b"trun":
            count, offset = struct.unpack_from(">Ii", body, begin + 4)
            for number in range(count):
                duration, size, flags, shown = _ENTRY.unpack_from(body, begin + 12 + number * _ENTRY.size)
                samples.append(Sample(duration, size.to_bytes(4, "big"), not flags & _NO_KEY, shown))
    return Run(track, begins, samples), offset


def _filled(body: bytes, moof: int, run: Run, offset: int) -> Run:
    """The run with what its samples hold, in place of their sizes."""
    at, samples = moof + offset, []
    for sample in run.samples:
        size = int.from_bytes(sample.data, "big")
        samples.append(sample._replace(data=body[at : at + size]))
        at += size
    return run._replace(samples=samples)


def sound_of(body: bytes) -> bytes:
    """The same fragments without pictures."""
    found = []
    for number, runs in fragments(body):
        found.append(cmaf.fragment(number, [run for run in runs if run.track == AUDIO_TRACK]))
    return b"".join(found)


def sound_init(init: bytes) -> bytes:
    """The init segment for `sound_of`: without the track of pictures."""
    return b"".join(_without_pictures(init, 0, len(init)))


def _without_pictures(body: bytes, at: int, end: int) -> Iterator[bytes]:
    for name, begin, until in _boxes(body, at, end):
        if name in {b"moov", b"mvex"}:
            yield cmaf.box(name, *_without_pictures(body, begin, until))
        elif not _is_of_pictures(body, name, begin, until):
            yield body[begin - 8 : until]


def _is_of_pictures(body: bytes, name: bytes, begin: int, end: int) -> bool:
    if name == b"trex":
        return bool(struct.unpack_from(">I", body, begin + 4)[0] == VIDEO_TRACK)
    if name != b"trak":
        return False
    header = next(inner for found, inner, _end in _boxes(body, begin, end) if found == b"tkhd")
    return bool(struct.unpack_from(">I", body, header + 12)[0] == VIDEO_TRACK)


def last_sound(body: bytes) -> bytes:
    """The last frame of sound."""
    samples: Sequence[Sample] = ()
    for _number, runs in fragments(body):
        samples = next((run.samples for run in runs if run.track == AUDIO_TRACK and run.samples), samples)
    return samples[-1].data


def opened(body: bytes, frame: bytes) -> bytes:
    """The same with one more frame of sound in front, if its first one begins later than its pictures."""
    found: list[bytes] = []
    for number, given in fragments(body):
        runs = given
        if not found:
            pictures, sound = (next(run for run in given if run.track == track) for track in (VIDEO_TRACK, AUDIO_TRACK))
            if sound.begins * cmaf.VIDEO_RATE > pictures.begins * cmaf.AUDIO_RATE:
                sound = sound._replace(begins=sound.begins - AAC_SAMPLES, samples=[Sample(AAC_SAMPLES, frame), *sound.samples])
            runs = [pictures, sound]
        found.append(cmaf.fragment(number, runs))
    return b"".join(found)
