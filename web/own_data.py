"""What is held of one person of a day, read from what every column says it holds: for the person, and for whoever is asked by them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Table, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.core.errors import _
from conference.core.log import LogRow
from conference.core.rows import table_of
from conference.core.sheets import Sheet
from conference.followup.files import Book, as_csv
from conference.followup.keeping import rules
from conference.people import views as people
from conference.tables import Day
from web.disposal import TABLES
from web.exported import region_names

WHOSE: Final[Mapping[str, str]] = {
    "person": "person", "session": "person", "attendance": "person", "link": "used_by", "remembered": "person", "chat_message": "person",
    "chat_restraint": "person", "chat_pace": "person", "chat_announcement": "person", "question": "person", "question_back": "person",
    "question_letter": "person", "backstage_word": "person", "studio_seat": "person", "studio_whisper": "person", "studio_typed": "person",
    "caption": "by", "recording": "by", "report_version": "by", "chat_step": "by", "audit": "person", "disposal": "by",
    "api_key": "made_by", "webhook": "made_by",
}  # fmt: skip
"""Table -> the column that says whose a row is."""

ELSE: Final[Mapping[str, str]] = {
    "region_contact": "found by the name or address in it", "booking": "found by the contributor's id",
    "action": "an owner in words, found by the name", "action_told": "as the action", "action_reminder": "as the action",
    "caption_turn": "whose turn it is now, by id, and nothing of theirs", "survey_letter": "tied to an address and to nobody",
}  # fmt: skip
"""Other tables that hold something of a person, and how that is found."""

TITLES: Final[Mapping[str, str]] = {
    "person": _("Du på dagen"),
    "session": _("Inloggningar"),
    "attendance": _("När din skärm var på"),
    "link": _("Länkar som du kom in med"),
    "remembered": _("Minne av det du bad om"),
    "chat_message": _("Inlägg i chatten"),
    "chat_restraint": _("Stopp i chatten"),
    "chat_pace": _("När du skrev senast"),
    "chat_announcement": _("Meddelanden till alla"),
    "question": _("Frågor till panelen"),
    "question_back": _("Frågor som du stödde"),
    "question_letter": _("Adress för svar på frågor"),
    "backstage_word": _("Ord i personalens kanal"),
    "studio_seat": _("Plats i studion"),
    "studio_whisper": _("Ord till och från producenten"),
    "studio_typed": _("Text till panelen"),
    "caption": _("Undertexter som du skrev"),
    "recording": _("Inspelningar som du publicerade"),
    "report_version": _("Rapporter som du gjorde"),
    "chat_step": _("Ändringar i chatten"),
    "audit": _("Det du gjorde som ledde dagen"),
    "disposal": _("Gallringsprotokoll som du skrev under"),
    "api_key": _("Nycklar för andra system som du gjorde"),
    "webhook": _("Webhookar som du lade till"),
    "contributor": _("Medverkan i programmet"),
    "booking": _("Hur du nås"),
}
"""Table -> what it holds, in words."""

FIELDS: Final[Mapping[str, str]] = {
    "name": _("Namn"), "region": _("Region"), "people": _("Personer vid skärmen"), "affiliation": _("Slags arbetsplats"),
    "roles": _("Uppgifter"), "joined_at": _("Gick med"), "left_at": _("Lämnade"),
    "created_at": _("Loggade in"), "ended_at": _("Loggade ut"), "text": _("Text"),
    "at": _("Tid"), "asked_at": _("Tid"), "room": _("Rum"), "address": _("Adress"), "minutes": _("Minuter framför skärmen"),
    "seen_at": _("Sågs senast"), "answer": _("Svar"), "state": _("Läge"), "contact": _("Kontakt"), "screen_name": _("Namn i bild"),
    "role": _("Roll"), "organisation": _("Organisation"), "did": _("Vad"), "until": _("Till"),
}  # fmt: skip
"""Column -> what a person calls it. Others, such as ids, stand in the file alone."""

SHOWN: Final = 20  # rows of a table on the page; the file has all
HIDDEN: Final = frozenset({Kept.SECRET})  # hashes of tokens: they open nothing, and tell nothing
MINUTES: Final = frozenset({"minutes", "alive"})  # a bit for each minute of the programme: told as their number
COLUMNS: Final = (_("Uppgifter"), _("Tabell"), _("Rad"), _("Kolumn"), _("Värde"))
README: Final = """Det här är de uppgifter som finns om en person på {title}, hämtade {made_at} (UTC).

uppgifter.json   allt, för program
uppgifter.csv    samma uppgifter som en tabell, öppnas i svenska Excel

