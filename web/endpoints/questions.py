"""Questions to the panel over the wire: their wishes, what is shown of them, and the page that the panel has before it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import quote

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from chat.questions import Asked, Wanted, views
from chat.questions.rules import no_such
from chat.questions.tables import Question
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import NATIONAL, STAFF, Role
from streaming.recordings import NotYet
from streaming.recordings import views as recordings
from web.address import ALL, Address, Visit, role
from web.limits import Limit
from web.looking import look
from web.pressure import Shed
from web.shows import Picture, Shows
from web.wishes import ANYONE, Args, House, Memory, WishKind

PANEL: Final = frozenset({*STAFF, Role.SPEAKER.value})
Seen = Literal["held", "open", "taken_up", "answered", "written", "aside"]


class Ask(Args):
    """What to ask, and whom, else all the panel; whether it may be quoted after the day, and where its answer is mailed."""

    text: str
    to: str | None = None
    anonymous: bool = False
    quotable: bool = False
    mail: str | None = None
    lang: Literal["sv", "en"] = "sv"


class OneQuestion(Args):
    """A question by its id."""

    question: str


class AsSeen(OneQuestion):
    """A question as a moderator saw it; when it stands otherwise meanwhile, nothing is done."""

    seen: Seen | None = None


class Reasoned(OneQuestion):
    """Why not."""

    reason: str
    seen: Seen | None = None


class Into(OneQuestion):
    """The question that it goes with from now on."""

    into: str
    seen: Seen | None = None


class Given(OneQuestion):
    """Who answers, and by when."""

    to: str
    due: date | None = None
    seen: Seen | None = None


class Written(OneQuestion):
    """The answer."""

    text: str
    seen: Seen | None = None


class Labelled(OneQuestion):
    """What it is about; nothing takes that away."""

    label: str


class Starred(OneQuestion):
    """Whether it has a star."""

    starred: bool


class Quotable(OneQuestion):
    """Whether one's own question may be quoted."""

    quotable: bool


class Removed(OneQuestion):
    """What shall not be read any more."""

    reason: str | None = None


class OnLane(Args):
    """Whose panel; one's own lane's when none is named."""

    lane: str | None = None


class Hold(Args):
    """Whether questions are held until they are let through."""

    hold: bool
    lane: str | None = None


async def _ask_by_form(_house: House, _by: Actor, form: FormData) -> dict[str, Any]:
    """A box that is not ticked is not sent; the panel as a whole is an empty choice."""
    chosen = {name: value for name in ("to", "mail", "lang") if (value := str(form.get(name, "")).strip())}
    return {"text": str(form.get("text", "")), "anonymous": "anonymous" in form, "quotable": "quotable" in form, **chosen}


def _lane(by: Actor, wish: OnLane | Hold) -> str:
    return wish.lane or by.lane


