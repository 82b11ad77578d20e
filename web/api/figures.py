"""Reads the figures of a day for the read API: from the sections of the report, as pages, files and versions have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlmodel import col, select

from conference.followup import targets
from conference.followup.reports import views
from conference.followup.reports.frozen import plain
from conference.followup.reports.rules import no_such
from conference.followup.reports.tables import ReportFigures, ReportVersion
from conference.tables import Day as DayRow
from web.api import answers, shapes
from web.house import House


async def section(house: House, day: str, name: str) -> shapes.Figures:
    """One section of the report as it stands now, and what else the same reading has brought."""
    return _shaped(await house.readings[name].of(day))


def _shaped(sections: dict[str, Any]) -> shapes.Figures:
    return msgspec.json.decode(msgspec.json.encode(plain(sections)), type=shapes.Figures)


async def attendance(house: House, day: str) -> shapes.Attendance:
    """Who took part."""
    found = (await section(house, day, "attendance")).attendance
    assert found
    return found


async def polls(house: House, day: str) -> Sequence[answers.Poll]:
    """Every poll that has been open."""
    return (await section(house, day, "polls")).polls


async def surveys(house: House, day: str) -> Sequence[answers.Survey]:
    """Every survey that has been open."""
    return (await section(house, day, "surveys")).surveys


async def ratings(house: House, day: str) -> Sequence[answers.Rating]:
    """What people thought of each item."""
    return (await section(house, day, "surveys")).after_items


async def later(house: House, day: str) -> Sequence[answers.Later]:
    """What those answered who watched the recordings."""
    return (await section(house, day, "later")).later


async def questions(house: House, day: str) -> shapes.Questions:
    """How the questions to the panel ended."""
    found = (await section(house, day, "questions")).questions
    assert found
    return found


async def captions(house: House, day: str) -> shapes.Captions:
    """How much could be read."""
    found = (await section(house, day, "captions")).captions
    assert found
    return found


async def needs(house: House, day: str) -> Sequence[shapes.Need]:
    """What was asked for."""
    return (await _loop(house, day)).needs


async def actions(house: House, day: str) -> Sequence[shapes.Action]:
    """What is done about it."""
    return (await _loop(house, day)).actions


async def goals(house: House, day: str) -> Sequence[shapes.Goal]:
    """The goals in figures of the day's series. Versions keep less of them, so they are no part of the loop's shape."""
    found = (await house.readings["followup"].of(day))["followup"]["targets"]
    return [msgspec.convert(plain(targets.for_others(one)), type=shapes.Goal) for one in found]


async def _loop(house: House, day: str) -> shapes.Loop:
    found = (await section(house, day, "followup")).followup
    assert found
    return found


async def about(house: House, day: str, figures: list[str]) -> shapes.Day:
    """The day itself.

    Args:
        figures: addresses of what there is to read.
    """
    async with house.store.reading() as session:
        row = (await session.exec(select(DayRow).where(DayRow.day == day))).one()
    names = ("day", "title", "title_en", "date", "timezone", "state", "starts_at", "ends_at")
    return shapes.Day(**{name: getattr(row, name) for name in names}, figures=figures)


async def versions(house: House, day: str) -> Sequence[shapes.Version]:
    """The versions of the report, the newest first."""
    wanted = select(ReportVersion.version, ReportVersion.made_at, ReportFigures.taken_at, ReportFigures.fingerprint).join(
        ReportFigures, (col(ReportFigures.day) == col(ReportVersion.day)) & (col(ReportFigures.figures) == col(ReportVersion.figures))
    )
    async with house.store.reading() as session:
        rows = await session.exec(wanted.where(ReportVersion.day == day).order_by(col(ReportVersion.version).desc()))
        return [shapes.Version(version=version, made_at=made, taken_at=taken, sha256=mark) for version, made, taken, mark in rows]


async def version(house: House, day: str, name: str) -> shapes.Report:
    """A version with its figures.

    Raises:
        Refused: ``report.no_such``.
    """
    if not (name.isascii() and name.isdecimal() and len(name) < 6):
        raise no_such()
    async with house.store.reading() as session:
        kept = await views.version(session, day, int(name))
    about: dict[str, Any] = {"version": kept.version, "made_at": kept.made_at, "taken_at": kept.taken_at, "sha256": kept.fingerprint}
    figures = {name: told for name, told in kept.figures.items() if name != "after_items"}  # early versions keep nothing but quotes of them
    return shapes.Report(**about, figures=_shaped(figures))
