"""The polls as a table: the figures of the report, and no others."""

from __future__ import annotations

import pytest

from conference.core.sheets import WITHHELD, Said
from polls.export import COLUMNS, sheets
from polls.kinds import Question
from tests.polls.houses import DAY, STAFF, House, someone
from tests.polls.kinds.asked import HALVES, NUMBER, POINTS, QUIZ, RANKING, STATEMENTS
from web.render import translated

DASH = "\N{EN DASH}"
TEXT = Question("q3", "text", "Vad?", longest=100)


async def test_a_row_for_every_figure_of_the_whole_and_of_each_region(house: House) -> None:
    poll = await house.an_open_poll()
    for number in range(12):
        await house.polls.vote(someone(f"p{number}", region="r-norrvik"), poll, ["ja"] if number < 9 else ["nej"])
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    about = (poll, 1, "choice", "Ja eller nej?")
    assert sheet.columns == COLUMNS
    assert sheet.rows == (
        (*about, None, "Ja", 9, 12, 75, None),
        (*about, None, "Nej", 3, 12, 25, None),
        (*about, "r-norrvik", "Ja", 9, 12, 75, None),
        (*about, "r-norrvik", "Nej", WITHHELD, 12, WITHHELD, None),
    )


async def test_what_was_asked_again_has_a_sheet_of_how_it_shifted(house: House) -> None:
    poll = await house.an_open_poll()
    for yes, no in ((3, 1), (1, 4)):
        for number in range(yes + no):
            await house.polls.vote(someone(f"p{number}"), poll, ["ja"] if number < yes else ["nej"])
        await house.polls.close(STAFF, poll)
        if yes > no:
            await house.polls.again(STAFF, poll)

    async with house.store.reading() as session:
        _all, shifts = await sheets(session, DAY)

    assert (shifts.name, shifts.rows) == (
        "Förändring mellan omgångar",
        ((poll, "Ja eller nej?", "Ja", 1, 75, 4, 2, 20, 5, -55), (poll, "Ja eller nej?", "Nej", 1, 25, 4, 2, 80, 5, 55)),
    )


async def test_texts_stand_below_how_many_there_are(house: House) -> None:
    poll = await house.an_open_poll(TEXT)
    for number in range(5):
        await house.polls.vote(someone(f"p{number}"), poll, "=1+1")
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    about = (poll, 1, "text", "Vad?")
    assert sheet.rows == (
        (*about, None, None, None, 5, None, None),
        *((*about, None, "=1+1", None, 5, None, None) for _ in range(5)),
        (*about, Said("Ingen region"), None, None, 5, None, None),
    )


async def test_figures_that_follow_from_the_counts_stand_below_them(house: House) -> None:
    poll = await house.an_open_poll(NUMBER)
    for number in range(5):
        await house.polls.vote(someone(f"p{number}"), poll, 10 * number)
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    about = (poll, 1, "number", "Minuter?", None)
    assert sheet.rows[:13] == (
        (*about, f"0{DASH}24 minuter", 3, 5, 60, None),
        (*about, f"25{DASH}49 minuter", 2, 5, 40, None),
        *((*about, f"{low}{DASH}{min(low + 24, 240)} minuter", 0, 5, 0, None) for low in range(50, 240, 25)),
        (*about, Said("Nedre kvartil (%(unit)s)", {"unit": "minuter"}), None, 5, None, f"0{DASH}24"),
        (*about, Said("Median (%(unit)s)", {"unit": "minuter"}), None, 5, None, f"0{DASH}24"),
        (*about, Said("Övre kvartil (%(unit)s)", {"unit": "minuter"}), None, 5, None, f"25{DASH}49"),
    )


async def test_from_twenty_answers_on_the_middle_of_numbers_is_exact(house: House) -> None:
    poll = await house.an_open_poll(NUMBER)
    for number in range(21):
        await house.polls.vote(someone(f"p{number}"), poll, 10 * number)
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    assert [row[5:] for row in sheet.rows if row[-1] is not None] == [
        (Said("Nedre kvartil (%(unit)s)", {"unit": "minuter"}), None, 21, None, 50),
        (Said("Median (%(unit)s)", {"unit": "minuter"}), None, 21, None, 100),
        (Said("Övre kvartil (%(unit)s)", {"unit": "minuter"}), None, 21, None, 150),
    ]


@pytest.mark.parametrize(
    ("question", "answer", "swedish", "english"),
    [
        (RANKING, ["b"], "Beta: poäng", "Beta: points"),
        (POINTS, {"b": 100}, "Beta: medel av 100 poäng", "Beta: mean of 100 points"),
        (STATEMENTS, {"a": 2}, "Alfa: medel", "Alfa: mean"),
        (NUMBER, 30, "Median (minuter)", "Median (minuter)"),
        (HALVES, 0.5, "Övre kvartil", "Upper quartile"),
        (QUIZ, ["b"], "Rätt svar", "Right answer"),
    ],
)
async def test_figures_are_called_by_words_of_the_readers_language(
    house: House, question: Question, answer: object, swedish: str, english: str
) -> None:
    poll = await house.an_open_poll(question)
    for number in range(5):
        await house.polls.vote(someone(f"p{number}"), poll, answer)
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    told = [(cell.said(str), cell.said(lambda text: translated(text, "en"))) for row in sheet.rows if isinstance(cell := row[5], Said)]
    assert (swedish, english) in told


async def test_a_day_without_polls_has_an_empty_table(house: House) -> None:
    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)
    assert sheet.rows == ()
