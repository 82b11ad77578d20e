"""Texts that nobody shall read any more: taken out of the row and out of the log; that they were there is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlmodel import and_, col, or_

from chat.events import ChatAnnounced, ChatEdited, ChatHeld, ChatLetThrough, ChatNamed, ChatRemoved, ChatRestored, ChatSaid, ChatWithdrawn
from chat.tables import Announcement, Message
from conference.core.forgetting import Whom, Writing
from conference.core.log import LogRow, without
from conference.core.transaction import Transaction

TOLD: Final = [event.name for event in (ChatSaid, ChatEdited, ChatHeld, ChatLetThrough, ChatRestored)]
ERASED: Final = "erased"  # why a message has no words: its writer is forgotten. It still counts among those that were said


async def forget(tx: Transaction, message: Message) -> None:
    """Write the message without its text, and all that the log has of it. To be called before anything else is written."""
    its = col(LogRow.name).in_(TOLD), col(LogRow.data).contains(message.message)
    found = await tx.every(LogRow, col(LogRow.day) == message.day, col(LogRow.seq) >= message.since, *its)
    for row in found:
        tx.put(without(row, "text"))
    tx.put(message.model_copy(update={"text": ""}))


async def words_of(tx: Transaction, whom: Whom) -> Writing:
    """All that somebody wrote: gone from rows, log and open screens. How much was said, by how many, stays."""
    written = await tx.every(Message, col(Message.day) == whom.day, col(Message.person) == whom.person)
    said, rooms = [one for one in written if one.text], sorted({one.room for one in written})
    names = {one.message for one in said}
    theirs = or_(col(LogRow.data).contains(f'"person":"{whom.person}"'), col(LogRow.name) == ChatEdited.name)  # which says no person
    told = await tx.every(LogRow, and_(col(LogRow.day) == whom.day, col(LogRow.name).in_(TOLD), theirs)) if said else []

    async def write(tx: Transaction) -> Mapping[str, int]:
        of = [row for row in told if msgspec.json.decode(row.data)["message"] in names]
        for row in of:
            tx.put(without(row, "text"))
        for one in sorted(said, key=lambda one: one.since):
            await _gone(tx, one, whom)
        if rooms:
            await tx.record(ChatNamed(day=whom.day, at=whom.at, person=whom.person, rooms=rooms))
        return {"chat_message": len(said), "log": len(of)}

    return write


async def _gone(tx: Transaction, one: Message, whom: Whom) -> None:
    about: dict[str, Any] = {"day": whom.day, "at": whom.at, "message": one.message, "room": one.room}
    if one.held == "waiting":
        tx.put(one.model_copy(update={"text": "", "held": "withdrawn", "gone_at": whom.at}))
        await tx.record(ChatWithdrawn(**about, person=whom.person))
    elif one.held or one.removed_by:
        tx.put(one.model_copy(update={"text": ""}))
    else:
        tx.put(one.model_copy(update={"text": "", "removed_by": whom.person, "why": ERASED, "gone_at": whom.at}))
        await tx.record(ChatRemoved(**about, by=whom.person))


async def told(tx: Transaction, row: Announcement) -> list[LogRow]:
    """What the log has of an announcement, without its text; to be written when it is taken back."""
    its = col(LogRow.name) == ChatAnnounced.name, col(LogRow.data).contains(row.announcement)
    return [without(one, "text") for one in await tx.every(LogRow, col(LogRow.day) == row.day, col(LogRow.seq) == row.seq, *its)]
