"""Where pages become PDFs: one at a time, each in a process of its own (`web.printing`)."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conference.core.errors import Refused, _
from web.printing import NO_PANGO

WITHIN_S: Final = 240.0  # a report of 21 regions takes 8 s of a processor, which others may want, too
WAITING_MOST: Final = 8  # readers; more than that want it at one moment only by mistake
COMMAND: Final = (sys.executable, "-m", "web.printing")

log = logging.getLogger(__name__)


class Press:
    """Prints.

    Args:
        command: the program that prints.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command, self._turn, self._waiting = tuple(command), asyncio.Semaphore(1), 0

    async def pdf(self, page: str) -> bytes:
        """A page as a tagged PDF.

        Raises:
            Refused: ``report.no_pdf`` where this server cannot print; ``limit.reached`` when too many wait for it.
        """
        if self._waiting >= WAITING_MOST:
            raise Refused("limit.reached", _("Många vill ha en PDF just nu. Försök igen om en stund."), retry_after_ms=10_000)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._printed(page.encode())
        finally:
            self._waiting -= 1

    async def _printed(self, page: bytes) -> bytes:
        worker = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, cwd=Path(__file__).parents[1]
        )
        try:
            async with asyncio.timeout(WITHIN_S):
                made, _errors = await worker.communicate(page)
        except TimeoutError:
            made = b""
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
        if worker.returncode or not made:
            log.warning("no PDF: %s", "Pango is missing" if worker.returncode == NO_PANGO else f"exit {worker.returncode}")
            raise Refused(
                "report.no_pdf", _("Servern kan inte göra en PDF. Öppna rapporten som sida och skriv ut den som PDF från webbläsaren.")
            )
        return made
