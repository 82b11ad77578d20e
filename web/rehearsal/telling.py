"""A rehearsal as a terminal sees it, and as it is written down for the page."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from conference.core.clock import SystemClock
from web import gaps
from web.gaps import Gap
from web.rehearsal import progress
from web.rehearsal.progress import Cancelled, Progress, Wanted
from web.rehearsal.stage import rehearse
from web.settings import Settings
from web.terminal import say

NOTHING: Final = "nothing is missing"


def listed(chosen: Settings, day: str, as_json: bool) -> bool:
    """List what the rows of a day lack, without playing it; whether there is nothing."""
    found = asyncio.run(gaps.look(chosen, day))
    say({"day": day, "ok": not found, "gaps": [one.told() for one in found]}, _lines(found), as_json)
    return not found


def played(chosen: Settings, day: str, speed: float, people: int, as_json: bool) -> bool:
    """Play a day and list what is missing; whether there is nothing. How far it has come is told on standard error.

    Raises:
        NotThere: there is no such installation or day.
    """
    tells = not as_json and sys.stderr.isatty()
    last = progress.read(chosen.data_dir, day, SystemClock().now())
    if last is None or last.state not in progress.PLAYED:  # else a page waits for this one, and may have had it stopped already
        progress.clear(chosen.data_dir, day)

    def tell(now: Progress) -> None:
        progress.go_on(chosen.data_dir, now)
        if tells:
            print(f"\r{now.percent:3} %  {now.at:%H:%M} UTC  {now.item[:60]:60}", end="", file=sys.stderr)  # noqa: T201  # a terminal reads it

    try:
        done = asyncio.run(rehearse(chosen, Wanted(day, speed, people), tell))
    except Cancelled as error:
        stopped = _stopped(chosen, day, error)
        say(stopped.told() if stopped else {"day": day, "ok": False}, "\nit was stopped from its page", as_json)
        return False
    except BaseException as error:
        _stopped(chosen, day, error)
        raise
    progress.write(chosen.data_dir, done)
    if tells:
        print(file=sys.stderr)  # noqa: T201  # a terminal reads it
    did = ", ".join(f"{name} {count}" for name, count in (done.did or {}).items()) or "nothing"
    say(done.told(), f"{_lines(done.gaps)}\n{done.people} simulated people did: {did}", as_json)
    return done.ok


def _stopped(chosen: Settings, day: str, error: BaseException) -> Progress | None:
    """Let the page know that nobody plays any more."""
    now = SystemClock().now()
    begun = progress.read(chosen.data_dir, day, now)
    if begun is None or begun.state not in progress.PLAYED:
        return begun
    why = "cancelled" if isinstance(error, Cancelled) else type(error).__name__
    ended = replace(begun, state="failed", written_at=now, why=why)
    progress.write(chosen.data_dir, ended)
    return ended


def _lines(found: Sequence[Gap]) -> str:
    return "\n".join(f"{one.kind:12}{one.text}" for one in found) or NOTHING
