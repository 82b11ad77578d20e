from __future__ import annotations

from datetime import timedelta

from conference.core.actor import Actor
from conference.core.event import KNOWN
from conference.core.faces import Viewer, shown_to
from conference.people import LinkSeen, PersonChanged, SignedIn, token_hash, views
from tests.conference.people.houses import DAY, House
from tests.conftest import NINE


async def test_a_session_says_who_it_is(house: House) -> None:
    await house.joined("t1", name="Kim", region="r-norrvik", people=3, affiliation="kommun")

    found = await house.session("t1")

    assert found == SignedIn(DAY, "id1", "Kim", frozenset(), "r-norrvik", 3, "kommun", told_at=NINE)
    assert found
    assert found.actor == Actor(DAY, "id1", frozenset(), "r-norrvik", "r-norrvik", "kommun", 3)
    alone = {"phones": 0, "paired": False, "told_at": NINE}
    assert found.you() == {"person": "id1", "name": "Kim", "roles": [], "region": "r-norrvik", "lane": "r-norrvik", "people": 3} | alone


async def test_an_unknown_session_is_nobody(house: House) -> None:
    assert await house.session("none") is None


async def test_many_are_looked_up_at_once(house: House) -> None:
    for n in range(3):
        await house.joined(f"t{n}")
    await house.people.leave(await house.by("t1"), "t1")

    async with house.store.reading() as session:
        asked = await views.sessions_of(session, ["t0", "t1", "none", *(f"x{n}" for n in range(2_000)), "t2"])
        of_day = await views.sessions_of_day(session, DAY)
        known = await views.persons(session, DAY, ["id2", "id1", "id1", "none"])

    assert ({key: who.person for key, who in asked.items()}, asked) == ({"t0": "id1", "t2": "id3"}, of_day)
    assert {person: who.person for person, who in known.items()} == {"id1": "id1", "id2": "id2"}


async def test_a_link_can_be_looked_at_without_using_it(house: House) -> None:
    await house.link("tok", "speaker", name="Tor")

    async with house.store.reading() as session:
        seen = LinkSeen(DAY, "mail", ("speaker",), "Tor", withdrawn_at=None, expires_at=None, used_at=None, reusable=False)
        assert await views.link_of(session, token_hash("tok")) == seen
        assert await views.link_of(session, "none") is None
    assert await house.follow("tok", "t1") == {"person": "id1", "roles": ["speaker"]}


async def test_presence_is_those_heard_of_lately_without_staff(house: House) -> None:
    await house.link("tok", "moderator")
    await house.joined("t1", people=12)
    await house.joined("t2")
    await house.joined("t3")
    await house.follow("tok", "t4")
    await house.watched("id3", 1)
    house.wind(minutes=2)
    for person in ("id1", "id2", "id4"):
        await house.watched(person, 1)

    async with house.store.reading() as session:
        assert await views.presence(session, DAY, NINE + timedelta(minutes=1)) == {"devices": 2, "people": 13, "phones": 0}
        assert await views.presence(session, DAY, NINE + timedelta(minutes=3)) == {"devices": 0, "people": 0, "phones": 0}


def test_every_event_has_a_face() -> None:
    assert set(views.FACES) == {event for (name, _), event in KNOWN.items() if name.startswith("people.")}


def test_a_change_is_for_oneself_alone() -> None:
    event = PersonChanged(day=DAY, at=NINE, person="p1", roles=["speaker"], region=None, lane="national", people=2)
    shown = list(views.FACES[PersonChanged](event))

    you: dict[str, object] = {"person": "p1", "roles": ["speaker"], "region": None, "lane": "national", "people": 2}
    you |= {"phones": 0, "paired": False, "told_at": None}
    assert shown_to(Viewer("p1"), shown) == [you]
    assert shown_to(Viewer("p2", frozenset({"organizer"})), shown) == []


async def test_state_and_what_is_told_make_the_state_after_but_for_the_name(house: House) -> None:
    await house.joined("t1", name="Kim")
    before = await house.session("t1")
    assert before

    await house.people.set(await house.by("t1"), region="r-sundmark", people=9)

    told = {**before.you(), **shown_to(Viewer("id1"), views.FACES[PersonChanged]((await house.events())[-1]))[0]}
    after = await house.session("t1")
    assert after
    assert told == after.you()
