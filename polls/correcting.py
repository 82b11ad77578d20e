"""Mending a misspelling in a question that people have answered: what is a misspelling, and what would be another question. Pure.

The wording is frozen by the first vote. A correction may change some letters, and neither a number nor a word that turns a sentence round;
however often it is mended, it stays that near to the wording that was answered first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from conference.core.errors import Refused, _
from polls.askable import TITLE_MOST
from polls.events import PollCorrected
from polls.kinds import Question
from polls.rules import plain, question_of
from polls.tables import Poll

LETTERS_MOST = 4  # that may be other ones: two that changed places are two
LETTERS_EACH = 6  # in how many letters one of them may be; a word of three letters is another word when one is
REASON_MOST = 200  # characters
TURNING: Final = frozenset("aldrig ej icke inga ingen inget inte utan never no none nor not without don't won't can't isn't".split())  # noqa: SIM905  # a row of words
"""Words that turn a sentence round."""

PARTS: Final = ("title", "title_en", "help")


def wordings(question: Question) -> dict[str, str]:
    """Every wording of a question by its part: ``title``, ``title_en``, ``help``, ``option:<id>``, ``statement_en:<id>`` and so on."""
    found = {part: getattr(question, part) or "" for part in PARTS}
    for kind, listed in (("option", question.options), ("statement", question.statements)):
        for one in listed:
            found |= {f"{kind}:{one.id}": one.text, f"{kind}_en:{one.id}": one.text_en or ""}
    return {part: text for part, text in found.items() if text}


def correct(poll: Poll, part: str, text: str, reason: str, *, first: Mapping[str, str], at: datetime) -> PollCorrected:
    """Mend one wording of a poll.

    Args:
        part: as `wordings` names it.
        reason: why, for the report.
        first: the wordings that were mended before, as they stood at first, by their parts.

    Raises:
        Refused: ``poll.draft``, ``poll.archived``, ``correction.no_such``, ``text.empty``, ``text.too_long``, ``reason.empty``,
            ``correction.same`` or ``correction.too_much``.
    """
    if not poll.round:
        raise Refused("poll.draft", _("Omröstningen har inte varit öppen än."))
    if poll.voting == "archived":
        raise Refused("poll.archived", _("Omröstningen är undanlagd."))
    question = question_of(poll)
    known = wordings(question)
    text, reason = mended(known, part, text, reason, first=first)
    about = {"day": poll.day, "poll": poll.poll, "scope": poll.scope}
    plainly = plain(put_right(question, part, text))
    return PollCorrected(**about, at=at, part=part, before=known[part], after=text, reason=reason, question=plainly)


def mended(known: Mapping[str, str], part: str, text: str, reason: str, *, first: Mapping[str, str]) -> tuple[str, str]:
    """How one of the *known* wordings shall stand from now on, and why, both tidied. Refused: as `correct` says of wordings."""
    text, reason = " ".join(text.split()), " ".join(reason.split())
    if part not in known:
        raise Refused("correction.no_such", _("Det finns ingen sådan text i frågan."))
    if not text:
        raise Refused("text.empty", _("Skriv hur det ska stå."))
    if not reason:
        raise Refused("reason.empty", _("Skriv varför det rättas."))
    if len(text) > TITLE_MOST or len(reason) > REASON_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=REASON_MOST if len(reason) > REASON_MOST else TITLE_MOST)
    before = known[part]
    if text == before:
        raise Refused("correction.same", _("Det står redan så."))
    siblings = {one.casefold() for name, one in known.items() if name != part and name.partition(":")[0] == part.partition(":")[0]}
    if not is_misspelling(first.get(part, before), text) or text.casefold() in siblings:
        raise Refused("correction.too_much", _("Det är mer än ett stavfel: frågan skulle bli en annan. Gör en ny fråga i stället."))
    return text, reason


def is_misspelling(before: str, after: str) -> bool:
    """Whether *after* says the same as *before* with some letters put right."""
    letters = min(LETTERS_MOST, len(before) // LETTERS_EACH)
    same_numbers = re.findall(r"\d+", before) == re.findall(r"\d+", after)
    turned = [[word for word in re.findall(r"[\w']+", text.casefold()) if word in TURNING] for text in (before, after)]
    return same_numbers and turned[0] == turned[1] and distance(before, after) <= letters


def distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed to come from one text to the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row[0] = row[0], place
        for column, opposite in enumerate(other, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (letter != opposite))
    return row[-1]


def put_right(question: Question, part: str, text: str) -> Question:
    """With another wording of one part, as `wordings` names it."""
    kind, _colon, name = part.partition(":")
    if kind in PARTS:
        return msgspec.structs.replace(question, **{kind: text})
    field = "text_en" if kind.endswith("_en") else "text"
    listed = "options" if kind.startswith("option") else "statements"
    mended = tuple(msgspec.structs.replace(one, **{field: text}) if one.id == name else one for one in getattr(question, listed))
    return msgspec.structs.replace(question, **{listed: mended})
