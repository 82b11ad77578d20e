"""What somebody wrote to those who run the day is taken away with whoever wrote it. No event has its words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col

from chat.backstage.tables import Word
from conference.core.forgetting import Whom, Writing
from conference.core.transaction import Transaction


async def words_of(tx: Transaction, whom: Whom) -> Writing:
    """The text of all of it; that something was said stays, by its number."""
    said = await tx.every(Word, col(Word.day) == whom.day, col(Word.person) == whom.person, col(Word.text) != "")

    async def write(tx: Transaction) -> Mapping[str, int]:
        for one in said:
            tx.put(one.model_copy(update={"text": ""}))
        return {"backstage_word": len(said)}

    return write
