"""Mending a misspelling in a survey that has opened: as polls are mended, `polls.correcting` says what is one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from conference.core.errors import Refused, _
from polls.askable import TITLE_MOST
from polls.correcting import mended, put_right
from polls.correcting import wordings as of_question
from polls.surveys import rules
from polls.surveys.events import SurveyCorrected
from polls.surveys.tables import Survey

OWN = ("title", "title_en", "intro", "intro_en")


def wordings(survey: Survey) -> dict[str, str]:
    """Every wording that may be mended, by its part: ``title``, ``<question>:title``, ``<question>:option:<id>`` and so on."""
    found = {part: text for part in OWN if (text := getattr(survey, part)) and len(text) <= TITLE_MOST}
    for part in rules.parts_of(survey):
        found |= {f"{part.question.id}:{name}": text for name, text in of_question(part.question).items()}
    return found


def correct(
    survey: Survey | None, change: tuple[str, str], reason: str, *, first: Mapping[str, str], at: datetime
) -> tuple[Survey, SurveyCorrected]:
    """Mend one wording; the survey after it, and what is told.

    Args:
        change: which wording, as `wordings` names it, and how it is put right.
        first: the wordings that were mended before, as they stood at first, by their parts.

    Raises:
        Refused: ``survey.no_such``, ``survey.draft``, ``question.locked`` and as `polls.correcting.mended`.
    """
    if survey is None or survey.of:
        raise rules.no_such()
    if survey.state == "draft":
        raise Refused("survey.draft", _("Enkäten har inte öppnat. Ändra frågan i stället."))
    part, known = change[0], wordings(survey)
    name, _colon, of_it = part.partition(":")
    if any(one.locked and one.question.id == name for one in rules.parts_of(survey)):
        raise Refused("question.locked", _("Frågan är nationell och låst. Den rättas i det nationella paketet."))
    text, reason = mended(known, *change, reason, first=first)
    if of_it:
        parts = [
            replace(one, question=put_right(one.question, of_it, text)) if one.question.id == name else one
            for one in rules.parts_of(survey)
        ]
        after = survey.model_copy(update={"questions": msgspec.json.encode(parts).decode()})
    else:
        after = survey.model_copy(update={part: text})
    said = {field: getattr(after, field) for field in OWN}
    about = {"day": survey.day, "survey": survey.survey, "for_whom": survey.for_whom}
    return after, SurveyCorrected(**about, **said, at=at, part=part, before=known[part], after=text, reason=reason)
