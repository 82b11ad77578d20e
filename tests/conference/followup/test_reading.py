"""Needs from a table."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import Refused
from conference.followup import NeedDraft
from conference.followup.reading import ROWS_MOST, needs

GOALS = {"g1": "g1", "trygghet": "g1", "tillsammans": "g2"}


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_table_with_any_mark_between(mark: str) -> None:
    rows = [["Behov", "Källa", "Tema", "Mål", "Vikt", "Annat"], ["Mer tid", "Enkäten", "Arbete", "Trygghet + g1+ Tillsammans", "12", "x"]]
    text = "\ufeff" + "\r\n".join(mark.join(row) for row in rows) + "\n\n"

    assert needs(text, GOALS) == [NeedDraft("Mer tid", "Enkäten", "Arbete", ("g1", "g1", "g2"), 12)]


def test_only_the_need_must_be_there() -> None:
    assert needs("need\nMer tid\n;;\n Fler ", GOALS)[0] == NeedDraft("Mer tid")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=8))
def test_what_a_program_wrote_is_read_back(statements: list[str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([["Behov"], *([one] for one in statements)])

    assert [one.statement for one in needs(text.getvalue(), GOALS)] == [one.strip() for one in statements]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "import.empty"),
        ("Behov;Vikt", "import.empty"),
        ("Vad;Vikt\nx;1", "import.no_such_column"),
        ("Behov;Mål\nx;Lycka", "import.row_wrong"),
        ("Behov;Vikt\nx;många", "import.row_wrong"),
        ("Behov;Vikt\nx;-1", "import.row_wrong"),
        ("Behov;Vikt\nx;٣", "import.row_wrong"),
        ("Behov;Vikt\nx;99999999", "import.row_wrong"),
        ("Behov;Vikt\nx;9999999", "import.row_wrong"),
        ("Behov;Vikt\n;3", "import.row_wrong"),
        ("Behov\n" + "x" * 301, "import.row_wrong"),
        ('Behov;Vikt\n"x;1', "import.unreadable"),
        ("Behov\n" + "x\n" * (ROWS_MOST + 1), "import.too_many"),
    ],
)
def test_what_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        needs(text, GOALS)
    assert refused.value.code == code


def test_the_row_is_named() -> None:
    with pytest.raises(Refused) as refused:
        needs("Behov;Vikt\nx;1\ny;två", GOALS)
    assert refused.value.values == {"row": 3, "what": "två"}
