"""Casting votes: all votes of a commit at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store
from conference.core.transaction import Transaction
from polls import rules, tally
from polls.ballots import Box, box_of
from polls.kinds import Question
from polls.tables import Ballot, Count, Poll, VoteAnswer

RECEIPT_BYTES = 12  # 16 characters that one can read out


@dataclass(frozen=True)
class Vote:
    """A wish of voting, as the session and the client's words make it.

    Attributes:
        memory: under which its answer is remembered; ``None`` when it is not.
        body: what was asked, under the session's secret.
        withdrawn: whether the ballot shall be taken out instead.
    """

    day: str
    poll: str
    person: str
    region: str | None
    affiliation: str | None
    people: int
    answer: Any
    memory: str | None
    body: str
    withdrawn: bool

    @classmethod
    def of(cls, by: Actor, poll: str, answer: Any, *, withdrawn: bool = False) -> Vote:
        """The vote of *by*."""
        memory, body = (by.asked.wish, by.asked.body) if by.asked else (None, "")
        return cls(by.day, poll, by.person, by.region, by.affiliation, by.people, answer, memory, body, withdrawn)


class Casting:
    """Brings votes to their boxes."""

    def __init__(self, store: Store, ids: Ids, box: Box) -> None:
        self._store, self._ids, self._box = store, ids, box

    async def cast(self, vote: Vote) -> Done:
        """Cast one vote; returns when its group is on disk."""
        return await self._store.gather(self._together, vote)

    async def _together(self, tx: Transaction, votes: list[Vote]) -> Sequence[Done | Exception]:
        await tx.fetch(Poll, {(vote.day, vote.poll) for vote in votes})
        polls = {(vote.day, vote.poll): await tx.find(Poll, vote.day, vote.poll) for vote in votes}
        open_boxes = [poll for poll in polls.values() if poll and poll.voting == "open"]
        await tx.fetch(VoteAnswer, {(vote.day, vote.memory) for vote in votes if vote.memory})
        await tx.fetch(Count, {(poll.day, poll.poll, poll.round) for poll in open_boxes})
        boxes = {(poll.day, poll.poll): await _OpenBox.of(tx, poll, self._box) for poll in open_boxes}
        keys = [self._key_of(boxes.get((vote.day, vote.poll)), vote) for vote in votes]
        await tx.fetch(Ballot, {key for key in keys if key})
        answers: list[Done | Exception] = []
        for vote, key in zip(votes, keys, strict=True):
            answers.append(await self._one(tx, vote, polls[vote.day, vote.poll], boxes.get((vote.day, vote.poll)), key))
        for box in boxes.values():
            await box.write(tx)
        return answers

    def _key_of(self, box: _OpenBox | None, vote: Vote) -> tuple[str, bytes] | None:
        return (box.name, self._box.pseudonym(box.name, vote.person)) if box else None

    async def _one(
        self, tx: Transaction, vote: Vote, poll: Poll | None, box: _OpenBox | None, key: tuple[str, bytes] | None
    ) -> Done | Exception:
        try:
            if vote.memory and (earlier := await tx.find(VoteAnswer, vote.day, vote.memory)):
                return _recalled(earlier, vote)
            if vote.withdrawn:
                rules.withdraw_vote(poll, vote.region)
            else:
                answer = rules.cast_vote(poll, vote.answer, vote.region)
            assert box
            assert key
            box.must_have_its_key()
            receipt = await (box.take_out(tx, key) if vote.withdrawn else box.put(tx, key, vote, answer, self._ids))
        except Refused as refusal:
            return refusal
        if vote.memory:
            tx.put(VoteAnswer(day=vote.day, memory=vote.memory, body=vote.body, receipt=receipt or ""))
        return _done(receipt)


class _OpenBox:
    """One open box during one group."""

    def __init__(self, poll: Poll, count: Count, fingerprint: str) -> None:
        self.name = box_of(poll.day, poll.poll, poll.round)
        self.question: Question = rules.question_of(poll)
        self._poll, self._count, self._fingerprint = poll, count, fingerprint
        self._now, self._shown = (tally.Tally.read(text) for text in (count.now, count.shown))
        self._changed = False

    @classmethod
    async def of(cls, tx: Transaction, poll: Poll, box: Box) -> _OpenBox:
        """As it stands before the group."""
        count = await tx.get(Count, poll.day, poll.poll, poll.round)
        return cls(poll, count, box.fingerprint(box_of(poll.day, poll.poll, poll.round)))

    def must_have_its_key(self) -> None:
        """A second key would give a person a second ballot.

        Raises:
            Refused: ``poll.key_lost``.
        """
        if self._poll.key_print not in (None, self._fingerprint):
            raise Refused("poll.key_lost", _("Omröstningens nyckel är borta, så inga fler röster kan tas emot. Moderatorn kan stänga den."))

    async def put(self, tx: Transaction, key: tuple[str, bytes], vote: Vote, answer: Any, ids: Ids) -> str:
        """The ballot of a person, new or in place of the earlier one; its receipt."""
        earlier = await tx.find(Ballot, *key)
        now = self._without(earlier).plus(self.question, answer, vote.people)
        receipt = earlier.receipt if earlier else ids.secret(RECEIPT_BYTES)
        text = msgspec.json.encode(answer).decode()
        ballot = Ballot(box=key[0], key=key[1], receipt=receipt, answer=text)
        tx.put(ballot.model_copy(update={"region": vote.region, "affiliation": vote.affiliation, "people": vote.people}))
        self._become(now)
        return receipt

    async def take_out(self, tx: Transaction, key: tuple[str, bytes]) -> None:
        """The ballot of a person, if there is one."""
        earlier = await tx.find(Ballot, *key)
        if earlier:
            tx.drop(earlier)
            self._become(self._without(earlier))

    async def write(self, tx: Transaction) -> None:
        """Store what the group has come to."""
        if self._changed:
            tx.put(self._count.model_copy(update={"now": self._now.written(), "shown": self._shown.written()}))
            if self._poll.key_print is None:
                tx.put(self._poll.model_copy(update={"key_print": self._fingerprint}))

    def _without(self, earlier: Ballot | None) -> tally.Tally:
        return self._now.minus(self.question, msgspec.json.decode(earlier.answer), earlier.people) if earlier else self._now

    def _become(self, now: tally.Tally) -> None:
        self._now, self._shown, self._changed = now, tally.next_shown(self._shown, now), True


def _recalled(earlier: VoteAnswer, vote: Vote) -> Done | Refused:
    if earlier.body != vote.body:
        return Refused("wish.id_reused", _("Samma id har redan använts för något annat."))
    return _done(earlier.receipt or None)


def _done(receipt: str | None) -> Done:
    return Done(data={"receipt": receipt} if receipt else {})
