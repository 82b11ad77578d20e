"""How many took part: an honest count, in which what is not known is said to be unknown.

Care units follow a day in a group before one screen, for all or part of it, so a number of connections is not a number of people, and no
number of people is certain. What is counted is screens, and what somebody before them has told.

- A **screen** is one person of the day without a role: a browser that joined. The same one counts once, however often it comes back. Staff
  and those who appear in the picture are not counted.
- It **took part** when it was on for at least `TOOK_PART_MINUTES` minutes of the programme, together. Programme minutes, not minutes on the
  wall: a demo plays six hours in twelve minutes. All figures but ``joined`` are of screens that took part.
- A screen **told** how many sit before it, or did not. What it told counts from when it was told until it told something else, and what it
  told first also before that. Over the day a screen is as many as it was for at least `TOOK_PART_MINUTES` minutes: one for which that is
  "one" is ``alone``; one for which it is more is a ``group``, and ``group_people`` is what groups told, together.
- A phone that is **paired** with a group's screen belongs to one of those that the screen told of. Where both took part the person is
  counted there and the phone is no screen of its own: it stands in ``paired`` and in no other figure. Where its screen did not take part
  it counts as any other. The last pairing counts, for the whole day.
- A lone screen is **silent** when nobody has touched, typed or fetched anything at it, all day: a tab that was forgotten looks the same as
  somebody who only listens. Votes are no such sign: when somebody voted is kept nowhere. What groups told needs no sign.
- **low**: everybody that groups told, and one person for each lone screen that was not silent, less one in `SECOND_EACH` of them: so many
  are at most taken to be the second screen of somebody who is counted already.
- **about**: the same, with half of that taken off. It is within 5 % of the truth on days like those of decision 38.
- **high**: everybody who told, ``anew`` those who came to groups later, as if all were others than those who left, and for each screen
  that did not tell as many as before the average group, rounded at the end; silent or not.
- **named**: screens that gave a name.

Neither bound knows of somebody who looked over a shoulder for ten minutes. What is counted of a block is in `conference.people.blocks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from conference.core.disclosure import Breakdown, disclose
from conference.people.beats import DAY_MINUTES, bits_of

TOOK_PART_MINUTES = 15
QUARTER_MINUTES = 15
SECOND_EACH = 10  # of so many lone screens at most one is a second screen of somebody: our assumption, told beside the figures
NO_REGION = "national"  # the group of those who named no region: they are on the national lane
TOLD, UNTOLD, SILENT = "told", "untold", "silent"
WHOLE_DAY = (1 << DAY_MINUTES) - 1
Sizes: TypeAlias = tuple[tuple[int, int | None], ...]
"""What a screen told, from which minute on, in order; ``None`` while it had told nothing."""


@dataclass(frozen=True)
class Screen:
    """One screen and its day.

    Attributes:
        people: how many sit before it, as told last, or ``None``.
        bits: a bit for each minute of the programme it was on.
        person: whose it is.
        at: the person whose screen it is paired with, of a phone that is.
        alive: a bit for each minute with a sign that somebody was there; ``None`` when its client told none, nor that there was none.
        sizes: what it told when; empty when that was not noted: then what was told last counts throughout.
    """

    region: str | None
    people: int | None
    named: bool
    bits: int
    person: str = ""
    at: str | None = None
    alive: int | None = None
    sizes: Sizes = ()

    @property
    def took_part(self) -> bool:
        """Whether it was on for long enough to count."""
        return self.bits.bit_count() >= TOOK_PART_MINUTES

    @property
    def crowd(self) -> int | None:
        """How many it was over the day; ``None`` when it never told."""
        return self.stayed(WHOLE_DAY, TOOK_PART_MINUTES)

    @property
    def came(self) -> int:
        """How many it may have been over the day, when all who came after the first ones were others than those who had gone."""
        told = [people for _minute, people in self.sizes if people is not None] or [self.people or 1]
        return told[0] + sum(max(after - before, 0) for before, after in pairwise(told))

    def is_silent(self, minutes: int = WHOLE_DAY) -> bool:
        """Whether there was no sign of anybody in some minutes, of a screen whose signs were noted."""
        return self.alive is not None and not self.alive & minutes

    def stayed(self, minutes: int, least: int) -> int | None:
        """The largest number that sat before it for at least *least* of some minutes, together; ``None`` when it never told.

        Those who come last are taken to go first: of six that become four, four were there all the time.
        """
        there = self._seated(minutes)
        if not there:
            return None
        lasted, so_far = 0, 0
        for people in sorted(there, reverse=True):
            so_far += there[people]
            if so_far >= least:
                lasted = people
                break
        return lasted or min(there)

    def _seated(self, minutes: int) -> dict[int, int]:
        """In how many of some minutes how many sat before it."""
        told = [(first, people) for first, people in self.sizes if people is not None] or ([(0, self.people)] if self.people else [])
        there: dict[int, int] = {}
        for place, (first, people) in enumerate(told):
            ends = told[place + 1][0] if place + 1 < len(told) else DAY_MINUTES
            on = self.bits & minutes & bits_of(first if place else 0, ends - 1)
            there[people] = there.get(people, 0) + on.bit_count()
        return there

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
    silent: int = 0
    anew: int = 0

    @property
    def lone(self) -> int:
        """Screens that are no group and were not silent."""
        return self.alone + self.untold - self.silent

    @property
    def low(self) -> int:
        """People, at least."""
        return self.group_people + self.lone - self.lone // SECOND_EACH

    @property
    def about(self) -> int:
        """People, as near as can be told."""
        return self.group_people + self.lone - self.lone // (2 * SECOND_EACH)

    @property
    def high(self) -> int:
        """People, at most."""
        return self.alone + self.group_people + self.anew + self.untold + self.besides(self.untold)

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
    told = [people for people in (screen.crowd for screen in counted) if people is not None]
    groups = [people for people in told if people > 1]
    came = [screen.came for screen in counted if (screen.crowd or 1) > 1]
    return Figures(
        devices=len(counted),
        named=sum(screen.named for screen in counted),
        alone=len(told) - len(groups),
        groups=len(groups),
        group_people=sum(groups),
        untold=len(counted) - len(told),
        paired=sum(phone.took_part for phone in beside),
        anew=max(sum(came) - sum(groups), 0),
        silent=sum(screen.is_silent() for screen in counted if (screen.crowd or 1) == 1),
    )


@dataclass(frozen=True)
class OfRegion:
    """A region's attendance as it may be shown; ``None`` is withheld.

    Attributes:
        region: its id, or `NO_REGION`.
        high: reckoned with the average group of the whole day, since one region may have a single group. Withheld, too, when it would tell
            how few screens did not tell, or were silent.
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
    signs = Breakdown.of(
        {region: {TOLD: part.devices - part.silent, SILENT: part.silent} for region, part in parts.items()}, (TOLD, SILENT)
    )
    silent = {region: cells[SILENT] for region, _n, cells in disclose(signs).rows()}
    return [_seen(region, n, (cells[UNTOLD], silent[region]), parts[region], whole) for region, n, cells in disclose(table).rows()]


def _seen(region: str, devices: int | None, untold_silent: tuple[int | None, int | None], part: Figures, whole: Figures) -> OfRegion:
    untold, silent = untold_silent
    if devices is None:
        return OfRegion(region, None, None, None)
    may_tell = (untold is not None or whole.untold == 0) and (silent is not None or whole.silent == 0)
    high = part.alone + part.group_people + part.anew + part.untold + whole.besides(part.untold)
    return OfRegion(region, devices, part.low, high if may_tell else None)


@dataclass(frozen=True)
class Quarter:
    """Screens that were on at some time in a quarter of an hour of the programme, and the people before them all of that time, as told.

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
        minutes = bits_of(quarter * QUARTER_MINUTES, (quarter + 1) * QUARTER_MINUTES - 1)
        people = sum(screen.stayed(minutes, (screen.bits & minutes).bit_count()) or 1 for screen in there)
        quarters.append(Quarter(quarter * QUARTER_MINUTES, len(there), people))
    return quarters
