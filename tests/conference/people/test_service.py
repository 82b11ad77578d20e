from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor, Done
from conference.core.errors import Refused
from conference.people import INSTALLATION, About, Beat, PersonChanged, PersonErased, PersonLeft, SignedIn, Terms, token_hash, views
from conference.people.tables import Attendance, Link, Person
from tests.conference.people.houses import DAY, HOUSE, House
from tests.conftest import NINE


def somebody(person: str, *, name: str | None = None, roles: tuple[str, ...] = (), region: str | None = None, people: int = 1) -> SignedIn:
    return SignedIn(DAY, person, name, frozenset(roles), region, people, None)


async def test_somebody_joins_with_nothing_told(house: House) -> None:
    assert await house.people.join(HOUSE, "t1", About()) == Done(data={"person": "id1"})

    assert await house.session("t1") == somebody("id1")
    assert await house.events() == []


async def test_a_second_join_with_the_session_changes_the_same_person(house: House) -> None:
    await house.joined("t1", name="Kim", people=3, affiliation="kommun")

    done = await house.people.join(HOUSE, "t1", About(region="r-norrvik", people=7))

    assert done == Done(1, {"person": "id1"})
    assert await house.session("t1") == SignedIn(DAY, "id1", "Kim", frozenset(), "r-norrvik", 7, "kommun", told_at=NINE)


async def test_a_change_is_told_without_the_name(house: House) -> None:
    await house.joined("t1")

    await house.people.set(await house.by("t1"), name="Kim", region="r-sundmark")

    changed = PersonChanged(day=DAY, at=NINE, person="id1", roles=[], region="r-sundmark", lane="r-sundmark", people=1, renamed=True)
    assert await house.events() == [changed]
    await house.people.set(await house.by("t1"), people=2)
    assert await house.events() == [changed, replace(changed, people=2, renamed=False, told_at=NINE)]


async def test_when_the_number_was_told_is_known_and_other_words_do_not_touch_it(house: House) -> None:
    await house.joined("t1", name="Kim")
    never = await house.session("t1")
    await house.people.set(await house.by("t1"), people=1)
    house.wind(minutes=5)
    await house.people.set(await house.by("t1"), name="Robin")
    first = await house.session("t1")
    await house.people.set(await house.by("t1"), people=1)
    again = await house.session("t1")

    times = [None, NINE, NINE + timedelta(minutes=5)]
    assert [who and who.told_at for who in (never, first, again)] == times
    assert [event.told_at for event in await house.events() if isinstance(event, PersonChanged)] == [NINE, NINE, times[2]]


async def test_telling_what_is_known_changes_nothing(house: House) -> None:
    await house.joined("t1", name="Kim", people=2)

    assert await house.people.set(await house.by("t1"), name=" Kim ", people=2) == Done(data={"person": "id1"})
    assert await house.events() == []


async def test_another_lane_is_followed_until_one_is_back_and_one_belongs_where_one_did(house: House) -> None:
    await house.joined("t1", region="r-norrvik")
    told = []
    for lane in ("national", "r-sundmark", "r-sundmark", "r-norrvik", "national", None):
        await house.people.follow(await house.by("t1"), lane)
        session = await house.session("t1")
        assert session
        told.append((session.lane, session.region, session.actor.lane, session.viewer.home))

    home = ("r-norrvik",) * 3
    assert told == [(lane, *home) for lane in ("national", "r-sundmark", "r-sundmark", "r-norrvik", "national", "r-norrvik")]
    lanes = [event.lane for event in await house.events() if isinstance(event, PersonChanged)]
    assert lanes == ["national", "r-sundmark", "r-norrvik", "national", "r-norrvik"]
    with pytest.raises(Refused, match=r"lane\.no_such"):
        await house.people.follow(await house.by("t1"), "r-ingen")


