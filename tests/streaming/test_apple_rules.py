"""The playlists against what Apple has written down (RFC 8216bis, HLS authoring specification), as no Apple device is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from streaming.lanes import Lane, folded
from streaming.playlists import LIVE_LISTS, PICTURES, SMALL, SOUND, WORDS, DateRange, Live, Look, Names, Whole, multivariant, sound_only
from streaming.tables import Showing
from tests.streaming.broadcasts import Sources, told
from tests.streaming.test_live_lanes import takes
from tests.streaming.test_playlists import BEGAN, CUTS

WINDOW_LEAST_S = 6 * 3  # a live list holds six target durations at least, once there is so much
EXACT_S = 0.0015
SEEDS = range(12)
LOOK = Look(2_000_000, 1_200_000, 1_280, 720, 25)


def a_lane(seed: int) -> tuple[Lane, int]:
    """Films, slates and live sources by chance, as far as some moment."""
    by = Random(seed)
    now_ms = by.randrange(20_000, 90_000)
    sources = Sources()
    for _, notice in sorted((each for source in "AB" for each in told(by, source, now_ms)), key=lambda each: each[0]):
        sources.hear(notice)
    shown: list[Showing] = [one for at, one in takes(by, now_ms) if at <= now_ms] if seed else CUTS
    return folded(shown, "r", None, sources.pieces), now_ms


def playlists(seed: int) -> Iterator[tuple[str, list[str]]]:
    """Each kind of list of a lane at one moment."""
    lane, now_ms = a_lane(seed)
    ranges = [DateRange("cue-1", BEGAN + timedelta(milliseconds=now_ms - 3_000), {"kind": "open_poll"})]
    for ending in (PICTURES, SMALL, SOUND, WORDS):
        names = Names(ending=ending) if ending != WORDS else Names("live", WORDS)
        yield f"live {ending}", Live(lane, BEGAN, names).text(lane.listing(now_ms), ranges).decode().splitlines()
        yield f"whole {ending}", Whole(lane, BEGAN, names).until(lane.listing(now_ms), ranges).decode().splitlines()


def values(lines: list[str], tag: str) -> list[str]:
    return [line.partition(":")[2] for line in lines if line.partition(":")[0] == tag]


def attribute(value: str, name: str) -> str:
    found = re.search(rf'(?:^|[,:]){name}=("[^"]*"|[^,]*)', value)
    assert found, f"{name} is missing in {value}"
    return found[1].strip('"')


@pytest.mark.parametrize("seed", SEEDS)
def test_what_every_media_playlist_holds(seed: int) -> None:
    for kind, lines in playlists(seed):
        once = ["#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE"]
        assert lines[0] == "#EXTM3U"
        assert [len(values(lines, tag)) for tag in once] == [1] * 4, kind
        assert int(values(lines, "#EXT-X-VERSION")[0]) >= 9  # 6 for EXT-X-MAP, 9 for parts
        assert "#EXT-X-INDEPENDENT-SEGMENTS" in lines
        target = int(values(lines, "#EXT-X-TARGETDURATION")[0])
        lengths = [float(value.rstrip(",")) for value in values(lines, "#EXTINF")]
        assert all(round(length) <= target for length in lengths), kind
        first = next(n for n, line in enumerate(lines) if line.startswith("#EXTINF"))
        assert lines.index(next(line for line in lines if line.startswith("#EXT-X-MEDIA-SEQUENCE"))) < first
        assert len(values(lines, "#EXT-X-PROGRAM-DATE-TIME")) >= len(lengths)
        assert all(datetime.fromisoformat(value).utcoffset() == timedelta(0) for value in values(lines, "#EXT-X-PROGRAM-DATE-TIME"))
        assert not any("SKIP" in line for line in lines)
        for value in values(lines, "#EXT-X-DATERANGE"):
            assert attribute(value, "ID")
            assert attribute(value, "START-DATE")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_segment_knows_its_initialisation(seed: int) -> None:
    for kind, lines in playlists(seed):
        maps = [n for n, line in enumerate(lines) if line.startswith("#EXT-X-MAP:")]
        if WORDS in kind:
            assert maps == []
            continue
        media = [n for n, line in enumerate(lines) if line.startswith(("#EXTINF", "#EXT-X-PART:"))]
        assert maps[0] < media[0]
        for cut in (n for n, line in enumerate(lines) if line == "#EXT-X-DISCONTINUITY"):
            following = next((n for n in media if n > cut), None)
            assert following is None or any(cut < n < following for n in maps), kind


@pytest.mark.parametrize("seed", SEEDS)
def test_low_latency(seed: int) -> None:
    for kind, lines in playlists(seed):
        if not kind.startswith("live"):
            assert not any(line.startswith(("#EXT-X-PART", "#EXT-X-SERVER-CONTROL")) for line in lines)
            continue
        control = values(lines, "#EXT-X-SERVER-CONTROL")[0]
        target = int(values(lines, "#EXT-X-TARGETDURATION")[0])
        assert attribute(control, "CAN-BLOCK-RELOAD") == "YES"
        assert float(attribute(control, "HOLD-BACK")) >= 3 * target
        if WORDS in kind:
            continue
        part_target = float(attribute(values(lines, "#EXT-X-PART-INF")[0], "PART-TARGET"))
        assert float(attribute(control, "PART-HOLD-BACK")) >= 3 * part_target - 1e-9
        parts = values(lines, "#EXT-X-PART")
        assert parts
        assert all(float(attribute(part, "DURATION")) <= part_target for part in parts), kind
        assert sum(float(attribute(part, "DURATION")) for part in parts) <= 5 * target  # those of long ago are left out
        assert len(values(lines, "#EXT-X-PRELOAD-HINT")) <= 1
        for hint in values(lines, "#EXT-X-PRELOAD-HINT"):
            assert attribute(hint, "TYPE") == "PART"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_live_list_tells_how_far_the_others_have_come(seed: int) -> None:
    lists = dict(playlists(seed))
    ends = {LIVE_LISTS[ending]: last_of(lists[f"live {ending}"]) for ending in LIVE_LISTS}
    for kind, lines in lists.items():
        reports = [(attribute(value, "URI"), reported(value)) for value in values(lines, "#EXT-X-RENDITION-REPORT")]
        own = LIVE_LISTS.get(kind.removeprefix("live "))
        wanted = [(name, last) for name, last in ends.items() if name != own and last is not None] if kind.startswith("live") else []
        assert reports == wanted, kind


def last_of(lines: list[str]) -> tuple[int, int | None] | None:
    """The number of a list's last segment, and of its last part where a list has parts."""
    tail = lines[max((n for n, line in enumerate(lines) if line.startswith("#EXT-X-PROGRAM-DATE-TIME")), default=0) :]
    parts = sum(line.startswith("#EXT-X-PART:") for line in tail)
    whole = sum(line.startswith("#EXTINF") for line in lines)
    is_open = not any(line.startswith("#EXTINF") for line in tail)
    last = int(values(lines, "#EXT-X-MEDIA-SEQUENCE")[0]) + whole - (0 if is_open else 1)
    return (last, parts - 1 if parts else None) if whole or parts else None


