"""What can happen on the way from needs to benefit. Ids and stages alone: the words stand in the rows, where they can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class ThingWritten(Event):
    """A need, an action, a benefit, a target or an organisation that was reached is as somebody has written it.

    Attributes:
        of: what it is: ``need``, ``action``, ``benefit``, ``target`` or ``reached``.
        ids: which ones; several come by one import.
    """

    name: ClassVar[str] = "followup.written"

    of: str
    ids: list[str]


@dataclass(frozen=True, kw_only=True)
class ThingRemoved(Event):
    """One of them was taken away, and can be put back."""

    name: ClassVar[str] = "followup.removed"

    of: str
    id: str


@dataclass(frozen=True, kw_only=True)
class ThingRestored(Event):
    """One of them was put back."""

    name: ClassVar[str] = "followup.restored"

    of: str
    id: str


@dataclass(frozen=True, kw_only=True)
class ActionMoved(Event):
    """An action is in another stage.

    Attributes:
        passed_over: stages between that were left out, with a reason.
    """

    name: ClassVar[str] = "followup.moved"

    action: str
    was: str
    stage: str
    passed_over: list[str]
    by_owner: bool


@dataclass(frozen=True, kw_only=True)
class ActionTold(Event):
    """The owner of an action has said how it goes."""

    name: ClassVar[str] = "followup.told"

    action: str


@dataclass(frozen=True, kw_only=True)
class OwnerLinkMade(Event):
    """The owner of an action can be given a page; an older link to it is dead."""

    name: ClassVar[str] = "followup.link_made"

    action: str


@dataclass(frozen=True, kw_only=True)
class OwnerLinkWithdrawn(Event):
    """The page of an action's owner does not open any more."""

    name: ClassVar[str] = "followup.link_withdrawn"

    action: str


@dataclass(frozen=True, kw_only=True)
class OwnerForgotten(Event):
    """Who had taken on an action is not known any more, nor what was told of it."""

    name: ClassVar[str] = "followup.owner_forgotten"

    action: str
