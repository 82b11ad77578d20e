"""How simulated people answer: by the leanings that a kit gives, so that the figures of a demo hang together. Pure, with dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from web.crowd.script import Question, Script

YES_NO: Final = {"ja": "yes", "nej": "no", "avstar": "abstain"}  # a kit speaks Swedish, the protocol does not
POINTS: Final = 100
TEXT_LONGEST: Final = 500
WORD_LONGEST: Final = 30
ANSWERED: Final = 0.95  # of the questions of a form that need only a tick
WRITTEN: Final = 0.4  # of those to be answered in one's own words
BENEFIT_EFFORT: Final = ("y", "x")  # the axes of a matrix, in the order of the answer
COMMONER: Final = 2.0  # a word with three ways of writing it is nine times as common as one with one
SPELLED_RIGHT: Final = 0.8
CHOSEN_MOST: Final = 3  # options, words: nobody ticks everything

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question as it stands in the state, and how people lean in it.

    Attributes:
        alone: options that cannot be chosen together with others.
    """

    kind: str
    leaning: Object
    options: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    most: int = 1
    steps: int = 0
    way_out: bool = False
    alone: tuple[str, ...] = ()

    @classmethod
    def of(cls, poll: Object, script: Script) -> Self:
        """From a poll."""
        name = str(poll["poll"])
        return cls(
            kind=str(poll["kind"]),
            leaning=script.leaning(name),
            options=tuple(str(option["option"]) for option in poll.get("options") or ()),
            statements=tuple(str(one["statement"]) for one in poll.get("statements") or ()),
            most=int(poll.get("most") or 1),
            steps=int(poll.get("steps") or 0),
            way_out=bool(poll.get("dont_know")),
            alone=script.alone(name),
        )


