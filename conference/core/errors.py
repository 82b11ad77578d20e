"""Saying no: a lasting code for machines, a sentence for people."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a Swedish sentence for translation; `web` translates it for whoever reads it."""
    return text


class Refused(Exception):
    """The wish was understood and is not granted; nothing has changed.

    Attributes:
        code: ``<noun>.<why>``, part of the protocol; never renamed.
        text: a Swedish sentence that says what to do, the key of its translations; may hold ``%(name)s`` places.
        values: what stands in the places.
        retry_after_ms: when it may be worth asking again; ``None`` when it is not.
    """

    def __init__(self, code: str, text: str, *, retry_after_ms: int | None = None, **values: object) -> None:
        super().__init__(code)
        self.code, self.text, self.values, self.retry_after_ms = code, text, values, retry_after_ms

    def __str__(self) -> str:
        """The sentence in Swedish, for logs and the command line."""
        return f"{self.code}: {self.text % self.values if self.values else self.text}"

    def __eq__(self, other: object) -> bool:
        """Equal when they say the same, so that tests can compare answers."""
        return isinstance(other, Refused) and (self.code, self.values) == (other.code, other.values)

    __hash__ = Exception.__hash__
