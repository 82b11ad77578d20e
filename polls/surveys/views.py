"""What is shown of surveys, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import EVERYBODY, Data, Faces, Shown, To, Viewer, only
from conference.people import STAFF
from conference.tables import Day
from polls.ballots import Box
from polls.kinds import Question
from polls.naming import cell_names
from polls.surveys import letters, rules
from polls.surveys.events import (
    SurveyClosed,
    SurveyCorrected,
    SurveyDrafted,
    SurveyExtended,
    SurveyOpened,
    SurveyPlanned,
    SurveyTakenAway,
)
from polls.surveys.parts import After, Part, is_asked
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount, SurveyLink, SurveyUndo
from polls.tally import Tally
from polls.views import face_of

MINE = {None: "none", False: "begun", True: "done"}  # how far one has come, by whether the form was sent


ASKED_OF_OTHERS = {"asks": False}  # what staff sees besides of an open survey that asks others


def _opened(event: SurveyOpened) -> Shown:
    standing = {"state": "open", "opens_at": None, "closes_at": event.closes_at, "mine": MINE[None]}
    said = {"title": event.title, "title_en": event.title_en, "intro": event.intro, "intro_en": event.intro_en or event.intro}
    if event.item:
        fields = [_asked(msgspec.convert(question, Question)) for question in event.questions]
        about = {"title": event.title, "title_en": event.title_en, "of": event.of, "item": event.item, "questions": fields}
        return [(_of_lane(event.scope), {"survey": event.survey, **about, "state": "open", "mine": MINE[None]})]
    return _each(event.for_whom, {"survey": event.survey, **said, **standing})


def _closed(event: SurveyClosed) -> Shown:
    """From now on nobody can tell who has answered, so the answer to "have I?" is no for all. What was asked about an item is gone."""
    closed = {"survey": event.survey, "state": "closed", "mine": MINE[None]}
    if event.item:
        return [(_of_lane(event.scope), {**closed, **dict.fromkeys(OF_ITEM)})]
    return _each(event.for_whom, {**closed, "closes_at": None})


def _each(for_whom: str, data: Data) -> Shown:
    """For those whom it asks, and for staff."""
    roles = rules.FOR_WHOM.get(for_whom)
    if roles is None:
        return [(EVERYBODY, data)]
    return [(To(having=roles), data), (To(roles=STAFF, without=roles), {**data, **ASKED_OF_OTHERS})]


def _of_lane(scope: str) -> To:
    return EVERYBODY if scope == rules.COUNTRY else To(lane=scope)


def _planned(event: SurveyPlanned) -> Data:
    return {"survey": event.survey, "opens": event.opens, "opens_at": event.opens_at, "closes_at": event.closes_at}


def _drafted(event: SurveyDrafted) -> Data:
    """A draft as staff sees it in the state."""
    said = {"title": event.title, "title_en": event.title_en, "intro": event.intro, "intro_en": event.intro_en or event.intro}
    plan = {"opens": event.opens, "opens_at": event.opens_at, "closes_at": event.closes_at, "per_item": event.per_item or None}
    return {"survey": event.survey, **said, "state": "draft", "mine": MINE[None], **plan, "coming": None if event.known else True}


def _taken_away(event: SurveyTakenAway) -> Data:
    return {"survey": event.survey, "gone": True}


def _corrected(event: SurveyCorrected) -> Shown:
    said = {"title": event.title, "title_en": event.title_en, "intro": event.intro, "intro_en": event.intro_en or event.intro}
    return _each(event.for_whom, {"survey": event.survey, **said})


def _extended(event: SurveyExtended) -> Shown:
    return _each(event.for_whom, {"survey": event.survey, "closes_at": event.closes_at})


OF_ITEM = ("title", "title_en", "of", "item", "questions")  # what is shown of a survey about an item while it is open
FACES: Faces = {
    SurveyOpened: _opened,
    SurveyClosed: _closed,
    SurveyPlanned: only(STAFF, _planned),
    SurveyDrafted: only(STAFF, _drafted),
    SurveyTakenAway: only(STAFF, _taken_away),
    SurveyCorrected: _corrected,
    SurveyExtended: _extended,
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``surveys`` of the state: equal for all viewers with these roles on this lane. Drafts are for staff."""
    wanted = select(Survey).where(Survey.day == day).order_by(col(Survey.place), col(Survey.survey))
    staff = viewer.is_one_of(STAFF)
    found = [survey for survey in await session.exec(wanted) if staff or survey.state != "draft"]
    return {"surveys": [_in_state(survey, viewer) for survey in found if _is_seen(survey, viewer)]}


def _is_seen(survey: Survey, viewer: Viewer) -> bool:
    return rules.asks(survey, viewer.roles, viewer.lane) or (viewer.is_one_of(STAFF) and not survey.item)


