"""What is shown of gestures: how many there are to what a lane shows, and whether one may make them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.gestures.events import GesturesAllowed
from chat.gestures.tables import GestureCount, StillLane
from conference.core.faces import EVERYBODY, Data, Faces, To, Viewer, everyone
from conference.people import NATIONAL
from conference.rundown.tables import Track
from conference.tables import Day


def _allowed(event: GesturesAllowed) -> Data:
    return {"off": event.off}


FACES: Faces = {GesturesAllowed: everyone(_allowed)}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``gestures``: the ``item`` that the viewer's lane shows, its ``counts``, and the lanes where they are ``off``."""
    tracks = {track.lane: track for track in await _tracks(session, day)}
    track = tracks.get(viewer.lane) or tracks.get(NATIONAL)
    item = track.shown.get("item") if track else None
    counts = await _counts(session, day, {item} if item else set())
    off = (await session.exec(select(StillLane.lane).where(StillLane.day == day).order_by(StillLane.lane))).all()
    return {"gestures": {**({"item": item} if item else {}), "counts": counts.get(item or "", {}), "off": list(off)}}


async def pictures(session: AsyncSession, day: str) -> list[tuple[str, list[To], Data]]:
    """For each item that is on: its id, who looks at it, and how often which gesture was made to it; nothing when the day is not on."""
    state = (await session.exec(select(Day.state).where(Day.day == day))).first()
    if state != "live":
        return []
    tracks = await _tracks(session, day)
    watching = defaultdict[str, list[str]](list)
    for track in tracks:
        if item := track.shown.get("item"):
            watching[item].append(track.lane)
    counts = await _counts(session, day, set(watching))
    return [
        (
            item,
            [EVERYBODY] if len(lanes) == len(tracks) else [To(lane=lane) for lane in lanes],
            {"item": item, "counts": counts.get(item, {})},
        )
        for item, lanes in watching.items()
    ]


async def all_counts(session: AsyncSession, day: str) -> dict[str, dict[str, int]]:
    """Of every item to which somebody made one: item -> gesture -> how many."""
    return await _counts(session, day, None)


async def _tracks(session: AsyncSession, day: str) -> Sequence[Track]:
    return (await session.exec(select(Track).where(Track.day == day).order_by(Track.lane))).all()


async def _counts(session: AsyncSession, day: str, items: set[str] | None) -> dict[str, dict[str, int]]:
    wanted = select(GestureCount).where(GestureCount.day == day)
    if items is not None:
        wanted = wanted.where(col(GestureCount.item).in_(items))
    found: dict[str, dict[str, int]] = {}
    for row in await session.exec(wanted.order_by(GestureCount.item, GestureCount.gesture)):
        found.setdefault(row.item, {})[row.gesture] = row.n
    return found
