"""What is kept of a day, what may be published, and for how long without captions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from conference.core.errors import Refused, _
from conference.rules import NATIONAL, ItemState
from conference.tables import Block, Day, Item
from streaming.recordings.events import RecordingCaptioned, RecordingKept, RecordingPublished, RecordingWithdrawn
from streaming.recordings.tables import Recording

CAPTIONED_WITHIN: Final = timedelta(days=14)  # of what was live; the law leaves live broadcasts out, and what stays on afterwards in
WARNED_BEFORE: Final = timedelta(days=3)
ENOUGH: Final = 0.8  # of the time in which a film or a source is in the picture
PAUSE_MS: Final = 10_000  # between two captions nobody need have said anything for so long
EXCEPTION_LEAST, EXCEPTION_MOST = 20, 1_000  # characters
REASON_MOST: Final = 300


class NotYet(Exception):
    """The lane has not come so far; in a moment it has."""


Span: TypeAlias = tuple[int, int]  # from, until, in ms


@dataclass(frozen=True)
class Covered:
    """How much of a recording can be read.

    Attributes:
        spoken_ms: in which something else than the slate was shown.
        told_ms: of that, with captions.
    """

    spoken_ms: int
    told_ms: int

    @property
    def share(self) -> float:
        """0 to 1; nothing said is nothing to read."""
        return self.told_ms / self.spoken_ms if self.spoken_ms else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether it counts as captioned."""
        return self.spoken_ms > 0 and self.share >= ENOUGH


