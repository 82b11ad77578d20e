"""Waves beside each other: what they say of how they may be compared."""

from __future__ import annotations

from typing import Any

from conference.core.disclosure import Share
from polls.surveys.waves import beside


def a_wave(months: int | None, yes: int, n: int, *, version: int = 1, preliminary: bool = False) -> dict[str, Any]:
    """A survey of one question, as the report has it."""
    rows = [{"option": "yes", "text": "Ja"}, {"option": "no", "text": "Nej"}]
    question: dict[str, Any] = {"question": "steg", "version": version, "title": "Steg?", "title_en": "Step?", "rows": rows}
    question["share"] = {**Share(yes, n, "svar").shown(), "text": "Ja", "text_en": "Yes"}
    return {"months": months, "preliminary": preliminary, "mailed": 2 * n, "questions": [question, {"question": "fritext"}]}


def told(*surveys: dict[str, Any]) -> list[tuple[Any, ...]]:
    [question] = beside(surveys)
    names = ("months", "mailed", "breaks", "change", "carried")
    return [(*(one[name] for name in names), one["share"]["percent"]) for one in question["waves"]]


def test_each_stands_beside_the_one_before_with_what_the_answers_carry() -> None:
    assert told(a_wave(12, 60, 80), a_wave(None, 1, 2), a_wave(3, 20, 80), a_wave(6, 22, 80)) == [
        (3, 160, False, None, False, 25),
        (6, 160, False, 3, False, 28),
        (12, 160, False, 47, True, 75),
    ]


def test_nothing_is_compared_over_other_words_with_no_answers_or_while_one_is_open() -> None:
    assert told(a_wave(3, 20, 80), a_wave(6, 22, 80, version=2), a_wave(12, 60, 80, version=2, preliminary=True)) == [
        (3, 160, False, None, False, 25),
        (6, 160, True, None, False, 28),
        (12, 160, False, None, False, 75),
    ]
    assert told(a_wave(3, 0, 0), a_wave(6, 22, 80))[1] == (6, 160, False, None, False, 28)
    assert beside([a_wave(None, 1, 2)]) == []
