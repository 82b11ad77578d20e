"""What is shown of a day."""

from __future__ import annotations

from datetime import timedelta

from conference.views import landing
from tests.conference.days import DAY, PLANNED, House


async def test_the_state_holds_the_day_its_regions_and_the_lanes_own_programme(days: House) -> None:
    await days.create(join_code="482177")

    state = await days.state("r-norrvik")

    assert state["day"] == {
        "day": DAY,
        "title": "Nationella e-hälsodagen",
        "title_en": "The national e-health day",
        "subtitle": "En gemensam bild av e-hälsa",
        "state": "draft",
        "starts_at": "2026-11-22T08:00:00.000Z",
        "ends_at": "2026-11-22T14:00:00.000Z",
        "join_code": "482177",
        "timezone": "Europe/Stockholm",
    }
    assert state["regions"] == [
        {"region": "r-norrvik", "name": "Region Norrvik"},
        {"region": "r-sundmark", "name": "Region Sundmark"},
        {"region": "r-vastero", "name": "Region Västerö"},
    ]
    regional = [item for item in state["programme"] if item.get("regional")]
    assert [item["item"] for item in regional] == ["i-norrvik-1", "i-norrvik-2"]
    assert regional[0] == {
        "item": "i-norrvik-1",
        "block": "b2",
        "kind": "panel",
        "lane": "r-norrvik",
        "title": "Trygg hemgång: vem ringer först?",
        "title_en": "Safe return home: who calls first?",
        "starts_at": "2026-11-22T09:00:00.000Z",
        "ends_at": "2026-11-22T09:40:00.000Z",
        "planned_at": "2026-11-22T09:00:00.000Z",
        "state": "upcoming",
        "regional": True,
    }


async def test_every_lane_sees_the_common_items(days: House) -> None:
    await days.create()

    common = [
        [item for item in (await days.state(lane))["programme"] if not item.get("regional")] for lane in ("national", "r-vastero", "r-x")
    ]

    assert common[0] == common[1] == common[2]
    assert len(common[0]) == 18


async def test_the_days_page_shows_planned_times_people_and_every_regions_items(days: House) -> None:
    await days.create()
    async with days.store.reading() as session:
        page = await landing(session, DAY)
        assert await landing(session, "d-x") is None

    assert page is not None
    assert [(block.block, block.kind, block.starts_at - PLANNED) for block in page.programme][:3] == [
        ("b1", "common", timedelta()), ("b2", "regional", timedelta(hours=1)), ("b3", "common", timedelta(minutes=100)),
    ]  # fmt: skip
    opening = page.programme[0].items[1]
    assert (opening.title, opening.minutes, opening.people[1].role, opening.people[1].name) == (
        "Öppning: en gemensam bild av e-hälsa", 20, "Generaldirektör", "Tor Eklövsberg",
    )  # fmt: skip
    regional = page.programme[1]
    assert [item.item for item in regional.of_lane("r-sundmark")] == ["i-sundmark-1", "i-sundmark-2"]
    assert [item.item for item in regional.of_lane("r-x")] == ["i-r1-film@national", "i-r1-glapp@national", "i-r1-samtal@national"]
    assert page.goals[0]["title"] == "Individen som medskapare"


async def test_planned_times_stay_when_a_day_is_played_at_another_speed(days: House) -> None:
    days.clock.wind(timedelta(hours=-3))
    await days.start(speed=60.0, operator_auto=True)
    await days.play(1)
    async with days.store.reading() as session:
        page = await landing(session, DAY)

    assert page is not None
    first = page.programme[0].items[0]
    assert (first.starts_at, first.really_at) == (PLANNED, PLANNED - timedelta(hours=3))
    assert (await days.state())["day"]["starts_at"] == "2026-11-22T05:00:00.000Z"
