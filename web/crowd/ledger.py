"""What a client knows of the log: how far it has come, and whether anything was missing or told twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from web.crowd.frames import Frame, Item

REMEMBERED: Final = 256  # places heard last; what is owed comes sooner or never


class Ledger:
    """The places of one client's news.

    Places may be skipped, because not everything is for everybody; so a hole proves nothing. What proves a loss: the server goes on from a
    later place than we were at, or what it acknowledged to us never comes. `web.crowd.census` compares many clients.

    Attributes:
        epoch: of the log; ``None`` before the first welcome.
        upto: we have everything up to here that is for us.
        words: news with a place that were heard.
        pictures: news without one.
        gaps: losses that are certain.
        doubles: news that we had already; they are dropped.
    """

    __slots__ = ("_ended", "_newest", "_owed", "_recent", "_started", "doubles", "epoch", "gaps", "pictures", "upto", "words")

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.upto = self.words = self.pictures = self.gaps = self.doubles = 0
        self._started = 0
        self._ended: list[tuple[int, int]] = []
        self._newest: list[Item] = []
        self._recent: deque[int] = deque(maxlen=REMEMBERED)
        self._owed: set[int] = set()

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """From where to where news were heard with no new state in between."""
        return [*self._ended, (self._started, self.upto)]

    def begin(self, epoch: str, seq: int) -> None:
        """A new state holds everything up to *seq*."""
        if epoch == self.epoch:
            self._ended.append((self._started, self.upto))
        elif self.epoch is not None:
            self._ended.clear()  # another log: its places mean nothing here
        self.epoch, self._started, self.upto = epoch, seq, seq
        self._newest.clear()
        self._owed = {place for place in self._owed if place > seq}

    def forget(self) -> None:
        """There is no state that news could be laid over."""
        self.epoch = None
        self._ended.append((self._started, self.upto))

    def go_on(self, seq: int) -> None:
        """The server goes on from *seq*."""
        if seq > self.upto:
            self.gaps += 1
        self._newest.clear()

    def owe(self, seq: int) -> None:
        """What is at *seq* was acknowledged to us, and is for us to hear."""
        if seq in self._recent or seq <= self._started:
            return
        if seq <= self.upto:
            self.gaps += 1
        else:
            self._owed.add(seq)

    def enter(self, frame: Frame) -> Iterator[Item]:
        """Take in a frame of news; what of it is new to us."""
        for item in frame.news:
            if item.seq is None:
                self.pictures += 1
            elif self._is_double(item, item.seq):
                self.doubles += 1
                continue
            else:
                self._note(item, item.seq)
            yield item
        self.upto = max(self.upto, frame.upto or 0)
        missing = {place for place in self._owed if place <= self.upto}
        if missing:
            self.gaps += len(missing)
            self._owed -= missing

    def _is_double(self, item: Item, seq: int) -> bool:
        return seq <= self.upto or item in self._newest or bool(self._newest and seq < (self._newest[0].seq or 0))

    def _note(self, item: Item, seq: int) -> None:
        if self._newest and self._newest[0].seq != seq:
            self._newest.clear()
        self._newest.append(item)
        self.words += 1
        self._recent.append(seq)
        self._owed.discard(seq)
