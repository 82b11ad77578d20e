from __future__ import annotations

from conference.core.sheets import WITHHELD
from conference.people import About, export, report, token_hash
from tests.conference.people.houses import DAY, HOUSE, House, regions, spans


async def a_day(house: House) -> None:
    """Twelve in the north, one a group of seven; eight without a region; two who did not stay; a moderator."""
    await house.link("tok", "moderator")
    await house.follow("tok", "staff")
    await house.watched("id1", 60)
    for n in range(12):
        person = await house.joined(f"n{n}", region="r-norrvik", name=f"N{n}", people=7 if n == 0 else 1)
        await house.watched(person, 30)
    for n in range(8):
        await house.watched(await house.joined(f"u{n}"), 15)
    for n in range(2):
        await house.watched(await house.joined(f"k{n}", region="r-sundmark"), 14)
    await house.joined("never")


async def test_the_section_of_the_report(house: House) -> None:
    await a_day(house)

    async with house.store.reading() as session:
        section = (await report.section(regions, spans)(session, DAY))["attendance"]

    assert {key: section[key] for key in ("devices", "named", "alone", "groups", "group_people", "untold", "low", "high", "joined")} == {
        "devices": 20,
        "named": 12,
        "alone": 11,
        "groups": 1,
        "group_people": 7,
        "untold": 8,
        "low": 25,
        "high": 74,
        "joined": 23,
    }
    assert section["took_part"] == {"percent": 87, "count": 20, "n": 23, "base": "skärmar som gick med", "between": (68, 95)}
    assert section["regions"] == [
        {"region": "r-norrvik", "name": "Region Norrvik", "devices": 12, "low": 17, "high": None},
        {"region": "r-sundmark", "name": "Region Sundmark", "devices": None, "low": None, "high": None},
        {"region": "national", "name": "Ingen region", "devices": 8, "low": 8, "high": None},
    ]
    assert section["blocks"] == [
        {"block": "b1", "kind": "common", "title": "Öppning", "title_en": "Opening", "devices": 20, "low": 17, "about": 26, "high": 88}
    ]
    assert section["quarters"] == [{"minute": 0, "devices": 22, "people": 28}, {"minute": 15, "devices": 12, "people": 18}]


async def test_a_day_nobody_has_joined_can_be_reported(house: House) -> None:
    async with house.store.reading() as session:
        section = (await report.section(regions, spans)(session, DAY))["attendance"]

    assert (section["devices"], section["low"], section["high"], section["took_part"]["percent"], section["quarters"]) == (
        0,
        0,
        0,
        None,
        [],
    )


async def test_who_joins_when_the_day_is_over_is_in_no_figure_of_it(house: House) -> None:
    await a_day(house)
    async with house.store.reading() as session:
        before = await report.section(regions, spans)(session, DAY)
        sheets = await export.sheets(regions, spans)(session, DAY)
    await house.link("demo")

    for number in range(7):
        await house.people.join(HOUSE, f"late-{number}", About(name="Sen", region="r-norrvik", people=30, affiliation="kommun"), late=True)
        await house.watched((await house.by(f"late-{number}")).person, 40)
    await house.people.use_link(HOUSE, token_hash("demo"), "by-link", late=True)
    await house.watched((await house.by("by-link")).person, 40)

    async with house.store.reading() as session:
        assert await report.section(regions, spans)(session, DAY) == before
        assert await export.sheets(regions, spans)(session, DAY) == sheets


async def test_the_tables_to_take_away(house: House) -> None:
    await a_day(house)

    async with house.store.reading() as session:
        whole, blocks, time = await export.sheets(regions, spans)(session, DAY)

    none = (None,) * 8
    assert whole.rows == (
        ("Hela landet", 20, 25, 74, 12, 11, 1, 7, 8, 0, 0, 26),
        ("Region Norrvik", 12, 17, WITHHELD, *none),
        ("Region Sundmark", WITHHELD, WITHHELD, WITHHELD, *none),
        ("Ingen region", 8, 8, WITHHELD, *none),
    )
    assert blocks.rows == (("Öppning", 20, 17, 26, 88),)
    assert time.rows == ((0, 22, 28), (15, 12, 18))
