"""What is shown of lanes, and to whom. The pictures themselves go another way: see `origin`."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Shown, To, Viewer
from streaming.events import LanesEnded, SlideShown, SourceCame, SourceWent, Taken
from streaming.second import is_sign, lane_of, sign_of
from streaming.tables import OnAir, ProgrammeClock, Slide


def _taken(event: Taken) -> Shown:
    return [_in(lane, _face(event)) for lane in event.lanes]


def _ended(event: LanesEnded) -> Shown:
    return [_in(each, _over()) for lane in event.lanes for each in (lane, sign_of(lane))]


def _came(event: SourceCame) -> Shown:
    return [_in(lane, {"kind": "source", "text": None}) for lane in event.lanes]


def _went(event: SourceWent) -> Shown:
    return [_in(lane, {"kind": "slate", "text": event.title}) for lane in event.lanes]


def _slide(event: SlideShown) -> Shown:
    return [_in(lane, {"slide": _page(event)}) for lane in event.lanes]


def _page(slide: SlideShown | Slide) -> Data | None:
    """``page``, counted from 1, of ``pages``, and what is written on it as ``text``; nothing when slides are not shown."""
    return None if slide.page is None else {"page": slide.page, "pages": slide.pages, "text": slide.text}


def _in(lane: str, face: Data) -> tuple[To, Data]:
    """What a lane shows; what its second picture shows stands beside it, under names that say so."""
    whose = lane_of(lane)
    return To(lane=whose), {"lane": whose, **(_beside(face) if is_sign(lane) else face)}


def _face(shown: Taken | OnAir) -> Data:
    """``kind`` is ``film``, ``source`` or ``slate``; over a slate the page writes ``text``, and from ``until`` on a film is a slate too.

    A page of slides that is shown with it is told of by itself.
    """
    return {
        "source": shown.source,
        "kind": shown.kind,
        "title": shown.title,
        "text": shown.text,
        "since": shown.since,
        "until": shown.until,
        "slide": None,
    }


def _over() -> Data:
    return {"source": None, "kind": "ended", "title": None, "text": None, "since": None, "until": None, "slide": None}


FACES: Faces = {Taken: _taken, SourceCame: _came, SourceWent: _went, SlideShown: _slide, LanesEnded: _ended}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``lane`` of the state: what the viewer's own lane shows, and as ``sign_source`` and so on its second picture, once it had one."""
    sign = sign_of(viewer.lane)
    rows = await session.exec(select(OnAir).where(OnAir.day == day, col(OnAir.lane).in_((viewer.lane, sign))))
    shown = {row.lane: _face(row) for row in rows}
    clock = (await session.exec(select(ProgrammeClock).where(ProgrammeClock.day == day))).one_or_none()
    if viewer.lane not in shown or clock is None:
        return {"lane": {"lane": viewer.lane}}
    slide = await session.get(Slide, (day, shown[viewer.lane]["source"]))
    if slide is not None:
        shown[viewer.lane]["slide"] = _page(slide)
    if clock.ended_ms is not None:
        shown = dict.fromkeys(shown, _over())
    face = {"lane": viewer.lane, **shown[viewer.lane], **_beside(shown.get(sign, {}))}
    return {"lane": {name: value for name, value in face.items() if value is not None}}


def _beside(face: Data) -> Data:
    return {f"sign_{name}": value for name, value in face.items()}
