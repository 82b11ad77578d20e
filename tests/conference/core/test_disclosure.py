from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conference.core.disclosure import Breakdown, Disclosed, Share, disclose, disclose_together, frequent, percent, stepped
from tests.conference.core.attack import consistent, worked_out

GROUPS = ("norr", "sund", "väst", "ingen")
OPTIONS = ("ja", "nej", "vet ej")


def a_table(*rows: tuple[int, ...]) -> Breakdown:
    options = OPTIONS[: len(rows[0])]
    return Breakdown.of({group: dict(zip(options, row, strict=True)) for group, row in zip(GROUPS, rows, strict=False)}, options)


def shown(*rows: tuple[int, ...]) -> dict[str, list[int | None]]:
    """The number of answers and the cells of each group, as shown."""
    return {group: [n, *counts.values()] for group, n, counts in disclose(a_table(*rows)).rows()}


@st.composite
def tables(draw: st.DrawFn, *, groups: int, options: int, largest: int) -> Breakdown:
    """Tables of one option an answer."""
    size = st.integers(0, largest)
    rows = draw(st.lists(st.tuples(*[size] * options), min_size=2, max_size=groups))
    return a_table(*rows)


@st.composite
def tables_of_several(draw: st.DrawFn, *, groups: int, options: int, largest: int) -> Breakdown:
    """Tables in which an answer may hold several options."""
    most = draw(st.integers(2, options))
    answers = st.lists(st.sampled_from(OPTIONS[:options]), min_size=1, max_size=most, unique=True)
    days = draw(st.lists(st.lists(answers, max_size=largest), min_size=2, max_size=groups))
    by_group = dict(zip(GROUPS, days, strict=False))
    counts = {group: {option: sum(option in answer for answer in day) for option in OPTIONS} for group, day in by_group.items()}
    return Breakdown.of(counts, OPTIONS[:options], n={group: len(day) for group, day in by_group.items()}, most=most)


def holds(table: Breakdown, k: int) -> None:
    """Nothing under *k* is shown, and of nothing that is withheld can be told that it is under *k*, beyond what the whole itself tells."""
    figures = disclose(table, k)
    totals = (sum(table.n), *(sum(column) for column in zip(*table.counts, strict=True)))
    assert [figure for row in (figures.n, *figures.counts) for figure in row if figure is not None and figure < k] == []
    small = [found for found in worked_out(table, figures) if found.truth < k and table.n[found.group]]
    assert [found for found in small if found.most < min(k, totals[found.column])] == []


@settings(max_examples=400, deadline=None)
@given(tables(groups=4, options=2, largest=12))
@example(a_table((20, 0), (12, 9)))
@example(a_table((2, 1), (9, 8), (30, 7)))
def test_nothing_under_five_can_be_worked_out(table: Breakdown) -> None:
    holds(table, 5)


@settings(max_examples=100, deadline=None)
@given(tables(groups=4, options=3, largest=5))
def test_nothing_under_three_can_be_worked_out_of_more_options(table: Breakdown) -> None:
    holds(table, 3)


@settings(max_examples=150, deadline=None)
@given(tables_of_several(groups=3, options=2, largest=9))
def test_nothing_can_be_worked_out_when_an_answer_holds_several_options(table: Breakdown) -> None:
    holds(table, 4)


@settings(max_examples=60, deadline=None)
@given(tables_of_several(groups=3, options=3, largest=4))
def test_nothing_can_be_worked_out_when_an_answer_holds_several_of_three_options(table: Breakdown) -> None:
    holds(table, 2)


@st.composite
def two_questions(draw: st.DrawFn, *, groups: int, largest: int) -> tuple[Breakdown, Breakdown]:
    """What the same people of each group said of two things."""
    sizes = draw(st.lists(st.integers(0, largest), min_size=2, max_size=groups))
    splits = [[draw(st.integers(0, n)) for n in sizes] for _question in range(2)]
    first, second = (a_table(*((yes, n - yes) for yes, n in zip(split, sizes, strict=True))) for split in splits)
    return first, second


@settings(max_examples=300, deadline=None)
@given(two_questions(groups=3, largest=7))
@example((a_table((2, 0), (3, 3), (6, 0)), a_table((1, 1), (3, 3), (3, 3))))
def test_nothing_can_be_worked_out_of_two_tables_of_the_same_answers(tables: tuple[Breakdown, Breakdown]) -> None:
    k, shown = 3, disclose_together(tables, k=3)

    assert shown[0].n == shown[1].n
    worlds = [list(consistent(table, figures)) for table, figures in zip(tables, shown, strict=True)]
    sizes = {_sizes(world) for world in worlds[0]} & {_sizes(world) for world in worlds[1]}
    for table, figures, possible in zip(tables, shown, worlds, strict=True):
        together = [world for world in possible if _sizes(world) in sizes]
        assert table.counts in together
        totals = [sum(column) for column in zip(*table.counts, strict=True)]
        hidden = [(group, option) for group, row in enumerate(figures.counts) for option, cell in enumerate(row) if cell is None]
        small = [(group, option) for group, option in hidden if table.counts[group][option] < k and table.n[group]]
        told = [spot for spot in small if max(world[spot[0]][spot[1]] for world in together) < min(k, totals[spot[1]])]
        assert told == []
        few = [group for group, n in enumerate(figures.n) if n is None and 0 < table.n[group] < k]
        assert [group for group in few if max(sum(world[group]) for world in together) < min(k, sum(totals))] == []


