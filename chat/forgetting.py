"""Texts that nobody shall read any more: taken out of the row and out of the log; that they were there is kept."""

from __future__ import annotations

from typing import Final

from sqlmodel import col

from chat.events import ChatEdited, ChatHeld, ChatLetThrough, ChatRestored, ChatSaid
from chat.tables import Message
from conference.core.log import LogRow, without
from conference.core.transaction import Transaction

TOLD: Final = [event.name for event in (ChatSaid, ChatEdited, ChatHeld, ChatLetThrough, ChatRestored)]


async def forget(tx: Transaction, message: Message) -> None:
    """Write the message without its text, and all that the log has of it. To be called before anything else is written."""
    its = col(LogRow.name).in_(TOLD), col(LogRow.data).contains(message.message)
    told = await tx.every(LogRow, col(LogRow.day) == message.day, col(LogRow.seq) >= message.since, *its)
    for row in told:
        tx.put(without(row, "text"))
    tx.put(message.model_copy(update={"text": ""}))
