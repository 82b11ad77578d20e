"""What staff did, in a chain of hashes: an entry that is changed or taken out later breaks every one after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger
from sqlmodel import SQLModel

from conference.core.columns import Kept, kept
from conference.core.transaction import Transaction

FIRST = "0" * 64  # what the first entry of a day points back to


class AuditHead(SQLModel, table=True):
    """The end of a day's chain. Changes in the same transaction as the entry."""

    __tablename__ = "audit_head"

    day: str = kept(Kept.AUDIT, primary_key=True)
    number: int = kept(Kept.AUDIT)
    digest: str = kept(Kept.AUDIT)


class AuditEntry(SQLModel, table=True):
    """One thing that was done. Inserted, never updated."""

    __tablename__ = "audit"

    day: str = kept(Kept.AUDIT, primary_key=True)
    number: int = kept(Kept.AUDIT, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = kept(Kept.AUDIT)
    person: str = kept(Kept.AUDIT)
    did: str = kept(Kept.AUDIT)
    note: str = kept(Kept.AUDIT)
    before: str = kept(Kept.AUDIT)
    digest: str = kept(Kept.AUDIT)


@dataclass(frozen=True)
class Deed:
    """What is entered.

    Attributes:
        note: ids, hashes and counts; never a name, a text or an answer.
    """

    day: str
    person: str
    did: str
    note: dict[str, Any]
    at: datetime


async def enter(tx: Transaction, deed: Deed) -> None:
    """Add one entry to the chain of its day, in the verb that did the deed."""
    head = await tx.find(AuditHead, deed.day) or AuditHead(day=deed.day, number=0, digest=FIRST)
    note = msgspec.json.encode(deed.note, order="deterministic").decode()
    digest = _digest(head.digest, deed, note)
    number = head.number + 1
    tx.put(AuditHead(day=deed.day, number=number, digest=digest))
    tx.add(
        AuditEntry(day=deed.day, number=number, at=deed.at, person=deed.person, did=deed.did, note=note, before=head.digest, digest=digest)
    )


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """The number of the first entry that does not follow from the one before; ``None`` when the chain holds.

    Args:
        entries: a whole chain, in order of their numbers.
    """
    before = FIRST
    for expected, entry in enumerate(entries, start=1):
        deed = Deed(entry.day, entry.person, entry.did, {}, entry.at)
        if entry.number != expected or entry.before != before or entry.digest != _digest(before, deed, entry.note):
            return expected
        before = entry.digest
    return None


def _digest(before: str, deed: Deed, note: str) -> str:
    told = msgspec.json.encode([before, deed.day, deed.person, deed.did, note, deed.at.isoformat()])
    return hashlib.sha256(told).hexdigest()
