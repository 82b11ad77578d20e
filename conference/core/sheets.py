"""Tables for people: what a feature hands out to be written as CSV, XLSX or JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from conference.core.errors import _


class Withheld(Enum):
    """A figure that is there and is not shown."""

    FIGURE = _("visas inte")


WITHHELD = Withheld.FIGURE


@dataclass(frozen=True)
class Said:
    """Words of our own in a cell, which are said in the reader's language.

    Attributes:
        text: in Swedish, a msgid; may hold ``%(name)s`` places.
        values: what stands in the places, as it was written.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    def said(self, translate: Callable[[str], str]) -> str:
        """In the language that *translate* leads to from Swedish."""
        text = translate(self.text)
        return text % self.values if self.values else text


class Worded(str):
    """Words that stand in both languages where they were written: the text itself in Swedish, and ``english``."""

    __slots__ = ("english",)
    english: str

    def __new__(cls, text: str, english: str) -> Worded:  # noqa: PYI034  # nobody inherits from it
        """The text with its English."""
        made = super().__new__(cls, text)
        made.english = english
        return made


Cell: TypeAlias = str | int | float | date | datetime | Said | Withheld | None


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
