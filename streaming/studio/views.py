"""What is shown behind the scenes: to those who run the day, and to those who take part in it. The public sees none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Shown, To, Viewer, nobody
from conference.people import NATIONAL, STAFF, Role
from conference.tables import Source
from streaming.second import lane_of
from streaming.studio import rules
from streaming.studio.events import KeyRenewed, PanelChanged, ReadyTold, SeatBound, Seated, SeatNamed, Shared, Typed, TypingBegun, Whispered
from streaming.studio.tables import Panel, Seat, SourceKey, TypedLine, Whisper
from streaming.tables import OnAir

BEHIND = frozenset({Role.SPEAKER.value}) | STAFF  # who may come behind the scenes
WHISPERS_MOST = 200  # words in the state
LINES_MOST = 20  # of what is written to a panel


def inside(lanes: Sequence[str], roles: frozenset[str] = BEHIND) -> To:
    """Who of those behind the scenes sees a source for these lanes.

    What is for one region alone is for those whose role reaches there; what is for the country, or for several, can be taken on air in
    any region, and is for a region's moderator to know as well.
    """
    return To(having=roles) if len(lanes) != 1 or lanes[0] == NATIONAL else To(roles=roles, about=lanes[0])


def _seated(event: Seated) -> Shown:
    to = inside([event.lane])
    person = {"kind": "person", "title": rules.CAMERA, "lanes": [event.lane], "panel": event.panel, "ready": event.ready or None}
    shown: list[tuple[To, Data]] = [
        (to, {"source": event.panel, "kind": "panel", "title": event.panel_title, "lanes": [event.lane]}),
        (to, {"source": event.source, **person, "by": {"person": event.person}}),
    ]
    if event.lane != NATIONAL:  # whoever has come from another lane is nothing any more to those who lead that one alone
        shown.append((To(having=BEHIND, without=BEHIND, about=event.lane), {"source": event.source, "gone": True}))
    return shown


def _shared(event: Shared) -> Shown:
    screen = {"kind": "screen", "title": rules.SCREEN, "lanes": [event.lane]}
    return [(inside([event.lane]), {"source": event.source, **screen, "by": {"person": event.person}})]


def _ready(event: ReadyTold) -> Shown:
    return [(inside([event.lane]), {"source": event.source, "ready": event.ready or None, "by": {"person": event.person}})]


def _named(event: SeatNamed) -> Shown:
    return [(inside([event.lane]), {"source": source, "by": {"person": event.person}}) for source in event.sources]


def _bound(event: SeatBound) -> Shown:
    told = [(event.source, "sends_as", event.sends_as), (event.sends_as, "sent_by", event.source)]
    told += [(event.before, "sent_by", None), (event.instead_of, "sends_as", None)]
    return [(inside(event.lanes.get(source, ())), {"source": source, name: value}) for source, name, value in told if source is not None]


def _panel(event: PanelChanged) -> Shown:
    return [(inside(event.lanes), {"source": event.panel, "members": event.members, "chosen": event.chosen})]


def _whispered(event: Whispered) -> Shown:
    """For those who run the day, and for the one who takes part."""
    return [(To(roles=STAFF), _said(event)), (To(without=STAFF, person=event.seat), _said(event))]


def _typing(event: TypingBegun | Typed) -> Shown:
    """For those who run the day, and for the panel."""
    return typed_to(event.lane, _typed(event))


def typed_to(lane: str, data: Data) -> list[tuple[To, Data]]:
    """Who reads a line: those who run the day, and those who take part in its panel."""
    return [(To(roles=STAFF, about=lane), data), (To(having=frozenset({Role.SPEAKER.value}), without=STAFF, about=lane, lane=lane), data)]


def _typed(line: TypingBegun | Typed | TypedLine) -> Data:
    face: Data = {"typed": line.typed, "lane": line.lane, "by": {"person": line.person}, "from": "desk" if line.by_desk else "seat"}
    face["at"] = line.begun_at
    if isinstance(line, TypingBegun):  # its words come as pictures
        return face | {"open": True}
    if isinstance(line, Typed):
        return face | {"text": line.text, "open": None}
    return face | {"text": line.text} | ({} if line.finished_at else {"open": True})


def _said(word: Whispered | Whisper) -> Data:
    return {"whisper": word.whisper, "with": word.seat, "from": "desk" if word.by_desk else "seat", "text": word.text, "at": word.at}


FACES: Faces = {
    Seated: _seated,
    SeatNamed: _named,
    Shared: _shared,
    ReadyTold: _ready,
    SeatBound: _bound,
    PanelChanged: _panel,
    Whispered: _whispered,
    TypingBegun: _typing,
    Typed: _typing,
    KeyRenewed: nobody,
}


@dataclass(frozen=True)
class Backstage:
    """Everything of a day that is behind the scenes.

    Attributes:
        generations: of sources whose keys have been renewed.
        on_air: source -> the lanes that show it, or wait for it.
    """

    sources: Sequence[Source]
    seats: Sequence[Seat]
    panels: Mapping[str, Panel]
    generations: Mapping[str, int]
    on_air: Mapping[str, list[str]]

    def members(self, panel: str) -> list[str]:
        """Who belongs to a panel now."""
        return rules.in_panel(panel, self.panels.get(panel), self.seats)

    def lanes_of(self, source: str) -> list[str]:
        """The lanes in which a source is on air: by itself, or in a panel."""
        found = [*self.on_air.get(source, ())]
        for one in self.sources:
            if one.kind == "panel" and source in self.members(one.source):
                found += self.on_air.get(one.source, ())
        for seat in self.seats:
            if seat.source == source and seat.sends_as:
                found += self.lanes_of(seat.sends_as)
        return list(dict.fromkeys(found))


async def backstage(session: AsyncSession, day: str) -> Backstage:
    """Read it."""
    sources = (await session.exec(select(Source).where(Source.day == day).order_by(col(Source.position), col(Source.source)))).all()
    seats = (await session.exec(select(Seat).where(Seat.day == day).order_by(col(Seat.sat_at)))).all()
    panels = (await session.exec(select(Panel).where(Panel.day == day))).all()
    keys = (await session.exec(select(SourceKey).where(SourceKey.day == day))).all()
    on_air: dict[str, list[str]] = {}
    for shown in await session.exec(select(OnAir).where(OnAir.day == day).order_by(col(OnAir.lane))):
        on_air.setdefault(shown.source, []).append(lane_of(shown.lane))
    return Backstage(sources, seats, {one.panel: one for one in panels}, {one.source: one.generation for one in keys}, on_air)


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``sources`` and ``whispers`` of the state, as far as somebody behind the scenes reaches; those who run the day see all words."""
    if not viewer.roles & BEHIND:
        return {}
    seen = await backstage(session, day)
    seats = {one.source: one for one in seen.seats} | {one.screen: one for one in seen.seats if one.screen}
    words = await _whispers(session, day) if viewer.is_one_of(STAFF) else []
    typed = await _lines(session, day, _read_by(viewer))
    faces = [_face(one, seats.get(one.source), seen) for one in seen.sources if inside(one.lanes).sees(viewer)]
    return {"sources": faces, "whispers": [_said(one) for one in words], "typed": [_typed(one) for one in typed]}


