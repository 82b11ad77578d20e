"""Kinds in which people write: a few words that are counted, a text, an idea."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from conference.core.disclosure import frequent
from conference.core.errors import Refused, _
from polls.kinds.kind import Given, Kind, a_list, empty, wrong
from polls.kinds.question import Answer, Question

WORD_MOST = 30  # characters; "kommunikationssvårigheter" has 25
TEXT_MOST = 1_000  # characters
IDEAS_MOST = 5  # each


class Words(Kind):
    """A few words, each counted by itself whatever its capitals: a list of texts."""

    counts_words: ClassVar[bool] = True
    merges: ClassVar[bool] = True

    def check(self, question: Question, answer: Any) -> Answer:
        """Words as they were written, without the space around them."""
        given = [" ".join(word.split()) if isinstance(word, str) else None for word in a_list(answer)]
        words = [word for word in given if word]
        if None in given or len({same_word(word) for word in words}) < len(words):
            raise wrong()
        if not words:
            raise empty()
        if len(words) > question.most:
            raise Refused("answer.too_many", _("Skriv högst %(most)d ord."), most=question.most)
        longest = min(question.longest or WORD_MOST, WORD_MOST)
        if any(len(word) > longest for word in words):
            raise Refused("text.too_long", _("Ett ord får ha högst %(most)d tecken."), most=longest)
        return words

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in each word."""
        return {same_word(word): 1 for word in answer}

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """The words of the answers, but for rare ones."""
        return frequent(counts)

    def read(self, given: Given) -> Any:
        """All that is filled in."""
        return list(given.get("", ()))


class Text(Kind):
    """An answer in one's own words. Counted, never cut to a top list; the texts stay in the ballots."""

    written: ClassVar[bool] = True

    def check(self, question: Question, answer: Any) -> Answer:
        """The text without the space around it."""
        if not isinstance(answer, str):
            raise empty() if answer in (None, []) else wrong()
        text = answer.strip()
        if not text:
            raise empty()
        longest = min(question.longest or TEXT_MOST, TEXT_MOST)
        if len(text) > longest:
            raise Refused("text.too_long", _("Texten får ha högst %(most)d tecken."), most=longest)
        return text

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """In no cell."""
        return {}


class Ideas(Text):
    """An idea each, in a sentence: a text; where one may have several, a list of texts."""

    def fits(self, question: Question) -> bool:
        """No more ideas each than a form has room for."""
        return 1 <= question.ideas_each <= IDEAS_MOST

    def check(self, question: Question, answer: Any) -> Answer:
        """One idea as a text, several as a list; none twice."""
        if not isinstance(answer, list):
            return super().check(question, answer)
        if any(not isinstance(one, str) for one in answer) or (len(answer) > 1 and question.ideas_each == 1):
            raise wrong()
        ideas = [super(Ideas, self).check(question, one) for one in answer if one.strip()]
        if not ideas:
            raise empty()
        if len(ideas) > question.ideas_each:
            raise Refused("answer.too_many", _("Skriv högst %(most)d idéer."), most=question.ideas_each)
        if len({same_word(one) for one in ideas}) < len(ideas):
            raise wrong()
        return ideas if len(ideas) > 1 else ideas[0]

    def read(self, given: Given) -> Any:
        """All that is filled in."""
        return list(given.get("", ()))


def same_word(word: str) -> str:
    """The one form of a word, by which it is counted: without capitals, and with one space between its parts."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
