"""Tables for people: what a feature hands out to be written as CSV, XLSX or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from conference.core.errors import _


class Withheld(Enum):
    """A figure that is there and is not shown."""

    FIGURE = _("visas inte")


WITHHELD = Withheld.FIGURE


@dataclass(frozen=True)
class Ours:
    """Words in a cell that are ours and not people's: a file for people says them in its reader's language.

    Attributes:
        text: a msgid.
    """

    text: str


Cell: TypeAlias = str | int | float | date | datetime | Ours | Withheld | None


@dataclass(frozen=True)
class Sheet:
    """One table.

    Attributes:
        name: what it holds, in a few words; a msgid.
        columns: what its columns hold, in words; msgids.
        rows: as many cells as there are columns. Texts as they were written: whoever writes the file makes them harmless. ``None`` is
            what there is none of, `WITHHELD` what is not shown.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.name}: every row needs {len(self.columns)} cells")


def disclosed(figure: float | None) -> Cell:
    """A figure of a disclosed breakdown as a cell."""
    return WITHHELD if figure is None else figure
