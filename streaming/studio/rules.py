"""Who may sit, who is ready, who is shown. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import NATIONAL, STAFF
from conference.tables import Region, Source
from streaming.studio.events import KeyRenewed, PanelChanged, ReadyTold, SeatBound, Seated, Shared, Typed, TypingBegun, Whispered
from streaming.studio.tables import Panel, Seat, TypedLine

PANEL: Final = "panel"  # the country's; a region's has the region's name behind it
CAMERA: Final = "Medverkande"  # titles of sources are written in the day's language, as the kit's are
LINK: Final = "link"  # the kind of source that guests come by, from a browser or with an encoder of their own
SCREEN: Final = "Delad skärm"
WHISPER_MOST: Final = 500  # characters
SHOWN: Final = timedelta(seconds=30)  # an unfinished line that rests longer is painted no more; going on with it is news
SEATS_MOST: Final = 12  # in one panel: what one screen can show and one network can carry
BRIEF: Final = 19  # characters of a source that we name: with the longest day's name they make up a name that the media process takes
KINDS: Final[Mapping[str, str]] = {
    "panel": "panel",
    "studio": "rtmp",
    "screen": "screen",
}  # kind of source -> what the media process calls it; else "whip"


def seat(by: Actor, found: Seat | None, *, at: datetime) -> Seat:
    """The seat that somebody has, or gets."""
    if found is not None:
        return found.model_copy(update={"lane": by.lane})
    return Seat(day=by.day, person=by.person, source=camera_of(by.person), lane=by.lane, sat_at=at)


def seated(taken: Seat, panel: Source, *, at: datetime) -> Seated:
    """The fact of it."""
    place = {"lane": taken.lane, "panel": panel.source, "panel_title": panel.title}
    return Seated(day=taken.day, at=at, source=taken.source, person=taken.person, ready=taken.ready, **place)


def camera(taken: Seat) -> Source:
    """Somebody's camera. It bears no name: names can be erased, and what is on air is told to everybody."""
    return Source(day=taken.day, source=taken.source, kind="person", title=CAMERA, lanes=[taken.lane], position=200)


def screen(taken: Seat) -> Source:
    """Somebody's shared screen."""
    return Source(day=taken.day, source=f"{taken.source}-bild", kind="screen", title=SCREEN, lanes=[taken.lane], position=300)


def shared(taken: Seat, source: str, *, at: datetime) -> Shared:
    """The fact of it."""
    return Shared(day=taken.day, at=at, source=source, person=taken.person, lane=taken.lane)


def panel_source(day: str, lane: str, region: Region | None = None) -> Source:
    """The panel of a lane."""
    title = "Panelen" if region is None else f"Panelen, {region.name}"
    return Source(day=day, source=panel_of(lane), kind="panel", title=title, lanes=[lane], position=100)


def shared_screen(lane: str, sources: Iterable[Source]) -> str | None:
    """What the screens of a lane's speakers are shown as, when the day has a source for it: its run-of-show then takes them by itself."""
    found = (one for one in sources if one.kind == "screen" and lane in one.lanes and not one.source.startswith("p-"))
    return next((one.source for one in sorted(found, key=lambda one: one.position)), None)


def ready(taken: Seat | None, others: Iterable[Seat], *, now: bool, at: datetime) -> tuple[Seat, ReadyTold]:
    """Somebody says that they are ready, or are not any more.

    Raises:
        Refused: ``seat.no_such``, ``panel.full``.
    """
    if taken is None:
        raise no_seat()
    company = [one for one in others if one.ready and one.lane == taken.lane and one.person != taken.person]
    if now and len(company) >= SEATS_MOST:
        raise Refused("panel.full", _("Panelen är full. Säg till producenten."))
    event = ReadyTold(day=taken.day, at=at, source=taken.source, person=taken.person, ready=now, lane=taken.lane)
    return taken.model_copy(update={"ready": now}), event


def bind(
    seat: Seat | None, link: str | None, sources: Collection[Source], seats: Iterable[Seat], *, at: datetime
) -> tuple[list[Seat], SeatBound]:
    """Send somebody's camera as a guest by link, or no longer; whoever was that guest is themselves again. Returns the seats that change.

    Raises:
        Refused: ``seat.no_such``, ``source.no_such``: it is none for guests by link.
    """
    if seat is None:
        raise no_seat()
    if link is not None and not any(one.source == link and one.kind == LINK for one in sources):
        raise no_source()
    other = next((one for one in seats if link is not None and one.sends_as == link and one.person != seat.person), None)
    changed = [seat.model_copy(update={"sends_as": link}), *([other.model_copy(update={"sends_as": None})] if other else [])]
    told = {"sends_as": link, "before": seat.sends_as, "instead_of": other.source if other else None}
    lanes = {one.source: list(one.lanes) for one in sources if one.source in {seat.source, *told.values()}}
    return changed, SeatBound(day=seat.day, at=at, source=seat.source, person=seat.person, lanes=lanes, **told)


def guests(seats: Iterable[Seat]) -> dict[str, str]:
    """Source of the kind `LINK` -> the camera that it shows."""
    return {one.sends_as: one.source for one in seats if one.sends_as}


