from __future__ import annotations

import pytest

from conference.core.sheets import WITHHELD, Sheet, disclosed


def test_a_withheld_figure_is_not_an_empty_cell() -> None:
    assert [disclosed(None), disclosed(0), disclosed(7)] == [WITHHELD, 0, 7]


def test_a_row_of_another_length_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Sheet("Röster", ("Region", "Svar"), (("Norrvik",),))
