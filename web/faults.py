"""The one place that turns a code into a status, and a mistake of ours into one calm sentence."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from conference.core.engines import is_outage
from conference.core.errors import Refused, _
from conference.core.store import StoreUnavailable
from web import wire
from web.render import Renderer, language_of, translated

log = logging.getLogger(__name__)

STATUS: Final = {
    "wire.unreadable": 400,
    "wire.wrong_type": 415,
    "wire.unknown_wish": 404,
    "wire.too_large": 413,
    "film.too_large": 413,
    "film.no_room": 507,
    "kit.too_large": 413,
    "kit.no_room": 507,
    "person.signed_out": 401,
    "source.token_wrong": 401,
    "key.missing": 401,
    "key.unknown": 401,
    "key.expired": 401,
    "key.other_day": 403,
    "role.missing": 403,
    "request.foreign": 403,
    "request.wrong_method": 405,
    "limit.reached": 429,
    "store.unavailable": 503,
    "server.full": 503,
    "media.away": 503,
    "source.full": 503,
    "source.not_live": 404,
    "sdp.changed": 412,
    "sdp.unmatched": 428,
    "slides.too_large": 413,
    "slides.no_room": 507,
    "slides.busy": 503,
    "chat.no_such_room": 404,
    "person.silenced": 403,
    "person.banned": 403,
    "person.is_staff": 403,
    "chat.slow": 429,
    "question.own": 403,
    "poll.wrong": 422,
    "address.wrong": 422,
    "hands.too_many": 422,
    "captions.unreadable": 422,
    "captions.no_such_line": 404,
    "screen.answered": 409,
    "screen.full": 409,
    "screen.nobody_left": 409,
    "server.failed": 500,
    "region.no_such": 422,
    "words.too_many": 422,
    "webhook.wrong_address": 422,
    "webhook.no_kind": 422,
    "survey.wrong_plan": 422,
    "audience.unknown": 422,
    "number.wrong": 422,
    "question.wrong_kind": 422,
    "contact.wrong": 422,
    "person.not_banned": 409,
}
BY_WHY: Final = {"out_of_range": 422, "no_such": 404, "no_such_code": 404, "gone": 404, "not_found": 404}
UNPROCESSABLE: Final = (
    "answer", "bank", "correction", "reason", "text", "word", "screen", "film", "kit", "sdp", "slides", "wire", "region", "name", "person",
    "stage", "figure", "measure", "import", "thing", "kind",
)  # fmt: skip
CONFLICT: Final = 409  # the wish is right and the state of things is against it: closed, ended, done already

_MISSING: Final = Refused("page.no_such", _("Sidan finns inte."))
_BY_STATUS: Final = {
    400: Refused("wire.unreadable", _("Meddelandet gick inte att läsa.")),
    404: _MISSING,
    405: Refused("request.wrong_method", _("Så kan man inte fråga här.")),
    413: Refused("wire.too_large", _("Meddelandet är för stort.")),
}
FAILED: Final = Refused("server.failed", _("Något gick fel hos oss. Det är noterat. Försök igen om en stund."))
UNAVAILABLE: Final = Refused("store.unavailable", _("Vi kan inte spara just nu. Försök igen om en stund."), retry_after_ms=2_000)

_TITLES: Final = {
    400: _("Det gick inte att läsa"),
    401: _("Du är inte med på dagen"),
    403: _("Det får du inte göra"),
    404: _("Sidan finns inte"),
    409: _("Det går inte just nu"),
    413: _("Det är för stort"),
    422: _("Något behöver rättas"),
    429: _("Vänta en stund"),
    500: _("Något gick fel hos oss"),
    503: _("Vi är strax tillbaka"),
    507: _("Det finns inte plats"),
}
_WHAT_TO_DO: Final = {
    401: _("Gå till startsidan och skriv dagens kod."),
    403: _("Är det fel kan den som ordnar dagen ge dig en ny länk."),
    404: _("Kontrollera adressen, eller gå till startsidan och skriv dagens kod."),
    503: _("Sidan försöker igen av sig själv om du laddar om den."),
}
FOR_PROGRAMS: Final = "/api/"  # addresses that answer with problems alone
_SIGNED_OUT: Final = 401
_GO_ON: Final = _("Gå tillbaka och försök igen.")


def status_of(code: str) -> int:
    """The HTTP status of a code."""
    noun, _dot, why = code.partition(".")
    if code in STATUS:
        return STATUS[code]
    return BY_WHY.get(why) or (422 if noun in UNPROCESSABLE else CONFLICT)


@dataclass(frozen=True)
class Fault:
    """A refusal, ready to be shown.

    Attributes:
        text: in the reader's language.
    """

    code: str
    status: int
    text: str
    retry_after_ms: int | None

    @classmethod
    def of(cls, error: BaseException, lang: str) -> Fault:
        """What *error* looks like from outside. What is nobody's refusal is logged whole and shown as one sentence."""
        refused = _refusal(error)
        return cls(refused.code, status_of(refused.code), translated(refused.text, lang, refused.values), refused.retry_after_ms)

    def answer(self, wish: str | None) -> bytes:
        """On the wire, to the wish *wish*."""
        return wire.refusal(wish, self.code, self.text, self.retry_after_ms)

    def problem(self) -> Response:
        """As problem+json (RFC 9457)."""
        body: dict[str, Any] = {"type": "about:blank", "title": self.text, "status": self.status, "detail": self.text, "code": self.code}
        if self.retry_after_ms is not None:
            body["retry_after_ms"] = self.retry_after_ms
        return Response(wire.encode(body), self.status, self.headers, "application/problem+json")

    @property
    def headers(self) -> dict[str, str]:
        """``Retry-After`` in whole seconds, when it is worth coming back; how a program says who it is, when it did not."""
        later = {} if self.retry_after_ms is None else {"Retry-After": str(max(1, -(-self.retry_after_ms // 1000)))}
        return later | ({"WWW-Authenticate": "Bearer"} if self.code.startswith("key.") and self.status == _SIGNED_OUT else {})


def _refusal(error: BaseException) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, StoreUnavailable | ConnectionError | PoolTimeoutError) or (isinstance(error, DBAPIError) and is_outage(error)):
        if not isinstance(error, StoreUnavailable):  # that one the store has told of itself
            log.warning("the database is away: %s", type(error).__name__)
        return UNAVAILABLE
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.status_code, _MISSING)
    log.error("unexpected", exc_info=error)
    return FAILED


def response(request: Request, error: BaseException, renderer: Renderer) -> Response:
    """A problem for programs, a calm page for people."""
    lang = language_of(request.headers, request.cookies)
    fault = Fault.of(error, lang)
    if not wants_page(request):
        return fault.problem()
    words = {
        "status": fault.status,
        "title": translated(_TITLES.get(fault.status, _TITLES[409]), lang),
        "text": fault.text,
        "what": translated(_WHAT_TO_DO.get(fault.status, _GO_ON), lang),
        "code": fault.code,
        "written": getattr(request.state, "written", ()),
        **_way_back(request, fault, lang),
    }
    return renderer.page(request, "error.html", words, status=fault.status, headers=fault.headers)


def _way_back(request: Request, fault: Fault, lang: str) -> dict[str, str]:
    """After a form that was refused: the page that it stands on."""
    came = urlsplit(request.headers.get("referer", ""))
    ours = came.netloc == request.headers.get("host") and came.path.startswith("/") and not came.path.startswith("//")
    if request.method != "POST" or not ours or fault.status == _SIGNED_OUT:
        return {}
    return {"link": came.path + (f"?{came.query}" if came.query else ""), "link_text": translated(_("Tillbaka till sidan"), lang)}


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, and not a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(FOR_PROGRAMS)
