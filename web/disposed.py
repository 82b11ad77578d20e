"""The list of signed protocols in the data folder: a backup from before one brings its rows back, and whoever puts it in place is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlmodel import select

from conference.core.store import Store
from conference.followup.keeping.tables import Disposal
from conference.tables import Day

LIST: Final = "disposed"  # a line for each protocol: day, number, when it was signed, kinds of data


def disposed(data_dir: Path) -> list[str]:
    """The protocols that were signed here, as lines."""
    path = data_dir / LIST
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def remember(data_dir: Path, lines: Iterable[str]) -> None:
    """Add to the list what is not in it."""
    if new := sorted({*lines} - {*disposed(data_dir)}):
        with (data_dir / LIST).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in new)


async def signed(store: Store) -> list[str]:
    """The protocols of the database, as lines."""
    async with store.reading() as session:
        return [_line(one) for one in await session.exec(select(Disposal))]


async def undone(store: Store, lines: Iterable[str]) -> list[str]:
    """Those of *lines* that the database does not know, though it has their days: what they deleted is there again."""
    known = {*await signed(store)}
    async with store.reading() as session:
        days = {*await session.exec(select(Day.day))}
    return sorted(line for line in {*lines} - known if line.partition("\t")[0] in days)


def _line(one: Disposal) -> str:
    return f"{one.day}\t{one.disposal}\t{one.signed_at:%Y-%m-%dT%H:%M:%SZ}\t{','.join(one.kinds)}"
