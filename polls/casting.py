"""Casting votes: all votes of a commit at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from conference.core.actor import Actor, Done
from conference.core.disclosure import K
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.rows import Values
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people.tables import Person
from polls import rules, tally
from polls.ballots import About, Box, box_of
from polls.kinds import Question, kind_of
from polls.receipts import RECEIPT_BYTES, Once, done
from polls.sorting import Sorting
from polls.tables import Ballot, Count, Poll, VoteAnswer


class Vote(NamedTuple):
    """A wish of voting, as the session and the client's words make it.

    Attributes:
        once: the wish whose answer is remembered; ``None`` when it is not.
        withdrawn: whether the ballot shall be taken out instead.
        people: those it stands for: before a group's screen all but those who have paired a phone with it.
        hands: whether the answer is how many hands are up behind the screen.
        shared: whether others sit before the screen, or had done before they left with their phones.
    """

    day: str
    poll: str
    person: str
    region: str | None
    affiliation: str | None
    people: int
    answer: Any
    once: Once | None
    withdrawn: bool
    hands: bool
    shared: bool

    @classmethod
    def of(cls, by: Actor, poll: str, answer: Any, *, withdrawn: bool = False, hands: bool = False) -> Vote:
        """The vote of *by*."""
        return cls(
            by.day,
            poll,
            by.person,
            by.region,
            by.affiliation,
            by.people,
            answer,
            Once.of(by),
            withdrawn,
            hands,
            by.people > 1 or by.phones > 0,
        )


class Casting:
    """Brings votes to their boxes."""

    def __init__(self, store: Store, ids: Ids, box: Box) -> None:
        self._store, self._ids, self._box = store, ids, box

    async def cast(self, vote: Vote) -> Done:
        """Cast one vote; returns when its group is on disk."""
        return await self._store.gather(self._together, vote)

    async def _together(self, tx: Transaction, votes: list[Vote]) -> Sequence[Done | Exception]:
        asked = {(vote.day, vote.poll) for vote in votes}
        await tx.fetch(Poll, asked)
        polls = {key: await tx.find(Poll, *key) for key in asked}
        open_polls = [poll for poll in polls.values() if poll and poll.voting == "open"]
        await tx.fetch(Count, {(poll.day, poll.poll, poll.round) for poll in open_polls})
        boxes = {(poll.day, poll.poll): await _OpenBox.of(tx, poll, self._box) for poll in open_polls}
        votes = await _of_screens(tx, votes)
        group = _Votes(polls, boxes, self._ids)
        await tx.fetch(VoteAnswer, {vote.once.key for vote in votes if vote.once})
        await tx.fetch(Ballot, {(box.name, box.key(vote)) for vote in votes if (box := boxes.get((vote.day, vote.poll)))})
        answers = [group.one(tx, vote) for vote in votes]
        for box in boxes.values():
            await box.write(tx)
        await tx.put_many(VoteAnswer, list(group.remembered.values()))
        return answers


async def _of_screens(tx: Transaction, votes: list[Vote]) -> list[Vote]:
    """The votes, those of groups with as many behind them as there are at this moment: a phone may just have been paired."""
    groups = {(vote.day, vote.person) for vote in votes if vote.shared}
    await tx.fetch(Person, groups)
    rest = {key: (row["people"] or 1) - row["phones"] for key in groups if (row := tx.fetched(Person, *key))}
    return [vote._replace(people=rest[vote.day, vote.person]) if (vote.day, vote.person) in rest else vote for vote in votes]


class _Votes:
    """The votes of one group, one after the other, on what has been fetched for all of them."""

    def __init__(self, polls: Mapping[tuple[str, str], Poll | None], boxes: Mapping[tuple[str, str], _OpenBox], ids: Ids) -> None:
        self._polls, self._boxes, self._ids = polls, boxes, ids
        self.remembered: dict[tuple[str, str], Values] = {}

    def one(self, tx: Transaction, vote: Vote) -> Done | Refused:
        """Cast one vote, or say why not."""
        try:
            if vote.once and (earlier := self.remembered.get(vote.once.key) or tx.fetched(VoteAnswer, *vote.once.key)):
                return vote.once.recalled(earlier)
            receipt = self._cast(tx, vote)
        except Refused as refusal:
            return refusal
        if vote.once:
            self.remembered[vote.once.key] = vote.once.remembered(receipt)
        return done(receipt)

    def _cast(self, tx: Transaction, vote: Vote) -> str | None:
        poll = self._polls[vote.day, vote.poll]
        if vote.withdrawn:
            rules.withdraw_vote(poll, vote.region)
            self._boxes[vote.day, vote.poll].take_out(tx, vote)
            return None
        if vote.people < 1:
            raise Refused(
                "screen.nobody_left", _("Alla vid skärmen svarar med egen telefon, så det finns ingen kvar som skärmen svarar för.")
            )
        if vote.hands:
            answer = rules.raise_hands(poll, vote.answer, vote.region, vote.people)
        else:
            answer = rules.cast_vote(poll, vote.answer, vote.region)
        return self._boxes[vote.day, vote.poll].put(tx, vote, answer, self._ids)


class _OpenBox:
    """One open box during one group."""

    def __init__(self, poll: Poll, count: Count, box: Box) -> None:
        self.name = box_of(poll.day, poll.poll, poll.round)
        self.question: Question = rules.question_of(poll)
        self._poll, self._count, self._box = poll, count, box
        self._merging = Sorting.read(poll.sorting).into
        self._now, self._shown = (tally.Tally.read(text) for text in (count.now, count.shown))
        self._keys: dict[str, bytes] = {}
        self._written, self._waiting = kind_of(self.question).written, set(msgspec.json.decode(count.waiting))
        self._ballots: dict[bytes, Values | None] = {}  # what the group has put in, and None for what it has taken out

    @classmethod
    async def of(cls, tx: Transaction, poll: Poll, box: Box) -> _OpenBox:
        """As it stands before the group."""
        return cls(poll, await tx.get(Count, poll.day, poll.poll, poll.round), box)

    def key(self, vote: Vote) -> bytes:
        """Under which the voter's ballot lies."""
        if vote.person not in self._keys:
            self._keys[vote.person] = self._box.pseudonym(self.name, vote.person)
        return self._keys[vote.person]

    def put(self, tx: Transaction, vote: Vote, answer: Any, ids: Ids) -> str:
        """The ballot of a person, new or in place of the earlier one; its receipt.

        Raises:
            Refused: ``poll.key_lost``: under a second key a person would have a second ballot.
        """
        self._must_have_its_key()
        key = self.key(vote)
        earlier = self._lies(tx, key)
        receipt = str(earlier["receipt"]) if earlier else ids.secret(RECEIPT_BYTES)
        about = self._box.sealed(self.name, key, About(vote.region, vote.affiliation, vote.people))
        without = self._without(earlier)
        self._ballots[key] = {
            "box": self.name,
            "key": key,
            "receipt": receipt,
            "answer": msgspec.json.encode(answer).decode(),
            "about": about,
        }
        self._wait(key)
        self._become(without.plus(self.question, answer, vote.people, self._merging))
        return receipt

    def take_out(self, tx: Transaction, vote: Vote) -> None:
        """The ballot of a person, if there is one."""
        self._must_have_its_key()
        key = self.key(vote)
        if earlier := self._lies(tx, key):
            self._ballots[key] = None
            self._waiting.discard(key.hex())
            self._become(self._without(earlier))

    async def write(self, tx: Transaction) -> None:
        """Store what the group has come to."""
        if not self._ballots:
            return
        waiting = msgspec.json.encode(sorted(self._waiting)).decode()
        tx.put(self._count.model_copy(update={"now": self._now.written(), "shown": self._shown.written(), "waiting": waiting}))
        if self._poll.key_print is None:
            tx.put(self._poll.model_copy(update={"key_print": self._box.fingerprint(self.name)}))
        for key in [key for key, ballot in self._ballots.items() if ballot is None]:
            tx.drop(Ballot(box=self.name, key=key, receipt="", answer=""))
        await tx.put_many(Ballot, [ballot for ballot in self._ballots.values() if ballot])

    def _wait(self, key: bytes) -> None:
        """Let a new text wait until it is one of five."""
        if self._written:
            self._waiting.add(key.hex())
            if len(self._waiting) >= K:
                self._waiting.clear()

    def _lies(self, tx: Transaction, key: bytes) -> Values | None:
        return self._ballots[key] if key in self._ballots else tx.fetched(Ballot, self.name, key)

    @cached_property
    def _has_its_key(self) -> bool:
        return self._poll.key_print in (None, self._box.fingerprint(self.name))

    def _must_have_its_key(self) -> None:
        if not self._has_its_key:
            raise Refused("poll.key_lost", _("Omröstningens nyckel är borta, så inga fler röster kan tas emot. Moderatorn kan stänga den."))

    def _without(self, earlier: Values | None) -> tally.Tally:
        if not earlier:
            return self._now
        about = self._box.about(self.name, earlier["key"], earlier["about"])
        return self._now.minus(self.question, msgspec.json.decode(earlier["answer"]), about.people if about else 0, self._merging)

    def _become(self, now: tally.Tally) -> None:
        self._now, self._shown = now, tally.next_shown(self._shown, now)
