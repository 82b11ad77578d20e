"""Which questions a page holds, and in which order; pure, as rules are.

A day has hundreds of questions, and a state that held all of them would fit in no frame. It holds the first page of each order that a list
can have, and the last that were asked; the rest is fetched, a page at a time. Support moves questions in and out of pages without any
event, so which ones a page holds is a picture (`pile`): a client asks for those of it that it does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final, NamedTuple, TypeAlias

from chat.questions.rules import BACKABLE, no_such
from conference.core.errors import Refused, _

AT_ONCE: Final = 20  # questions on a page: more than one reads at once, and two lanes' pages fit into a frame beside all else
SEEN: Final = BACKABLE | {"answered", "written"}  # those that everybody who sees the panel's questions is shown


class Line(NamedTuple):
    """As much of a question as its place depends on."""

    question: str
    lane: str
    seq: int
    state: str
    public: bool
    into: str | None
    removed: bool
    backs: int
    against: int
    starred: bool
    asked_at: datetime
    taken_up_at: datetime | None


COLUMNS: Final = Line._fields


def stands(one: Line) -> bool:
    """Whether everybody who sees the panel's questions is shown it."""
    return one.public and one.state in SEEN and one.into is None and not one.removed


def _is_held(one: Line) -> bool:
    return one.state == "held" and one.into is None


def _is_open(one: Line) -> bool:
    return one.state in BACKABLE and one.into is None


PILES: Final[Mapping[str, Callable[[Line], bool]]] = {
    "standing": stands,
    "held": _is_held,
    "open": _is_open,
    "done": lambda one: not _is_held(one) and not _is_open(one),
}
"""The lists that questions stand in: everybody's, and the three of a moderator's queue."""

STAFFS: Final = ("held", "open", "done")

Key: TypeAlias = Callable[[Line], tuple[Any, ...]]


def _old(one: Line) -> tuple[Any, ...]:
    return one.asked_at, one.seq


def _new(one: Line) -> tuple[Any, ...]:
    return -one.asked_at.timestamp(), -one.seq


def _top(one: Line) -> tuple[Any, ...]:
    return (-one.backs, *_old(one))


def _divided(one: Line) -> tuple[Any, ...]:
    """As many on the smaller side."""
    return (-min(one.backs, one.against), *_top(one))


def _wanted_first(then: Key) -> Key:
    """What is on the stage, and what has a star, first."""
    return lambda one: (one.state != "taken_up", not one.starred, *then(one))


def _on_stage_first(one: Line) -> tuple[Any, ...]:
    return (one.state != "taken_up", *_top(one))


ORDERS: Final[Mapping[str, Mapping[str, Key]]] = {
    "standing": {"top": _on_stage_first, "new": _new},
    "held": {"old": _old},
    "open": {"top": _wanted_first(_top), "new": _wanted_first(_new), "divided": _wanted_first(_divided)},
    "done": {"new": _new},
}
"""The orders that each list can have, the usual one first."""


def in_order(lines: Iterable[Line], of: str, order: str | None = None, after: str | None = None) -> list[Line]:
    """A list in its order, from the start or behind the question *after*, which need not stand in it any more.

    Raises:
        Refused: ``page.no_such`` or ``question.no_such``.
    """
    lines = list(lines)
    orders = ORDERS[of]
    key = next(iter(orders.values())) if order is None else orders.get(order)
    if key is None:
        raise Refused("page.no_such", _("Den listan kan inte ordnas så."))
    found = sorted(filter(PILES[of], lines), key=key)
    if after is None:
        return found
    last = next((one for one in lines if one.question == after), None)
    if last is None:
        raise no_such()
    return [one for one in found if key(one) > key(last)]


def everybodys_page(lines: Sequence[Line]) -> set[str]:
    """What all who see a lane's questions have of them at once."""
    return _first_of_each(lines, ("standing",))


def staffs_page(lines: Sequence[Line]) -> set[str]:
    """What a moderator's queue has at once."""
    return _first_of_each(lines, STAFFS)


def last_asked(lines: Iterable[Line]) -> set[str]:
    """The last ones, whatever became of them: what is asked or let through later pushes others out, and none comes back."""
    return {one.question for one in sorted(lines, key=lambda one: one.seq)[-AT_ONCE:]}


def counted(lines: Sequence[Line], piles: Iterable[str]) -> dict[str, int]:
    """How many stand in each list."""
    return {of: sum(map(PILES[of], lines)) for of in piles}


def by_lane(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Each lane's."""
    found = defaultdict[str, list[Line]](list)
    for one in lines:
        found[one.lane].append(one)
    return found


def backs_told(lines: Sequence[Line], pages: set[str]) -> list[Line]:
    """Those of a lane whose support is told while it moves: that can be backed, and stand on one of its *pages*."""
    told = pages | last_asked(one for one in lines if one.public)
    return [one for one in lines if one.question in told and one.public and one.state in BACKABLE and one.into is None]


def _first_of_each(lines: Sequence[Line], piles: Iterable[str]) -> set[str]:
    found = set[str]()
    for of in piles:
        there = [one for one in lines if PILES[of](one)]
        for key in ORDERS[of].values():
            found |= {one.question for one in (nsmallest(AT_ONCE, there, key=key) if len(there) > AT_ONCE else there)}
    return found
