"""Links and roles in what people write, on the server; in the browser the same vectors hold: tests/web/scripts/test_talk.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.talk_text import pieces

VECTORS: list[dict[str, Any]] = msgspec.json.decode((Path(__file__).parents[1] / "talk_vectors.json").read_bytes())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_addresses_of_the_web_and_roles_are_found_and_nothing_else(vector: dict[str, Any]) -> None:
    assert [list(piece) for piece in pieces(vector["text"])] == vector["pieces"]


@given(st.text() | st.lists(st.sampled_from(["https://", "a.se", "@", "moderator", " ", "[", "\\", "å", ".", "\u202e"])).map("".join))
def test_no_letter_is_lost_and_every_link_goes_to_the_web(text: str) -> None:
    found = pieces(text)

    assert "".join(piece.text for piece in found) == text
    assert [one.text for one in found if one.kind == "link" and not one.text.lower().startswith(("http://", "https://"))] == []
