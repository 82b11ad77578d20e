"""Phones at a group's screen: a person each, in the screen's region, and never one more than there are people."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest
from sqlmodel import select

from conference.core.errors import Refused
from conference.core.transaction import Transaction
from conference.people import PersonChanged, pairing, report
from conference.people.attendance import figures
from conference.people.tables import Person
from conference.people.views import code_of, day_of_code, joined
from tests.conference.people.houses import DAY, HOUSE, House, regions, spans
from tests.conftest import NINE


async def a_group(house: House, token: str = "screen", people: int = 12, region: str | None = "r-norrvik") -> str:
    """A group's screen that shows a code; the code."""
    await house.joined(token, people=people, region=region)
    return await new_code(house, token)


async def new_code(house: House, token: str) -> str:
    await house.phones.new_code(await house.by(token))
    code = (await row(house, token)).code
    assert code
    return code


async def paired(house: House, token: str, code: str, **more: Any) -> str:
    done = await house.phones.pair(HOUSE, token, code, **more)
    assert done.data
    return str(done.data["person"])


async def row(house: House, token: str) -> Person:
    person = (await house.by(token)).person
    async with house.store.reading() as session:
        return (await session.exec(select(Person).where(Person.person == person))).one()


async def shown(house: House) -> str | None:
    async with house.store.reading() as session:
        return await code_of(session, DAY, "id1", at=house.clock.now())


async def refused(wish: Any) -> str:
    with pytest.raises(Refused) as no:
        await wish
    return no.value.code


async def test_a_phone_that_is_new_joins_as_a_person_of_its_own_in_the_screens_region(house: House) -> None:
    code = await a_group(house)
    person = await paired(house, "phone", code, name="Kim")

    phone, screen = await house.session("phone"), await house.session("screen")
    assert phone
    assert screen
    assert (phone.person, phone.name, phone.region, phone.people, phone.paired, phone.phones) == (person, "Kim", "r-norrvik", 1, True, 0)
    assert (screen.people, screen.phones, screen.paired, screen.actor.behind) == (12, 1, False, 11)
    assert phone.person != screen.person


async def test_the_log_says_who_changed_and_neither_the_code_nor_the_screen(house: House) -> None:
    code = await a_group(house)
    await paired(house, "phone", code)
    await house.joined("known")
    person = await paired(house, "known", code)

    events = [event for event in await house.events() if isinstance(event, PersonChanged)]
    assert [(event.person, event.people, event.phones, event.paired) for event in events] == [
        ("id1", 12, 0, False),  # it shows a code: its other pages look which
        ("id1", 12, 1, False),
        ("id1", 12, 2, False),
        (person, 1, 0, True),
    ]
    assert [event for event in events if code in str(vars(event)) or (event.person != "id1" and "id1" in str(vars(event)))] == []


async def test_a_code_is_read_however_it_is_written_and_the_old_one_ends_when_a_new_one_is_shown(house: House) -> None:
    old = await a_group(house)
    await paired(house, "one", f" {old[:3].lower()} {old[3:]} ")
    new = await new_code(house, "screen")

    assert await refused(house.phones.pair(HOUSE, "two", old)) == "screen.no_such_code"
    await paired(house, "two", new)
    assert (await row(house, "screen")).phones == 2


async def test_a_code_works_for_the_day_it_is_shown_on_and_no_longer(house: House) -> None:
    code = await a_group(house)
    house.wind(hours=12, minutes=-1)
    await paired(house, "one", code)
    assert await shown(house) == code
    house.wind(minutes=1)

    assert await refused(house.phones.pair(HOUSE, "two", code)) == "screen.no_such_code"
    assert await shown(house) is None
    await paired(house, "two", await new_code(house, "screen"))


async def test_a_code_says_which_day_it_is_of(house: House) -> None:
    code = await a_group(house)
    async with house.store.reading() as session:
        assert await day_of_code(session, f"{code[:3]}-{code[3:]}".lower(), at=NINE) == DAY
        for wrong in ("BBBBBB", "", "AEIOUY"):
            assert await refused(day_of_code(session, wrong, at=NINE)) == "screen.no_such_code"
        assert await refused(day_of_code(session, code, at=NINE + pairing.CODE_WORKS)) == "screen.no_such_code"


async def test_a_code_of_another_day_pairs_with_nothing_here(house: House) -> None:
    code = await a_group(house)

    async def elsewhere(tx: Transaction) -> None:
        screen = await tx.get(Person, DAY, "id1")
        tx.put(screen.model_copy(update={"code": None}))
        tx.put(screen.model_copy(update={"day": "d2"}))

    await house.store.run(elsewhere)
    assert await refused(house.phones.pair(HOUSE, "phone", code)) == "screen.no_such_code"


@pytest.mark.parametrize("code", ["", "BCD", "BCDFGHJ", "AEIOUY", "123456", "BCDFGÅ", "ß" * 6, "\x00" * 6])
async def test_what_is_no_code_is_no_code(house: House, code: str) -> None:
    await a_group(house)
    assert await refused(house.phones.pair(HOUSE, "phone", code)) == "screen.no_such_code"
    assert await house.session("phone") is None


async def test_no_more_phones_than_people_and_the_number_never_below_the_phones(house: House) -> None:
    code = await a_group(house, people=2)
    await paired(house, "one", code)
    await paired(house, "two", code)

    assert await refused(house.phones.pair(HOUSE, "three", code)) == "screen.full"
    assert await refused(house.people.set(await house.by("screen"), people=1)) == "screen.below_phones"
    await house.people.set(await house.by("screen"), people=3)
    await paired(house, "three", code)
    assert ((await row(house, "screen")).people, (await row(house, "screen")).phones) == (3, 3)


