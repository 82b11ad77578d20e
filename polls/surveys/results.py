"""What came of the surveys, as it may be shown: what the report and the files for people are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import Share
from conference.core.faces import Data
from polls import figures, tally
from polls.kinds import kind_of
from polls.surveys import rules
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount

TOP = 2  # steps of a scale that count as good


@dataclass(frozen=True)
class _Of:
    """What a question's figures are shown with: the names of the regions, and whether the survey is closed."""

    names: Mapping[str, str]
    closed: bool


async def asked(session: AsyncSession, day: str) -> list[Data]:
    """Every survey that has been open, in the order of the kit.

    Each is ``{survey, title, title_en, state, preliminary, opened_at, closes_at, closed_at, n, behind, regions, affiliations, questions}``:
    ``n`` counts forms, ``behind`` the people who filled them in together; while it is open, both move at every fifth form. A question is
    ``{question, version, kind, title, title_en, n, open, rows, texts, regions, affiliations}`` with ``top2`` or ``share``, each ``{percent,
    count, n, base, between, text}``, where the kit asks for it. ``rows``, what may stand beside them, and splits are as in
    `polls.results`; splits are there after the close. ``texts`` are ``{text, quote}``, from five answers on; ``quote`` says that it may
    be quoted.
    """
    names = await figures.region_names(session, day)
    surveys = await session.exec(select(Survey).where(Survey.day == day).order_by(col(Survey.place), col(Survey.survey)))
    return [await _survey(session, survey, names) for survey in surveys if survey.state != "draft"]


async def _survey(session: AsyncSession, survey: Survey, names: Mapping[str, str]) -> Data:
    of_it = select(SurveyCount).where(SurveyCount.day == survey.day, SurveyCount.survey == survey.survey)
    counts = {count.question: count for count in await session.exec(of_it)}
    box = rules.box_of(survey.day, survey.survey)
    forms = (await session.exec(select(SurveyAnswers).where(SurveyAnswers.box == box).order_by(col(SurveyAnswers.key)))).all()
    read = [(form.key.hex(), msgspec.json.decode(form.answers)) for form in forms]  # in the order of the keys, which are random
    whole = tally.Tally.read(counts[rules.WHOLE.id].shown)
    about: Data = {"survey": survey.survey, "title": survey.title, "title_en": survey.title_en, "state": survey.state}
    about |= {"preliminary": survey.state == "open"}
    about |= {"opened_at": survey.opened_at, "closes_at": survey.closes_at, "closed_at": survey.closed_at}
    groups = _groups(rules.Part(rules.WHOLE), counts[rules.WHOLE.id], names)
    of = _Of(names, survey.state == "closed")
    questions = [_question(part, counts[part.question.id], read, of) for part in rules.parts_of(survey)]
    return {**about, "n": whole.n, "behind": whole.behind, **groups, "questions": questions}


def _question(part: rules.Part, count: SurveyCount, forms: Sequence[tuple[str, rules.Answers]], of: _Of) -> Data:
    question = part.question
    shown = tally.disclosed(question, tally.Tally.read(count.shown), closed=of.closed)
    about = {"question": question.id, "version": question.version, "kind": question.kind}
    about |= {"title": question.title, "title_en": question.title_en or question.title}
    texts = _texts(part, count, forms) if kind_of(question).written else []
    headline = _headline(part, shown["counts"])
    return {**about, **figures.result(question, shown), "open": not of.closed, "texts": texts, **_groups(part, count, of.names), **headline}


def _headline(part: rules.Part, counts: Mapping[str, int]) -> Data:
    """The one figure that the kit asks for. Who chose "Vet ej" has put no step, and is not in the base."""
    hint, question = part.report, part.question
    if hint is None:
        return {}
    if hint.as_ == "share":
        chosen = next((option.text for option in question.options if option.id == hint.option), "")
        share = Share(counts.get(hint.option or "", 0), sum(counts.values()), figures.BASE)
        return {"share": {**share.shown(), "text": hint.text or chosen}}
    steps = [counts[str(step)] for step in range(1, question.steps + 1)]
    return {"top2": {**Share(sum(steps[-TOP:]), sum(steps), figures.BASE).shown(), "text": hint.text}}


def _groups(part: rules.Part, count: SurveyCount, names: Mapping[str, str]) -> Data:
    regions, affiliations = (msgspec.json.decode(split) if split else [] for split in (count.regions, count.affiliations))
    return {
        "regions": figures.by_group(part.question, regions, "region", names),
        "affiliations": figures.by_group(part.question, affiliations, "affiliation", {}),
    }


def _texts(part: rules.Part, count: SurveyCount, forms: Sequence[tuple[str, rules.Answers]]) -> list[Data]:
    """What may be read now: while the survey is open, new ones come five at a time."""
    name, consent, waiting = part.question.id, part.consent, set(msgspec.json.decode(count.waiting))
    readable = [answers for key, answers in forms if name in answers and key not in waiting]
    return figures.texts([{"text": answers[name], "quote": bool(consent and answers.get(consent.id))} for answers in readable])
