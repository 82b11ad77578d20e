"""The surveys of a kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from conference.core.errors import Refused, _
from polls.kinds import Option, is_known
from polls.kit import YES_NO, question_from
from polls.surveys.rules import PARTICIPANTS, Hint, Part
from polls.surveys.tables import Survey

Lists = Mapping[str, Sequence[Mapping[str, Any]]]
"""What stands for ``options_from``: the name of an option list, such as ``goals``, and its options as in a kit."""


def drafts(day: str, section: Mapping[str, Any], lists: Lists) -> Iterator[Survey]:
    """The surveys of a kit's ``evaluation`` section, for a new day.

    Those that this version cannot open are kept and listed as coming: those for others than participants, those asked once an item, and
    those with kinds of question that come later.

    Raises:
        Refused: ``kit.tampered``: a survey or a question that cannot be read, or two fields of a form with one name.
    """
    try:
        for place, raw in enumerate(section["surveys"], start=1):
            yield _draft(day, place, raw, lists)
    except (KeyError, TypeError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise Refused("kit.tampered", _("Paketets enkäter går inte att läsa: %(why)s"), why=str(error)) from error


def _draft(day: str, place: int, raw: Mapping[str, Any], lists: Lists) -> Survey:
    parts = [_part(question, lists) for question in raw["questions"]]
    fields = [field for part in parts for field in part.fields]
    if not parts or not all(fields) or len(set(fields)) < len(fields):
        raise ValueError(raw["id"])
    askable = raw["for"] == PARTICIPANTS and bool(raw["anonymous"]) and not raw.get("per_item")
    return Survey(
        day=day,
        survey=raw["id"],
        place=place,
        title=raw["title"],
        title_en=raw.get("title_en") or raw["title"],
        intro=raw.get("intro", ""),
        questions=msgspec.json.encode(parts).decode(),
        for_whom=raw["for"],
        known=askable and all(is_known(part.question) for part in parts),
        group_answer=bool(raw.get("group_answer")),
        open_days=raw.get("open_days"),
    )


def _part(raw: dict[str, Any], lists: Lists) -> Part:
    hint = raw.get("report")
    if hint and "option" in hint and raw["kind"] == "yesno":
        hint = {**hint, "option": YES_NO.get(hint["option"], hint["option"])}
    consent = raw.get("quote_consent")
    return Part(
        question_from(raw, lists[raw["options_from"]] if "options_from" in raw else ()),
        msgspec.convert(hint, Hint) if hint else None,
        msgspec.convert(consent, Option) if consent else None,
    )
