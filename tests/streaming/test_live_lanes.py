"""Live sources in lanes: cuts, silences and returns, and that nothing that was given out is ever taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streaming.lanes import SLATE, Lane, Listing, folded, standing
from streaming.playlists import Live, Names
from streaming.tables import Showing
from tests.streaming.broadcasts import Sources, told
from tests.streaming.test_lanes import closed, names, shown
from tests.streaming.test_playlists import BEGAN, at, parsed

WHOLE = [400] * 5
TAKEN = [shown(1, 0), shown(2, 2_500, source="A")]


def lane_of(sources: Sources, *more: Showing, ended_ms: int | None = None) -> Lane:
    return folded([*TAKEN, *more], "r", ended_ms, sources.pieces)


def test_a_source_is_taken_at_its_next_key_frame_and_opens_with_sound() -> None:
    sources = Sources()
    sources.sends("A", 1, 1_130, WHOLE, WHOLE)

    lane = lane_of(sources)

    assert names(lane, 5_200) == ["slate/0-0-4o", "slate/1-0-4", "~A~1/1-0-5o"]  # the slate until 3.2 s, the source from 3.13 s
    assert lane.stretches[-1].skew_ms == 70


def test_a_source_that_does_not_send_is_a_slate_and_is_shown_when_it_comes() -> None:
    sources = Sources()
    film = [shown(2, 2_000, 20_000), shown(3, 4_500, source="A")]

    lane = folded([shown(1, 0), *film], "r", None, sources.pieces)
    assert [stretch.strip for stretch in lane.stretches] == [SLATE, "2", SLATE]
    assert lane.stretches[-1].begins_ms == 4_800

    lane.listing(8_000)
    sources.sends("A", 1, 8_010, WHOLE)
    lane.advance()
    assert [stretch.strip for stretch in lane.stretches] == [SLATE, "2", SLATE, "~A~1"]


def test_a_source_that_falls_silent_is_a_slate_from_where_it_ended() -> None:
    sources = Sources()
    sources.sends("A", 1, 2_600, WHOLE, [400, 400, 150], ended=True)
    lane = lane_of(sources)

    ended_ms = 2_600 + 2_000 + 950
    assert names(lane, ended_ms + 599)[-1] == "~A~1/1-0-3"  # another run may follow at once
    assert names(lane, ended_ms + 1_000)[-2:] == ["~A~1/1-0-3", "slate/3-2-4o"]
    assert [stretch.strip for stretch in lane.stretches] == [SLATE, "~A~1", SLATE]


def test_a_run_that_follows_at_once_follows_without_a_slate() -> None:
    sources = Sources()
    sources.sends("A", 1, 2_600, WHOLE, [400], ended=True)
    sources.sends("A", 2, 5_030, WHOLE)

    lane = lane_of(sources)

    assert [stretch.strip for stretch in lane.stretches] == [SLATE, "~A~1", "~A~2"]
    assert lane.stretches[-1].skew_ms == lane.stretches[-2].skew_ms - 30


def test_the_same_source_again_is_no_cut() -> None:
    sources = Sources()
    sources.sends("A", 1, 2_600, WHOLE, WHOLE)

    assert [stretch.strip for stretch in lane_of(sources, shown(3, 5_000, source="A")).stretches] == [SLATE, "~A~1"]


def test_a_key_frame_after_which_nothing_came_is_forgotten() -> None:
    sources = Sources()
    sources.sends("A", 1, 2_600, [])
    lane = lane_of(sources)
    assert names(lane, 4_000)[-1] == "slate/1-0-3"  # the slate stops where the source would begin
    assert lane.listing(4_000).hint is None

    sources.sends("A", 1, 2_600, [], ended=True)
    lane.advance()
    assert names(lane, 4_000)[-1] == "slate/2-0-2"


def test_one_who_hears_of_a_take_too_late_takes_nothing_back() -> None:
    lane = folded(TAKEN[:1], "r")
    before = [segment.name for segment in closed(lane, 20_000)]

    lane.take([TAKEN[0], shown(2, 8_000, 60_000)], None)

    assert [segment.name for segment in closed(lane, 20_000)][: len(before)] == before
    assert names(lane, 22_000)[-1].startswith("2/")


def shape(lane: Lane, listing: Listing) -> list[tuple[str, int, int, int]]:
    return [(segment.name, segment.begins_ms, segment.number, segment.place) for segment in lane.segments(0, listing.closed)]


def takes(by: Random, until_ms: int) -> list[tuple[int, Showing]]:
    """What is taken, and when that is decided; as `rules.take` places it."""
    found, last, at = [(0, shown(1, 0))], "slate", by.randrange(2_000, 15_000)
    while at < until_ms:
        kind = by.choice(["film", "slate", "A", "B", "A"])
        source = kind if kind in {"A", "B"} else None
        early_ms = 0 if last in {"A", "B"} else 200
        begins_ms = at if source else -(-(at - early_ms) // 400) * 400
        film_ms = by.choice([2_000, 5_200, 30_000]) if kind == "film" else 0
        found.append((at, shown(len(found) + 1, begins_ms, film_ms, source=source)))
        at, last = at + by.choice([100, 400, 700, 3_000, 8_000]) + by.randrange(400), kind
    return found


SLOW = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
PROMPT, UNEVEN = (30, 30), (5, 90)  # how late the media process tells of what has happened, in ms


@SLOW
@given(st.integers(0, 1 << 32))
def test_a_lane_that_grows_is_what_it_would_be_at_once(seed: int) -> None:
    by = Random(seed)
    for lane, listing, now_ms, folded_at_once in _a_day(by, PROMPT):
        if by.random() < 0.03:
            at_once = folded_at_once("r")
            assert (at_once.listing(now_ms), shape(at_once, listing)) == (listing, shape(lane, listing))
            assert folded_at_once("national").listing(now_ms) == listing
    assert all(-200 <= stretch.skew_ms <= 200 for stretch in lane.stretches)
    assert lane.listing(now_ms + 10**6).is_complete is (lane.ended_ms is not None)
    _keeps_the_time(lane, now_ms)


@SLOW
@given(st.integers(0, 1 << 32))
def test_what_was_given_out_is_never_taken_back_however_unevenly_it_is_told(seed: int) -> None:
    before = list[tuple[str, int, int, int]]()
    parts: tuple[int, list[str]] = (0, [])
    for lane, listing, _now_ms, _ in _a_day(Random(seed), UNEVEN):
        now = shape(lane, listing)
        assert now[: len(before)] == before
        before = now
        assert _parts(lane, listing, parts[0])[: len(parts[1])] == parts[1]
        parts = (listing.place, _parts(lane, listing, listing.place))
    assert all(-300 <= stretch.skew_ms <= 300 for stretch in lane.stretches)


def _parts(lane: Lane, listing: Listing, place: int) -> list[str]:
    found = lane.segments(place, min(place + 1, listing.place + (listing.parts > 0)), listing)
    return [segment.part_name(part, part + 1) for segment in found for part in range(len(segment.ends))]


def _a_day(by: Random, late_ms: tuple[int, int]) -> Iterator[tuple[Lane, Listing, int, Callable[[str], Lane]]]:
    """A lane that hears of takes and sources by and by; and a way to have it folded at once."""
    until_ms = by.randrange(5_000, 60_000)
    notices = sorted((each for source in "AB" for each in told(by, source, until_ms, late_ms=late_ms)), key=lambda each: each[0])
    taken, ended_ms = takes(by, until_ms), (-(-until_ms // 400) * 400 if by.random() < 0.5 else None)
    sources, known = Sources(), list[Showing]()
    lane, ended, now_ms = Lane(sources.pieces), None, 0
    while now_ms < until_ms + 6_000:
        now_ms += by.randrange(1, 150)
        while notices and notices[0][0] <= now_ms:
            sources.hear(notices.pop(0)[1])
        lane.advance()
        while taken and taken[0][0] + 10 <= now_ms:
            known.append(taken.pop(0)[1])
        if ended_ms is not None and now_ms > ended_ms - 200:
            ended = ended_ms
        lane.take(standing(known, "r"), ended)
        yield lane, lane.listing(now_ms), now_ms, lambda name: folded(known, name, lane.ended_ms, sources.pieces)


def _keeps_the_time(lane: Lane, now_ms: int) -> None:
    """Where a player is in the list is within 0.2 s what the programme's clock says, and numbers only rise."""
    listing = lane.listing(now_ms)
    played_ms = 0
    for segment in lane.segments(0, listing.closed):
        assert abs(segment.begins_ms - played_ms) <= 200
        played_ms += segment.duration_ms
    if listing.closed:
        head, segments = parsed(Live(lane, BEGAN, Names()).text(listing))
        first = next(lane.segments(int(head["#EXT-X-MEDIA-SEQUENCE"]), listing.closed))
        assert int(head["#EXT-X-DISCONTINUITY-SEQUENCE"]) + ("#EXT-X-DISCONTINUITY" in segments[0]) == first.number
        assert at(segments[0]) == BEGAN + timedelta(milliseconds=first.begins_ms)