def members(panel: Panel, wanted: Sequence[str] | None, known: Collection[str]) -> Panel:
    """Who belongs to a panel from now on; ``None`` for all who are ready.

    Raises:
        Refused: ``source.no_such``, ``panel.full``.
    """
    if wanted is None:
        return panel.model_copy(update={"members": None})
    once = list(dict.fromkeys(wanted))
    if not set(once) <= set(known):
        raise no_source()
    if len(once) > SEATS_MOST:
        raise Refused("panel.full", _("Högst %(most)d kan vara med i panelen."), most=SEATS_MOST)
    chosen = panel.chosen if panel.chosen in once else None
    return panel.model_copy(update={"members": once, "chosen": chosen})


def choose(panel: Panel, wanted: str | None, known: Collection[str]) -> Panel:
    """Whose picture a panel shows from now on; ``None`` for whoever speaks loudest.

    Raises:
        Refused: ``source.no_such``.
    """
    if wanted is not None and wanted not in known:
        raise no_source()
    return panel.model_copy(update={"chosen": wanted})


def changed(panel: Panel, lanes: Sequence[str], *, at: datetime) -> PanelChanged:
    """The fact of either; *lanes* are those of the panel."""
    return PanelChanged(day=panel.day, at=at, panel=panel.panel, members=panel.members, chosen=panel.chosen, lanes=list(lanes))


def whisper(by: Actor, name: str, seat: Seat | None, text: str, *, at: datetime) -> Whispered:
    """A word to the producer, or from one who runs the day to one who takes part.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``seat.no_such``, ``role.missing``.
    """
    text = text.strip()
    if not text:
        raise Refused("text.empty", _("Skriv något först."))
    if len(text) > WHISPER_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=WHISPER_MOST)
    if seat is None:
        raise no_seat()
    if seat.person != by.person and not by.roles & STAFF:
        raise Refused("role.missing", _("Det får bara den som leder dagen göra."))
    return Whispered(day=by.day, at=at, whisper=name, seat=seat.person, by_desk=seat.person != by.person, text=text)


def typing(
    by: Actor, lane: str, line: TypedLine | None, text: str, *, final: bool, name: str, at: datetime
) -> tuple[TypedLine | None, TypingBegun | Typed | None]:
    """Write on one's line as it reads now, or finish it. Nothing at all comes of an empty line that nobody has begun.

    Args:
        line: the one that is being written.
        name: the id of the line, should it be a new one.

    Raises:
        Refused: ``text.empty``, ``text.too_long``.
    """
    text = text.strip() if final else text
    if final and not text:
        raise Refused("text.empty", _("Skriv något först."))
    if len(text) > WHISPER_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=WHISPER_MOST)
    if line is None and not text:
        return None, None
    desk = bool(by.roles & STAFF)
    new = line or TypedLine(day=by.day, typed=name, lane=lane, person=by.person, by_desk=desk, text="", begun_at=at, touched_at=at)
    row = new.model_copy(update={"text": text, "touched_at": at, "finished_at": at if final else None})
    told: dict[str, Any] = {name: getattr(row, name) for name in ("day", "typed", "lane", "person", "by_desk", "begun_at")}
    if final:
        return row, Typed(**told, at=at, text=text)
    return row, TypingBegun(**told, at=at) if line is None or at - line.touched_at >= SHOWN else None


def renewed(source: Source, generation: int, *, at: datetime) -> KeyRenewed:
    """New keys.

    Raises:
        Refused: ``source.no_such``: a panel has none.
    """
    if source.kind == "panel":
        raise no_source()
    return KeyRenewed(day=source.day, at=at, source=source.source, generation=generation)


def in_panel(panel: str, decided: Panel | None, seats: Iterable[Seat]) -> list[str]:
    """Who belongs to a panel: those who were chosen by hand, else all of its lane who are ready, in the order in which they came."""
    if decided is not None and decided.members is not None:
        return list(decided.members)
    mine = [one for one in seats if one.ready and panel_of(one.lane) == panel]
    return [one.source for one in sorted(mine, key=lambda one: one.sat_at)][:SEATS_MOST]


def camera_of(person: str) -> str:
    """What somebody's camera is called. It stands in addresses that everybody sees, and tells nobody who it is."""
    return "p-" + hashlib.sha256(person.encode()).hexdigest()[:12]


def panel_of(lane: str) -> str:
    """The panel of a lane."""
    if lane == NATIONAL:
        return PANEL
    name = f"{PANEL}-{lane}"
    return name if len(name) <= BRIEF else f"{PANEL}-{hashlib.sha256(lane.encode()).hexdigest()[:12]}"


def no_source() -> Refused:
    """The answer to a name that is none of the day's sources."""
    return Refused("source.no_such", _("Källan finns inte."))


def no_seat() -> Refused:
    """The answer to somebody who has not come to the studio."""
    return Refused("seat.no_such", _("Öppna studion först."))


def token_wrong() -> Refused:
    """The answer to whoever does not bring the source's own token."""
    return Refused("source.token_wrong", _("Nyckeln till källan stämmer inte. Be producenten om en ny."))
