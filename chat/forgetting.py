"""Texts that nobody shall read any more: taken out of the row and out of the log; that they were there is kept."""

from __future__ import annotations

from typing import Final

from sqlmodel import col

from chat.events import ChatAnnounced, ChatEdited, ChatHeld, ChatLetThrough, ChatRestored, ChatSaid
from chat.tables import Announcement, Message
from conference.core.log import LogRow, without
from conference.core.transaction import Transaction

TOLD: Final = [event.name for event in (ChatSaid, ChatEdited, ChatHeld, ChatLetThrough, ChatRestored)]


async def forget(tx: Transaction, message: Message) -> None:
    """Write the message without its text, and all that the log has of it. To be called before anything else is written."""
    its = col(LogRow.name).in_(TOLD), col(LogRow.data).contains(message.message)
    found = await tx.every(LogRow, col(LogRow.day) == message.day, col(LogRow.seq) >= message.since, *its)
    for row in found:
        tx.put(without(row, "text"))
    tx.put(message.model_copy(update={"text": ""}))


async def told(tx: Transaction, row: Announcement) -> list[LogRow]:
    """What the log has of an announcement, without its text; to be written when it is taken back."""
    its = col(LogRow.name) == ChatAnnounced.name, col(LogRow.data).contains(row.announcement)
    return [without(one, "text") for one in await tx.every(LogRow, col(LogRow.day) == row.day, col(LogRow.seq) == row.seq, *its)]