async def test_name_and_region_can_be_taken_back(house: House) -> None:
    await house.joined("t1", name="Kim", region="r-norrvik")

    await house.people.set(await house.by("t1"), name=None, region=None)

    assert await house.session("t1") == somebody("id1")


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"people": 0}, "screen.count_out_of_range"),
        ({"people": 301}, "screen.count_out_of_range"),
        ({"name": "  "}, "text.empty"),
        ({"name": "x" * 61}, "text.too_long"),
        ({"region": "r-okand"}, "region.no_such"),
        ({"region": "national"}, "region.no_such"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(house: House, about: dict[str, Any], code: str) -> None:
    await house.joined("t1", name="Kim")

    with pytest.raises(Refused) as at_the_door:
        await house.joined("t2", **about)
    with pytest.raises(Refused) as inside:
        await house.people.set(await house.by("t1"), **about)

    assert (at_the_door.value.code, inside.value.code) == (code, code)
    assert (await house.session("t1"), await house.session("t2")) == (somebody("id1", name="Kim"), None)


async def test_the_next_person_at_the_machine_is_somebody_else(house: House) -> None:
    await house.joined("t1", name="Kim")

    left = await house.people.leave(await house.by("t1"), "t1")
    await house.joined("t2", name="Alex")

    assert left == Done(1)
    assert (await house.session("t1"), await house.session("t2")) == (None, somebody("id2", name="Alex"))
    assert await house.events() == [PersonLeft(day=DAY, at=NINE, person="id1")]


async def test_a_session_that_ended_opens_nothing_again(house: House) -> None:
    await house.joined("t1")
    by = await house.by("t1")
    await house.people.leave(by, "t1")

    assert await house.people.leave(by, "t1") == Done()
    with pytest.raises(Refused, match=r"person\.signed_out"):
        await house.people.join(HOUSE, "t1", About())


async def test_nobody_ends_the_session_of_another(house: House) -> None:
    await house.joined("t1")
    await house.joined("t2")

    assert await house.people.leave(await house.by("t2"), "t1") == Done()
    assert await house.session("t1") == somebody("id1")


async def test_somebody_has_left_when_the_last_session_ended(house: House) -> None:
    await house.link("speak", "speaker", reusable=True)
    await house.joined("t1")
    await house.follow("speak", "t2", "t1")
    by = await house.by("t2")
    house.wind(minutes=5)

    await house.people.leave(by, "t2")

    async with house.store.reading() as session:
        assert (await session.exec(select(Person.left_at))).all() == [NINE + timedelta(minutes=5)]


async def test_a_link_signs_in_once(house: House) -> None:
    await house.link("tok", "moderator", name="Samira")

    assert await house.follow("tok", "t1") == {"person": "id1", "roles": ["moderator"]}

    assert await house.session("t1") == somebody("id1", name="Samira", roles=("moderator",))
    with pytest.raises(Refused, match=r"link\.used"):
        await house.follow("tok", "t2")


async def test_of_two_who_use_a_link_at_once_one_comes_in(house: House) -> None:
    await house.link("tok", "moderator")

    answers = await asyncio.gather(house.follow("tok", "t1"), house.follow("tok", "t2"), return_exceptions=True)

    assert sorted(repr(answer) for answer in answers) == ["Refused('link.used')", "{'person': 'id1', 'roles': ['moderator']}"]


async def test_a_demo_link_works_again_and_each_browser_is_somebody(house: House) -> None:
    await house.link("tok", reusable=True)

    assert [await house.follow("tok", "t1"), await house.follow("tok", "t2")] == [
        {"person": "id1", "roles": []},
        {"person": "id2", "roles": []},
    ]


async def test_a_link_dies_in_time(house: House) -> None:
    await house.link("tok", expires_at=NINE + timedelta(minutes=15), reusable=True)
    house.wind(minutes=15)

    with pytest.raises(Refused, match=r"link\.expired"):
        await house.follow("tok", "t1")


async def test_a_link_opens_its_own_day_only(house: House) -> None:
    await house.people.make_link(Actor.house("other"), Terms("mail"), "tok")

    with pytest.raises(Refused, match=r"link\.no_such"):
        await house.follow("tok", "t1")
    with pytest.raises(Refused, match=r"link\.no_such"):
        await house.follow("none", "t1")


async def test_a_link_gives_a_person_roles_besides_under_a_new_session(house: House) -> None:
    await house.link("speak", "speaker")
    await house.link("caption", "captioner")
    await house.joined("t1", name="Kim")
    await house.follow("speak", "t2", "t1")

    assert await house.follow("caption", "t3", "t2") == {"person": "id1", "roles": ["captioner", "speaker"]}

    kim = somebody("id1", name="Kim", roles=("captioner", "speaker"))
    assert [await house.session(token) for token in ("t1", "t2", "t3")] == [None, None, kim]
    assert [type(event) for event in await house.events()] == [PersonLeft, PersonChanged, PersonLeft, PersonChanged]


async def test_a_dead_session_takes_nobodys_place(house: House) -> None:
    await house.link("speak", "speaker")
    await house.joined("t1", name="Kim")
    await house.people.leave(await house.by("t1"), "t1")

    assert await house.follow("speak", "t2", "t1") == {"person": "id2", "roles": ["speaker"]}


async def test_the_admin_of_an_empty_folder_has_no_day_and_then_one(house: House) -> None:
    made = await house.people.make_link(Actor.house(INSTALLATION), Terms("admin", frozenset({"organizer"})))
    assert made.data
    await house.people.use_link(Actor.house(INSTALLATION), token_hash(made.data["token"]), "t1")
    await house.link("own", "organizer")

    await house.follow("own", "t2", "t1")

    assert [await house.session("t1"), await house.session("t2")] == [None, somebody("id2", roles=("organizer",))]


async def test_a_link_is_stored_without_its_token(house: House) -> None:
    done = await house.people.make_link(HOUSE, Terms("mail"))

    assert done.data
    async with house.store.reading() as session:
        assert (await session.exec(select(Link.token_hash))).all() == [token_hash(done.data["token"])]


async def test_a_link_made_again_works_again(house: House) -> None:
    await house.link("tok", "speaker")
    await house.follow("tok", "t1")

    await house.link("tok", "speaker")

    assert await house.follow("tok", "t2") == {"person": "id2", "roles": ["speaker"]}


async def test_who_was_erased_has_no_name_anywhere(house: House) -> None:
    await house.link("tok", "speaker", name="Kim Ek")
    await house.follow("tok", "t1")
    await house.people.set(await house.by("t1"), name="Kim Eklund", people=4)
    await house.watched("id1", 20)

    await house.people.erase(HOUSE, "id1")

    assert await house.session("t1") is None
    async with house.store.reading() as session:
        changed = replace(somebody("id1", roles=("speaker",), people=4), told_at=NINE)
        assert await views.persons(session, DAY, ["id1"]) == {"id1": changed}
        assert (await session.exec(select(Link.name))).all() == [None]
    assert "Kim" not in repr(await house.events())
    assert (await house.events())[-1] == PersonErased(day=DAY, at=NINE, person="id1")
    with pytest.raises(Refused, match=r"person\.no_such"):
        await house.people.erase(HOUSE, "nobody")


async def test_being_there_adds_up_over_beats_and_groups(house: House) -> None:
    await house.joined("t1")
    await asyncio.gather(house.watched("id1", 10), house.watched("id1", 10, first=5), house.watched("id2", 1))
    house.wind(minutes=1)

    await house.watched("id1", 30, first=60)

    async with house.store.reading() as session:
        rows = (await session.exec(select(Attendance).order_by(Attendance.person))).all()
    found = [(row.person, int.from_bytes(row.minutes, "little").bit_count(), row.seen_at) for row in rows]
    assert found == [("id1", 45, NINE + timedelta(minutes=1)), ("id2", 1, NINE)]


async def test_thousands_are_there_at_once(house: House) -> None:
    await asyncio.gather(*(house.people.attend(Beat(DAY, f"p{n}", 0, 0)) for n in range(3_000)))

    async with house.store.reading() as session:
        assert len((await session.exec(select(Attendance.person))).all()) == 3_000


async def kept_links(house: House, viewer: str = "house") -> list[views.LinkKept]:
    async with house.store.reading() as session:
        return await views.links(session, DAY, viewer)


async def test_links_that_were_handed_out_are_listed_without_their_addresses(house: House) -> None:
    await house.link("one", "speaker", name="Kim", expires_at=NINE + timedelta(days=1))
    house.wind(minutes=1)
    await house.link("two", "moderator", region="r-norrvik")
    await house.people.make_link(HOUSE, Terms("demo", frozenset({"screen"}), reusable=True), "three")
    await house.follow("two", "t1")

    newest, oldest = await kept_links(house, "id1")

    assert (newest.roles, newest.region, newest.used_at, newest.by_me) == (("moderator",), "r-norrvik", NINE + timedelta(minutes=1), True)
    assert (oldest.roles, oldest.name, oldest.made_at, oldest.by_me) == (("speaker",), "Kim", NINE, False)
    assert [oldest.works(NINE), oldest.works(NINE + timedelta(days=1)), newest.works(NINE)] == [True, False, False]
    assert not {newest.link, oldest.link} & {"one", "two", token_hash("one"), token_hash("two")}
    assert await house.session("t1") == replace(
        somebody("id1", roles=("moderator",), region="r-norrvik"), bounds={"moderator": "r-norrvik"}
    )


async def test_a_link_for_a_region_that_is_not_there_is_refused(house: House) -> None:
    with pytest.raises(Refused, match=r"region\.no_such"):
        await house.link("tok", "speaker", region="r-x")
    with pytest.raises(Refused, match=r"text\.too_long"):
        await house.link("tok", "speaker", name="K" * 61)


async def test_a_link_that_is_withdrawn_works_no_more(house: House) -> None:
    await house.link("tok", "speaker")
    (kept,) = await kept_links(house)

    for _ in range(2):
        assert await house.people.withdraw_link(HOUSE, kept.link) == Done()

    assert await kept_links(house) == []
    with pytest.raises(Refused, match=r"link\.withdrawn"):
        await house.follow("tok", "t1")
    with pytest.raises(Refused, match=r"link\.no_such"):
        await house.people.withdraw_link(Actor.house("other"), kept.link)


async def test_whoever_came_by_a_link_that_is_withdrawn_is_signed_out(house: House) -> None:
    await house.link("tok", "moderator")
    await house.follow("tok", "t1")
    (kept,) = await kept_links(house)

    done = await house.people.withdraw_link(HOUSE, kept.link)

    assert (done.seq, await house.session("t1")) == (1, None)
    assert await house.events() == [PersonLeft(day=DAY, at=NINE, person="id1")]


async def test_who_withdraws_a_link_that_oneself_tried_stays(house: House) -> None:
    await house.link("own", "organizer")
    await house.link("tried", "moderator")
    await house.follow("own", "t1")
    await house.follow("tried", "t2", "t1")
    tried = next(one for one in await kept_links(house) if one.roles == ("moderator",))

    await house.people.withdraw_link(await house.by("t2"), tried.link)

    assert await house.session("t2") == somebody("id1", roles=("moderator", "organizer"))


async def test_a_link_is_replaced_on_the_same_terms(house: House) -> None:
    await house.link("tok", "speaker", name="Kim", region="r-norrvik")
    (kept,) = await kept_links(house)

    made = (await house.people.renew_link(HOUSE, kept.link, NINE + timedelta(days=1))).data

    assert made
    assert await house.follow(made["token"], "t1") == {"person": "id1", "roles": ["speaker"]}
    assert await house.session("t1") == somebody("id1", name="Kim", roles=("speaker",), region="r-norrvik")
    (new,) = await kept_links(house)
    assert (new.link, new.expires_at) == (made["link"], NINE + timedelta(days=1))
    with pytest.raises(Refused, match=r"link\.withdrawn"):
        await house.follow("tok", "t2")


async def test_an_admin_comes_into_a_day_as_the_same_person_each_time(house: House) -> None:
    admin = Actor(DAY, "admin-1")
    await house.joined("t0", name="Kim")

    await house.people.enter(admin, "t1", "t0")
    await house.people.enter(admin, "t2", "t1")

    assert [await house.session(token) for token in ("t0", "t1")] == [None, None]
    assert await house.session("t2") == somebody("admin-1", roles=("moderator", "organizer"))