async def personal(session: AsyncSession, box: Box, day: str, persons: Sequence[str]) -> dict[str, Data]:
    """How far each has come with the open surveys: person -> ``{"surveys": {survey: {"mine": "begun" | "done"}}}``."""
    surveys = (await session.exec(select(Survey).where(Survey.day == day, Survey.state == "open"))).all()
    found: dict[str, Data] = {}
    for survey in surveys:
        for person, form in (await _forms(session, box, survey, persons)).items():
            found.setdefault(person, {}).setdefault("surveys", {})[survey.survey] = {"mine": MINE[form.final]}
    return found


async def form(session: AsyncSession, box: Box, day: str, survey_id: str, viewer: Viewer) -> Data | None:
    """All that the page of a survey needs: its questions, and the person's own answers while it is open.

    Returns:
        What the state holds of it, and ``group_answer``, ``questions`` (each as polls show theirs, with ``question``, ``longest``,
        ``exclusive`` and perhaps ``consent {consent, text, text_en}``, ``section {title, help}`` before it, ``after {question, answers,
        said}`` of a follow-up; ``required``; ``asked`` by these answers), ``answers {question: answer}``, ``lacks``: the required ones
        that a form which is begun does not answer, ``receipt``, ``people`` who answered together. ``None`` when there is no such survey,
        only a draft, or it asks others.
    """
    survey = await session.get(Survey, (day, survey_id))
    if survey is None or survey.state == "draft" or not rules.asks(survey, viewer.roles, viewer.lane):
        return None
    forms = await _forms(session, box, survey, [viewer.person]) if viewer.person and survey.state == "open" else {}
    mine = forms.get(viewer.person)
    return {**_filled_in(survey, mine, viewer), **_together(box, mine)}


async def form_by_link(session: AsyncSession, box: Box, link: SurveyLink) -> Data | None:
    """As `form`, for whoever comes by a link of a letter; ``None`` when the survey is not open."""
    survey = await session.get(Survey, (link.day, link.survey))
    if survey is None or survey.state != "open":
        return None
    mine = await session.get(SurveyAnswers, (rules.box_of(link.day, link.survey), letters.form_key(box, link)))
    return {**_filled_in(survey, mine, Viewer("")), **_together(box, mine)}


def _together(box: Box, mine: SurveyAnswers | None) -> Data:
    """How many filled in a form together, where the key of the box still tells it."""
    about = box.about(mine.box, mine.key, mine.about) if mine else None
    return {"people": about.people} if about else {}


def _filled_in(survey: Survey, mine: SurveyAnswers | None, viewer: Viewer) -> Data:
    answers = msgspec.json.decode(mine.answers) if mine else {}
    parts = rules.parts_of(survey)
    lacks = [part.question.id for part in rules.missing(parts, answers)] if mine else []
    shown = {**_in_state(survey, viewer), "group_answer": survey.group_answer, "questions": _fields(parts, answers), "answers": answers}
    shown["lacks"] = lacks
    return shown | ({"mine": MINE[mine.final], "receipt": mine.receipt} if mine else {"receipt": None})


async def for_staff(session: AsyncSession, day: str) -> list[Data]:
    """The surveys of a day for those who lead it, without those about single items: how each one opens and how many forms it has.

    While one is open, ``n`` moves at every fifth form.
    """
    wanted = select(Survey).where(Survey.day == day, col(Survey.of).is_(None)).order_by(col(Survey.place), col(Survey.survey))
    found = (await session.exec(wanted)).all()
    whole = select(SurveyCount).where(SurveyCount.day == day, SurveyCount.question == rules.WHOLE.id)
    n = {count.survey: Tally.read(count.shown).n for count in await session.exec(whole)}
    shown = {"survey", "title", "title_en", "state", "for_whom", "known", "opens", "opens_at", "closes_at", "months", "mailed"}
    return [{**one.model_dump(include=shown), "per_item": one.item == "", "n": n.get(one.survey, 0)} for one in found]


async def taken_away(session: AsyncSession, day: str) -> list[Data]:
    """The drafts that were taken away and can be brought back: ``{survey, title}``."""
    found = await session.exec(select(SurveyUndo).where(SurveyUndo.day == day, col(SurveyUndo.gone).is_(True)).order_by(SurveyUndo.title))
    return [{"survey": one.survey, "title": one.title} for one in found]


async def to_copy(session: AsyncSession, day: str) -> list[Data]:
    """Surveys that can be copied, ``{from, title, day, here}``: those of this day, and what others have asked; the newest day first."""
    wanted = select(Survey, Day).join(Day, col(Day.day) == col(Survey.day)).where(col(Survey.of).is_(None))
    rows = (await session.exec(wanted.order_by(col(Day.planned_starts_at).desc(), col(Survey.place)))).all()
    usable = [(one, of) for one, of in rows if one.day == day or one.state != "draft"]
    return [{"from": f"{one.day}/{one.survey}", "title": one.title, "day": of.title, "here": one.day == day} for one, of in usable]


async def by_letter(session: AsyncSession, day: str) -> Data:
    """What a letter with a link can be asked for: ``waves``, the months after which each of them asks, and ``evaluation``, whether."""
    surveys = (await session.exec(select(Survey).where(Survey.day == day))).all()
    waves, whole = (letters.asked_for(surveys, of) for of in letters.OF)
    return {"waves": sorted(one.months for one in waves if one.months), "evaluation": bool(whole)}


