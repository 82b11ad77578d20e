"""How many took part, as a chapter: the day, its blocks, its quarters and its regions."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from conference.core.faces import Data
from conference.core.sheets import WITHHELD
from conference.followup.reports.answers import DASH, HIDDEN_NOTE, many, number
from conference.followup.reports.document import Chapter, Column, Fact, Part, Table, Unit, chart_of

COUNTRY: Final = "Hela landet"


def chapter(told: Data, _zone: ZoneInfo) -> Chapter:
    """The chapter."""
    att = told.get("attendance") or {}
    if not att.get("high"):
        return Chapter("participation", "Deltagande", paragraphs=("Ingen följde en kvart av dagens program.",))
    facts = (
        Fact(spread(att["low"], att["high"]), "personer följde minst en kvart", "lägsta och högsta tal, se Så har vi räknat"),
        Fact(number(att["devices"]), "skärmar var med minst en kvart", f"av {many(att['joined'], 'skärm', 'skärmar')} som gick med"),
        Fact(number(att["groups"]), "grupper", f"{number(att['group_people'])} personer i grupper, av minst {number(att['low'])} personer"),
    )
    parts = [_by_block(att.get("blocks") or []), _over_time(att["quarters"]), _by_region(att)]
    return Chapter("participation", "Deltagande", facts=facts, parts=tuple(one for one in parts if one))


def _by_block(blocks: list[Data]) -> Part | None:
    if not blocks:
        return None
    names = ("devices", "low", "about", "high")
    titles = ("Skärmar", "Personer, minst", "Personer, ungefär", "Personer, högst")
    rows = tuple((one["title"], *(one[name] for name in names)) for one in blocks)
    columns = (Column("Block"), *(Column(title, Unit.NUMBER) for title in titles))
    table = Table("Deltagande per block", columns, rows, note="De som var med minst halva blocket, se Så har vi räknat.")
    most = max(blocks, key=lambda one: one["about"])
    heading = f"Flest följde {most['title']}: ungefär {many(most['about'], 'person', 'personer')}"
    return Part(heading, chart=chart_of(table, 3, "Personer, ungefär"), tables=(table,))


def _over_time(quarters: list[Data]) -> Part | None:
    if not quarters:
        return None
    most = max(quarters, key=lambda one: one["people"])
    rows = tuple((f"{one['minute']}{DASH}{one['minute'] + 15}", one["people"], one["devices"]) for one in quarters)
    columns = (Column("Minut i programmet"), Column("Personer, minst", Unit.NUMBER), Column("Skärmar", Unit.NUMBER))
    table = Table("Närvaro per kvart", columns, rows, note="Alla skärmar som var på under kvarten.")
    heading = f"Flest var med minut {most['minute']}{DASH}{most['minute'] + 15}: minst {many(most['people'], 'person', 'personer')}"
    return Part(heading, chart=chart_of(table, 1, "Personer, minst", over_time=True), tables=(table,))


def _by_region(att: Data) -> Part | None:
    if not att["regions"]:
        return None
    names = ("devices", "low", "high")
    rows = [(one["name"], *(WITHHELD if one[name] is None else one[name] for name in names)) for one in att["regions"]]
    columns = (Column("Region"), *(Column(name, Unit.NUMBER) for name in ("Skärmar", "Personer, minst", "Personer, högst")))
    whole = (COUNTRY, *(att[name] for name in names))
    table = Table("Deltagande per region", columns, (*rows, whole), total=True, note=HIDDEN_NOTE)
    shown = [(one["name"], one["low"]) for one in att["regions"] if one["low"] is not None]
    most = max(shown, key=lambda one: one[1], default=None)
    heading = f"Flest kom från {most[0]}: minst {number(most[1])} personer" if most else "Ingen region är stor nog att visas för sig"
    return Part(heading, chart=chart_of(table, 2, "Personer, minst"), tables=(table,))


def spread(low: int, high: int) -> str:
    """From the least to the most, or one figure when they are the same."""
    return number(low) if low == high else f"{number(low)}{DASH}{number(high)}"
