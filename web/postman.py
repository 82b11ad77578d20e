"""Sends what people have asked for by mail, one letter after the other, and forgets where to: answers, links to surveys, reminders."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import select

from chat.questions import Letters
from chat.questions.letters import Ready
from conference.core.clock import Clock
from conference.core.errors import _
from conference.core.store import Store
from conference.followup import Reminders
from conference.tables import Day
from polls.surveys import SurveyLetters
from web import owner_letters, survey_letters
from web.mailing import MailServer, NotMailed, a_letter
from web.render import translated
from web.settings import Settings
from web.telling import LETTERS, forget_each

LOOK_S: Final = 15.0  # an answer in writing is awaited for days
AT_ONCE: Final = 20  # letters of one round; the others wait for the next
FRAME: Final = (
    _("Hej!"),
    _("Du ställde en fråga till panelen på %(day)s:"),
    _("Du får det här brevet för att du skrev din adress när du ställde frågan. Adressen är nu raderad."),
)
WRITTEN: Final = _("Svaret:")
LIVE: Final = _("Panelen svarade på frågan %(time)s.")
MORE: Final = _("Frågor och svar står på dagens sida: %(url)s")
RECORDED: Final = _("Svaret i inspelningen, när den är publicerad: %(url)s")
SUBJECT: Final = _("Svar på din fråga, %(day)s")

log = logging.getLogger(__name__)


class Forgets(Protocol):
    """Forgets the address of a letter."""

    async def __call__(self, *, sent: bool) -> None:
        """After this the letter is not tried again."""


@dataclass(frozen=True)
class Outgoing:
    """A letter to give to the server.

    Attributes:
        words: its subject and its text.
        name: the same when it is tried again.
        leave: where one says that nothing more is to be sent.
    """

    to: str
    words: tuple[str, str]
    name: str
    leave: str | None = None


@dataclass(frozen=True)
class Bags:
    """What there is to send: answers to questions, links to surveys, reminders to the owners of actions."""

    answers: Letters
    surveys: SurveyLetters
    owners: Reminders


class Postman:
    """Goes round for as long as the server runs. Without a mail server he only forgets addresses that have waited too long."""

    def __init__(self, store: Store, bags: Bags, clock: Clock, settings: Settings) -> None:
        self._store, self._clock = store, clock
        self._letters, self._surveys, self._owners = bags.answers, bags.surveys, bags.owners
        self._server = MailServer.of(settings.mail_url) if settings.mail_url else None
        self._site = settings.base_url
        self._old = False  # whether addresses that were forgotten may lie in the database's files

    async def run(self) -> None:
        """Send what is due, now and then."""
        while True:
            try:
                await self.round()
            except Exception as error:  # most likely the database is away
                if not self._store.noted(error):
                    log.exception("letters wait for the next round")
            await asyncio.sleep(LOOK_S)

    async def round(self) -> int:
        """Send what is due; how many were sent."""
        sent = await self._answers() + await self._links() + await self._reminders()
        if self._old and not sent:  # once when all have gone, and not after every few of thousands
            self._old = bool(await forget_each(self._store, LETTERS))
        return sent

    async def _answers(self) -> int:
        sent = 0
        for day, question in await self._letters.due(AT_ONCE if self._server else 0):
            ready = await self._letters.claim(day, question)
            if ready and self._server:
                letter = Outgoing(ready.address, await self._words(ready), f"{ready.question}.{ready.day}")
                sent += await self._send(letter, self._server, partial(self._answered, ready))
        return sent

    async def _answered(self, ready: Ready, *, sent: bool) -> None:  # noqa: ARG002  # what never can be sent is forgotten, too
        await self._letters.done(ready.day, ready.question)

    async def _links(self) -> int:
        """Letters with links are sent where a base URL says what those begin with."""
        sent: Counter[tuple[str, str]] = Counter()
        for day, name in await self._surveys.due(AT_ONCE if self._server and self._site else 0):
            ready = await self._surveys.claim(day, name)
            if ready and self._server and self._site:
                words = survey_letters.words(ready, await self._day(ready.day), self._site)
                letter = Outgoing(ready.address, words, f"{ready.name}.{ready.day}", survey_letters.leave(ready, self._site))
                done = await self._send(letter, self._server, partial(self._surveys.done, ready.day, ready.name))
                sent.update({(ready.day, ready.survey): 1} if done else {})
        await self._surveys.entered(sent)
        return sent.total()

    async def _reminders(self) -> int:
        sent: Counter[str] = Counter()
        for day, action in await self._owners.due(AT_ONCE if self._server and self._site else 0):
            ready = await self._owners.claim(day, action)
            if ready and self._server and self._site:
                words = owner_letters.words(ready, await self._day(day), self._site)
                name = f"{action}.{ready.due}.{ready.number}.{day}"  # a date that is moved begins anew, with letters of their own
                letter = Outgoing(ready.address, words, name, owner_letters.leave(ready, self._site))
                done = await self._send(letter, self._server, partial(self._owners.done, ready))
                sent.update({day: 1} if done else {})
        await self._owners.entered(sent)
        return sent.total()

    async def _send(self, letter: Outgoing, server: MailServer, done: Forgets) -> bool:
        """A process that dies after this and before the address is forgotten leads to a second letter, with the id of the first.

        Args:
            done: forgets the address; told whether the letter was taken.
        """
        try:
            made = a_letter(server, letter.to, letter.words, name=letter.name, at=self._clock.now(), leave=letter.leave)
            await asyncio.to_thread(server.send, made)
        except NotMailed as error:
            log.warning("a letter was not sent%s: %s", " and never will be" if error.for_good else "", error)
            if error.for_good:
                await done(sent=False)
                self._old = True
            return False
        await done(sent=True)
        self._old = True
        return True

    async def _day(self, day: str) -> Day:
        async with self._store.reading() as session:
            return (await session.exec(select(Day).where(Day.day == day))).one()

    async def _words(self, ready: Ready) -> tuple[str, str]:
        day = await self._day(ready.day)

        def said(text: str, **values: object) -> str:
            return translated(text, ready.lang, values)

        title = day.title_en if ready.lang == "en" and day.title_en else day.title
        hello, asked, why = (said(text, day=title) if "%(" in text else said(text) for text in FRAME)
        parts = [hello, f"{asked}\n{_quoted(ready.text)}", *self._told(ready, said, day), why]
        return said(SUBJECT, day=title), "\n\n".join(parts) + "\n"

    def _told(self, ready: Ready, said: Callable[..., str], day: Day) -> list[str]:
        told = []
        if ready.answered_at:
            told.append(said(LIVE, time=_local(ready.answered_at, day.timezone)))
        if ready.answer:
            told.append(f"{said(WRITTEN)}\n{ready.answer}")
        if self._site and ready.answered_at:
            told.append(said(RECORDED, url=f"{self._site}/days/{ready.day}/questions/{ready.question}/moment"))
        if self._site:
            told.append(said(MORE, url=f"{self._site}/days/{ready.day}#fragor"))
        return told


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