def reported(value: str) -> tuple[int, int | None]:
    part = re.search(r"LAST-PART=(\d+)", value)
    return int(attribute(value, "LAST-MSN")), int(part[1]) if part else None


def test_words_have_no_parts_and_say_so() -> None:
    """A part of words would be a request more for each part of pictures; our own pages are told words at once, by the line to the day."""
    for kind, lines in playlists(3):
        if kind == f"live {WORDS}":
            assert not any(line.startswith(("#EXT-X-PART", "#EXT-X-PRELOAD-HINT")) or "PART-HOLD-BACK" in line for line in lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_add_up_and_begin_with_a_picture_of_their_own(seed: int) -> None:
    for kind, lines in playlists(seed):
        if kind != f"live {PICTURES}":
            continue
        waiting, opens = list[str](), True
        for line in lines:
            if line == "#EXT-X-DISCONTINUITY":
                waiting, opens = [], True
            elif line.startswith("#EXT-X-PART:"):
                assert not opens or "INDEPENDENT=YES" in line
                waiting.append(line)
                opens = False
            elif line.startswith("#EXTINF:"):
                length, long_s = sum(float(attribute(part, "DURATION")) for part in waiting), float(line[8:].rstrip(","))
                assert not waiting or abs(length - long_s) <= EXACT_S * len(waiting)
                waiting, opens = [], True


@pytest.mark.parametrize("seed", SEEDS)
def test_a_live_list_is_long_enough(seed: int) -> None:
    for kind, lines in playlists(seed):
        _, now_ms = a_lane(seed)
        if kind.startswith("live") and now_ms > 2_000 * WINDOW_LEAST_S:
            assert sum(float(value.rstrip(",")) for value in values(lines, "#EXTINF")) >= WINDOW_LEAST_S


def test_the_first_playlist() -> None:
    lines = multivariant(LOOK, pictures="live.m3u8", small="small.m3u8", sound="audio.m3u8", words="live-sv.m3u8").decode().splitlines()
    variants = values(lines, "#EXT-X-STREAM-INF")
    pictures, small, sound = variants

    assert int(attribute(pictures, "BANDWIDTH")) >= 2_000_000
    assert [attribute(each, "CODECS") for each in (pictures, small)] == ["avc1.640020,mp4a.40.2"] * 2
    assert [attribute(each, "RESOLUTION") for each in (pictures, small)] == ["1280x720", "640x360"]
    assert [attribute(each, "FRAME-RATE") for each in (pictures, small)] == ["25.000"] * 2
    assert all(int(attribute(each, "AVERAGE-BANDWIDTH")) < int(attribute(each, "BANDWIDTH")) for each in (pictures, small))
    bits = [int(attribute(each, "BANDWIDTH")) for each in variants]
    assert bits == sorted(bits, reverse=True)
    assert (attribute(sound, "CODECS"), int(attribute(sound, "BANDWIDTH")) <= 192_000) == ("mp4a.40.2", True)  # for the narrowest lines
    groups = {attribute(value, "GROUP-ID") for value in values(lines, "#EXT-X-MEDIA")}
    assert {attribute(value, "SUBTITLES") for value in variants} == groups
    assert [attribute(value, "LANGUAGE") for value in values(lines, "#EXT-X-MEDIA")] == ["sv"]
    alone = values(sound_only(sound="audio.m3u8", words="live-sv.m3u8").decode().splitlines(), "#EXT-X-STREAM-INF")
    assert alone == [sound]
