"""A kit's programme as the rows of a day, and what regions are given that have nothing of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from conference import Made, NewDay
from conference.core.errors import Refused
from conference.fill import filled
from conference.kit import make_day
from conference.library.shapes import Fill, FilmOfKit, ItemOfKit
from tests.conference.days import DATE, DAY, PLANNED, the_kit


def made(**new: Any) -> Made:
    return make_day(the_kit(), NewDay(date=DATE, **new), "123456")


def lanes(day: Made, block: str) -> dict[str, list[str]]:
    """Each lane's items in a block."""
    found: dict[str, list[str]] = {}
    for item in day.items:
        if item.block == block:
            found.setdefault(item.lane, []).append(item.item)
    return found


def test_a_day_has_its_kits_texts_and_its_own_times() -> None:
    day = made().day

    assert (day.day, day.title, day.state, day.join_code) == (DAY, "Nationella e-hälsodagen", "draft", "123456")
    assert (day.planned_starts_at, day.planned_ends_at) == (PLANNED, PLANNED + timedelta(hours=6))
    assert (day.evaluation, day.needs_survey, day.registration) == ("ev-deltagare", "needs-fore", "form-anmalan")
    assert [goal["id"] for goal in day.goals] == ["individual", "information", "security", "together"]


def test_everything_stands_once_in_a_common_block() -> None:
    assert lanes(made(), "b1") == {"national": ["i-valkommen", "i-oppning", "i-nulage", "i-fyramal", "i-hemma"]}


def test_a_region_gets_its_own_items_in_a_regional_block_and_else_the_fill() -> None:
    fill = ["i-r1-film", "i-r1-glapp", "i-r1-samtal"]

    assert lanes(made(), "b2") == {
        "national": [f"{name}@national" for name in fill],
        "r-norrvik": ["i-norrvik-1"],
        "r-sundmark": ["i-sundmark-1", "i-sundmark-2"],
        "r-vastero": [f"{name}@r-vastero" for name in fill],
    }


def test_regions_that_the_kit_does_not_know_are_light() -> None:
    day = made(regions=[("lan-10", "Region Blekinge"), ("r-norrvik", "Norrvik")])

    assert [(region.region, region.name, region.mode) for region in day.regions] == [
        ("lan-10", "Region Blekinge", "light"), ("r-norrvik", "Norrvik", "studio"),
    ]  # fmt: skip
    assert set(lanes(day, "b6")) == {"national", "lan-10", "r-norrvik"}
    assert lanes(day, "b6")["lan-10"][0] == "i-r2-ideer@lan-10"
    assert {source.source for source in day.sources} == {"src-studio", "src-bilder", "src-lank", "src-norrvik"}
    assert {one.scope for one in day.contributors} == {"national", "r-norrvik"}


def test_a_day_may_have_no_regions_at_all() -> None:
    assert lanes(made(regions=[]), "b2") == {"national": ["i-r1-film@national", "i-r1-glapp@national", "i-r1-samtal@national"]}


def test_a_region_must_have_an_id_that_fits_an_address() -> None:
    with pytest.raises(Refused, match=r"name\.wrong"):
        made(regions=[("../x", "X")])


def test_a_shorter_day_is_made_from_a_template() -> None:
    day = made(template="t-webbinarium", day="d-web")

    assert (day.day.title, day.day.planned_starts_at, day.day.planned_ends_at) == (
        "Webbinarium", PLANNED + timedelta(hours=4), PLANNED + timedelta(hours=5),
    )  # fmt: skip
    assert [item.item for item in day.items] == ["i-web-start", "i-web-film", "i-web-forelasning", "i-web-panel", "i-web-slut"]
    assert day.items[0].contributor_roles == ["Moderator"]
    with pytest.raises(Refused, match=r"kit\.no_such_template"):
        made(template="t-x")


def a_film(name: str, *goals: str, kind: str = "learning-example") -> FilmOfKit:
    return FilmOfKit(
        format=1, id=name, title=name.upper(), language="sv", kind=kind, seconds=60, licence="CC BY 4.0", goals=goals, summary="Om"
    )


def a_fill(*, not_shown_today: bool = True) -> ItemOfKit:
    item = next(item for item in the_kit().items if item.id == "i-r1-film")
    return ItemOfKit(
        **{name: getattr(item, name) for name in item.__struct_fields__ if name != "fill"},
        fill=Fill(choose="film", by="goals", fallback="film-stod", not_shown_today=not_shown_today),
    )


FILMS = {film.id: film for film in (
    a_film("film-dagen", "security", kind="instruction"), a_film("film-stod", "information"), a_film("film-trygg", "security", "together"),
)}  # fmt: skip


def test_the_fill_is_the_film_that_fits_a_regions_goals_best() -> None:
    item = filled(a_fill(), ["security"], FILMS, set())

    assert (item.film, item.title, item.description) == ("film-trygg", "Lärande exempel: FILM-TRYGG", "Om")
    assert [cue.args["film"] for cue in item.cues if cue.do == "play_film"] == ["film-trygg"]


def test_a_film_that_the_lane_has_seen_is_not_shown_again_unless_nothing_else_fits() -> None:
    assert filled(a_fill(), ["security"], FILMS, {"film-trygg"}).film == "film-stod"  # the fallback
    assert filled(a_fill(not_shown_today=False), ["security"], FILMS, {"film-trygg"}).film == "film-trygg"


def test_without_goals_of_its_own_a_region_is_given_what_the_item_is_about() -> None:
    assert filled(a_fill(), [], FILMS, set()) == a_fill()


def test_the_kits_own_light_region_is_filled_with_a_film_nobody_has_seen() -> None:
    films = {item.lane: item.film for item in made().items if item.kit_item == "i-r1-film"}

    assert films == {"national": "film-stod", "r-vastero": "film-stod"}


def test_a_kit_whose_times_are_no_times_is_refused() -> None:
    kit = the_kit()
    broken = replace(kit, day=type(kit.day)(id="d-x", title="X", starts="nio", ends="15.00", timezone="Europe/Stockholm"))

    with pytest.raises(Refused, match=r"kit\.tampered"):
        make_day(broken, NewDay(date=DATE), "123456")