def covered(spoken: Iterable[Span], captions: Iterable[Span]) -> Covered:
    """How much of *spoken* has captions, where a pause between two of them counts as well."""
    joined: list[Span] = []
    for begins_ms, ends_ms in sorted(captions):
        if joined and begins_ms <= joined[-1][1] + PAUSE_MS:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends_ms))
        else:
            joined.append((begins_ms, ends_ms))
    wide = [(begins_ms - PAUSE_MS // 2, ends_ms + PAUSE_MS // 2) for begins_ms, ends_ms in joined]
    said = list(spoken)
    told_ms = sum(max(0, min(end, until) - max(begin, since)) for begin, end in said for since, until in _apart(wide))
    return Covered(sum(end - begin for begin, end in said), told_ms)


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    last = None
    for begin, end in spans:
        yield (begin if last is None else max(begin, last), end)
        last = end


# What is kept ---------------------------------------------------------------------------------------------------------------------------


def of_item(day: Day, item: Item, ends_at: datetime) -> Recording | None:
    """The recording of an item that is over; ``None`` for a pause."""
    if item.kind == "break":
        return None
    return _recording(day, item.item, "item", item.lane, [item], ends_at=ends_at, block=item.block, title=(item.title, item.title_en))


def of_block(day: Day, block: Block, items: Iterable[Item]) -> Iterator[Recording]:
    """The recordings of a block that is over, one for each lane that had several items of its own in it."""
    found = _by_lane(item for item in items if item.block == block.block)
    for lane, own in found.items():
        if len(own) > 1:
            title = block.title, block.title_en
            yield _recording(day, f"{block.block}@{lane}", "block", lane, own, block=block.block, title=title)


def of_day(day: Day, blocks: Sequence[Block], items: Sequence[Item]) -> Iterator[Recording]:
    """The recordings of the whole day, one for each lane."""
    found = _by_lane(items)
    for lane in found:
        followed = [
            item
            for block in blocks
            for item in items
            if item.block == block.block and item.state == ItemState.DONE and item.lane == _followed(lane, block, found[lane])
        ]
        if followed:
            yield _recording(day, f"day@{lane}", "day", lane, followed, title=(day.title, day.title_en))


def _followed(lane: str, block: Block, own: Iterable[Item]) -> str:
    return lane if block.kind == "regional" and any(item.block == block.block for item in own) else NATIONAL


def _by_lane(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        if item.state == ItemState.DONE:
            found.setdefault(item.lane, []).append(item)
    return found


def _recording(  # noqa: PLR0913  # a row's columns
    day: Day,
    name: str,
    kind: str,
    lane: str,
    items: Sequence[Item],
    *,
    title: tuple[str, str | None],
    block: str | None = None,
    ends_at: datetime | None = None,
) -> Recording:
    in_order = sorted(items, key=lambda item: (item.starts_at, item.position))
    over_at = ends_at or max(item.ends_at for item in items)
    return Recording(
        day=day.day,
        recording=name,
        lane=lane,
        kind=kind,
        block=block,
        items=[item.item for item in in_order],
        title=title[0],
        title_en=title[1],
        begins_at=in_order[0].starts_at,
        ends_at=over_at,
        due_at=over_at + CAPTIONED_WITHIN,
        position=in_order[0].position,
    )


def keep(found: Recording, known: Recording | None, at: datetime) -> tuple[Recording, RecordingKept] | None:
    """Keep it; one that is known already and has become longer must be published anew. ``None``: nothing has changed."""
    if found.ends_at <= found.begins_at:
        return None
    if known is not None and (known.begins_at, known.ends_at, list(known.items)) == (found.begins_at, found.ends_at, list(found.items)):
        return None
    return found, RecordingKept(day=found.day, at=at, recording=found.recording, lane=found.lane)


# The gate -------------------------------------------------------------------------------------------------------------------------------


def publish(row: Recording | None, parts: Sequence[Recording], told: Covered, exception: str, at: datetime) -> RecordingPublished:
    """Let everybody see it.

    Args:
        parts: the recordings of its items, when it has several.
        exception: why it is published without captions.

    Raises:
        Refused: ``recording.no_such``, ``recording.already_published``, ``recording.nothing_shown``, ``recording.part_withdrawn``,
            ``recording.no_captions``, ``text.too_long``.
    """
    row = must_be(row)
    if row.state == "published":
        raise Refused("recording.already_published", _("Inspelningen är redan publicerad."))
    if not told.spoken_ms:
        raise Refused("recording.nothing_shown", _("Inspelningen visar bara väntbilden."))
    if any(part.state == "withdrawn" for part in parts):
        raise Refused("recording.part_withdrawn", _("Ett inslag i inspelningen har tagits bort. Publicera inslagen ett och ett."))
    if len(exception) > EXCEPTION_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=EXCEPTION_MOST)
    if not told.is_enough and at >= row.due_at:
        raise Refused("recording.too_late", _("Inspelningen saknar undertexter och de 14 dagarna är slut. Lägg till undertexter först."))
    if not told.is_enough and len(exception.strip()) < EXCEPTION_LEAST:
        raise Refused(
            "recording.no_captions",
            _("Inspelningen kan inte publiceras. Den saknar undertexter. Skriv ett undantag på minst %(least)d tecken."),
            least=EXCEPTION_LEAST,
        )
    return RecordingPublished(day=row.day, at=at, recording=row.recording, captioned=told.is_enough)


def withdraw(row: Recording | None, reason: str, at: datetime) -> RecordingWithdrawn:
    """Take it away from the public.

    Raises:
        Refused: ``recording.no_such``, ``recording.already_withdrawn``, ``text.empty``, ``text.too_long``.
    """
    row = must_be(row)
    if row.state == "withdrawn":
        raise Refused("recording.already_withdrawn", _("Inspelningen är redan borttagen."))
    if not reason.strip():
        raise Refused("text.empty", _("Skriv varför."))
    if len(reason) > REASON_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=REASON_MOST)
    return RecordingWithdrawn(day=row.day, at=at, recording=row.recording, late=False)


def time_is_over(row: Recording, told: Covered | None, at: datetime) -> RecordingCaptioned | RecordingWithdrawn:
    """Its time to get captions is over: it has them, or it goes. What cannot be looked at counts as having none."""
    if told is not None and told.is_enough:
        return RecordingCaptioned(day=row.day, at=at, recording=row.recording)
    return RecordingWithdrawn(day=row.day, at=at, recording=row.recording, late=True)


def not_yet() -> Refused:
    """The answer while its last pictures are not listed."""
    return Refused("recording.not_yet", _("Inspelningen är klar om ett ögonblick."), retry_after_ms=3_000)


def must_be(row: Recording | None) -> Recording:
    """The recording.

    Raises:
        Refused: ``recording.no_such``.
    """
    if row is None:
        raise Refused("recording.no_such", _("Inspelningen finns inte."))
    return row
