"""A rehearsal that a page starts: in a process of its own at low priority, so that a day that is on elsewhere notices nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.service import the_day
from web.errands import Errands
from web.rehearsal import progress
from web.rehearsal.progress import Progress, Wanted
from web.settings import Settings

SPEEDS: Final = (20, 40, 60, 0)  # 0 is as fast as it goes
PEOPLE_MOST: Final = 300  # started from a page; the command takes more
GRACE_S: Final = 5.0
LOW: Final = ("nice", "-n", "10")  # in front of a command: it runs when nobody else wants to
ROOT: Final = Path(__file__).parents[2]

log = logging.getLogger(__name__)


class Rehearsals:
    """The rehearsals that pages start; one at a time for each day, in whichever process."""

    def __init__(self, store: Store, clock: Clock, settings: Settings, errands: Errands) -> None:
        self._store, self._clock, self._settings, self._errands = store, clock, settings, errands

    def last(self, day: str) -> Progress | None:
        """The one that is played, or was played last."""
        return progress.read(self._settings.data_dir, day, self._clock.now())

    async def start(self, by: Actor, wanted: Wanted) -> None:
        """Begin to play a day.

        Raises:
            Refused: ``rehearsal.speed_wrong``, ``rehearsal.people_out_of_range``, ``rehearsal.under_way``.
        """
        if wanted.speed not in SPEEDS:
            raise Refused("rehearsal.speed_wrong", _("Välj en hastighet i listan."))
        if not 1 <= wanted.people <= PEOPLE_MOST:
            raise Refused("rehearsal.people_out_of_range", _("Repetera med mellan 1 och %(most)s personer."), most=PEOPLE_MOST)
        last = self.last(wanted.day)
        if last is not None and last.state in progress.PLAYED:
            raise Refused("rehearsal.under_way", _("Dagen repeteras redan. Vänta tills det är klart."))
        begun = Progress(day=wanted.day, state="playing", speed=wanted.speed, written_at=self._clock.now())
        progress.clear(self._settings.data_dir, wanted.day)
        progress.write(self._settings.data_dir, begun)  # before anything is awaited: of two presses at one instant one plays
        try:
            await self._noted(by)
        except BaseException:
            progress.write(self._settings.data_dir, replace(begun, state="failed", why="stopped"))
            raise
        self._errands.run(self._play(begun, wanted), f"rehearsal of {wanted.day}")

    async def cancel(self, by: Actor) -> None:
        """Stop the one that is played, in whichever process: its player sees within about a second that it is.

        Raises:
            Refused: ``rehearsal.not_playing``.
        """
        last = self.last(by.day)
        if last is None or last.state != "playing":
            raise Refused("rehearsal.not_playing", _("Ingen repetition pågår."))
        progress.stop(self._settings.data_dir, by.day)
        await self._noted(by)

    @verb
    async def _noted(self, tx: Transaction, by: Actor) -> Done:
        """Nothing of the day changes; the audit chain says who had it played."""
        await the_day(tx, by.day)
        return Done()

    async def _play(self, begun: Progress, wanted: Wanted) -> None:
        words = ["rehearse", wanted.day, "--speed", str(wanted.speed), "--people", str(wanted.people), "--json"]
        words += ["--data-dir", str(self._settings.data_dir.absolute())]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
        if self._settings.database_url:
            environment["SAMSYN_DATABASE_URL"] = self._settings.database_url
        process = await asyncio.create_subprocess_exec(
            *LOW, sys.executable, "-m", "web.cli", *words, env=environment, stdin=DEVNULL, stdout=DEVNULL
        )
        try:
            code = await process.wait()
            log.info("the rehearsal of %s is over (%d)", wanted.day, code)
        finally:
            await _end(process)
            last = self.last(wanted.day)
            if last is None or last.state in progress.PLAYED:
                failed = replace(last or begun, state="failed", written_at=self._clock.now(), why="stopped")
                progress.write(self._settings.data_dir, failed)


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        async with asyncio.timeout(GRACE_S):
            await process.wait()
