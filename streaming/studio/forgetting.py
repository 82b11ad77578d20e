"""What somebody said behind the scenes is taken away with whoever said it, in the log too and on the screens that have it open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlmodel import col

from conference.core.forgetting import Whom, Writing
from conference.core.log import LogRow, without
from conference.core.transaction import Transaction
from streaming.studio.events import Typed, Whispered
from streaming.studio.tables import TypedLine, Whisper


async def words_of(tx: Transaction, whom: Whom) -> Writing:
    """Words to and from the producer's desk, and what was written to a panel."""
    words = await tx.every(Whisper, col(Whisper.day) == whom.day, col(Whisper.person) == whom.person, col(Whisper.text) != "")
    lines = await tx.every(TypedLine, col(TypedLine.day) == whom.day, col(TypedLine.person) == whom.person, col(TypedLine.text) != "")
    names = {one.whisper for one in words} | {one.typed for one in lines}
    spoken = col(LogRow.name).in_((Whispered.name, Typed.name))
    told = await tx.every(LogRow, col(LogRow.day) == whom.day, spoken) if names else []

    async def write(tx: Transaction) -> Mapping[str, int]:
        rows = [row for row in told if names & {*map(str, msgspec.json.decode(row.data).values())}]
        for row in rows:
            tx.put(without(row, "text"))
        about: dict[str, Any] = {"day": whom.day, "at": whom.at, "text": ""}
        for word in words:
            tx.put(word.model_copy(update={"text": ""}))
            await tx.record(Whispered(**about, whisper=word.whisper, seat=word.seat, by_desk=word.by_desk))
        for line in lines:
            tx.put(line.model_copy(update={"text": "", "finished_at": line.finished_at or whom.at, "touched_at": whom.at}))
            where: dict[str, Any] = {"typed": line.typed, "lane": line.lane, "person": line.person}
            await tx.record(Typed(**about, **where, by_desk=line.by_desk, begun_at=line.begun_at))
        return {"studio_whisper": len(words), "studio_typed": len(lines), "log": len(rows)}

    return write
