"""Needs out of a table, and out of what people answered: the options and words of a closed poll, or of a question of a survey.

Only what may be shown is taken: whole counts of options, words that five have written, and ideas, which are asked for to be gone on with.
Free texts stay where they are: a need is kept longer than an answer, and not everybody has let theirs be quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from conference.followup import reading
from polls import results as polls
from polls.surveys import results as surveys

COUNTED: Final = frozenset({"choice", "words"})
IDEAS: Final = "ideas"
TAKEN_MOST: Final = 200  # answers of one question; more are to be read first
LONG_MOST: Final = 300  # characters of a need


@dataclass(frozen=True)
class Answered:
    """A question with answers that can be taken as needs.

    Attributes:
        origin: what the needs say of where they come from: ``poll:p-ord``, ``survey:s-deltagare/helheten``.
        n: how many answered.
    """

    origin: str
    title: str
    title_en: str
    n: int
    answers: tuple[tuple[str, int], ...]

    def needs(self) -> list[Data]:
        """As `followup.take_needs` takes them."""
        return [{"statement": text, "source": self.title[:120], "weight": count} for text, count in self.answers]


async def answered(session: AsyncSession, day: str) -> list[Answered]:
    """Every question of the day that is closed and can be taken, polls first."""
    found = [_poll(poll) for poll in await polls.asked(session, day)]
    found += [one for survey in await surveys.asked(session, day) for one in _survey(survey)]
    return [one for one in found if one is not None and one.answers]


def from_table(text: str, goals: Iterable[Mapping[str, Any]]) -> list[Data]:
    """The needs of a table, as `followup.take_needs` takes them.

    Args:
        goals: the day's; one is called by its id or its title, in either language.

    Raises:
        Refused: ``import.…``.
    """
    names: dict[str, str] = {}
    for goal in goals:
        names |= {str(called).casefold(): str(goal["id"]) for called in (goal["id"], goal["title"], goal.get("title_en") or goal["id"])}
    told = reading.needs(text, names)
    return [{**{name: getattr(one, name) for name in ("statement", "source", "theme", "weight")}, "goals": list(one.goals)} for one in told]


def read(content: bytes) -> str:
    """A file of text: UTF-8, as our own files are written in, or else what Excel in Sweden writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _poll(poll: Data) -> Answered | None:
    last = poll["rounds"][-1]
    if last["open"]:
        return None
    return _of(f"poll:{poll['poll']}", poll, last)


def _survey(survey: Data) -> Iterator[Answered | None]:
    if not survey["preliminary"]:
        yield from (_of(f"survey:{survey['survey']}/{question['question']}", question, question) for question in survey["questions"])


def _of(origin: str, question: Data, result: Data) -> Answered | None:
    kind = question["kind"]
    ideas = [one if isinstance(one, dict) else {"text": one} for one in result["texts"]]  # a survey quotes, a poll tells more of each
    told: list[Any] = result["rows"] if kind in COUNTED else ideas if kind == IDEAS else []
    answers = [(str(one["text"])[:LONG_MOST], int(one.get("count", 1) or 0)) for one in told]
    some = tuple((text, count) for text, count in answers if text.strip() and count)[:TAKEN_MOST]
    return Answered(origin, question["title"], question["title_en"], result["n"], some)
