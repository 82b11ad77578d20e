"""What may be written of needs, actions and benefit, and how an action goes from stage to stage. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any, Final

from conference.core.errors import Refused, _
from conference.core.event import Event
from conference.followup.events import ActionMoved, ActionTold
from conference.followup.tables import Action, Told

STAGES: Final = ("need", "trial", "evaluated", "in_use")
"""From a need that somebody works with, over a trial and its evaluation, to ordinary use."""
MEASURES: Final = ("organisations", "municipalities", "people", "screens")
KINDS: Final = ("kommun", "region", "stat", "privat", "akademi", "forening", "annat")
"""The kit's list of where people work, so that what organizers note and what people tell can be compared."""
MUNICIPALITY: Final = "kommun"
THINGS: Final = ("need", "action", "benefit", "target", "reached")

STATEMENT_MOST: Final = 300  # characters; a need that takes more is two
WORDS_MOST: Final = 120  # characters of a source, a theme, an owner, a unit
TEXT_MOST: Final = 1_000  # characters of what is told, and of an assumption
NAME_MOST: Final = 200  # characters of an organisation's name
WEIGHT_MOST: Final = 1_000_000
FIGURE_MOST: Final = 1e12  # far beyond any count in the country, and exact enough as a float
NEEDS_MOST: Final = 1_000  # of a day; the page is for people to read
ACTIONS_MOST: Final = 500
TOLD_MOST: Final = 200  # words and steps of an action, after which its owner's link takes no more: one a week for four years
TARGETS_MOST: Final = 100
REACHED_MOST: Final = 5_000  # organisations of a day; there are 290 municipalities
ID_LONG: Final = 24  # characters of a hash: 96 bits, so no two organisations share one
LINK_WORKS: Final = timedelta(days=400)  # a year after the day, and a month to answer in


@dataclass(frozen=True)
class NeedDraft:
    """A need as somebody writes it."""

    statement: str
    source: str = ""
    theme: str = ""
    goals: tuple[str, ...] = ()
    weight: int = 0
    items: tuple[str, ...] | None = None  # None: as they were

    def columns(self) -> dict[str, Any]:
        """As it is stored; whether goals and items exist is for the caller to look up.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``weight.out_of_range``.
        """
        if not 0 <= self.weight <= WEIGHT_MOST:
            raise Refused("weight.out_of_range", _("Skriv vikten som ett helt tal från 0 till %(most)s."), most=WEIGHT_MOST)
        told: dict[str, Any] = {
            "statement": line(self.statement, STATEMENT_MOST, needed=_("Skriv behovet.")),
            "source": line(self.source, WORDS_MOST),
            "theme": line(self.theme, WORDS_MOST),
            "goals": _once(self.goals),
            "weight": self.weight,
        }
        return told if self.items is None else {**told, "items": _once(self.items)}


@dataclass(frozen=True)
class ActionDraft:
    """An action as somebody writes it."""

    what: str
    owner: str = ""
    due: date | None = None
    needs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """As it is stored.

        Raises:
            Refused: ``text.empty``, ``text.too_long``.
        """
        return {
            "what": line(self.what, STATEMENT_MOST, needed=_("Skriv vad som ska göras.")),
            "owner": line(self.owner, WORDS_MOST),
            "due": self.due,
            "needs": _once(self.needs),
            "items": _once(self.items),
        }


@dataclass(frozen=True)
class BenefitDraft:
    """A benefit as somebody writes it."""

    what: str
    unit: str = ""
    assumption: str = ""
    baseline: float | None = None
    effect: float | None = None
    value: float | None = None
    measured_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """As it is stored.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``figure.out_of_range``.
        """
        figures = {name: figure(getattr(self, name)) for name in ("baseline", "effect", "value")}
        return {
            "what": line(self.what, STATEMENT_MOST, needed=_("Skriv vad nyttan är.")),
            "unit": line(self.unit, WORDS_MOST),
            "assumption": line(self.assumption, TEXT_MOST),
            "measured_on": self.measured_on,
            **figures,
        }


@dataclass(frozen=True)
class TargetDraft:
    """A goal in a figure, as somebody writes it."""

    title: str
    measure: str
    amount: int
    goal: str | None = None
    due: date | None = None

    def columns(self) -> dict[str, Any]:
        """As it is stored.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``measure.unknown``, ``figure.out_of_range``.
        """
        if self.measure not in MEASURES:
            raise Refused("measure.unknown", _("Välj vad som ska räknas."))
        if not 1 <= self.amount <= WEIGHT_MOST:
            raise Refused("figure.out_of_range", _("Skriv målet som ett helt tal från 1 till %(most)s."), most=WEIGHT_MOST)
        title = line(self.title, STATEMENT_MOST, needed=_("Skriv vad målet är."))
        return {"title": title, "measure": self.measure, "amount": self.amount, "goal": self.goal, "due": self.due}


@dataclass(frozen=True)
class Step:
    """What follows when an action moves or is told of: the action, the word that is kept of it, and what has happened."""

    action: Action
    told: Told | None = None
    events: tuple[Event, ...] = ()


