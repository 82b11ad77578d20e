"""Forgetting a person: whatever of theirs was found, and remembering that it was done, so that no backup brings the name back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlmodel import select

from conference.core import audit
from conference.core.actor import Actor
from conference.core.clock import Clock, SystemClock
from conference.core.ids import Ids, RandomIds
from conference.core.store import Store
from conference.followup import Owners, reminders
from conference.rundown import Bookings, Corrections, Plate, Regions
from conference.tables import Contributor
from polls.surveys import letters
from web import beside
from web.erasure import DID, Erasure
from web.settings import Settings
from web.sought import BOOKED, CONTACT, LETTERS, OWNER, PERSON, Hit, sought

LIST: Final = "erased"  # in the data folder: day and id of everybody who was erased; an id alone leads to nobody


class Nobody(Exception):
    """Nobody was erased; the text says why, in one line."""


async def erase(chosen: Settings, day: str, person: str | None, name: str | None) -> dict[str, dict[str, int]]:
    """Forget a person of a day by id, or all that is called *name* there or reached by it; what that was, and what was removed of each.

    Votes and answers stay: nobody can tell whose they were. What somebody wrote or asked goes with them, and how much it was stays counted.
    Of an action that was taken on in the name of somebody who is erased, the owner goes and what the owner told of it. A contact of a
    region that has *name* in it goes whole. Of those who take part under that name the role stays. When *name* is an address, letters to
    it are not sent any more. `sought.WHAT` says what stands before the id of each.

    Raises:
        NotThere: there is no such installation or day.
        Nobody: no such person.
    """
    clock, ids = SystemClock(), RandomIds()
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            gone = [hit.one for hit in await sought(session, day, person, name)]
        if not gone:
            raise Nobody(f"nobody at {day} " + (f"has the id {person}" if person else f"is called {name}"))
        return await Eraser(store, chosen.data_dir, clock, ids).erase(Actor.house(day), gone, "command")


class Eraser:
    """Erases what was found, and remembers in the data folder that it was, so that no backup brings it back."""

    def __init__(self, store: Store, data_dir: Path, clock: Clock, ids: Ids) -> None:
        self._store, self._data_dir, self._clock, self._ids = store, data_dir, clock, ids

    async def erase(self, by: Actor, gone: Sequence[str], asked: str) -> dict[str, dict[str, int]]:
        """Erase each, audited with how many rows it was.

        Args:
            gone: ids, as `sought.sought` finds them.
            asked: how somebody asked for it, one of `erasure.ASKED`.

        Raises:
            Refused: ``person.no_such``, ``action.no_such``, ``contributor.no_such``.
        """
        removed = {}
        for one in gone:
            remember(self._data_dir, [(by.day, one)])  # first: a backup that is put back must not bring back what we were about to erase
            removed[one] = await self.forget(by, one, asked)
        return removed

    async def handed_out(self, by: Actor, person: str, asked: str, rows: Mapping[str, int]) -> None:
        """Enter in the audit chain that what is held of somebody was handed out, and how much it was."""
        await self._enter(by, "people.export", {"person": person, "asked": asked, "rows": rows})

    async def looked_for(self, by: Actor, asked: str, hits: int) -> None:
        """Enter in the audit chain that somebody was looked for, and how much was found; by which name, it does not say."""
        await self._enter(by, "people.search", {"asked": asked, "hits": hits})

    async def forget(self, by: Actor, one: str, asked: str) -> dict[str, int]:
        """Erase one of them, without remembering it; how many rows of which tables it was."""
        kind = Hit(one).kind
        plain, name = replace(by, asked=None), one.removeprefix(kind)
        if kind == PERSON:
            return dict(((await Erasure(self._store, self._clock).erase(plain, name, asked)).data or {})["removed"])
        removed = await FORGETS[kind](self, plain, name)
        about = {ABOUT[kind]: name} if kind in ABOUT else {}
        await self._enter(by, DID, {**about, "asked": asked, "removed": removed})
        return removed

    async def _enter(self, by: Actor, did: str, note: dict[str, Any]) -> None:
        await self._store.run(partial(audit.enter, deed=audit.Deed(by.day, by.person, did, note, self._clock.now())))

    async def _owner(self, by: Actor, action: str) -> dict[str, int]:
        await Owners(self._store, self._clock, self._ids).forget_owner(by, action)
        return {"action": 1}

    async def _contact(self, by: Actor, region: str) -> dict[str, int]:
        await Regions(self._store, self._clock).forget_contact(by, region)
        return {"region_contact": 1}

    async def _letters(self, _by: Actor, leave: str) -> dict[str, int]:
        return {"letters": sum([await each.forget(self._store, leave) for each in (letters, reminders)])}

    async def _booked(self, by: Actor, contributor: str) -> dict[str, int]:
        """The kept name first: what is told to screens afterwards finds the plates by the role that stands there then."""
        removed = (await Bookings(self._store, self._clock, self._ids).forget(by, contributor)).data or {}
        async with self._store.reading() as session:
            row = (await session.exec(select(Contributor).where(Contributor.day == by.day, Contributor.contributor == contributor))).one()
        await Corrections(self._store, self._clock).contributor(by, contributor, Plate(None, row.role, row.organisation))
        return dict(removed["removed"])


Forget: TypeAlias = Callable[[Eraser, Actor, str], Awaitable[dict[str, int]]]
FORGETS: Final[Mapping[str, Forget]] = {
    OWNER: Eraser._owner, CONTACT: Eraser._contact, LETTERS: Eraser._letters, BOOKED: Eraser._booked,  # noqa: SLF001  # its own
}  # fmt: skip
ABOUT: Final = {OWNER: "action", CONTACT: "region", BOOKED: "contributor"}
"""What the audit chain calls each. What an address's letters have in common leads to them, and is no part of the chain."""


def erased(data_dir: Path) -> list[tuple[str, str]]:
    """Everybody who was erased here: day, and id as `erase` gives it."""
    path = data_dir / LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [(day, person) for day, _, person in (line.partition("\t") for line in lines)]


def remember(data_dir: Path, persons: Iterable[Sequence[str]]) -> None:
    """Add to the list of those who were erased."""
    known = {tuple(one) for one in erased(data_dir)}
    with (data_dir / LIST).open("a", encoding="utf-8") as file:
        for day, person in persons:
            if (day, person) not in known:
                file.write(f"{day}\t{person}\n")
