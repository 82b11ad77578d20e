"""How times, numbers and shares are said on a page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from web.phrasing import FILTERS, drift, drift_in_words, join_code, minutes_of, minutes_until, number, sentence, share
from web.render import Renderer

NINE = datetime(2026, 11, 18, 8, 56, tzinfo=UTC)  # 9.56 in Stockholm


def said(template: str, **context: Any) -> str:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    return environment.from_string(template).render(context)


def test_a_time_is_said_as_the_reader_says_it() -> None:
    assert said("{{ at | clock }}", at=NINE) == "9.56"
    assert said("{{ at | clock }}", at=NINE, lang="en") == "9:56"


def test_a_time_may_come_as_text_and_a_missing_one_is_nothing() -> None:
    assert said("{{ '2026-11-18T08:56:00Z' | clock }}") == "9.56"
    assert not said("{{ none | clock }}")


def test_a_day_elsewhere_has_its_own_zone() -> None:
    assert said("{{ at | clock }}", at=NINE, zone="Europe/Helsinki") == "10.56"


def test_a_date_is_said_in_words() -> None:
    assert said("{{ at | long_date }}", at=NINE) == "onsdag 18 november 2026"
    assert said("{{ at | day_of_month }} {{ at | month_and_year }}", at=NINE) == "18 november 2026"


def test_the_english_text_stands_beside_the_swedish() -> None:
    thing = {"title": "Öppning", "title_en": "Opening", "help": "Välj ett."}

    assert said("{{ thing | said('title') }}", thing=thing) == "Öppning"
    assert said("{{ thing | said('title') }}, {{ thing | said('help') }}", thing=thing, lang="en") == "Opening, Välj ett."


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (2310, "2\N{NO-BREAK SPACE}310"), (5.9, "5,9"), (None, "")])
def test_numbers_are_said_in_groups(value: float | None, text: str) -> None:
    assert number(value) == text


def test_a_decimal_is_said_as_the_reader_says_it() -> None:
    assert [said("{{ 2310.5 | number }}", lang=lang) for lang in ("sv", "en")] == ["2\N{NO-BREAK SPACE}310,5", "2\N{NO-BREAK SPACE}310.5"]


@pytest.mark.parametrize(("count", "base", "percent"), [(0, 0, 0), (1, 8, 13), (371, 412, 90), (5, 5, 100)])
def test_shares_are_rounded_halves_upwards(count: int, base: int, percent: int) -> None:
    assert share(count, base) == percent


def test_the_small_ones() -> None:
    assert join_code("482177") == "482\N{NO-BREAK SPACE}177"
    assert join_code("48") == "48"
    assert minutes_until("2026-11-18T08:00:00Z", "2026-11-18T08:20:00Z") == 20
    assert sentence("bra eller mycket bra") == "Bra eller mycket bra"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Nationella e-hälsodagen", 'Nationella <span class="nowrap">e-hälsodagen</span>'),
        ("e-health, e-post & <b>", '<span class="nowrap">e-health</span>, <span class="nowrap">e-post</span> &amp; &lt;b&gt;'),
        ("Hälso- och sjukvård, IT-stöd", "Hälso- och sjukvård, IT-stöd"),
    ],
)
def test_a_single_letter_and_the_word_it_belongs_to_stay_on_one_line(title: str, shown: str) -> None:
    assert said("{{ title | unbroken }}", title=title) == shown


def test_one_of_something_is_said_as_one_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text('{{ ngettext("%(n)s skärm med en person", "%(n)s skärmar med en person", n, n=n | number) }}')
    pages = Renderer([tmp_path])

    assert [pages.text("one.html", "sv", {"n": n}) for n in (1, 2)] == ["1 skärm med en person", "2 skärmar med en person"]
    assert [pages.text("one.html", "en", {"n": n}) for n in (1, 0)] == ["1 screen with one person", "0 screens with one person"]


def test_how_far_off_plan_is_said_as_people_say_it() -> None:
    assert [minutes_of(seconds) for seconds in (None, 29, 30, -29, -30, -20_280)] == [0, 0, 1, 0, -1, -338]
    assert [drift(minutes).replace("\xa0", " ") for minutes in (0, 3, -338)] == ["0", "+3", "\N{MINUS SIGN}5 h 38"]
    assert [drift_in_words(minutes).replace("\xa0", " ") for minutes in (3, -3, -338)] == ["+3 min", "3 min", "5 h 38 min"]
