"""What may be taken on air, and from which moment. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conference.core.errors import Refused, _
from streaming.events import LanesEnded, Taken
from streaming.media.manifest import PART_MS
from streaming.tables import OnAir, ProgrammeClock, Showing

SLATE = "slate"
LEAD_MS = 500  # a take begins so much later than it was decided: every process has read of it before it must be listed
PREROLL_MS = 12_000  # slate before the first take, so that the first player finds a whole window at once
MEETING_MS = 2_000  # a lane that crosses over keeps its picture so long, unless its own item shows something sooner
TEXT_LONGEST = 200  # characters over a slate


@dataclass(frozen=True)
class Wanted:
    """What is to be shown.

    Attributes:
        asset: the packed film, if it is one and is there.
        after_ms: how much later than at once.
    """

    kind: str
    source: str
    title: str | None = None
    text: str | None = None
    asset: str | None = None
    duration_ms: int = 0
    after_ms: int = 0


def slate(text: str | None = None, *, after_ms: int = 0) -> Wanted:
    """The still picture, with words over it."""
    return Wanted("slate", SLATE, text=text and text[:TEXT_LONGEST], after_ms=after_ms)


def begin(day: str, lanes: Sequence[str], at: datetime) -> ProgrammeClock:
    """The clock of a day that goes live now; it began a little earlier, with the slate."""
    began_at = (at - timedelta(milliseconds=PREROLL_MS)).replace(microsecond=at.microsecond // 1_000 * 1_000)
    return ProgrammeClock(day=day, began_at=began_at, lanes=list(lanes))


def take(clock: ProgrammeClock, wanted: Wanted, lanes: Sequence[str], at: datetime) -> Showing:
    """Show something in some lanes from the next part on that nobody has listed yet.

    Raises:
        Refused: ``day.ended``, ``lane.no_such``.
    """
    if clock.ended_ms is not None:
        raise Refused("day.ended", _("Sändningen är slut."))
    if not lanes or not set(lanes) <= set(clock.lanes):
        raise Refused("lane.no_such", _("Den sändningen finns inte."))
    return Showing(
        day=clock.day,
        position=clock.changes + 1,
        lanes=list(lanes),
        kind=wanted.kind,
        source=wanted.source,
        title=wanted.title,
        text=wanted.text,
        begins_ms=0 if clock.changes == 0 else next_part(clock, at, wanted.after_ms),
        asset=wanted.asset,
        duration_ms=wanted.duration_ms,
    )


def next_part(clock: ProgrammeClock, at: datetime, after_ms: int = 0) -> int:
    """The first border between parts that is far enough ahead, in ms on the programme's clock."""
    ahead_ms = round((at - clock.began_at) / timedelta(milliseconds=1)) + LEAD_MS + after_ms
    return -(-ahead_ms // PART_MS) * PART_MS


def moment(clock: ProgrammeClock, ms: int) -> datetime:
    """A time of the programme's clock as everybody's time."""
    return clock.began_at + timedelta(milliseconds=ms)


def taken(clock: ProgrammeClock, showing: Showing, at: datetime) -> Taken:
    """The fact of a take."""
    until = moment(clock, showing.begins_ms + showing.duration_ms) if showing.asset else None
    return Taken(
        day=showing.day,
        at=at,
        lanes=list(showing.lanes),
        showing=str(showing.position),
        source=showing.source,
        kind=showing.kind,
        title=showing.title,
        text=showing.text,
        since=moment(clock, showing.begins_ms),
        until=until,
    )


def on_air(event: Taken, showing: Showing) -> list[OnAir]:
    """What each of its lanes shows from then on."""
    return [
        OnAir(
            day=event.day,
            lane=lane,
            position=showing.position,
            kind=event.kind,
            source=event.source,
            title=event.title,
            text=event.text,
            since=event.since,
            until=event.until,
        )
        for lane in event.lanes
    ]


def end(clock: ProgrammeClock, at: datetime) -> tuple[ProgrammeClock, LanesEnded]:
    """All lanes end.

    Raises:
        Refused: ``day.ended``.
    """
    if clock.ended_ms is not None:
        raise Refused("day.ended", _("Sändningen är slut."))
    return clock.model_copy(update={"ended_ms": next_part(clock, at)}), LanesEnded(day=clock.day, at=at, lanes=list(clock.lanes))


def not_live() -> Refused:
    """The answer while nothing is on air yet."""
    return Refused("day.not_live", _("Sändningen har inte börjat."))


def no_such(source: str) -> Refused:
    """The answer to a name that is neither a film nor a source of the day."""
    return Refused("source.no_such", _("Källan finns inte."), source=source)
