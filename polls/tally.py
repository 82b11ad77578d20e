"""Counting: a tally is a sum of answers, and the same whichever way it is come by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import msgspec

from conference.core.disclosure import EXACT_FROM, Breakdown, K, Share, apart, disclose_together, stepped
from polls.beside import beside
from polls.hands import raised
from polls.kinds import Answer, Columns, Question, kind_of
from polls.rules import question_of
from polls.sorting import UNSORTED, Merging, Sorting, merged_cells
from polls.tables import Count, Poll

NO_REGION = "national"  # the group of those who told no region: they are on the national lane
NO_AFFILIATION = "unknown"  # the group of those who did not tell where they work
ANSWERED = "answered"  # the one column of a split in which answers have no cells of their own
REST = 1_000  # answers that a reader is taken not to know, in each cell beside a part
PART, OTHERS = "part", "others"
LEFT_OUT = "left out"  # the column of those who said nothing of one statement


class StoredCount(Protocol):
    """The columns of `polls.tables.Count` that are shown."""

    now: str
    shown: str
    regions: str | None
    affiliations: str | None


@dataclass(frozen=True)
class Tally:
    """What has been answered.

    Attributes:
        n: answers; a screen is one answer however many sit behind it.
        behind: people who sat behind the screens that answered, as they said themselves.
        counts: cell -> how much; the cells are those of the kind, or the words that were written.
        screens: screens that told a show of hands in place of an answer; none of them is in ``n``.
        hands: cell -> hands behind those screens.
        merged: cell that others count as -> answers that hold it or one of them.
    """

    n: int = 0
    behind: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    screens: int = 0
    hands: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Tally:
        """From the JSON it is stored as."""
        return msgspec.json.decode(text, type=cls)

    def written(self) -> str:
        """The JSON it is stored as."""
        return msgspec.json.encode(self).decode()

    def plus(self, question: Question, answer: Answer, people: int, merging: Merging = UNSORTED.into) -> Tally:
        """With one answer more."""
        return self._with(question, answer, people, 1, merging)

    def minus(self, question: Question, answer: Answer, people: int, merging: Merging = UNSORTED.into) -> Tally:
        """With one answer taken back."""
        return self._with(question, answer, people, -1, merging)

    def _with(self, question: Question, answer: Answer, people: int, sign: int, merging: Merging) -> Tally:
        if (hands := raised(answer)) is not None:
            return replace(self, screens=self.screens + sign, hands=_changed(self.hands, hands, sign))
        weights = kind_of(question).weigh(question, answer)
        merged = merged_cells(merging, weights)
        return replace(
            self,
            n=self.n + sign,
            behind=self.behind + sign * people,
            counts=_changed(self.counts, weights, sign),
            merged=_changed(self.merged, dict.fromkeys(merged, 1), sign) if merged else self.merged,
        )


def _changed(counts: Mapping[str, int], by: Mapping[str, int], sign: int) -> dict[str, int]:
    changed = dict(counts)
    for cell, weight in by.items():
        changed[cell] = changed.get(cell, 0) + sign * weight
        if not changed[cell]:
            del changed[cell]
    return changed


def counted(question: Question, answers: Iterable[tuple[Answer, int]], merging: Merging = UNSORTED.into) -> Tally:
    """The tally of many answers, each with the people behind it, from nothing."""
    counts: Counter[str] = Counter()
    merged: Counter[str] = Counter()
    hands: Counter[str] = Counter()
    n = behind = screens = 0
    for answer, people in answers:
        if (up := raised(answer)) is not None:
            screens += 1
            hands.update(up)
        else:
            n, behind = n + 1, behind + people
            weights = kind_of(question).weigh(question, answer)
            counts.update(weights)
            merged.update(merged_cells(merging, weights))
    return Tally(n, behind, counts, screens, hands, merged)


def at_least(total: Tally, merging: Merging) -> dict[str, int]:
    """Merged counts of a tally whose ballots are no longer at hand: as many answers hold one of the spellings as hold the commonest."""
    most: dict[str, int] = {}
    for cell, into in merging.items():
        if count := total.counts.get(cell, 0):
            most[into] = max(count, most.get(into, 0))
    return most


def next_shown(shown: Tally, now: Tally) -> Tally:
    """What an open poll shows after it showed *shown* and has come to *now*.

    Below twenty answers the picture changes only when the number of answers reaches the next multiple of five, and a changed or
    withdrawn answer does not show before that: otherwise two pictures would differ by one person's answer.
    """
    if now.n >= EXACT_FROM:
        return now
    return now if stepped(now.n) == now.n != shown.n else shown


def disclosed(question: Question, total: Tally, *, closed: bool = True, sorting: Sorting = UNSORTED) -> dict[str, Any]:
    """The tally of the whole as in the protocol, with what follows from it; what its kind keeps to itself is left out.

    Args:
        closed: whether nobody can answer any more; a quiz tells what is right only then.
    """
    kind = kind_of(question)
    counts = sorting.sorted(question, total.counts, total.merged) if kind.merges else total.counts
    shown = {"n": total.n, "behind": total.behind, "counts": kind.seen(question, counts, closed=closed)}
    derived = kind.derived(question, total.n, counts, closed=closed)
    shown |= {"hands": hands} if closed and (hands := _hands(question, total)) else {}
    return {**shown, "derived": derived} if derived else shown


def _hands(question: Question, total: Tally) -> dict[str, Any] | None:
    """The hands behind screens, beside the answers and never in them. One screen more is a whole group's answers, so nothing of them is
    told before the close, and nothing of fewer than five.
    """
    n = sum(total.hands.values())
    if n < K:
        return None
    return {"n": n, "screens": total.screens, "counts": {cell: total.hands.get(cell, 0) for cell in kind_of(question).cells(question)}}


def by_region(question: Question, answers: Iterable[tuple[Answer, str | None, int]]) -> list[dict[str, Any]]:
    """The split of a closed poll, with nothing in it from which an answer of fewer than five could be worked out.

    Args:
        answers: answer, region and people behind it of each ballot.
    """
    groups = [(answer, region or NO_REGION) for answer, region, _people in answers]
    return [{"region": name, "n": n, "counts": counts} for name, n, counts in _split(question, groups)]


def by_affiliation(question: Question, answers: Iterable[tuple[Answer, str | None]]) -> list[dict[str, Any]]:
    """The same per kind of organisation. One whose figures are withheld is not even named: few may have come from it.

    Two splits of the same answers tell no more together than each alone, as nothing is told of regions and kinds at once: whatever one of
    them may be behind what is shown, the answers to each option can be shared out over regions and kinds so that both stand.
    """
    split = _split(question, [(answer, affiliation or NO_AFFILIATION) for answer, affiliation in answers])
    return [{"affiliation": name, "n": n, "counts": counts} for name, n, counts in split if n is not None]


def splits(question: Question, answers: Iterable[tuple[Answer, str | None, str | None, int]]) -> dict[str, str]:
    """The splits of a closed poll of the whole country, by name, as the JSON they are stored as.

    Hands are told of the whole only, and kinds of organisation where somebody has told one.

    Args:
        answers: answer, region, kind of organisation and people behind it of each ballot.
    """
    own = [one for one in answers if raised(one[0]) is None]
    found = {"regions": by_region(question, [(answer, region, people) for answer, region, _kind, people in own])}
    kinds = by_affiliation(question, [(answer, kind) for answer, _region, kind, _people in own])
    if any(one["affiliation"] != NO_AFFILIATION for one in kinds):
        found["affiliations"] = kinds
    return {name: msgspec.json.encode(split).decode() for name, split in found.items() if split}


def _split(question: Question, answers: Iterable[tuple[Answer, str]]) -> Iterator[tuple[str, int | None, dict[str, int | None]]]:
    groups: dict[str, list[tuple[Answer, int]]] = {}
    for answer, group in answers:
        groups.setdefault(group, []).append((answer, 0))
    kind = kind_of(question)
    tallies = {name: counted(question, groups[name]) for name in sorted(groups)}
    counts = {name: kind.seen(question, one.counts, closed=True) for name, one in tallies.items()}
    n = {name: one.n for name, one in tallies.items()}
    columns = kind.columns(question)
    shown = disclose_together(
        [_table(counts, n, one) for one in columns] or [Breakdown.of({name: {ANSWERED: n[name]} for name in n}, (ANSWERED,))]
    )
    for rows in zip(*(table.rows() for table in shown), strict=True):
        name, many, _cells = rows[0]
        cells = {cell: count for row in rows for cell, count in row[2].items()}
        yield name, many, {cell: cells[cell] for one in columns for cell in one.cells}


def a_part(question: Question, part: Tally) -> dict[str, Any]:
    """A tally that stands for itself beside another one, as far as it may be shown: ``{n, counts}``, ``None`` where it is withheld.

    It is no part of a sum that anybody knows, so it is disclosed as one group of which the others are unknown: nothing can be taken from
    them, and only its own n gives a withheld cell away.

    Args:
        question: of a kind whose answers can be split; another one has no cells here.
    """
    columns = kind_of(question).columns(question)
    counts = kind_of(question).seen(question, part.counts, closed=True)
    rest = {cell: REST for one in columns for cell in one.cells}
    n = {PART: part.n, OTHERS: REST * max((len(one.cells) for one in columns), default=1)}
    shown = disclose_together([_table({PART: counts, OTHERS: rest}, n, one) for one in columns])
    rows = [next(table.rows()) for table in shown]  # the part is the first group of each
    told = {cell: count for _name, _n, cells in rows for cell, count in cells.items()}
    return {"n": rows[0][1] if rows else None, "counts": {cell: told[cell] for one in columns for cell in one.cells}}


def _table(counts: Mapping[str, Mapping[str, int]], n: Mapping[str, int], columns: Columns) -> Breakdown:
    """One table of a split. Where an answer holds one cell or none, those who left it out are a column too, which is not shown."""
    rows = {name: {cell: row[cell] for cell in columns.cells} for name, row in counts.items()}
    left_out = {name: n[name] - sum(row.values()) for name, row in rows.items()}
    if columns.most > 1 or not any(left_out.values()):
        return Breakdown.of(rows, columns.cells, n=n, most=columns.most)
    return Breakdown.of({name: {**row, LEFT_OUT: left_out[name]} for name, row in rows.items()}, (*columns.cells, LEFT_OUT), n=n)


def seen(question: Question, count: StoredCount, *, closed: bool, sorting: Sorting = UNSORTED) -> dict[str, Any]:
    """The tally of a stored count, as it may be seen now."""
    if not closed:
        return disclosed(question, Tally.read(count.shown), closed=False, sorting=sorting)
    stored = {"regions": count.regions, "affiliations": count.affiliations}
    splits = {name: msgspec.json.decode(split) for name, split in stored.items() if split}
    return beside(question, {**disclosed(question, Tally.read(count.now), sorting=sorting), **splits})


def seen_of(poll: Poll, count: Count, before: Count | None = None) -> dict[str, Any]:
    """The tally of one round of a poll, as it may be seen now.

    Args:
        before: the round before it; when this one is closed ``shift`` tells how the shares moved since.
    """
    closed = poll.voting != "open" or count.round != poll.round
    shown = seen(question_of(poll), count, closed=closed, sorting=Sorting.read(poll.sorting))
    return {**shown, **shifted(poll, shown, before)} if closed else shown


def seen_rounds(poll: Poll, counts: Iterable[Count]) -> dict[str, dict[str, Any]]:
    """Each round of a poll, by its number, as `seen_of` shows it."""
    rounds = {count.round: count for count in counts}
    return {str(number): seen_of(poll, count, rounds.get(number - 1)) for number, count in rounds.items()}


def shifted(poll: Poll, shown: Mapping[str, Any], before: Count | None) -> dict[str, Any]:
    """``{"shift": {round, n, cells {cell: {before, after, sure}}}}``: how the shares of a closed round moved since the one *before*.

    In whole percent, of the cells that both rounds may show. ``sure`` says that their intervals do not overlap; otherwise chance alone may
    have moved them. Empty when nobody answered in one of them, and for kinds whose cells are no shares of the answers.
    """
    question = question_of(poll)
    if before is None or kind_of(question).written or kind_of(question).counts_words or ("derived" in shown and question.kind != "quiz"):
        return {}
    earlier = disclosed(question, Tally.read(before.now), sorting=Sorting.read(poll.sorting))
    if not earlier["n"] or not shown["n"]:
        return {}
    both = [cell for cell in shown["counts"] if cell in earlier["counts"]]
    shares = {cell: [Share(one["counts"][cell], one["n"], "") for one in (earlier, shown)] for cell in both}
    cells = {
        cell: {"before": old.percent, "after": new.percent, "sure": bool(old.between and new.between and apart(old.between, new.between))}
        for cell, (old, new) in shares.items()
    }
    return {"shift": {"round": before.round, "n": earlier["n"], "cells": cells}} if cells else {}
