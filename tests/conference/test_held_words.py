"""Whether a text has a word of a list in it, however it is written."""

from __future__ import annotations

import unicodedata

import pytest

from conference.held_words import has_word
from polls.sorting import holds


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Din idiot!", True),
        ("IDIOTERNA", True),
        ("idi\u200bot", True),
        (unicodedata.normalize("NFD", "håll käften"), True),
        ("håll  käften, tack", True),
        ("käften håll", False),
        ("fantastiskt", False),
        ("Fan.", True),
        ("", False),
    ],
)
def test_chat_and_polls_find_the_same(text: str, has: bool) -> None:
    words = ("fan", "håll käften", "idiot*")

    assert (has_word(words, text), holds(words, text)) == (has, has)


def test_in_a_poll_a_sign_that_is_no_word_can_be_held_too() -> None:
    assert (holds(("👎",), "👎"), has_word(("👎",), "👎"), holds(("",), "hej")) == (True, False, False)