def _own(name: str, model: type[Args], call: Any, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": ANYONE, "limit": Limit.BACK, "shed": Shed.CHAT, "memory": Memory.NONE, "audit": False}
    return WishKind(name=name, model=model, call=call, **{**row, **more})


def _staff(name: str, model: type[Args], call: Any, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": STAFF, "limit": Limit.STAFF, "shed": Shed.NEVER, "memory": Memory.CORE, "audit": True}
    return WishKind(name=name, model=model, call=call, **{**row, **more})


def _ask(house: House, by: Actor, wish: Ask) -> Any:
    if wish.mail and not house.settings.mail_url:
        raise Refused("mail.off", _("Svar mejlas inte härifrån. Ställ frågan utan e-postadress."))
    mail = Wanted(wish.mail, wish.lang) if wish.mail else None
    return house.questions.ask(by, Asked(wish.text, wish.to, wish.anonymous, wish.quotable, mail))


def _assign(house: House, by: Actor, wish: Given) -> Any:
    return house.questions.assign(by, wish.question, wish.to, due=wish.due, seen=wish.seen)


WISHES = [
    _own("questions.ask", Ask, _ask, limit=Limit.ASK, memory=Memory.CORE, form=_ask_by_form),
    _own("questions.back", OneQuestion, lambda house, by, wish: house.questions.back(by, wish.question)),
    _own("questions.oppose", OneQuestion, lambda house, by, wish: house.questions.oppose(by, wish.question)),
    _own("questions.unback", OneQuestion, lambda house, by, wish: house.questions.unback(by, wish.question)),
    _own("questions.withdraw", OneQuestion, lambda house, by, wish: house.questions.remove(by, wish.question), memory=Memory.CORE),
    _own(
        "questions.consent",
        Quotable,
        lambda house, by, wish: house.questions.consent(by, wish.question, quotable=wish.quotable),
        memory=Memory.CORE,
    ),
    _staff("questions.label", Labelled, lambda house, by, wish: house.questions.label(by, wish.question, wish.label)),
    _staff("questions.star", Starred, lambda house, by, wish: house.questions.star(by, wish.question, starred=wish.starred)),
    _staff("questions.let_through", AsSeen, lambda house, by, wish: house.questions.let_through(by, wish.question, seen=wish.seen)),
    _staff("questions.take_up", AsSeen, lambda house, by, wish: house.questions.take_up(by, wish.question, seen=wish.seen)),
    _staff("questions.answered", AsSeen, lambda house, by, wish: house.questions.answered(by, wish.question, seen=wish.seen)),
    _staff(
        "questions.put_aside", Reasoned, lambda house, by, wish: house.questions.put_aside(by, wish.question, wish.reason, seen=wish.seen)
    ),
    _staff("questions.merge", Into, lambda house, by, wish: house.questions.merge(by, wish.question, wish.into, seen=wish.seen)),
    _staff("questions.escalate", AsSeen, lambda house, by, wish: house.questions.escalate(by, wish.question, seen=wish.seen)),
    _staff("questions.assign", Given, _assign),
    _staff("questions.write", Written, lambda house, by, wish: house.questions.write(by, wish.question, wish.text, seen=wish.seen)),
    _staff("questions.remove", Removed, lambda house, by, wish: house.questions.remove(by, wish.question, wish.reason)),
    _staff("questions.open", OnLane, lambda house, by, wish: house.questions.open(by, _lane(by, wish))),
    _staff("questions.close", OnLane, lambda house, by, wish: house.questions.close(by, _lane(by, wish))),
    _staff("questions.hold", Hold, lambda house, by, wish: house.questions.hold(by, _lane(by, wish), hold=wish.hold)),
]


async def _pictures(session: AsyncSession, day: str) -> list[Picture]:
    sides: dict[str, list[Any]] = {}
    for to, data in await views.pictures(session, day):
        key = f"backs:{data['question']}" if "question" in data else f"pile:{data['pile']}"
        sides.setdefault(key, []).append((to, data))
    return [Picture(key, f"questions.{key.partition(':')[0]}", tuple(of_one)) for key, of_one in sides.items()]


SHOWS = Shows("questions", views.FACES, views.shared, views.personal, _pictures)


async def panel(visit: Visit) -> Response:
    """What the panel has before it: the question that is taken up, and those that come next. Staff may choose the lane by ``?lane=``."""
    assert visit.visitor
    visit.visitor = await look(visit.house.store, visit.visitor, visit.request.query_params.get("lane", ""))
    state: dict[str, Any] = msgspec.json.decode((await visit.floor.states.of(visit.visitor.seen)).body)
    return visit.page("panel.html", state=state, looks_at=visit.visitor.lane, lane=visit.visitor.seen.lane)


async def moment(visit: Visit) -> Response:
    """To the place in a published recording where the panel answered a question; the shortest recording that holds it."""
    name = str(visit.request.path_params["question"])
    async with visit.house.store.reading() as session:
        asked = await session.get(Question, (visit.day, name))
        if asked is None or asked.removed or not asked.answered_at or not (asked.public or _may_see(visit, asked)):
            raise no_such()
        at = min(asked.taken_up_at or asked.answered_at, asked.answered_at)
        lanes = (NATIONAL, asked.lane) if asked.lifted else (asked.lane, NATIONAL)
        rows = [row for row in await recordings.recordings(session, visit.day) if row.lane in lanes and row.begins_at <= at < row.ends_at]
        for row in sorted(rows, key=lambda row: (lanes.index(row.lane), row.ends_at - row.begins_at)):
            with suppress(LookupError, NotYet):
                recorded = await visit.house.archive.read_row(session, row)
                place = f"/days/{visit.day}/recordings/{quote(row.recording, safe='@')}?t={recorded.at(at) / 1_000:.1f}"
                return RedirectResponse(place, 303)
    raise Refused("recording.not_yet", _("Inspelningen med svaret är inte publicerad än. Kom tillbaka om några dagar."))


def _may_see(visit: Visit, asked: Question) -> bool:
    return visit.visitor is not None and visit.me.day == visit.day and (bool(visit.me.roles & STAFF) or visit.me.person == asked.person)


ROUTES = [
    Address("/days/{day}/panel", panel, who=role(*PANEL)),
    Address("/days/{day}/questions/{question}/moment", moment, who=ALL),
]
