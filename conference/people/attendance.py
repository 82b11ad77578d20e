"""How many took part: an honest count, in which what is not known is said to be unknown.

Care units follow a day in a group before one screen, for all or part of it, so a number of connections is not a number of people, and no
number of people is certain. What is counted is screens, and what somebody before them has told.

- A **screen** is one person of the day without a role: a browser that joined. The same one counts once, however often it comes back. Staff
  and those who appear in the picture are not counted.
- It **took part** when it was on for at least `TOOK_PART_MINUTES` minutes of the programme, together. Programme minutes, not minutes on the
  wall: a demo plays six hours in twelve minutes. All figures but ``joined`` are of screens that took part.
- A screen **told** how many sit before it, or did not. One that told "one" is ``alone``; one that told more is a ``group``, and
  ``group_people`` is what groups told, together; the last thing told counts, for the whole day.
- A phone that is **paired** with a group's screen belongs to one of those that the screen told of. Where both took part the person is
  counted there and the phone is no screen of its own: it stands in ``paired`` and in no other figure. Where its screen did not take part
  it counts as any other. The last pairing counts, for the whole day.
- **low**: everybody who told, and one person for each screen that did not.
- **high**: everybody who told, and for each screen that did not as many as before the average group, rounded at the end. Without any group
  that is one, and high is low.
- **named**: screens that gave a name.

Neither bound knows of a person with two screens that are not paired, who counts twice, nor of somebody who looked over a shoulder for ten
minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conference.core.disclosure import Breakdown, disclose

TOOK_PART_MINUTES = 15
QUARTER_MINUTES = 15
DAY_MINUTES = 24 * 60  # no programme is longer
NO_REGION = "national"  # the group of those who named no region: they are on the national lane
TOLD, UNTOLD = "told", "untold"


@dataclass(frozen=True)
class Beat:
    """One person's screen was on from one minute of the programme to another, both included."""

    day: str
    person: str
    first: int
    last: int

    @property
    def bits(self) -> int:
        """A bit for each minute; what lies outside a day is left out."""
        first, last = max(self.first, 0), min(self.last, DAY_MINUTES - 1)
        return (1 << last + 1) - (1 << first) if first <= last else 0


def added(minutes: bytes, bits: int) -> bytes:
    """The stored minutes with more of them."""
    together = int.from_bytes(minutes, "little") | bits
    return together.to_bytes((together.bit_length() + 7) // 8, "little")


@dataclass(frozen=True)
class Screen:
    """One screen and its day.

    Attributes:
        people: how many sat before it, or ``None``.
        bits: a bit for each minute of the programme it was on.
        person: whose it is.
        at: the person whose screen it is paired with, of a phone that is.
    """

    region: str | None
    people: int | None
    named: bool
    bits: int
    person: str = ""
    at: str | None = None

    @property
    def took_part(self) -> bool:
        """Whether it was on for long enough to count."""
        return self.bits.bit_count() >= TOOK_PART_MINUTES

    def was_on(self, quarter: int) -> bool:
        """Whether it was on at any minute of a quarter of an hour."""
        return bool(self.bits >> quarter * QUARTER_MINUTES & (1 << QUARTER_MINUTES) - 1)


@dataclass(frozen=True)
class Figures:
    """How many took part, of a day or a region; see the top of the module for each of them."""

    devices: int
    named: int
    alone: int
    groups: int
    group_people: int
    untold: int
    paired: int = 0

    @property
    def low(self) -> int:
        """People, at least."""
        return self.alone + self.group_people + self.untold

    @property
    def high(self) -> int:
        """People, at most."""
        return self.low + self.besides(self.untold)

    @property
    def group_mean(self) -> float | None:
        """People before the average group screen; ``None`` without any."""
        return round(self.group_people / self.groups, 1) if self.groups else None

    def besides(self, untold: int) -> int:
        """How many more than one each sat before *untold* screens, had they been average groups; halves upwards."""
        return (2 * untold * (self.group_people - self.groups) + self.groups) // (2 * self.groups) if self.groups else 0


def apart(screens: Iterable[Screen]) -> tuple[list[Screen], list[Screen]]:
    """Those that count by themselves, and the phones whose persons are counted at the screen they are paired with."""
    screens = list(screens)
    groups = {screen.person for screen in screens if screen.took_part}
    return [one for one in screens if one.at not in groups], [one for one in screens if one.at in groups]


def figures(screens: Iterable[Screen]) -> Figures:
    """Count those that took part."""
    own, beside = apart(screens)
    counted = [screen for screen in own if screen.took_part]
    told = [screen.people for screen in counted if screen.people is not None]
    groups = [people for people in told if people > 1]
    return Figures(
        devices=len(counted),
        named=sum(screen.named for screen in counted),
        alone=len(told) - len(groups),
        groups=len(groups),
        group_people=sum(groups),
        untold=len(counted) - len(told),
        paired=sum(phone.took_part for phone in beside),
    )


@dataclass(frozen=True)
class OfRegion:
    """A region's attendance as it may be shown; ``None`` is withheld.

    Attributes:
        region: its id, or `NO_REGION`.
        high: reckoned with the average group of the whole day, since one region may have a single group. Withheld, too, when it would tell
            how few screens did not tell.
    """

    region: str
    devices: int | None
    low: int | None
    high: int | None


def by_region(screens: Sequence[Screen], regions: Iterable[str]) -> list[OfRegion]:
    """The split per region, those without any region last; nothing in it tells of fewer than five screens.

    Args:
        regions: all of the day, in their order.
    """
    of: dict[str, list[Screen]] = {region: [] for region in (*regions, NO_REGION)}
    for screen in apart(screens)[0]:
        if screen.took_part:
            of.setdefault(screen.region or NO_REGION, []).append(screen)
    whole = figures(screens)
    parts = {region: figures(some) for region, some in of.items()}
    table = Breakdown.of(
        {region: {TOLD: part.devices - part.untold, UNTOLD: part.untold} for region, part in parts.items()}, (TOLD, UNTOLD)
    )
    return [_seen(region, n, cells[UNTOLD], parts[region], whole) for region, n, cells in disclose(table).rows()]


def _seen(region: str, devices: int | None, untold: int | None, part: Figures, whole: Figures) -> OfRegion:
    if devices is None:
        return OfRegion(region, None, None, None)
    may_tell = untold is not None or whole.untold == 0
    return OfRegion(region, devices, part.low, part.low + whole.besides(part.untold) if may_tell else None)


@dataclass(frozen=True)
class Quarter:
    """Screens that were on at some time in a quarter of an hour of the programme, and the people before them, at least.

    A phone that was on together with the screen it is paired with is no screen more, and no person more. Those who left before they had
    taken part are in it, unlike in the other figures.
    """

    minute: int
    devices: int
    people: int


def over_time(screens: Sequence[Screen]) -> list[Quarter]:
    """How attendance went, from the beginning to the last quarter in which anybody was there."""
    last = max((screen.bits.bit_length() for screen in screens), default=0)
    quarters = []
    for quarter in range(-(-last // QUARTER_MINUTES)):
        on = [screen for screen in screens if screen.was_on(quarter)]
        shown = {screen.person for screen in on}
        there = [screen for screen in on if screen.at not in shown]
        quarters.append(Quarter(quarter * QUARTER_MINUTES, len(there), sum(screen.people or 1 for screen in there)))
    return quarters
