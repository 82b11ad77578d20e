"""Sound without pictures, and a frame of sound in front: read back by libavformat."""

from __future__ import annotations

import io

import av
import pytest

from streaming import boxes
from streaming.media import cmaf
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_TRACK, VIDEO_TRACK, Run, Sample
from streaming.pictures import SLATE_FOLDER

INIT = (SLATE_FOLDER / "init.mp4").read_bytes()
MEDIA = (SLATE_FOLDER / "media.m4s").read_bytes()


def packets(body: bytes) -> dict[str, list[tuple[int, bytes]]]:
    """When packets come and what is in them, by kind."""
    with av.open(io.BytesIO(body), "r", format="mp4") as container:
        found: dict[str, list[tuple[int, bytes]]] = {stream.type: [] for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                found[packet.stream.type].append((packet.dts or 0, bytes(packet)))
    return found


def test_sound_alone_is_the_same_sound() -> None:
    alone = packets(boxes.sound_init(INIT) + boxes.sound_of(MEDIA))

    assert alone == {"audio": packets(INIT + MEDIA)["audio"]}


def test_a_fragment_is_read_as_it_was_written() -> None:
    runs = [
        Run(VIDEO_TRACK, 90, [Sample(3_600, b"key"), Sample(3_600, b"no key", is_key=False, offset=-7)]),
        Run(AUDIO_TRACK, 48, [Sample(AAC_SAMPLES, b"sound")]),
    ]

    assert list(boxes.fragments(cmaf.fragment(7, runs) + cmaf.fragment(8, runs))) == [(7, runs), (8, runs)]


def test_a_stretch_that_begins_between_two_frames_of_sound_has_the_one_that_straddles() -> None:
    runs = [Run(VIDEO_TRACK, 36_000, [Sample(36_000, b"p")]), Run(AUDIO_TRACK, 19_456, [Sample(AAC_SAMPLES, b"b")])]
    fragment = cmaf.fragment(2, runs)

    opened = boxes.opened(fragment + fragment, b"a")

    (_, first), (_, second) = boxes.fragments(opened)
    assert (first[1].begins, [sample.data for sample in first[1].samples]) == (19_456 - AAC_SAMPLES, [b"a", b"b"])
    assert (first[0], second) == (runs[0], runs)


def test_where_sound_begins_with_the_picture_nothing_is_put_in_front() -> None:
    assert boxes.opened(MEDIA, b"a") == MEDIA


def test_the_last_frame_of_sound_is_found() -> None:
    assert boxes.last_sound(MEDIA) == packets(INIT + MEDIA)["audio"][-1][1]


def test_what_is_broken_is_not_read_beyond_its_end() -> None:
    with pytest.raises(ValueError, match="longer"):
        list(boxes.fragments(MEDIA[:-3]))
