"""The surveys of a kit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from conference.core.errors import Refused, _
from polls.kinds import Option, is_known
from polls.kit import YES_NO, question_from
from polls.surveys.parts import After, Hint, Part, Section, consent_to_quote, follows_what_is_asked
from polls.surveys.plans import MONTHS_MOST, OPENS, months_after
from polls.surveys.rules import COUNTRY, FOR_WHOM, parts_of
from polls.surveys.tables import Survey

Lists = Mapping[str, Sequence[Mapping[str, Any]]]
"""What stands for ``options_from``: the name of an option list, such as ``goals``, and its options as in a kit."""

BEFORE: Final = frozenset({"days_before", "day_published"})  # asked before the day, from when it is published on at the earliest
WAVES: Final = "months_after"  # asked by letter so many months after the day, once for each
DAYS_BEFORE: Final = 366  # a day that is published earlier than that asks nobody yet

T = TypeVar("T")


def drafts(day: str, section: Mapping[str, Any], lists: Lists, starts_at: datetime | None = None, first: int = 1) -> Iterator[Survey]:
    """The surveys of a kit's ``evaluation`` or ``needs`` section, for a new day.

    Those that this version cannot open are kept and listed as coming: those for people whom it does not know, and those with kinds of
    question that come later. All of them are anonymous, also those that a kit would have with names.

    Args:
        starts_at: when the day begins; before that, needs are asked for, and so many months after it what became of it.
        first: the place of the first among all of the day.

    Raises:
        Refused: ``kit.tampered``: a survey or a question that cannot be read, two fields of a form with one name, or a follow-up to an
            answer that nobody can have given before.
    """
    try:
        for place, raw in enumerate(section["surveys"], start=first):
            draft = _draft(day, place, raw, lists)
            if raw.get("opens") == WAVES:
                yield from _waves(draft, raw[WAVES], starts_at)
            else:
                yield draft.model_copy(update=_planned(raw, starts_at))
    except (KeyError, TypeError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise Refused("kit.tampered", _("Paketets enkäter går inte att läsa: %(why)s"), why=str(error)) from error


def with_region(survey: Survey, regions: Collection[str], region: Option) -> Survey | None:
    """A draft whose questions that let one choose among *regions* let one choose a new one, too; ``None`` when it has none."""
    parts = parts_of(survey)
    wider = [_wider(part, region) if {one.id for one in part.question.options} >= set(regions) else part for part in parts]
    if survey.state != "draft" or not regions or wider == list(parts):
        return None
    return survey.model_copy(update={"questions": msgspec.json.encode(wider).decode()})


def _wider(part: Part, region: Option) -> Part:
    options = (*part.question.options, region)
    return replace(part, question=replace(part.question, options=options))


def _draft(day: str, place: int, raw: Mapping[str, Any], lists: Lists) -> Survey:
    parts = [_part(question, lists) for question in raw["questions"]]
    fields = [field for part in parts for field in part.fields]
    if raw.get("per_item") and not any(part.question.kind == "scale" for part in parts):
        raise ValueError(raw["id"])  # an item is told of by the mean of its steps
    if not parts or not all(fields) or len(set(fields)) < len(fields) or not follows_what_is_asked(parts):
        raise ValueError(raw["id"])
    return Survey(
        day=day,
        survey=raw["id"],
        place=place,
        title=raw["title"],
        title_en=raw.get("title_en") or raw["title"],
        intro=raw.get("intro", ""),
        intro_en=raw.get("intro_en"),
        questions=msgspec.json.encode(parts).decode(),
        for_whom=raw["for"],
        known=raw["for"] in FOR_WHOM and all(is_known(part.question) for part in parts),
        group_answer=bool(raw.get("group_answer")),
        open_days=raw.get("open_days"),
        item="" if raw.get("per_item") else None,
        scope=COUNTRY,
    )


def _waves(survey: Survey, months: Sequence[int], starts_at: datetime | None) -> Iterator[Survey]:
    """One survey for each time that the same is asked again. Without a day they open by hand."""
    for number, after in enumerate(sorted(set(months))):
        if not 0 < after <= MONTHS_MOST:
            raise ValueError(f"{survey.survey}: {WAVES} 1-{MONTHS_MOST}")
        titles = {"title": f"{survey.title} Efter {after} månader", "title_en": f"{survey.title_en} After {after} months"}
        plan = {"opens": "date", "opens_at": months_after(starts_at, after)} if starts_at else {"opens": "hand"}
        about = {"survey": f"{survey.survey}-{after}", "place": survey.place + number, "months": after}
        yield survey.model_copy(update={**about, **titles, **plan})


def _planned(raw: Mapping[str, Any], starts_at: datetime | None) -> dict[str, Any]:
    """When it opens and closes by itself."""
    opens = raw.get("opens", "hand")
    if opens not in BEFORE:
        return {"opens": opens if opens in OPENS else "hand"}
    if starts_at is None:
        return {"opens": "hand"}
    days = {"opens_at": raw.get("open_days_before", DAYS_BEFORE), "closes_at": raw.get("close_days_before", 0)}
    return {"opens": "date", **{name: starts_at - timedelta(days=before) for name, before in days.items()}}


def _part(raw: dict[str, Any], lists: Lists) -> Part:
    hint = raw.get("report")
    if hint and "option" in hint and raw["kind"] == "yesno":
        hint = {**hint, "option": YES_NO.get(hint["option"], hint["option"])}
    question = question_from(raw, lists[raw["options_from"]] if "options_from" in raw else ())
    consent = _read(raw.get("quote_consent"), Option) or consent_to_quote(question)
    return Part(
        question,
        report=_read(hint, Hint),
        consent=consent,
        section=_read(raw.get("section"), Section),
        after=_read(raw.get("after"), After),
        required=bool(raw.get("required")),
        locked=raw.get("owner") == "locked",
    )


def _read(raw: Any, model: type[T]) -> T | None:
    return msgspec.convert(raw, model) if raw else None