def _sizes(world: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(map(sum, world))


@settings(max_examples=200, deadline=None)
@given(tables(groups=4, options=3, largest=30))
def test_a_shown_figure_is_the_true_one(table: Breakdown) -> None:
    figures = disclose(table)
    pairs = [*zip(figures.n, table.n, strict=True), *zip(chain(*figures.counts), chain(*table.counts), strict=True)]
    assert [pair for pair in pairs if pair[0] not in {None, pair[1]}] == []


def test_large_cells_are_all_shown() -> None:
    assert shown((12, 9), (7, 5), (30, 8)) == {"norr": [21, 12, 9], "sund": [12, 7, 5], "väst": [38, 30, 8]}


def test_a_small_cell_takes_others_with_it_so_that_no_sum_gives_it_away() -> None:
    assert shown((30, 20, 3), (25, 9, 12), (40, 22, 11)) == {
        "norr": [53, 30, None, None],
        "sund": [46, 25, None, None],
        "väst": [73, 40, 22, 11],
    }


def test_a_small_group_is_withheld_whole_and_the_next_smallest_with_it() -> None:
    assert shown((30, 20), (25, 29), (9, 8), (2, 1)) == {
        "norr": [50, 30, 20],
        "sund": [54, 25, 29],
        "väst": [None, None, None],
        "ingen": [None, None, None],
    }


def test_a_group_without_answers_gives_nobody_away_and_takes_none_with_it() -> None:
    assert shown((30, 20), (25, 29), (0, 0)) == {"norr": [50, 30, 20], "sund": [54, 25, 29], "väst": [None, None, None]}


def test_when_all_of_a_group_chose_the_same_it_is_not_told() -> None:
    assert shown((20, 0), (15, 16), (14, 18)) == {"norr": [20, None, None], "sund": [31, None, None], "väst": [32, 14, 18]}


def test_two_small_groups_alone_show_nothing() -> None:
    assert shown((3, 1), (1, 2)) == {"norr": [None, None, None], "sund": [None, None, None]}


def test_the_same_table_is_always_shown_the_same_way() -> None:
    assert disclose(a_table((7, 7, 2), (7, 7, 7))) == disclose(a_table((7, 7, 2), (7, 7, 7)))


def test_as_on_the_wire() -> None:
    assert disclose(a_table((8, 9), (0, 0))).by_group() == {
        "norr": {"n": 17, "counts": {"ja": 8, "nej": 9}},
        "sund": {"n": None, "counts": {"ja": None, "nej": None}},
    }


@pytest.mark.parametrize(("n", "cells", "most"), [(5, (3, 1), 1), (5, (6, 0), 2), (3, (3, 3, 3), 2), (4, (-1, 5), 1)])
def test_counts_that_cannot_be_are_our_own_mistake(n: int, cells: tuple[int, ...], most: int) -> None:
    with pytest.raises(ValueError, match="answers"):
        Breakdown(("norr",), OPTIONS[: len(cells)], (n,), (cells,), most)


def test_an_empty_breakdown_shows_nothing() -> None:
    assert disclose(Breakdown((), (), (), ())) == Disclosed((), (), (), ())


def test_a_share_carries_what_it_is_a_share_of() -> None:
    assert Share(371, 412, "svar").shown() == {"percent": 90, "count": 371, "n": 412, "base": "svar", "between": (87, 93)}
    assert Share(None, 412, "svar").shown() == {"percent": None, "count": None, "n": 412, "base": "svar", "between": None}
    assert Share(0, 0, "svar").percent is None


def test_percent_rounds_halves_upwards() -> None:
    assert [percent(1, 8), percent(1, 3), percent(2, 3), percent(0, 7), percent(7, 7)] == [13, 33, 67, 0, 100]


def test_rare_words_are_withheld() -> None:
    assert frequent({"tid": 9, "vård": 5, "Anna": 4}) == {"tid": 9, "vård": 5}


def test_an_open_poll_is_shown_in_steps_of_five_until_twenty() -> None:
    assert [stepped(n) for n in (0, 4, 5, 9, 19, 20, 21)] == [0, 0, 5, 5, 15, 20, 21]
