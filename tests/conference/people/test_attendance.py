from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.people.attendance import SECOND_EACH, Figures, OfRegion, Quarter, Screen, by_region, figures, over_time
from conference.people.beats import Beat, added, noted
from conference.people.blocks import InBlock, Span, followed

QUARTER = (1 << 15) - 1


def screens(many: int, people: int | None = None, *, region: str | None = None, named: bool = False, bits: int = QUARTER) -> list[Screen]:
    return [Screen(region, people, named, bits)] * many


def bits(first: int, last: int) -> int:
    return Beat("d", "p", first, last).bits


@pytest.mark.parametrize(
    ("first", "last", "minutes"),
    [(0, 0, [0]), (3, 5, [3, 4, 5]), (-9, 1, [0, 1]), (5, 3, []), (1439, 9999, [1439]), (2000, 3000, []), (-5, -1, [])],
)
def test_a_beat_is_a_bit_for_each_minute(first: int, last: int, minutes: list[int]) -> None:
    assert bits(first, last) == sum(1 << minute for minute in minutes)


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)), max_size=8))
def test_beats_add_up_to_the_minutes_there_were(beats: list[tuple[int, int]]) -> None:
    stored = b""
    for first, last in beats:
        stored = added(stored, bits(first, last))

    there = {minute for first, last in beats for minute in range(first, last + 1)}
    assert int.from_bytes(stored, "little") == sum(1 << minute for minute in there)
    assert len(stored) <= 180


def test_it_takes_fifteen_minutes_to_take_part_and_they_need_not_follow_each_other() -> None:
    assert [Screen(None, None, named=False, bits=some).took_part for some in (QUARTER >> 1, QUARTER, QUARTER >> 5 << 5 | 31 << 100)] == [
        False,
        True,
        True,
    ]


def test_the_figures_of_a_national_day() -> None:
    day = [*screens(1012, 1, named=True), *screens(268, 6), *screens(30, 5), *screens(176), *screens(50, 9, bits=1)]

    whole = figures(day)

    assert whole == Figures(devices=1486, named=1012, alone=1012, groups=298, group_people=1758, untold=176)
    assert (whole.low, whole.about, whole.high, whole.group_mean) == (2828, 2887, 3808, 5.9)


def test_without_groups_both_bounds_are_the_same() -> None:
    whole = figures([*screens(3, 1), *screens(4)])

    assert (whole.low, whole.high, whole.group_mean) == (7, 7, None)


def test_nobody_is_nobody() -> None:
    assert (asdict(figures([])), figures([]).low, figures([]).high) == (
        {"devices": 0, "named": 0, "alone": 0, "groups": 0, "group_people": 0, "untold": 0, "paired": 0, "silent": 0, "anew": 0},
        0,
        0,
    )


@given(st.lists(st.one_of(st.none(), st.integers(1, 300)), max_size=30))
def test_low_is_never_more_than_high_and_little_less_than_the_screens(people: list[int | None]) -> None:
    whole = figures([Screen(None, some, named=False, bits=QUARTER) for some in people])

    assert len(people) == whole.devices == whole.alone + whole.groups + whole.untold
    assert whole.devices - whole.lone // SECOND_EACH <= whole.low <= whole.about <= whole.high


def test_the_split_per_region() -> None:
    day = [
        *screens(20, 1, region="r1"),
        *screens(10, region="r1"),
        *screens(10, 4, region="r2"),
        *screens(8, region="r2"),
        *screens(9, 1),
        *screens(6),
    ]

    assert by_region(day, ["r1", "r2"]) == [
        OfRegion("r1", 30, 27, 60),
        OfRegion("r2", 18, 48, 72),
        OfRegion("national", 15, 14, 33),
    ]


def test_a_small_region_is_not_told_nor_to_be_reckoned() -> None:
    day = [*screens(20, 1, region="r1"), *screens(12, 1, region="r2"), *screens(3, 2, region="r3"), *screens(40, 1)]

    assert by_region(day, ["r1", "r2", "r3"]) == [
        OfRegion("r1", 20, 18, 20),
        OfRegion("r2", None, None, None),
        OfRegion("r3", None, None, None),
        OfRegion("national", 40, 36, 40),
    ]


