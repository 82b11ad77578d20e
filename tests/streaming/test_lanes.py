"""The fold of films and the slate: no gap, no number twice, the same addresses in every lane, the same answer every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streaming.lanes import SLATE, WINDOW_MS, Lane, Segment, folded
from streaming.media.manifest import PART_MS
from streaming.tables import Showing

BOTH = ["national", "r"]
GRID = st.integers(0, 900).map(lambda parts: parts * PART_MS)


def shown(position: int, begins_ms: int, film_ms: int = 0, lanes: list[str] | None = None, source: str | None = None) -> Showing:
    """A showing of a film of this length, of a live source, or of the slate."""
    asset = f"a{position}" if film_ms else None
    kind = "source" if source else "film" if film_ms else "slate"
    return Showing(
        day="d", position=position, lanes=lanes or BOTH, kind=kind, source=source or "x", begins_ms=begins_ms, asset=asset,
        duration_ms=film_ms,
    )  # fmt: skip


def listed(lane: Lane, now_ms: int) -> list[Segment]:
    """All of it, the last one as far as it has come."""
    listing = lane.listing(now_ms)
    return list(lane.segments(0, listing.place + (listing.parts > 0), listing))


def names(lane: Lane, now_ms: int) -> list[str]:
    return [segment.name for segment in listed(lane, now_ms)]


def closed(lane: Lane, now_ms: int) -> list[Segment]:
    """What will never change."""
    return list(lane.segments(0, lane.listing(now_ms).closed))


def test_a_day_begins_with_the_slate_part_by_part() -> None:
    lane = folded([shown(1, 0)], "r")

    assert names(lane, 0) == names(lane, 399) == []
    assert names(lane, 400) == ["slate/0-0-1o"]
    assert names(lane, 3_300) == ["slate/0-0-4o", "slate/1-0-4"]
    assert [segment.name for segment in closed(lane, 3_599)] == ["slate/0-0-4o"]
    assert [segment.name for segment in closed(lane, 3_600)] == ["slate/0-0-4o", "slate/1-0-4"]


def test_a_film_cuts_the_slate_at_a_part_and_is_listed_at_the_pace_of_its_playing() -> None:
    lane = folded([shown(1, 0), shown(2, 2_400, 60_000)], "r")

    assert names(lane, 2_799) == ["slate/0-0-4o", "slate/1-0-2"]
    assert names(lane, 4_399) == ["slate/0-0-4o", "slate/1-0-2", "2/0-0-4"]
    assert names(lane, 6_400) == ["slate/0-0-4o", "slate/1-0-2", "2/0-0-5", "2/1-0-5"]


def test_when_a_film_is_over_the_slate_follows_by_itself_where_it_is_by_then() -> None:
    lane = folded([shown(1, 0), shown(2, 1_600, 5_200)], "r")

    assert names(lane, 9_600) == ["slate/0-0-4o", "2/0-0-5", "2/1-0-5", "2/2-0-3", "slate/4-1-4o", "slate/5-0-4"]


def test_a_take_during_a_film_cuts_it_at_a_part() -> None:
    lane = folded([shown(1, 0), shown(2, 1_600, 60_000), shown(3, 4_000, 60_000)], "r")

    assert names(lane, 6_000) == ["slate/0-0-4o", "2/0-0-5", "2/1-0-1", "3/0-0-5"]


def test_one_slate_after_the_other_is_one_slate() -> None:
    lane = folded([shown(1, 0), shown(2, 2_000), shown(3, 4_400)], "r")

    assert [stretch.strip for stretch in lane.stretches] == [SLATE]
    assert names(lane, 4_800) == ["slate/0-0-4o", "slate/1-0-4", "slate/2-0-4"]


def test_a_later_take_ends_what_would_have_begun_after_it() -> None:
    """A slate that was meant for the crossing is never shown when the region's own film comes before it."""
    lane = folded([shown(1, 0), shown(2, 4_000), shown(3, 3_200, 6_000)], "r")

    assert [stretch.strip for stretch in lane.stretches] == [SLATE, "3", SLATE]


def test_a_lane_follows_its_own_showings_alone() -> None:
    showings = [shown(1, 0), shown(2, 1_600, 8_000), shown(3, 3_600, 8_000, ["r"])]

    assert names(folded(showings, "national"), 5_600) == ["slate/0-0-4o", "2/0-0-5", "2/1-0-5"]
    assert names(folded(showings, "r"), 5_600) == ["slate/0-0-4o", "2/0-0-5", "3/0-0-5"]