async def test_a_phone_that_leaves_takes_its_person_with_it(house: House) -> None:
    code = await a_group(house, people=3)
    await paired(house, "one", code)
    await house.phones.unpair(await house.by("one"))
    await house.phones.unpair(await house.by("one"))

    screen, phone = await row(house, "screen"), await row(house, "one")
    assert (screen.people, screen.phones, phone.screen, phone.people) == (2, 0, None, 1)


async def test_somebody_always_sits_before_a_screen_and_alone_it_shows_no_code(house: House) -> None:
    code = await a_group(house, people=2)
    await paired(house, "one", code)
    await paired(house, "two", code)
    for token in ("one", "two"):
        await house.phones.unpair(await house.by(token))

    screen = await row(house, "screen")
    assert (screen.people, screen.phones, screen.code) == (1, 0, None)
    assert await refused(house.phones.new_code(await house.by("screen"))) == "screen.one_person"


async def test_a_phone_moves_from_one_screen_to_another_with_its_person(house: House) -> None:
    code = await a_group(house, people=4)
    other = await a_group(house, "other", people=5, region="r-sundmark")
    await paired(house, "phone", code)
    await paired(house, "phone", other)
    await paired(house, "phone", other)

    first, second, phone = await row(house, "screen"), await row(house, "other"), await row(house, "phone")
    assert (first.people, first.phones, second.people, second.phones, phone.region) == (3, 0, 5, 1, "r-sundmark")


async def test_phones_follow_their_screen_to_another_region_and_go_nowhere_by_themselves(house: House) -> None:
    code = await a_group(house)
    await paired(house, "phone", code)

    phone = await house.by("phone")
    assert await refused(house.people.set(phone, region="r-sundmark")) == "screen.region_follows"
    assert await refused(house.people.set(phone, people=2)) == "screen.phone_is_one"
    await house.people.set(phone, name="Kim", region="r-norrvik", people=1)
    await house.people.set(await house.by("screen"), region="r-sundmark")
    assert ((await row(house, "phone")).region, (await row(house, "phone")).name) == ("r-sundmark", "Kim")


async def test_who_cannot_pair(house: House) -> None:
    code = await a_group(house)
    await a_group(house, "group", people=3)
    await house.link("tok", "moderator")
    await house.follow("tok", "staff")
    await paired(house, "phone", code)

    tokens = ("screen", "group", "staff")
    assert [await refused(house.phones.pair(HOUSE, token, code)) for token in tokens] == [
        "screen.own_code",
        "screen.is_group",
        "screen.has_role",
    ]
    assert await refused(house.phones.new_code(await house.by("phone"))) == "screen.one_person"


async def test_a_screen_that_leaves_shows_no_code_and_its_phones_stay_counted_where_they_were(house: House) -> None:
    code = await a_group(house, people=3)
    await paired(house, "phone", code)
    await house.people.leave(await house.by("screen"), "screen")

    assert await refused(house.phones.pair(HOUSE, "late", code)) == "screen.no_such_code"
    phone = await house.session("phone")
    assert phone
    assert phone.paired
    await house.phones.unpair(phone.actor)
    async with house.store.reading() as session:
        assert (await session.exec(select(Person.people, Person.phones).where(Person.person == "id1"))).one() == (2, 0)


async def test_a_signed_out_phone_does_not_come_back(house: House) -> None:
    code = await a_group(house)
    await house.joined("phone")
    await house.people.leave(await house.by("phone"), "phone")
    assert await refused(house.phones.pair(HOUSE, "phone", code)) == "person.signed_out"


async def test_attendance_counts_the_persons_behind_a_screen_once(house: House) -> None:
    code = await a_group(house, people=12)
    for token in ("one", "two", "short"):
        await house.watched(await paired(house, token, code), 14 if token == "short" else 30)
    await house.watched("id1", 30)
    await house.watched(await house.joined("alone", people=1), 30)

    async with house.store.reading() as session:
        whole = figures(await joined(session, DAY))
        section = (await report.section(regions, spans)(session, DAY))["attendance"]
    assert astuple(whole) == (2, 0, 1, 1, 12, 0, 2, 0, 0)  # two screens, one alone, one group of twelve, and two of those twelve by phone
    assert (whole.low, whole.high, section["joined"], section["paired"]) == (13, 13, 2, 2)
    assert [(quarter["devices"], quarter["people"]) for quarter in section["quarters"]] == [(2, 13), (2, 13)]


async def test_where_the_screen_was_hardly_on_its_phones_count_as_any_other(house: House) -> None:
    code = await a_group(house, people=12)
    await house.watched(await paired(house, "one", code), 30)
    await house.watched("id1", 5)

    async with house.store.reading() as session:
        screens = await joined(session, DAY)
        section = (await report.section(regions, spans)(session, DAY))["attendance"]
    assert (figures(screens).low, figures(screens).paired) == (1, 0)
    assert [(quarter["devices"], quarter["people"]) for quarter in section["quarters"]] == [(1, 12), (1, 1)]


def test_a_code_has_no_vowels_and_all_letters_come() -> None:
    assert pairing.code_of(bytes(range(len(pairing.LETTERS)))) == pairing.LETTERS
    assert set(pairing.LETTERS) & set("AEIOUYÅÄÖ") == set()
    assert pairing.read_code("bcd fgh") == "BCDFGH"
