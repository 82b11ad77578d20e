"""Polls over the wire: their wishes, and what is shown of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from conference.core.actor import Actor, Done
from conference.people import STAFF
from polls import rules, views
from polls.askable import OPTIONS_MOST
from polls.ballots import Box
from polls.kinds import Option, Question, kind_of, whole
from polls.sorting import STOP_LANGUAGES
from polls.tables import Poll
from web.address import Address, Visit, role
from web.answers import given_in
from web.limits import Limit
from web.pressure import Shed
from web.sessions import Asker
from web.shows import Picture, Shows
from web.wishes import ANYONE, Args, House, Memory, WishKind

SCALE_STEPS = 5  # of a scale made on the spot
WORDS_EACH = 3  # how many words each may write to a question made on the spot


class Make(Args):
    """A poll on the spot; ``open`` asks it at once. ``lane`` is whom it asks: everybody when none is named."""

    kind: str
    title: str
    options: list[str] = field(default_factory=list)
    most: int = 1
    steps: int = 0
    labels: list[str] = field(default_factory=list)
    low: int | None = None
    high: int | None = None
    unit: Annotated[str, Meta(max_length=30)] = ""
    help: str = ""
    open: bool = False
    lane: str | None = None


class OnePoll(Args):
    """A poll by its id."""

    poll: str


class ShowResult(OnePoll):
    """Who sees the result."""

    to: Literal["hidden", "stage", "everyone"]


class Extend(OnePoll):
    """How much longer."""

    seconds: Annotated[int, Meta(ge=1, le=86_400)]


class Correct(OnePoll):
    """A misspelling put right: which wording (``title``, ``help``, ``option:<id>`` …), how it shall stand, and why."""

    part: Annotated[str, Meta(max_length=120)]
    text: Annotated[str, Meta(max_length=1_000)]
    reason: Annotated[str, Meta(max_length=1_000)]


class Hands(OnePoll):
    """How many hands are up behind one's screen for each answer."""

    hands: Annotated[dict[str, Any], Meta(max_length=OPTIONS_MOST)]


class Answer(OnePoll):
    """An answer of whatever shape the poll's kind takes."""

    answer: Any


async def _make(house: House, by: Asker, wish: Make) -> Done:
    options = tuple(Option(f"o{number}", text) for number, text in enumerate(wish.options[: OPTIONS_MOST + 1], start=1))
    question = Question(
        id="",
        kind=wish.kind,
        title=wish.title,
        help=wish.help,
        options=rules.yes_no_options() if wish.kind == "yesno" else options,
        most=wish.most,
        steps=wish.steps,
        labels=tuple(wish.labels[:OPTIONS_MOST]),
        low=wish.low,
        high=wish.high,
        unit=wish.unit,
        stop_words=STOP_LANGUAGES if wish.kind == "words" else (),
    )
    done: Done = await house.polls.make(by, question, wish.lane or by.within or "country", at_once=wish.open)
    return done


async def _make_by_form(_house: House, _by: Actor, form: FormData) -> dict[str, Any]:
    """The fields of the cockpit's form; what the chosen kind has no use for is left aside."""
    kind = str(form.get("kind", ""))
    lines = [line.strip() for line in str(form.get("options", "")).splitlines() if line.strip()]
    args: dict[str, Any] = {"kind": kind, "title": str(form.get("title", "")), "open": "open" in form}
    if kind == "choice":
        args |= {"options": lines, "most": max(len(lines), 1) if "several" in form else 1}
    if kind == "scale":
        args["steps"] = SCALE_STEPS
    if kind == "words":
        args["most"] = WORDS_EACH
    if kind in ("ranking", "points"):
        args["options"] = lines
    if kind == "number":
        args |= {name: whole(str(form.get(name, ""))) for name in ("low", "high")}
        args["unit"] = str(form.get("unit", ""))
    return args


async def _vote_by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    """The answer of a form without scripts, in the shape that the poll's kind takes."""
    poll_id = str(form.get("poll", ""))
    async with house.store.reading() as session:
        poll = await session.get(Poll, (by.day, poll_id))
    if poll is None or not poll.known:
        raise rules.no_such()
    return {"poll": poll_id, "answer": kind_of(rules.question_of(poll)).read(given_in(form, "answer"))}


async def _hands_by_form(_house: House, _by: Actor, form: FormData) -> dict[str, Any]:
    """A number beside each answer; where none is written nobody put up a hand."""
    given = {cell: whole(values[0].strip()) for cell, values in given_in(form, "hands").items()}
    return {"poll": str(form.get("poll", "")), "hands": given}


def _staff(name: str, model: type[Args], call: Any, form: Any = None) -> WishKind:
    return WishKind(
        name=name, model=model, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call, form=form
    )


def _voting(name: str, model: type[Args], call: Any, form: Any = None) -> WishKind:
    return WishKind(
        name=name, model=model, may=ANYONE, limit=Limit.VOTE, shed=Shed.NEVER, memory=Memory.BLIND, audit=False, call=call, form=form
    )


WISHES = [
    _staff("polls.make", Make, _make, _make_by_form),
    _staff("polls.open", OnePoll, lambda house, by, wish: house.polls.open(by, wish.poll)),
    _staff("polls.close", OnePoll, lambda house, by, wish: house.polls.close(by, wish.poll)),
    _staff("polls.archive", OnePoll, lambda house, by, wish: house.polls.archive(by, wish.poll)),
    _staff("polls.show", ShowResult, lambda house, by, wish: house.polls.show(by, wish.poll, wish.to)),
    _staff("polls.extend", Extend, lambda house, by, wish: house.polls.extend(by, wish.poll, wish.seconds)),
    _staff("polls.again", OnePoll, lambda house, by, wish: house.polls.again(by, wish.poll)),
    _staff("polls.correct", Correct, lambda house, by, wish: house.polls.correct(by, wish.poll, (wish.part, wish.text), wish.reason)),
    _voting("polls.vote", Answer, lambda house, by, wish: house.polls.vote(by, wish.poll, wish.answer), _vote_by_form),
    _voting("polls.hands", Hands, lambda house, by, wish: house.polls.raise_hands(by, wish.poll, wish.hands), _hands_by_form),
    _voting("polls.withdraw", OnePoll, lambda house, by, wish: house.polls.withdraw(by, wish.poll)),
]


async def ideas(visit: Visit) -> Response:
    """What people wrote to a closed poll in their own words: for staff, and for the stage and the hall when they see the result."""
    async with visit.house.store.reading() as session:
        found = await views.ideas(session, visit.day, str(visit.request.path_params["poll"]), visit.viewer)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


ROUTES = [Address("/days/{day}/polls/{poll}/ideas", ideas, who=role(*STAFF, *views.STAGE))]


def shows(box: Box) -> Shows:
    """What is shown of polls."""

    async def personal(session: AsyncSession, day: str, persons: list[str]) -> dict[str, Any]:
        return await views.personal(session, box, day, persons)

    async def pictures(session: AsyncSession, day: str) -> list[Picture]:
        sides: dict[str, list[Any]] = {}
        for to, data in await views.pictures(session, day):
            sides.setdefault(data["poll"], []).append((to, data))
        return [Picture(f"tally:{poll}", "polls.tally", tuple(of_poll)) for poll, of_poll in sides.items()]

    return Shows("polls", views.FACES, views.shared, personal, pictures)
