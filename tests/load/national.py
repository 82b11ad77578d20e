"""The national day with two thousand viewers: how long after a cue everybody has heard of it, and sees it; twice out and back.

    python -m tests.load.national --people 2000

Twenty-one regions, three with a studio, five with a film of their own, thirteen light; a viewer is a socket, and a connection on which it
reads the list of its own lane. The first studio overruns by three minutes and is let finish; the server is killed with -9 in the second
break-out. Prints one line of JSON; seconds count from the cue as the log has it. The bars: 99.5 % within 2 s; after the kill 10 s.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.load.nation import NATIONAL, Books, a_national_day, nation, on_the_air, until
from tests.load.players import used_s
from tests.load.seeing import asked, quantiles
from tests.load.viewers import Audience, Viewer, audience
from tests.running import Samsyn, demo

SPEED: Final = 20.0  # a block for the regions takes two minutes; what comes before and after is given by hand
BAR_S: Final = 2.0
PATIENCE_S: Final = 30.0
LOOK_FROM_S: Final = 1.1  # after the cue: before the bar all have looked once


class Measured:
    """One change: who heard of it, and who saw it, within the bar.

    Args:
        since: the place in the log that everybody had come to before it.
    """

    def __init__(self, people: Audience, books: Books, since: int) -> None:
        self._people, self._books, self._since = people, books, since

    async def of(self, block: str, alone: str = "", kind: str = "rundown.block_began") -> dict[str, Any]:
        """Everybody but the viewers of *alone* goes into a block."""
        who = [viewer for viewer in self._people.viewers if viewer.lane != alone]
        return await self._for(who, lambda viewer: viewer.of(kind, self._since, block=block))

    async def _for(self, who: list[Viewer], heard: Callable[[Viewer], Any]) -> dict[str, Any]:
        await until(lambda: any(heard(viewer) for viewer in who), "nobody has heard of it", 400)
        [first, *_] = next(filter(None, map(heard, who)))
        cue_s = datetime.fromisoformat(first.item.at).timestamp()
        await asyncio.sleep(max(0.0, cue_s + LOOK_FROM_S - time.time()))
        shows = asyncio.get_running_loop().create_future()
        watching = asyncio.create_task(self._people.watch(who, shows, PATIENCE_S))
        shows.set_result(await self._settled({viewer.lane for viewer in who}))
        settled_s = time.time()
        seen = await watching
        await until(lambda: all(map(heard, who)), "not everybody has heard of it")
        late = [heard(viewer)[0].late_s for viewer in who]
        lists = [at - cue_s for _lane, at in seen]
        return {
            "viewers": len(who), "settled_s": round(settled_s - cue_s, 2),
            "heard_ms": quantiles([one * 1_000 for one in late]), "heard_in_time": share(late, len(who)),
            "seen_ms": quantiles([one * 1_000 for one in lists]), "seen_in_time": share(lists, len(who)),
            "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip

    async def _settled(self, lanes: set[str]) -> Mapping[str, str]:
        """What each lane shows, once it has been the same for a moment: cues of one instant are not one row."""
        before: dict[str, str] = {}
        while (now := await asyncio.to_thread(self._books.strips)) != before:
            before = now
            await asyncio.sleep(0.4)
        return {lane: begins for lane, begins in before.items() if lane in lanes}


def share(took_s: list[float], of: int) -> float:
    """How many of all were in time, in percent."""
    return round(100 * sum(one <= BAR_S for one in took_s) / of, 2)


async def the_day(stack: ExitStack, first: Samsyn, folder: Path, people_n: int) -> dict[str, Any]:
    """From the opening to the end."""
    country, books = nation(), Books(folder)
    late, code = country.studios[0], str(first.told["join_code"])
    async with audience(first.url, code, first.link("moderator"), people_n, country.lanes) as people:
        await until(lambda: books.packed() == 3, "the films of the kit are not packed")
        cpu_s, began_s = used_s(first.process.pid), time.monotonic()
        found: dict[str, Any] = {"people": people_n}
        mark = people.upto
        await people.go_until("i-hemma.06")
        found["out_1"] = await Measured(people, books, mark).of("b2")
        await people.staff.ask("rundown.hold", {"lane": late})
        mark = people.upto
        found["back_1"] = await Measured(people, books, mark).of("b3", alone=late)
        found["overrun"] = await overrun(people, books, late)
        found["server_cores"] = round((used_s(first.process.pid) - cpu_s) / (time.monotonic() - began_s), 2)
        mark = people.upto
        await people.go_until("i-sluta.04")
        found["out_2"] = await Measured(people, books, mark).of("b6")
        found["kill"] = await killed(stack, first, folder, people)
        mark = people.upto
        await people.staff.ask("rundown.recall")
        found["back_2"] = await Measured(people, books, mark).of("b7")
        await people.go_until("i-utvardering.end")
        await until(people.all_heard("day.ended", 0), "not everybody has heard the end")
        return {**found, "welcomes": dict(people.counts())}


async def overrun(people: Audience, books: Books, late: str) -> dict[str, Any]:
    """How long the late region was alone, and how soon its viewers are with the others when its time is over."""
    mine, apart_s, mark = people.by_lane[late], time.time(), people.upto
    others = await asyncio.to_thread(books.strips)
    assert others[late] != others[NATIONAL]
    joined = people.all_heard("rundown.lane_joined", mark, mine)
    await until(joined, "the late region never came along", 400)
    heard = [viewer.of("rundown.lane_joined", mark)[0] for viewer in mine]
    shows = await asyncio.to_thread(books.strips)
    seen = await people.see({late: shows[NATIONAL]}, PATIENCE_S)
    cue_s = datetime.fromisoformat(heard[0].item.at).timestamp()
    lists = [at - cue_s for _lane, at in seen]
    return {
        "viewers": len(mine), "alone_s": round(cue_s - apart_s, 1), "heard_in_time": share([one.late_s for one in heard], len(mine)),
        "seen_ms": quantiles([one * 1_000 for one in lists]), "seen_in_time": share(lists, len(mine)),
    }  # fmt: skip


async def killed(stack: ExitStack, first: Samsyn, folder: Path, people: Audience) -> dict[str, Any]:
    """From the kill: when the server answers, when GO gives what comes next, when everybody is back, when all lists move again."""
    books = Books(folder)
    before = books.standing()[NATIONAL]
    first.kill()
    began_s = time.monotonic()
    again = await asyncio.to_thread(stack.enter_context, demo(folder, port=urlsplit(first.url).port or 0))
    answers_s = time.monotonic() - began_s
    given = await people.go()
    gives_s = time.monotonic() - began_s
    await asyncio.to_thread(stack.enter_context, on_the_air(again, nation()))
    await until(lambda: all(one.client.welcomed.is_set() for one in people.viewers), "not everybody came back", 120)
    back_s = time.monotonic() - began_s
    seen = await people.see(await asyncio.to_thread(books.strips), PATIENCE_S)
    return {
        "answers_s": round(answers_s, 2), "goes_on_s": round(gives_s, 2), "all_back_s": round(back_s, 2),
        "cues": [before[1], given], "see": len(seen), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, people=2000)
    with ExitStack() as stack:
        first = stack.enter_context(a_national_day(given.folder, nation(), SPEED))
        print(json.dumps(asyncio.run(the_day(stack, first, given.folder, given.people))))


if __name__ == "__main__":
    main()
