"""What a moderator sees who sorts what people wrote. It is no result: rare words stand here too, as nobody could merge them otherwise."""

from __future__ import annotations

from collections import Counter

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import K
from conference.core.faces import Data
from polls import rules, texts
from polls.kinds import kind_of
from polls.sorting import Sorting
from polls.tables import Count, Poll
from polls.tally import Tally


async def words(session: AsyncSession, poll: Poll) -> list[Data]:
    """Every word of a poll's last round, the commonest first: ``{word, n, why, into, spellings}``; none of fewer than five answers.

    ``why`` is why it is in no result (held, removed, stop, rare), or ``None``; ``into`` what it counts as; ``spellings`` what counts as it.
    """
    count = await session.get(Count, (poll.day, poll.poll, poll.round))
    total = Tally.read(count.shown) if count else Tally()
    if total.n < K:
        return []
    question, sorting = rules.question_of(poll), Sorting.read(poll.sorting)
    said = {word: sorting.into.get(word, word) for word in (*kind_of(question).cells(question), *total.counts)}
    many = Counter(said.values())
    rows = [
        {
            "word": word,
            "n": total.counts.get(word, 0),
            "all": total.merged.get(word) if word in sorting.into.values() else None,
            "into": None if into == word else into,
            "spellings": [one for one in sorting.spellings(word)[1:] if one in said] if many[word] else [],
            "why": sorting.hides(question, word)
            or ("rare" if kind_of(question).counts_words and total.merged.get(word, total.counts.get(word, 0)) < K else None),
        }
        for word, into in {**{into: into for into in said.values()}, **said}.items()
    ]
    return sorted(rows, key=lambda row: (-(row["all"] or row["n"]), row["word"]))


async def written(session: AsyncSession, poll: Poll) -> list[Data]:
    """Every text of a poll's last round, those that wait first: ``{id, text, standing, theme}``; none of fewer than five answers.

    While the poll is open new ones are there five at a time.
    """
    order = {"held": 0, "through": 1, "removed": 2}
    found = await texts.of_round(session, poll, poll.round) if poll.voting != "draft" else []
    rows = [{"id": one.id, "text": one.text, "standing": one.standing, "theme": one.theme} for one in found]
    return sorted(rows, key=lambda row: (bool(row["theme"]), order[row["standing"]], row["theme"], row["id"]))
