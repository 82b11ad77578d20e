"""Forms of the way from needs to benefit, as the arguments of the wishes they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from conference.core.errors import Refused, _

NUMBER: Final = re.compile(r"[-+\u2212]?[0-9 \u00a0]{1,15}(?:[,.][0-9]{1,9})?")
SHOWN_MOST: Final = 2_000  # characters of a field that are shown again


@dataclass(frozen=True)
class Form:
    """What a form sent."""

    sent: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The last value of a field, nothing when it was not sent."""
        return (self.sent.get(name) or [""])[-1].strip()

    def many(self, name: str) -> list[str]:
        """All values of a field that was chosen."""
        return [value for value in self.sent.get(name, ()) if value]

    def some(self, name: str) -> str | None:
        """The value, or ``None`` when it is empty."""
        return self.one(name) or None

    def whole(self, name: str) -> int:
        """A whole number; 0 when it is empty.

        Raises:
            Refused: ``figure.unreadable``.
        """
        told = figure(self.one(name)) or 0.0
        if not told.is_integer():
            raise Refused("figure.unreadable", _("Skriv ett helt tal."))
        return int(told)

    def day(self, name: str) -> str | None:
        """A date as the wish takes it.

        Raises:
            Refused: ``text.unreadable``.
        """
        text = self.one(name)
        try:
            return date.fromisoformat(text).isoformat() if text else None
        except ValueError:
            raise Refused("text.unreadable", _("Skriv datumet som år, månad och dag: 2027-03-23.")) from None

    @property
    def shown(self) -> dict[str, Any]:
        """What was written, to be shown again when something was wrong with it."""
        lists = {name: self.many(name)[:500] for name in ("goals", "items", "needs")}
        return {**{name: self.one(name)[:SHOWN_MOST] for name in self.sent if name not in lists}, **lists}


def figure(text: str) -> float | None:
    """A number as people write it: ``12``, ``3,5``, ``-1 000``; ``None`` when there is none.

    Raises:
        Refused: ``figure.unreadable``.
    """
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Refused("figure.unreadable", _("Skriv ett tal, till exempel 12 eller 3,5."))
    return float(re.sub("[ \u00a0]", "", text).replace("\u2212", "-").replace(",", "."))


def need(form: Form, name: str | None) -> dict[str, Any]:
    """``followup.write_need``."""
    told = {field: form.one(field) for field in ("statement", "source", "theme")}
    return {**told, "need": name, "goals": form.many("goals"), "weight": form.whole("weight"), "items": form.many("items")}


def action(form: Form, name: str | None) -> dict[str, Any]:
    """``followup.write_action``."""
    told = {field: form.one(field) for field in ("what", "owner")}
    return {**told, "action": name, "due": form.day("due"), "needs": form.many("needs"), "items": form.many("items")}


def benefit(form: Form, name: str | None) -> dict[str, Any]:
    """``followup.write_benefit``."""
    told: dict[str, Any] = {field: form.one(field) for field in ("what", "unit", "assumption")}
    figures = {field: figure(form.one(field)) for field in ("baseline", "effect", "value")}
    return {**told, **figures, "action": name, "benefit": form.some("benefit"), "measured_on": form.day("measured_on")}


def move(form: Form, name: str | None) -> dict[str, Any]:
    """``followup.move_action``."""
    return {"action": name, "stage": form.one("stage"), "text": form.one("text")}


def target(form: Form, _name: str | None) -> dict[str, Any]:
    """``followup.write_target``."""
    told = {"title": form.one("title"), "measure": form.one("measure"), "amount": form.whole("amount")}
    return {**told, "target": form.some("target"), "goal": form.some("goal"), "due": form.day("due")}


def reached(form: Form, _name: str | None) -> dict[str, Any]:
    """``followup.note_reached``: a name on each line."""
    return {"names": [line for line in form.one("names").split("\n") if line.strip()][:500], "kind": form.one("kind")}


def which(form: Form, _name: str | None) -> dict[str, Any]:
    """``followup.remove`` and ``restore``."""
    return {"of": form.one("of"), "id": form.one("id")}


def of_action(_form: Form, name: str | None) -> dict[str, Any]:
    """``followup.make_link`` and ``withdraw_link``."""
    return {"action": name}


def remind(form: Form, name: str | None) -> dict[str, Any]:
    """``followup.remind``."""
    return {"action": name, "address": form.one("address"), "lang": form.one("lang") or "sv"}


DOES: Final[Mapping[str, tuple[str, Callable[[Form, str | None], dict[str, Any]]]]] = {
    "need": ("followup.write_need", need),
    "action": ("followup.write_action", action),
    "benefit": ("followup.write_benefit", benefit),
    "move": ("followup.move_action", move),
    "target": ("followup.write_target", target),
    "reached": ("followup.note_reached", reached),
    "remove": ("followup.remove", which),
    "restore": ("followup.restore", which),
    "link": ("followup.make_link", of_action),
    "withdraw": ("followup.withdraw_link", of_action),
    "remind": ("followup.remind", remind),
}
"""What a form's button says -> the wish, and what reads its arguments."""


def wish(form: Form, name: str | None) -> tuple[str, dict[str, Any]]:
    """The wish that a form asks for.

    Args:
        name: the need or action of the page; ``None`` for a new one.

    Raises:
        Refused: ``wire.wrong_args``, ``figure.unreadable``, ``text.unreadable``.
    """
    if form.one("do") not in DOES:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    do, read = DOES[form.one("do")]
    return do, read(form, name)