class Mind:
    """What one guest thinks.

    Args:
        affiliation: ``region`` or ``kommun``, which see some things differently.
    """

    def __init__(self, script: Script, affiliation: str, dice: random.Random) -> None:
        self._script, self._affiliation, self._dice = script, affiliation, dice
        self._ways: dict[str, Callable[[Asked], Any]] = {
            "choice": self._choose,
            "quiz": self._choose,
            "yesno": self._yes_or_no,
            "scale": self._scale,
            "ranking": self._rank,
            "points": self._share,
            "number": self._number,
            "matrix": self._place,
            "words": self._words,
            "text": self._text,
            "ideas": self._text,
        }

    def answer(self, poll: Object) -> Any:
        """An answer to a poll as it stands in the state; ``None`` for a kind that nobody here knows."""
        asked = Asked.of(poll, self._script)
        way = self._ways.get(asked.kind)
        return way(asked) if way else None

    def survey(self, survey: str) -> dict[str, Any]:
        """A whole form: question -> answer; now and then one is left out. A survey about an item is called as its survey and the item."""
        given: dict[str, Any] = {}
        for question in self._script.surveys.get(survey.partition(".")[0], ()):
            answer = self._of_form(question)
            if answer not in (None, [], ""):
                given[question.id] = answer
        return given

    def _of_form(self, question: Question) -> Any:
        options = [option.id for option in question.options] or (self._script.goals if question.options_from == "goals" else ())
        if question.kind == "text":
            return self._own_words(question)
        if question.kind not in {"scale", "yesno", "choice"} or self._dice.random() > ANSWERED:
            return None
        spoken = tuple(YES_NO.get(one, one) if question.kind == "yesno" else one for one in options)
        leaning = self._script.leaning(question.id)
        return self._ways[question.kind](
            Asked(question.kind, leaning, spoken, most=question.most, steps=question.steps, alone=question.exclusive)
        )

    def _own_words(self, question: Question) -> str | None:
        texts = self._script.said.get(question.id, ())
        if not texts or self._dice.random() > WRITTEN:
            return None
        return self._dice.choice(texts)[: question.longest or TEXT_LONGEST]

    def _choose(self, asked: Asked) -> list[str]:
        weights, left, chosen = asked.leaning.get("weights"), list(asked.options), list[str]()
        for _nth in range(self._dice.randint(1, max(1, min(asked.most, len(left), CHOSEN_MOST)))):
            one = self._one_of(left, weights)
            if one in asked.alone:
                return chosen or [one]
            chosen.append(one)
            left.remove(one)
        return chosen

    def _one_of(self, options: Sequence[str], weights: Object | None) -> str:
        given = [max(float(weights.get(option, 0)), 0.0) for option in options] if weights else []
        return self._dice.choices(options, given if any(given) else None)[0]

    def _yes_or_no(self, asked: Asked) -> str:
        weights = asked.leaning.get("weights") or {}
        return self._one_of(asked.options or tuple(YES_NO.values()), {YES_NO.get(name, name): weight for name, weight in weights.items()})

    def _scale(self, asked: Asked) -> Any:
        if asked.statements:
            return {one: self._step(one, asked) for one in asked.statements}
        weights = asked.leaning.get("weights")
        given = weights if weights and len(weights) == asked.steps else [1 + min(step, 4) ** 2 for step in range(asked.steps)]
        return self._dice.choices(range(1, asked.steps + 1), given)[0]

    def _step(self, statement: str, asked: Asked) -> int | None:
        leaning = asked.leaning
        if asked.way_out and self._dice.random() < float(leaning.get("dont_know", 0)):
            return None
        mean = (leaning.get("mean") or {}).get(self._affiliation, {}).get(statement, 3.0)
        return _within(self._dice.gauss(mean, float(leaning.get("spread", 1))), 1, asked.steps)

    def _rank(self, asked: Asked) -> list[str]:
        left, ranked = list(asked.options), list[str]()
        for _place in range(self._dice.randint(min(2, len(left)), len(left))):
            ranked.append(self._one_of(left, asked.leaning.get("first_place")))
            left.remove(ranked[-1])
        return ranked

    def _share(self, asked: Asked) -> dict[str, int]:
        means = asked.leaning.get("mean") or {}
        wished = {one: max(self._dice.gauss(float(means.get(one, 20)), 8), 0.0) for one in asked.options}
        whole = sum(wished.values()) or 1.0
        shared = {one: int(POINTS * wish / whole / 5) * 5 for one, wish in wished.items()}
        return {one: points for one, points in shared.items() if points}

    def _number(self, asked: Asked) -> int:
        median, low, high = (float(asked.leaning.get(name, other)) for name, other in (("median", 30), ("low", 0), ("high", 120)))
        return _within(5 * round(self._dice.lognormvariate(0, 0.5) * median / 5), int(low), int(high))  # people guess in fives

    def _place(self, asked: Asked) -> dict[str, list[int]]:
        spread, means, steps = float(asked.leaning.get("spread", 1)), asked.leaning.get("mean") or {}, asked.steps or 5
        return {
            one: [_within(self._dice.gauss(float(means.get(one, {}).get(axis, 3)), spread), 1, steps) for axis in BENEFIT_EFFORT]
            for one in asked.statements or asked.options
        }

    def _words(self, asked: Asked) -> list[str]:
        """Common words much more often than rare ones, mostly spelled right: else no word of a small audience is said five times."""
        words = self._script.words or {"tillsammans": ("tillsammans",)}
        given: dict[str, str] = {}
        for _nth in range(self._dice.randint(1, max(1, min(asked.most, CHOSEN_MOST)))):
            word = self._dice.choices(list(words), [len(ways) ** COMMONER for ways in words.values()])[0]
            given.setdefault(word, word if self._dice.random() < SPELLED_RIGHT else self._dice.choice(words[word]))
        return [word for word in given.values() if len(word) <= WORD_LONGEST]

    def _text(self, asked: Asked) -> str:
        said = self._script.said.get(str(asked.leaning.get("from", "greetings")), ())
        return self._dice.choice(said or ("Fortsätt fråga oss.",))[:TEXT_LONGEST]


def _within(value: float, low: int, high: int) -> int:
    return min(max(round(value), low), high)
