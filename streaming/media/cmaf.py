"""CMAF in pure Python: the init segment (ftyp + moov) and fragments (moof + mdat) from encoded samples.

Track 1 is H264 with 90,000 ticks a second, track 2 AAC-LC with 48,000, in every asset alike: some players keep the first ``moov`` they see
all day. Composition offsets are written, so that sources with B frames can be told too.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

VIDEO_TRACK, AUDIO_TRACK = 1, 2
VIDEO_RATE, AUDIO_RATE = 90_000, 48_000  # ticks a second
AAC_SAMPLES = 1_024  # in one frame
AAC_CONFIG = b"\x11\x90"  # AudioSpecificConfig: AAC-LC, 48 kHz, stereo
SPS, PPS, IDR, DELIMITER = 7, 8, 5, 9  # NAL unit types of H264
H264_KEY = re.compile(rb"\x00\x00\x01[\x25\x45\x65]")  # an IDR slice, in a stream with start codes

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY, _NO_KEY = 0x02000000, 0x01010000  # sample flags: depends on nothing; depends on others


class Sample(NamedTuple):
    """One picture or one frame of sound; *duration* and *offset* (of composition) in ticks of its track."""

    duration: int
    data: bytes
    is_key: bool = True
    offset: int = 0


class Run(NamedTuple):
    """Samples of one track that follow each other from *begins*, in ticks of the track."""

    track: int
    begins: int
    samples: Sequence[Sample]


def kind(nal: bytes) -> int:
    """The type of a NAL unit."""
    return nal[0] & 31


def split_start_codes(stream: bytes) -> list[bytes]:
    """NAL units of a byte stream with start codes (Annex B), as encoders and WebRTC give it."""
    units, at = [], stream.find(b"\0\0\1")
    while at != -1:
        begin, following = at + 3, stream.find(b"\0\0\1", at + 3)
        end = len(stream) if following == -1 else following - (stream[following - 1] == 0)
        if end > begin:
            units.append(stream[begin:end])
        at = following
    return units


def split_lengths(sample: bytes) -> list[bytes]:
    """NAL units of a sample as it lies in an MP4 file, each after its length in four bytes."""
    units, at = [], 0
    while at + 4 <= len(sample):
        end = at + 4 + int.from_bytes(sample[at : at + 4], "big")
        if not at + 4 < end <= len(sample):
            raise ValueError("a NAL unit is longer than its sample")
        units.append(sample[at + 4 : end])
        at = end
    return units


def join_lengths(units: Iterable[bytes]) -> bytes:
    """Undo `split_lengths`."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def codecs(sps: bytes) -> str:
    """The CODECS attribute for pictures with this parameter set, and our sound."""
    return f"avc1.{sps[1]:02x}{sps[2]:02x}{sps[3]:02x},mp4a.40.2"