async def personal(session: AsyncSession, day: str, persons: Sequence[str]) -> dict[str, dict[str, dict[str, Data]]]:
    """What the producer and each of these have said to each other."""
    found: dict[str, dict[str, dict[str, Data]]] = {}
    for one in await _whispers(session, day, persons):
        found.setdefault(one.seat, {"whispers": {}})["whispers"][one.whisper] = _said(one)
    return found


def _read_by(viewer: Viewer) -> set[str] | None:
    """The lanes whose panels' words somebody reads; ``None``: all."""
    if viewer.is_one_of(STAFF):
        return None
    reached = {lane for role, lane in viewer.bounds if role in STAFF & viewer.roles}
    return reached | ({viewer.lane} if Role.SPEAKER.value in viewer.roles else set())


async def _lines(session: AsyncSession, day: str, lanes: set[str] | None) -> Sequence[TypedLine]:
    wanted = select(TypedLine).where(TypedLine.day == day)
    if lanes is not None:
        wanted = wanted.where(col(TypedLine.lane).in_(lanes))
    return (await session.exec(wanted.order_by(col(TypedLine.typed).desc()).limit(LINES_MOST))).all()[::-1]


async def unfinished(session: AsyncSession, day: str, now: datetime) -> list[tuple[str, list[tuple[To, Data]]]]:
    """The lines that are being written, by id, with who sees them; one that rests is left out. Who writes it was told when it was begun."""
    wanted = select(TypedLine).where(TypedLine.day == day, col(TypedLine.finished_at).is_(None), TypedLine.touched_at > now - rules.SHOWN)
    found = (await session.exec(wanted)).all()
    return [(one.typed, typed_to(one.lane, {key: value for key, value in _typed(one).items() if key != "by"})) for one in found]


async def _whispers(session: AsyncSession, day: str, seats: Sequence[str] | None = None) -> Sequence[Whisper]:
    wanted = select(Whisper).where(Whisper.day == day).order_by(col(Whisper.whisper).desc()).limit(WHISPERS_MOST)
    if seats is not None:
        there = (await session.exec(select(Seat.person).where(Seat.day == day))).all()
        wanted = wanted.where(col(Whisper.seat).in_(set(seats) & set(there)))
    return (await session.exec(wanted)).all()[::-1]


def _face(source: Source, seat: Seat | None, seen: Backstage) -> Data:
    face: Data = {"source": source.source, "kind": source.kind, "title": source.title, "lanes": list(source.lanes)}
    if seat is not None:
        face["by"] = {"person": seat.person}
        face |= {"panel": rules.panel_of(seat.lane)} if source.kind == "person" else {}
        face |= {"ready": True} if seat.ready and source.kind == "person" else {}
        face |= {"sends_as": seat.sends_as} if seat.sends_as and source.kind == "person" else {}
    if guest := rules.guests(seen.seats).get(source.source):
        face["sent_by"] = guest
    decided = seen.panels.get(source.source)
    if decided is not None:
        face |= {name: value for name, value in (("members", decided.members), ("chosen", decided.chosen)) if value is not None}
    return face


def picture(source: str, seen: Backstage, status: Mapping[str, Any] | None) -> Data:
    """How a source stands now: what the media process says of it, and where it is on air."""
    return {"source": source, "on_air": seen.lanes_of(source), **(status or {"state": "waiting"})}
