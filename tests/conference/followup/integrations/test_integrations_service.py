"""Keys of the read API: made for a while, taken back at once, and never stored but as a hash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.ids import RandomIds
from conference.followup.integrations import Integrations, rules, views
from conference.followup.integrations.tables import ApiKey
from tests.conference.people.houses import DAY, House, a_house
from tests.conftest import NINE

ANNA = Actor(DAY, "anna", frozenset({"organizer"}))


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    async with a_house(url) as made:
        yield made


def keys_of(house: House) -> Integrations:
    return Integrations(house.store, house.clock, RandomIds())


async def the_keys(house: House) -> list[ApiKey]:
    async with house.store.reading() as session:
        return list(await views.keys(session, DAY))


async def test_a_key_is_told_once_and_stored_as_a_hash(house: House) -> None:
    done = await keys_of(house).make_key(ANNA, "  Regionens \n datalager ", 30)

    assert done.data
    [row] = await the_keys(house)
    assert done.data["token"].startswith(rules.PREFIX)
    assert row.model_dump() == {
        "token_hash": rules.token_hash(done.data["token"]),
        "day": DAY,
        "key": done.data["key"],
        "label": "Regionens datalager",
        "made_at": NINE,
        "made_by": "anna",
        "expires_at": NINE + timedelta(days=30),
        "revoked_at": None,
        "used_on": None,
    }


async def test_a_key_that_is_taken_back_opens_nothing_and_is_not_taken_back_twice(house: House) -> None:
    done = await keys_of(house).make_key(ANNA, "Datalager", 90)
    assert done.data

    await keys_of(house).revoke_key(ANNA, done.data["key"])

    async with house.store.reading() as session:
        row = await views.key_of(session, rules.token_hash(done.data["token"]))
    assert row
    assert (await the_keys(house), row.revoked_at) == ([], NINE)
    with pytest.raises(Refused, match=r"key\.unknown"):
        rules.opened(row, DAY, at=NINE)
    for key in (done.data["key"], "none"):
        with pytest.raises(Refused, match=r"key\.no_such"):
            await keys_of(house).revoke_key(ANNA, key)


@pytest.mark.parametrize(
    ("label", "days", "code"),
    [("", 30, "text.empty"), (" \n", 30, "text.empty"), ("x" * 61, 30, "text.too_long"), ("x", 31, "key.out_of_range")],
)
async def test_what_makes_no_key(house: House, label: str, days: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await keys_of(house).make_key(ANNA, label, days)

    assert (refused.value.code, await the_keys(house)) == (code, [])


async def test_a_day_has_as_many_keys_as_somebody_can_look_after(house: House) -> None:
    for number in range(rules.KEYS_MOST):
        await keys_of(house).make_key(ANNA, f"System {number}", 30)

    with pytest.raises(Refused, match=r"key\.too_many"):
        await keys_of(house).make_key(ANNA, "Ett till", 30)
    house.wind(days=30)
    await keys_of(house).make_key(ANNA, "Ett till", 30)  # those that have run out make room


async def test_a_key_opens_its_own_day_until_its_time(house: House) -> None:
    await keys_of(house).make_key(ANNA, "Datalager", 30)
    [key] = await the_keys(house)
    last = NINE + timedelta(days=30)

    assert rules.opened(key, DAY, at=last - timedelta(seconds=1)) is key
    assert refusal(None, DAY) == "key.unknown"
    assert refusal(key, "d-other") == "key.other_day"
    with pytest.raises(Refused, match=r"key\.expired"):
        rules.opened(key, DAY, at=last)


def refusal(key: ApiKey | None, day: str) -> str:
    with pytest.raises(Refused) as refused:
        rules.opened(key, day, at=NINE)
    return refused.value.code


async def test_the_day_on_which_it_was_used_is_noted_once(house: House) -> None:
    await keys_of(house).make_key(ANNA, "Datalager", 30)
    [key] = await the_keys(house)

    for day in (NINE.date(), NINE.date() - timedelta(days=1), NINE.date()):
        await keys_of(house).note_used(key, day)

    assert [one.used_on for one in await the_keys(house)] == [NINE.date()]
