"""What is shown of lanes, and to whom. The pictures themselves go another way: see `origin`."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Shown, To, Viewer
from streaming.events import LanesEnded, SourceCame, SourceWent, Taken
from streaming.tables import OnAir, ProgrammeClock


def _taken(event: Taken) -> Shown:
    return [(To(lane=lane), {"lane": lane, **_face(event)}) for lane in event.lanes]


def _ended(event: LanesEnded) -> Shown:
    return [(To(lane=lane), {"lane": lane, **_over()}) for lane in event.lanes]


def _came(event: SourceCame) -> Shown:
    return [(To(lane=lane), {"lane": lane, "kind": "source", "text": None}) for lane in event.lanes]


def _went(event: SourceWent) -> Shown:
    return [(To(lane=lane), {"lane": lane, "kind": "slate", "text": event.title}) for lane in event.lanes]


def _face(shown: Taken | OnAir) -> Data:
    """``kind`` is ``film``, ``source`` or ``slate``; over a slate the page writes ``text``, and from ``until`` on a film is a slate too."""
    return {
        "source": shown.source,
        "kind": shown.kind,
        "title": shown.title,
        "text": shown.text,
        "since": shown.since,
        "until": shown.until,
    }


def _over() -> Data:
    return {"source": None, "kind": "ended", "title": None, "text": None, "since": None, "until": None}


FACES: Faces = {Taken: _taken, SourceCame: _came, SourceWent: _went, LanesEnded: _ended}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``lane`` of the state: what the viewer's own lane shows."""
    shown = (await session.exec(select(OnAir).where(OnAir.day == day, OnAir.lane == viewer.lane))).one_or_none()
    clock = (await session.exec(select(ProgrammeClock).where(ProgrammeClock.day == day))).one_or_none()
    if shown is None or clock is None:
        return {"lane": {"lane": viewer.lane}}
    face = _over() if clock.ended_ms is not None else _face(shown)
    return {"lane": {"lane": viewer.lane, **{name: value for name, value in face.items() if value is not None}}}
