"""Until when what is held, and what may be signed when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conference.core.columns import Kept
from conference.core.errors import Refused
from conference.followup.keeping import DateSet, DisposalSigned, rules
from conference.followup.keeping.rules import LONGEST, RULES, Standing
from conference.followup.keeping.tables import Disposal
from conference.tables import Day

ENDED = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight in Stockholm, on the 23rd
DAY = date(2026, 11, 22)


def a_day(**fields: Any) -> Day:
    about = {"day": "d", "series": "s", "kit": "k", "kit_version": 1, "kit_folder": "", "title": "Dagen", "date": DAY}
    times = dict.fromkeys(("planned_starts_at", "planned_ends_at", "starts_at", "ends_at", "ended_at"), ENDED)
    return Day(**{**about, **times, "timezone": "Europe/Stockholm", "join_code": "1", "state": "ended", **fields})


def standing(**fields: Any) -> Standing:
    return Standing(**{"dates": {}, "figures_at": ENDED, "boxes_open": False, "last": None, **fields})


def protocol(done_at: datetime | None) -> Disposal:
    return Disposal(day="d", disposal=1, kinds=["ballot"], figures=1, held={}, by="a", name="Anna", signed_at=ENDED, done_at=done_at)


def test_every_kind_of_data_has_a_rule_and_each_a_reason() -> None:
    assert set(RULES) == set(Kept)
    assert [kind for kind, rule in RULES.items() if not rule.what or not rule.why] == []


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (Kept.PERSON, date(2026, 12, 23)),
        (Kept.SPEECH, date(2027, 2, 21)),
        (Kept.BALLOT, date(2027, 11, 23)),
        (Kept.ANSWER, date(2027, 11, 23)),
        (Kept.OWNER, date(2029, 11, 22)),
        (Kept.RESULT, None),
        (Kept.AUDIT, None),
    ],
)
def test_the_defaults_count_from_the_end_of_the_day_by_its_own_calendar(kind: Kept, first: date | None) -> None:
    assert rules.until(RULES[kind], a_day()) == first


def test_a_date_that_was_chosen_goes_before_the_rule_and_a_day_that_goes_on_has_none() -> None:
    assert rules.until(RULES[Kept.PERSON], a_day(), date(2026, 12, 1)) == date(2026, 12, 1)
    assert rules.until(RULES[Kept.PERSON], a_day(ended_at=None)) is None
    assert rules.until(RULES[Kept.PERSON], a_day(ended_at=None), DAY) == DAY


@pytest.mark.parametrize("until", [DAY, DAY + LONGEST])
def test_a_date_from_the_day_on_is_taken(until: date) -> None:
    assert rules.set_date(a_day(), "speech", until, "2026/117", at=ENDED) == DateSet(day="d", at=ENDED, kind="speech", until=until)


@pytest.mark.parametrize(
    ("kind", "until", "decision", "code"),
    [
        ("speech", DAY - timedelta(days=1), "", "date.out_of_range"),
        ("speech", DAY + LONGEST + timedelta(days=1), "", "date.out_of_range"),
        ("speech", DAY, "x" * 61, "text.too_long"),
        ("result", DAY, "", "kind.no_such"),
        ("secret", DAY, "", "kind.no_such"),
        ("nothing", DAY, "", "kind.no_such"),
    ],
)
def test_other_dates_are_refused(kind: str, until: date, decision: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.set_date(a_day(), kind, until, decision, at=ENDED)
    assert refused.value.code == code


def test_what_is_due_can_be_signed() -> None:
    on_the_day = datetime(2026, 12, 22, 23, 0, tzinfo=UTC)  # midnight in Stockholm: the 23rd begins

    signed = rules.sign(a_day(), ["person"], "Anna", standing(), at=on_the_day)
    after = rules.sign(a_day(), ["person"], "Anna", standing(last=protocol(ENDED)), at=on_the_day)

    assert signed == DisposalSigned(day="d", at=on_the_day, disposal=1, kinds=["person"])
    assert after.disposal == 2


@pytest.mark.parametrize(
    ("day", "kinds", "name", "found", "code"),
    [
        ({}, [], "Anna", {}, "text.empty"),
        ({}, ["person"], "", {}, "text.empty"),
        ({}, ["person"], "x" * 61, {}, "text.too_long"),
        ({}, ["audit"], "Anna", {}, "kind.no_such"),
        ({}, ["person", "speech"], "Anna", {}, "disposal.too_early"),
        ({}, ["person"], "Anna", {"dates": {"person": date(2027, 6, 1)}}, "disposal.too_early"),
        ({"state": "live", "ended_at": None}, ["person"], "Anna", {"dates": {"person": DAY}}, "disposal.too_early"),
        ({}, ["person"], "Anna", {"last": protocol(None)}, "disposal.under_way"),
        ({}, ["ballot"], "Anna", {"dates": {"ballot": DAY}, "boxes_open": True}, "disposal.still_open"),
        ({}, ["person"], "Anna", {"figures_at": None}, "disposal.no_report"),
        ({}, ["person"], "Anna", {"figures_at": ENDED - timedelta(seconds=1)}, "disposal.no_report"),
    ],
)
def test_what_cannot_be_signed_is_refused(day: dict[str, Any], kinds: list[str], name: str, found: dict[str, Any], code: str) -> None:
    at = ENDED + timedelta(days=40)
    with pytest.raises(Refused) as refused:
        rules.sign(a_day(**day), kinds, name, standing(**found), at=at)
    assert refused.value.code == code


def test_names_may_go_while_a_poll_is_open_as_it_holds_none() -> None:
    at = ENDED + timedelta(days=40)

    assert rules.sign(a_day(), ["person"], "Anna", standing(boxes_open=True), at=at).kinds == ["person"]
