"""What the forms of a survey come to when it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from polls import tally
from polls.ballots import About, Box
from polls.kinds import Question
from polls.surveys import rules
from polls.surveys.parts import is_asked
from polls.surveys.tables import Survey, SurveyCount

UNKNOWN = About(None, None, 0)

Told = tuple[Any, About]
"""An answer, or nothing where forms are counted, and what its form is counted with."""


def final(box: Box, survey: Survey, forms: Sequence[Mapping[Any, Any]], stored: Mapping[str, SurveyCount]) -> list[SurveyCount]:
    """Every question counted anew from the forms, and the splits that can never be made again; the survey as a whole first.

    When the box's key was lost nobody can tell where a form came from: then there is no split, and the people behind the forms, and how
    many forms were of groups, are those of the tallies that were kept up.

    Args:
        stored: these, by question.
    """
    parts, name = rules.parts_of(survey), rules.box_of(survey.day, survey.survey)
    abouts = [box.about(name, form["key"], form["about"]) for form in forms]
    read = [(msgspec.json.decode(form["answers"]), about or UNKNOWN) for form, about in zip(forms, abouts, strict=True)]
    said = [about for answers, about in read if rules.says_something(parts, answers)]
    counts = [_counted(survey, one, [("", about) for about in said if rules.counts_as(one, about.people)]) for one in rules.OF_FORMS]
    for part in parts:
        question = part.question.id
        if part.after:
            counts.append(_asked_in(survey, rules.asked_of(part), [about for answers, about in read if is_asked(part, answers)]))
        counts.append(_counted(survey, part.question, [(answers[question], about) for answers, about in read if question in answers]))
    return counts if None not in abouts else [_as_kept_up(count, stored.get(count.question)) for count in counts]


def _asked_in(survey: Survey, question: Question, abouts: Sequence[About]) -> SurveyCount:
    """Whom a follow-up was asked of. No split: it is one of those who gave an answer to another question, which has its own."""
    return _without_splits(_counted(survey, question, [("", about) for about in abouts]))


def _as_kept_up(count: SurveyCount, stored: SurveyCount | None) -> SurveyCount:
    """A count of forms of which nobody can tell where they came from, with what was kept up of the people behind them."""
    if stored is None:
        return _without_splits(count)
    kept_up, counted = tally.Tally.read(stored.now), tally.Tally.read(count.now)
    total = (kept_up if count.question == rules.GROUPS.id else replace(counted, behind=kept_up.behind)).written()
    return _without_splits(count.model_copy(update={"now": total, "shown": total}))


def _without_splits(count: SurveyCount) -> SurveyCount:
    return count.model_copy(update={"regions": None, "affiliations": None})


def _counted(survey: Survey, question: Question, answers: Sequence[Told]) -> SurveyCount:
    total = tally.counted(question, [(answer, about.people if rules.counts_forms(question) else 0) for answer, about in answers]).written()
    regions = tally.by_region(question, [(answer, about.region, 0) for answer, about in answers])
    kinds = tally.by_affiliation(question, [(answer, about.affiliation) for answer, about in answers])
    return SurveyCount(
        day=survey.day,
        survey=survey.survey,
        question=question.id,
        now=total,
        shown=total,
        regions=msgspec.json.encode(regions).decode(),
        affiliations=msgspec.json.encode(kinds).decode(),
    )