async def state_of(session: AsyncSession, day: str, survey_id: str) -> str | None:
    """Whether a survey is a draft, open or closed; ``None`` when there is none."""
    survey = await session.get(Survey, (day, survey_id))
    return survey.state if survey else None


async def before_the_day(session: AsyncSession, day: str) -> list[Data]:
    """The surveys that ask everybody and are open, for the page of a day that has not begun: ``{survey, title, intro}``."""
    found = (await session.exec(select(Survey).where(Survey.day == day, Survey.state == "open").order_by(col(Survey.place)))).all()
    return [_in_state(survey, Viewer("")) for survey in found if rules.FOR_WHOM.get(survey.for_whom, STAFF) is None and not survey.item]


async def to_watchers(session: AsyncSession, day: str) -> list[Data]:
    """The surveys that ask whoever watches a recording and are open: ``{survey, title, intro}``."""
    wanted = select(Survey).where(Survey.day == day, Survey.state == "open", Survey.for_whom == "watchers").order_by(col(Survey.place))
    return [_in_state(survey, Viewer("")) for survey in await session.exec(wanted)]


async def parts(session: AsyncSession, day: str, survey_id: str) -> tuple[Part, ...]:
    """The questions of a survey that can be answered; none of one that is not there, or is only a draft."""
    survey = await session.get(Survey, (day, survey_id))
    return () if survey is None or survey.state == "draft" else rules.parts_of(survey)


async def _forms(session: AsyncSession, box: Box, survey: Survey, persons: Sequence[str]) -> dict[str, SurveyAnswers]:
    name = rules.box_of(survey.day, survey.survey)
    owners = {box.pseudonym(name, person): person for person in persons}
    wanted = select(SurveyAnswers).where(SurveyAnswers.box == name, col(SurveyAnswers.key).in_(list(owners)))
    return {owners[form.key]: form for form in await session.exec(wanted)}


def _in_state(survey: Survey, viewer: Viewer) -> Data:
    if survey.item:
        return _about_item(survey)
    said = {"title": survey.title, "title_en": survey.title_en, "intro": survey.intro, "intro_en": survey.intro_en or survey.intro}
    shown: Data = {"survey": survey.survey, **said, "state": survey.state, "mine": MINE[None]}
    shown |= {"closes_at": survey.closes_at} if survey.closes_at else {}
    if viewer.is_one_of(STAFF):
        plan = {"opens": survey.opens, "opens_at": survey.opens_at}
        shown |= {name: value for name, value in plan.items() if value is not None} | ({} if survey.item is None else {"per_item": True})
        shown |= {} if survey.state == "draft" or rules.asks(survey, viewer.roles, viewer.lane) else ASKED_OF_OTHERS
    return shown if survey.known else {**shown, "coming": True}


def _about_item(survey: Survey) -> Data:
    shown = {"survey": survey.survey, "state": survey.state, "mine": MINE[None]}
    if survey.state != "open":
        return shown
    fields = [_asked(part.question) for part in rules.parts_of(survey)]
    return {**shown, "title": survey.title, "title_en": survey.title_en, "of": survey.of, "item": survey.item, "questions": fields}


def _asked(question: Question) -> Data:
    return {"question": question.id, **face_of(question)}


def _fields(parts: Sequence[Part], answers: rules.Answers) -> list[Data]:
    questions = {part.question.id: part.question for part in parts}
    return [{**_field(part, questions), "asked": is_asked(part, answers)} for part in parts]


def _field(part: Part, questions: Mapping[str, Question]) -> Data:
    question, consent, section, after = part.question, part.consent, part.section, part.after
    shown = {"question": question.id, **face_of(question), "longest": question.longest, "exclusive": list(question.exclusive)}
    if part.required:
        shown["required"] = True
    if consent:
        shown["consent"] = {"consent": consent.id, "text": consent.text, "text_en": consent.text_en or consent.text}
    if section:
        english = {"title_en": section.title_en or section.title, "help_en": section.help_en or section.help}
        shown["section"] = {"title": section.title, "help": section.help, **english}
    if after:
        shown["after"] = {"question": after.question, "answers": list(after.answers), "said": _said(after, questions[after.question])}
    return shown


def _said(after: After, lead: Question) -> list[Data]:
    names = cell_names(lead)
    return [dict(zip(("text", "text_en"), names[answer], strict=True)) for answer in after.answers]


def said_after(part: Part, parts: Sequence[Part]) -> list[Data]:
    """The answers that a follow-up is asked on, ``{text, text_en}`` each; none of other questions."""
    lead = {one.question.id: one.question for one in parts}
    return _said(part.after, lead[part.after.question]) if part.after else []


def as_seen(survey: Survey) -> Data:
    """As `form`, of a survey that nobody has answered, whether it is open or not."""
    return _filled_in(survey, None, Viewer(""))
