"""What can happen to a webhook. Ids and kinds alone: where it leads stands in its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class WebhookMade(Event):
    """Another system is told of the day from now on.

    Attributes:
        kinds: of what.
    """

    name: ClassVar[str] = "webhooks.made"

    webhook: str
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Event):
    """It is told no more.

    Attributes:
        why: ``removed`` by an organizer, or ``gone``: the receiver said that there is nobody any more (410).
    """

    name: ClassVar[str] = "webhooks.removed"

    webhook: str
    why: str
