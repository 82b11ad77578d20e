"""However phones come and go, hands go up and numbers change: a screen's people never come to more answers than they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.people import About, Beat, token_hash
from conference.people import views as people_views
from conference.people.attendance import figures
from conference.people.tables import Person
from conference.people.views import session_of
from polls.ballots import box_of
from polls.hands import raised
from polls.recount import recount
from polls.tables import Ballot, Count
from polls.tally import Tally
from tests.polls.houses import DAY, STAFF, House, a_house

HOUSE = Actor.house(DAY)
SCREENS, PHONES = ("s1", "s2"), ("p1", "p2", "p3", "p4")
FEW = ("p1", "p2", "p3")  # so that they meet often
DEEDS = st.one_of(
    st.tuples(st.just("pair"), st.sampled_from(FEW), st.sampled_from(["s1", "s1", "s1", "s2"])),
    st.tuples(st.just("vote"), st.sampled_from([*FEW, *FEW, "s1", "s2"]), st.sampled_from(["ja", "nej"])),
    st.tuples(st.just("hands"), st.sampled_from(["s1", "s1", "s2"]), st.sampled_from([(2, 0), (1, 1), (1, 0), (3, 0)])),
    st.tuples(st.just("people"), st.sampled_from(["s1", "s1", "s2", "p1"]), st.integers(1, 3)),
    st.tuples(st.sampled_from(["unpair", "unpair", "withdraw"]), st.sampled_from([*FEW, "s1"]), st.none()),
)


class Room:
    """A hall with two screens and four phones, one open poll, and everybody on for an hour."""

    def __init__(self, house: House, poll: str) -> None:
        self.house, self.poll = house, poll
        self.codes: dict[str, str] = {}

    @classmethod
    async def of(cls, house: House, people: int = 3) -> Room:
        room = cls(house, await house.an_open_poll())
        for token in (*SCREENS, *PHONES):
            done = await house.people.join(HOUSE, token, About(people=people if token in SCREENS else 1))
            assert done.data
            await house.people.attend(Beat(DAY, str(done.data["person"]), 0, 59))
        for token in SCREENS:
            await house.phones.new_code(await room.by(token))
            room.codes[token] = (await room.row(token)).code or ""
        return room

    async def by(self, token: str) -> Actor:
        async with self.house.store.reading() as session:
            found = await session_of(session, token)
        assert found
        return found.actor

    async def row(self, token: str) -> Person:
        person = (await self.by(token)).person
        async with self.house.store.reading() as session:
            return (await session.exec(select(Person).where(Person.person == person))).one()

    async def do(self, deed: str, who: str, what: Any) -> None:
        """Somebody does something, or is told no."""
        house, by = self.house, await self.by(who)
        if deed == "pair":
            await house.phones.pair(HOUSE, who, self.codes[what])
        elif deed == "unpair":
            await house.phones.unpair(by)
        elif deed == "people":
            await house.people.set(by, people=what)
        elif deed == "hands":
            await house.polls.raise_hands(by, self.poll, {"ja": what[0], "nej": what[1]})
        elif deed == "vote":
            await house.polls.vote(by, self.poll, [what])
        else:
            await house.polls.withdraw(by, self.poll)

    async def check(self) -> None:
        """No screen's people have come to more answers than they are, nor the whole day; and the sums agree."""
        async with self.house.store.reading() as session:
            persons = (await session.exec(select(Person))).all()
            ballots = {ballot.key: ballot for ballot in await session.exec(select(Ballot))}
            count = Tally.read((await session.exec(select(Count.now))).one())
            joined = await people_views.joined(session, DAY)
            whole = figures(replace(one, sizes=()) for one in joined)  # as told last: here nobody sits for a quarter of an hour
            assert (await recount(session, DAY)).agrees
        lies = {one.person: ballots.get(self.house.polls.box.pseudonym(box_of(DAY, self.poll, 1), one.person)) for one in persons}
        for screen in persons:
            phones = [one.person for one in persons if one.screen == screen.person]
            assert len(phones) == screen.phones
            assert {one.region for one in persons if one.screen == screen.person} <= {screen.region}
            assert answers(lies[screen.person]) + sum(answers(lies[phone]) for phone in phones) <= (screen.people or 1)
        hands = sum(count.hands.values())
        people = sum((one.people or 1) - one.phones for one in persons if one.screen is None) + sum(one.phones for one in persons)
        assert count.n + hands <= people
        assert count.n <= count.behind <= people - hands
        assert (whole.low, whole.devices, whole.devices + whole.paired) == (people, whole.alone + whole.groups + whole.untold, len(persons))


def answers(ballot: Ballot | None) -> int:
    """How many of a screen's people a ballot counts."""
    if ballot is None:
        return 0
    hands = raised(msgspec.json.decode(ballot.answer))
    return 1 if hands is None else sum(hands.values())


@settings(max_examples=10, deadline=None)
@given(deeds=st.lists(DEEDS, min_size=12, max_size=20))
def test_a_screens_people_never_come_to_more_answers_than_they_are(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, str, Any]]
) -> None:
    async def play(folder: Path) -> None:
        async with a_house(f"sqlite+aiosqlite:///{folder / 'day.db'}", folder / "keys") as house:
            room = await Room.of(house, people=2)
            for deed in deeds:
                with suppress(Refused):
                    await room.do(*deed)
                await room.check()

    asyncio.run(play(tmp_path_factory.mktemp("room")))


async def no(wish: Any) -> str:
    with pytest.raises(Refused) as refusal:
        await wish
    return refusal.value.code


