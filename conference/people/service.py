"""The verbs of people: come in, say who and how many one is, leave; links that give roles; being there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType
from sqlalchemy import select as core_select
from sqlmodel import SQLModel, col, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.forgetting import Whom
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import beats as notes
from conference.people import pairing, rules
from conference.people.beats import Beat
from conference.people.events import PersonLeft
from conference.people.forgetting import person_of
from conference.people.phones import Settle, become, tell
from conference.people.rules import About, Terms
from conference.people.tables import Attendance, Link, Person, Session


class People:
    """The people of all days.

    Tokens come and are stored as `rules.token_hash` of them; the token itself is known to the browser alone.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, regions: type[SQLModel], settle: Settle | None = None) -> None:
        """Take what it works with.

        Args:
            regions: the programme's table of regions, with the key ``(day, region)``. It belongs to the floor above.
            settle: asked before a screen answers for fewer; whoever only makes links or erases needs none.
        """
        self._store, self._clock, self._ids, self._regions, self._settle = store, clock, ids, regions, settle

    @verb
    async def join(self, tx: Transaction, by: Actor, session: str, about: About, *, late: bool = False) -> Done:
        """Sign a browser in to the day of *by*, the house; a browser that is signed in already changes what it told.

        Args:
            session: hash of the browser's token. A new browser has a new one; one that has ended is not taken again.
            late: whether the day is over: whoever is new then is counted in no figure of it.

        Returns:
            ``{"person"}``.

        Raises:
            Refused: ``person.signed_out``, ``region.no_such``, ``screen.…`` and what `rules.told` raises.
        """
        now = self._clock.now()
        told = rules.told(about, at=now)
        await self._known_region(tx, by.day, about.region)
        there = await tx.find(Session, session)
        if there is not None:
            rules.still_open(there, by.day)
            return await self._told(tx, await tx.get(Person, by.day, there.person), told)
        person = rules.sign_in(by.day, self._ids.new(), {**told, "late": late}, at=now)
        tx.add(person)
        tx.add(self._session(session, person))
        return Done(data={"person": person.person})

    @verb
    async def set(
        self,
        tx: Transaction,
        by: Actor,
        *,
        name: str | UnsetType | None = UNSET,
        region: str | UnsetType | None = UNSET,
        people: int | UnsetType = UNSET,
    ) -> Done:
        """Change what oneself told; what is left out stays.

        Raises:
            Refused: ``region.no_such``, ``screen.…`` and what `rules.told` raises.
        """
        told = rules.told(About(name, region, people), at=self._clock.now())
        await self._known_region(tx, by.day, region)
        return await self._told(tx, await tx.get(Person, by.day, by.person), told)

    @verb
    async def follow(self, tx: Transaction, by: Actor, lane: str | None) -> Done:
        """Look at another lane than one's own for the rest of the day, on all of one's screens; ``None`` is one's own again.

        Raises:
            Refused: ``lane.no_such``, ``lane.by_role``.
        """
        if lane not in {None, rules.NATIONAL} and await tx.find(self._regions, by.day, lane) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal."))
        person = await tx.get(Person, by.day, by.person)
        return await self._change(tx, person, rules.follow(person, lane))

    @verb
    async def leave(self, tx: Transaction, by: Actor, session: str) -> Done:
        """End one session: the next one at that machine is somebody else. Leaving twice is leaving once.

        Args:
            session: hash of the browser's token.
        """
        here = await tx.find(Session, session)
        if here is None or here.ended_at is not None or (here.day, here.person) != (by.day, by.person):
            return Done()
        others = [one for one in await self._open_sessions(tx, by.day, by.person) if one.token_hash != session]
        if not others:
            person = await tx.get(Person, by.day, by.person)
            tx.put(person.model_copy(update={"left_at": self._clock.now(), "code": None}))  # nobody pairs with a screen that is gone
        return Done(await self._end(tx, here))

    @verb
    async def make_link(self, tx: Transaction, by: Actor, terms: Terms, token: str | None = None) -> Done:
        """Make a link for the day of *by*.

        Args:
            token: what stands in the address; made here when ``None``. A link that has it already is made anew.

        Returns:
            ``{"token", "link"}``. The token is told this once: so it is for whoever asks without having the answer remembered.

        Raises:
            Refused: ``region.no_such``, and ``text.empty`` or ``text.too_long`` for the name.
        """
        await self._known_region(tx, by.day, terms.region)
        return self._made(tx, by.day, terms, token or self._ids.secret())

    @verb
    async def withdraw_link(self, tx: Transaction, by: Actor, link: str) -> Done:
        """Let a link of the day of *by* work no more, and sign out whoever came by it, unless that is who asks.

        Args:
            link: its `rules.link_id`.

        Raises:
            Refused: ``link.no_such``.
        """
        return Done(await self._withdraw(tx, *await self._link_of(tx, by, link)))

    @verb
    async def renew_link(self, tx: Transaction, by: Actor, link: str, expires_at: datetime | None) -> Done:
        """Withdraw a link and make one on the same terms; the answer is that of `make_link`.

        Raises:
            Refused: ``link.no_such``.
        """
        old, sessions = await self._link_of(tx, by, link)
        await self._withdraw(tx, old, sessions)
        roles = frozenset(old.roles)
        terms = Terms(old.kind, roles, expires_at=expires_at, reusable=old.reusable, name=old.name, region=old.region, note=old.note)
        return self._made(tx, by.day, terms, self._ids.secret())

    @verb
    async def use_link(self, tx: Transaction, by: Actor, link: str, session: str, before: str | None = None, *, late: bool = False) -> Done:
        """Sign a browser in by a link to the day of *by*, the house.

        Somebody who is signed in at that day keeps being who it is and gets the link's roles besides, under the new session; the old one
        is dead. Anybody else is a new person.

        Args:
            link: hash of the link's token.
            session: hash of a new token for the browser.
            before: hash of the token that it has had until now.
            late: as in `join`.

        Returns:
            ``{"person", "roles"}``.

        Raises:
            Refused: ``link.no_such``, ``link.withdrawn``, ``link.expired``, ``link.used``.
        """
        now = self._clock.now()
        used = rules.use_link(await tx.find(Link, link), by.day, at=now)
        had = await tx.find(Session, before) if before else None
        left = had if had and not had.ended_at else None
        if left:
            await self._end(tx, left)
        if left and left.day == by.day:
            person = await tx.get(Person, by.day, left.person)
            granted = rules.grant(person, used)
            await self._change(tx, person, granted)
        else:
            granted = rules.grant(None, used)
            told = {"name": used.name, "region": used.region, "late": late, **granted}
            person = rules.sign_in(by.day, self._ids.new(), told, at=now)
            tx.add(person)
        tx.put(used.model_copy(update={"used_by": person.person}))
        tx.add(self._session(session, person))
        return Done(data={"person": person.person, "roles": granted["roles"]})

    @verb
    async def enter(self, tx: Transaction, by: Actor, session: str, before: str | None = None) -> Done:
        """Sign an admin's browser in at the day of *by*, under the id that the admin has everywhere.

        Args:
            session: hash of a new token for the browser.
            before: hash of the token that it has had until now; that session is dead.
        """
        person = await tx.find(Person, by.day, by.person)
        had = await tx.find(Session, before) if before else None
        if had and not had.ended_at:
            await self._end(tx, had)
        tx.put(rules.enter(person, by.day, by.person, at=self._clock.now()))
        tx.add(Session(token_hash=session, day=by.day, person=by.person, created_at=self._clock.now()))
        return Done(data={"person": by.person})

    @verb
    async def erase(self, tx: Transaction, by: Actor, person: str) -> Done:
        """Forget who somebody was: see `forgetting.person_of`. What they wrote is forgotten by the features that have it.

        Raises:
            Refused: ``person.no_such``.
        """
        write = await person_of(tx, Whom(by.day, person, self._clock.now()))
        await write(tx)
        return Done()

    async def attend(self, beat: Beat) -> None:
        """Note that somebody's screen was on; many are written at once."""
        await self._store.gather(self._attended, beat)

    async def _attended(self, tx: Transaction, beats: Sequence[Beat]) -> list[None]:
        persons = {beat.person for beat in beats}
        rows = await tx.ask(select(Attendance).where(col(Attendance.person).in_(persons)))
        told = await tx.ask(core_select(col(Person.day), col(Person.person), col(Person.people)).where(col(Person.person).in_(persons)))
        people = {(row["day"], row["person"]): row["people"] for row in told}
        noted = {(row["day"], row["person"]): dict(row) for row in rows}
        now = self._clock.now()
        for beat in beats:
            key = (beat.day, beat.person)
            noted[key] = notes.noted(noted.get(key), beat, people.get(key))
        changed = {(beat.day, beat.person) for beat in beats}
        await tx.put_many(Attendance, [{**noted[day, who], "day": day, "person": who, "seen_at": now} for day, who in sorted(changed)])
        return [None] * len(beats)

    async def _told(self, tx: Transaction, person: Person, told: dict[str, Any]) -> Done:
        """What somebody tells anew, and what follows for the phones at the screen."""
        pairing.may_become(person, told)
        changed = person.model_copy(update=told)
        company = []
        if person.phones and changed.region != person.region:  # they sit in the same room
            company = await tx.every(Person, col(Person.day) == person.day, col(Person.screen) == person.person)
        if self._settle and (changed.people or 1) < (person.people or 1):
            await self._settle(tx, changed)
        for phone in company:
            await self._change(tx, phone, {"region": changed.region})
        alone = {"code": None} if (changed.people or 1) < 2 else {}
        return await self._change(tx, person, {**told, **alone})

    async def _change(self, tx: Transaction, person: Person, wanted: dict[str, Any]) -> Done:
        return await become(tx, person, wanted, at=self._clock.now())

    async def _end(self, tx: Transaction, session: Session) -> int | None:
        now = self._clock.now()
        tx.put(rules.end(session, at=now))
        return await tell(tx, PersonLeft(day=session.day, at=now, person=session.person))

    async def _open_sessions(self, tx: Transaction, day: str, person: str) -> list[Session]:
        wanted = select(Session).where(Session.day == day, Session.person == person, col(Session.ended_at).is_(None))
        return [Session(**row) for row in await tx.ask(wanted)]

    def _made(self, tx: Transaction, day: str, terms: Terms, token: str) -> Done:
        link = rules.make_link(day, token, terms, at=self._clock.now())
        tx.put(link)
        return Done(data={"token": token, "link": rules.link_id(link.token_hash)})

    async def _link_of(self, tx: Transaction, by: Actor, link: str) -> tuple[Link, list[Session]]:
        """A link, and the open sessions of whoever came by it."""
        links = await tx.every(Link, col(Link.day) == by.day)
        found = next((one for one in links if rules.link_id(one.token_hash) == link), None)
        if found is None:
            raise rules.no_such_link()
        other = found.used_by if found.used_by != by.person else None
        return found, await self._open_sessions(tx, by.day, other) if other else []

    async def _withdraw(self, tx: Transaction, link: Link, sessions: list[Session]) -> int | None:
        tx.put(link.model_copy(update={"withdrawn_at": link.withdrawn_at or self._clock.now()}))
        return max([await self._end(tx, session) or 0 for session in sessions], default=None)

    async def _known_region(self, tx: Transaction, day: str, region: str | UnsetType | None) -> None:
        if isinstance(region, str) and await tx.find(self._regions, day, region) is None:
            raise Refused("region.no_such", _("Regionen är inte med den här dagen. Välj en annan."))

    def _session(self, token_hash: str, person: Person) -> Session:
        return Session(token_hash=token_hash, day=person.day, person=person.person, created_at=self._clock.now())
