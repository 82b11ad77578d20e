"""What happens at once when something was stored: the bus is told, keys of closed boxes are destroyed, and old ballots forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, repeat
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from chat import Chat
from chat.questions import Questions
from conference.core.actor import Actor
from conference.core.bus import Bus
from conference.core.event import Entry
from conference.core.store import Store, StoreUnavailable
from conference.people import PersonChanged, PersonErased
from polls import PollClosed
from polls.later import LaterClosed
from polls.surveys import SurveyClosed
from streaming.studio import Studio
from web.errands import Errands

AFTER_S: Final = (0.5, 2.0, 10.0, 60.0)  # a reader of an older moment is in the way; none of ours reads for long
LETTERS: Final = ("question_letter", "survey_letter", "survey_link")
TABLES: Final = ("ballot", "survey_answers", "poll_count", "survey_count", "later_count", *LETTERS)

log = logging.getLogger(__name__)


class Told:
    """Hands the events of a commit on: to the bus, and to features that must notice before anybody is answered.

    What other processes committed comes by `heard`, when the bus or the log has brought it.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.features: Sequence[Any] = ()
        self.on_close: Callable[[], object] | None = None
        self.on_commit: Callable[[], object] | None = None
        self.on_name: Callable[[str, str], object] = lambda _day, _person: None

    def publish(self, entries: Sequence[Entry]) -> None:
        """After each commit."""
        if self.on_commit:
            self.on_commit()
        self._bus.publish(entries)
        self._tell(entries)
        if self.on_close and any(isinstance(entry.event, PollClosed | SurveyClosed | LaterClosed) for entry in entries):
            self.on_close()
        for entry in entries:
            match entry.event:
                case PersonChanged(day=day, person=person, renamed=True) | PersonErased(day=day, person=person):
                    self.on_name(day, person)

    def heard(self, entry: Entry) -> None:
        """One that any process committed; of our own it changes nothing any more."""
        self._tell([entry])

    def _tell(self, entries: Sequence[Entry]) -> None:
        for feature in self.features:
            try:
                feature.heard(entries)
            except OSError:  # a key that cannot be overwritten now is destroyed at the next start
                log.exception("the key of a closed box is still there")


def start_naming(features: Sequence[Chat | Questions | Studio], errands: Errands, day: str, person: str) -> None:
    """Somebody is called otherwise: who reads what they wrote shall see it. Lost in a crash, it shows on the next fresh page."""
    for feature in features:
        errands.run(feature.named(Actor.house(day), person), "naming")


def start_forgetting(store: Store, errands: Errands) -> None:
    """A box was closed: what its ballots looked like before shall not lie in the database's files either."""
    errands.run(_forget(store), "forgetting")


async def _forget(store: Store) -> None:
    left: Collection[str] = TABLES
    for wait_s in chain(AFTER_S, repeat(AFTER_S[-1])):
        await asyncio.sleep(wait_s)
        if not (left := await forget_each(store, left)):
            return


async def forget_each(store: Store, tables: Iterable[str]) -> set[str]:
    """Take old rows of tables out of the database's files, one try a table; those to try again later."""
    left = set()
    for table in sorted(tables):
        try:
            await store.forget([table])
        except (StoreUnavailable, SQLAlchemyError, OSError) as error:
            log.info("old rows of %s are forgotten later: %s", table, error)
            left.add(table)
    return left
