"""Addresses: what is found where, by whom, and how the request is read before the feature's own code sees it.

An `Address` is a route that says who may use it. Its handler gets a `Visit`: the request, who sent it, and what pages are made with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from conference.core.actor import Asked, Done
from conference.core.errors import Refused, _
from conference.core.faces import Viewer
from conference.people import INSTALLATION
from web import tidy, wire
from web.door import cookie_name
from web.origins import address_of
from web.reach import too_far
from web.render import language_of, translated
from web.sessions import Asker, Visitor
from web.wire import Wish
from web.wishes import where_of

if TYPE_CHECKING:
    from conference.people import SignedIn
    from web.floor import Floor
    from web.house import House

FIELDS_MOST: Final = 500  # of a form: a long survey has a hundred
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
JSON: Final = "application/json"

SaysNo: TypeAlias = Callable[[], Refused]
M = TypeVar("M")


def _too_large() -> Refused:
    return Refused("wire.too_large", _("Meddelandet är för stort."))


@dataclass(frozen=True)
class Room:
    """How large the body of a request may be, and how a larger one is refused."""

    most_bytes: int = 64 * 1024
    too_large: SaysNo = _too_large


@dataclass(frozen=True)
class Who:
    """Who may use an address.

    Attributes:
        joined: only somebody who has joined its day.
        roles: and has one of these roles.
        whole_day: and has it for the day, not for one region alone.
        data: a program asks: it is told no, where a person is led to the start page.
        keyed: only a program with a key of its day; its own code asks for that.
    """

    joined: bool = False
    roles: frozenset[str] | None = None
    whole_day: bool = False
    data: bool = False
    keyed: bool = False


ALL: Final = Who()
JOINED: Final = Who(joined=True)
JOINED_DATA: Final = Who(joined=True, data=True)
KEYED: Final = Who(keyed=True)


def role(*roles: str, whole_day: bool = False) -> Who:
    """Only those of the day with one of the roles; with *whole_day* none of a region's own, as more is shown there than of the region."""
    return Who(joined=True, roles=frozenset(roles), whole_day=whole_day)


@dataclass
class Visit:
    """One request, with everything that answering it takes."""

    request: Request
    house: House
    visitor: Visitor | None

    @property
    def floor(self) -> Floor:
        """The machinery."""
        return self.house.floor

    @property
    def day(self) -> str:
        """The day in the address."""
        return str(self.request.path_params["day"])

    @property
    def me(self) -> SignedIn:
        """Who asks, at an address for those who have joined."""
        assert self.visitor
        return self.visitor.session

    @property
    def viewer(self) -> Viewer:
        """Who looks, as views want to know it; a stranger sees what any participant on the national lane does."""
        return self.visitor.viewer if self.visitor else Viewer("")

    @property
    def lang(self) -> str:
        """The reader's language."""
        return language_of(self.request.headers, self.request.cookies)

    @property
    def address(self) -> str:
        """Where the request comes from."""
        peer = self.request.client.host if self.request.client else ""
        return address_of(peer, self.request.headers, self.floor.settings.trusted_proxies)

    @property
    def origin(self) -> str:
        """Our own address, as the reader knows it."""
        return self.floor.origins.own(self.request.headers.get("host", ""))

    def text(self, msgid: str, **values: object) -> str:
        """A sentence in the reader's language."""
        return translated(msgid, self.lang, values)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page; every template gets `viewer`, `now`, `new_wish` and what `web.render` gives to all."""
        always = {"viewer": self.visitor and self.me.you(), "now": self.floor.clock.now(), "new_wish": self.house.ids.new}
        return self.floor.renderer.page(self.request, template, {**always, **context}, status=status)

    def data(self, body: Any, *, status: int = 200) -> Response:
        """JSON."""
        return Response(wire.encode(body), status, media_type=JSON)

    def go(self, path: str) -> Response:
        """After a form: the next page, by GET."""
        return RedirectResponse(local(path), 303)

    async def json(self, model: type[M], most_bytes: int = wire.SERVER_MOST_BYTES) -> M:
        """The JSON body as *model*.

        Raises:
            Refused: ``wire.wrong_type``, ``wire.unreadable``, ``wire.too_large``, ``wire.wrong_args``.
        """
        return as_model(wire.read_json(await self.raw(most_bytes), most_bytes), model)

    async def raw(self, most_bytes: int = wire.SERVER_MOST_BYTES) -> bytes:
        """The body of a JSON request, unread."""
        if self.content_type != JSON:
            raise Refused("wire.wrong_type", _("Innehållet ska vara JSON."))
        body = await self.request.body()
        if len(body) > most_bytes:
            raise _too_large()
        return body

    async def form(self, field_most_bytes: int = 1 << 20, fields_most: int = FIELDS_MOST, *, files_most: int = 0) -> dict[str, list[str]]:
        """The fields of a form, tidied; each may come more than once. A file is a field too: the text that is in it.

        What has more than one word somebody wrote: it is kept by, to be handed back on the page that says no.

        Raises:
            Refused: ``wire.wrong_type``; ``text.unreadable`` for a file that is no text.
        """
        if self.content_type not in FORMS:
            raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
        fields: dict[str, list[str]] = {}
        async with self.request.form(max_files=files_most, max_fields=fields_most, max_part_size=field_most_bytes) as form:
            for name, value in form.multi_items():
                text = value if isinstance(value, str) else await _text_in(value) if value.filename else ""
                if text or isinstance(value, str):
                    fields.setdefault(tidy.text(name), []).append(tidy.text(text))
        self.request.state.written = [one for many in fields.values() for one in many if len(one.split()) > 1]
        return fields

    @property
    def content_type(self) -> str:
        """Without its parameters."""
        return self.request.headers.get("content-type", "").partition(";")[0].strip().lower()

    async def admin(self) -> Visitor | None:
        """Who looks after the installation, if that is who asks: signed in beside, and whatever day the browser is at."""
        token = self.request.cookies.get(cookie_name(secure=self.floor.settings.secure, admin=True), "")
        found = await self.floor.sessions.of(token) if token else None
        return found if found and found.session.day == INSTALLATION else None

    def by(self, do: str, **note: object) -> Asker:
        """Whoever sent the request, as the verbs see it, for a page's own form: what it does is entered in the audit chain as *do*.

        Args:
            note: what the chain says beside it: ids and choices, never a text or a name.
        """
        assert self.visitor
        return self.visitor.actor(self.deed(do, **note))

    def deed(self, do: str, **note: object) -> Asked:
        """A wish of a page's own form. Its answer is not remembered: it may be an address that is told once."""
        return Asked(self.house.ids.new(), do, "", self.floor.clock.now(), audited=True, note=note, remembered=False)

    async def ask(self, do: str, args: Mapping[str, Any], wish: str = "") -> Done:
        """Ask for a wish as whoever sent the request, through the same table as everybody.

        Raises:
            Refused: as on the socket.
        """
        assert self.visitor
        return await self.floor.desk.grant(self.visitor, Wish(wish or self.house.ids.new(), do, dict(args)))


