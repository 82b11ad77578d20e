"""The waves of a follow-up beside each other. Pure: what the report shows of surveys, to what may be compared in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conference.core.disclosure import apart
from conference.core.faces import Data


def beside(surveys: Iterable[Data]) -> list[Data]:
    """Every question that has a headline, with each wave that asked it: ``{question, title, title_en, waves}``.

    A wave is ``{months, preliminary, mailed, share, breaks, change, carried}``: ``share`` as in `polls.surveys.results.asked`, ``breaks``
    when its words are others than before, ``change`` in whole percentage points since the wave before it, ``carried`` whether the
    answers carry that change. Nothing is compared over a break, nor with a wave that still is open.
    """
    found: dict[str, list[tuple[Data, Data]]] = {}
    for survey in sorted((one for one in surveys if one["months"]), key=lambda one: int(one["months"])):
        for question in survey["questions"]:
            if "top2" in question or "share" in question:
                found.setdefault(question["question"], []).append((survey, question))
    return [_question(asked) for asked in found.values()]


def _question(asked: list[tuple[Data, Data]]) -> Data:
    waves: list[Data] = []
    before: tuple[Data, Data] | None = None
    for survey, question in asked:
        about = {"months": survey["months"], "preliminary": survey["preliminary"], "mailed": survey["mailed"]}
        waves.append({**about, "share": _share(question), **_since(before, (survey, question))})
        before = survey, question
    last = asked[-1][1]
    return {"question": last["question"], "title": last["title"], "title_en": last["title_en"], "waves": waves}


def _since(before: tuple[Data, Data] | None, now: tuple[Data, Data]) -> Data:
    none: Data = {"breaks": False, "change": None, "carried": False}
    if before is None:
        return none
    if _wording(before[1]) != _wording(now[1]):
        return {**none, "breaks": True}
    was, is_ = _share(before[1]), _share(now[1])
    if before[0]["preliminary"] or now[0]["preliminary"] or was["percent"] is None or is_["percent"] is None:
        return none
    return {**none, "change": is_["percent"] - was["percent"], "carried": apart(was["between"], is_["between"])}


def _share(question: Data) -> Data:
    found: Data = question.get("top2") or question["share"]
    return found


def _wording(question: Data) -> tuple[Any, ...]:
    return question["version"], question["title"], tuple((row["option"], row["text"]) for row in question["rows"])
