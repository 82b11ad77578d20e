"""Who the simulated people are. About every fourth screen is a group; those who speak in the chatter come first."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from web.crowd.door import Who
from web.crowd.script import Saying, Script

GROUPS: Final = 0.25  # of the screens
SMALLEST, LARGEST = 2, 14  # people before one screen
NAMELESS: Final = 0.1  # of those who say nothing
AFFILIATIONS: Final = ("kommun", "region")
GROUP_OF: Final = {
    "kommun": ("Hemtjänstgrupp", "Hemsjukvård", "Nattpatrull", "Särskilt boende", "Daglig verksamhet"),
    "region": ("Vårdcentral", "Rehabteam", "Mottagning", "Avdelning"),
}
ROLE_OF: Final = {
    "kommun": ("Undersköterska", "Enhetschef", "Sjuksköterska", "Biståndshandläggare", "Arbetsterapeut"),
    "region": ("Sjuksköterska", "Kurator", "Läkare i primärvården", "Fysioterapeut", "Utvecklingsledare"),
}

Voice = tuple[str | None, str]
"""Whose lines one says: a region and a kind of person, ``("r-norrvik", "Vårdcentral")``."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One screen and who sits before it.

    Attributes:
        kind: without the number: ``Hemtjänstgrupp``.
        lines: what they say in the chat.
    """

    number: int
    kind: str | None
    region: str | None
    affiliation: str
    people: int
    lines: tuple[Saying, ...] = ()

    @property
    def who(self) -> Who:
        """What they tell when they join."""
        return Who(named(self.kind, self.people), self.region, self.people, self.affiliation)


def named(kind: str | None, people: int) -> str | None:
    """How somebody is called: ``Kurator``, ``Rehabteam, 5 vid skärmen``."""
    return kind if kind is None or people == 1 else f"{kind}, {people} vid skärmen"


def guests(script: Script, count: int, *, seed: int, regions: Sequence[str] | None = None) -> list[Guest]:
    """*count* screens, spread over the regions; the same ones each time for a seed.

    Args:
        regions: of the day; they stand for the kit's own, in this order. None at all: everybody watches the national lane.
    """
    dice = random.Random(f"guests {seed}")  # noqa: S311  # repeatable is what it is for
    mine = script.regions if regions is None else tuple(regions)
    voices = _voices(script, _standing_for(script.regions, mine))
    turns = [mine[n % len(mine)] if mine else None for n in range(count)]
    in_groups = round(count * GROUPS)
    groups = _cast(voices, turns[:in_groups], dice, in_group=True)
    singles = _cast(voices, turns[in_groups:], dice, in_group=False)
    everybody = [*groups, *singles]
    dice.shuffle(everybody)
    lines = _lines(voices, everybody, dice)
    return [Guest(n, one.kind, one.region, one.affiliation, one.people, tuple(lines.get(n, ()))) for n, one in enumerate(everybody)]


def _standing_for(kit: Sequence[str], day: Sequence[str]) -> Mapping[str | None, str | None]:
    return {region: day[place % len(day)] if day else None for place, region in enumerate(kit)}


def _voices(script: Script, standing: Mapping[str | None, str | None]) -> dict[Voice, list[Saying]]:
    voices: defaultdict[Voice, list[Saying]] = defaultdict(list)
    for saying in script.sayings:
        if not saying.staff:
            voices[standing.get(saying.region), saying.kind].append(saying)
    return dict(sorted(voices.items(), key=lambda voice: -len(voice[1])))


def _cast(voices: Mapping[Voice, list[Saying]], regions: Sequence[str | None], dice: random.Random, *, in_group: bool) -> list[Guest]:
    """One screen for each of *regions*: voices of the chatter while there are any, then others like them."""
    waiting = defaultdict[str | None, list[Guest]](list)
    for (region, kind), lines in voices.items():
        if (lines[0].people > 1) == in_group:
            waiting[region].append(Guest(0, kind, region, lines[0].affiliation or AFFILIATIONS[0], lines[0].people))
    return [waiting[region].pop(0) if waiting[region] else _another(region, dice, in_group=in_group) for region in regions]


def _another(region: str | None, dice: random.Random, *, in_group: bool) -> Guest:
    affiliation = dice.choice(AFFILIATIONS)
    if in_group:
        return Guest(0, dice.choice(GROUP_OF[affiliation]), region, affiliation, min(LARGEST, SMALLEST + int(dice.expovariate(0.25))))
    return Guest(0, None if dice.random() < NAMELESS else dice.choice(ROLE_OF[affiliation]), region, affiliation, 1)


def _lines(voices: Mapping[Voice, list[Saying]], everybody: Sequence[Guest], dice: random.Random) -> dict[int, list[Saying]]:
    """Who says what. A voice that did not get a screen is lent one: of its region, as much like it as there is, with least to say."""
    lines: defaultdict[int, list[Saying]] = defaultdict(list)
    order = list(range(len(everybody)))
    dice.shuffle(order)
    for voice, sayings in voices.items() if everybody else ():
        likest = min(order, key=lambda n: (*_unlike(everybody[n], voice, sayings[0]), len(lines[n])))
        lines[likest] += sayings
    return {n: sorted(one, key=lambda saying: saying.id) for n, one in lines.items() if one}


def _unlike(guest: Guest, voice: Voice, saying: Saying) -> tuple[bool, bool, bool]:
    """In what they differ, the worst first."""
    region, kind = voice
    other = guest.kind != kind or guest.affiliation != saying.affiliation
    return guest.region != region, (guest.people > 1) != (saying.people > 1), other
