"""Playlists as players read them (RFC 8216)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.lanes import folded
from streaming.playlists import WORDS, Names, Whole, media_playlist, multivariant
from streaming.tables import Showing
from tests.streaming.test_lanes import MOMENT, TAKES, shown

BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def parsed(text: bytes) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Header tags, and each segment with its tags."""
    head: dict[str, str] = {}
    segments: list[dict[str, object]] = []
    coming: dict[str, object] = {}
    for line in text.decode().splitlines():
        name, _, value = line.partition(":")
        if name in {"#EXTINF", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-MAP"}:
            coming[name] = value or True
        elif not line.startswith("#"):
            segments.append({**coming, "uri": line})
            coming = {}
        else:
            head[name] = value
    return head, segments


def at(segment: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(segment["#EXT-X-PROGRAM-DATE-TIME"]))


def seconds(segment: dict[str, object]) -> float:
    return float(str(segment["#EXTINF"]).rstrip(","))


CUTS = [shown(1, 0), shown(2, 20_000, 5_200), shown(3, 30_000, 60_000), shown(4, 34_000)]


def test_a_live_playlist_word_for_word() -> None:
    lane = folded([shown(1, 0), shown(2, 2_000, 60_000)], "r")

    assert media_playlist(lane, BEGAN, lane.listed(4_000), Names()).decode().splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:3",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="../../media/slate/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:00.000Z",
        "#EXTINF:1.600,",
        "../../media/slate/0-0-4.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:01.600Z",
        "#EXTINF:0.400,",
        "../../media/slate/1-0-1.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="../../media/2/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:02.000Z",
        "#EXTINF:2.000,",
        "../../media/2/0-0-5.m4s",
    ]


def test_every_segment_has_its_time_and_every_new_source_its_discontinuity_and_map() -> None:
    lane = folded(CUTS, "r")

    _, segments = parsed(media_playlist(lane, BEGAN, lane.listed(60_000), Names()))

    opened = [segment for segment in segments if "#EXT-X-MAP" in segment]
    assert all(at(one) + timedelta(seconds=seconds(one)) == at(two) for one, two in pairwise(segments))
    assert [segment["uri"] for segment in opened[1:]] == [segment["uri"] for segment in segments if "#EXT-X-DISCONTINUITY" in segment]
    assert len(opened) == 5


def test_captions_stand_beside_the_pictures_segment_by_segment() -> None:
    lane = folded(CUTS, "r")
    count = lane.listed(60_000)

    head, pictures = parsed(media_playlist(lane, BEGAN, count, Names()))
    words_head, words = parsed(media_playlist(lane, BEGAN, count, Names(ending=WORDS)))

    assert words_head == head
    assert [str(one["uri"]).replace(".vtt", ".m4s") for one in words] == [one["uri"] for one in pictures]
    assert [{**one, "uri": ""} for one in words] == [{k: v for k, v in one.items() if k != "#EXT-X-MAP"} | {"uri": ""} for one in pictures]


def test_the_whole_day_is_an_event_that_grows_and_ends() -> None:
    lane = folded(CUTS, "r", ended_ms=40_000)
    whole = Whole(lane, BEGAN, Names())

    first, last = whole.until(lane.listed(30_000)), whole.until(lane.listed(10**9))

    assert last.startswith(first)
    assert b"#EXT-X-ENDLIST" not in first
    assert last.endswith(b"#EXT-X-ENDLIST\n")
    assert b"#EXT-X-PLAYLIST-TYPE:EVENT" in first
    assert last == Whole(lane, BEGAN, Names()).until(lane.listed(10**9))
    assert sum(map(seconds, parsed(last)[1])) == pytest.approx(40.0)


def test_the_first_playlist_names_pictures_and_captions() -> None:
    lines = multivariant(2_000_000, pictures="live.m3u8", words="live-sv.m3u8").decode().splitlines()

    assert lines[-1] == "live.m3u8"
    assert lines[-2].startswith('#EXT-X-STREAM-INF:BANDWIDTH=2200000,CODECS="avc1.640020,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=50.000')
    assert 'LANGUAGE="sv"' in lines[3]
    assert 'URI="live-sv.m3u8"' in lines[3]


@given(TAKES, MOMENT, MOMENT)
def test_numbers_only_rise_and_mean_the_same_segment_for_ever(showings: list[Showing], one_ms: int, two_ms: int) -> None:
    lane = folded(showings, "r")
    known: dict[int, tuple[object, int]] = {}
    before = (0, 0)
    for now_ms in sorted((max(one_ms, 1_600), max(two_ms, 1_600))):
        head, segments = parsed(media_playlist(lane, BEGAN, lane.listed(now_ms), Names()))
        number, discontinuity = int(head["#EXT-X-MEDIA-SEQUENCE"]), int(head["#EXT-X-DISCONTINUITY-SEQUENCE"])
        assert (number, discontinuity) >= before
        before = (number, discontinuity)
        for place, segment in enumerate(segments, start=number):
            discontinuity += "#EXT-X-DISCONTINUITY" in segment
            assert known.setdefault(place, (segment["uri"], discontinuity)) == (segment["uri"], discontinuity)


@given(TAKES, st.integers(1_600, 500_000))
def test_the_live_playlist_is_the_end_of_the_whole_one(showings: list[Showing], now_ms: int) -> None:
    lane = folded(showings, "r")
    count = lane.listed(now_ms)

    _, live = parsed(media_playlist(lane, BEGAN, count, Names()))
    _, whole = parsed(Whole(lane, BEGAN, Names()).until(count))

    assert [one["uri"] for one in whole[-len(live) :]] == [one["uri"] for one in live]
