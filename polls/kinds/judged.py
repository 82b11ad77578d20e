"""Kinds in which one judges on steps: a scale, a scale of several statements, and a matrix of benefit and effort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conference.core.disclosure import K
from polls.kinds.agreement import agreement
from polls.kinds.kind import DONT_KNOW, STEPS, Columns, Given, Kind, an_object, can_be_cells, empty, first, is_whole, tidy, whole, wrong
from polls.kinds.question import Answer, Option, Question


class Scale(Kind):
    """A step from 1 to ``steps``; ``null`` for "Vet ej" where it is offered."""

    def fits(self, question: Question) -> bool:
        """As many steps as can be told apart."""
        return question.steps in STEPS

    def check(self, question: Question, answer: Any) -> Answer:
        """A whole number on the scale."""
        if answer is None and question.dont_know:
            return None
        if answer in ("", None):
            raise empty()
        if not is_whole(answer, 1, question.steps):
            raise wrong()
        return answer

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in its step."""
        return {DONT_KNOW if answer is None else str(answer): 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """All steps, and the way out."""
        steps = tuple(str(step) for step in range(1, question.steps + 1))
        return (*steps, DONT_KNOW) if question.dont_know else steps

    def read(self, given: Given) -> Any:
        """The step that is ticked."""
        return _step(first(given))


class Statements(Scale):
    """Several statements on one scale: ``{statement: step}``, ``null`` for "Vet ej"; some may be left out."""

    def fits(self, question: Question) -> bool:
        """Statements to judge, on a scale."""
        return super().fits(question) and can_be_cells(question.statements)

    def check(self, question: Question, answer: Any) -> Answer:
        """A step, or the way out, for at least one statement."""
        judged = an_object(answer, question.statements)
        if any(step is None and not question.dont_know for step in judged.values()):
            raise wrong()
        return {one: super(Statements, self).check(question, step) for one, step in judged.items()}

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in the step of each statement."""
        return {f"{one}:{cell}": 1 for one, step in answer.items() for cell in super(Statements, self).weigh(question, step)}

    def cells(self, question: Question) -> tuple[str, ...]:
        """All steps of all statements."""
        return tuple(cell for columns in self.columns(question) for cell in columns.cells)

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """A table for each statement, which is a question of its own to those who want to work something out."""
        steps = super().cells(question)
        return tuple(Columns(tuple(f"{one.id}:{step}" for step in steps)) for one in question.statements)

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """Each statement's mean, without those who do not know; and which one people agree about most, and least."""
        return {"rows": [_judged(question, one, counts) for one in question.statements], **ends_of(question, counts)}

    def read(self, given: Given) -> Any:
        """The step that is ticked for each statement."""
        return {part: _step(first(given, part)) for part in given if first(given, part)}


class Matrix(Kind):
    """Where each option lies by benefit and effort: ``{option: [benefit, effort]}``; some may be left out."""

    def fits(self, question: Question) -> bool:
        """Something to place, and steps and sides to place it by."""
        return question.steps in STEPS and question.axes is not None and can_be_cells(placed(question))

    def check(self, question: Question, answer: Any) -> Answer:
        """Two steps for at least one option."""
        places = an_object(answer, placed(question))
        for place in places.values():
            if not isinstance(place, list) or len(place) != 2 or not all(is_whole(step, 1, question.steps) for step in place):
                raise wrong()
        return places

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in the field of each option."""
        return {f"{one}:{benefit}:{effort}": 1 for one, (benefit, effort) in answer.items()}

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """The fields in which something lies; the empty ones are many."""
        fields = range(1, question.steps + 1)
        names = (f"{one.id}:{benefit}:{effort}" for one in placed(question) for benefit in fields for effort in fields)
        return {name: counts[name] for name in names if counts.get(name)}

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """The middle of each option, with how many placed it."""
        return {"rows": [_middle(question, one, counts) for one in placed(question)]}

    def read(self, given: Given) -> Any:
        """Two steps an option, under ``<option>.y`` for benefit and ``<option>.x`` for effort."""
        names = dict.fromkeys(part.rpartition(".")[0] for part in given)
        places = {one: [whole(step) for side in ("y", "x") if (step := first(given, f"{one}.{side}"))] for one in names}
        return {one: place for one, place in places.items() if place}


def placed(question: Question) -> tuple[Option, ...]:
    """What is placed in a matrix."""
    return question.statements or question.options


def _step(text: str) -> Any:
    return None if text == DONT_KNOW else whole(text)


def _steps(question: Question, one: Option, counts: Mapping[str, int]) -> dict[int, int]:
    """How many put the statement on each step."""
    return {step: counts.get(f"{one.id}:{step}", 0) for step in range(1, question.steps + 1)}


def _judged(question: Question, one: Option, counts: Mapping[str, int]) -> dict[str, Any]:
    steps = _steps(question, one, counts)
    n = sum(steps.values())
    mean = sum(step * count for step, count in steps.items()) / n if n else None
    away = {"dont_know": counts.get(f"{one.id}:{DONT_KNOW}", 0)} if question.dont_know else {}
    return {"statement": one.id, "n": n, "mean": None if mean is None else tidy(mean), **away}


def ends_of(question: Question, counts: Mapping[str, int | None]) -> dict[str, str]:
    """The statements that people agree about most and least, ``{agreed, divided}``, by van der Eijk's A: see `agreement`.

    Nothing where fewer than two statements can be told of: those that five have judged, with no step of them withheld.
    """
    each = {one.id: [counts.get(f"{one.id}:{step}", 0) for step in range(1, question.steps + 1)] for one in question.statements}
    open_ = {one: [count for count in steps if count is not None] for one, steps in each.items() if None not in steps}
    found = {one: measured for one, steps in open_.items() if sum(steps) >= K and (measured := agreement(steps)) is not None}
    if len(found) < 2:
        return {}
    agreed, divided = max(found, key=found.__getitem__), min(found, key=found.__getitem__)
    return {"agreed": agreed, "divided": divided} if found[agreed] != found[divided] else {}


def _middle(question: Question, one: Option, counts: Mapping[str, int]) -> dict[str, Any]:
    steps = range(1, question.steps + 1)
    fields = {(benefit, effort): counts.get(f"{one.id}:{benefit}:{effort}", 0) for benefit in steps for effort in steps}
    n = sum(fields.values())
    if not n:
        return {"option": one.id, "n": 0, "benefit": None, "effort": None}
    benefit, effort = (sum(field[side] * count for field, count in fields.items()) / n for side in (0, 1))
    return {"option": one.id, "n": n, "benefit": tidy(benefit), "effort": tidy(effort)}
