from __future__ import annotations

import pytest

from conference.core.sheets import WITHHELD, Said, Sheet, disclosed


def test_a_withheld_figure_is_not_an_empty_cell() -> None:
    assert [disclosed(None), disclosed(0), disclosed(7)] == [WITHHELD, 0, 7]


def test_our_own_words_are_said_in_the_readers_language_and_what_stands_in_them_as_it_was_written() -> None:
    cell = Said("%(option)s: poäng", {"option": "100 % tid: poäng"})

    assert (cell.said(str), cell.said({"%(option)s: poäng": "%(option)s: points"}.__getitem__)) == (
        "100 % tid: poäng: poäng",
        "100 % tid: poäng: points",
    )
    assert Said("100 %").said(str) == "100 %"


def test_a_row_of_another_length_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Sheet("Röster", ("Region", "Svar"), (("Norrvik",),))
