"""Coming in by code, saying who one is, and leaving."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlmodel import col, select
from starlette.datastructures import FormData
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.people import About, PersonChanged, PersonErased, PersonLeft, token_hash
from conference.people import views as people_views
from conference.rules import DayState
from conference.tables import Day, Region
from web import tidy
from web.address import ALL, Address, Visit, as_model, local
from web.faults import status_of
from web.house import House
from web.limits import Limit
from web.pressure import Shed
from web.render import LANGUAGES
from web.sessions import Asker
from web.shows import Shows
from web.signin import Cookies, Guesses, join_code, no_such_code
from web.wishes import ANYONE, Args, Memory, Nothing, WishKind

Name = Annotated[str, Meta(max_length=200)]  # what is too long for a name is refused with a sentence, not as a wrong argument
Id = Annotated[str, Meta(min_length=1, max_length=80)]
IdOrNone = Annotated[str, Meta(max_length=80)]  # an empty one is none, as in a form
Code = Annotated[int, Meta(ge=0, le=999_999)]
Count = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]

FIELD_OF: Final = {"join": "code", "screen": "people", "text": "name", "region": "region"}  # first word of a code -> field of the form
TITLE: Final = {"day", "title", "title_en"}
AFTER_JOINING: Final = re.compile(
    r"live|evaluation(/[\w.@-]{1,80})?|recordings/[\w.@-]{1,200}(/evaluation/[\w.@-]{1,80})?", re.ASCII
)  # what one may have wanted before one was in


class Joining(msgspec.Struct, forbid_unknown_fields=True):
    """What ``POST /join`` takes."""

    code: Annotated[str, Meta(max_length=40)] | Code
    name: Name | UnsetType | None = UNSET
    region: IdOrNone | UnsetType | None = UNSET
    people: Count | UnsetType | None = UNSET
    affiliation: Id | UnsetType | None = UNSET


class Setting(Args):
    """What ``people.set`` takes."""

    name: Name | UnsetType | None = UNSET
    region: Id | UnsetType | None = UNSET
    people: Count | UnsetType = UNSET


async def start(visit: Visit) -> Response:
    """The first page: a field for the code, and the days there are. Who came to a day's page from outside is asked for its code."""
    asked = visit.request.query_params
    return await _start(visit, **await _wanted(visit, tidy.text(asked.get("day", ""))[:80], asked.get("to", "")))


async def _wanted(visit: Visit, name: str, to: str) -> dict[str, Any]:
    """The day somebody wants into and the page they wanted, if there are such."""
    if not name:
        return {}
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == name, Day.state != "draft"))).one_or_none()
        regions = await session.exec(select(Region).where(Region.day == name).order_by(Region.name)) if day else ()
        listed = [{"region": region.region, "name": region.name} for region in regions]
    return {"day": day.model_dump(include=TITLE), "regions": listed, "to": to if AFTER_JOINING.fullmatch(to) else ""} if day else {}


async def by_code(visit: Visit) -> Response:
    """The first page with the code in its field, for links and QR codes."""
    code = tidy.text(str(visit.request.path_params["code"]))[:40]
    try:
        day = await _day_of(visit, code)
    except Refused as refused:
        return await _start(visit, refused, code=code)
    async with visit.house.store.reading() as session:
        regions = await session.exec(select(Region).where(Region.day == day.day).order_by(Region.name))
        listed = [{"region": region.region, "name": region.name} for region in regions]
    return await _start(visit, code=code, day=day.model_dump(include=TITLE), regions=listed)


async def _start(visit: Visit, refused: Refused | None = None, **context: Any) -> Response:
    errors = []
    if refused:
        noun = refused.code.partition(".")[0]
        errors = [{"field": FIELD_OF.get(noun, ""), "text": visit.text(refused.text, **refused.values)}]
    async with visit.house.store.reading() as session:
        found = await session.exec(select(Day).where(Day.state != "draft").order_by(col(Day.starts_at)))
        days = [day.model_dump(include={*TITLE, "subtitle", "state", "starts_at", "ends_at"}) for day in found]
    return visit.page("start.html", status=status_of(refused.code) if refused else 200, days=days, errors=errors, **context)


