"""Erasing one person of a day: everything at once, in every feature, with what was removed counted in the audit chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlmodel import col, func, select

from chat.backstage.forgetting import words_of as backstage_words
from chat.forgetting import words_of as chat_words
from chat.questions.forgetting import words_of as question_words
from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.audit import AuditEntry, Deed
from conference.core.clock import Clock
from conference.core.forgetting import Part, Whom
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people.forgetting import person_of
from streaming.studio.forgetting import words_of as studio_words

DID: Final = "people.erase"
PARTS: Final[Sequence[Part]] = (person_of, chat_words, question_words, backstage_words, studio_words)
TABLES: Final = frozenset({
    "person", "session", "link", "remembered", "chat_message", "question", "question_letter", "log", "backstage_word", "studio_whisper",
    "studio_typed", "booking", "contributor", "cue", "running", "track", "action", "action_told", "action_reminder", "survey_letter",
    "region_contact",
})  # fmt: skip
"""Tables whose old rows may lie in the database's files after somebody was erased."""
ASKED: Final = ("page", "mail", "phone", "letter", "meeting", "command")
"""How somebody asked to be erased: by the own page, or by whom it was done for them."""
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Erasure:
    """Erases a person."""

    def __init__(self, store: Store, clock: Clock, parts: Sequence[Part] = PARTS) -> None:
        self._store, self._clock, self._parts = store, clock, parts

    @verb
    async def erase(self, tx: Transaction, by: Actor, person: str, asked: str) -> Done:
        """Erase somebody; doing it again removes nothing more.

        Args:
            asked: one of `ASKED`.

        Returns:
            ``{"removed"}``: table -> rows that were emptied or removed. So many stand in the audit chain, too.

        Raises:
            Refused: ``person.no_such``.
        """
        whom = Whom(by.day, person, self._clock.now())
        writings = [await part(tx, whom) for part in self._parts]
        removed = Counter[str]()
        for write in writings:
            removed.update(await write(tx))
        counts = {table: number for table, number in sorted(removed.items()) if number}
        await audit.enter(tx, Deed(by.day, by.person, DID, {"person": person, "asked": asked, "removed": counts}, whom.at))
        return Done(data={"removed": counts})


async def last_at(store: Store) -> datetime:
    """When somebody was erased last, at any day; `LONG_AGO` when nobody ever was."""
    async with store.reading() as session:
        return (await session.exec(select(func.max(AuditEntry.at)).where(col(AuditEntry.did) == DID))).one() or LONG_AGO
