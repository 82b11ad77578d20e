"""Counting again from the command line, and how it is told."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from polls.recount import Recount, Recounted, recount
from web import beside
from web.settings import Settings


async def recount_of(chosen: Settings, day: str, poll: str | None) -> Recount:
    """Count a day's polls again, or one of them.

    Raises:
        NotThere: there is no such installation, day, or poll that has been open.
    """
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            found = await recount(session, day, poll)
    if poll and not found.rounds:
        raise beside.NotThere(f"no poll {poll} has been open at {day}")
    return found


def told(found: Recount) -> dict[str, Any]:
    """For JSON."""
    return {
        "agrees": found.agrees,
        "chain_broken_at": found.broken_at,
        "disposed": found.disposed,
        "rounds": [asdict(one) for one in found.rounds],
    }


def in_words(found: Recount) -> str:
    """A line for each round, and one for the audit chain."""
    chain = "holds" if found.broken_at is None else f"is BROKEN at entry {found.broken_at}"
    gone = ["the ballots have been disposed of; the tally is held against what was told and exported"] if found.disposed else []
    return "\n".join([*gone, *map(_line, found.rounds), f"audit chain {chain}"])


def _line(one: Recounted) -> str:
    mark, stands = ("WRONG  ", "; ".join(one.faults)) if one.faults else ("ok     ", "agrees")
    return f"{mark}  {one.poll} round {one.round}{' (open)' if one.open else ''}: {one.ballots} ballots, {stands}"
