"""The verbs of the library."""

from __future__ import annotations

from dataclasses import dataclass

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.library import rules
from conference.library.rules import FilmState
from conference.library.tables import Download, Film


@dataclass(frozen=True)
class NewFilm:
    """A film that somebody gives to a day; ``file`` says where it was put, inside the data folder."""

    title: str
    file: str
    captions: str | None = None
    licence: str = ""
    language: str = "sv"


class Library:
    """Films of days: given, packaged, ready or refused."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def add_film(self, tx: Transaction, by: Actor, new: NewFilm) -> Done:
        """Give a film to the day; the answer has its id."""
        at = self._clock.now()
        event = rules.add_film(by.day, f"film-{self._ids.new()}", new.title, at)
        film = Film(day=by.day, film=event.film, title=event.title, origin="upload", state=FilmState.WAITING, added_at=at, position=1_000)
        more = {"file": new.file, "captions": new.captions, "licence": new.licence, "language": new.language}
        tx.add(film.model_copy(update=more))
        return Done((await tx.record(event)).seq, {"film": event.film})

    @verb
    async def taken_home(self, tx: Transaction, by: Actor, what: str) -> Done:
        """Count that something of the day was downloaded once more. No event: nobody waits for the figure, and who it was is not kept."""
        row = await tx.find(Download, by.day, what)
        tx.put(Download(day=by.day, what=what, n=(row.n if row else 0) + 1))
        return Done()

    @verb
    async def kit_answered(self, tx: Transaction, by: Actor) -> Done:  # noqa: ARG002  # a verb has one
        """Enter in the audit chain what *by* does with a kit: kits lie in files, so that nothing else is written."""
        return Done()

    @verb
    async def package_film(self, tx: Transaction, by: Actor, film: str) -> Done:
        """Note that its packaging has begun."""
        tx.put((await _film(tx, by.day, film)).model_copy(update={"state": FilmState.PACKAGING}))
        return Done()

    @verb
    async def film_ready(self, tx: Transaction, by: Actor, film: str, seconds: float) -> Done:
        """It is packaged and *seconds* long; the run-of-show counts with that length from now on."""
        row = await _film(tx, by.day, film)
        event = rules.make_ready(row, seconds, self._clock.now())
        planned_s = row.planned_s or seconds
        tx.put(row.model_copy(update={"state": FilmState.READY, "seconds": seconds, "planned_s": planned_s, "why": None}))
        return Done((await tx.record(event)).seq)

    @verb
    async def caption_film(self, tx: Transaction, by: Actor, film: str, webvtt: str) -> Done:
        """Give it other captions, in place of those it has.

        Raises:
            Refused: ``film.no_such``.
        """
        row = await _film(tx, by.day, film)
        tx.put(row.model_copy(update={"webvtt": webvtt}))
        return Done((await tx.record(rules.caption_film(row, self._clock.now()))).seq)

    @verb
    async def film_refused(self, tx: Transaction, by: Actor, film: str, code: str) -> Done:
        """It cannot be shown: *code* says why, ``film.unreadable`` or another of the film's codes."""
        row = await _film(tx, by.day, film)
        event = rules.refuse_film(row, code, self._clock.now())
        tx.put(row.model_copy(update={"state": FilmState.REFUSED, "why": code}))
        return Done((await tx.record(event)).seq)


async def _film(tx: Transaction, day: str, film: str) -> Film:
    row = await tx.find(Film, day, film)
    if row is None:
        raise rules.no_such_film(film)
    return row
