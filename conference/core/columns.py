"""Every column says what kind of data it holds, so that retention, erasure and exports can be held to it.

A test walks the schema and fails at a column without a kind.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlmodel import Field


class Kept(StrEnum):
    """Kinds of data, each with a rule of its own for how long it is kept and who may see it."""

    OPERATION = "operation"  # how the machinery stands; worthless after the day
    PUBLIC = "public"  # programme, questions, films: anybody may see it
    PERSON = "person"  # tells of one person: erased on request and 30 days after the day
    SECRET = "secret"  # noqa: S105 - a kind of data, not one: hashes of tokens; never shown, never exported
    BALLOT = "ballot"  # answers under a pseudonym that is destroyed at close
    ANSWER = "answer"  # survey answers, anonymous from the start; raw for 12 months
    SPEECH = "speech"  # what people wrote to each other: 90 days
    RESULT = "result"  # disclosed figures: kept
    OWNER = "owner"  # who has taken on what after the day, and has told of it: erased on request, and three years after the day
    ADDRESS = "address"  # where to send what somebody asked for, tied to no person and no answer: gone when the last of it is sent
    AUDIT = "audit"  # what staff did, in a chain of hashes: kept


def kept(kind: Kept, default: Any = ..., **more: Any) -> Any:
    """A SQLModel field that says what it holds.

    Args:
        default: the value of a new row; without one the column must be given.
        more: anything that ``sqlmodel.Field`` takes.
    """
    kwargs = dict(more.pop("sa_column_kwargs", {}), info={"kept": kind})
    return Field(**({} if default is ... or "default_factory" in more else {"default": default}), sa_column_kwargs=kwargs, **more)
