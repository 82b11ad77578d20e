"""Playlists as players read them (RFC 8216)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.lanes import Lane, folded
from streaming.playlists import SOUND, WORDS, DateRange, Live, Look, Names, Whole, multivariant, sound_only
from streaming.tables import Showing
from tests.streaming.test_lanes import MOMENT, TAKES, shown

BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def parsed(text: bytes) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Header tags, and each segment with its tags."""
    head: dict[str, str] = {}
    segments: list[dict[str, object]] = []
    coming: dict[str, object] = {}
    parts: list[str] = []
    for line in text.decode().splitlines():
        name, _, value = line.partition(":")
        if name in {"#EXT-X-PART", "#EXT-X-PRELOAD-HINT"}:
            parts.append(line)
        elif name in {"#EXTINF", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-MAP"}:
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


def live(lane: Lane, now_ms: int, ending: str = "m4s", *ranges: DateRange) -> bytes:
    names = Names(ending=ending) if ending != WORDS else Names("live", WORDS)
    return Live(lane, BEGAN, names).text(lane.listing(now_ms), ranges)


def test_a_live_playlist_word_for_word() -> None:
    lane = folded([shown(1, 0), shown(2, 2_000, 60_000)], "r")

    assert live(lane, 4_800).decode().splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:3",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,HOLD-BACK=9.0,PART-HOLD-BACK=1.200",
        "#EXT-X-PART-INF:PART-TARGET=0.400",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="../../media/slate/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:00.000Z",
        '#EXT-X-PART:DURATION=0.400,URI="../../media/slate/0-0-1o.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/slate/0-1-2.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/slate/0-2-3.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/slate/0-3-4.m4s",INDEPENDENT=YES',
        "#EXTINF:1.600,",
        "../../media/slate/0-0-4o.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:01.600Z",
        '#EXT-X-PART:DURATION=0.400,URI="../../media/slate/1-0-1.m4s",INDEPENDENT=YES',
        "#EXTINF:0.400,",
        "../../media/slate/1-0-1.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="../../media/2/init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:02.000Z",
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/0-0-1.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/0-1-2.m4s"',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/0-2-3.m4s"',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/0-3-4.m4s"',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/0-4-5.m4s"',
        "#EXTINF:2.000,",
        "../../media/2/0-0-5.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T08:00:04.000Z",
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/1-0-1.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.400,URI="../../media/2/1-1-2.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="small.m3u8",LAST-MSN=3,LAST-PART=1',
        '#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=3,LAST-PART=1',
        '#EXT-X-RENDITION-REPORT:URI="live-sv.m3u8",LAST-MSN=2',
    ]


def test_the_next_part_is_hinted_while_nothing_else_comes() -> None:
    lane = folded([shown(1, 0)], "r")

    assert b'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="../../media/slate/3-0-1.m4s"\n' in live(lane, 4_800)


def test_a_playlist_that_grows_is_written_as_one_that_is_written_at_once() -> None:
    lane = folded(CUTS, "r")
    growing = Live(lane, BEGAN, Names())

    for now_ms in range(0, 110_000, 400):
        assert growing.text(lane.listing(now_ms)) == Live(lane, BEGAN, Names()).text(lane.listing(now_ms))


def test_sound_alone_is_listed_as_the_pictures_are() -> None:
    lane = folded(CUTS, "r")

    def listed(text: bytes) -> list[bytes]:
        plain = text.replace(b",INDEPENDENT=YES", b"").replace(b".m4s", b".m4a").replace(b"init.mp4", b"sound.mp4")
        return [line for line in plain.splitlines() if b"RENDITION-REPORT" not in line]

    assert listed(live(lane, 60_000, SOUND)) == listed(live(lane, 60_000))


def test_what_happens_stands_in_the_list_at_its_moment() -> None:
    lane = folded([shown(1, 0)], "r")
    told = DateRange("poll-p", BEGAN + timedelta(seconds=5), {"kind": "poll", "poll": 'p"1'})
    line = '#EXT-X-DATERANGE:ID="poll-p",CLASS="samsyn",START-DATE="2026-11-22T08:00:05.000Z",X-KIND="poll",X-POLL="p1"'

    assert line in live(lane, 6_000, "m4s", told).decode().splitlines()
    assert line not in live(lane, 90_000, "m4s", told).decode().splitlines()
    lane = folded([shown(1, 0)], "r")
    whole = Whole(lane, BEGAN, Names())
    once = [whole.until(lane.listing(now_ms), [told]).decode().splitlines().count(line) for now_ms in (4_800, 8_000, 90_000)]
    assert once == [0, 1, 1]