def test_a_high_bound_that_would_tell_of_few_screens_is_withheld() -> None:
    day = [*screens(20, 3, region="r1"), *screens(2, region="r1"), *screens(20, 3, region="r2"), *screens(9, region="r2")]

    assert by_region(day, ["r1", "r2"]) == [
        OfRegion("r1", 22, 62, None),
        OfRegion("r2", 29, 69, None),
        OfRegion("national", None, None, None),
    ]


def test_the_curve_of_the_day_has_everybody_who_was_there() -> None:
    day = [*screens(2, 5, bits=bits(0, 14)), *screens(1, bits=bits(14, 15)), *screens(1, 1, bits=bits(50, 50))]

    assert over_time(day) == [Quarter(0, 3, 11), Quarter(15, 1, 1), Quarter(30, 0, 0), Quarter(45, 1, 1)]
    assert over_time([]) == []


def test_a_lone_screen_without_any_sign_of_somebody_is_at_most_one() -> None:
    silent = [Screen(None, people, named=False, bits=QUARTER, alive=0) for people in (1, None, 1)]
    day = [*screens(2, 1), *silent, Screen(None, 9, named=False, bits=QUARTER, alive=0)]

    whole = figures(day)

    assert whole == Figures(devices=6, named=0, alone=4, groups=1, group_people=9, untold=1, silent=3)
    assert (whole.low, whole.about, whole.high) == (11, 11, 22)


def test_a_high_bound_that_would_tell_of_few_silent_screens_is_withheld() -> None:
    silent = [Screen("r1", 1, named=False, bits=QUARTER, alive=0)] * 2
    day = [*screens(20, 1, region="r1"), *silent, *screens(20, 1, region="r2")]

    assert by_region(day, ["r1", "r2"])[:2] == [OfRegion("r1", 22, 18, None), OfRegion("r2", 20, 18, None)]


def test_a_group_that_changes_is_as_many_as_stayed_for_a_quarter() -> None:
    day = [Screen(None, 4, named=False, bits=bits(0, 59), sizes=sizes) for sizes in (((0, None), (10, 8), (40, 4)), ((0, 4), (50, 30)))]

    assert [screen.crowd for screen in day] == [8, 4]
    assert [screen.stayed(bits(0, 59), 60) for screen in day] == [4, 4]
    assert [screen.stayed(bits(30, 59), 1) for screen in day] == [8, 30]


def test_what_was_told_is_kept_with_the_minute_it_was_noted_in() -> None:
    row: dict[str, object] | None = None
    for last, people, alive in ((0, None, False), (1, None, True), (2, 8, False), (3, 8, False), (4, 6, True)):
        row = noted(row, Beat("d", "p", last, last, alive), people)

    assert row == {"minutes": b"\x1f", "alive": b"\x12", "sizes": [[0, None], [2, 8], [4, 6]]}


def test_a_screen_whose_client_tells_no_signs_is_not_judged_by_their_absence() -> None:
    unheard = noted(noted(None, Beat("d", "p", 0, 20), 1), Beat("d", "p", 21, 22), 1)
    heard = [noted(unheard, Beat("d", "p", 23, 23, alive), 1)["alive"] for alive in (True, False, None)]

    assert unheard["alive"] is None
    assert heard == [(1 << 23).to_bytes(3, "little"), b"", None]
    assert [Screen(None, 1, named=False, bits=QUARTER, alive=alive).is_silent() for alive in (None, 0, 1)] == [False, True, False]


def test_a_block_counts_those_who_were_there_for_half_of_it() -> None:
    block = Span("b", "common", "Block", None, 0, 29)
    day = [
        *screens(20, 1, bits=bits(0, 29)),
        *screens(3, 1, bits=bits(0, 9)),  # too short
        Screen(None, 4, named=False, bits=bits(0, 29), sizes=((0, 8), (20, 4))),
        *[Screen(None, None, named=False, bits=bits(0, 29), alive=alive) for alive in (0, 1 << 40, 1 << 10)],
        Screen(None, 1, named=False, bits=bits(0, 29), person="phone", at="table"),
        Screen(None, 5, named=False, bits=bits(0, 29), person="table", alive=0),
    ]

    assert followed(day, [block, Span("later", "regional", "Sen", None, 60, 89)]) == [
        InBlock("b", "common", "Block", None, 25, 4 + 5 + 21 - 2, 8 + 5 + 22 - 1, 8 + 5 + 20 + 3 + 17),
    ]
