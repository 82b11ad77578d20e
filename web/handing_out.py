"""Handing out what is held of a person from the command line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.core.ids import RandomIds
from conference.tables import Day
from web import beside
from web.erasing import Eraser, Nobody
from web.own_data import as_zip, counted, own_data
from web.settings import Settings
from web.sought import PERSON, sought


async def hand_out(chosen: Settings, day: str, person: str | None, name: str | None, to: Path) -> tuple[str, dict[str, int]]:
    """Write the file; whose it is, and how many rows of which tables are in it.

    Raises:
        NotThere: there is no such installation or day.
        Nobody: no such person, or several of that name.
    """
    clock = SystemClock()
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            found = [hit.one for hit in await sought(session, day, person, name) if hit.kind == PERSON]
            if len(found) != 1:
                whom = f"has the id {person}" if person else f"is called {name}"
                raise Nobody(
                    f"nobody at {day} {whom}"
                    if not found
                    else f"{len(found)} at {day} are called {name}: say which by id: {', '.join(found)}"
                )
            row = await session.get(Day, day)
            assert row
            data = await own_data(session, row, found[0])
        await asyncio.to_thread(to.write_bytes, as_zip(data, clock.now()))
        by = replace(Actor.house(day), asked=None)
        await Eraser(store, chosen.data_dir, clock, RandomIds()).handed_out(by, found[0], "command", counted(data))
    return found[0], counted(data)
