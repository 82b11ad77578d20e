"""Whether everybody heard the same: the news of many clients compared, after the fact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from web.crowd.ledger import Ledger


@dataclass(eq=False)
class Diary:
    """What one client heard.

    Attributes:
        cohort: those who are shown the same: a region.
        places: of the news it heard.
        ledger: how far it came, and from where.
    """

    cohort: str | None
    ledger: Ledger
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Census:
    """What came of it.

    Attributes:
        words: news with a place that were heard, by all together.
        lost: news that others of the cohort heard and somebody did not, though its place was passed.
        doubled: news that somebody heard again.
        gaps: losses that clients noticed by themselves.
    """

    words: int
    lost: int
    doubled: int
    gaps: int


def compare(diaries: Iterable[Diary]) -> Census:
    """Compare the clients of each cohort. What only one of them heard was for it alone, and proves nothing."""
    cohorts = defaultdict[str | None, list[Diary]](list)
    for diary in diaries:
        cohorts[diary.cohort].append(diary)
    everybody = [diary for cohort in cohorts.values() for diary in cohort]
    return Census(
        words=sum(len(diary.places) for diary in everybody),
        lost=sum(map(_lost, cohorts.values())),
        doubled=sum(diary.ledger.doubles for diary in everybody),
        gaps=sum(diary.ledger.gaps for diary in everybody),
    )


def _lost(cohort: list[Diary]) -> int:
    heard = Counter(place for diary in cohort for place in set(diary.places))
    shared = {place for place, n in heard.items() if n > 1}
    return sum(_passed(diary.ledger, shared - set(diary.places)) for diary in cohort)


def _passed(ledger: Ledger, places: set[int]) -> int:
    stretches = ledger.stretches
    return sum(any(first < place <= last for first, last in stretches) for place in places)
