"""The evaluation as a table: the figures of the report, and no others."""

from __future__ import annotations

from conference.core.sheets import WITHHELD, Said, Sheet
from polls.surveys.export import COLUMNS, sheets
from tests.conftest import NINE
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import EVALUATION, House, organizer


async def exported(house: House) -> Sheet:
    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)
    return sheet


async def test_a_row_for_every_figure_and_every_text(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    for number in range(8):
        answers = {"aterkommande": "yes", "annorlunda": "Mer tid", "citera": number < 2}
        await house.surveys.answer(someone(f"p{number}", region="r-norrvik", affiliation="kommun"), EVALUATION, answers)
    preliminary = await exported(house)
    await house.surveys.close(organizer(), EVALUATION)
    final = await exported(house)

    about = (EVALUATION, NINE, "yesno", "Ska e-hälsodagen återkomma?")
    assert [row for row in final.rows if row[2] == "yesno"] == [
        (*about, None, None, "Ja", 8, 8, 100, None, None),
        (*about, None, None, "Nej", 0, 8, 0, None, None),
        (*about, "r-norrvik", None, "Ja", 8, 8, 100, None, None),
        (*about, "r-norrvik", None, "Nej", WITHHELD, 8, WITHHELD, None, None),
        (*about, None, "kommun", "Ja", 8, 8, 100, None, None),
        (*about, None, "kommun", "Nej", WITHHELD, 8, WITHHELD, None, None),
    ]
    texts = [row[6:] for row in final.rows if row[3] == "Vad ska vi göra annorlunda nästa gång?"]
    assert (texts[0], texts[1:3]) == (
        (None, None, 8, None, None, None),
        [("Mer tid", None, 8, None, None, 1)] * 2,
    )
    assert (final.columns, {row[1] for row in preliminary.rows}, {row[8] for row in preliminary.rows}) == (COLUMNS, {None}, {5, 0})


async def test_those_without_a_region_are_called_so(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    for number in range(8):
        await house.surveys.answer(someone(f"p{number}"), EVALUATION, {"aterkommande": "yes"})
    await house.surveys.close(organizer(), EVALUATION)

    rows = [row for row in (await exported(house)).rows if row[2] == "yesno" and row[4] is not None]
    assert [row[4:8] for row in rows] == [(Said("Ingen region"), None, "Ja", 8), (Said("Ingen region"), None, "Nej", WITHHELD)]


async def test_a_day_whose_evaluation_has_not_opened_has_an_empty_table(house: House) -> None:
    assert (await exported(house)).rows == ()


async def test_groups_stand_in_a_row_of_their_own(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    for number in range(12):
        await house.surveys.answer(someone(f"p{number}"), EVALUATION, {"helheten": 4}, people=6 if number < 5 else None)
    await house.surveys.close(organizer(), EVALUATION)

    groups = Said("Svar från grupper, och hur många de var")
    assert [row for row in (await exported(house)).rows if row[3] == groups] == [
        (EVALUATION, NINE, None, groups, None, None, None, 5, 12, None, 30, None)
    ]
