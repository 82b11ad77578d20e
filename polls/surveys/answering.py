"""Answering surveys: all saves of a commit at once, as votes are cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.rows import Values
from conference.core.store import Store
from conference.core.transaction import Transaction
from polls.ballots import About, Box
from polls.kinds import Question, kind_of
from polls.receipts import RECEIPT_BYTES, Once, done
from polls.surveys import rules
from polls.surveys.parts import is_asked
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount
from polls.tables import VoteAnswer
from polls.tally import Tally


@dataclass(frozen=True)
class Save:
    """A wish of answering: what is to be laid over a person's form.

    Attributes:
        people: how many answer together, when the form says so.
        once: the wish whose answer is remembered; ``None`` when it is not.
        link_key: the pseudonym that a link answers under; ``None`` for that of *by*.
    """

    survey: str
    by: Actor
    answers: Mapping[str, Any]
    final: bool
    people: int | None
    once: Once | None
    link_key: bytes | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Which survey of which day."""
        return self.by.day, self.survey


class Answering:
    """Brings answers to their forms."""

    def __init__(self, store: Store, ids: Ids, box: Box) -> None:
        self._store, self._ids, self._box = store, ids, box

    async def save(self, save: Save) -> Done:
        """Save once; returns when its group is on disk."""
        return await self._store.gather(self._together, save)

    async def _together(self, tx: Transaction, saves: list[Save]) -> Sequence[Done | Exception]:
        keys = {save.key for save in saves}
        await tx.fetch(Survey, keys)
        surveys = {key: await tx.find(Survey, *key) for key in keys}
        open_ones = [survey for survey in surveys.values() if survey and survey.state == "open"]
        await tx.fetch(SurveyCount, {(one.day, one.survey, question.id) for one in open_ones for question in rules.counted_in(one)})
        boxes = {(one.day, one.survey): await _OpenSurvey.of(tx, one, self._box) for one in open_ones}
        await tx.fetch(VoteAnswer, {save.once.key for save in saves if save.once})
        await tx.fetch(SurveyAnswers, {(box.name, box.key(save)) for save in saves if (box := boxes.get(save.key))})
        group = _Saves(surveys, boxes, self._ids)
        answers = [group.one(tx, save) for save in saves]
        for box in boxes.values():
            await box.write(tx)
        await tx.put_many(VoteAnswer, list(group.remembered.values()))
        return answers


class _Saves:
    """The saves of one group, one after the other, on what has been fetched for all of them."""

    def __init__(self, surveys: Mapping[tuple[str, str], Survey | None], boxes: Mapping[tuple[str, str], _OpenSurvey], ids: Ids) -> None:
        self._surveys, self._boxes, self._ids = surveys, boxes, ids
        self.remembered: dict[tuple[str, str], Values] = {}

    def one(self, tx: Transaction, save: Save) -> Done | Refused:
        """Save one, or say why not."""
        try:
            if save.once and (earlier := self.remembered.get(save.once.key) or tx.fetched(VoteAnswer, *save.once.key)):
                return save.once.recalled(earlier)
            rules.must_take_answers(self._surveys[save.key], save.by.roles, save.by.lane)
            receipt = self._boxes[save.key].put(tx, save, self._ids)
        except Refused as refusal:
            return refusal
        if save.once:
            self.remembered[save.once.key] = save.once.remembered(receipt)
        return done(receipt)


