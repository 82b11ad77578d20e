"""The simulated people of a demo: they come through the real door, stay all day, and go home.

They run in a process of their own (`python -m web.crowd play …`), at a low priority, so that they take nothing from the server.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from web.crowd.behaviour import GIVE_UP_S, Participant
from web.crowd.client import Client, Staff
from web.crowd.deeds import ORDINARY, Habits
from web.crowd.door import Door, NotLetIn, Session, local_sources
from web.crowd.moderating import Moderator
from web.crowd.outbox import Gone
from web.crowd.people import Guest, guests
from web.crowd.returning import full_jitter
from web.crowd.script import Script

PEOPLE_MOST: Final = 2_000  # in a demo; `load` takes more
ARRIVE_MOST_S: Final = 20.0
KEPT: Final = frozenset(
    {"you", "day", "now", "programme", "polls", "surveys", "questions", "queues"}
)  # of the state: what people here act upon

log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """A line of the file of sessions: who was who, so that a restarted demo has the same people and not twice as many."""

    code: str
    number: int
    session: Session


@dataclass
class Register:
    """Sessions that outlive this process.

    Args:
        file: lines of JSON, for our eyes only; ``None`` to keep nothing.
    """

    file: Path | None
    known: dict[tuple[str, int], Session] = field(default_factory=dict)

    def read(self) -> None:
        """What an earlier crowd has left; a broken line is passed over."""
        with suppress(OSError):
            for line in self.file.read_bytes().splitlines() if self.file else ():
                with suppress(msgspec.MsgspecError):
                    kept = msgspec.json.decode(line, type=Kept)
                    self.known[kept.code, kept.number] = kept.session

    def add(self, code: str, number: int, session: Session) -> None:
        """Somebody has joined."""
        self.known[code, number] = session
        if self.file is not None:
            descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(msgspec.json.encode(Kept(code, number, session)) + b"\n")


@dataclass
class _Day:
    """What all the people of a demo share."""

    door: Door
    code: str
    script: Script
    seed: int
    register: Register
    habits: Habits
    present: list[Participant] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)


async def play(  # noqa: PLR0913  # the last two are seldom given
    base_url: str,
    code: str,
    participants: int,
    seed: int,
    kit_folder: Path,
    *,
    sessions: Path | None = None,
    moderator: str | None = None,
    habits: Habits = ORDINARY,
) -> dict[str, Any]:
    """Send people to a day and let them be there until it has ended; what they did.

    They survive restarts of the server, and give up when it is away for ten minutes.

    Args:
        kit_folder: with `chatter.json` and the plan of the day.
        sessions: a file that remembers who they are for the next time.
        moderator: a link; somebody with that role says the lines of the chatter that staff say.

    Raises:
        ValueError: more than 2,000 people.
    """
    if not 0 <= participants <= PEOPLE_MOST:
        raise ValueError(f"a demo has 0 to {PEOPLE_MOST} people")
    script, register = Script.read(kit_folder), Register(sessions)
    register.read()
    async with Door(base_url, local_sources(base_url, participants)) as door, asyncio.TaskGroup() as life:
        day = _Day(door, code, script, seed, register, habits)
        over_s = min(ARRIVE_MOST_S, habits.arrives_s * participants)
        for guest in guests(script, participants, seed=seed):
            life.create_task(_guest(day, guest, over_s * guest.number / participants))
        if moderator:
            life.create_task(_moderator(day, moderator))
    return _summary(day)


async def _guest(day: _Day, guest: Guest, after_s: float) -> None:
    """One guest's day; with the session of an earlier one if it still opens."""
    await asyncio.sleep(after_s)
    known = day.register.known.get((day.code, guest.number))
    try:
        if known is None or not await _attended(day, guest, known):
            session = await _join(day, guest)
            day.register.add(day.code, guest.number, session)
            await _attended(day, guest, session)
    except Gone as gone:
        day.turned_away[str(gone)] += 1
    except NotLetIn as no:
        day.turned_away[no.code or str(no.status)] += 1
    except Exception:
        log.exception("guest %d is lost", guest.number)
        day.turned_away["failed"] += 1  # the others stay


async def _attended(day: _Day, guest: Guest, session: Session) -> bool:
    """Be there with a session; ``False`` when it opens nothing.

    Raises:
        Gone: sent away later on.
    """
    client = Client(day.door, guest.who, keep=KEPT, turn=guest.number)
    client.session = session
    participant = Participant(client, guest, day.script, _dice(day, guest.number), day.habits)
    day.present.append(participant)
    try:
        await participant.attend()
    except Gone:
        if client.counts.lines:
            raise
        day.present.remove(participant)
        return False
    return True


async def _join(day: _Day, guest: Guest) -> Session:
    """Join; while the server is away, try again as one comes back to a socket."""
    loop = asyncio.get_running_loop()
    began_s, tries = loop.time(), 0
    while True:
        try:
            return await day.door.join(day.code, guest.who, turn=guest.number)
        except NotLetIn as no:
            if no.status or loop.time() - began_s > GIVE_UP_S:
                raise
            await asyncio.sleep(full_jitter(tries))
            tries += 1


async def _moderator(day: _Day, link: str) -> None:
    """Staff's lines, in the name of the house; and the questions, until somebody else sees to them."""
    client = Staff(day.door, keep=KEPT)
    lines = tuple(saying for saying in day.script.sayings if saying.staff)
    guest = Guest(-1, None, None, "", 1, lines)
    with suppress(Gone, NotLetIn):
        await client.enter(link)
        participant = Participant(client, guest, day.script, _dice(day, -1), day.habits.on_duty())
        day.present.append(participant)
        async with asyncio.TaskGroup() as life:
            moderator = Moderator(client, day.script, _dice(day, -2))
            moderating = life.create_task(moderator.work()) if day.habits.moderates else None
            await participant.attend()
            if moderating:
                moderating.cancel()


def _dice(day: _Day, number: int) -> random.Random:
    return random.Random(f"guest {day.seed} {number}")  # noqa: S311  # repeatable is what it is for


def _summary(day: _Day) -> dict[str, Any]:
    everybody = day.present
    return {
        "people": len(everybody),
        "did": dict(_sum(one.deeds.did for one in everybody)),
        "refused": dict(_sum(one.deeds.refused for one in everybody)),
        "turned_away": dict(day.turned_away),
        "reconnects": sum(max(one.client.counts.lines - 1, 0) for one in everybody),
        "gaps": sum(one.client.ledger.gaps for one in everybody),
        "doubles": sum(one.client.ledger.doubles for one in everybody),
    }


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    whole = Counter[str]()
    for counter in counters:
        whole.update({name: n for name, n in counter.items() if n})
    return whole
