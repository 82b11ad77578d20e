"""What each audience may see of an event: decided by its feature, in one table, from the event alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from conference.core.event import Event

Data: TypeAlias = dict[str, Any]
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at a day. Those who are of one cohort see the same, but for what is sent to one person alone.

    Attributes:
        lane: what they look at.
        own: the lane of where they belong; ``None``: the one that they look at.
        bounds: roles that count for what happens on one lane only, and which, as pairs.
    """

    person: str
    roles: frozenset[str] = frozenset()
    lane: str = "national"
    own: str | None = None
    bounds: frozenset[tuple[str, str]] = frozenset()

    @property
    def home(self) -> str:
        """The lane whose talk, questions and polls are theirs."""
        return self.own or self.lane

    @property
    def cohort(self) -> Viewer:
        """Everybody who sees the same."""
        return replace(self, person="")

    def roles_on(self, lane: str | None) -> frozenset[str]:
        """The roles that count for what happens on a lane; for the day as a whole, without one, those for all of it."""
        if not self.bounds:
            return self.roles
        bounds = dict(self.bounds)
        return frozenset(role for role in self.roles if bounds.get(role) in {None, lane})

    def is_one_of(self, roles: Collection[str], lane: str | None = None) -> bool:
        """Whether one of the roles counts for them there."""
        return not self.roles_on(lane).isdisjoint(roles)


@dataclass(frozen=True)
class To:
    """Which viewers: everybody, unless narrowed.

    Attributes:
        roles: those with at least one of them, as far as their roles reach.
        without: those with none of them, or whose roles do not reach there.
        about: the lane that it is about, for roles that are for one region; ``None``: the day as a whole.
        having: those with at least one of these roles, wherever it counts.
        lane: those who look at it.
        home: those who belong to it.
        off: those on none of these lanes.
        person: this one alone.
    """

    roles: frozenset[str] | None = None
    without: frozenset[str] | None = None
    about: str | None = None
    having: frozenset[str] | None = None
    lane: str | None = None
    home: str | None = None
    off: frozenset[str] | None = None
    person: str | None = None

    def sees(self, viewer: Viewer) -> bool:
        """Whether *viewer* is one of them."""
        roles = viewer.roles_on(self.about)
        return (
            (self.person is None or self.person == viewer.person)
            and (self.lane is None or self.lane == viewer.lane)
            and (self.home is None or self.home == viewer.home)
            and (self.off is None or viewer.lane not in self.off)
            and (self.roles is None or bool(self.roles & roles))
            and (self.having is None or bool(self.having & viewer.roles))
            and (self.without is None or not self.without & roles)
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
