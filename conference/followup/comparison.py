"""The same question over items, regions, days and years, with n and interval. Pure but for the reading of the reports.

Everything here is made of figures that the days' reports show, so nothing can be worked out from it that they do not tell. What is added
up is added up from whole-poll counts, which are never withheld: a total over days, and over the regions' own polls, is the sum of its
parts exactly. A change of words is a break: what stands before it is never compared with what stands after it. Whoever may read the
report of a day may read here of the other days in its series: years compare only where the one who holds the next day sees the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import col, select

from conference.core.disclosure import Share, apart
from conference.core.faces import Data
from conference.core.store import Store
from conference.followup.report import Report, Section
from conference.tables import Day

DAYS_MOST: Final = 40  # of a series: the newest
TOP: Final = "top2"  # the two highest steps together, as the evaluation tells them
TOP_STEPS: Final = 2
KINDS: Final = ("choice", "yesno", "quiz", "scale")  # whose cells are shares of the answers
RIGHT: Final = "is:right"  # the cell of a quiz that holds those who knew
HIDDEN: Final = Share(None, 0, "svar")


@dataclass(frozen=True)
class Moment:
    """One time that a question was put.

    Attributes:
        at: when a poll was opened; ``None`` for a survey.
        title_en: the question as it was put in English.
        what, what_en: the title of a survey; empty for a poll.
        wording: version, title and options; only moments with the same one are compared.
        rows: of all who answered, as in the report.
        regions: name and rows of each region.
        months: of a follow-up wave, how long after the day it asked; it is compared with waves of as many months alone.
    """

    day: str
    day_title: str
    on: date
    at: datetime | None
    what: str
    number: int
    wording: tuple[Any, ...]
    rows: tuple[Data, ...]
    regions: tuple[tuple[str, tuple[Data, ...]], ...]
    title_en: str = ""
    what_en: str = ""
    months: int | None = None

    @property
    def title(self) -> str:
        """The question as it was put."""
        return str(self.wording[1])


@dataclass(frozen=True)
class Asked:
    """A question with all its moments, in order.

    Attributes:
        question: its id; of a wave also after how many months.
        is_rated: whether it is a scale, whose two highest steps can be told together.
    """

    question: str
    moments: tuple[Moment, ...]
    is_rated: bool

    @property
    def title(self) -> str:
        """As it was put last."""
        return self.moments[-1].title

    @property
    def title_en(self) -> str:
        """The same in English."""
        return self.moments[-1].title_en

    @property
    def names(self) -> dict[str, str]:
        """By which it is told apart from others: ``{title, title_en}``, of a wave with that of its survey."""
        last, named = self.moments[-1], {"title": self.title, "title_en": self.title_en}
        return {"title": f"{self.title} ({last.what})", "title_en": f"{self.title_en} ({last.what_en})"} if last.months else named

    @property
    def answers(self) -> list[Data]:
        """What shares there are of: ``{id, text, text_en}``, the two highest steps first."""
        rows = [row for row in self.moments[-1].rows if row["option"] != RIGHT]
        told = [{"id": str(row["option"]), "text": str(row["text"]), "text_en": row.get("text_en")} for row in rows]
        return [{"id": TOP, "text": "", "text_en": ""}, *told] if self.is_rated else told


@dataclass(frozen=True)
class Line:
    """A moment as it is compared.

    Attributes:
        breaks: whether the words are others than at the moment before.
        change: since the moment before, in whole percentage points; ``None`` at the first one and at a break.
        carried: whether the answers carry that change.
        regions: name, share, and whether the answers carry its difference from all; ``None`` where there is nothing to compare.
    """

    moment: Moment
    share: Share
    breaks: bool
    change: int | None
    carried: bool
    regions: tuple[tuple[str, Share, bool | None], ...]


class Comparison:
    """Reads what was asked.

    Args:
        sections: those of the report that hold polls and surveys.
    """

    def __init__(self, store: Store, sections: Iterable[Section]) -> None:
        self._store, self._report = store, Report(store, sections)

    async def asked(self, day: str) -> list[Asked]:
        """Every question whose answers are shares, over the days of the series of *day* that have begun, by its newest words."""
        async with self._store.reading() as session:
            series = select(Day.series).where(Day.day == day).scalar_subquery()
            wanted = (
                select(Day).where(Day.series == series, col(Day.state).in_(("live", "ended"))).order_by(col(Day.date).desc(), col(Day.day))
            )
            days = (await session.exec(wanted.limit(DAYS_MOST))).all()
        return asked([(one, await self._report.of(one.day)) for one in reversed(days)])


def asked(days: Iterable[tuple[Day, Data]]) -> list[Asked]:
    """The questions of days in their order, with the reports of each."""
    found: dict[str, list[tuple[Moment, str]]] = {}
    for day, report in days:
        for question, kind, moment in (*_polled(day, report), *_surveyed(day, report)):
            found.setdefault(question, []).append((moment, kind))
    made = [Asked(name, tuple(one for one, _ in moments), moments[-1][1] == "scale") for name, moments in found.items()]
    return sorted(made, key=lambda one: (one.title, one.moments[-1].months or 0))


def compared(question: Asked, answer: str) -> list[Line]:
    """The moments of a question, each beside the one before it and each region beside all."""
    lines: list[Line] = []
    for moment in question.moments:
        before = lines[-1] if lines else None
        breaks = before is not None and before.moment.wording != moment.wording
        share = share_of(moment.rows, answer)
        change = _change(before.share, share) if before and not breaks else None
        parts = tuple((name, one, _carried(one, share)) for name, rows in moment.regions for one in [share_of(rows, answer)])
        lines.append(Line(moment, share, breaks, change, bool(before and change is not None and _carried(before.share, share)), parts))
    return lines


def together(lines: Sequence[Line]) -> Share | None:
    """All moments with the newest words, added up; ``None`` where there is one alone."""
    same = [line.share for line in lines if line.moment.wording == lines[-1].moment.wording]
    if len(same) < 2 or any(share.count is None for share in same):
        return None
    return replace(same[-1], count=sum(share.count or 0 for share in same), n=sum(share.n for share in same))


def share_of(rows: Sequence[Data], answer: str) -> Share:
    """The share of an answer; of the two highest steps, of those who put a step. Withheld when a figure that it needs is."""
    if answer == TOP:
        steps = [row["count"] for row in rows if str(row["option"]).isdecimal()]
        return HIDDEN if None in steps or not steps else Share(sum(steps[-TOP_STEPS:]), sum(steps), "svar")
    row = next((one for one in rows if str(one["option"]) == answer), None)
    return Share(row["count"], row["n"] or 0, row["base"]) if row else HIDDEN


def _change(before: Share, after: Share) -> int | None:
    return None if before.percent is None or after.percent is None else after.percent - before.percent


def _carried(one: Share, other: Share) -> bool | None:
    return None if one.between is None or other.between is None else apart(one.between, other.between)


def _wording(question: Data, rows: Iterable[Data]) -> tuple[Any, ...]:
    return question["version"], question["title"], tuple((row["option"], row["text"]) for row in rows)


def _is_share(question: Data, of: Data) -> bool:
    return question["kind"] in KINDS and bool(of["rows"]) and not (of.get("about") or {}).get("statements")


def _polled(day: Day, report: Data) -> Iterator[tuple[str, str, Moment]]:
    own: dict[tuple[Any, ...], list[tuple[str, Data, Data]]] = {}
    for poll in report.get("polls", ()):
        for of in poll["rounds"]:
            if not _is_share(poll, of) or of["open"] or not of["n"]:
                continue
            if poll["region"]:
                own.setdefault((poll["question"], of["round"], _wording(poll, of["rows"])), []).append((poll["region"], poll, of))
            else:
                regions = tuple((one["name"] or "", tuple(one["rows"])) for one in of["regions"])
                yield poll["question"], poll["kind"], _moment(day, poll, of["round"], tuple(of["rows"]), regions)
    for (question, number, _words), parts in own.items():
        rows = _summed([of["rows"] for _name, _poll, of in parts])
        regions = tuple((name, tuple(of["rows"])) for name, _poll, of in parts)
        yield question, parts[0][1]["kind"], _moment(day, parts[0][1], number, rows, regions)


def _summed(many: Sequence[Sequence[Data]]) -> tuple[Data, ...]:
    """The answers of regions that each had a poll of their own, as those of the country: the sums of whole counts."""
    n = sum(rows[0]["n"] for rows in many)
    sums = [sum(rows[place]["count"] for rows in many) for place in range(len(many[0]))]
    return tuple({**row, **Share(count, n, row["base"]).shown()} for row, count in zip(many[0], sums, strict=True))


def _surveyed(day: Day, report: Data) -> Iterator[tuple[str, str, Moment]]:
    for survey in report.get("surveys", ()):
        if survey.get("later"):  # those who watched it afterwards are compared with nobody who was there
            continue
        for one in survey["questions"]:
            if _is_share(one, one) and not survey["preliminary"] and one["n"]:
                regions = tuple((group["name"] or "", tuple(group["rows"])) for group in one["regions"])
                moment = _moment(day, {**one, **_of_survey(survey)}, 1, tuple(one["rows"]), regions)
                months = survey.get("months")
                yield f"{one['question']}@{months}" if months else one["question"], one["kind"], replace(moment, months=months)


def _moment(day: Day, of: Data, number: int, rows: tuple[Data, ...], regions: tuple[tuple[str, tuple[Data, ...]], ...]) -> Moment:
    english = {"title_en": of.get("title_en") or of["title"], "what_en": of.get("what_en", "")}
    return Moment(
        day.day, day.title, day.date, of.get("opened_at"), of.get("what", ""), number, _wording(of, rows), rows, regions, **english
    )


def _of_survey(survey: Data) -> Data:
    return {"what": survey["title"], "what_en": survey.get("title_en") or survey["title"]}
