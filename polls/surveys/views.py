"""What is shown of surveys, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Viewer, everyone
from conference.people import STAFF
from polls.ballots import Box
from polls.kinds import Question
from polls.naming import cell_names
from polls.surveys import rules
from polls.surveys.events import SurveyClosed, SurveyOpened
from polls.surveys.tables import Survey, SurveyAnswers
from polls.views import face_of

MINE = {None: "none", False: "begun", True: "done"}  # how far one has come, by whether the form was sent


def _opened(event: SurveyOpened) -> Data:
    told = {
        "survey": event.survey,
        "title": event.title,
        "title_en": event.title_en,
        "intro": event.intro,
        "intro_en": event.intro_en or event.intro,
    }
    return {**told, "state": "open", "closes_at": event.closes_at, "mine": MINE[None]}


def _closed(event: SurveyClosed) -> Data:
    """From now on nobody can tell who has answered, so the answer to "have I?" is no for all."""
    return {"survey": event.survey, "state": "closed", "closes_at": None, "mine": MINE[None]}


FACES: Faces = {SurveyOpened: everyone(_opened), SurveyClosed: everyone(_closed)}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``surveys`` of the state: equal for all viewers with these roles. Drafts are for staff."""
    wanted = select(Survey).where(Survey.day == day).order_by(col(Survey.place), col(Survey.survey))
    staff = bool(viewer.roles & STAFF)
    return {"surveys": [_in_state(survey) for survey in await session.exec(wanted) if staff or survey.state != "draft"]}


async def personal(session: AsyncSession, box: Box, day: str, persons: Sequence[str]) -> dict[str, Data]:
    """How far each has come with the open surveys: person -> ``{"surveys": {survey: {"mine": "begun" | "done"}}}``."""
    surveys = (await session.exec(select(Survey).where(Survey.day == day, Survey.state == "open"))).all()
    found: dict[str, Data] = {}
    for survey in surveys:
        for person, form in (await _forms(session, box, survey, persons)).items():
            found.setdefault(person, {}).setdefault("surveys", {})[survey.survey] = {"mine": MINE[form.final]}
    return found


async def form(session: AsyncSession, box: Box, day: str, survey_id: str, person: str | None = None) -> Data | None:
    """All that the page of a survey needs: its questions, and the person's own answers while it is open.

    Returns:
        What the state holds of it, and ``group_answer``, ``questions`` (each as polls show theirs, with ``question``, ``longest``,
        ``exclusive`` and perhaps ``consent {consent, text, text_en}``, ``section {title, help}`` before it, ``after {question, answers,
        said}`` of a follow-up; ``asked`` by these answers), ``answers {question: answer}``, ``receipt``, ``people`` who answered
        together. ``None`` when there is no such survey, or only a draft.
    """
    survey = await session.get(Survey, (day, survey_id))
    if survey is None or survey.state == "draft":
        return None
    forms = await _forms(session, box, survey, [person]) if person and survey.state == "open" else {}
    mine = forms.get(person or "")
    answers = msgspec.json.decode(mine.answers) if mine else {}
    questions = _fields(rules.parts_of(survey), answers)
    shown = {**_in_state(survey), "group_answer": survey.group_answer, "questions": questions, "answers": answers}
    return shown | ({"mine": MINE[mine.final], "receipt": mine.receipt, "people": mine.people} if mine else {"receipt": None})


async def parts(session: AsyncSession, day: str, survey_id: str) -> tuple[rules.Part, ...]:
    """The questions of a survey that can be answered; none of one that is not there, or is only a draft."""
    survey = await session.get(Survey, (day, survey_id))
    return () if survey is None or survey.state == "draft" else rules.parts_of(survey)


async def _forms(session: AsyncSession, box: Box, survey: Survey, persons: Sequence[str]) -> dict[str, SurveyAnswers]:
    name = rules.box_of(survey.day, survey.survey)
    owners = {box.pseudonym(name, person): person for person in persons}
    wanted = select(SurveyAnswers).where(SurveyAnswers.box == name, col(SurveyAnswers.key).in_(list(owners)))
    return {owners[form.key]: form for form in await session.exec(wanted)}


def _in_state(survey: Survey) -> Data:
    said = {"title": survey.title, "title_en": survey.title_en, "intro": survey.intro, "intro_en": survey.intro_en or survey.intro}
    shown: Data = {"survey": survey.survey, **said, "state": survey.state, "mine": MINE[None]}
    shown |= {"closes_at": survey.closes_at} if survey.closes_at else {}
    return shown if survey.known else {**shown, "coming": True}


def _fields(parts: Sequence[rules.Part], answers: rules.Answers) -> list[Data]:
    questions = {part.question.id: part.question for part in parts}
    return [{**_field(part, questions), "asked": rules.is_asked(part, answers)} for part in parts]


def _field(part: rules.Part, questions: Mapping[str, Question]) -> Data:
    question, consent, section, after = part.question, part.consent, part.section, part.after
    shown = {"question": question.id, **face_of(question), "longest": question.longest, "exclusive": list(question.exclusive)}
    if consent:
        shown["consent"] = {"consent": consent.id, "text": consent.text, "text_en": consent.text_en or consent.text}
    if section:
        english = {"title_en": section.title_en or section.title, "help_en": section.help_en or section.help}
        shown["section"] = {"title": section.title, "help": section.help, **english}
    if after:
        names = cell_names(questions[after.question])
        said = [dict(zip(("text", "text_en"), names[answer], strict=True)) for answer in after.answers]
        shown["after"] = {"question": after.question, "answers": list(after.answers), "said": said}
    return shown