async def join(visit: Visit) -> Response:
    """Come in by code, or change what one told when one came in."""
    visit.floor.pressure.admit(Shed.JOIN)
    as_json = visit.content_type == "application/json"
    fields = {} if as_json else {name: values[-1] for name, values in (await visit.form()).items() if values[-1]}
    wanted, to = fields.pop("day", "")[:80], fields.pop("to", "")
    try:
        told = await visit.json(Joining) if as_json else as_model(fields, Joining, strict=False)
        day = await _day_of(visit, told.code if isinstance(told.code, str) else f"{told.code:06d}")
        token, person = await _join(visit, day, told)
    except Refused as refused:
        if as_json or refused.code == "limit.reached":
            raise
        return await _start(visit, refused, code=fields.get("code", ""), values=fields, **await _wanted(visit, wanted, to))
    live = f"/days/{day.day}/live"
    page = f"/days/{day.day}/{to}" if AFTER_JOINING.fullmatch(to) and wanted == day.day else live
    response = visit.data({"day": day.day, "live": f"{visit.origin}{live}", "person": person}) if as_json else visit.go(page)
    _cookies(visit).give(response, token)
    return response


async def _join(visit: Visit, day: Day, told: Joining) -> tuple[str, str]:
    """The token that the browser has from now on, and whose it is."""
    had = _cookies(visit).token(visit.request)
    known = visit.visitor is not None and visit.me.day == day.day
    token = had if known and had else visit.house.ids.secret(32)  # a token that we do not know was perhaps put there by somebody else
    about = About(
        told.name,
        told.region or (None if told.region == "" else told.region),
        UNSET if told.people is None else told.people,
        told.affiliation,
    )
    done = await visit.house.people.join(Actor.house(day.day), token_hash(token), about, late=day.state == DayState.ENDED)
    assert done.data
    person = str(done.data["person"])
    visit.floor.sessions.forget(day.day, person)
    return token, person


async def _day_of(visit: Visit, told: str) -> Day:
    """The day with this code.

    Raises:
        Refused: ``join.no_such_code``, ``limit.reached``.
    """
    guesses = Guesses(visit.floor.limits)
    who = f"{visit.me.day}/{visit.me.person}" if visit.visitor else ""
    await guesses.may_try(visit.address, who)
    try:
        code = join_code(told)
        async with visit.house.store.reading() as session:
            found = (await session.exec(select(Day).where(Day.join_code == code, Day.state != "draft"))).all()
        if not found:
            raise no_such_code()
    except Refused:
        await guesses.missed(visit.address, who)
        raise
    return max(found, key=lambda day: (day.state != "ended", day.starts_at))  # a code may be used again when its day has ended


async def language(visit: Visit) -> Response:
    """Read in another language."""
    fields = await visit.form()
    wanted = "".join(fields.get("lang", [])[-1:])
    if wanted not in LANGUAGES:
        raise Refused("language.no_such", _("Det språket finns inte här."))
    response = visit.go(local("".join(fields.get("next", ["/"])[-1:])))
    _cookies(visit).language(response, wanted)
    return response


def _cookies(visit: Visit) -> Cookies:
    return Cookies(visit.floor.settings.secure)


async def _set(house: House, by: Asker, args: Setting) -> Done:
    done = await house.people.set(by, name=args.name, region=args.region, people=args.people)
    house.floor.sessions.forget(by.day, by.person)  # here at once; elsewhere when the event is heard
    return done


async def _leave(house: House, by: Asker, _args: Nothing) -> Done:
    done = await house.people.leave(by, by.session)
    house.floor.sessions.forget(by.day, by.person)
    return done


async def _set_form(_house: House, _by: Actor, form: FormData) -> dict[str, Any]:
    """An empty field means none; one that is not there stays as it was."""
    fields = {name: str(value) for name, value in form.items()}
    return {name: value or None for name, value in fields.items() if value or name != "people"}


SHOWS = Shows(
    "people",
    people_views.FACES,
    changes=dict.fromkeys((PersonChanged, PersonLeft, PersonErased), lambda event: event.person),
    removes=frozenset({PersonErased}),
)

WISHES = [
    WishKind(
        name="people.set",
        model=Setting,
        may=ANYONE,
        limit=Limit.PROFILE,
        shed=Shed.PRESENCE,
        memory=Memory.CORE,
        audit=False,
        call=_set,
        form=_set_form,
    ),
    WishKind(
        name="people.leave",
        model=Nothing,
        may=ANYONE,
        limit=Limit.PROFILE,
        shed=Shed.NEVER,
        memory=Memory.CORE,
        audit=False,
        call=_leave,
    ),
]

ROUTES = [
    Address("/", start, who=ALL),
    Address("/j/{code}", by_code, who=ALL),
    Address("/join", join, who=ALL, method="POST"),
    Address("/language", language, who=ALL, method="POST"),
]
