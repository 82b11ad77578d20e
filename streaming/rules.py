"""What may be taken on air, and from which moment. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conference.core.errors import Refused, _
from conference.core.event import Event
from streaming.events import LanesEnded, SlideShown, SourceCame, SourceWent, Taken
from streaming.media.manifest import PART_MS, SEGMENT_MS
from streaming.second import lane_of
from streaming.tables import OnAir, ProgrammeClock, Showing, Slide, SlideSeen

SLATE = "slate"
EARLY_MS = 200  # a take may begin so much before it was decided, at the last border of parts: what came after is not listed yet
PREROLL_MS = 12_000  # slate before the first take, so that the first player finds a whole window at once
MEETING_MS = 2_000  # a lane that crosses over keeps its picture so long, unless its own item shows something sooner
ENDING_MS = 500  # all lanes end so much after the day: every process knows by then
TEXT_LONGEST = 200  # characters over a slate


@dataclass(frozen=True)
class Wanted:
    """What is to be shown.

    Attributes:
        kind: ``film``, ``source`` or ``slate``.
        asset: the packed film.
        is_live: the source sends; else a slate is shown until it does.
        after_ms: how much later than at once.
        joins_ms: a film that is on elsewhere since then is joined at its next key frame; ``skips_ms`` of it had been left out there.
    """

    kind: str
    source: str
    title: str | None = None
    text: str | None = None
    asset: str | None = None
    duration_ms: int = 0
    after_ms: int = 0
    is_live: bool = False
    joins_ms: int | None = None
    skips_ms: int = 0


def slate(text: str | None = None, *, after_ms: int = 0) -> Wanted:
    """The still picture, with words over it."""
    return Wanted("slate", SLATE, text=text and text[:TEXT_LONGEST], after_ms=after_ms)


def begin(day: str, lanes: Sequence[str], at: datetime) -> ProgrammeClock:
    """The clock of a day that goes live now; it began a little earlier, with the slate."""
    began_at = (at - timedelta(milliseconds=PREROLL_MS)).replace(microsecond=at.microsecond // 1_000 * 1_000)
    return ProgrammeClock(day=day, began_at=began_at, lanes=list(lanes))


def take(clock: ProgrammeClock, wanted: Wanted, lanes: Sequence[str], at: datetime, *, from_live: bool = False) -> Showing:
    """Show something in some lanes from the next part on that nobody has listed yet.

    Args:
        from_live: in one of them a live source is on air, whose parts may be listed until now.

    Raises:
        Refused: ``day.ended``, ``lane.no_such``.
    """
    if clock.ended_ms is not None:
        raise Refused("day.ended", _("Sändningen är slut."))
    if not lanes or not {lane_of(lane) for lane in lanes} <= set(clock.lanes):
        raise Refused("lane.no_such", _("Den sändningen finns inte."))
    begins_ms = _begins_ms(clock, wanted, at, early_ms=0 if from_live else EARLY_MS)
    gone_ms = 0 if wanted.joins_ms is None else begins_ms - wanted.joins_ms
    if gone_ms and gone_ms >= wanted.duration_ms:
        return take(clock, slate(), lanes, at, from_live=from_live)
    return Showing(
        day=clock.day,
        position=clock.changes + 1,
        lanes=list(lanes),
        kind=wanted.kind,
        source=wanted.source,
        title=wanted.title,
        text=wanted.text,
        begins_ms=begins_ms,
        asset=wanted.asset,
        duration_ms=wanted.duration_ms - gone_ms,
        skips_ms=wanted.skips_ms + gone_ms,
    )


def _begins_ms(clock: ProgrammeClock, wanted: Wanted, at: datetime, early_ms: int) -> int:
    """When a take begins: a source as soon as it can, all else at a border between parts."""
    if clock.changes == 0:
        return 0
    at_ms = (at - clock.began_at) // timedelta(milliseconds=1)
    if wanted.joins_ms is not None:
        return at_ms + (wanted.joins_ms - at_ms) % SEGMENT_MS
    return at_ms + wanted.after_ms if wanted.kind == "source" else next_part(at_ms, wanted.after_ms or -early_ms)


def next_part(at_ms: int, after_ms: int = 0) -> int:
    """The first border between parts after some time, on the programme's clock."""
    return -(-(at_ms + after_ms) // PART_MS) * PART_MS


def moment(clock: ProgrammeClock, ms: int) -> datetime:
    """A time of the programme's clock as everybody's time."""
    return clock.began_at + timedelta(milliseconds=ms)


def taken(clock: ProgrammeClock, showing: Showing, at: datetime, *, is_live: bool = False) -> Taken:
    """The fact of a take. A source that does not send is told of as the slate that it is."""
    kind = "slate" if showing.kind == "source" and not is_live else showing.kind
    until = moment(clock, showing.begins_ms + showing.duration_ms) if showing.asset else None
    return Taken(
        day=showing.day,
        at=at,
        lanes=list(showing.lanes),
        showing=str(showing.position),
        source=showing.source,
        kind=kind,
        title=showing.title,
        text=showing.title if showing.kind == "source" and not is_live else showing.text,
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


def changes(before: Slide | None, slide: Slide) -> bool:
    """Whether a screen shows something else than before; nobody takes away another one's slides."""
    if before is None:
        return slide.page is not None
    if slide.page is None:
        return before.page is not None and before.of == slide.of
    return before.model_dump() != slide.model_dump()


def slide_shown(slide: Slide, lanes: Sequence[str], at: datetime) -> tuple[SlideSeen, SlideShown]:
    """The fact of a page that lanes show, as it is kept and as it is told."""
    told: dict[str, Any] = {"day": slide.day, "at": at, "source": slide.source, "lanes": list(lanes)}
    what: dict[str, Any] = {"page": slide.page, "pages": slide.pages, "text": slide.text}
    return SlideSeen(**told, **what), SlideShown(**told, **what)


def came_or_went(day: str, source: str, title: str, rows: Sequence[OnAir], at: datetime, *, is_live: bool) -> tuple[Event, list[OnAir]]:
    """A live source sends now, or no more; and what its lanes show."""
    lanes = [row.lane for row in rows]
    shown = {"kind": "source", "text": None} if is_live else {"kind": "slate", "text": title}
    event = (
        SourceCame(day=day, at=at, source=source, lanes=lanes)
        if is_live
        else SourceWent(day=day, at=at, source=source, lanes=lanes, title=title)
    )
    return event, [row.model_copy(update=shown) for row in rows]


def end(clock: ProgrammeClock, at: datetime) -> tuple[ProgrammeClock, LanesEnded]:
    """All lanes end.

    Raises:
        Refused: ``day.ended``.
    """
    if clock.ended_ms is not None:
        raise Refused("day.ended", _("Sändningen är slut."))
    ended_ms = next_part((at - clock.began_at) // timedelta(milliseconds=1), ENDING_MS)
    return clock.model_copy(update={"ended_ms": ended_ms}), LanesEnded(day=clock.day, at=at, lanes=list(clock.lanes))


def not_live() -> Refused:
    """The answer while nothing is on air yet."""
    return Refused("day.not_live", _("Sändningen har inte börjat."))


def no_such(source: str) -> Refused:
    """The answer to a name that is neither a film nor a source of the day."""
    return Refused("source.no_such", _("Källan finns inte."), source=source)
