"""What came of the surveys, as it may be shown: what the report and the files for people are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.core.disclosure import K, Share
from conference.core.faces import Data
from conference.followup.keeping import views as keeping
from conference.tables import Item
from polls import figures, tally
from polls.kinds import Option, kind_of
from polls.surveys import follow_ups, rules
from polls.surveys.events import SurveyCorrected
from polls.surveys.parts import Part
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount

SURE = 1.96  # standard errors within which a mean lies 19 times of 20
TOP = 2  # steps of a scale that count as good


@dataclass(frozen=True)
class _Of:
    """What a question's figures are shown with.

    Attributes:
        names: of the regions.
        closed: whether the survey is.
        quotes: question -> what may be quoted from answers that have been let go.
    """

    names: Mapping[str, str]
    closed: bool
    quotes: Mapping[str, list[str]]


async def asked(session: AsyncSession, day: str) -> list[Data]:
    """Every survey that has been open, in the order of the kit.

    Each is ``{survey, title, title_en, state, preliminary, opened_at, closes_at, closed_at, n, behind, groups, regions, affiliations,
    questions, for_whom, later, months, mailed, corrections}``: ``n`` counts forms, ``behind`` the people who filled them in; while it is
    open, both move at every fifth. ``later`` are those that ask whoever watches a recording.
    ``groups {n, people}`` are those of the forms that several people filled in together; ``None`` while they, or the others, are few.
    A question is ``{question, version, kind, title, title_en, n, open, rows, texts, regions, affiliations}`` with ``top2`` or ``share``,
    each ``{percent, count, n, base, between, text, text_en}``, where the kit asks for it, and ``follows`` of a follow-up: see
    `polls.surveys.follow_ups.told`. ``rows``, what may stand beside them,
    and splits are as in `polls.results`; splits are there after the close. ``texts`` are those that may be quoted, from five answers on;
    all others are counted in ``n`` and read by nobody but the organizer: `written`. ``corrections`` of the wording are as
    `polls.figures.corrections` gives them.
    """
    names = await figures.region_names(session, day)
    surveys = await session.exec(select(Survey).where(Survey.day == day).order_by(col(Survey.place), col(Survey.survey)))
    gone = await _gone(session, day)
    mended = await figures.corrections(session, day, SurveyCorrected, "survey")
    found = [await _survey(session, survey, names, gone) for survey in surveys if survey.state != "draft" and not survey.item]
    return [{**survey, "corrections": mended.get(survey["survey"], [])} for survey in found]


async def after_items(session: AsyncSession, day: str) -> list[Data]:
    """What people thought of each item, in the order of the programme: ``{survey, item, title, title_en, region, preliminary, question,
    question_en, n, mean, between, steps, rows, texts}``.

    ``region`` is the name of the one that saw it, ``None`` for all. ``mean`` is of the steps, with the interval that chance alone may have
    moved it in; ``rows`` are the steps as in `asked`. Of an item that fewer than five have answered about nothing is told but that:
    ``n`` is ``None``.
    """
    names = await figures.region_names(session, day)
    wanted = select(Survey, Item).join(Item, (col(Item.day) == col(Survey.day)) & (col(Item.item) == col(Survey.item)))
    wanted = wanted.where(Survey.day == day, Survey.state != "draft").order_by(col(Item.planned_starts_at), col(Survey.survey))
    gone = await _gone(session, day)
    return [await _after(session, survey, item, names, gone) for survey, item in (await session.exec(wanted)).all()]


async def _after(session: AsyncSession, survey: Survey, item: Item, names: Mapping[str, str], gone: Data) -> Data:
    whole = await _survey(session, survey, names, gone)
    rated = next(question for question in whole["questions"] if question["kind"] == "scale")
    about: Data = {"survey": survey.survey, "item": item.item, "title": item.title, "title_en": item.title_en or item.title}
    about |= {"region": names.get(survey.scope or ""), "preliminary": whole["preliminary"]}
    about |= {"question": rated["title"], "question_en": rated["title_en"], "steps": len(rated["rows"])}
    if (rated["n"] or 0) < K:
        return {**about, "n": None, "mean": None, "between": None, "rows": [], "texts": []}
    steps = [row["count"] for row in rated["rows"] if row["option"].isdigit()]
    kept: list[str] = next((one["texts"] for one in gone.get("after_items", ()) if one["survey"] == survey.survey), [])
    texts = [text for question in whole["questions"] for text in question["texts"]] or kept
    return {**about, "n": rated["n"], **mean_of(steps), "steps": len(steps), "rows": rated["rows"], "texts": texts}


def mean_of(counts: Sequence[int]) -> Data:
    """The mean of steps from 1, and where chance alone may have put it, 19 times of 20: ``{mean, between}``, in tenths."""
    n, steps = sum(counts), len(counts)
    if not n:
        return {"mean": None, "between": None}
    mean = sum(step * count for step, count in enumerate(counts, start=1)) / n
    spread = sum(count * (step - mean) ** 2 for step, count in enumerate(counts, start=1)) / max(n - 1, 1)
    reach = SURE * (spread / n) ** 0.5
    return {"mean": round(mean, 1), "between": (round(max(1.0, mean - reach), 1), round(min(float(steps), mean + reach), 1))}


async def written(session: AsyncSession, day: str, survey_id: str) -> Data | None:
    """All that was written in a closed survey, for the organizer to read: ``{survey, title, title_en, questions: [{title, title_en, n,
    texts: [{text, quote}]}], gone}``; ``gone``: whether the answers have been let go. ``None`` when there is no such survey, or it is not
    closed.

    From five answers to a question on, and in the order of the keys, which is random.
    """
    survey = await session.get(Survey, (day, survey_id))
    if survey is None or survey.state != "closed":
        return None
    forms = [answers for _key, answers in await _forms(session, survey)]
    gone = not forms and await keeping.is_gone(session, day, Kept.ANSWER) is not None
    parts = [part for part in rules.parts_of(survey) if kind_of(part.question).written]
    asked_in = [(part.question, sum(part.question.id in form for form in forms), _written(part, forms)) for part in parts]
    questions = [{"title": one.title, "title_en": one.title_en or one.title, "n": n, "texts": texts} for one, n, texts in asked_in]
    return {"survey": survey.survey, "title": survey.title, "title_en": survey.title_en, "questions": questions, "gone": gone}


async def _forms(session: AsyncSession, survey: Survey) -> list[tuple[str, rules.Answers]]:
    """The forms with their keys, which are random and order them."""
    wanted = select(SurveyAnswers).where(SurveyAnswers.box == rules.box_of(survey.day, survey.survey)).order_by(col(SurveyAnswers.key))
    return [(form.key.hex(), msgspec.json.decode(form.answers)) for form in await session.exec(wanted)]


async def _gone(session: AsyncSession, day: str) -> Data:
    """The report's figures of a day whose answers have been let go; they hold what may be quoted."""
    return await keeping.figures_of(session, day, Kept.ANSWER, newest=True) or {}


