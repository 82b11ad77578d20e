"""The report, the file and the day's page: every question once, each with its end, none lost, and names where they may be told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from chat.questions import export, outcomes, report
from conference.core.sheets import Said
from conference.core.transaction import Transaction
from conference.people.tables import Person
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House, someone
from tests.conftest import NINE


async def a_day_of_questions(house: House) -> dict[str, str]:
    """One for each end, by what it is called here."""
    await house.open(NORRVIK)
    names = {name: await house.let_through("kim", f"Om {name}?") for name in ("live", "written", "given", "declined", "gone", "waits")}
    names["merged"] = await house.let_through("lo", "Om samma sak?")
    names["regional"] = await house.let_through(someone("mo", NORRVIK, people=8), "Om det lyfts?", quotable=True)
    names["secret"] = await house.let_through(someone("bo", NORRVIK, people=8), "Om det som inte sägs?", anonymous=True, quotable=True)
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
    assert {
        name: (told[names[name]]["by"], told[names[name]]["region"], told[names[name]]["people"]) for name in ("secret", "live", "regional")
    } == {
        "secret": (None, None, None),  # anonymous
        "live": (None, None, None),  # has not said that it may be quoted
        "regional": ({"person": "mo", "role": None}, NORRVIK, 8),
    }
    assert "kim" not in repr(section)


async def call(house: House, person: str, name: str) -> None:
    async def change(tx: Transaction) -> None:
        tx.put((await tx.get(Person, DAY, person)).model_copy(update={"name": name}))

    await house.store.run(change)


async def test_the_file_has_a_row_for_each_and_the_names_of_those_who_let_themselves_be_quoted(house: House) -> None:
    names = await a_day_of_questions(house)
    for person, name in (("kim", "Kim Ek"), ("mo", "Hemtjänsten Norr"), ("bo", "Bo Alm")):
        await call(house, person, name)
    await house.questions.label(OLGA, names["waits"], "Journal")
    await house.questions.star(OLGA, names["waits"], starred=True)
    await house.questions.oppose(someone("lo"), names["waits"])
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
    assert [row[19] for row in sheet.rows if row[19]] == ["Hemtjänsten Norr"]
    [waits] = [row for row in sheet.rows if row[2] == "Om waits?"]
    assert waits[15:] == (1, "Journal", "x", "", "")
    assert not any(person in repr(sheet.rows) for person in ("'kim'", "'lo'", "'mo'", "Kim Ek", "Bo Alm"))


async def test_on_the_days_page_are_answers_and_the_words_of_those_who_let_themselves_be_quoted(house: House) -> None:
    names = await a_day_of_questions(house)
    await house.questions.label(OLGA, names["written"], "Journal")
    async with house.store.reading() as session:
        shown = await report.on_the_days_page(session, DAY)

    told = {one["question"]: one for one in shown}
    assert set(told) == {
        names[name] for name in ("live", "written", "given", "regional")
    }  # not what waits, was declined, taken away or merged
    assert [(told[names[name]]["text"], told[names[name]]["label"]) for name in ("regional", "written")] == [
        ("Om det lyfts?", None),
        (None, "Journal"),
    ]
    assert (told[names["written"]]["answer"], told[names["given"]]["to"], told[names["regional"]]["by"]) == (
        "Så här.",
        "Panelist, Kommun",
        {"person": "mo", "role": None},
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("OM det", {"Om det lyfts?", "Om det som inte sägs?"}),
        ("läsa mer", {"Om live?", "Om samma sak?"}),
        ("journal", {"Om given?"}),
        ("saknas", set()),
    ],
)
async def test_all_words_are_looked_for_in_questions_labels_and_answers(house: House, words: str, found: set[str]) -> None:
    names = await a_day_of_questions(house)
    await house.questions.label(OLGA, names["given"], "Journal")
    async with house.store.reading() as session:
        section = await report.section(session, DAY)

    assert {row["text"] for row in report.matching(section["questions"]["all"], words)} == found
