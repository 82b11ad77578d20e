"""A show of hands: how many of those behind one screen are for each answer, as their host counts them.

It lies in the box where the screen's own answer would lie, under the same pseudonym, so a screen has one of the two and never both. It is
no answer of a screen and no weight: hands are counted beside the answers, with an n of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from conference.core.errors import Refused, _
from polls.kinds import Answer, Question, kind_of
from polls.kinds.kind import empty, is_whole, wrong

OFFERED: Final = frozenset({"choice", "yesno", "scale"})  # one puts up one's hand once; more than that is not counted in a room
_SIGN: Final = "hands"  # no answer of any kind holds an object in an object


def offered(question: Question) -> bool:
    """Whether hands can be counted: everybody has exactly one answer, and the answers are known beforehand."""
    return question.kind in OFFERED and not question.statements and (question.kind != "choice" or question.most == 1)


def checked(question: Question, hands: Mapping[str, Any], people: int) -> Answer:
    """The hands as they are stored: answer -> hands, those with none left out.

    Args:
        people: how many at the screen have no phone of their own paired with it, the host too, as they said themselves.

    Raises:
        Refused: ``hands.not_offered``, ``hands.one_person``, ``hands.too_many``, ``answer.empty`` or ``answer.wrong``.
    """
    if not offered(question):
        raise Refused("hands.not_offered", _("Den här frågan går inte att svara på med händer. Svara var och en, eller enas om ett svar."))
    if people < 2:
        raise Refused("hands.one_person", _("Händer räknas där två eller fler utan egen telefon ser på samma skärm."))
    cells = kind_of(question).cells(question)
    if not hands.keys() <= set(cells) or not all(is_whole(many, 0, 1_000_000) for many in hands.values()):
        raise wrong()
    raised = {cell: hands[cell] for cell in cells if hands.get(cell)}
    if not raised:
        raise empty()
    if sum(raised.values()) > people:
        raise Refused(
            "hands.too_many",
            _("Det kan inte bli fler än %(people)d händer: så många är ni vid skärmen, utom de med egen telefon."),
            people=people,
        )
    return {_SIGN: raised}


def raised(answer: Any) -> Mapping[str, int] | None:
    """The hands of what lies in a box; ``None`` when it is a screen's own answer."""
    hands = answer.get(_SIGN) if isinstance(answer, dict) else None
    return hands if isinstance(hands, dict) else None
