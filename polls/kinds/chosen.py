"""Kinds in which one chooses: one or several options, yes or no, and the right answer of a quiz."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conference.core.errors import Refused, _
from polls.kinds.kind import Columns, Given, Kind, a_list, can_be_cells, empty, wrong
from polls.kinds.question import Answer, Question

RIGHT = "is:right"  # the cell in which a quiz counts those who had the right answer


class Choice(Kind):
    """One of the options, or several up to ``most``: a list of option ids."""

    def fits(self, question: Question) -> bool:
        """Two options or more, of which at least one may be chosen."""
        ids = {option.id for option in question.options}
        return 2 <= len(question.options) == len(ids) and question.most >= 1

    def check(self, question: Question, answer: Any) -> Answer:
        """Each option at most once, all of them of this question."""
        chosen = a_list(answer)
        known = {option.id for option in question.options}
        if any(not isinstance(one, str) or one not in known for one in chosen) or len(set(chosen)) < len(chosen):
            raise wrong()
        if len(chosen) > question.most:
            raise Refused("answer.too_many", _("Välj högst %(most)d."), most=question.most)
        if len(chosen) > 1 and set(chosen) & set(question.exclusive):
            raise wrong()
        return [option.id for option in question.options if option.id in chosen]

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in each chosen option."""
        return dict.fromkeys(answer, 1)

    def cells(self, question: Question) -> tuple[str, ...]:
        """All options."""
        return tuple(option.id for option in question.options)

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """The options; an answer may hold several."""
        return (Columns(self.cells(question), max(question.most, 1)),)

    def read(self, given: Given) -> Any:
        """All that is ticked."""
        return list(given.get("", ()))


class Quiz(Choice):
    """A choice of which some options together are right. Who had it right is counted and never named."""

    def fits(self, question: Question) -> bool:
        """Besides options, a right answer that can be given."""
        ids = {option.id for option in question.options}
        some = 1 <= len(question.right) <= question.most and set(question.right) <= ids
        return super().fits(question) and can_be_cells(question.options) and some

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in each chosen option, and one among those who had it right."""
        right = {RIGHT: 1} if set(answer) == set(question.right) else {}
        return {**super().weigh(question, answer), **right}

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """How many had it right is told after the close: before that it would tell what is right."""
        shown = super().seen(question, counts, closed=closed)
        return {**shown, RIGHT: counts.get(RIGHT, 0)} if closed else shown

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """After the close what is right and why."""
        if not closed:
            return {}
        explanation = {"explanation": question.explanation, "explanation_en": question.explanation_en or question.explanation}
        return {"right": list(question.right), **explanation}


class YesNo(Kind):
    """``yes``, ``no`` or, where it is offered, ``abstain``."""

    def check(self, question: Question, answer: Any) -> Answer:
        """One of the words offered."""
        if answer in ("", None):
            raise empty()
        if not isinstance(answer, str) or answer not in self.cells(question):
            raise wrong()
        return answer

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in its word."""
        return {answer: 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """The words offered."""
        return tuple(option.id for option in question.options)
