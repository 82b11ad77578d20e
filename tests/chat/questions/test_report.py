"""The report and the file: every question once, each with its end, none lost, and no names."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from chat.questions import export, outcomes, report
from conference.core.sheets import Said
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House, someone
from tests.conftest import NINE


async def a_day_of_questions(house: House) -> dict[str, str]:
    """One for each end, by what it is called here."""
    await house.open(NORRVIK)
    names = {name: await house.let_through("kim", f"Om {name}?") for name in ("live", "written", "given", "declined", "gone", "waits")}
    names["merged"] = await house.let_through("lo", "Om samma sak?")
    names["regional"] = await house.let_through(someone("mo", NORRVIK, people=8), "Om det lyfts?")
    names["secret"] = await house.let_through(someone("bo", NORRVIK, people=8), "Om det som inte sägs?", anonymous=True)
    copy = ((await house.questions.escalate(OLGA, names["regional"])).data or {})["question"]
    house.clock.wind(timedelta(minutes=5))
    await house.questions.answered(OLGA, copy)
    await house.questions.merge(OLGA, names["merged"], names["live"])
    await house.questions.answered(OLGA, names["live"])
    await house.questions.write(OLGA, names["live"], "Och mer att läsa.")
    await house.questions.write(OLGA, names["written"], "Så här.")
    await house.questions.assign(OLGA, names["given"], "c-kommun", due=date(2026, 12, 1))
    await house.questions.put_aside(OLGA, names["declined"], "Hinns inte")
    await house.questions.remove(OLGA, names["gone"])
    return names


async def test_every_question_ends_once_and_none_is_lost(house: House) -> None:
    names = await a_day_of_questions(house)
    async with house.store.reading() as session:
        section = (await report.section(session, DAY))["questions"]

    assert section["asked"] == len(names)
    assert section["ends"] == {"live": 3, "written": 1, "assigned": 1, "declined": 1, "withdrawn": 1, "waiting": 2}
    assert Counter(one["end"] for one in section["all"]) + Counter(withdrawn=1) == Counter(section["ends"])
    told = {one["question"]: one for one in section["all"]}
    assert told[names["live"]]["answered_at"] == NINE + timedelta(minutes=5)
    assert (told[names["given"]]["to"], told[names["given"]]["due"]) == ("Panelist, Kommun", date(2026, 12, 1))
    assert (told[names["secret"]]["region"], told[names["secret"]]["people"]) == (None, None)
    assert "kim" not in repr(section)


async def test_the_file_has_a_row_for_each_and_no_names(house: House) -> None:
    names = await a_day_of_questions(house)
    async with house.store.reading() as session:
        [sheet] = await export.sheets(session, DAY)

    assert len(sheet.rows) == len(names) - 1
    assert {row[7] for row in sheet.rows} == {export.ENDS[end] for end in outcomes.ALL if end != "withdrawn"}
    assert {row[1] for row in sheet.rows} == {Said("Hela landet"), "Region Norrvik"}
    [regional] = [row for row in sheet.rows if row[2] == "Om det lyfts?"]
    assert (regional[1], regional[4], regional[5], regional[7], regional[14]) == (
        "Region Norrvik",
        "Region Norrvik",
        8,
        Said("Besvarad i sändning"),
        "x",
    )
    [secret] = [row for row in sheet.rows if row[2] == "Om det som inte sägs?"]
    assert (secret[4], secret[5]) == ("", None)
    assert not any(person in repr(sheet.rows) for person in ("'kim'", "'lo'", "'mo'"))
