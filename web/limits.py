"""Limits as data: how often what may be asked, by whom. Every refusal says when to come back.

They are strict per person and generous per address: a whole hospital is one address. What must hold over all processes is counted in
Redis when there is one; all else, and everything while Redis is away, in this process.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from conference.core.errors import Refused, _

SLOWED_MOST: Final = 9_999  # refusals counted; more is not another message
KEYS_MOST: Final = 100_000  # meters kept in this process; the idle ones are thrown out first


@dataclass(frozen=True, slots=True)
class Rate:
    """At most *amount* at once, and *amount* in any *per_s* seconds."""

    amount: int
    per_s: float


class Limit(StrEnum):
    """The limit class of a wish; a test asks for a rate for each."""

    VOTE = "vote"
    SURVEY = "survey"
    SPEECH = "speech"
    PAGE = "page"
    PROFILE = "profile"
    STAFF = "staff"
    CAPTION = "caption"
    ASK = "ask"
    LETTER = "letter"
    BACK = "back"
    GESTURE = "gesture"


PER_PERSON: Final[Mapping[Limit, Rate]] = {
    Limit.VOTE: Rate(40, 10),  # changing one's mind a few times a second is play, more is a script
    Limit.SURVEY: Rate(60, 10),  # saved at every click
    Limit.SPEECH: Rate(6, 10),
    Limit.PAGE: Rate(20, 10),
    Limit.PROFILE: Rate(20, 60),
    Limit.STAFF: Rate(100, 10),
    Limit.CAPTION: Rate(200, 10),  # each word while it is typed
    Limit.ASK: Rate(4, 60),  # a question takes a while to write
    Limit.LETTER: Rate(4, 60),  # an address is left once, and mended; a whole day leaves theirs in the same minutes
    Limit.BACK: Rate(30, 10),  # going through a long list
    Limit.GESTURE: Rate(6, 10),  # a round of applause from one person; more is a finger that rests on the key
}
PER_DAY: Final[Mapping[Limit, Rate]] = {
    Limit.SPEECH: Rate(500, 10),  # what 4,000 readers can be shown
    Limit.ASK: Rate(200, 60),  # what moderators can look at
}

JOINS: Final = Rate(400, 80)  # per address: 400 at nine sharp, then five a second
MISSES: Final = Rate(20, 100)  # wrong join codes per address: then one each five seconds
MISSES_ALL: Final = Rate(300, 60)  # wrong codes from everywhere: then each answer waits a second
READS: Final = Rate(120, 60)  # of the read API per key: all addresses of a day many times over; more is a program that has lost its way
MESSAGES: Final = Rate(100, 5)  # per socket, of any kind
PATIENCE: Final = Rate(500, 25)  # refused messages per socket before it is closed


class Meter(Protocol):
    """Counts what is taken under a key."""

    async def take(self, key: str, rate: Rate) -> float:
        """Take one; how many seconds to wait when there is none, else 0."""


class LocalMeter:
    """In this process: for each key the moment at which all of it is available again (the generic cell rate algorithm)."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._full_at: dict[str, float] = {}

    async def take(self, key: str, rate: Rate) -> float:
        """Take one."""
        return self.take_now(key, rate)

    def take_now(self, key: str, rate: Rate) -> float:
        """Take one, without waiting for anybody."""
        now, each = self._now(), rate.per_s / rate.amount
        full_at = max(self._full_at.get(key, now), now) + each
        if full_at - now > rate.per_s + 1e-9:
            return full_at - now - rate.per_s
        if len(self._full_at) >= KEYS_MOST and key not in self._full_at:
            self._forget(now)
        self._full_at[key] = full_at
        return 0.0

    def look(self, key: str, rate: Rate) -> float:
        """How long one would have to wait; takes nothing."""
        now = self._now()
        return max(0.0, self._full_at.get(key, now) + rate.per_s / rate.amount - now - rate.per_s)

    def _forget(self, now: float) -> None:
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        for key in list(self._full_at)[: max(0, len(self._full_at) - KEYS_MOST // 2)]:
            del self._full_at[key]


class Limits:
    """Asks the meters."""

    def __init__(self, shared: Meter, local: LocalMeter) -> None:
        self._shared, self.local = shared, local
        self._slowed = deque[float](maxlen=SLOWED_MOST)

    def wish(self, limit: Limit, day: str, person: str) -> None:
        """One wish of a person.

        Raises:
            Refused: ``limit.reached``.
        """
        enough(self.local.take_now(f"{limit}:{day}:{person}", PER_PERSON[limit]))
        if limit in PER_DAY:
            enough(self.local.take_now(f"{limit}:{day}", PER_DAY[limit]))

    async def address(self, what: str, rate: Rate, address: str) -> None:
        """One request from an address.

        Raises:
            Refused: ``limit.reached``.
        """
        wait_s = await self._shared.take(f"{what}:{network(address)}", rate)
        if wait_s > 0:
            self._slowed.append(time.monotonic())
        enough(wait_s)

    def slowed(self, within_s: float) -> int:
        """How many requests of an address were refused lately, whichever it was."""
        since = time.monotonic() - within_s
        while self._slowed and self._slowed[0] < since:
            self._slowed.popleft()
        return len(self._slowed)


def enough(wait_s: float) -> None:
    """Say no when somebody has to wait.

    Raises:
        Refused: ``limit.reached``.
    """
    if wait_s > 0:
        raise Refused("limit.reached", _("Det gick lite fort. Vänta en stund och försök igen."), retry_after_ms=math.ceil(wait_s * 1000))


def network(address: str) -> str:
    """What counts as one address: of IPv6 the first 64 bits, which one household or hospital has to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
