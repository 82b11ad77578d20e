"""The films of the kit: they obey the rules of a lane as they are, they are small, and their captions are those of their scripts."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from streaming import captions
from streaming.media.reading import inspected
from tests.streaming.clips import KIT_FILMS

MOST_BYTES = 2 * 1024 * 1024


@pytest.fixture(params=KIT_FILMS, ids=lambda path: path.stem)
def film(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_all_three_are_there() -> None:
    assert [path.stem for path in KIT_FILMS] == ["film-dagen", "film-hemma", "film-stod"]


def test_a_film_is_short_and_small(film: Path) -> None:
    with av.open(str(film)) as container:
        seconds = (container.duration or 0) / av.time_base

    assert 50 <= seconds <= 85
    assert film.stat().st_size <= MOST_BYTES


def test_pictures_are_720p25_with_a_key_frame_every_two_seconds_and_no_b_frames(film: Path) -> None:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        packets = [packet for packet in container.demux(stream) if packet.size]

    assert (codec.name, stream.profile, codec.pix_fmt, codec.width, codec.height) == ("h264", "High", "yuv420p", 1280, 720)
    assert stream.average_rate == 25
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == list(range(0, len(packets), 50))
    assert all(packet.pts == packet.dts for packet in packets)


def test_sound_is_aac_lc_48_khz_stereo_and_speaks(film: Path) -> None:
    with av.open(str(film)) as container:
        stream = container.streams.audio[0]
        loud = sum(max(map(abs, memoryview(bytes(frame.planes[0])).cast("f"))) > 0.05 for frame in container.decode(stream))

    assert (stream.codec_context.name, stream.profile, stream.codec_context.sample_rate, stream.layout.name) == (
        "aac",
        "LC",
        48_000,
        "stereo",
    )
    assert loud * Fraction(1024, 48_000) > 20  # seconds in which somebody speaks


def test_it_need_not_be_encoded_again(film: Path) -> None:
    assert inspected(film).sets is not None


def test_captions_say_what_the_script_says_word_for_word(film: Path) -> None:
    script = json.loads(film.with_suffix(".json").read_text("utf-8"))

    told = captions.read(film.with_suffix(".vtt").read_text("utf-8"))

    assert [caption.words.split("\n") for caption in told] == [caption["lines"] for caption in script["captions"]]
    assert " ".join(" ".join(caption.words.split()) for caption in told) == " ".join(script["transcript"].split())


def test_captions_do_not_overlap_and_end_with_the_film(film: Path) -> None:
    told = captions.read(film.with_suffix(".vtt").read_text("utf-8"))
    with av.open(str(film)) as container:
        duration_ms = (container.duration or 0) / 1_000

    assert all(one.ends_ms <= two.begins_ms for one, two in pairwise(told))
    assert told[-1].ends_ms <= duration_ms


def test_it_has_a_small_poster(film: Path) -> None:
    poster = film.with_suffix(".jpg")
    with av.open(str(poster)) as container:
        size = (container.streams.video[0].width, container.streams.video[0].height)

    assert size == (640, 360)
    assert poster.stat().st_size < 60_000
