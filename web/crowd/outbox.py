"""Wishes that have not been answered yet. Each has an id for as long as it lives, so asking again never does a thing twice."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from web.crowd.frames import Frame

IN_FLIGHT_MOST: Final = 8  # on one line; a server refuses more
HELD_MOST: Final = 64  # wishes that wait; a person cannot mean more than that
TRIES_MOST: Final = 8  # times a wish is sent when the server says "later"
WISH_MOST_BYTES: Final = 8 * 1024
LATER: Final = frozenset({"limit.reached", "store.unavailable"})  # refusals after which the same wish is asked again, under its id
BREAKS_LINE: Final = frozenset({1003, 1007, 1009})  # close codes that some wish of ours has caused

_encode = msgspec.json.Encoder().encode


class Gone(Exception):
    """The server sent this client away, or it left: nothing more can be asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a wish came to.

    Attributes:
        seq: the place of its event in the log, if it has one.
        code: of the refusal; ``""`` when it was granted.
        took_s: from asking to the answer, however many lines and tries that took.
        sends: how often it was sent.
        line_s: from the last time it was sent to the answer: without the seconds in which there was no line.
    """

    ok: bool
    seq: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    text: str = ""
    took_s: float = 0.0
    sends: int = 0
    line_s: float = 0.0


@dataclass(slots=True, eq=False)
class Wish:
    """One wish in the box.

    Attributes:
        line: the number of the line it was last sent on, and `sent_s` when.
        tries: how often it may be sent on account of refusals.
        rests: it was told to come later, and waits.
    """

    id: str
    do: str
    body: bytes
    answer: asyncio.Future[Answer]
    asked_s: float
    tries: int
    line: int = 0
    sends: int = 0
    rests: bool = False
    sent_s: float = 0.0

    def settle(self, answer: Answer) -> None:
        """Tell whoever waits, if anybody still does."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Outbox:
    """The wishes of one client, in the order of asking."""

    __slots__ = ("_wishes",)

    def __init__(self) -> None:
        self._wishes: dict[str, Wish] = {}

    def __len__(self) -> int:
        """How many are not answered."""
        return len(self._wishes)

    def put(self, do: str, args: Mapping[str, Any], *, tries: int, wish_id: str | None = None) -> Wish:
        """Hold a wish until it is answered.

        Raises:
            ValueError: the box is full, or the wish too large for the wire.
        """
        if len(self._wishes) >= HELD_MOST:
            raise ValueError(f"{HELD_MOST} wishes wait already")
        loop, name = asyncio.get_running_loop(), wish_id or str(uuid.uuid4())
        body = _encode({"id": name, "do": do, "args": args})
        if len(body) > WISH_MOST_BYTES:
            raise ValueError(f"a wish of {len(body)} bytes")
        self._wishes[name] = wish = Wish(name, do, body, loop.create_future(), loop.time(), tries)
        return wish

    def due(self, line: int) -> Iterator[Wish]:
        """What is to be sent on *line* now, at most as much as a server takes at once; counted as sent."""
        free = IN_FLIGHT_MOST - sum(wish.line == line and not wish.rests for wish in self._wishes.values())
        for wish in list(self._wishes.values()):
            if free <= 0:
                return
            if wish.line != line and not wish.rests:
                wish.line, free = line, free - 1
                wish.sends += 1
                wish.sent_s = wish.answer.get_loop().time()
                yield wish

    def answered(self, frame: Frame, now_s: float) -> Wish | None:
        """The wish that a frame answers, settled; or told to rest, when the server said "later" and it may be asked again."""
        wish = self._wishes.get(frame.re or "")
        if wish is None:
            return None
        error = frame.error
        if error and error.code in LATER and wish.sends < wish.tries:
            wish.rests = True
            return wish
        del self._wishes[wish.id]
        refusal = (error.code, error.text) if error else ("", "")
        took_s, line_s = now_s - wish.asked_s, now_s - wish.sent_s
        wish.settle(Answer(frame.ok is True, frame.seq, frame.data or {}, *refusal, took_s, wish.sends, line_s))
        return wish

    def wake(self, wish_id: str) -> None:
        """A wish has rested."""
        if wish := self._wishes.get(wish_id):
            wish.rests, wish.line = False, 0

    def drop_cause(self, code: int, line: int) -> None:
        """A line was closed because of a wish of ours: give it up. The largest was too large, or the last one was wrong."""
        sent = [wish for wish in self._wishes.values() if wish.line == line]
        if sent and code in BREAKS_LINE:
            cause = max(sent, key=lambda wish: len(wish.body)) if code == 1009 else sent[-1]
            del self._wishes[cause.id]
            cause.settle(Answer(ok=False, code="wire.too_large" if code == 1009 else "wire.unreadable", sends=cause.sends))

    def give_up(self, why: str) -> None:
        """Nothing will be answered any more."""
        for wish in self._wishes.values():
            if not wish.answer.done():
                wish.answer.set_exception(Gone(why))
                wish.answer.exception()  # whoever asked may have gone too: then this is no unheard error
        self._wishes.clear()
