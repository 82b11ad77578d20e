"""The follow-up report: a section from each feature, all of them of one moment. Our own is `targets.section`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.store import Store

Section: TypeAlias = Callable[[AsyncSession, str], Awaitable[dict[str, Any]]]
"""Reads a feature's keys of the report of a day, as values that JSON has. Disclosed figures only; every percentage with its n and base
(`conference.core.disclosure.Share`)."""


class Report:
    """Puts the report together.

    Args:
        sections: in the order of the report: attendance, evaluation, polls, chat …
    """

    def __init__(self, store: Store, sections: Iterable[Section]) -> None:
        self._store, self._sections = store, tuple(sections)

    async def of(self, day: str) -> dict[str, Any]:
        """Every section of the day's report, as things stand now."""
        report: dict[str, Any] = {}
        async with self._store.reading() as session:
            for read in self._sections:
                report |= await read(session, day)
        return report
