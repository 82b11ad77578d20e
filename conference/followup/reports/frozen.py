"""Figures of a moment, as they are kept for good: what is taken from the report of a day, and what is left out.

Only what stands in `KEEPS` is taken, so that a section that is added to the report one day does not bring a name into what is kept for
ever. What people wrote is left out but for answers that may be quoted; questions to the panel are counted and not repeated, for whoever
asked may be erased and a frozen report could not forget. Of announcements it is kept when there was one and for whom, not what it said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from conference.core.faces import Data
from conference.core.sheets import Said
from conference.followup.reports import measures


def _whole(value: Any) -> Any:
    return value


def _polls(polls: list[Data]) -> list[Data]:
    return [{**poll, "rounds": [{**one, "texts": [], "merged": []} for one in poll["rounds"]]} for poll in polls]


def _surveys(surveys: list[Data]) -> list[Data]:
    return [{**survey, "questions": [_question(one) for one in survey["questions"]]} for survey in surveys]


def _question(question: Data) -> Data:
    return {**question, "texts": [one if isinstance(one, dict) else {"text": one, "quote": True} for one in question["texts"]]}


def _questions(told: Data) -> Data:
    return {"asked": told["asked"], "ends": told["ends"]}


def _announcements(told: list[Data]) -> list[Data]:
    return [{name: one[name] for name in ("at", "to", "role")} for one in told]


KEEPS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "day": _whole,
    "programme": _whole,
    "attendance": _whole,
    "polls": _polls,
    "surveys": _surveys,
    "waves": _whole,
    "after_items": _whole,
    "later": _whole,
    "questions": _questions,
    "messages": _whole,
    "writers": _whole,
    "announcements": _announcements,
    "rooms": _whole,
    "captions": _whole,
    "followup": measures.kept,
}
"""Section of the report -> what is kept of it. A feature that shall stand in the report to the principal has a row here."""


def frozen(report: Mapping[str, Any]) -> str:
    """A report as it is kept: JSON, the same text for the same figures."""
    taken = {name: keep(report[name]) for name, keep in KEEPS.items() if name in report}
    return msgspec.json.encode(plain(taken), order="deterministic").decode()


def fingerprint(body: str) -> str:
    """By which anybody can see that two documents show the same figures."""
    return hashlib.sha256(body.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Without values that JSON would take apart."""
    match value:
        case Said():
            return value.said(str)
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return value
