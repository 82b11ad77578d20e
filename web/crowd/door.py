"""The door of a server, as a client from outside uses it: join by code, sign in by link, fetch the state. All by HTTP."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

import httpx2
import msgspec

TIMEOUT_S: Final = 15.0
CONNECTIONS_MOST: Final = 50  # at once, from each of our addresses
JOIN_TRIES: Final = 10  # when the server says "later"
REST_MOST_S: Final = 30.0
BUSY: Final = frozenset({429, 502, 503})
_DAY: Final = re.compile(r"/days/([^/?#]+)")


class NotLetIn(Exception):
    """The server said no.

    Attributes:
        status: of HTTP; 0 when there was no answer at all.
        code: of the problem, ``join.no_such_code``; ``""`` when it named none.
    """

    def __init__(self, status: int, code: str, text: str = "") -> None:
        super().__init__(" ".join(filter(None, (str(status or "no answer:"), code, text))))
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Who:
    """What somebody tells of himself when joining."""

    name: str | None = None
    region: str | None = None
    people: int | None = None
    affiliation: str | None = None

    def told(self) -> dict[str, Any]:
        """The fields that are told."""
        fields = {"name": self.name, "region": self.region, "people": self.people, "affiliation": self.affiliation}
        return {name: value for name, value in fields.items() if value is not None}


class Session(msgspec.Struct, frozen=True):
    """Being signed in to a day: worth a person's whole day, so whoever stores it keeps it to himself.

    Attributes:
        person: ``""`` when the door did not say.
        cookie: what a browser would send.
    """

    day: str
    person: str
    cookie: str


class Door:
    """One server, for any number of clients.

    Args:
        base_url: its origin, ``http://127.0.0.1:8000``.
        sources: our addresses to come from, taken in turn by clients; none for whichever the computer takes.
    """

    def __init__(self, base_url: str, sources: Sequence[str] = ()) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{base_url!r} is no address of a server")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.host, self.port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        self.tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.sources: Sequence[str | None] = tuple(sources) or (None,)
        verify = self.tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used without TLS; one that reads no certificates costs nothing
        self._https = [self._http(source, verify) for source in self.sources]

    def _http(self, source: str | None, verify: ssl.SSLContext) -> httpx2.AsyncClient:
        limits = httpx2.Limits(max_connections=CONNECTIONS_MOST, max_keepalive_connections=CONNECTIONS_MOST)
        # No proxy of the environment, and no jar: each client keeps its own cookie.
        transport = httpx2.AsyncHTTPTransport(
            verify=verify,
            limits=limits,
            local_address=source,
            trust_env=False,
        )
        no_jar = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        headers = {"Origin": self.origin, "Accept": "application/json"}
        return httpx2.AsyncClient(
            base_url=self.origin, transport=transport, headers=headers, cookies=no_jar, timeout=TIMEOUT_S, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections."""
        for http in self._https:
            await http.aclose()

    async def join(self, code: str, who: Who, *, cookie: str = "", turn: int = 0) -> Session:
        """Come in with the day's code; with a cookie, tell something else of the same person. A busy server is asked again.

        Args:
            turn: which of our addresses to come from.

        Raises:
            NotLetIn: for good, or no answer.
        """
        answer = await self._patiently("POST", "/join", turn, cookie, json={"code": code, **who.told()})
        if answer.status_code != 200:
            raise refusal(answer)
        told = answer.json()
        return Session(str(told["day"]), str(told["person"]), cookies_of(answer) or cookie)

    async def enter(self, link: str, *, turn: int = 0) -> Session:
        """Sign in through a link that needs one GET, as those of a demo do.

        Raises:
            NotLetIn: the link opens nothing, or no answer.
        """
        answer = await self._patiently("GET", link, turn, "")
        cookie, day = cookies_of(answer), _DAY.search(answer.headers.get("location", ""))
        if answer.status_code not in {200, 302, 303, 307} or not cookie or not day:
            raise refusal(answer)
        return Session(day[1], "", cookie)

    async def state(self, session: Session, *, turn: int = 0) -> dict[str, msgspec.Raw]:
        """The whole state with its ``epoch`` and ``seq``.

        Raises:
            NotLetIn: signed out, or no answer.
        """
        answer = await self._patiently("GET", f"/days/{session.day}/state", turn, session.cookie)
        if answer.status_code != 200:
            raise refusal(answer)
        return msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])

    async def _patiently(self, method: str, path: str, turn: int, cookie: str, json: Any = None) -> httpx2.Response:
        """One request; when the server is busy, again after the time it asks for."""
        http, headers = self._https[turn % len(self._https)], {"Cookie": cookie} if cookie else {}
        for left in range(JOIN_TRIES, 0, -1):
            try:
                answer = await http.request(method, path, headers=headers, json=json)
            except httpx2.TransportError as error:
                raise NotLetIn(0, "", str(error) or type(error).__name__) from error
            if answer.status_code not in BUSY or left == 1:
                break
            wait_s = rest_s(answer)
            await asyncio.sleep(wait_s + random.uniform(0, wait_s / 2))  # noqa: S311  # so that those refused together do not come back together
        return answer

    def socket_url(self, session: Session, epoch: str | None, since: int) -> str:
        """Where the news of a day are heard, from a place on."""
        place = "?" + urlencode({"epoch": epoch, "since": since}) if epoch else ""
        return f"ws{self.origin.removeprefix('http')}/days/{session.day}/socket{place}"

    def source_of(self, turn: int) -> tuple[str, int] | None:
        """The address that the client of this turn comes from."""
        source = self.sources[turn % len(self.sources)]
        return (source, 0) if source else None


def rest_s(answer: httpx2.Response) -> float:
    """How long a busy server asks to wait."""
    try:
        asked_s = float(answer.headers.get("retry-after", "1"))
    except ValueError:
        asked_s = 1.0
    return min(max(asked_s, 0.1), REST_MOST_S)


def refusal(answer: httpx2.Response) -> NotLetIn:
    """What an answer that is no success says."""
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    code = problem.get("code") if isinstance(problem, dict) else None
    return NotLetIn(answer.status_code, code if isinstance(code, str) else "")


def cookies_of(answer: httpx2.Response) -> str:
    """The cookies that an answer sets, as they are sent back."""
    pairs = [raw.partition(";")[0].strip() for raw in answer.headers.get_list("set-cookie")]
    return "; ".join(pair for pair in pairs if not pair.endswith("="))


def local_sources(base_url: str, clients: int, per_source: int = 500) -> list[str]:
    """Addresses of the loopback network to come from, so that a server on this computer counts many clients as many places."""
    if urlsplit(base_url).hostname not in {"127.0.0.1", "localhost"}:
        return []
    return [f"127.0.0.{n}" for n in range(1, 2 + (clients - 1) // per_source)]
