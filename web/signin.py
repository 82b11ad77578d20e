"""Signing in and out: the session's cookie, and the new token that every sign-in gets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from conference.core.errors import Refused, _
from web import limits
from web.door import cookie_name
from web.limits import Limits
from web.render import LANGUAGE_COOKIE

COOKIE_S: Final = 30 * 24 * 3600  # 30 days: the evaluation and the replay come after the day
LANGUAGE_S: Final = 365 * 24 * 3600
TOKEN_BYTES: Final = 32
CODE_DIGITS: Final = 6
SLOW_S: Final = 1.0


@dataclass(frozen=True)
class Cookies:
    """Sets and takes away our cookies.

    Args:
        secure: whether people come by https; then they are sent no other way, and to no other host.
    """

    secure: bool

    def give(self, response: Response, token: str, *, admin: bool = False) -> None:
        """The browser is signed in from now on: at a day, or as an admin."""
        self._set(response, cookie_name(secure=self.secure, admin=admin), token, COOKIE_S, hidden=True)

    def take(self, response: Response, *, admin: bool = False) -> None:
        """The browser is signed in no more."""
        self._set(response, cookie_name(secure=self.secure, admin=admin), "", 0, hidden=True)

    def language(self, response: Response, lang: str) -> None:
        """The browser reads in this language."""
        self._set(response, LANGUAGE_COOKIE, lang, LANGUAGE_S, hidden=False)

    def token(self, request: Request, *, admin: bool = False) -> str | None:
        """The token that the browser has."""
        return request.cookies.get(cookie_name(secure=self.secure, admin=admin))

    def _set(self, response: Response, name: str, value: str, seconds: int, *, hidden: bool) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self.secure, httponly=hidden, samesite="lax")


def join_code(told: str) -> str:
    """The six digits of a code as somebody wrote them, with spaces or without.

    Raises:
        Refused: ``join.no_such_code``.
    """
    digits = "".join(told.replace("\N{NO-BREAK SPACE}", " ").split()).replace("-", "")
    if len(digits) != CODE_DIGITS or not digits.isascii() or not digits.isdigit():
        raise no_such_code()
    return digits


def no_such_code() -> Refused:
    """What a wrong code gets, whatever is wrong with it."""
    return Refused("join.no_such_code", _("Ingen dag har den koden. Kontrollera siffrorna i inbjudan eller på storbilden."))


@dataclass(frozen=True)
class Guesses:
    """Slows down whoever tries codes one after the other. Counted in this process: with several, each gives as many tries."""

    meters: Limits

    async def may_try(self, address: str, who: str = "") -> None:
        """Before a code is looked up.

        Args:
            who: the person, of whoever is in already: then only their own wrong codes count, not those of others at the address.

        Raises:
            Refused: ``limit.reached``: too many tries from this address, or too many wrong ones.
        """
        limits.enough(self.meters.local.look(_misses(address, who), limits.MISSES))
        await self.meters.address("joins", limits.JOINS, address)

    async def may_follow(self, address: str) -> None:
        """Before a link is looked up: nobody guesses 256 bits, so wrong codes from the address shut no moderator out.

        Raises:
            Refused: ``limit.reached``: too many tries from this address.
        """
        await self.meters.address("joins", limits.JOINS, address)

    async def missed(self, address: str, who: str = "") -> None:
        """It was wrong. When they are wrong from everywhere, each answer takes a second."""
        self.meters.local.take_now(_misses(address, who), limits.MISSES)
        if self.meters.local.take_now("misses", limits.MISSES_ALL):
            await asyncio.sleep(SLOW_S)


def _misses(address: str, who: str) -> str:
    return f"misses:{who or limits.network(address)}"
