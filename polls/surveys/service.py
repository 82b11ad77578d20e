"""The verbs of surveys.

Answers are saved as people go, by thousands in the minutes after a day, so they are gathered as votes are. A save and a close cannot cross.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.event import Entry
from conference.core.ids import Ids
from conference.core.rows import Values, every
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rules import begun
from conference.service import the_day
from conference.tables import Day, Item
from polls import tally
from polls.ballots import Box, seal
from polls.receipts import Once
from polls.surveys import closing, letters, plans, rules
from polls.surveys.answering import Answering, Save
from polls.surveys.events import SurveyClosed, SurveyPlanned
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount, SurveyLetter, SurveyLink, SurveyUndo


class Surveys:
    """Ask people what they thought, and count when it is over."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, box: Box) -> None:
        self._store, self._clock, self._ids, self.box = store, clock, ids, box
        self._answering = Answering(store, ids, box)

    @verb
    async def open(self, tx: Transaction, by: Actor, survey_id: str) -> Done:
        """Let people answer, for as many days as the survey says."""
        day = await the_day(tx, by.day)
        survey = await tx.find(Survey, by.day, survey_id)
        if survey is None or survey.opens != "date":  # what is asked before the day is opened before it
            begun(day)
        return await self.opened(tx, by.day, survey_id)

    @verb
    async def plan(
        self, tx: Transaction, by: Actor, survey_id: str, opens: str, *, opens_at: datetime | None = None, closes_at: datetime | None = None
    ) -> Done:
        """Choose when a draft opens and closes by itself; of the survey that is asked once an item, whether it is.

        Args:
            opens: ``hand``, ``cue``, ``date``, ``day_closed`` or ``after_item``.

        Raises:
            Refused: ``survey.no_such``, ``survey.later``, ``survey.open``, ``survey.over``, ``survey.wrong_plan``.
        """
        survey, last = await tx.find(Survey, by.day, survey_id), await tx.find(SurveyUndo, by.day, survey_id)
        event = plans.plan_survey(survey, opens, opens_at, closes_at, at=self._clock.now())
        assert survey
        if last:
            tx.drop(last)  # what was changed before can no more be taken back: it would take the plan with it
        tx.put(survey.model_copy(update={"opens": opens, "opens_at": opens_at, "closes_at": closes_at}))
        return Done((await tx.record(event)).seq)

    @verb
    async def extend(self, tx: Transaction, by: Actor, survey_id: str, closes_at: datetime | None) -> Done:
        """Let an open survey close at another time; ``None``: when a hand or a cue closes it.

        Raises:
            Refused: ``survey.no_such``, ``survey.not_open``, ``survey.wrong_plan``.
        """
        survey = await tx.find(Survey, by.day, survey_id)
        event = plans.extend_survey(survey, closes_at, at=self._clock.now())
        assert survey
        tx.put(survey.model_copy(update={"closes_at": closes_at}))
        return Done((await tx.record(event)).seq)

    @verb
    async def close(self, tx: Transaction, by: Actor, survey_id: str) -> Done:
        """Stop, count, and make the forms anonymous for good."""
        return await self.closed(tx, by.day, survey_id, by.person)

    async def answer(
        self, by: Actor, survey_id: str, answers: Mapping[str, Any], *, final: bool = False, people: int | None = None
    ) -> Done:
        """Save answers beside those that were saved before; the receipt stays the same.

        Args:
            answers: question -> answer as in the protocol; an empty one takes back what was answered.
            final: whether the form is sent; it can be changed until the survey closes.
            people: how many answer together, beside what they answer and never as its weight; as many as at the screen without it.

        Raises:
            Refused: ``survey.no_such``, ``survey.not_open``, ``answer.…``, ``screen.count_out_of_range``, ``wish.id_reused``.
            StoreUnavailable: nothing was stored; ask again under the same id.
        """
        return await self._answering.save(Save(survey_id, by, answers, final, people, Once.of(by)))

    async def answer_by_link(self, link: SurveyLink, answers: Mapping[str, Any], *, final: bool = False) -> Done:
        """Save answers as whoever has a link of a letter: one form a link, as `answer` has one a person. Refused: as there."""
        roles = frozenset({rules.LINK})
        by = Actor(link.day, letters.person_of(link), roles, region=link.region, affiliation=link.affiliation)
        return await self._answering.save(Save(link.survey, by, answers, final, None, None, letters.form_key(self.box, link)))

    @verb
    async def close_due(self, tx: Transaction, by: Actor) -> int:
        """Close every survey of the day whose time is over; how many. The house asks this by the clock, also when the day has ended."""
        now = self._clock.now()
        due = await tx.every(Survey, col(Survey.day) == by.day, col(Survey.state) == "open", col(Survey.closes_at) <= now)
        for survey in due[:1]:  # one a verb: a close rewrites its box, and nothing may be asked of the database after that
            await self.closed(tx, survey.day, survey.survey, by.person)
        return len(due)

    @verb
    async def open_due(self, tx: Transaction, by: Actor) -> int:
        """Open every draft of the day whose date has come; how many. The house asks this by the clock, from when the day is published."""
        due = await tx.every(Survey, col(Survey.day) == by.day, *_due_to_open(self._clock.now()))
        for survey in due:
            await self.opened(tx, survey.day, survey.survey)
        return len(due)

    async def due_to_open(self) -> list[str]:
        """The days that `open_due` has something to do for. What should have closed meanwhile is let be."""
        wanted = select(Survey.day).where(*_due_to_open(self._clock.now()))
        wanted = wanted.join(Day, col(Day.day) == col(Survey.day)).where(Day.state != "draft").distinct()
        async with self._store.reading() as session:
            return list(await session.exec(wanted))

    async def due(self) -> list[str]:
        """The days that `close_due` has something to do for."""
        wanted = select(Survey.day).where(Survey.state == "open", col(Survey.closes_at) <= self._clock.now()).distinct()
        async with self._store.reading() as session:
            return list(await session.exec(wanted))

    # What verbs and reactions share: each takes the transaction it is part of.

    async def opened(self, tx: Transaction, day: str, survey_id: str) -> Done:
        """Open a draft, or what closed unanswered."""
        survey = await tx.find(Survey, day, survey_id)
        whole = await tx.find(SurveyCount, day, survey_id, rules.WHOLE.id)
        event = rules.open_survey(survey, at=self._clock.now(), answered=bool(whole and tally.Tally.read(whole.now).n))
        assert survey
        times = {"opened_at": event.at, "opens_at": None, "closes_at": event.closes_at, "closed_at": None}
        tx.put(survey.model_copy(update={"state": "open", **times}))
        nothing = tally.Tally().written()
        for question in rules.counted_in(survey):
            tx.put(SurveyCount(day=day, survey=survey_id, question=question.id, now=nothing, shown=nothing))
        return Done((await tx.record(event)).seq)

    async def item_over(self, tx: Transaction, item: Item, scopes: Collection[str]) -> None:
        """Ask about an item that is over, each of the lanes that saw it, and let what was asked about the one before close."""
        of_day = await tx.every(Survey, col(Survey.day) == item.day, col(Survey.item).is_not(None))
        now = self._clock.now()
        for survey in of_day:
            if survey.item and survey.state == "open" and (rules.COUNTRY in scopes or survey.scope in (*scopes, rules.COUNTRY)):
                tx.put(survey.model_copy(update={"closes_at": now}))  # the clock closes it: a close is the last thing of its verb
        known = {survey.survey for survey in of_day}
        asked = [plans.after_item(survey, item, scope) for survey in of_day if survey.item == "" for scope in scopes]
        fresh = [survey for survey in asked if survey and survey.survey not in known]
        await tx.fetch(SurveyCount, {(survey.day, survey.survey, rules.WHOLE.id) for survey in fresh})  # one read for all regions
        for survey in fresh:
            tx.put(survey)
            await self.opened(tx, survey.day, survey.survey)

    async def moved(self, tx: Transaction, day: str, later: timedelta) -> None:
        """Let what opens at a date stand as far from the day as before, when the day begins at another time."""
        for survey in await tx.every(Survey, col(Survey.day) == day, col(Survey.state) == "draft", col(Survey.opens) == "date"):
            times = {name: at and at + later for name, at in (("opens_at", survey.opens_at), ("closes_at", survey.closes_at))}
            tx.put(survey.model_copy(update=times))
            await tx.record(SurveyPlanned(day=day, at=self._clock.now(), survey=survey.survey, opens="date", **times))

    async def day_over(self, tx: Transaction, day: str) -> None:
        """Open what asks contributors and organizers when the day has ended."""
        waiting = await tx.every(Survey, col(Survey.day) == day, col(Survey.state) == "draft", col(Survey.opens) == "day_closed")
        for survey in waiting:
            if survey.known:
                await self.opened(tx, day, survey.survey)

    async def closed(self, tx: Transaction, day: str, survey_id: str, person: str) -> Done:
        """Close an open survey: the last thing of its verb."""
        box, now = col(SurveyAnswers.box) == rules.box_of(day, survey_id), self._clock.now()
        survey = rules.must_be_open(await tx.find(Survey, day, survey_id))
        stored = await tx.every(SurveyCount, col(SurveyCount.day) == day, col(SurveyCount.survey) == survey_id)
        forms = await tx.ask(every(SurveyAnswers).where(box))
        counts = closing.final(self.box, survey, forms, {count.question: count for count in stored})
        event = rules.close_survey(survey, tally.Tally.read(counts[0].now).n, at=now)
        tx.put(survey.model_copy(update={"state": "closed", "closed_at": now, "closes_at": None, "key_print": None}))
        for count in counts:
            tx.put(count)
        entry = await tx.record(event)
        sealed = {"survey": survey_id, **seal([(form["receipt"], form["answers"]) for form in forms])}
        await audit.enter(tx, audit.Deed(day, person, "answers.sealed", sealed, now))
        for table in (SurveyLetter, SurveyLink):  # what was not sent in time, and what leads nowhere from now on
            await tx.drop_all(table, (col(table.day) == day) & (col(table.survey) == survey_id))
        await tx.rewrite(SurveyAnswers, box, self._shuffled(forms))
        return Done(entry.seq)

    def heard(self, entries: Sequence[Entry]) -> None:
        """Destroy the keys of closed surveys: every process does it for the events it hears, after their commit.

        The key of an empty box opens nothing, and is kept: the survey may have opened again by the time another process hears of it.
        """
        for entry in entries:
            if isinstance(entry.event, SurveyClosed) and entry.event.n:
                self.box.destroy(rules.box_of(entry.event.day, entry.event.survey))

    async def sweep(self) -> None:
        """At start: destroy keys that outlived their survey because a process died in between. Other boxes are let alone."""
        async with self._store.reading() as session:
            over = (await session.exec(select(Survey).where(Survey.state == "closed"))).all()
        for survey in over:
            self.box.destroy(rules.box_of(survey.day, survey.survey))

    def _shuffled(self, forms: Iterable[Mapping[Any, Any]]) -> list[Values]:
        """The forms under random keys, in the order of these: neither pseudonym nor order nor group leads back to anybody."""
        keyed = sorted(((self._ids.key(), form) for form in forms), key=itemgetter(0))
        return [{**form, "key": key, "about": None} for key, form in keyed]


def _due_to_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Drafts whose date has come, and whose time is not over."""
    in_time = col(Survey.closes_at).is_(None) | (col(Survey.closes_at) > now)
    return col(Survey.state) == "draft", col(Survey.known).is_(True), col(Survey.opens_at) <= now, in_time
