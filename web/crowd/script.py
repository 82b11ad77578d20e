"""What simulated people say and think: the chatter of a kit, beside the plan of its day. Read from files, never from the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import msgspec

SHORTEST_ITEM_S: Final = 60.0  # for a line of an item that the plan does not know


class Saying(msgspec.Struct, frozen=True):
    """One line of chat.

    Attributes:
        at_s: after the start of its item, in the plan.
        region: where its author belongs; ``None`` for staff.
        by: the name as it was when the line was said: ``Hemtjänstgrupp, 7 vid skärmen``.
    """

    id: str
    item: str
    at_s: float
    region: str | None
    by: str
    text: str
    affiliation: str | None = None
    people: int = 1
    staff: bool = False

    @property
    def kind(self) -> str:
        """Who says it, however many they are just then: ``Hemtjänstgrupp``."""
        return self.by.partition(",")[0]


class Asking(msgspec.Struct, frozen=True):
    """A question to the panel.

    Attributes:
        at_s: after the start of its item, in the plan.
        moderate: why it should not be let through, and what to do with it instead.
        same_as: another one that asks the same.
    """

    id: str
    item: str
    at_s: float
    text: str
    moderate: dict[str, str] | None = None
    same_as: str | None = None


class _Text(msgspec.Struct, frozen=True):
    text: str
    question: str = ""


class _Word(msgspec.Struct, frozen=True):
    answer: str
    merge_to: str


class _Words(msgspec.Struct, frozen=True):
    answers: tuple[_Word, ...] = ()


class _Texts(msgspec.Struct, frozen=True):
    answers: tuple[str, ...] = ()


class _Chatter(msgspec.Struct, frozen=True):
    chat: tuple[Saying, ...]
    leanings: dict[str, Any]
    free_text: tuple[_Text, ...] = ()
    words: _Words = _Words()
    ideas: _Texts = _Texts()
    greetings: _Texts = _Texts()
    questions: tuple[Asking, ...] = ()
    reasons: dict[str, str] = {}


class _Item(msgspec.Struct, frozen=True):
    id: str
    minutes: float


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Template(msgspec.Struct, frozen=True):
    items: tuple[_Item, ...] = ()


class _Day(msgspec.Struct, frozen=True):
    regions: tuple[_Named, ...]
    items: tuple[_Item, ...]
    goals: tuple[_Named, ...] = ()
    templates: tuple[_Template, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """A question of a survey, as far as one must know it to answer."""

    id: str
    kind: str
    options: tuple[_Named, ...] = ()
    options_from: str = ""
    most: int = 1
    steps: int = 0
    dont_know: str = ""
    longest: int = 0
    exclusive: tuple[str, ...] = ()


class _Survey(msgspec.Struct, frozen=True):
    id: str
    questions: tuple[Question, ...]


class _Evaluation(msgspec.Struct, frozen=True):
    surveys: tuple[_Survey, ...]


class _Poll(msgspec.Struct, frozen=True):
    id: str
    question: str


class _Polls(msgspec.Struct, frozen=True):
    questions: tuple[Question, ...]
    polls: tuple[_Poll, ...]


@dataclass(frozen=True)
class Script:
    """A kit's chatter.

    Attributes:
        regions: of the kit, in their order.
        planned_s: how long each item is in the plan.
        leanings: by poll or question of a survey: what makes simulated answers hang together.
        words: each with all the ways in which people write it; one with more ways is more common.
        said: texts by where they come from: ``ideas``, ``greetings``, or the question of a survey.
        surveys: their questions.
        goals: what ``options_from: goals`` stands for.
        questions: those of the polls, by poll: what the wire does not tell of them.
        asked: what is asked of the panel, and ``reasons`` why some of it is not taken up.
    """

    regions: tuple[str, ...]
    sayings: tuple[Saying, ...]
    planned_s: Mapping[str, float]
    leanings: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, tuple[str, ...]]
    said: Mapping[str, tuple[str, ...]]
    surveys: Mapping[str, tuple[Question, ...]]
    goals: tuple[str, ...]
    questions: Mapping[str, Question]
    asked: tuple[Asking, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, kit: Path) -> Self:
        """From a kit's folder.

        Raises:
            OSError, msgspec.ValidationError: the files are not there, or not those of a kit.
        """
        chatter = msgspec.json.decode((kit / "chatter.json").read_bytes(), type=_Chatter)
        day = msgspec.json.decode((kit / "day.json").read_bytes(), type=_Day)
        evaluation = msgspec.json.decode((kit / "evaluation.json").read_bytes(), type=_Evaluation)
        polls = msgspec.json.decode((kit / "polls.json").read_bytes(), type=_Polls)
        asked = {question.id: question for question in polls.questions}
        items = [*day.items, *(item for template in day.templates for item in template.items)]
        return cls(
            regions=tuple(region.id for region in day.regions),
            sayings=chatter.chat,
            planned_s={item.id: item.minutes * 60 for item in items},
            leanings={name: value for name, value in chatter.leanings.items() if isinstance(value, dict)},
            words=_words(chatter),
            said=_said(chatter),
            surveys={survey.id: survey.questions for survey in evaluation.surveys},
            goals=tuple(goal.id for goal in day.goals),
            questions={poll.id: asked[poll.question] for poll in polls.polls if poll.question in asked},
            asked=chatter.questions,
            reasons=chatter.reasons,
        )

    @classmethod
    def blank(cls) -> Self:
        """Nobody says anything, and nobody leans anywhere."""
        return cls((), (), {}, {}, {}, {}, {}, (), {})

    def asking(self, text: str) -> Asking | None:
        """The question of these words."""
        return next((one for one in self.asked if one.text == text), None)

    def reason(self, asking: Asking) -> str:
        """Why it is not taken up, in words."""
        return self.reasons.get((asking.moderate or {}).get("reason", ""), "Hör inte till panelen")

    def part(self, saying: Saying | Asking) -> float:
        """When a line is said, as a part of its item: 0 at its start, below 1."""
        return min(saying.at_s / max(self.planned_s.get(saying.item, 0.0), SHORTEST_ITEM_S), 0.95)

    def leaning(self, poll: str) -> Mapping[str, Any]:
        """How people lean in a poll; a region's own copy of one, ``p-glapp.r-norrvik``, has the leaning of the poll."""
        return self.leanings.get(original(poll), {})

    def alone(self, poll: str) -> tuple[str, ...]:
        """The options of a poll that cannot be chosen together with others."""
        question = self.questions.get(original(poll))
        return question.exclusive if question else ()


def original(name: str) -> str:
    """What a poll or item of a region is a copy of: ``p-glapp.r-norrvik`` of ``p-glapp``, ``i-r1-film@r-norrvik`` of ``i-r1-film``."""
    return name.partition(".")[0].partition("@")[0]


def _words(chatter: _Chatter) -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for word in chatter.words.answers:
        words[word.merge_to] = (*words.get(word.merge_to, ()), word.answer)
    return words


def _said(chatter: _Chatter) -> dict[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {
        "ideas": chatter.ideas.answers,
        "greetings": chatter.greetings.answers,
    }
    for text in chatter.free_text:
        said[text.question] = (*said.get(text.question, ()), text.text)
    return said
