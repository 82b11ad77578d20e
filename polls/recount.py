"""Counting again, for an auditor: the ballots that lie in the box, the tally, what was told, what is exported and the seal are one.

It reads and changes nothing. What it cannot show is that a ballot was cast by whoever should: that is what the secret box hides. A person
can look up the own receipt: it stands in the list of receipts whose hash the audit chain holds since the close.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.audit import AuditEntry, first_break
from conference.core.columns import Kept
from conference.core.log import LogRow
from conference.followup.keeping import views as keeping
from polls import results, rules, tally
from polls.ballots import box_of, seal
from polls.events import PollClosed, PollSorted
from polls.sorting import Sorting
from polls.tables import Ballot, Count, Poll
from polls.tally import Tally

SEALED: Final = "ballots.sealed"

Round = tuple[str, int]


@dataclass(frozen=True)
class Recounted:
    """One round of a poll, counted again.

    Attributes:
        ballots: how many lie in the box.
        faults: what does not agree, in words; empty when all is one.
    """

    poll: str
    round: int
    title: str
    open: bool
    ballots: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Recount:
    """A day, counted again.

    Attributes:
        broken_at: the first entry of the audit chain that does not follow from the one before; ``None`` when the chain holds.
        disposed: the ballots go or have gone by a signed protocol; then the tally is held against the export and what was told alone.
    """

    rounds: tuple[Recounted, ...]
    broken_at: int | None
    disposed: bool = False

    @property
    def agrees(self) -> bool:
        """Whether everything is one."""
        return self.broken_at is None and not any(one.faults for one in self.rounds)


@dataclass(frozen=True)
class _Said:
    """What was said of the rounds elsewhere than in the box."""

    seals: Mapping[Round, Mapping[str, Any]]
    told: Mapping[Round, Mapping[str, Any]]
    exported: Mapping[Round, int]
    disposed: bool


async def recount(session: AsyncSession, day: str, poll: str | None = None) -> Recount:
    """Count every round of a day's polls again, or of one *poll*."""
    chain = (await session.exec(select(AuditEntry).where(AuditEntry.day == day).order_by(col(AuditEntry.number)))).all()
    said = _Said(_seals(chain), await _told(session, day), await _exported(session, day), await _is_disposed(session, day))
    polls = {one.poll: one for one in await session.exec(select(Poll).where(Poll.day == day).order_by(col(Poll.place), col(Poll.poll)))}
    counts: dict[str, list[Count]] = defaultdict(list)
    for count in await session.exec(select(Count).where(Count.day == day).order_by(col(Count.round))):
        counts[count.poll].append(count)
    wanted = [one for one in polls.values() if poll in {None, one.poll}]
    rounds = [await _round(session, one, count, said) for one in wanted for count in counts[one.poll]]
    return Recount(tuple(rounds), first_break(chain), said.disposed)


async def _round(session: AsyncSession, poll: Poll, count: Count, said: _Said) -> Recounted:
    question = rules.question_of(poll)
    ballots = (await session.exec(select(Ballot).where(Ballot.box == box_of(count.day, count.poll, count.round)))).all()
    sorting = Sorting.read(poll.sorting)
    # Who sat behind a screen is sealed while the box is open and forgotten afterwards, so it is taken from the tally.
    total = tally.counted(question, ((msgspec.json.decode(ballot.answer), 0) for ballot in ballots), sorting.into)
    still_open = poll.voting == "open" and count.round == poll.round
    stored, key = Tally.read(count.now), (count.poll, count.round)
    faults = [] if said.disposed else list(_of_the_tally(total, stored))
    if len({ballot.receipt for ballot in ballots}) < len(ballots):
        faults.append("two ballots have one receipt")
    if said.exported.get(key) != (Tally.read(count.shown).n if still_open else stored.n):
        faults.append(f"the export says {said.exported.get(key)} answers, the tally {stored.n}")
    if said.disposed and said.told.get(key, {}).get("n") != stored.n:
        faults.append("the result that was told at the close is another one")
    if not still_open and not said.disposed:
        whole = tally.disclosed(question, replace(total, n=stored.n, behind=stored.behind), sorting=sorting)
        faults += _of_the_close(seal([(ballot.receipt, ballot.answer) for ballot in ballots]), whole, said, key)
    return Recounted(poll.poll, count.round, question.title, still_open, len(ballots), tuple(faults))


def _of_the_tally(total: Tally, stored: Tally) -> Iterator[str]:
    if (total.n, total.screens) != (stored.n, stored.screens):
        yield f"{total.n} ballots lie in the box, and the tally says {stored.n}"
    if [dict(one) for one in (total.counts, total.hands, total.merged)] != [
        dict(one) for one in (stored.counts, stored.hands, stored.merged)
    ]:
        yield "the sums of the ballots are not the counts of the tally"


def _of_the_close(sealed: Mapping[str, Any], whole: Mapping[str, Any], said: _Said, key: Round) -> Iterator[str]:
    """After the close the ballots are what was sealed, and the result is what everybody was told."""
    if said.seals.get(key) != sealed:
        yield "the ballots are not those that were sealed at the close" if key in said.seals else "no seal stands in the audit chain"
    if {name: said.told.get(key, {}).get(name) for name in whole} != dict(whole):
        yield "the result that was told at the close is another one"


def _seals(chain: Sequence[AuditEntry]) -> dict[Round, dict[str, Any]]:
    notes = [msgspec.json.decode(entry.note) for entry in chain if entry.did == SEALED]
    return {(note.pop("poll"), note.pop("round")): note for note in notes if "poll" in note}


async def _told(session: AsyncSession, day: str) -> dict[Round, dict[str, Any]]:
    """The result of each round as everybody was told it last: at the close, or when its words were sorted after that."""
    wanted = col(LogRow.name).in_([PollClosed.name, PollSorted.name])
    told: dict[Round, dict[str, Any]] = {}
    for data in await session.exec(select(LogRow.data).where(LogRow.day == day, wanted).order_by(col(LogRow.seq))):
        event = msgspec.json.decode(data)
        tallies = event["tallies"] if "tallies" in event else {event["round"]: event["tally"]}
        told |= {(event["poll"], int(round_)): one for round_, one in tallies.items()}
    return told


async def _is_disposed(session: AsyncSession, day: str) -> bool:
    return await keeping.is_gone(session, day, Kept.BALLOT) is not None


async def _exported(session: AsyncSession, day: str) -> dict[Round, int]:
    return {(poll["poll"], round_["round"]): round_["n"] for poll in await results.asked(session, day) for round_ in poll["rounds"]}
