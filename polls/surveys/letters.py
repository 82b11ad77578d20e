"""Letters with a link to a survey, for those who asked for one: kept until they are sent. Who sends them is a matter of the web.

An address lies in a table of its own, without a person, a time or an order. Its letter holds the token of the link, and a hash of that is
all that answering knows. When the letter is sent it is dropped, and nothing tells any more which address had which link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.addresses import checked
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.tables import Day
from polls.ballots import Box
from polls.surveys import rules
from polls.surveys.tables import Survey, SurveyLetter, SurveyLink

WAITING_MOST: Final = 30_000  # letters of one day: ten thousand people who let themselves be asked three times
TRIES_MOST: Final = 8
AGAIN: Final = timedelta(minutes=5)  # after the first try that failed; twice as long after each: half a day and a half in all
KEPT: Final = timedelta(days=396)  # 13 months after the day, as the text on privacy says; after it was asked for where that is later

Of = Literal["waves", "evaluation"]
OF: Final[tuple[Of, Of]] = ("waves", "evaluation")


@dataclass(frozen=True)
class Ready:
    """A letter to send.

    Attributes:
        name: the same when it is tried again.
        months: of a wave, how long after the day.
    """

    day: str
    name: str
    survey: str
    title: str
    title_en: str
    address: str
    lang: str
    token: str
    leave: str
    months: int | None
    closes_at: datetime | None


def link_hash(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(link: SurveyLink) -> str:
    """Who answers by a link, as the box knows them: nobody, and the same each time."""
    return f"link/{link.link}"


def form_key(box: Box, link: SurveyLink) -> bytes:
    """The pseudonym that the form of a link lies under."""
    if link.key is None:
        return box.pseudonym(rules.box_of(link.day, link.survey), person_of(link))
    return _masked(box, link, link.key)


def _masked(box: Box, link: SurveyLink, key: bytes) -> bytes:
    """A pseudonym as it is stored, or one that is stored as it is: without the key of the box neither says anything of the other."""
    mask = box.pseudonym(rules.box_of(link.day, link.survey), f"mask/{link.link}")
    return bytes(one ^ other for one, other in zip(key, mask, strict=True))


def asked_for(surveys: Iterable[Survey], of: Of) -> list[Survey]:
    """Which surveys of a day a letter can lead to: the waves that are to come, or the evaluation until it has closed."""
    still = [one for one in surveys if one.known and one.state != "closed" and one.item is None]
    if of == "waves":
        return [one for one in still if one.months and one.state == "draft"]
    whole = [one for one in still if not one.months and one.for_whom == "participants" and one.opens != "date"]
    return sorted(whole, key=lambda one: (one.place, one.survey))[:1]


class SurveyLetters:
    """What is to be sent, one after the other."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, box: Box) -> None:
        self._store, self._clock, self._ids, self._box = store, clock, ids, box

    async def ask(self, by: Actor, of: Of, address: str, lang: str) -> Done:
        """Send somebody a link: to each wave, or to the evaluation when it is open. An address is written once, however often it is told.

        Not remembered and not audited as other wishes are: it would lead from the person to the address.

        Raises:
            Refused: ``address.wrong``, ``mail.nothing``, ``mail.full``.
        """
        to = checked(address)

        async def write(tx: Transaction) -> Done:
            surveys = asked_for(await tx.every(Survey, col(Survey.day) == by.day), of)
            there = await tx.every(SurveyLetter, col(SurveyLetter.day) == by.day, col(SurveyLetter.address) == to)
            [row] = await tx.ask(select(func.count().label("n")).select_from(SurveyLetter).where(SurveyLetter.day == by.day))
            if not surveys:
                raise Refused("mail.nothing", _("Det finns ingen enkät att mejla."))
            if row["n"] + len(surveys) > WAITING_MOST:
                raise Refused("mail.full", _("Fler adresser kan inte tas emot den här dagen."))
            leave = there[0].leave if there else self._ids.secret()
            for survey in surveys:
                if survey.survey not in {letter.survey for letter in there}:
                    self._write(tx, by, survey, SurveyLetter(**self._letter(survey, lang), address=to, leave=leave))
            return Done()

        return await self._store.run(write)

    def _letter(self, survey: Survey, lang: str) -> dict[str, Any]:
        today = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)  # no finer: when somebody asked is theirs
        about = {"day": survey.day, "letter": self._ids.secret(12), "survey": survey.survey, "lang": lang, "token": self._ids.secret()}
        return {**about, "due_at": today, "until": today + KEPT}

    def _write(self, tx: Transaction, by: Actor, survey: Survey, letter: SurveyLetter) -> None:
        link = SurveyLink(day=survey.day, link=link_hash(letter.token), survey=survey.survey)
        if not survey.months:  # whoever stays after all answers in the same form, and not in a second one
            key = self._box.pseudonym(rules.box_of(survey.day, survey.survey), by.person)
            masked = _masked(self._box, link, key)  # as it is, it would join an address that waits to the answers
            link = link.model_copy(update={"key": masked, "region": by.region, "affiliation": by.affiliation})
        tx.put(letter)
        tx.put(link)

    async def due(self, most: int) -> Sequence[tuple[str, str]]:
        """Those whose time has come, by day and name, the oldest first; what has waited too long is forgotten on the way."""
        now = self._clock.now()
        of_its_survey = (col(Survey.day) == col(SurveyLetter.day)) & (col(Survey.survey) == col(SurveyLetter.survey))
        joined = select(SurveyLetter.day, SurveyLetter.letter).join(Survey, of_its_survey).join(Day, col(Day.day) == col(SurveyLetter.day))
        kept = or_(SurveyLetter.until >= now, Day.planned_starts_at >= now - KEPT)  # some ask long before the day
        async with self._store.reading() as session:
            late = (await session.exec(joined.where(or_(~kept, Survey.state == "closed")))).all()
            wanted = joined.where(Survey.state == "open", SurveyLetter.due_at <= now, kept)
            found = (await session.exec(wanted.order_by(col(SurveyLetter.due_at), col(SurveyLetter.letter)).limit(most))).all()
        for day, letter in late:
            await self.done(day, letter, sent=False)
        return found

    async def claim(self, day: str, name: str) -> Ready | None:
        """Take a letter on oneself: no other process sends it until the time that it gets for its next try.

        Returns:
            What to send; ``None`` when somebody else has it, or it is there no more.
        """

        async def take(tx: Transaction) -> Ready | None:
            letter, now = await tx.find(SurveyLetter, day, name), self._clock.now()
            survey = await tx.find(Survey, day, letter.survey) if letter else None
            if letter is None or survey is None or survey.state != "open" or letter.due_at > now:
                return None
            if letter.tries >= TRIES_MOST:
                tx.drop(letter)
                return None
            tx.put(letter.model_copy(update={"tries": letter.tries + 1, "due_at": now + AGAIN * 2**letter.tries}))
            about = {one: getattr(letter, one) for one in ("day", "survey", "address", "lang", "token", "leave")}
            of = {one: getattr(survey, one) for one in ("title", "title_en", "months", "closes_at")}
            return Ready(name=name, **about, **of)

        return await self._store.run(take)

    async def done(self, day: str, name: str, *, sent: bool) -> None:
        """It was sent, or never can be: its address is forgotten, and so is a link that nobody got."""

        async def drop(tx: Transaction) -> None:
            letter = await tx.find(SurveyLetter, day, name)
            survey = await tx.find(Survey, day, letter.survey) if letter else None
            link = await tx.find(SurveyLink, day, link_hash(letter.token)) if letter and not sent else None
            for row in (letter, link):
                if row:
                    tx.drop(row)
            if survey and sent:
                tx.put(survey.model_copy(update={"mailed": survey.mailed + 1}))

        await self._store.run(drop)

    async def entered(self, sent: Mapping[tuple[str, str], int]) -> None:
        """Enter in the audit chain how many letters of a round led to which survey of which day: counts alone."""

        async def enter(tx: Transaction) -> None:
            for (day, survey), n in sorted(sent.items()):
                deed = audit.Deed(day, "house", "surveys.mailed", {"survey": survey, "n": n}, self._clock.now())
                await audit.enter(tx, deed)

        if sent:
            await self._store.run(enter)

    async def forget(self, leave: str) -> int:
        """Send nothing more to whoever has this link to say so: see `forget`."""
        return await forget(self._store, leave)

    async def leaving(self, leave: str) -> str | None:
        """The day of letters that wait under this link; ``None`` when none do."""
        async with self._store.reading() as session:
            return (await session.exec(select(SurveyLetter.day).where(SurveyLetter.leave == leave).limit(1))).first()

    async def link(self, day: str, survey: str, token: str) -> SurveyLink | None:
        """The link of a token to a survey that has not closed."""
        async with self._store.reading() as session:
            found = await session.get(SurveyLink, (day, link_hash(token)))
        return found if found and found.survey == survey else None


async def forget(store: Store, leave: str) -> int:
    """Drop all letters under one link to say so; how many will not be sent. The answers stay: they are nobody's."""

    async def drop(tx: Transaction) -> int:
        letters = await tx.every(SurveyLetter, col(SurveyLetter.leave) == leave)
        links = [await tx.find(SurveyLink, letter.day, link_hash(letter.token)) for letter in letters]
        for row in (*letters, *links):
            if row:
                tx.drop(row)
        return len(letters)

    return await store.run(drop)


async def of_address(session: AsyncSession, day: str, address: str) -> list[str]:
    """The links by which nothing more is sent to an address: one, or none."""
    same = func.lower(SurveyLetter.address) == address.lower()
    return list(await session.exec(select(SurveyLetter.leave).where(SurveyLetter.day == day, same).distinct()))
