"""How far the goals in figures have come, counted over all days of a series.

- ``organisations`` and ``municipalities`` are counted from what the organizers have noted for each day: the same name on two days is one.
- ``people`` is the low bound of those who took part, and ``screens`` the screens, day by day; who came to two days counts twice, because
  nothing ties the screens of two days together.

Where people work is what some of them told as they joined. Of each day only what may be shown of that day alone goes into the sum, so that
the sum of one day more tells no more than that day's own figures.

Of a day whose personal data has been let go, people, screens and workplaces are those of the report that its protocol names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.clock import Clock
from conference.core.columns import Kept
from conference.core.disclosure import Breakdown, K, disclose
from conference.core.faces import Data
from conference.followup import views
from conference.followup.keeping import views as keeping
from conference.followup.report import Section
from conference.followup.rules import MUNICIPALITY
from conference.followup.tables import Reached, Target
from conference.people import views as people
from conference.people.attendance import figures
from conference.tables import Day

SCREENS = "screens"


@dataclass(frozen=True)
class OfDay:
    """What counts of one day.

    Attributes:
        reached: organisations: key -> kind.
        people: at least so many took part.
        screens: so many took part.
        workplaces: kind -> screens, as many as may be shown.
    """

    day: str
    title: str
    on: str
    reached: Mapping[str, str]
    people: int
    screens: int
    workplaces: Mapping[str, int]


def count(measure: str, days: Iterable[OfDay]) -> int:
    """How many over all the days."""
    match measure:
        case "organisations":
            return len({key for day in days for key in day.reached})
        case "municipalities":
            return len({key for day in days for key, kind in day.reached.items() if kind == MUNICIPALITY})
        case "people":
            return sum(day.people for day in days)
        case _:
            return sum(day.screens for day in days)


def by_kind(told: Iterable[str]) -> dict[str, int]:
    """Screens of each kind of workplace on one day, as many as may be shown: at least so many.

    Args:
        told: what each screen that took part told, without those that told nothing.
    """
    table = Breakdown.of({kind: {SCREENS: number} for kind, number in sorted(Counter(told).items())}, (SCREENS,))
    return {kind: number for kind, number, _cells in disclose(table).rows() if number}


def over_days(days: Iterable[Mapping[str, int]]) -> list[Data]:
    """Screens of each kind of workplace over days: ``{kind, screens}``, the most first."""
    shown: Counter[str] = Counter()
    for day in days:
        shown.update(day)
    return [{"kind": kind, "screens": number} for kind, number in shown.most_common()]


def for_others(target: Data) -> Data:
    """A goal as it is told to programs of others: of people and screens no day with fewer than five, nor one that the sum would tell.

    Organisations and municipalities are no people: what an organizer noted of them is told as it is.
    """
    about = {name: target[name] for name in ("target", "title", "measure", "amount", "due")}
    days = {one["day"]: one["count"] for one in target["days"]}
    if target["measure"] in ("organisations", "municipalities"):
        return {**about, "count": target["count"], "days": [{"day": day, "count": count} for day, count in days.items()]}
    shown = disclose(Breakdown.of({day: {SCREENS: count} for day, count in days.items()}, (SCREENS,)))
    told = [{"day": day, "count": number} for day, number, _cells in shown.rows()]
    return {**about, "count": target["count"] if target["count"] >= K else None, "days": told}


def section(clock: Clock) -> Section:
    """What reads ``followup``: `conference.followup.views.Loop.shown`, and the goals in figures as `counted` has them."""

    async def read(session: AsyncSession, day: str) -> dict[str, Any]:
        found = await views.loop(session, day)
        return {"followup": {**found.shown(clock.now().date()), **await counted(session, day)}}

    return read


async def counted(session: AsyncSession, day: str) -> Data:
    """``targets`` of the day's series ``{target, title, measure, goal, amount, due, count, days}`` with the count of each day,
    ``days`` of the series ``{day, title, on, organisations, municipalities, people, screens}``, and ``workplaces`` ``{kind, screens}``,
    with those of this day alone as ``workplaces_here``.
    """
    series = (await session.exec(select(Day.series).where(Day.day == day))).one()
    rows = (await session.exec(select(Day).where(Day.series == series).order_by(col(Day.date), col(Day.day)))).all()
    days = [await _of_day(session, row) for row in rows]
    wanted = await session.exec(select(Target).where(Target.series == series, ~col(Target.removed)).order_by(col(Target.place)))
    return {
        "targets": [_target(one, days) for one in wanted],
        "days": [_day(one) for one in days],
        "workplaces": over_days(one.workplaces for one in days),
        "workplaces_here": over_days(one.workplaces for one in days if one.day == day),
    }


async def _of_day(session: AsyncSession, row: Day) -> OfDay:
    noted = await session.exec(select(Reached).where(Reached.day == row.day, ~col(Reached.removed)))
    about = (row.day, row.title, row.date.isoformat(), {one.reached: one.kind for one in noted})
    frozen = await keeping.figures_of(session, row.day, Kept.PERSON)
    if frozen and "attendance" in frozen:
        worked = frozen["followup"].get("workplaces_here", ())
        return OfDay(*about, frozen["attendance"]["low"], frozen["attendance"]["devices"], {one["kind"]: one["screens"] for one in worked})
    whole = figures(await people.joined(session, row.day))
    return OfDay(*about, whole.low, whole.devices, by_kind(await people.workplaces(session, row.day)))


def _day(of: OfDay) -> Data:
    measures = {measure: count(measure, [of]) for measure in ("organisations", "municipalities", "people", "screens")}
    return {"day": of.day, "title": of.title, "on": of.on, **measures}


def _target(row: Target, days: Sequence[OfDay]) -> Data:
    about = {"target": row.target, "title": row.title, "measure": row.measure, "goal": row.goal, "amount": row.amount, "due": row.due}
    each = [{"day": day.day, "count": count(row.measure, [day])} for day in days]
    return {**about, "count": count(row.measure, days), "days": each}