async def test_six_people_four_with_phones_are_two_hands_and_four_votes(house: House) -> None:
    room = await Room.of(house, people=6)
    for phone in PHONES:
        await room.do("pair", phone, "s1")
        await room.do("vote", phone, "ja")
    assert await no(room.do("hands", "s1", (3, 0))) == "hands.too_many"
    await room.do("hands", "s1", (1, 1))
    await room.check()
    await house.polls.close(STAFF, room.poll)

    tally = (await house.state(Viewer("olga", frozenset({"moderator"}))))[0]["tally"]
    assert (tally["n"], tally["behind"], tally["counts"]) == (4, 4, {"ja": 4, "nej": 0})


async def test_who_is_counted_among_the_hands_pairs_when_the_poll_has_closed_or_the_hands_are_put_right(house: House) -> None:
    room = await Room.of(house)
    await room.do("hands", "s1", (3, 0))
    assert await no(room.do("pair", "p1", "s1")) == "screen.answered"
    assert (await room.row("p1")).screen is None
    await room.do("hands", "s1", (2, 0))
    await room.do("pair", "p1", "s1")
    assert await no(room.do("pair", "p2", "s1")) == "screen.answered"
    await house.polls.close(STAFF, room.poll)
    await room.do("pair", "p2", "s1")
    assert (await room.row("s1")).phones == 2


async def test_a_lower_number_than_the_hands_that_were_told_is_refused_until_the_close(house: House) -> None:
    room = await Room.of(house)
    await room.do("hands", "s1", (2, 1))
    assert await no(room.do("people", "s1", 2)) == "screen.answered"
    assert await no(house.people.join(HOUSE, "s1", About(people=2))) == "screen.answered"
    await house.polls.close(STAFF, room.poll)
    await room.do("people", "s1", 2)


async def test_the_screens_own_answer_stands_for_those_without_a_phone_and_for_nobody_when_all_have_one(house: House) -> None:
    room = await Room.of(house)
    await room.do("vote", "s1", "ja")
    behind = []
    for phone in ("p1", "p2"):
        await room.do("pair", phone, "s1")
        await room.do("vote", phone, "nej")
        async with house.store.reading() as session:
            behind.append(Tally.read((await session.exec(select(Count.now))).one()))
    assert [(one.n, one.behind) for one in behind] == [(2, 3), (3, 3)]
    assert await no(room.do("pair", "p3", "s1")) == "screen.answered"
    await room.do("withdraw", "s1", None)
    await room.do("pair", "p3", "s1")
    assert [await no(room.do("vote", "s1", "ja")), await no(room.do("hands", "s1", (1, 0)))] == ["screen.nobody_left"] * 2
    await room.check()


async def test_one_left_without_a_phone_answers_by_the_screen_and_not_by_hand(house: House) -> None:
    room = await Room.of(house)
    for phone in ("p1", "p2"):
        await room.do("pair", phone, "s1")
    assert await no(room.do("hands", "s1", (1, 0))) == "hands.one_person"
    await room.do("vote", "s1", "ja")
    await room.check()


async def test_a_vote_whose_session_has_not_heard_of_a_phone_yet_is_weighed_as_it_is_now(house: House) -> None:
    room = await Room.of(house)
    stale = await room.by("s1")
    for phone in ("p1", "p2", "p3"):
        await room.do("pair", phone, "s1")
    assert await no(house.polls.vote(stale, room.poll, ["ja"])) == "screen.nobody_left"
    await asyncio.gather(*(room.do("vote", phone, "ja") for phone in PHONES))
    await room.check()


async def test_pairing_and_hands_at_the_same_moment_never_count_anybody_twice(house: House) -> None:
    room = await Room.of(house)
    for _ in range(10):
        deeds = [room.do("hands", "s1", (3, 0)), *(room.do("pair", phone, "s1") for phone in ("p1", "p2"))]
        await asyncio.gather(*deeds, return_exceptions=True)
        await asyncio.gather(*(room.do("vote", phone, "ja") for phone in ("p1", "p2")), return_exceptions=True)
        await room.check()
        for deed in (("withdraw", "s1", None), ("unpair", "p1", None), ("unpair", "p2", None), ("people", "s1", 3)):
            await room.do(*deed)
    await house.polls.close(STAFF, room.poll)


async def test_a_screen_alone_with_the_phone_of_the_one_before_it_answers_for_nobody(house: House) -> None:
    room = await Room.of(house, people=2)
    for phone in ("p1", "p2"):
        await room.do("pair", phone, "s1")
        await room.do("vote", phone, "ja")
    await room.do("unpair", "p2", None)
    assert await no(room.do("vote", "s1", "ja")) == "screen.nobody_left"
    await room.check()


async def test_a_lost_key_leaves_the_ballots_as_they_lie(house: House) -> None:
    room = await Room.of(house)
    await room.do("vote", "s1", "ja")
    house.polls.box.destroy(box_of(DAY, room.poll, 1))
    await room.do("pair", "p1", "s1")
    async with house.store.reading() as session:
        [ballot] = await session.exec(select(Ballot))
        [count] = await session.exec(select(Count.now))
    assert (house.polls.box.about(ballot.box, ballot.key, ballot.about), Tally.read(count).behind) == (None, 3)


async def test_nothing_of_pairing_is_in_a_ballot_or_told_of_who_answered(house: House) -> None:
    room = await Room.of(house)
    await room.do("pair", "p1", "s1")
    await room.do("vote", "p1", "ja")
    await house.polls.close(STAFF, room.poll)
    async with house.store.reading() as session:
        [ballot] = (await session.exec(select(Ballot))).all()
    person = (await room.by("p1")).person
    assert person not in str(vars(ballot))
    assert token_hash(person) not in str(vars(ballot))
    told = [str(vars(event)) for event in await house.events() if not event.name.startswith("people.")]
    assert [text for text in told if person in text] == []
