"""Who is asking: sessions, kept in memory after the first look, and looked at again when something happens to their person."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from conference.core.actor import Actor, Asked
from conference.core.faces import Viewer
from conference.people import INSTALLATION, NATIONAL, SignedIn, token_hash
from web.batch import Batch
from web.errands import Errands

KEPT_MOST: Final = 50_000  # five days of 10,000 people
CHANGES_MOST: Final = 10_000  # changes of persons remembered, in case one crosses a look-up


@dataclass(frozen=True)
class Asker(Actor):
    """An actor who asks from a browser.

    Attributes:
        session: under which its session is stored.
        within: the region that its role is for, when it may ask because of such a role.
        seen: the lane that it looks at; what it asks for is asked from where it belongs.
    """

    session: str = ""
    within: str | None = None
    seen: str = NATIONAL


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a session.

    Attributes:
        key: under which the session is stored: the hash of its token.
        secret: known only while the token is; what a vote is remembered under.
        lane: what a big screen or staff has chosen to look at in place of its own; what it asks for is asked from where it belongs.
    """

    session: SignedIn
    key: str
    secret: bytes
    lane: str | None = None

    @property
    def seen(self) -> SignedIn:
        """Through whose eyes the day is looked at: one's own, or those of somebody on the lane that was chosen."""
        return self.session if self.lane is None else replace(self.session, region=None if self.lane == NATIONAL else self.lane)

    @property
    def viewer(self) -> Viewer:
        """As the hub and the views see it."""
        return self.seen.viewer

    def actor(self, asked: Asked | None = None) -> Asker:
        """As the verbs see it."""
        return Asker(**{**vars(self.session.actor), "asked": asked}, session=self.key, seen=self.session.lane)

    def blind(self, what: bytes) -> str:
        """*what*, so that nobody can tie it to this session without its token."""
        return hmac.digest(self.secret, what, "sha256").hex()


class Sessions:
    """Finds sessions by token.

    Args:
        read: keys -> the sessions there are.
        attend: called before a session of a day is kept; from then on `forget` is called when something happens to a person of that
            day. Answers whether that had been so before.
    """

    def __init__(
        self, read: Callable[[list[str]], Awaitable[Mapping[str, SignedIn]]], attend: Callable[[str], Awaitable[bool]], errands: Errands
    ) -> None:
        self._batch = Batch[str, SignedIn](read, errands, "sessions")
        self._attend = attend
        self._kept: OrderedDict[str, SignedIn] = OrderedDict()
        self._keys: dict[tuple[str, str], set[str]] = {}
        self._changes: OrderedDict[tuple[str, str], int] = OrderedDict()  # person -> number of its last change
        self._count = 0

    def ready(self, token: str) -> Visitor | None:
        """The visitor, if it is kept here."""
        key = token_hash(token)
        session = self._kept.get(key)
        return None if session is None else _visitor(token, key, session)

    async def of(self, token: str) -> Visitor | None:
        """The visitor; ``None`` when the token opens nothing."""
        if not 16 <= len(token) <= 200:
            return None
        key = token_hash(token)
        session = await self.by_key(key)
        return None if session is None else _visitor(token, key, session)

    async def by_key(self, key: str) -> SignedIn | None:
        """The session stored under *key*."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        while True:
            count, session = self._count, await self._batch.get(key)
            if session is None or session.day == INSTALLATION:  # nothing tells when that one changes: it is not kept
                return session
            attended = await self._attend(session.day)
            if attended and self._changes.get((session.day, session.person), 0) <= count:
                self._keep(key, session)
                return session

    def _keep(self, key: str, session: SignedIn) -> None:
        self._kept[key] = session
        self._keys.setdefault((session.day, session.person), set()).add(key)
        while len(self._kept) > KEPT_MOST:
            oldest = next(iter(self._kept))
            self._drop(oldest)

    def _drop(self, key: str) -> None:
        session = self._kept.pop(key, None)
        if session is not None:
            place = (session.day, session.person)
            self._keys[place].discard(key)
            if not self._keys[place]:
                del self._keys[place]

    def forget(self, day: str, person: str) -> None:
        """Something happened to a person: its sessions are looked up again."""
        self._count += 1
        self._changes[day, person] = self._count
        self._changes.move_to_end((day, person))
        if len(self._changes) > CHANGES_MOST:
            self._changes.popitem(last=False)
        for key in list(self._keys.get((day, person), ())):
            self._drop(key)

    def forget_day(self, day: str) -> None:
        """Sessions of a day may be gone: all that are kept are looked up again."""
        for of, person in [place for place in self._keys if place[0] == day]:
            self.forget(of, person)


def _visitor(token: str, key: str, session: SignedIn) -> Visitor:
    return Visitor(session, key, hashlib.sha256(b"wishes:" + token.encode()).digest())
