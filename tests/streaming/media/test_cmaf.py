"""Boxes: what is written can be read by others, and a fragment can be moved on the clock."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media import cmaf, slate
from streaming.media.manifest import INIT_FILE, MEDIA_FILE, PART_MS, read_manifest

SLATE = Path(slate.__file__).parent


def decode_times(fragments: bytes, init: bytes) -> dict[str, tuple[float, float]]:
    """First and last decode time of each track, as libavformat sees them."""
    with av.open(io.BytesIO(init + fragments), "r", format="mp4") as container:
        times: dict[str, list[float]] = {}
        for packet in container.demux():
            if packet.size:
                times.setdefault(packet.stream.type, []).append(float((packet.dts or 0) * packet.time_base))
    return {kind: (min(found), max(found)) for kind, found in times.items()}


def test_the_slate_is_one_seamless_loop_of_parts_that_stand_alone() -> None:
    manifest = read_manifest(SLATE)
    parts = manifest.segments[0].parts

    with av.open(io.BytesIO((SLATE / INIT_FILE).read_bytes() + (SLATE / MEDIA_FILE).read_bytes()), "r", format="mp4") as container:
        pictures = len(list(container.decode(video=0)))
        container.seek(0)
        sound = [frame.samples for frame in container.decode(audio=0)]

    assert manifest.duration_ms == len(parts) * PART_MS == 1_600
    assert all(part.independent for part in parts)
    assert (pictures, sum(sound)) == (40, 75 * 1_024)  # 1.6 s both


def test_fragments_moved_on_the_clock_play_later_and_are_otherwise_the_same() -> None:
    init, fragments = (SLATE / INIT_FILE).read_bytes(), (SLATE / MEDIA_FILE).read_bytes()
    still = decode_times(fragments, init)

    moved = decode_times(cmaf.shifted(fragments, 7_200_400), init)

    assert moved["video"] == pytest.approx([time + 7_200.4 for time in still["video"]])
    assert moved["audio"] == pytest.approx([time + 7_200.4 for time in still["audio"]])
    assert len(cmaf.shifted(fragments, 1)) == len(fragments)
    assert cmaf.shifted(fragments, 0) == fragments


@given(st.lists(st.binary(min_size=1, max_size=50).filter(lambda unit: b"\0\0\1" not in unit and b"\0\0\0" not in unit and not unit.endswith(b"\0")), min_size=1, max_size=8))  # fmt: skip  # noqa: E501
def test_nal_units_survive_both_ways_of_joining_them(units: list[bytes]) -> None:
    units = [unit.lstrip(b"\0") or b"\1" for unit in units]

    assert cmaf.split_lengths(cmaf.join_lengths(units)) == units
    assert cmaf.split_start_codes(b"".join(b"\0\0\0\1" + unit for unit in units)) == units


@pytest.mark.parametrize("broken", [b"\0\0\0\x05abcd", b"\0\0\0\0", b"\xff\xff\xff\xffabc"])
def test_a_sample_whose_lengths_lie_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="longer"):
        cmaf.split_lengths(broken)


def test_the_codecs_attribute_tells_profile_and_level() -> None:
    assert cmaf.codecs(bytes([0x67, 0x64, 0x00, 0x1F])) == "avc1.64001f,mp4a.40.2"