def box(name: bytes, *payload: bytes) -> bytes:
    """A box: its length, its name, what is in it."""
    body = b"".join(payload)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    """A box with a version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *payload)


def init_segment(width: int, height: int, sps: bytes, pps: bytes) -> bytes:
    """The init segment of one video and one audio track.

    The parameter sets stand here and again in band before every key frame: players that ignore a second ``moov`` need them there.
    """
    size = struct.pack(">II", width << 16, height << 16)
    video = _track(VIDEO_TRACK, b"vide", VIDEO_RATE, full(b"vmhd", 0, 1, bytes(8)), _avc1(width, height, sps, pps), size, volume=0)
    audio = _track(AUDIO_TRACK, b"soun", AUDIO_RATE, full(b"smhd", 0, 0, bytes(4)), _mp4a(), bytes(8), volume=0x100)
    header = struct.pack(">4IIH", 0, 0, 1_000, 0, 0x10000, 0x100) + bytes(10) + _MATRIX + bytes(24) + struct.pack(">I", 3)
    extends = [full(b"trex", 0, 0, struct.pack(">5I", track, 1, 0, 0, 0)) for track in (VIDEO_TRACK, AUDIO_TRACK)]
    moov = box(b"moov", full(b"mvhd", 0, 0, header), video, audio, box(b"mvex", *extends))
    return box(b"ftyp", b"iso6\0\0\0\0iso6cmfcmp41") + moov


def _avc1(width: int, height: int, sps: bytes, pps: bytes) -> bytes:
    config = bytes([1, *sps[1:4], 0xFF, 0xE1]) + struct.pack(">H", len(sps)) + sps + b"\x01" + struct.pack(">H", len(pps)) + pps
    if sps[1] in {100, 110, 122, 144}:  # High and above say 4:2:0, eight bits and no further sets
        config += b"\xfd\xf8\xf8\x00"
    look = bytes(16) + struct.pack(">HHIIIH", width, height, 0x480000, 0x480000, 0, 1) + bytes(32) + struct.pack(">Hh", 24, -1)
    return box(b"avc1", bytes(6), struct.pack(">H", 1), look, box(b"avcC", config))


def _mp4a() -> bytes:
    specific = b"\x05" + bytes([len(AAC_CONFIG)]) + AAC_CONFIG
    config = b"\x04" + bytes([13 + len(specific)]) + b"\x40\x15\0\0\0" + struct.pack(">II", 128_000, 128_000) + specific
    esds = full(b"esds", 0, 0, b"\x03", bytes([6 + len(config)]), b"\0\x01\0", config, b"\x06\x01\x02")
    head = bytes(6) + struct.pack(">H", 1) + bytes(8) + struct.pack(">HHHHI", 2, 16, 0, 0, AUDIO_RATE << 16)
    return box(b"mp4a", head, esds)


def _track(track: int, handler: bytes, rate: int, media: bytes, entry: bytes, size: bytes, *, volume: int) -> bytes:
    empty = [full(name, 0, 0, bytes(count)) for name, count in ((b"stts", 4), (b"stsc", 4), (b"stsz", 8), (b"stco", 4))]
    table = box(b"stbl", full(b"stsd", 0, 0, struct.pack(">I", 1), entry), *empty)
    here = box(b"dinf", full(b"dref", 0, 0, struct.pack(">I", 1), full(b"url ", 0, 1)))
    header = struct.pack(">5I", 0, 0, track, 0, 0) + bytes(8) + struct.pack(">4H", 0, 0, volume, 0) + _MATRIX + size
    undetermined = 0x55C4  # the language code "und"
    return box(
        b"trak",
        full(b"tkhd", 0, 7, header),
        box(
            b"mdia",
            full(b"mdhd", 0, 0, struct.pack(">4I2H", 0, 0, rate, 0, undetermined, 0)),
            full(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"samsyn\0"),
            box(b"minf", media, here, table),
        ),
    )


def fragment(number: int, runs: Sequence[Run]) -> bytes:
    """One fragment: `moof` + `mdat`."""
    at, offsets = len(_moof(number, runs, [0] * len(runs))) + 8, []
    for run in runs:
        offsets.append(at)
        at += sum(len(sample.data) for sample in run.samples)
    return _moof(number, runs, offsets) + box(b"mdat", *(sample.data for run in runs for sample in run.samples))


def _moof(number: int, runs: Sequence[Run], offsets: Sequence[int]) -> bytes:
    return box(b"moof", full(b"mfhd", 0, 0, struct.pack(">I", number)), *map(_traf, runs, offsets))


def _traf(run: Run, offset: int) -> bytes:
    told = bytearray(struct.pack(">IIi", 0x01000F01, len(run.samples), offset))  # version 1: signed composition offsets
    for sample in run.samples:
        told += struct.pack(">IIIi", sample.duration, len(sample.data), _KEY if sample.is_key else _NO_KEY, sample.offset)
    head = box(b"tfhd", struct.pack(">II", 0x020000, run.track))  # offsets count from this moof
    return box(b"traf", head, box(b"tfdt", struct.pack(">IQ", 0x01000000, run.begins)), box(b"trun", bytes(told)))


def shifted(fragments: bytes, by_ms: int) -> bytes:
    """The same fragments, *by_ms* later on the clock: eight bytes a track and fragment are changed."""
    patched, at = bytearray(fragments), 0
    while at < len(patched):
        size, name = struct.unpack_from(">I4s", patched, at)
        if name == b"moof":
            _shift_moof(patched, at, at + size, by_ms)
        at += size
    return bytes(patched)


def _shift_moof(patched: bytearray, at: int, end: int, by_ms: int) -> None:
    while (at := patched.find(b"tfhd", at, end) + 4) > 3:
        rate = VIDEO_RATE if struct.unpack_from(">I", patched, at + 4)[0] == VIDEO_TRACK else AUDIO_RATE
        at = patched.find(b"tfdt", at, end) + 4
        begins = struct.unpack_from(">Q", patched, at + 4)[0]
        struct.pack_into(">Q", patched, at + 4, begins + by_ms * rate // 1_000)
