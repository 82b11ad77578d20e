"""What of a survey lacks its English. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from polls.surveys import rules
from polls.surveys.parts import Part
from polls.surveys.tables import Survey


def untranslated(survey: Survey) -> Mapping[str, list[str]]:
    """What lacks its English: for each question, and under "" for the survey itself, the names of its fields."""
    parts = rules.parts_of(survey)
    own = [name for name in ("title", "intro") if (text := getattr(survey, name)) and getattr(survey, f"{name}_en") in (None, "", text)]
    found = {"": own} | {part.question.id: _lacks_english(part) for part in parts}
    return {name: fields for name, fields in found.items() if fields}


def _lacks_english(part: Part) -> list[str]:
    question = part.question
    said = {"title": question.title_en, "labels": question.labels_en if question.labels else True}
    said |= {"dont_know": question.dont_know_en if question.dont_know else True, "unit": question.unit_en if question.unit else True}
    said |= {"options": all(one.text_en for one in question.options), "statements": all(one.text_en for one in question.statements)}
    said |= {"section": part.section is None or part.section.title_en}
    return [name for name, english in said.items() if not english]