def test_lanes_that_meet_list_the_same_from_there_on() -> None:
    showings = [shown(1, 0), shown(2, 2_000, 9_000 // 400 * 400, ["r"]), shown(3, 8_400), shown(4, 20_000, 4_000)]
    national, region = (listed(folded(showings, lane), 60_000) for lane in BOTH)

    for one in (national, region):
        assert [segment.name for segment in one if segment.begins_ms >= 9_600] == [s.name for s in national if s.begins_ms >= 9_600]


def test_the_end_of_the_day_closes_every_lane() -> None:
    lane = folded([shown(1, 0), shown(2, 1_600, 60_000)], "r", ended_ms=6_000)

    assert not lane.listing(5_999).is_complete
    assert lane.listing(6_000).is_complete
    assert [segment.name for segment in closed(lane, 10**9)] == ["slate/0-0-4o", "2/0-0-5", "2/1-0-5", "2/2-0-1"]


def test_a_film_that_was_taken_after_the_end_is_not_shown() -> None:
    lane = folded([shown(1, 0), shown(2, 6_000, 60_000)], "r", ended_ms=6_000)

    assert [stretch.strip for stretch in lane.stretches] == [SLATE]


def test_the_window_is_a_minute() -> None:
    lane = folded([shown(1, 0)], "r")
    listing = lane.listing(300_000)

    window = list(lane.segments(lane.window(listing), listing.place + 1, listing))

    assert WINDOW_MS - 1_600 < sum(segment.duration_ms for segment in window) <= WINDOW_MS


def test_a_part_is_there_or_waited_for_or_that_of_the_next_segment() -> None:
    lane = folded([shown(1, 0), shown(2, 1_600, 60_000)], "r")
    listing = lane.listing(1_600 + 2_000 + 800)

    asked = {(0, None), (0, 9), (1, 4), (1, None), (2, 0), (2, 1), (2, 2), (2, None), (3, 0)}
    assert {each for each in asked if listing.has(*each)} == {(0, None), (0, 9), (1, 4), (1, None), (2, 0), (2, 1)}
    assert folded([shown(1, 0)], "r").listing(1_600).has(0, 4) is False


def test_the_next_part_is_hinted_unless_a_cut_comes() -> None:
    lane = folded([shown(1, 0), shown(2, 4_800, 2_000)], "r")

    assert lane.listing(400).hint is None  # the film is known to come
    assert lane.listing(5_600).hint is None  # and that it ends
    assert lane.listing(8_000).hint == "slate/5-0-1"
    assert lane.listing(8_400).hint == "slate/5-1-2"


TAKES = st.lists(
    st.tuples(GRID, st.sampled_from([0, 0, 2_000, 5_200, 72_400]), st.sampled_from([BOTH, ["national"], ["r"]])), max_size=12
).map(lambda drawn: [shown(1, 0), *(shown(n, *each) for n, each in enumerate(drawn, start=2))])
MOMENT = st.integers(0, 500_000)


@given(TAKES, st.sampled_from(BOTH), MOMENT)
def test_a_lane_has_no_gap_and_no_overlap(showings: list[Showing], name: str, now_ms: int) -> None:
    lane = folded(showings, name)
    segments = listed(lane, now_ms)

    edges = [0, *(segment.ends_ms for segment in segments)]
    assert [segment.begins_ms for segment in segments] == edges[:-1]
    assert [segment.place for segment in segments] == list(range(len(segments)))
    assert edges[-1] <= now_ms < edges[-1] + PART_MS
    assert all(0 < segment.duration_ms <= 2_000 for segment in segments)


@given(TAKES, st.sampled_from(BOTH), MOMENT, MOMENT)
def test_what_was_listed_stays_listed(showings: list[Showing], name: str, earlier_ms: int, later_ms: int) -> None:
    lane = folded(showings, name)
    one, two = sorted((earlier_ms, later_ms))
    before = closed(lane, one)

    assert closed(lane, two)[: len(before)] == before


@given(TAKES, st.sampled_from(BOTH), MOMENT, st.integers(1, 10), st.sampled_from([0, 5_200]))
def test_a_take_changes_nothing_that_was_listed_before_it_was_decided(
    showings: list[Showing], name: str, now_ms: int, ahead: int, film_ms: int
) -> None:
    begins_ms = (now_ms // PART_MS + ahead) * PART_MS
    before = closed(folded(showings, name), now_ms)
    after = closed(folded([*showings, shown(99, begins_ms, film_ms)], name), now_ms)

    assert after[: len(before)] == before


@given(TAKES, MOMENT)
def test_a_segment_of_a_name_is_the_same_in_every_lane(showings: list[Showing], now_ms: int) -> None:
    told: dict[str, tuple[int, int]] = {}
    for lane in BOTH:
        for segment in listed(folded(showings, lane), now_ms):
            assert told.setdefault(segment.name, (segment.begins_ms, segment.duration_ms)) == (segment.begins_ms, segment.duration_ms)


@given(TAKES, st.sampled_from(BOTH), MOMENT)
def test_every_process_and_a_restart_give_the_same_answer(showings: list[Showing], name: str, now_ms: int) -> None:
    copies = [Showing(**showing.model_dump()) for showing in showings]

    assert listed(folded(copies, name), now_ms) == listed(folded(showings, name), now_ms)


@given(TAKES, st.sampled_from(BOTH), MOMENT)
def test_segments_can_be_read_from_anywhere(showings: list[Showing], name: str, now_ms: int) -> None:
    lane = folded(showings, name)
    segments = closed(lane, now_ms)
    begin = len(segments) // 2

    assert list(lane.segments(begin, len(segments))) == segments[begin:]
