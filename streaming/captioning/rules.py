"""Who may write captions when, and what becomes of a line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.core.event import Event
from conference.people import STAFF, Role
from streaming.captioning.events import LineBegun, LineCorrected, LineFinished, TurnChanged
from streaming.captioning.tables import Caption, Turn

WRITERS = frozenset({*STAFF, Role.CAPTIONER.value})
TEXT_MOST = 200  # characters of a line; two rows of subtitles hold 74
ROWS_MOST = 2
GIVEN_UP = timedelta(seconds=5)  # a line that nobody has touched for so long keeps nobody from taking over
SHOWN = timedelta(seconds=30)  # an unfinished line that rests longer is painted no more; going on with it is news
DELAY_MOST_MS = 10_000


@dataclass(frozen=True)
class Desk:
    """How things stand in a lane when somebody wants to write.

    Attributes:
        line: the unfinished one.
        everywhere: all lanes show the same picture, so a new line goes to all but those ``apart``.
        apart: the regions that are late, and show their own.
    """

    turn: Turn
    line: Caption | None = None
    everywhere: bool = False
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """What follows: the turn as it is now, the line if one changed, and what has happened, in order."""

    turn: Turn
    line: Caption | None = None
    events: tuple[Event, ...] = ()


def write(by: Actor, desk: Desk, text: str, *, final: bool, name: str, at: datetime) -> Step:
    """Write on the line, or finish it. Whoever writes first has the turn.

    Args:
        name: the id of the line, should it be a new one.

    Raises:
        Refused: ``captions.not_your_turn``, ``text.empty``, ``text.too_long``.
    """
    text = cleaned(text)
    if desk.turn.writer not in {None, by.person}:
        raise not_your_turn()
    if final and not text:
        raise Refused("text.empty", _("Skriv något först."))
    turned = _turned(desk.turn, at, writer=by.person) if desk.turn.writer is None else Step(desk.turn)
    if desk.line is None and not text:
        return turned
    old = desk.line
    line = old or _new(by, desk, name, at)
    line = _with(line, text=text, touched_at=at)
    if final:
        return _and(turned, _finished(Desk(turned.turn, line), at))
    begun = (_of(LineBegun, line, at),) if old is None or at - old.touched_at >= SHOWN else ()
    return _and(turned, Step(_with(turned.turn, line=line.line), line, begun))


def _new(by: Actor, desk: Desk, name: str, at: datetime) -> Caption:
    """An empty line, for those who see what it will be about."""
    where: dict[str, Any] = {"lane": desk.turn.lane, "everywhere": desk.everywhere, "apart": list(desk.apart)}
    return Caption(day=by.day, line=name, **where, text="", begun_at=at, touched_at=at, by=by.person)


def is_shown(line: Caption, lane: str) -> bool:
    """Whether a lane shows a line: it is about the picture that the lane had when it was begun."""
    return line.lane == lane or (line.everywhere and lane not in line.apart)


def correct(line: Caption | None, text: str, *, at: datetime) -> tuple[Caption, LineCorrected]:
    """Change a finished line.

    Raises:
        Refused: ``captions.no_such_line``, ``text.empty``, ``text.too_long``.
    """
    if line is None or line.finished_at is None:
        raise Refused("captions.no_such_line", _("Raden finns inte, eller är inte färdig än."))
    text = cleaned(text)
    if not text:
        raise Refused("text.empty", _("Skriv något först."))
    line = _with(line, text=text, touched_at=at, corrected=True)
    return line, _of(LineCorrected, line, at, text=text)


def take(by: Actor, desk: Desk, at: datetime) -> Step:
    """Take over: at once when nobody is in the middle of a line, else as soon as that line is finished."""
    if desk.turn.writer == by.person:
        return Step(desk.turn)
    line = desk.line
    if desk.turn.writer is not None and line is not None and line.text and at - line.touched_at < GIVEN_UP:
        return _turned(desk.turn, at, wanted=by.person)
    return _passed(Desk(_with(desk.turn, wanted=by.person), line), at)


def give(by: Actor, desk: Desk, at: datetime) -> Step:
    """Hand over to whoever wants the turn or stands ready, else to whoever writes next. The line ends as it stands.

    Raises:
        Refused: ``captions.not_your_turn``.
    """
    if desk.turn.writer != by.person:
        raise not_your_turn()
    return _passed(desk, at)


def be_ready(by: Actor, turn: Turn, *, ready: bool, at: datetime) -> Step:
    """Stand ready to be handed the turn, or no longer."""
    if ready and turn.writer != by.person:
        return _turned(turn, at, ready=by.person)
    if not ready and by.person in {turn.ready, turn.wanted}:
        return _turned(turn, at, **{name: None for name in ("ready", "wanted") if getattr(turn, name) == by.person})
    return Step(turn)


def set_delay(turn: Turn, seconds: float, at: datetime) -> Step:
    """How long after a word its line is usually begun.

    Raises:
        Refused: ``captions.delay_out_of_range``.
    """
    delay_ms = round(seconds * 1_000)
    if not 0 <= delay_ms <= DELAY_MOST_MS:
        raise Refused("captions.delay_out_of_range", _("Välj mellan 0 och 10 sekunder."))
    return _turned(turn, at, delay_ms=delay_ms)


def finish(desk: Desk, at: datetime) -> Step:
    """The unfinished line ends as it stands: the day is over."""
    return _finished(desk, at) if desk.line else Step(desk.turn)


def cleaned(text: str) -> str:
    """At most two rows, with single spaces.

    Raises:
        Refused: ``text.too_long``.
    """
    rows = [row for row in (" ".join(row.split()) for row in text.split("\n")) if row]
    text = "\n".join([*rows[: ROWS_MOST - 1], " ".join(rows[ROWS_MOST - 1 :])]).strip()
    if len(text) > TEXT_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=TEXT_MOST)
    return text


def not_your_turn() -> Refused:
    """The answer to whoever writes while another one does."""
    return Refused("captions.not_your_turn", _("Någon annan skriver just nu. Ta över när raden är klar."))


def _finished(desk: Desk, at: datetime) -> Step:
    """The line is kept; whoever wanted the turn has it now."""
    assert desk.line
    line = _with(desk.line, finished_at=at)
    done = Step(_with(desk.turn, line=None), line, (_of(LineFinished, line, at, text=line.text),))
    return _and(done, _turned(done.turn, at, writer=desk.turn.wanted)) if desk.turn.wanted else done


def _passed(desk: Desk, at: datetime) -> Step:
    heir = desk.turn.wanted or desk.turn.ready
    plain = _with(desk.turn, wanted=None)
    ended = _finished(Desk(plain, desk.line), at) if desk.line else Step(plain)
    return _and(ended, _turned(ended.turn, at, writer=heir))


def _turned(turn: Turn, at: datetime, **changes: Any) -> Step:
    """The turn changed. Who writes neither wants it nor stands ready."""
    if "writer" in changes:
        writer = changes["writer"]
        changes |= {"since": at, "wanted": None, "ready": None if turn.ready == writer else turn.ready}
    new = _with(turn, **changes)
    about = {name: getattr(new, name) for name in ("lane", "writer", "since", "ready", "wanted", "delay_ms")}
    return Step(new, events=(TurnChanged(day=turn.day, at=at, **about),))


def _and(first: Step, then: Step) -> Step:
    return Step(then.turn, then.line or first.line, (*first.events, *then.events))


def _of(kind: Any, line: Caption, at: datetime, **more: Any) -> Any:
    about = {"line": line.line, "lane": line.lane, "everywhere": line.everywhere, "apart": line.apart, "begun_at": line.begun_at}
    return kind(day=line.day, at=at, **about, **more)


def _with(row: Any, **changes: Any) -> Any:
    return row.model_copy(update=changes)
