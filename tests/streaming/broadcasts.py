"""Live sources as a media process tells of them: runs, segments and parts by chance, and what was heard of them by some moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from streaming.following import strip_name
from streaming.live_strips import Piece
from streaming.media.runs import Began, Notice, Run, hear

OVER_MS = 800  # after so long without a picture the media process ends a run


@dataclass
class Sources:
    """What was heard, as `streaming.following` keeps it."""

    runs: dict[str, dict[int, Run]] = field(default_factory=dict)
    pieces: dict[str, list[Piece]] = field(default_factory=dict)

    def hear(self, notice: Notice) -> None:
        """Take in one notice."""
        runs = self.runs.setdefault(notice.source, {})
        hear(runs, notice)
        pieces = self.pieces.setdefault(notice.source, [])
        for run in runs.values():
            mine = [piece for piece in pieces if piece.run.run == run.run]
            if mine:
                mine[0].run = run
            else:
                pieces.append(Piece(notice.source, strip_name(notice.source, run.run), run))

    def sends(self, source: str, run: int, begins_ms: int, *segments: list[int], ended: bool = False) -> None:
        """A run whose segments have parts of these lengths."""
        at = begins_ms
        self.hear(Notice(source, run=run, began=Began(at, 1280, 720, "x", 30.0)))
        for seq, lengths in enumerate(segments):
            self.hear(Notice(source, run=run, seq=seq, begins_ms=at))
            for part, length in enumerate(lengths):
                at += length
                last = part == len(lengths) - 1 and (seq < len(segments) - 1 or ended)
                self.hear(Notice(source, run=run, seq=seq, part=part, ends_ms=at, last=last))
        if ended:
            self.hear(Notice(source, run=run, ended_ms=at))


def told(by: Random, source: str, until_ms: int, *, late_ms: tuple[int, int] = (0, 0)) -> list[tuple[int, Notice]]:
    """Everything that a source sends, and when it is told: so much later than it happened, from least to most."""
    found: list[tuple[int, Notice]] = []
    at = by.randrange(-5_000, 20_000)
    run = 0
    while at < until_ms:
        run += 1
        found.append((at, Notice(source, run=run, began=Began(at, 1280, 720, "x", 30.0))))
        last = by.randrange(1, 8) - 1
        for seq in range(last + 1):
            breaks_off = seq == last and by.random() < 0.8
            at = one_segment(by, found, source, (run, seq, at), breaks_off=breaks_off)
        silence = by.choice([0, 0, 0, by.randrange(800), by.randrange(5_000), by.randrange(1_000, 20_000)])
        found.append((at + min(silence, by.choice([0, OVER_MS])), Notice(source, run=run, ended_ms=at)))
        at = max(at + silence, found[-1][0])
    return list(_in_order((at + by.randint(*late_ms), notice) for at, notice in found))


def one_segment(by: Random, found: list[tuple[int, Notice]], source: str, where: tuple[int, int, int], *, breaks_off: bool) -> int:
    """One segment; returns where it ends."""
    run, seq, at = where
    found.append((at, Notice(source, run=run, seq=seq, begins_ms=at)))
    whole = by.randrange(1_500, 3_000)
    ends, part = at + (by.randrange(whole) if breaks_off else whole), 0
    while at < ends:
        at = min(at + 400, ends)
        last = at == ends and not breaks_off
        found.append((at, Notice(source, run=run, seq=seq, part=part, ends_ms=at, last=last)))
        part += 1
    return at


def _in_order(found: Iterable[tuple[int, Notice]]) -> Iterator[tuple[int, Notice]]:
    latest = 0
    for at, notice in found:
        latest = max(latest, at)
        yield latest, notice
