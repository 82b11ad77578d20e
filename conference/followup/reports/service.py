"""The verbs of the report to the principal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.report import Report
from conference.followup.reports import rules
from conference.followup.reports.events import ReportMade
from conference.followup.reports.frozen import fingerprint, frozen
from conference.followup.reports.tables import ReportFigures, ReportVersion
from conference.tables import Day


class Reports:
    """Makes versions of the report.

    Args:
        report: where the figures come from: the sections of the report of a day, and what is told of the day itself.
    """

    def __init__(self, store: Store, clock: Clock, report: Report) -> None:
        self._store, self._clock, self._report = store, clock, report

    async def make(self, by: Actor) -> Done:
        """A new version with the figures of now and the words of the last one; none when the figures are the same still.

        Raises:
            Refused: ``report.too_early`` or ``report.too_many``.
        """
        return await self._make(by, frozen(await self._report.of(by.day)))

    @verb
    async def _make(self, tx: Transaction, by: Actor, body: str) -> Done:
        day, taken = await tx.find(Day, by.day), fingerprint(body)
        last = await _last(tx, by.day)
        before = await tx.get(ReportFigures, by.day, last.figures) if last else None
        event = rules.make(day, last, figures=before.figures + 1 if before else 1, at=self._clock.now())
        if last and before and before.fingerprint == taken:
            return Done(None, _told(last.version))
        tx.add(ReportFigures(day=by.day, figures=event.figures, taken_at=event.at, fingerprint=taken, body=body))
        return await _kept(tx, by, event, last.words if last else "{}")

    @verb
    async def write(self, tx: Transaction, by: Actor, wished: Mapping[str, str], seen: int) -> Done:
        """A new version with other words and the same figures; none when nothing was changed.

        Args:
            wished: chapter -> text.
            seen: the version that the writer had before the eyes.

        Raises:
            Refused: ``text.too_long``, ``report.no_such``, ``report.changed`` or ``report.too_many``.
        """
        words = msgspec.json.encode(rules.written(wished)).decode()
        last = await _last(tx, by.day)
        event = rules.write(last, seen, at=self._clock.now())
        if last and last.words == words:
            return Done(None, _told(last.version))
        return await _kept(tx, by, event, words)


async def _last(tx: Transaction, day: str) -> ReportVersion | None:
    versions = await tx.every(ReportVersion, col(ReportVersion.day) == day)
    return max(versions, key=lambda one: one.version, default=None)


async def _kept(tx: Transaction, by: Actor, event: ReportMade, words: str) -> Done:
    tx.add(ReportVersion(day=by.day, version=event.report, figures=event.figures, words=words, made_at=event.at, by=by.person))
    return Done((await tx.record(event)).seq, _told(event.report))


def _told(version: int) -> dict[str, Any]:
    return {"version": version}
