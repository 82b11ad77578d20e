"""Migrations come to exactly what the tables say, on both databases, and touch nothing the second time."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

import web.bootstrap  # noqa: F401  (all tables)
from conference.core.ids import RandomIds
from conference.held_words import OURS, words_of
from conference.tables import HeldWords
from polls.ballots import About, Box
from web import migrate


@pytest.fixture
async def emptied(url: str) -> str:
    """A database with nothing in it at all."""
    if url.startswith("postgresql"):
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("drop schema public cascade"))
            await connection.execute(text("create schema public"))
        await engine.dispose()
    return url


async def test_migrations_equal_the_tables(emptied: str) -> None:
    await migrate.up(emptied)

    assert await migrate.differences(emptied) == []
    assert await migrate.is_current(emptied)


async def test_a_database_that_is_up_to_date_is_left_alone(emptied: str) -> None:
    await migrate.up(emptied)
    await migrate.up(emptied)

    assert await migrate.differences(emptied) == []


async def test_an_old_installation_comes_to_what_the_tables_say(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied)

    assert await migrate.differences(emptied) == []
    assert await migrate.is_current(emptied)


async def test_the_two_lists_of_words_of_a_day_become_one(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied, "0032")
    engine = create_async_engine(emptied)
    async with engine.begin() as connection:
        for table, row in (
            ("chat_words", """'a', '["rosa"]'"""),
            ("held_words", """'a', '["blå"]'"""),
            ("held_words", """'b', '["gul"]'"""),
        ):
            await connection.execute(text(f"INSERT INTO {table} (day, words) VALUES ({row})"))  # ours

    await migrate.upgrade_from_nothing(emptied)

    async with AsyncSession(engine) as session:
        found = {day: words_of(await session.get(HeldWords, day)) for day in ("a", "b", "c")}
    await engine.dispose()
    assert found == {"a": ["blå", "rosa"], "b": sorted({*OURS, "gul"}), "c": list(OURS)}
    assert await migrate.is_current(emptied)


async def test_a_programme_that_was_there_keeps_its_blocks(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied, "0021")
    engine = create_async_engine(emptied)
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO block (day, block, kind, title, planned_starts_at, planned_ends_at, owner, goals, note, position)"
                " VALUES ('d', 'b2', 'regional', 'Ute', '2026-11-22 08:00:00', '2026-11-22 09:00:00', 'default', '[]', '', 0)"
            )
        )

    await migrate.upgrade_from_nothing(emptied)

    async with engine.begin() as connection:
        found = (await connection.execute(text("SELECT block, overrun, overrun_limit_s FROM block"))).all()
    await engine.dispose()
    assert [tuple(row) for row in found] == [("b2", None, 0)]
    assert await migrate.is_current(emptied)


def _keys(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_forms_of_a_survey_that_is_open_are_sealed_where_its_key_lies_beside_the_database(emptied: str, tmp_path: Path) -> None:
    box = Box(tmp_path, RandomIds())
    forms = {survey: (f"d/survey/{survey}", box.pseudonym(f"d/survey/{survey}", "kim")) for survey in ("here", "lost")}
    await migrate.upgrade_from_nothing(emptied, "0032")
    survey = (
        "INSERT INTO survey (day, survey, place, title, title_en, intro, questions, for_whom, known, group_answer, mailed,"
        " state, key_print)"
        " VALUES ('d', :survey, 0, '', '', '', '[]', 'participants', :yes, :yes, 0, 'open', :key_print)"
    )
    form = (
        "INSERT INTO survey_answers (box, key, receipt, answers, final, region, affiliation, people)"
        " VALUES (:box, :key, 'r', '{}', :yes, 'r-norrvik', 'kommun', 17)"
    )
    engine = create_async_engine(emptied)
    async with engine.begin() as connection:
        for name, (of, key) in forms.items():
            await connection.execute(text(survey), {"survey": name, "yes": True, "key_print": box.fingerprint(of)})
            await connection.execute(text(form), {"box": of, "key": key, "yes": True})
    box.destroy(forms["lost"][0])
    there = _keys(tmp_path)

    await migrate.up(emptied, tmp_path)

    async with engine.begin() as connection:
        found = {row.box: (row.key, row.about) for row in await connection.execute(text("SELECT box, key, about FROM survey_answers"))}
    await engine.dispose()
    assert _keys(tmp_path) == there
    assert {of: box.about(of, bytes(key), about and bytes(about)) for of, (key, about) in found.items()} == {
        forms["here"][0]: About("r-norrvik", "kommun", 17),
        forms["lost"][0]: None,
    }
    assert await migrate.differences(emptied) == []


async def test_a_code_that_two_days_showed_is_shown_by_none_and_others_run_out(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied, "0032")
    person = (
        "INSERT INTO person (day, person, people, roles, bounds, phones, code, joined_at, named)"
        " VALUES (:day, :person, :people, '[]', '{}', 0, :code, '2026-11-22 08:00:00', :no)"
    )
    came: list[tuple[str, str, int | None, str | None]] = [
        ("d1", "a", 4, "BCDFGH"), ("d2", "a", 4, "BCDFGH"), ("d2", "b", 3, "XZXZXZ"), ("d2", "c", None, None),
    ]  # fmt: skip
    engine = create_async_engine(emptied)
    async with engine.begin() as connection:
        for day, name, people, code in came:
            await connection.execute(text(person), {"day": day, "person": name, "people": people, "code": code, "no": False})

    await migrate.up(emptied)

    wanted = text("SELECT day, person, code, code_until IS NULL AS stays, told_at = joined_at AS told FROM person ORDER BY day, person")
    async with engine.begin() as connection:
        found = [(row.day, row.person, row.code, bool(row.stays), row.told and True) for row in await connection.execute(wanted)]
    await engine.dispose()
    assert found == [
        ("d1", "a", None, True, True),
        ("d2", "a", None, True, True),
        ("d2", "b", "XZXZXZ", False, True),
        ("d2", "c", None, True, None),
    ]