Handler: TypeAlias = Callable[[Visit], Awaitable[Response]]


class Address(Route):
    """A route, with who may use it and how much it takes.

    Args:
        who: `ALL`, `JOINED`, `JOINED_DATA` or `role(...)`; checked before the handler is called.
        method: one; GET answers HEAD too.
        most_bytes: how large its body may be.
        too_large: says no to a larger one; without it ``wire.too_large``.
    """

    MOST_BYTES: ClassVar[int] = Room.most_bytes

    def __init__(self, path: str, handler: Handler, *, who: Who, method: str = "GET", most_bytes: int = MOST_BYTES, **room: SaysNo) -> None:
        super().__init__(path, partial(_handle, handler, who), methods=[method], name=f"{method} {path}")
        self.who, self.most_bytes, self.room = who, most_bytes, Room(most_bytes, **room)

    def is_for(self, scope: Scope) -> bool:
        """Whether a request is answered here."""
        return self.matches(scope)[0] is Match.FULL


async def _handle(handler: Handler, who: Who, request: Request) -> Response:
    house: House = request.state.house
    token = request.cookies.get(cookie_name(secure=house.floor.settings.secure), "")
    visitor = await house.floor.sessions.of(token) if token else None
    visit = Visit(request, house, visitor)
    if who.joined:
        here = visitor if visitor and visitor.session.day == visit.day else None
        if here is None:
            if who.roles is not None:
                raise Refused("role.missing", _("Det får bara den som leder dagen göra."))
            if who.data or request.method not in {"GET", "HEAD"}:
                raise Refused("person.signed_out", _("Du är inte med på den här dagen. Skriv dagens kod för att gå med."))
            wanted = visit.request.url.path.removeprefix(f"/days/{visit.day}/")
            return visit.go("/?" + urlencode({"day": visit.day, "to": wanted}))  # the day's code field, and then what was wanted
        if who.roles is not None and not who.roles & (here.session.roles_on(None) if who.whole_day else here.session.roles):
            raise too_far(here)
    return await handler(visit)


async def _text_in(file: UploadFile) -> str:
    try:
        return (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("text.unreadable", _("Filen är inte text i UTF-8. Spara den så och försök igen.")) from None


def as_model(value: Any, model: type[M], *, strict: bool = True) -> M:
    """A plain value as *model*.

    Raises:
        Refused: ``wire.wrong_args``.
    """
    try:
        return msgspec.convert(value, model, strict=strict)
    except msgspec.ValidationError as error:
        raise Refused("wire.wrong_args", _("Uppgifterna passar inte: %(where)s"), where=where_of(error)) from None


def local(path: str) -> str:
    """*path* if it leads to a page of ours, else the start page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain else "/"
