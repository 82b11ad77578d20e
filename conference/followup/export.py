"""Files to take away: each feature's tables as CSV, XLSX or JSON, with what must be known to read them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.clock import Clock
from conference.core.disclosure import K
from conference.core.errors import Refused, _
from conference.core.sheets import Sheet
from conference.core.store import Store
from conference.followup.files import Book, File, Translate, as_csv, as_json, as_xlsx
from conference.followup.keeping import views as keeping
from conference.followup.keeping.report import LISTED_FROM
from conference.rules import called
from conference.tables import Day

Tables: TypeAlias = Callable[[AsyncSession, str], Awaitable[list[Sheet]]]
"""Reads a feature's tables of a day. The first holds all of it, in long form: CSV has room for one table. Disclosed figures only."""

FORMS: Final[Mapping[str, tuple[str, Callable[[Book], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json", as_json),
}

NOTES: Final = (
    (_("Små tal"), _("En ruta med färre än fem svar visas inte, så att ingen kan pekas ut. Där det behövs är fler rutor borttagna, så att inget av talen kan räknas ut. Det står då: visas inte.")),  # noqa: E501  # a text is looked up whole
    (_("n"), _("n är antalet svar. En skärm ger ett svar, hur många som än sitter framför den. De som satt framför står bredvid.")),
    (_("Andelar"), _("En andel står tillsammans med n och med det som den är en andel av.")),
    (_("Deltog"), _("Den som var med minst 15 minuter av programmet.")),
    (_("Tecken"), _("En text som börjar med =, +, - eller @ har fått en apostrof först, så att kalkylprogrammet inte räknar på den.")),
)  # fmt: skip


class Exports:
    """Writes files.

    Args:
        tables: what one can take away -> what reads it: ``attendance``, ``polls``, ``evaluation``, ``later``, ``chat``, ``questions``,
            ``programme``, ``needs``, ``actions``.
    """

    def __init__(self, store: Store, clock: Clock, tables: Mapping[str, Tables]) -> None:
        self._store, self._clock, self._tables = store, clock, dict(tables)

    @property
    def what(self) -> tuple[str, ...]:
        """What one can take away, in its order."""
        return tuple(self._tables)

    async def file(self, day: str, what: str, form: str, translate: Translate = str, lang: str = "sv") -> File:
        """The tables of a day as a file.

        Args:
            form: ``csv``, ``xlsx`` or ``json``.
            translate: from Swedish to the reader's language.
            lang: that language, for words that stand in both.

        Raises:
            Refused: ``export.no_such``, ``export.disposed``.
        """
        if what not in self._tables or form not in FORMS:
            raise Refused("export.no_such", _("Det finns ingen sådan fil."))
        async with self._store.reading() as session:
            row = (await session.exec(select(Day).where(Day.day == day))).one_or_none()
            if row is None:
                raise Refused("export.no_such", _("Det finns ingen sådan fil."))
            if what in LISTED_FROM and await keeping.is_gone(session, day, LISTED_FROM[what]):
                raise Refused("export.disposed", _("Uppgifterna är gallrade. Siffrorna står i rapporten till uppdragsgivaren."))
            sheets = await self._tables[what](session, day)
        now, to = self._clock.now(), str if form == "json" else translate
        book = Book(day, what, _about(row, sheets[0], now, to), sheets, ZoneInfo(row.timezone), now, to, lang)
        media_type, write = FORMS[form]
        # A chat of thousands takes a second as XLSX: not on the thread that answers votes.
        return File(f"{called(day, row.date)}-{what}.{form}", media_type, await asyncio.to_thread(write, book))


def _about(day: Day, first: Sheet, now: datetime, translate: Translate) -> Sheet:
    facts = (
        (_("Dag"), day.title),
        (_("Datum"), day.date),
        (_("Innehåll"), translate(first.name)),
        (_("Hämtat"), now),
        (_("Minsta tal som visas i en uppdelning"), K),
    )
    told = tuple((translate(name), value) for name, value in facts)
    return Sheet(_("Om"), (_("Uppgift"), _("Värde")), (*told, *((translate(name), translate(text)) for name, text in NOTES)))
