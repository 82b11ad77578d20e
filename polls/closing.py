"""What a box comes to when it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlmodel import col

from conference.core.rows import Values
from conference.core.transaction import Transaction
from polls import rules, tally, texts
from polls.ballots import About, Box, box_of
from polls.kinds import Answer
from polls.sorting import Sorting
from polls.tables import Count, Poll, SortedText


def final(box: Box, poll: Poll, ballots: Sequence[Values], stored: Count | None) -> Count:
    """The tally of one round, counted from its ballots, with the splits of a poll of the whole country.

    When the box's key was lost nobody can tell where a ballot came from: then there is no split, and the people behind the answers are
    those of the tally that was kept up.

    Args:
        stored: that tally.
    """
    question, into = rules.question_of(poll), Sorting.read(poll.sorting).into
    name = box_of(poll.day, poll.poll, poll.round)
    answers = [msgspec.json.decode(ballot["answer"]) for ballot in ballots]
    abouts = [about for ballot in ballots if (about := box.about(name, ballot["key"], ballot["about"]))]
    if len(abouts) < len(ballots):
        total = tally.counted(question, ((answer, 0) for answer in answers), into)
        kept_up = tally.Tally.read(stored.now) if stored else total
        return _count(poll, replace(total, behind=kept_up.behind), {})
    told: list[tuple[Answer, About]] = list(zip(answers, abouts, strict=True))
    total = tally.counted(question, ((answer, about.people) for answer, about in told), into)
    splits = tally.splits(question, [(answer, *about) for answer, about in told]) if poll.scope == "country" else {}
    return _count(poll, total, splits)


async def said_of(tx: Transaction, poll: Poll) -> list[SortedText]:
    """What a moderator has said of texts while the poll was open."""
    if not rules.holds_texts(poll):
        return []
    return list(await tx.every(SortedText, col(SortedText.day) == poll.day, col(SortedText.poll) == poll.poll))


def rename(tx: Transaction, said: Sequence[SortedText], before: Sequence[Values], after: Sequence[Values]) -> None:
    """Let what was said stand for the same texts under the ids that they have from now on.

    Args:
        before, after: the ballots under their pseudonyms, and the same under random keys.
    """
    if not said:
        return
    names = texts.renamed(*([(ballot["key"], ballot["answer"]) for ballot in ballots] for ballots in (before, after)))
    for row in said:
        if row.text in names:  # others are of an earlier round, or of answers that were changed
            tx.drop(row)
            tx.put(row.model_copy(update={"text": names[row.text]}))


def _count(poll: Poll, total: tally.Tally, splits: dict[str, str]) -> Count:
    text = total.written()
    return Count(day=poll.day, poll=poll.poll, round=poll.round, now=text, shown=text, **splits)
