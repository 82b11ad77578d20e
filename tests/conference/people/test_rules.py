from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.people import rules
from conference.people.events import PersonChanged
from conference.people.rules import About
from conference.people.tables import Link, Person, Session
from tests.conftest import NINE


def a_person(**about: object) -> Person:
    return rules.sign_in("d", "p1", dict(about), at=NINE)


def a_link(**about: Any) -> Link:
    return Link(token_hash="h", kind="mail", **{"day": "d", **about})


def test_what_is_not_told_is_not_touched() -> None:
    assert rules.told(About(), at=NINE) == {}
    assert rules.told(About(name=None, people=1), at=NINE) == {"name": None, "people": 1, "told_at": NINE}


def test_names_are_tidied() -> None:
    assert rules.told(About(name="  Kim \t Ek ", affiliation=" kommun "), at=NINE) == {"name": "Kim Ek", "affiliation": "kommun"}


@pytest.mark.parametrize("people", [1, 300])
def test_a_screen_has_one_to_three_hundred_people(people: int) -> None:
    assert rules.told(About(people=people), at=NINE) == {"people": people, "told_at": NINE}


@pytest.mark.parametrize("people", [-1, 0, 301, 10**30])
def test_a_screen_with_fewer_or_more_is_refused(people: int) -> None:
    with pytest.raises(Refused) as refused:
        rules.told(About(people=people), at=NINE)
    assert refused.value == Refused("screen.count_out_of_range", "", most=300)


def test_a_change_is_an_event_of_what_stands_after_it() -> None:
    changed = rules.change(a_person(name="Kim", people=2), {"region": "r1", "people": 2}, at=NINE)

    assert changed
    assert (changed[0].region, changed[0].people) == ("r1", 2)
    assert changed[1] == PersonChanged(day="d", at=NINE, person="p1", roles=[], region="r1", lane="r1", people=2)


def test_no_change_is_no_event() -> None:
    assert rules.change(a_person(name="Kim"), {"name": "Kim", "region": None}, at=NINE) is None


def test_telling_that_one_is_one_is_a_change_from_telling_nothing() -> None:
    changed = rules.change(a_person(), {"people": 1}, at=NINE)

    assert changed
    assert changed[0].people == 1


def test_the_lane_is_the_regions_or_the_countrys() -> None:
    assert [rules.lane_of(None), rules.lane_of("r1")] == ["national", "r1"]


def test_a_session_is_for_its_day_until_it_ends() -> None:
    session = Session(token_hash="h", day="d", person="p1", created_at=NINE)

    assert rules.still_open(session, "d") is session
    for gone in (None, rules.end(session, at=NINE)):
        with pytest.raises(Refused, match=r"person\.signed_out"):
            rules.still_open(gone, "d")
    with pytest.raises(Refused, match=r"person\.signed_out"):
        rules.still_open(session, "other")


def test_a_used_link_says_when() -> None:
    assert rules.use_link(a_link(), "d", at=NINE).used_at == NINE
    assert rules.use_link(a_link(used_at=NINE, reusable=True), "d", at=NINE + timedelta(1)).used_at == NINE + timedelta(1)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (None, "link.no_such"),
        (a_link(day="other"), "link.no_such"),
        (a_link(expires_at=NINE), "link.expired"),
        (a_link(expires_at=NINE, reusable=True), "link.expired"),
        (a_link(used_at=NINE), "link.used"),
    ],
)
def test_a_link_that_does_not_work_says_why(link: Link | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.use_link(link, "d", at=NINE)
    assert refused.value == Refused(code, "")


def test_who_is_erased_keeps_id_and_count() -> None:
    erased = rules.erase(a_person(name="Kim", affiliation="kommun", region="r1", people=7))

    assert (erased.person, erased.name, erased.named, rules.erase(erased)) == ("p1", None, True, erased)
    assert (erased.affiliation, erased.region, erased.people) == ("kommun", "r1", 7)
    assert rules.erase(a_person(name=None)).named is False