def test_every_segment_has_its_time_and_every_new_source_its_discontinuity_and_map() -> None:
    lane = folded(CUTS, "r")

    _, segments = parsed(live(lane, 60_000))

    opened = [segment for segment in segments if "#EXT-X-MAP" in segment]
    assert all(at(one) + timedelta(seconds=seconds(one)) == at(two) for one, two in pairwise(segments))
    assert [segment["uri"] for segment in opened[1:]] == [segment["uri"] for segment in segments if "#EXT-X-DISCONTINUITY" in segment]
    assert len(opened) == 5


def test_captions_stand_beside_the_pictures_segment_by_segment() -> None:
    lane = folded(CUTS, "r")

    head, pictures = parsed(live(lane, 60_000))
    words_head, words = parsed(live(lane, 60_000, WORDS))

    numbers = ("#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE")
    assert [words_head[name] for name in numbers] == [head[name] for name in numbers]
    assert [{**one, "uri": ""} for one in words] == [{k: v for k, v in one.items() if k != "#EXT-X-MAP"} | {"uri": ""} for one in pictures]
    assert words[-1]["uri"] == "live/slate/57600-59200.vtt"


def test_the_whole_day_is_an_event_that_grows_and_ends() -> None:
    lane = folded(CUTS, "r", ended_ms=40_000)
    whole = Whole(lane, BEGAN, Names())

    first, last = whole.until(lane.listing(30_000)), whole.until(lane.listing(10**9))

    assert last.startswith(first)
    assert b"#EXT-X-ENDLIST" not in first
    assert last.endswith(b"#EXT-X-ENDLIST\n")
    assert b"#EXT-X-PLAYLIST-TYPE:EVENT" in first
    assert last == Whole(lane, BEGAN, Names()).until(lane.listing(10**9))
    assert sum(map(seconds, parsed(last)[1])) == pytest.approx(40.0)


def test_the_first_playlist_names_pictures_sound_and_captions() -> None:
    lines = (
        multivariant(Look(2_000_000, 1_200_000), pictures="live.m3u8", small="small.m3u8", sound="audio.m3u8", words="live-sv.m3u8")
        .decode()
        .splitlines()
    )

    assert (lines[-1], lines[-3], lines[-5]) == ("audio.m3u8", "small.m3u8", "live.m3u8")
    assert lines[-6].startswith(
        '#EXT-X-STREAM-INF:BANDWIDTH=2200000,AVERAGE-BANDWIDTH=1200000,CODECS="avc1.640020,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=50.000'
    )
    assert 'LANGUAGE="sv"' in lines[3]
    assert 'URI="live-sv.m3u8"' in lines[3]
    assert sound_only(sound="audio.m3u8", words="live-sv.m3u8").decode().splitlines() == [*lines[:4], *lines[-2:]]


@given(TAKES, MOMENT, MOMENT)
def test_numbers_only_rise_and_mean_the_same_segment_for_ever(showings: list[Showing], one_ms: int, two_ms: int) -> None:
    lane = folded(showings, "r")
    known: dict[int, tuple[object, int]] = {}
    before = (0, 0)
    for now_ms in sorted((max(one_ms, 1_600), max(two_ms, 1_600))):
        head, segments = parsed(live(lane, now_ms))
        number, discontinuity = int(head["#EXT-X-MEDIA-SEQUENCE"]), int(head["#EXT-X-DISCONTINUITY-SEQUENCE"])
        assert (number, discontinuity) >= before
        before = (number, discontinuity)
        for place, segment in enumerate(segments, start=number):
            discontinuity += "#EXT-X-DISCONTINUITY" in segment
            assert known.setdefault(place, (segment["uri"], discontinuity)) == (segment["uri"], discontinuity)


@given(TAKES, st.integers(2_000, 500_000))
def test_the_live_playlist_is_the_end_of_the_whole_one(showings: list[Showing], now_ms: int) -> None:
    lane = folded(showings, "r")
    listing = lane.listing(now_ms)

    _, window = parsed(Live(lane, BEGAN, Names()).text(listing))
    _, whole = parsed(Whole(lane, BEGAN, Names()).until(listing))

    assert [one["uri"] for one in whole[-len(window) :]] == [one["uri"] for one in window]
