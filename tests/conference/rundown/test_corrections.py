"""What an organizer puts right: rows, cues and open pages say the same afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.library import NewFilm
from conference.rundown import Corrections, Plate
from conference.rundown.tables import Cue
from conference.tables import Contributor, Item
from conference.views import landing
from tests.conference.days import DAY, FACES, MODERATOR, PLANNED, House
from tests.fold import by_id, caught_up

LANES = ("national", "r-norrvik", "r-vastero")
LOCKED_FILM, OWN_FILM = "i-hemma", "i-r1-film@national"


@pytest.fixture
def put(days: House) -> Corrections:
    return Corrections(days.store, days.clock)


async def told_equals_fresh(days: House, before: dict[str, dict[str, Any]], since: int) -> None:
    """State + news = the state of a fresh page, for viewers on every lane."""
    for lane, state in before.items():
        caught = caught_up(state, Viewer("kim", lane=lane), days.heard[since:], FACES)
        assert by_id(caught) == by_id(await days.state(lane))


async def a_contributor_with_a_plate(days: House) -> tuple[str, Cue]:
    async with days.store.reading() as session:
        cues = (await session.exec(select(Cue).where(Cue.day == DAY, Cue.do == "name_plate").order_by(Cue.position))).all()  # type: ignore[arg-type]
    cue = next(cue for cue in cues if cue.lane == "national")
    return str(cue.args["contributor"]), cue


async def test_another_title_of_the_day_reaches_open_pages(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    before, since = {lane: await days.state(lane) for lane in LANES}, len(days.heard)

    await put.title(MODERATOR, "  E-hälsodagen  2027 ", "")

    day = (await days.state())["day"]
    assert (day["title"], "title_en" in day) == ("E-hälsodagen 2027", False)
    await told_equals_fresh(days, before, since)
    with pytest.raises(Refused, match=r"text\.empty"):
        await put.title(MODERATOR, " ", None)
    with pytest.raises(Refused, match=r"text\.too_long"):
        await put.title(MODERATOR, "x" * 201, None)


async def test_a_day_that_begins_later_has_all_that_is_planned_later(days: House, put: Corrections) -> None:
    await days.create()
    later = timedelta(minutes=90)
    before, since = {lane: await days.state(lane) for lane in LANES}, len(days.heard)
    async with days.store.reading() as session:
        cues = {cue.cue: cue.planned_at for cue in await session.exec(select(Cue))}

    await put.begin(MODERATOR, PLANNED + later)

    await told_equals_fresh(days, before, since)
    assert [event.later_s for event in days.events("day.corrected")] == [later.total_seconds()]
    async with days.store.reading() as session:
        page = await landing(session, DAY)
        assert {cue.cue: cue.planned_at for cue in await session.exec(select(Cue))} == {name: at + later for name, at in cues.items()}
    assert page
    assert (page.day.planned_starts_at, page.programme[1].starts_at) == (PLANNED + later, PLANNED + later + timedelta(hours=1))
    assert (await days.state())["day"]["starts_at"] == "2026-11-22T09:30:00.000Z"


async def test_a_day_that_is_on_or_over_is_not_moved(days: House, put: Corrections) -> None:
    await days.start()
    with pytest.raises(Refused, match=r"day\.live_already"):
        await put.begin(MODERATOR, PLANNED)
    await days.programme.end(MODERATOR)
    with pytest.raises(Refused, match=r"day\.ended"):
        await put.begin(MODERATOR, PLANNED)


async def test_a_day_that_was_moved_runs_as_planned(days: House, put: Corrections) -> None:
    await days.create()
    await put.begin(MODERATOR, PLANNED + timedelta(minutes=30))
    await days.programme.start(MODERATOR)

    await days.play(29 * 60)
    assert days.given == []
    await days.play(10 * 60, until=lambda: bool(days.given))

    assert days.given[0].at >= PLANNED + timedelta(minutes=30)


@pytest.mark.parametrize("item", ["i-r1-samtal@national", "i-norrvik-1", "i-r1-film@national"])
async def test_another_title_of_an_item_reaches_those_who_have_it_in_their_programme(days: House, put: Corrections, item: str) -> None:
    await days.start(speed=0)
    before, since = {lane: await days.state(lane) for lane in LANES}, len(days.heard)

    await put.item(MODERATOR, item, "Något annat", "Something else")

    await told_equals_fresh(days, before, since)
    async with days.store.reading() as session:
        assert (await session.exec(select(Item.title).where(Item.item == item))).one() == "Något annat"
    with pytest.raises(Refused, match=r"item\.no_such"):
        await put.item(MODERATOR, "i-x", "Något", None)


@pytest.mark.parametrize("item", ["i-oppning", "i-r1-glapp@national"])
async def test_the_title_of_a_locked_item_stays(days: House, put: Corrections, item: str) -> None:
    await days.start(speed=0)
    before, since = await days.state(), len(days.heard)

    with pytest.raises(Refused, match=r"item\.locked"):
        await put.item(MODERATOR, item, "Något annat", None)

    assert (await days.state(), days.heard[since:]) == (before, [])


async def test_another_name_stands_on_the_page_on_coming_plates_and_in_the_cockpit(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    who, cue = await a_contributor_with_a_plate(days)

    await put.contributor(MODERATOR, who, Plate(" Vik  Arie ", "Statssekreterare", "Departementet"))
    await days.rundown.tick(Actor.house(DAY))
    for _ in range(30):
        if "name_plate" in await days.now():
            break
        await days.rundown.go(MODERATOR)

    assert (await days.now())["name_plate"].items() >= {
        "name": "Vik Arie",
        "role": "Statssekreterare",
        "organisation": "Departementet",
    }.items()
    async with days.store.reading() as session:
        stored = (await session.exec(select(Cue).where(Cue.cue == cue.cue))).one()
        person = (await session.exec(select(Contributor).where(Contributor.contributor == who))).one()
    assert (stored.what, person.screen_name, person.role) == ("Vik Arie", "Vik Arie", "Statssekreterare")


async def test_a_plate_that_is_on_and_the_next_one_change_at_once(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    who, cue = await a_contributor_with_a_plate(days)
    await days.rundown.tick(Actor.house(DAY))
    for _ in range(30):
        if ((await days.now()).get("next") or {}).get("cue") == cue.cue:
            break
        await days.rundown.go(MODERATOR)
    before, since = {lane: await days.state(lane) for lane in LANES}, len(days.heard)

    await put.contributor(MODERATOR, who, Plate("Vik Arie", "Minister"))

    assert (await days.now())["next"]["what"] == "Vik Arie"
    await told_equals_fresh(days, before, since)
    await days.rundown.go(MODERATOR)
    before, since = {lane: await days.state(lane) for lane in LANES}, len(days.heard)

    await put.contributor(MODERATOR, who, Plate(None, "Minister"))

    assert (await days.now())["name_plate"]["role"] == "Minister"
    assert (await days.now())["name_plate"]["name"] != "Vik Arie"
    await told_equals_fresh(days, before, since)


async def test_nobody_has_an_empty_role_or_is_unknown(days: House, put: Corrections) -> None:
    await days.create()
    who, _cue = await a_contributor_with_a_plate(days)

    with pytest.raises(Refused, match=r"text\.empty"):
        await put.contributor(MODERATOR, who, Plate("Kim", " "))
    with pytest.raises(Refused, match=r"text\.too_long"):
        await put.contributor(MODERATOR, who, Plate("K" * 121, "Roll"))
    with pytest.raises(Refused, match=r"contributor\.no_such"):
        await put.contributor(MODERATOR, "c-x", Plate("Kim", "Roll"))


async def test_a_film_of_ones_own_is_played_in_place_of_the_kits(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    given = (await days.library.add_film(MODERATOR, NewFilm("Vår film", "films/x"))).data
    assert given
    async with days.store.reading() as session:
        cue = (await session.exec(select(Cue).where(Cue.do == "play_film", Cue.item == OWN_FILM))).first()
    assert cue
    with pytest.raises(Refused, match=r"film\.not_ready"):
        await put.film(MODERATOR, cue.item, given["film"])
    await days.library.film_ready(Actor.house(DAY), given["film"], 61.0)

    await put.film(MODERATOR, cue.item, given["film"])

    await days.play(1)
    for _ in range(200):
        if any(one.cue == cue.cue for one in days.given):
            break
        await days.rundown.go(MODERATOR)
    assert next(one for one in days.given if one.cue == cue.cue).args["film"] == given["film"]
    with pytest.raises(Refused, match=r"item\.no_film"):
        await put.film(MODERATOR, cue.item, given["film"])
    with pytest.raises(Refused, match=r"film\.no_such"):
        await put.film(MODERATOR, cue.item, "film-x")


async def test_the_film_of_a_locked_item_stays(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    given = (await days.library.add_film(MODERATOR, NewFilm("Vår film", "films/x"))).data
    assert given
    await days.library.film_ready(Actor.house(DAY), given["film"], 61.0)
    async with days.store.reading() as session:
        of = (await session.exec(select(Item).where(Item.item == LOCKED_FILM))).one()
    since = len(days.heard)

    with pytest.raises(Refused, match=r"item\.locked"):
        await put.film(MODERATOR, LOCKED_FILM, given["film"])

    async with days.store.reading() as session:
        after = (await session.exec(select(Item).where(Item.item == LOCKED_FILM))).one()
    assert (after.film, days.heard[since:]) == (of.film, [])


async def test_whether_questions_are_held_is_what_the_cue_says_when_it_is_given(days: House, put: Corrections) -> None:
    await days.start(speed=0)
    async with days.store.reading() as session:
        cue = (await session.exec(select(Cue).where(Cue.do == "open_questions", Cue.lane == "national"))).first()
    assert cue

    await put.hold_questions(MODERATOR, cue.item, hold=False)

    await days.play(1)
    for _ in range(200):
        if any(one.cue == cue.cue for one in days.given):
            break
        await days.rundown.go(MODERATOR)
    assert next(one for one in days.given if one.cue == cue.cue).args == {**cue.args, "hold": False}
    with pytest.raises(Refused, match=r"item\.no_questions"):
        await put.hold_questions(MODERATOR, cue.item, hold=True)
    with pytest.raises(Refused, match=r"item\.no_such"):
        await put.hold_questions(MODERATOR, "i-x", hold=True)
