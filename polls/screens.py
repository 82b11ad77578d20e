"""What a group's screen has answered, when it comes to answer for fewer: a phone pairs with it, or somebody sets a lower number.

In each open box a screen has taken places for the hands it told, or one for its answer; the phones paired with it have one each. A screen
never has more places than it has people without a phone, so its people never come to more answers than they are.
"""

from __future__ import annotations

import msgspec
from sqlmodel import col

from conference.core.errors import Refused, _
from conference.core.rows import every
from conference.core.transaction import Transaction
from conference.people import pairing
from conference.people.tables import Person
from polls import tally
from polls.ballots import About, Box, box_of
from polls.hands import raised
from polls.rules import question_of
from polls.tables import Ballot, Count, Poll


class AtScreens:
    """Keeps the answers of screens within their people.

    Args:
        box: while a poll is open its key tells which ballot is the screen's.
    """

    def __init__(self, box: Box) -> None:
        self._box = box

    async def settle(self, tx: Transaction, screen: Person) -> None:
        """Let an answer of *screen* in every open poll stand for as many as are left at it.

        Args:
            screen: as it shall be.

        Raises:
            Refused: ``screen.answered``: hands were told for more, or all have phones now and an answer stands for nobody.
        """
        polls = await tx.every(Poll, col(Poll.day) == screen.day, col(Poll.voting) == "open", col(Poll.key_print).is_not(None))
        boxes = {box_of(poll.day, poll.poll, poll.round): poll for poll in polls}
        boxes = {name: poll for name, poll in boxes.items() if poll.key_print == self._box.fingerprint(name)}
        keys = {name: self._box.pseudonym(name, screen.person) for name in boxes}
        found = await tx.ask(every(Ballot).where(col(Ballot.box).in_(keys), col(Ballot.key).in_(keys.values()))) if keys else []
        ballots = [Ballot(**row) for row in found]
        left = pairing.rest(screen)
        for ballot in ballots:
            hands = raised(msgspec.json.decode(ballot.answer))
            if left < (1 if hands is None else sum(hands.values())):
                raise Refused(
                    "screen.answered",
                    _("Skärmens svar i en öppen omröstning gäller fler än så. Rätta det där, eller vänta tills omröstningen har stängt."),
                )
        for ballot in ballots:
            await self._reweigh(tx, boxes[ballot.box], ballot, left)

    async def _reweigh(self, tx: Transaction, poll: Poll, ballot: Ballot, people: int) -> None:
        """The ballot with *people* behind it, and the tally that follows."""
        count, question = await tx.get(Count, poll.day, poll.poll, poll.round), question_of(poll)
        answer = msgspec.json.decode(ballot.answer)
        about = self._box.about(ballot.box, ballot.key, ballot.about) or About(None, None, 0)
        now = tally.Tally.read(count.now).minus(question, answer, about.people).plus(question, answer, people)
        shown = tally.next_shown(tally.Tally.read(count.shown), now)
        tx.put(count.model_copy(update={"now": now.written(), "shown": shown.written()}))
        tx.put(ballot.model_copy(update={"about": self._box.sealed(ballot.box, ballot.key, about._replace(people=people))}))
