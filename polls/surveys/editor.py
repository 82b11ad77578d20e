"""The verbs by which organizers write surveys: from nothing, from the bank, from another day's; and mend what has been asked.

Each change to a draft can be taken back until the next one. Words lie fast from the moment when a survey opens.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
from sqlmodel import col, func, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.log import LogRow
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rundown.corrections import OF_EVALUATION
from conference.rundown.tables import Cue
from conference.service import the_day
from polls.kinds import Question
from polls.surveys import correcting, drafting, plans, rules
from polls.surveys.events import SurveyCorrected, SurveyDrafted, SurveyTakenAway
from polls.surveys.tables import Survey, SurveyUndo
from polls.tables import BankQuestion

EDITED = tuple(
    "title title_en intro intro_en questions for_whom known group_answer item months opens opens_at closes_at".split()  # noqa: SIM905  # a row of words
)
"""What is taken back."""


class SurveyEditor:
    """Write surveys."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def make(self, tx: Transaction, by: Actor, about: drafting.About) -> Done:
        """Make a survey without questions; the answer has its id. Refused: ``survey.too_many``, and as `drafting.make`."""
        day = await the_day(tx, by.day)
        place = await _next_place(tx, by.day)
        made = drafting.make(by.day, self._ids.new(), place, about, starts_at=day.planned_starts_at)
        return await self._told(tx, made)

    @verb
    async def tell(self, tx: Transaction, by: Actor, survey: str, about: drafting.About) -> Done:
        """Give a draft another title, introduction or audience. Refused: as `drafting.tell`."""
        day = await the_day(tx, by.day)
        draft = await _draft(tx, by.day, survey)
        return await self._changed(tx, draft, drafting.tell(draft, about, starts_at=day.planned_starts_at))

    @verb
    async def use(self, tx: Transaction, by: Actor, survey: str, question: str, version: int) -> Done:
        """Put a question of the bank last, word by word. Refused: ``question.no_such``, and as `drafting.use`."""
        row = await tx.find(BankQuestion, question, version)
        if row is None:
            raise Refused("question.no_such", _("Frågan finns inte i banken."))
        draft = await _draft(tx, by.day, survey)
        asked = msgspec.json.decode(row.body, type=Question)
        return await self._changed(tx, draft, drafting.use(draft, asked, locked=row.locked))

    @verb
    async def write(self, tx: Transaction, by: Actor, survey: str, question: str | None, written: drafting.Written) -> Done:
        """Put a question that was written here last, or in place of *question*. Refused: as `drafting.write`."""
        versions = select(func.max(BankQuestion.version).label("newest")).where(BankQuestion.question == (question or ""))
        newest = (await tx.ask(versions))[0]["newest"] or 0
        draft = await _draft(tx, by.day, survey)
        name = question or self._ids.new()
        asked = msgspec.structs.replace(written.question, id=name)
        done = await self._changed(tx, draft, drafting.write(draft, question, replace(written, question=asked), newest=newest))
        return Done(done.seq, {"question": name})

    @verb
    async def move(self, tx: Transaction, by: Actor, survey: str, question: str, way: str, *, heading: bool = False) -> Done:
        """Let a question, or the heading before it, come earlier or later. Refused: as `drafting.move`."""
        draft = await _draft(tx, by.day, survey)
        return await self._changed(tx, draft, drafting.move(draft, question, way, heading=heading))

    @verb
    async def take_out(self, tx: Transaction, by: Actor, survey: str, question: str) -> Done:
        """Take a question out of a draft. Refused: as `drafting.take_out`."""
        draft = await _draft(tx, by.day, survey)
        return await self._changed(tx, draft, drafting.take_out(draft, question))

    @verb
    async def remove(self, tx: Transaction, by: Actor, survey: str) -> Done:
        """Take a whole draft away; `undo` brings it back. Refused: ``survey.in_rundown`` while a cue is to open it."""
        cues = await tx.every(Cue, col(Cue.day) == by.day, col(Cue.do).in_(OF_EVALUATION), col(Cue.state) == "coming")
        draft = await _draft(tx, by.day, survey)
        if any(cue.args.get("survey") == survey for cue in cues):
            raise Refused("survey.in_rundown", _("Körschemat öppnar den här enkäten, så den kan inte tas bort."))
        tx.put(_undo(draft, gone=True))
        tx.drop(draft)
        return Done((await tx.record(SurveyTakenAway(day=by.day, at=self._clock.now(), survey=survey))).seq)

    @verb
    async def undo(self, tx: Transaction, by: Actor, survey: str) -> Done:
        """Take the last change to a draft back, or bring one back that was taken away. Refused: ``change.none``."""
        last = await tx.find(SurveyUndo, by.day, survey)
        if last is None:
            raise Refused("change.none", _("Det finns ingen ändring att ångra."))
        before = Survey.model_validate(last.before)
        if not last.gone:
            now = await _draft(tx, by.day, survey)
            before = now.model_copy(update={name: getattr(before, name) for name in EDITED})
        tx.drop(last)
        return await self._told(tx, before)

    @verb
    async def copy(self, tx: Transaction, by: Actor, survey: str, from_day: str) -> Done:
        """Make a draft of a survey of this day, or of one that was asked on another; the answer has its id.

        Raises:
            Refused: ``survey.no_such``, ``survey.too_many``, and as `drafting.with_parts`.
        """
        day = await the_day(tx, by.day)
        place = await _next_place(tx, by.day)
        found = await tx.find(Survey, from_day, survey)
        if found is None or found.of or (from_day != by.day and found.state == "draft"):
            raise rules.no_such()
        made = drafting.copied(found, by.day, self._ids.new(), place)
        if made.months:
            made = made.model_copy(update={"opens": "date", "opens_at": plans.months_after(day.planned_starts_at, made.months)})
        return await self._told(tx, made)

    @verb
    async def correct(self, tx: Transaction, by: Actor, survey: str, change: tuple[str, str], reason: str) -> Done:
        """Mend a misspelling in a survey that has opened; it is told in the log. Refused: as `correcting.correct`."""
        wanted = select(LogRow.data).where(LogRow.day == by.day, LogRow.name == SurveyCorrected.name).order_by(col(LogRow.seq).desc())
        earlier = [msgspec.json.decode(row["data"]) for row in await tx.ask(wanted)]
        first = {one["part"]: one["before"] for one in earlier if one["survey"] == survey}
        row = await tx.find(Survey, by.day, survey)
        after, event = correcting.correct(row, change, reason, first=first, at=self._clock.now())
        tx.put(after)
        return Done((await tx.record(event)).seq)

    async def _changed(self, tx: Transaction, before: Survey, after: Survey) -> Done:
        tx.put(_undo(before, gone=False))
        return await self._told(tx, after)

    async def _told(self, tx: Transaction, survey: Survey) -> Done:
        tx.put(survey)
        said = {name: getattr(survey, name) for name in ("survey", "title", "title_en", "intro", "intro_en", "known")}
        plan = {name: getattr(survey, name) for name in ("opens", "opens_at", "closes_at")}
        event = SurveyDrafted(day=survey.day, at=self._clock.now(), **said, **plan, per_item=survey.item == "")
        return Done((await tx.record(event)).seq, {"survey": survey.survey})


async def _draft(tx: Transaction, day: str, name: str) -> Survey:
    """A survey whose words are still free. The first thing of a verb that puts nothing before it."""
    asked = await tx.every(Survey, col(Survey.day) == day, col(Survey.of) == name)
    return drafting.must_be_draft(await tx.find(Survey, day, name), asked=bool(asked))


async def _next_place(tx: Transaction, day: str) -> int:
    """Last of the day's surveys. Refused: ``survey.too_many``."""
    there = await tx.every(Survey, col(Survey.day) == day, col(Survey.of).is_(None))
    if len(there) >= drafting.SURVEYS_MOST:
        raise Refused("survey.too_many", _("Högst %(most)d enkäter på en dag."), most=drafting.SURVEYS_MOST)
    return max((one.place for one in there), default=0) + 1


def _undo(survey: Survey, *, gone: bool) -> SurveyUndo:
    return SurveyUndo(day=survey.day, survey=survey.survey, before=survey.model_dump(mode="json"), gone=gone, title=survey.title)
