"""How times, numbers and shares are said on a page: 9.56, onsdag 18 november 2026, 2 310, 41 %.

The browser says them the same way (``static/js/phrasing.js``), so that a page reads alike with and without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from web.talk_text import pieces

ZONE = ZoneInfo("Europe/Stockholm")  # the days are Swedish; a day elsewhere sets `zone` in the page's context
NARROW = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
COMPOUND: Final = re.compile(r"\b(\w-\w+)")  # one letter, a hyphen and a word


def moment(value: datetime | str) -> datetime:
    """A time of the state, which may come as a datetime or as its text on the wire."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


@pass_context
def clock(context: Context, value: datetime | str | None) -> str:
    """``9.56`` in Swedish, ``9:56`` in English; nothing for no time."""
    if not value:
        return ""
    at = _here(context, value)
    return f"{at.hour}{':' if _language(context) == 'en' else '.'}{at.minute:02}"


@pass_context
def long_date(context: Context, value: datetime | str | None) -> str:
    """``onsdag 18 november 2026``."""
    return format_date(_here(context, value), "EEEE d MMMM y", locale=_language(context)) if value else ""


@pass_context
def day_of_month(context: Context, value: datetime | str) -> str:
    """``18``."""
    return str(_here(context, value).day)


@pass_context
def month_and_year(context: Context, value: datetime | str) -> str:
    """``november 2026``."""
    return str(format_date(_here(context, value), "MMMM y", locale=_language(context)))


def iso(value: datetime | str | None) -> str:
    """For the ``datetime`` of a ``<time>``."""
    return value.isoformat() if isinstance(value, datetime) else value or ""


@pass_context
def iso_date(context: Context, value: datetime | None) -> str:
    """For the value of a field for a date: ``2026-11-18``, where the day is; nothing for none."""
    return _here(context, value).date().isoformat() if value else ""


def minutes_until(start: datetime | str, end: datetime | str) -> int:
    """Whole minutes from *start* to *end*."""
    return round((moment(end) - moment(start)).total_seconds() / 60)


def minutes_of(seconds: float | None) -> int:
    """Whole minutes of seconds that may be negative, halves away from nothing; under half a minute is none."""
    minutes = int(abs(seconds or 0) / 60 + 0.5)
    return -minutes if (seconds or 0) < 0 else minutes


def drift(minutes: int) -> str:
    """How far off plan, in a column: ``+3`` late, with a minus early, ``0``, and from an hour on ``+5 h 38``."""
    hours, rest = divmod(abs(minutes), 60)
    return ("+" if minutes > 0 else MINUS if minutes < 0 else "") + (f"{hours}{NARROW}h{NARROW}{rest:02}" if hours else str(rest))


def drift_in_words(minutes: int) -> str:
    """How far off plan, where "before plan" or "after plan" stands beside it: ``+3 min`` late, ``3 min`` early, ``5 h 38 min``."""
    hours, rest = divmod(abs(minutes), 60)
    return ("+" if minutes > 0 else "") + (f"{hours}{NARROW}h{NARROW}" if hours else "") + f"{rest}{NARROW}min"


def number(value: object) -> str:
    """``2 310``, in groups of three that never break over a line; nothing for what is no number, such as a figure that is withheld."""
    return f"{value:,}".replace(",", NARROW).replace(".", ",") if isinstance(value, int | float) else ""


@pass_context
def number_said(context: Context, value: object) -> str:
    """As `number`; with a decimal point in English."""
    return number(value).replace(",", ".") if _language(context) == "en" else number(value)


def unbroken(text: str) -> Markup:
    """A heading in which ``e-hälsa`` and its like stay on one line: browsers break lines at every hyphen."""
    kept = Markup('<span class="nowrap">{}</span>')
    return Markup("").join(kept.format(piece) if place % 2 else piece for place, piece in enumerate(COMPOUND.split(text)))


def share(count: int, base: int) -> int:
    """Per cent, halves upwards as in the browser; 0 of nothing."""
    return (200 * count + base) // (2 * base) if base else 0


def sentence(text: str) -> str:
    """With a capital first; the rest as it was written."""
    return text[:1].upper() + text[1:]


def join_code(value: str | None) -> str:
    """``482 177``."""
    digits = re.sub(r"\D", "", value or "")
    return f"{digits[:3]}{NARROW}{digits[3:]}" if len(digits) > 3 else digits


@pass_context
def said(context: Context, thing: Mapping[str, Any] | None, key: str) -> Any:
    """A text in the page's language: the English one stands beside it as ``<key>_en`` where there is one."""
    if not thing:
        return ""
    english = thing.get(f"{key}_en") if _language(context) == "en" else None
    return english or thing.get(key) or ""


def queue_order(questions: Iterable[Mapping[str, Any]], order: str) -> list[Mapping[str, Any]]:
    """Questions as a moderator's queue has them: what is on the stage, what has a star, then by support, age, or how they divide.

    Those divide most that have most on the smaller side of those who back them and those who would rather have another one.
    """
    keys: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
        "new": lambda one: -moment(one["at"]).timestamp(),
        "divided": lambda one: -min(one["backs"], one.get("against", 0)),
    }
    oldest = sorted(questions, key=lambda one: (-one["backs"], moment(one["at"])))
    chosen = sorted(oldest, key=keys.get(order, lambda one: -one["backs"]))
    return sorted(chosen, key=lambda one: (one["state"] != "taken_up", not one.get("starred")))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "clock": clock,
    "long_date": long_date,
    "day_of_month": day_of_month,
    "month_and_year": month_and_year,
    "iso": iso,
    "iso_date": iso_date,
    "minutes_until": minutes_until,
    "minutes_of": minutes_of,
    "drift": drift,
    "drift_in_words": drift_in_words,
    "number": number_said,
    "share": share,
    "join_code": join_code,
    "said": said,
    "unbroken": unbroken,
    "sentence": sentence,
    "queue_order": queue_order,
    "pieces": pieces,
}
"""Filters that every template may use; `web.render` puts them into its environment."""


def _here(context: Context, value: datetime | str) -> datetime:
    zone = context.get("zone")
    return moment(value).astimezone(ZoneInfo(zone) if zone else ZONE)


def _language(context: Context) -> str:
    return str(context.get("lang") or "sv")
