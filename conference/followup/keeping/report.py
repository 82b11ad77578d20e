"""The report of a day after its data has gone: what was counted from it is told as it was frozen before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.followup.keeping import views

COUNTED_FROM: Final = {
    "attendance": (Kept.PERSON,),
    "messages": (Kept.SPEECH,),
    "writers": (Kept.PERSON, Kept.SPEECH),
    "questions": (Kept.SPEECH,),
    "announcements": (Kept.SPEECH,),
    "rooms": (Kept.SPEECH,),
}
"""Section of the report -> the kinds of data whose rows it is counted from. Polls and surveys are told by their tallies, which stay, and
find what may be quoted, and their themes, by `views.figures_of`."""

LISTED_FROM: Final = {"attendance": Kept.PERSON, "chat": Kept.SPEECH, "questions": Kept.SPEECH}
"""File that one can take away -> the kind of data that it lists, and without which there is nothing to list."""


async def section(session: AsyncSession, day: str) -> dict[str, Any]:
    """The sections that cannot be counted any more, and ``disposed``: the protocols, oldest first. The last section of the report."""
    told: dict[str, Any] = {}
    for name, kinds in COUNTED_FROM.items():
        figures = await views.figures_of(session, day, *kinds) or {}
        if name in figures:
            told[name] = _again(name, figures[name])
    signed = [row.model_dump(include={"disposal", "kinds", "signed_at"}) for row in reversed(await views.disposals(session, day))]
    return {**told, "disposed": signed} if signed else told


def _questions(told: Any) -> Any:
    return {**told, "all": []}


def _announcements(told: Any) -> Any:
    return [{**one, "at": datetime.fromisoformat(one["at"]), "text": None} for one in told]


_AGAIN: Final[Mapping[str, Callable[[Any], Any]]] = {"questions": _questions, "announcements": _announcements}


def _again(name: str, told: Any) -> Any:
    """A section in the shape that its feature gives it; words that have gone are none."""
    return _AGAIN[name](told) if name in _AGAIN else told