Röster och enkätsvar finns inte här. De sparas utan koppling till person: ingen kan se vilka som är dina.
Nycklar till inloggningar visas inte. Dagens logg nämner id {person} i {events} händelser, utan namn.
"""


@dataclass(frozen=True)
class HeldOf:
    """What of one kind is held of a person.

    Attributes:
        tables: table -> its rows, each column by its name.
        until: the first day on which it may be deleted; ``None``: for good, or not known yet.
    """

    kind: str
    what: str
    why: str
    until: date | None
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class OwnData:
    """All that is held of a person.

    Attributes:
        events: how many events of the day's log name the person's id.
        regions: what the day's regions are called.
    """

    day: str
    title: str
    person: str
    events: int
    held: Sequence[HeldOf]
    regions: Mapping[str, str]


async def own_data(session: AsyncSession, day: Day, person: str) -> OwnData:
    """Kind by kind, in the order in which they are kept."""
    rows = {name: await _rows(session, table, day.day, WHOSE[name], person) for name, table in _tables().items()}
    contributor = await people.came_as(session, day.day, person)
    for name in ("contributor", "booking") if contributor else ():
        rows[name] = await _rows(session, _named(name), day.day, "contributor", contributor or "")
    log = table_of(LogRow)
    events = select(func.count()).select_from(log).where(log.c["day"] == day.day, log.c["data"].contains(person))
    connection = await session.connection()
    named = int(await connection.scalar(events) or 0)
    return OwnData(day.day, day.title, person, named, [*_by_kind(rows, day)], await region_names(session, day.day))


def counted(data: OwnData) -> dict[str, int]:
    """Table -> how many of its rows hold something of the person."""
    return {
        table: max(len(one.tables.get(table, ())) for one in data.held)
        for table in sorted({name for one in data.held for name in one.tables})
    }


def in_words(data: OwnData) -> list[dict[str, Any]]:
    """What is held, as a page shows it: what a person has a word for, at most `SHOWN` rows of each table."""
    return [
        {
            "what": one.what,
            "why": one.why,
            "until": one.until,
            "goes": rules.RULES[Kept(one.kind)].days is not None,
            "tables": [_shown(table, some, data.regions) for table, some in one.tables.items()],
        }
        for one in data.held
    ]


def _shown(table: str, some: Sequence[Mapping[str, Any]], regions: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        [(FIELDS[name], _plain(value, regions)) for name, value in row.items() if name in FIELDS and value != []] for row in some[:SHOWN]
    ]
    return {"title": TITLES[table], "n": len(some), "rows": [row for row in rows if row], "more": len(some) > SHOWN}


def _plain(value: Any, regions: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return regions.get(value, value) if isinstance(value, str) else value


def _by_kind(rows: Mapping[str, Sequence[Mapping[str, Any]]], day: Day) -> Sequence[HeldOf]:
    found = []
    for kind, rule in rules.RULES.items():
        tables = {name: [_of_kind(row, name, kind) for row in some] for name, some in rows.items() if some}
        full = {name: some for name, some in tables.items() if any(some)}
        if full and kind not in HIDDEN:
            found.append(HeldOf(kind, rule.what, rule.why, rules.until(rule, day), full))
    return found


def _of_kind(row: Mapping[str, Any], name: str, kind: Kept) -> dict[str, Any]:
    table = _named(name)
    return {
        column: _told(column, value) for column, value in row.items() if table.c[column].info["kept"] is kind and value not in (None, "")
    }


def _told(column: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return int.from_bytes(value, "little").bit_count() if column in MINUTES else len(value)
    return value


async def _rows(session: AsyncSession, table: Table, day: str, column: str, whose: str) -> list[Mapping[str, Any]]:
    connection = await session.connection()
    found = await connection.execute(select(table).where(table.c["day"] == day, table.c[column] == whose))
    return [dict(row) for row in found.mappings()]


def _tables() -> dict[str, Table]:
    return {name: _named(name) for name in WHOSE}


def _named(name: str) -> Table:
    return next(table_of(model) for model in TABLES if table_of(model).name == name)


def as_zip(data: OwnData, made_at: datetime) -> bytes:
    """All of it as one file: JSON, a table, and how to read them."""
    rows = tuple(
        (one.what, TITLES[table], number, column, _cell(value))
        for one in data.held
        for table, some in one.tables.items()
        for number, row in enumerate(some, start=1)
        for column, value in row.items()
    )
    sheet = Sheet(_("Uppgifter"), COLUMNS, rows)
    book = Book(data.day, "person", Sheet(_("Om filen"), (_("Uppgift"),), ()), [sheet], ZoneInfo("UTC"), made_at)
    told = {"title": data.title, "made_at": f"{made_at:%Y-%m-%d %H:%M}", "person": data.person, "events": data.events}
    body = msgspec.json.format(msgspec.json.encode({**msgspec.to_builtins(data), "made_at": made_at}), indent=2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (("LÄS MIG.txt", README.format(**told).encode()), ("uppgifter.json", body), ("uppgifter.csv", as_csv(book))):
            file.writestr(name, content)
    return packed.getvalue()


def _cell(value: Any) -> str | int | float | datetime:
    return value if isinstance(value, str | int | float | datetime) else msgspec.json.encode(value).decode()