class _OpenSurvey:
    """One open survey during one group."""

    def __init__(self, survey: Survey, counts: Mapping[str, _Counting], box: Box) -> None:
        self.name = rules.box_of(survey.day, survey.survey)
        self._survey, self._parts, self._counts, self._box = survey, rules.parts_of(survey), counts, box
        self._followed = [(part, counts[name]) for part in self._parts if part.after and (name := rules.asked_of(part).id) in counts]
        self._forms: dict[bytes, Values | None] = {}  # what the group has saved, and None for forms that were emptied

    @classmethod
    async def of(cls, tx: Transaction, survey: Survey, box: Box) -> _OpenSurvey:
        """As it stands before the group."""
        questions = rules.counted_in(survey)
        rows = [(one, await tx.find(SurveyCount, survey.day, survey.survey, one.id)) for one in questions]
        counts = {one.id: _Counting(one, row) for one, row in rows if row}  # what was not counted when it opened is not counted now
        return cls(survey, counts, box)

    def key(self, save: Save) -> bytes:
        """Under which the person's form lies."""
        return save.link_key or self._box.pseudonym(self.name, save.by.person)

    def put(self, tx: Transaction, save: Save, ids: Ids) -> str | None:
        """Lay the answers over what was saved; the form's receipt, ``None`` when nothing is left in it.

        Raises:
            Refused: ``survey.key_lost``: under a second key a person would have a second form. What `rules.people_behind` and
                `rules.answer_survey` say.
        """
        if self._survey.key_print not in (None, self._box.fingerprint(self.name)):
            raise Refused("survey.key_lost", _("Enkätens nyckel är borta, så inga fler svar kan tas emot. Arrangören kan stänga den."))
        key, by = self.key(save), save.by
        people = rules.people_behind(self._survey, save.people, by)
        earlier = self._forms[key] if key in self._forms else tx.fetched(SurveyAnswers, self.name, key)
        saved = msgspec.json.decode(earlier["answers"]) if earlier else {}
        answers = rules.answer_survey(self._parts, saved, save.answers, final=save.final)
        before = self._box.about(self.name, key, earlier["about"]) if earlier else None
        self._recount(key.hex(), _Form(saved, before.people if before else 0), _Form(answers, people))
        if not answers:
            self._forms[key] = None
            return None
        receipt = str(earlier["receipt"]) if earlier else ids.secret(RECEIPT_BYTES)
        form = {"box": self.name, "key": key, "receipt": receipt, "answers": msgspec.json.encode(answers).decode()}
        about = self._box.sealed(self.name, key, About(by.region, by.affiliation, people))
        self._forms[key] = {**form, "final": save.final or bool(earlier and earlier["final"]), "about": about}
        return receipt

    async def write(self, tx: Transaction) -> None:
        """Store what the group has come to."""
        if not self._forms:
            return
        for count in self._counts.values():
            tx.put(count.row())
        if self._survey.key_print is None:
            tx.put(self._survey.model_copy(update={"key_print": self._box.fingerprint(self.name)}))
        for key in [key for key, form in self._forms.items() if form is None]:
            tx.drop(SurveyAnswers(box=self.name, key=key, receipt="", answers="", final=False))
        await tx.put_many(SurveyAnswers, [form for form in self._forms.values() if form])

    def _recount(self, key: str, before: _Form, after: _Form) -> None:
        for part in self._parts:
            question = part.question.id
            if any(before.answers.get(field, UNSET) != after.answers.get(field, UNSET) for field in part.fields):
                self._counts[question].change(key, before.answers.get(question, UNSET), after.answers.get(question, UNSET))
        for whole in rules.OF_FORMS:
            self._counts[whole.id].change(key, *(self._behind(whole, form) for form in (before, after)))
        for part, counting in self._followed:
            counting.change(key, *(form.people if is_asked(part, form.answers) else UNSET for form in (before, after)))

    def _behind(self, whole: Question, form: _Form) -> Any:
        return form.people if rules.says_something(self._parts, form.answers) and rules.counts_as(whole, form.people) else UNSET


@dataclass(frozen=True)
class _Form:
    answers: rules.Answers
    people: int


class _Counting:
    """The tally of one question during one group."""

    def __init__(self, question: Question, count: SurveyCount) -> None:
        self._question, self._count = question, count
        self._now, self._shown = (Tally.read(text) for text in (count.now, count.shown))
        self._waiting: set[str] = set(msgspec.json.decode(count.waiting))

    def change(self, key: str, before: Any, after: Any) -> None:
        """Count an answer in place of another, either of which may be none; where forms are counted, the people behind one."""
        whole = rules.counts_forms(self._question)
        if before is not UNSET:
            self._now = self._now.minus(self._question, before, before if whole else 0)
        if after is not UNSET:
            self._now = self._now.plus(self._question, after, after if whole else 0)
        if kind_of(self._question).written and not whole:
            self._waiting = self._waiting | {key} if after is not UNSET else self._waiting - {key}
        shown = rules.next_shown(self._shown, self._now)
        if shown is not self._shown:
            self._shown, self._waiting = shown, set()

    def row(self) -> SurveyCount:
        """As it is stored."""
        waiting = msgspec.json.encode(sorted(self._waiting)).decode()
        return self._count.model_copy(update={"now": self._now.written(), "shown": self._shown.written(), "waiting": waiting})