async def _survey(session: AsyncSession, survey: Survey, names: Mapping[str, str], gone: Data) -> Data:
    of_it = select(SurveyCount).where(SurveyCount.day == survey.day, SurveyCount.survey == survey.survey)
    counts = {count.question: count for count in await session.exec(of_it)}
    read = await _forms(session, survey)
    whole = tally.Tally.read(counts[rules.WHOLE.id].shown)
    about: Data = {"survey": survey.survey, "title": survey.title, "title_en": survey.title_en, "state": survey.state}
    about |= {"preliminary": survey.state == "open"}
    about |= {"opened_at": survey.opened_at, "closes_at": survey.closes_at, "closed_at": survey.closed_at}
    about |= {"for_whom": survey.for_whom, "later": survey.for_whom == "watchers", "months": survey.months, "mailed": survey.mailed}
    about["groups"] = _together(whole, counts.get(rules.GROUPS.id))
    groups = _groups(Part(rules.WHOLE), counts[rules.WHOLE.id], names)
    kept: Iterator[Data] = (question for one in gone.get("surveys", ()) if one["survey"] == survey.survey for question in one["questions"])
    of = _Of(names, survey.state == "closed", {one["question"]: [text["text"] for text in one["texts"]] for one in kept})
    parts = rules.parts_of(survey)
    tallies = {name: tally.Tally.read(count.shown) for name, count in counts.items()}
    questions = [follow_ups.told(_question(part, counts[part.question.id], read, of), part, parts, tallies) for part in parts]
    return {**about, "n": whole.n, "behind": whole.behind, **groups, "questions": questions}


