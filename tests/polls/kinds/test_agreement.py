"""The agreement A of van der Eijk (2001): known values, and what it must hold for any answers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls.kinds import Question, ends_of
from polls.kinds.agreement import agreement
from tests.polls.kinds.asked import STATEMENTS

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=10).filter(any)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 0, 0, 0, 0], Fraction(1)),
        ([2, 2, 2, 2, 2], Fraction(0)),
        ([5, 0, 0, 0, 5], Fraction(-1)),
        ([0, 0, 0, 5, 5], Fraction(3, 4)),
        ([30, 40, 210, 130, 530, 50, 10], Fraction(917, 1500)),  # 0.6113, as the R package agrmt has it
        ([3, 0], Fraction(1)),
        ([0, 0, 0], None),
    ],
)
def test_known_values(counts: list[int], expected: Fraction | None) -> None:
    assert agreement(counts) == expected


@given(COUNTS, st.integers(1, 5))
def test_it_lies_between_the_ends_and_knows_neither_direction_nor_size(counts: list[int], times: int) -> None:
    found = agreement(counts)

    assert found is not None
    assert -1 <= found <= 1
    assert agreement(counts[::-1]) == found == agreement([times * count for count in counts])


def test_a_statement_with_a_withheld_step_or_under_five_answers_is_neither_agreed_nor_divided() -> None:
    whole: dict[str, int | None] = {"a:1": 9, "b:1": 6, "b:4": 6}

    assert ends_of(STATEMENTS, whole) == {"agreed": "a", "divided": "b"}
    assert ends_of(STATEMENTS, {**whole, "a:2": None}) == {}
    assert ends_of(STATEMENTS, {"a:1": 4, "b:1": 6, "b:4": 6}) == {}
    assert ends_of(Question("q", "scale", "?", steps=4), {}) == {}
