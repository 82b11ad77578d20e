"""When a survey opens by itself, and what is asked after an item: pure, as `polls.surveys.rules` is."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from conference.core.errors import Refused, _
from conference.tables import Item
from polls.surveys import rules
from polls.surveys.events import SurveyExtended, SurveyPlanned
from polls.surveys.tables import Survey

OPENS = frozenset({"hand", "cue", "date", "day_closed", "after_item"})
PLAN_FURTHEST = timedelta(days=732)  # a follow-up a year after the day is planned when the day is made
MONTHS_MOST = 12  # that a wave may ask after the day; addresses are kept for a month more
UNASKED = frozenset({"break", "poll"})  # kinds of item that nobody is asked about


def plan_survey(survey: Survey | None, opens: str, opens_at: datetime | None, closes_at: datetime | None, *, at: datetime) -> SurveyPlanned:
    """When a draft opens and closes by itself.

    Raises:
        Refused: ``survey.no_such``, ``survey.later``, ``survey.open``, ``survey.over``, ``survey.wrong_plan``.
    """
    if survey is None or survey.of:
        raise rules.no_such()
    if opens != "hand":
        rules.must_be_known(survey)
    if survey.state == "open":
        raise Refused("survey.open", _("Enkäten är redan öppen."))
    if survey.state != "draft":
        raise Refused("survey.over", _("Enkäten har stängt. Svaren är anonyma för alltid, så den kan inte öppnas igen."))
    once_an_item = survey.item == ""
    fits = opens in ({"after_item", "hand"} if once_an_item else OPENS - {"after_item"}) and (opens == "date") == (opens_at is not None)
    times = [one for one in (opens_at, closes_at) if one]
    if not fits or (once_an_item and times) or any(one > at + PLAN_FURTHEST for one in times):
        raise wrong_date()
    if closes_at and closes_at <= max(opens_at or at, at):
        raise Refused("survey.wrong_plan", _("Enkäten måste stänga efter att den har öppnat."))
    return SurveyPlanned(day=survey.day, at=at, survey=survey.survey, opens=opens, opens_at=opens_at, closes_at=closes_at)


def extend_survey(survey: Survey | None, closes_at: datetime | None, *, at: datetime) -> SurveyExtended:
    """When an open survey closes by itself, if it does. One about an item closes when the next item is over.

    Raises:
        Refused: ``survey.no_such``, ``survey.not_open``, ``survey.wrong_plan``.
    """
    if survey is None or survey.of:
        raise rules.no_such()
    rules.must_be_open(survey)
    if closes_at and not at < closes_at <= at + PLAN_FURTHEST:
        raise Refused("survey.wrong_plan", _("Välj en dag framåt, inom två år."))
    return SurveyExtended(day=survey.day, at=at, survey=survey.survey, closes_at=closes_at, for_whom=survey.for_whom)


def months_after(start: datetime, months: int) -> datetime:
    """The same time of day so many months later; where that month is shorter, on its last day."""
    year, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + year, month + 1)[1]
    return start.replace(year=start.year + year, month=month + 1, day=min(start.day, last))


def wrong_date() -> Refused:
    """The answer to a way of opening, or a time, that a survey cannot have."""
    return Refused("survey.wrong_plan", _("Välj hur enkäten öppnar, och ett datum inom två år om den öppnar ett datum."))


def after_item(asked: Survey, item: Item, scope: str) -> Survey | None:
    """The survey about an item that is over, made of the one that is asked once an item; ``None`` when nobody is asked about it.

    Args:
        scope: the lane that saw it, or ``country``.
    """
    if asked.opens != "after_item" or not asked.known or item.kind in UNASKED:
        return None
    name = f"{asked.survey}.{item.item}" if scope in (rules.COUNTRY, item.lane) else f"{asked.survey}.{item.item}@{scope}"
    told: dict[str, Any] = {"survey": name, "of": asked.survey, "item": item.item, "scope": scope}
    return asked.model_copy(update=told)