def _together(whole: tally.Tally, count: SurveyCount | None) -> Data | None:
    """The forms of groups, apart; a survey that closed before they were counted has none. Neither part of a whole is told under five."""
    together = tally.Tally.read(count.shown) if count else None
    if together is None or any(0 < part < K for part in (together.n, whole.n - together.n)):
        return None
    return {"n": together.n, "people": together.behind}


def _question(part: Part, count: SurveyCount, forms: Sequence[tuple[str, rules.Answers]], of: _Of) -> Data:
    question = part.question
    shown = tally.disclosed(question, tally.Tally.read(count.shown), closed=of.closed)
    about = {"question": question.id, "version": question.version, "kind": question.kind}
    about |= {"title": question.title, "title_en": question.title_en or question.title}
    texts = _quoted(part, count, forms) or of.quotes.get(question.id, []) if kind_of(question).written else []
    headline = _headline(part, shown["counts"])
    return {**about, **figures.result(question, shown), "open": not of.closed, "texts": texts, **_groups(part, count, of.names), **headline}


def _headline(part: Part, counts: Mapping[str, int]) -> Data:
    """The one figure that the kit asks for. Who chose "Vet ej" has put no step, and is not in the base."""
    hint, question = part.report, part.question
    if hint is None:
        return {}
    if hint.as_ == "share":
        chosen = next((option for option in question.options if option.id == hint.option), Option("", ""))
        share = Share(counts.get(hint.option or "", 0), sum(counts.values()), figures.BASE)
        words = {"text": hint.text or chosen.text, "text_en": hint.text_en or chosen.text_en or hint.text or chosen.text}
        return {"share": {**share.shown(), **words}}
    steps = [counts[str(step)] for step in range(1, question.steps + 1)]
    return {"top2": {**Share(sum(steps[-TOP:]), sum(steps), figures.BASE).shown(), "text": hint.text, "text_en": hint.text_en or hint.text}}


def _groups(part: Part, count: SurveyCount, names: Mapping[str, str]) -> Data:
    regions, affiliations = (msgspec.json.decode(split) if split else [] for split in (count.regions, count.affiliations))
    return {
        "regions": figures.by_group(part.question, regions, "region", names),
        "affiliations": figures.by_group(part.question, affiliations, "affiliation", {}),
    }


def _quoted(part: Part, count: SurveyCount, forms: Sequence[tuple[str, rules.Answers]]) -> list[str]:
    """What may be quoted now, when enough have written: while the survey is open, new ones come five at a time."""
    waiting = set(msgspec.json.decode(count.waiting))
    readable = _written(part, [answers for key, answers in forms if key not in waiting])
    return [one["text"] for one in readable if one["quote"]]


def _written(part: Part, forms: Sequence[rules.Answers]) -> list[Data]:
    """Every answer in people's own words, ``{text, quote}``; none at all while they are few."""
    name, consent = part.question.id, part.consent
    told = [answers for answers in forms if name in answers]
    return figures.texts([{"text": answers[name], "quote": bool(consent and answers.get(consent.id))} for answers in told])
