"""Asking once: the same wish asked again gets the same answer, and what staff does is written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlmodel import SQLModel

from conference.core import audit
from conference.core.actor import Actor, Asked, Done
from conference.core.columns import Kept, kept
from conference.core.errors import Refused, _
from conference.core.transaction import Transaction

R = TypeVar("R")


class Remembered(SQLModel, table=True):
    """The answer to a wish. Votes are not here: see ``polls.ballots``."""

    __tablename__ = "remembered"

    day: str = kept(Kept.OPERATION, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    wish: str = kept(Kept.OPERATION, primary_key=True)
    body: str = kept(Kept.OPERATION)
    at: datetime = kept(Kept.OPERATION)
    answer: str = kept(Kept.SPEECH)


class _Refusal(msgspec.Struct, omit_defaults=True):
    code: str
    text: str
    values: dict[str, Any] = {}


class _Answer(msgspec.Struct, omit_defaults=True):
    seq: int | None = None
    data: dict[str, Any] | None = None
    refusal: _Refusal | None = None


async def once(tx: Transaction, by: Actor, do: Callable[[Transaction], Awaitable[R]]) -> R | Done | Refused:
    """Do it, unless it was done before; remember the answer and audit the deed in the same transaction.

    A refusal is an answer too. It is returned, not raised, so that it can be stored, unless it says when to try again.
    """
    asked = by.asked
    if asked is None:
        return await do(tx)
    if asked.remembered and (earlier := await tx.find(Remembered, by.day, by.person, asked.wish)):
        return _recalled(earlier, asked)
    try:
        done = await do(tx)
    except Refused as refusal:
        if refusal.retry_after_ms is not None or not asked.remembered:
            raise
        tx.forget()
        _remember(tx, by, asked, _Answer(refusal=_Refusal(refusal.code, refusal.text, refusal.values)))
        return refusal
    if asked.remembered and isinstance(done, Done):
        _remember(tx, by, asked, _Answer(done.seq, done.data))
    if asked.audited:
        await audit.enter(tx, audit.Deed(by.day, by.person, asked.do, asked.note, asked.at))
    return done


def _remember(tx: Transaction, by: Actor, asked: Asked, answer: _Answer) -> None:
    text = msgspec.json.encode(answer).decode()
    tx.add(Remembered(day=by.day, person=by.person, wish=asked.wish, body=asked.body, at=asked.at, answer=text))


def _recalled(earlier: Remembered, asked: Asked) -> Done | Refused:
    if earlier.body != asked.body:
        return Refused("wish.id_reused", _("Samma id har redan använts för något annat."))
    answer = msgspec.json.decode(earlier.answer, type=_Answer)
    if answer.refusal:
        return Refused(answer.refusal.code, answer.refusal.text, **answer.refusal.values)
    return Done(answer.seq, answer.data)
