"""What people wrote to a poll in their own words, as a moderator has sorted it. The words themselves stay in the ballots.

While the poll is open new texts come to the moderator five at a time, so that none can be tied to somebody who was seen writing. A text's
id is then a hash of its ballot's key and its words: a changed answer is another text, of which nothing was said.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import K
from conference.core.faces import Data
from polls import rules
from polls.ballots import box_of
from polls.kinds import Question
from polls.sorting import Sorting, Standing, holds
from polls.tables import Ballot, Count, Poll, SortedText

ID_LETTERS: Final = 16  # of a ballot's key, which is random since the close


@dataclass(frozen=True)
class Written:
    """One text.

    Attributes:
        id: of the text within its poll; leads to nobody.
        standing: through, on the screen; held, waiting; or removed.
        theme: the group that a moderator put it in, by its name; empty when it is in none.
        told: in the report and the files: not what a moderator removed or holds, nor what has a held word in it. A text of which nothing
            was said is told, though it is not on the screen.
    """

    id: str
    text: str
    standing: Standing
    theme: str
    told: bool


def texts_of(ballot: bytes, answer: str, *, still_open: bool = False) -> dict[str, str]:
    """The texts of a ballot by their ids; one who may write several ideas has several."""
    said = msgspec.json.decode(answer)
    name = (hashlib.sha256(ballot + answer.encode()).hexdigest() if still_open else ballot.hex())[:ID_LETTERS]
    return {f"{name}.{n}": one for n, one in enumerate(said)} if isinstance(said, list) else {name: said}


def renamed(before: Sequence[tuple[bytes, str]], after: Sequence[tuple[bytes, str]]) -> dict[str, str]:
    """What the texts of a box that closes are called from now on: id while it was open -> id.

    Args:
        before, after: key and answer of the same ballots, in the same order.
    """
    pairs = zip(before, after, strict=True)
    return {old: new for one, other in pairs for old, new in zip(texts_of(*one, still_open=True), texts_of(*other), strict=True)}


def written(
    question: Question, held: Sequence[str], ballots: Sequence[tuple[bytes, str]], rows: Sequence[SortedText], *, still_open: bool = False
) -> list[Written]:
    """The texts of *ballots* in an order that tells nothing; none of fewer than five ballots.

    Ideas are shown unless they have one of the *held* words in them; texts wait for a moderator.
    """
    if len(ballots) < K:
        return []
    said = {row.text: row for row in rows}
    usual: Standing = "through" if question.kind == "ideas" else "held"
    found: list[Written] = []
    texts = (one for key, answer in ballots for one in texts_of(key, answer, still_open=still_open).items())
    for name, text in sorted(texts):  # keys, and hashes of them, are in the order of nothing
        row = said.get(name)
        judged = row.standing if row and row.standing else ("held" if holds(held, text) else "")
        found.append(Written(name, text, _standing(judged or usual), row.theme if row else "", told=judged in ("", "through")))
    return found


def _standing(said: str) -> Standing:
    return said if said in ("through", "removed") else "held"  # type: ignore[return-value]  # mypy does not narrow by `in`


def themes(all_: Sequence[Written]) -> list[Data]:
    """The themes with how many texts are in each, the largest first: ``{theme, n}``; what was removed is in none."""
    many = Counter(one.theme for one in all_ if one.theme and one.standing != "removed")
    return [{"theme": theme, "n": n} for theme, n in sorted(many.items(), key=lambda item: (-item[1], item[0]))]


def on_screen(all_: Sequence[Written]) -> list[str]:
    """The texts that are shown one by one: let through, and in no theme."""
    return [one.text for one in all_ if one.standing == "through" and not one.theme]


def readable(count: Count | None, ballots: Sequence[tuple[bytes, str]]) -> list[tuple[bytes, str]]:
    """The ballots whose texts may be read now."""
    waiting = set(msgspec.json.decode(count.waiting)) if count else set()
    return [(key, answer) for key, answer in ballots if key.hex() not in waiting]


async def of_round(session: AsyncSession, poll: Poll, round_: int) -> list[Written]:
    """The texts of one round."""
    box, still_open = box_of(poll.day, poll.poll, round_), poll.voting == "open" and round_ == poll.round
    count = await session.get(Count, (poll.day, poll.poll, round_))
    found = (await session.exec(select(Ballot.key, Ballot.answer).where(Ballot.box == box))).all()
    ballots = readable(count, [(key, answer) for key, answer in found])
    rows = (await session.exec(select(SortedText).where(SortedText.day == poll.day, col(SortedText.poll) == poll.poll))).all()
    return written(rules.question_of(poll), Sorting.read(poll.sorting).held, ballots, rows, still_open=still_open)