def move(action: Action, stage: str, text: str, *, by_owner: bool, at: datetime) -> Step:
    """Let an action go to another stage, or say how it goes where it is.

    Back it may go as far as it likes. Forward it goes stage by stage: whoever passes one over says why.

    Raises:
        Refused: ``stage.unknown``, ``stage.passed_over``, ``text.empty``, ``text.too_long``, ``action.told_out``.
    """
    if stage not in STAGES:
        raise Refused("stage.unknown", _("Välj ett steg i listan."))
    text = line(text, TEXT_MOST)
    passed = passed_over(action.stage, stage)
    if passed and not text:
        raise Refused("stage.passed_over", _("Du hoppar över ett steg på vägen. Skriv varför, eller ta ett steg i taget."))
    if stage == action.stage and not text:
        if by_owner:
            raise Refused("text.empty", _("Välj ett nytt steg, eller skriv hur det går."))
        return Step(action)
    number = action.told + 1
    if by_owner and number > TOLD_MOST:
        raise Refused("action.told_out", _("Åtgärden har fått %(most)s rader. Hör av dig till den som ordnade dagen."), most=TOLD_MOST)
    told = Told(day=action.day, action=action.action, number=number, at=at, by_owner=by_owner, was=action.stage, stage=stage, text=text)
    events: list[Event] = []
    if stage != action.stage:
        about: dict[str, Any] = {"action": action.action, "was": action.stage, "stage": stage}
        events.append(ActionMoved(day=action.day, at=at, **about, passed_over=list(passed), by_owner=by_owner))
    if by_owner:
        events.append(ActionTold(day=action.day, at=at, action=action.action))
    changed = {"stage": stage, "told": number} | ({"told_at": at} if by_owner else {})
    return Step(action.model_copy(update=changed), told, tuple(events))


def passed_over(was: str, stage: str) -> tuple[str, ...]:
    """The stages that lie between, when it goes forward."""
    return STAGES[STAGES.index(was) + 1 : STAGES.index(stage)]


def stage_beside(stage: str, step: int) -> str | None:
    """The stage after one, with 1, or before it, with -1; ``None`` at the ends."""
    place = STAGES.index(stage) + step
    return STAGES[place] if 0 <= place < len(STAGES) else None


def open_link(action: Action | None, *, at: datetime) -> Action:
    """The action of an owner's link, when that still opens.

    Raises:
        Refused: ``link.no_such``, ``link.expired``.
    """
    if action is None or action.removed:
        raise Refused("link.no_such", _("Länken gäller inte. Be om en ny."))
    if action.link_until is not None and action.link_until <= at:
        raise Refused("link.expired", _("Länken har gått ut. Be om en ny."))
    return action


def token_hash(token: str) -> str:
    """What is stored of the token of an owner's link."""
    return hashlib.sha256(f"action:{token}".encode()).hexdigest()


def reached(names: Iterable[str]) -> dict[str, str]:
    """Organisations by an id under which each is the same one on another day: a hash of its name in small letters, so that logs name none.

    Raises:
        Refused: ``text.too_long``, and ``text.empty`` when there is none.
    """
    told = [line(name, NAME_MOST) for name in names]
    found = {hashlib.sha256(name.casefold().encode()).hexdigest()[:ID_LONG]: name for name in told if name}
    if not found:
        raise Refused("text.empty", _("Skriv minst en organisation."))
    return found


def no_such(of: str) -> Refused:
    """The answer to whoever wants something that is not there, or has been taken away."""
    match of:
        case "need":
            return Refused("need.no_such", _("Behovet finns inte längre. Ladda om sidan."))
        case "action":
            return Refused("action.no_such", _("Åtgärden finns inte längre. Ladda om sidan."))
        case "benefit":
            return Refused("benefit.no_such", _("Nyttan finns inte längre. Ladda om sidan."))
        case "target":
            return Refused("target.no_such", _("Målet finns inte längre. Ladda om sidan."))
        case _:
            return Refused("reached.no_such", _("Organisationen finns inte i listan. Ladda om sidan."))


def too_many(of: str, most: int) -> Refused:
    """The answer to one more when there is room for no more."""
    match of:
        case "need":
            return Refused("need.too_many", _("En dag får ha högst %(most)s behov."), most=most)
        case "action":
            return Refused("action.too_many", _("En dag får ha högst %(most)s åtgärder."), most=most)
        case "benefit":
            return Refused("benefit.too_many", _("En dag får ha högst %(most)s nyttor."), most=most)
        case "target":
            return Refused("target.too_many", _("En serie får ha högst %(most)s mål i siffror."), most=most)
        case _:
            return Refused("reached.too_many", _("En dag får ha högst %(most)s organisationer."), most=most)


def all_known(wanted: Collection[str], known: Collection[str], refused: Refused) -> None:
    """Refuse what points at something that is not there."""
    if set(wanted) - set(known):
        raise refused


def figure(told: float | None) -> float | None:
    """A figure that both databases, every spreadsheet and every reader have room for.

    Raises:
        Refused: ``figure.out_of_range``.
    """
    if told is not None and not (isfinite(told) and abs(told) <= FIGURE_MOST):
        raise Refused("figure.out_of_range", _("Talet är för stort."))
    return told


def line(text: str, most: int, *, needed: str = "") -> str:
    """A text with single spaces.

    Args:
        needed: what to say when there is none.

    Raises:
        Refused: ``text.empty``, ``text.too_long``.
    """
    text = " ".join(text.split())
    if needed and not text:
        raise Refused("text.empty", needed)
    if len(text) > most:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=most)
    return text


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
