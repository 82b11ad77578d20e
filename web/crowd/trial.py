"""One poll, measured: it opens, all hear of it, all vote, it closes, and every receipt is looked for in the count."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from web.crowd.client import Client
from web.crowd.herd import Herd, Voting
from web.crowd.outbox import Answer
from web.crowd.timings import Timings

TITLE: Final = "Lastprov"
PROMPT_MOST_S: Final = 30.0
TALLY_MOST_S: Final = 10.0
LOOKS_S: Final = 0.05


@dataclass(frozen=True)
class Opening:
    """When staff asked to open the poll, and when that was acknowledged; or with which code it was refused."""

    asked_s: float
    acknowledged_s: float
    refused: str


async def ask_all(herd: Herd, staff: Client | None, *, within_s: float, wait_s: float) -> dict[str, Any]:
    """A poll from its opening to its count: the ``poll`` part of the report.

    Args:
        staff: makes, opens and closes it; without staff the next one that somebody opens is taken, and not counted.
        wait_s: for that one.
    """
    async with asyncio.TaskGroup() as life:
        voting = Voting(await _make(staff) if staff else None, within_s, life)
        herd.vote_in(voting)
        opening = await _open(staff, voting.poll or "") if staff else None
        refused = opening.refused if opening else ""
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if refused else PROMPT_MOST_S if staff else wait_s):
                await voting.first.wait()
        heard = await herd.all_prompted(voting.poll or "", PROMPT_MOST_S) if voting.first.is_set() else []
    counted = count_votes([vote.result() for vote in voting.votes], await _count(staff, voting.poll or "") if staff else None)
    from_s = min([*heard, *([opening.acknowledged_s] if opening else [])], default=0.0)
    return {
        "poll": voting.poll,
        "refused": refused or None,
        "asked": len(herd.beasts),
        "prompted": len(heard),
        "opened_ms": round((opening.acknowledged_s - opening.asked_s) * 1000, 2) if opening else None,
        "prompt_ms": Timings(at_s - from_s for at_s in heard).report(),
        **counted,
        "ok": counted["ok"] and len(heard) == len(herd.beasts) == counted["acknowledged"],
    }


async def _make(staff: Client) -> str | None:
    made = await staff.ask("polls.make", {"kind": "yesno", "title": TITLE})
    return str(made.data["poll"]) if made.ok else None


async def _open(staff: Client, poll: str) -> Opening:
    asked_s = asyncio.get_running_loop().time()
    opened = await staff.ask("polls.open", {"poll": poll})
    return Opening(asked_s, asyncio.get_running_loop().time(), opened.code)


async def _count(staff: Client, poll: str) -> int | None:
    """Close it; how many answers the server has counted."""
    if not (await staff.ask("polls.close", {"poll": poll})).ok:
        return None
    for _look in range(int(TALLY_MOST_S / LOOKS_S)):
        seen = staff.state.every("polls").get(poll, {})
        if seen.get("voting") == "closed" and isinstance(seen.get("tally"), dict):
            return int(seen["tally"]["n"])
        await asyncio.sleep(LOOKS_S)
    return None


def count_votes(answers: Sequence[Answer | None], tally: int | None) -> dict[str, Any]:
    """What came of the votes.

    Args:
        answers: ``None`` for one that got none.
        tally: what the server counted.
    """
    granted = [answer for answer in answers if answer and answer.ok]
    receipts = {answer.data.get("receipt") for answer in granted}
    again = len(granted) - len(receipts)
    lost = None if tally is None else max(len(granted) - tally, 0)
    double = None if tally is None else max(tally - len(receipts), 0) + again
    return {
        "receipt_ms": Timings(answer.took_s for answer in granted).report(),
        "acknowledged": len(granted),
        "receipts": len(receipts),
        "tally": tally,
        "lost": lost,
        "double": double,
        "resent": sum(answer.sends > 1 for answer in granted),
        "errors": dict(Counter(answer.code if answer else "gone" for answer in answers if not (answer and answer.ok))),
        "ok": not lost and not double and len(granted) == len(answers) and not again,
    }
