"""A day whose truth is known: what is told of each block holds it, and is near it.

300 people sit alone, 40 groups grow and shrink, 25 people follow on two devices, and 60 screens were joined and forgotten. They come and go
by a script, at any minute, while screens are noted every other minute; groups tell that they have changed some minutes late.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.transaction import Transaction
from conference.people import Beat, Span, report
from conference.people.attendance import TOOK_PART_MINUTES, Screen, figures
from conference.people.beats import noted
from conference.people.blocks import followed
from conference.tables import Block, Day
from tests.conference.people.houses import DAY, House, a_house, regions
from tests.conftest import NINE
from web.exported import block_spans

BLOCKS = (("common", 0, 35), ("regional", 35, 75), ("common", 75, 105), ("common", 120, 165), ("regional", 165, 205), ("common", 205, 240))
MINUTES = BLOCKS[-1][2]
ROUND = 2  # minutes between two notes


@dataclass
class Device:
    """A screen of the script.

    Attributes:
        sizes: how many really sit there from which minute on.
        told: what it tells, and when; the number may be late.
        signs: how likely somebody touches it in a round.
    """

    token: str
    on: set[int]
    told: dict[int, int] = field(default_factory=dict)
    signs: float = 0.0


@dataclass
class Script:
    """The day as it really was.

    Attributes:
        there: for each person the minutes that they really followed.
    """

    devices: list[Device] = field(default_factory=list)
    there: dict[str, set[int]] = field(default_factory=dict)

    def truth(self, first: int, last: int, least: int) -> int:
        """How many were there for so many of some minutes."""
        return sum(len(on & set(range(first, last))) >= least for on in self.there.values())


def a_stay(dice: random.Random) -> set[int]:
    """Most come before it begins and stay; some come late, leave early, or are away for a while."""
    come = 0 if dice.random() < 0.8 else dice.randrange(MINUTES - 20)
    go = MINUTES if dice.random() < 0.8 else dice.randrange(come + 5, MINUTES)
    away = dice.randrange(MINUTES)
    return set(range(come, go)) - (set(range(away, away + 25)) if dice.random() < 0.2 else set())


def a_group(dice: random.Random, name: str) -> tuple[Device, dict[str, set[int]]]:
    """Some go and others come, who they are is chance; each change is told up to three minutes late."""
    minutes, sits = a_stay(dice), [f"{name}.{n}" for n in range(dice.randint(3, 14))]
    there, came, told = {one: set[int]() for one in sits}, len(sits), {0: len(sits)}
    changes = set(dice.sample(range(10, MINUTES - 10), dice.randint(1, 4)))
    for minute in range(MINUTES):
        if minute in changes and dice.random() < 0.5 and len(sits) > 3:
            sits = dice.sample(sits, len(sits) - dice.randint(1, 2))
        elif minute in changes:
            new = [f"{name}.{came + n}" for n in range(dice.randint(1, 3))]
            sits, came = [*sits, *new], came + len(new)
            there |= {one: set() for one in new}
        if minute in changes:
            told[minute + dice.randint(0, 3)] = len(sits)
        for one in sits if minute in minutes else ():
            there[one].add(minute)
    return Device(name, minutes, told, signs=0.02), there


def a_script(dice: random.Random, *, second: float = 0.05) -> Script:
    """Who is there, on what.

    Args:
        second: how likely somebody's second device is touched in a round.
    """
    script = Script()
    for n in range(300):
        stay, quiet = a_stay(dice), dice.random() < 0.12
        script.there[f"lone{n}"] = stay
        script.devices.append(Device(f"lone{n}", stay, {0: 1} if n % 4 else {}, signs=0.01 if quiet else 0.1))
    for n in range(40):
        device, there = a_group(dice, f"group{n}")
        script.devices.append(device)
        script.there |= there
    for n in range(25):
        stay = a_stay(dice)
        script.there[f"two{n}"] = stay
        script.devices += [Device(f"two{n}.{name}", stay, {0: 1}, signs) for name, signs in (("phone", 0.1), ("laptop", second))]
    for n in range(60):
        script.devices.append(Device(f"silent{n}", set(range(MINUTES)), {0: 1} if n % 4 else {}))
    return script


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    async with a_house(url) as one:
        yield one


def holds(told: tuple[int, int, int], truth: int) -> bool:
    """Whether the interval holds the truth, and the point value is within 5 % of it."""
    low, about, high = told
    return low <= truth <= high and abs(about - truth) <= 0.05 * truth


def screen_of(device: Device, dice: random.Random) -> Screen:
    """A screen as it is noted by the rules alone."""
    row: dict[str, Any] | None = None
    people = None
    for last in range(ROUND - 1, MINUTES, ROUND):
        minutes = range(last - ROUND + 1, last + 1)
        people = next((device.told[minute] for minute in reversed(minutes) if minute in device.told), people)
        if there := sorted(device.on & set(minutes)):
            row = noted(row, Beat(DAY, "p", there[0], there[-1], dice.random() < device.signs), people)
    bits, alive = (int.from_bytes(row[name], "little") if row else 0 for name in ("minutes", "alive"))
    return Screen(
        None,
        people,
        named=False,
        bits=bits,
        person=device.token,
        alive=alive,
        sizes=tuple((first, told) for first, told in row["sizes"]) if row else (),
    )


async def programme(house: House) -> None:
    """Blocks of both kinds, with a break between two of them."""

    async def write(tx: Transaction) -> None:
        for place, (kind, first, last) in enumerate(BLOCKS):
            begins, ends = (NINE + timedelta(minutes=minute) for minute in (first, last))
            tx.put(
                Block(
                    day=DAY,
                    block=f"b{place}",
                    kind=kind,
                    title=f"Block {place}",
                    planned_starts_at=begins,
                    planned_ends_at=ends,
                    position=place,
                )
            )

    await house.store.run(write)


async def played(house: House, script: Script, dice: random.Random) -> None:
    """The script, minute by minute: everybody joins, tells, and is noted."""
    persons = {
        device.token: await house.joined(device.token, **({"people": n} if (n := device.told.get(0)) else {})) for device in script.devices
    }
    for last in range(ROUND - 1, MINUTES, ROUND):
        house.wind(minutes=ROUND)
        minutes = range(last - ROUND + 1, last + 1)
        for device in script.devices:
            for minute in minutes:
                if minute and minute in device.told:
                    await house.people.set(await house.by(device.token), people=device.told[minute])
        on = [(device, sorted(device.on & set(minutes))) for device in script.devices]
        beats = [Beat(DAY, persons[device.token], there[0], there[-1], dice.random() < device.signs) for device, there in on if there]
        await asyncio.gather(*map(house.people.attend, beats))


async def test_what_is_told_of_every_block_holds_the_truth_and_is_near_it(house: House) -> None:
    dice = random.Random(7)
    script = a_script(dice)
    await programme(house)
    await played(house, script, dice)

    async with house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == DAY))).one()
        told = (await report.section(regions, block_spans)(session, DAY))["attendance"]

    truths = [script.truth(first, last, -(-(last - first) // 2)) for _kind, first, last in BLOCKS]
    whole = script.truth(0, MINUTES, TOOK_PART_MINUTES)
    assert (day.planned_starts_at, Counter(block["kind"] for block in told["blocks"])) == (NINE, {"common": 4, "regional": 2})
    each = [(one["low"], one["about"], one["high"]) for one in told["blocks"]]
    assert [one for one in zip(each, truths, strict=True) if not holds(*one)] == []
    assert told["low"] <= whole <= told["high"]


@pytest.mark.parametrize("seed", range(10))
def test_so_it_is_on_other_days_too_and_when_both_devices_of_somebody_are_touched_as_often(seed: int) -> None:
    dice = random.Random(seed)
    script = a_script(dice, second=0.1 if seed % 2 else 0.02)
    spans = [Span(f"b{place}", kind, "", None, first, last - 1) for place, (kind, first, last) in enumerate(BLOCKS)]

    screens = [screen_of(device, dice) for device in script.devices]

    each = [(one.low, one.about, one.high) for one in followed(screens, spans)]
    truths = [script.truth(span.first, span.last + 1, span.half) for span in spans]
    whole = figures(screens)
    assert [one for one in zip(each, truths, strict=True) if not holds(*one)] == []
    assert whole.low <= script.truth(0, MINUTES, TOOK_PART_MINUTES) <= whole.high
