"""Which segments of a lane a recording has, when films, the slate and live sources follow each other by chance."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.lanes import SLATE, Lane, Listing, folded
from streaming.recordings import cutting
from tests.streaming.broadcasts import Sources, told
from tests.streaming.test_lanes import shown

END_MS = 80_000


def chance_lane(by: Random) -> tuple[Lane, Listing]:
    """A lane of 80 s, over, and its listing."""
    sources = Sources()
    for _at, notice in sorted((each for name in "AB" for each in told(by, name, END_MS)), key=lambda each: each[0]):
        sources.hear(notice)
    takes, at = [shown(1, 0)], 0
    for position in range(2, 10):
        at += by.randrange(1, 25) * 400
        kind = by.choice(["film", "A", "B", "slate"])
        takes.append(
            shown(position, at, by.randrange(10, 60) * 400)
            if kind == "film"
            else shown(position, at)
            if kind == "slate"
            else shown(position, at, source=kind)
        )
    lane = folded(takes, "r", END_MS, sources.pieces)
    return lane, lane.listing(END_MS + 60_000)


@given(st.integers(0, 10_000), st.integers(0, 70_000), st.integers(1_000, 30_000))
@settings(max_examples=150, deadline=None)
def test_an_extract_is_whole_can_be_entered_and_is_as_long_as_wanted(seed: int, begins_ms: int, lasts_ms: int) -> None:
    lane, listing = chance_lane(Random(seed))
    ends_ms = min(begins_ms + lasts_ms, END_MS - 2_000)
    found = cutting.extract(lane, listing, begins_ms, ends_ms)
    if found is None:
        assert ends_ms - begins_ms < 4_000
        return

    first = found.segments[0]
    of_lane = {(each.strip, each.seq): each for each in lane.segments(0, listing.closed)}
    assert first.opens
    assert first.place == first.number == 0
    assert first.strip == SLATE or of_lane[first.strip, first.seq].first == first.first
    assert sum(each.duration_ms for each in found.segments) == found.duration_ms
    assert list(found.offsets_ms) == [sum(each.duration_ms for each in found.segments[:n]) for n in range(len(found.segments))]
    assert all(two.opens or one.ends_ms == two.begins_ms for one, two in pairwise(found.segments))
    assert all(each.duration_ms > 0 for each in found.segments)
    if not found.is_trimmed and found.duration_ms != ends_ms - begins_ms:
        assert any(each.strip != SLATE for each in of_lane.values())  # where it is the slate alone, a part makes up for it


@given(st.integers(0, 10_000), st.integers(5_000, 40_000), st.integers(5_000, 30_000))
@settings(max_examples=80, deadline=None)
def test_moments_rise_and_stay_within(seed: int, begins_ms: int, lasts_ms: int) -> None:
    lane, listing = chance_lane(Random(seed))
    found = cutting.extract(lane, listing, begins_ms, begins_ms + lasts_ms)
    if found is None:
        return

    at = [found.at(ms) for ms in range(0, END_MS, 700)]

    assert at[0] == 0
    assert at[-1] == found.duration_ms
    assert all(0 <= one <= found.duration_ms for one in at)
    assert all(two - one >= -400 for one, two in pairwise(at))  # a cut's skew, at most
