"""How a running server bears many people: `samsyn load`. The report says what was measured, from outside, by clients as good as browsers.

Fields of the report; every ``…_ms`` is ``{n, p50_ms, p95_ms, p99_ms, max_ms, histogram: [{le_ms, n}]}``:

    people, connected, failed        how many were wanted, came in, did not (by code)
    join_ms, welcome_ms              POST /join; from opening the socket to having the state
    poll.opened_ms                   the opening wish, until it was acknowledged
    poll.prompt_ms                   from the opening (its acknowledgement, or the first to hear of it if that was sooner) to each client
    poll.prompted, poll.asked        how many heard of it; how many there were to hear
    poll.receipt_ms                  from sending a vote to its receipt
    poll.acknowledged, poll.receipts votes that got a receipt; different receipts
    poll.tally                       n of the closed poll; null when nobody here may see it
    poll.lost, poll.double           acknowledged and not in the tally; in the tally and not acknowledged, or one receipt for two
    poll.resent                      votes that were sent more than once
    poll.errors                      votes that were refused, by code
    storm.torn, storm.back           lines torn within ``within_s`` seconds; clients that have their state again
    storm.back_ms, storm.all_back_s  for each from its own loss; from the first loss to the last return, null when not all came
    storm.recovered, storm.afresh    went on where they were; needed a new state
    news.words, lost, doubled, gaps  what all heard together; what somebody missed or heard twice; losses that clients noticed themselves
    here.cpu_s, rss_mb, lag_ms       what it took here, and how late this process was itself: a large lag makes all times too long
    ok                               everybody came in, voted and came back; nothing was lost or doubled
"""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from web.crowd.client import Client, Staff
from web.crowd.door import Door, local_sources
from web.crowd.herd import Herd
from web.crowd.timings import Timings
from web.crowd.trial import ask_all

PEOPLE_MOST: Final = 20_000
RATE_MOST: Final = 2_000.0  # joins a second; more than one process can send
WITHIN_MOST_S: Final = 600.0
STORM_MOST_S: Final = 90.0
SETTLE_S: Final = 1.0  # for the last news to arrive before all are compared
OTHER_FILES: Final = 100  # besides one for each client
LAG_EVERY_S: Final = 0.02


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do to a server.

    Attributes:
        url: its origin, or a link that ends with the code: ``http://127.0.0.1:8000/j/482913``.
        rate: joins a second.
        vote: everybody votes in the next poll that opens.
        open_poll: a link of a moderator or organizer, through which a poll is made, opened and closed; with it everybody votes.
        within_s: how long people take to vote.
        storm_s: all lose their line within this time, and come back.
        wait_s: how long to wait for a poll that somebody else opens.
        yes: also for a server on another computer.
    """

    url: str
    code: str = ""
    people: int = 100
    rate: float = 100.0
    vote: bool = False
    open_poll: str | None = None
    within_s: float = 10.0
    storm_s: float | None = None
    wait_s: float = 60.0
    seed: int = 1
    yes: bool = False

    @property
    def join_code(self) -> str:
        """As given, or from the link."""
        found = urlsplit(self.url).path.rpartition("/j/")[2]
        return self.code or found

    def check(self) -> None:
        """Refuse what would hurt.

        Raises:
            ValueError: with what is wrong.
        """
        if not 1 <= self.people <= PEOPLE_MOST:
            raise ValueError(f"people: 1 to {PEOPLE_MOST}")
        if not 0 < self.rate <= RATE_MOST:
            raise ValueError(f"rate: up to {RATE_MOST:.0f} a second")
        if not all(0 <= seconds <= WITHIN_MOST_S for seconds in (self.within_s, self.storm_s or 0, self.wait_s)):
            raise ValueError(f"seconds: 0 to {WITHIN_MOST_S:.0f}")
        if not self.join_code:
            raise ValueError("the day's code is missing")
        if not self.yes and not is_loopback(self.url):
            raise ValueError("this is another computer: it needs --yes, and its owner's leave")


async def load(plan: Plan) -> dict[str, Any]:
    """Do it, and report.

    Raises:
        ValueError: the plan is refused, or this computer allows too few open files.
        NotLetIn: the code or the link opens nothing.
    """
    plan.check()
    allow_files(plan.people + OTHER_FILES)
    cpu_s, lag = time.process_time(), Timings()
    async with Door(plan.url, local_sources(plan.url, plan.people)) as door:
        herd = Herd(door, plan.join_code, await _regions(door, plan), plan.seed)
        staff = Staff(door, keep={"polls"}) if plan.open_poll else None
        if staff and plan.open_poll:
            await staff.enter(plan.open_poll)
        async with asyncio.TaskGroup() as life:
            watch = life.create_task(_watch(lag))
            if staff:
                life.create_task(staff.stay())
            await herd.come(plan.people, plan.rate, life)
            report = await _measure(plan, herd, staff)
            herd.leave()
            if staff:
                staff.leave()
            watch.cancel()
    rss_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    return {**report, "here": {"cpu_s": round(time.process_time() - cpu_s, 2), "rss_mb": rss_mb, "lag_ms": lag.report()}}


async def _regions(door: Door, plan: Plan) -> Sequence[str]:
    """What the day has; the first to come is told."""
    scout = Client(door, keep={"regions"})
    session = await scout.join(plan.join_code)
    scout.state.renew(await door.state(session))
    return list(scout.state.every("regions"))


async def _measure(plan: Plan, herd: Herd, staff: Staff | None) -> dict[str, Any]:
    """Everything that is done when all are there."""
    gc.freeze()
    poll = await ask_all(herd, staff, within_s=plan.within_s, wait_s=plan.wait_s) if plan.vote or staff else None
    storm = await herd.storm(plan.storm_s, STORM_MOST_S) if plan.storm_s is not None else None
    await asyncio.sleep(SETTLE_S)
    return _report(plan, herd, poll, storm)


async def _watch(lag: Timings) -> None:
    """How late this process is itself."""
    loop = asyncio.get_running_loop()
    while True:
        due_s = loop.time() + LAG_EVERY_S
        await asyncio.sleep(LAG_EVERY_S)
        lag.add(max(loop.time() - due_s, 0))


def _report(plan: Plan, herd: Herd, poll: dict[str, Any] | None, storm: dict[str, Any] | None) -> dict[str, Any]:
    news = asdict(herd.census())
    voted = poll is None or bool(poll.get("ok"))
    back = storm is None or storm["back"] == storm["torn"]
    whole = not (news["lost"] or news["doubled"] or news["gaps"] or herd.failed)
    return {
        "people": plan.people,
        "connected": len(herd.beasts),
        "failed": dict(herd.failed),
        "join_ms": herd.joins.report(),
        "welcome_ms": herd.welcomes.report(),
        "poll": poll,
        "storm": storm,
        "news": news,
        "ok": len(herd.beasts) == plan.people and voted and back and whole,
    }


def is_loopback(url: str) -> bool:
    """Whether this is our own computer."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allow_files(wanted: int) -> None:
    """Raise the number of files that may be open, as far as it may be raised.

    Raises:
        ValueError: that is not far enough.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
    if wanted > most:
        raise ValueError(f"{wanted} open files are needed, and only {most} are allowed here (ulimit -n)")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
