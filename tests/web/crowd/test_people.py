from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import web
from web.crowd.people import LARGEST, SMALLEST, guests
from web.crowd.script import Script

KIT = Path(web.__path__[0]).parent / "conference" / "library" / "kits" / "national"


@pytest.fixture(scope="module")
def script() -> Script:
    return Script.read(KIT)


def test_every_fourth_screen_is_a_group_and_the_regions_have_equally_many(script: Script) -> None:
    found = guests(script, 40, seed=1)

    groups = [guest for guest in found if guest.people > 1]
    assert (len(found), len(groups)) == (40, 10)
    assert all(SMALLEST <= guest.people <= LARGEST for guest in groups)
    assert all((guest.who.name or "").endswith(f", {guest.people} vid skärmen") for guest in groups)
    assert max(Counter(guest.region for guest in found).values()) <= 15
    assert {guest.region for guest in found} == set(script.regions)
    assert {guest.affiliation for guest in found} == {"region", "kommun"}


def test_a_seed_makes_the_same_people_and_another_one_others(script: Script) -> None:
    assert guests(script, 40, seed=1) == guests(script, 40, seed=1) != guests(script, 40, seed=2)


@pytest.mark.parametrize("count", [1, 3, 40, 300])
def test_everything_in_the_chatter_is_said_once_however_many_there_are(script: Script, count: int) -> None:
    found = guests(script, count, seed=1)

    said = Counter(saying.id for guest in found for saying in guest.lines)
    assert said == Counter(saying.id for saying in script.sayings if not saying.staff)
    if count >= 3:
        assert all(saying.region == guest.region for guest in found for saying in guest.lines)


def test_a_line_about_us_seven_is_said_by_a_group(script: Script) -> None:
    found = guests(script, 40, seed=1)

    assert all(guest.people > 1 for guest in found for saying in guest.lines if saying.people > 1)


def test_nobody_is_there_when_nobody_is_wanted(script: Script) -> None:
    assert guests(script, 0, seed=1) == []


def test_other_regions_stand_for_those_of_the_kit(script: Script) -> None:
    found = guests(script, 20, seed=1, regions=["r-a", "r-b"])

    assert {guest.region for guest in found} == {"r-a", "r-b"}
    assert sum(len(guest.lines) for guest in found) == sum(not saying.staff for saying in script.sayings)


def test_without_regions_everybody_is_national(script: Script) -> None:
    assert {guest.region for guest in guests(script, 5, seed=1, regions=[])} == {None}
