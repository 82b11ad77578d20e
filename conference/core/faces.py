"""What each audience may see of an event: decided by its feature, in one table, from the event alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from conference.core.event import Event

Data: TypeAlias = dict[str, Any]
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at a day. Viewers with the same roles and lane see the same, but for what is sent to one person alone."""

    person: str
    roles: frozenset[str] = frozenset()
    lane: str = "national"


@dataclass(frozen=True)
class To:
    """Which viewers: everybody, unless narrowed.

    Attributes:
        roles: those with at least one of them.
        without: those with none of them.
        lane: those on it.
        off: those on none of these lanes.
        person: this one alone.
    """

    roles: frozenset[str] | None = None
    without: frozenset[str] | None = None
    lane: str | None = None
    off: frozenset[str] | None = None
    person: str | None = None

    def sees(self, viewer: Viewer) -> bool:
        """Whether *viewer* is one of them."""
        return (
            (self.person is None or self.person == viewer.person)
            and (self.lane is None or self.lane == viewer.lane)
            and (self.off is None or viewer.lane not in self.off)
            and (self.roles is None or bool(self.roles & viewer.roles))
            and (self.without is None or not self.without & viewer.roles)
        )


Shown: TypeAlias = Iterable[tuple[To, Data]]
Face: TypeAlias = Callable[[Any], Shown]
Faces: TypeAlias = Mapping[type[Event], Face]
"""An event that stands in no table is shown to nobody; a test asks for every event to stand in one."""

EVERYBODY = To()


def everyone(show: Callable[[E], Data]) -> Face:
    """The same for all."""
    return lambda event: [(EVERYBODY, show(event))]


def only(roles: Collection[str], show: Callable[[E], Data]) -> Face:
    """For those with one of the roles."""
    to = To(roles=frozenset(roles))
    return lambda event: [(to, show(event))]


def on_lanes(lanes: Callable[[E], Iterable[str]], show: Callable[[E], Data]) -> Face:
    """For those on the event's lanes."""
    return lambda event: [(To(lane=lane), show(event)) for lane in lanes(event)]


def to_person(person: Callable[[E], str], show: Callable[[E], Data]) -> Face:
    """For one person alone."""
    return lambda event: [(To(person=person(event)), show(event))]


def nobody(_: Event) -> Shown:
    """Kept in the log, shown on no screen."""
    return []


def shown_to(viewer: Viewer, shown: Shown) -> list[Data]:
    """What *viewer* gets of it."""
    return [data for to, data in shown if to.sees(viewer)]
