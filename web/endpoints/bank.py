"""The question bank: a page for organizers to search it and put a question into the day, its files, and the wishes of it."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from starlette.responses import Response

from conference import views as days
from conference.core.errors import Refused, _
from conference.people import Role
from polls import bank
from polls.kinds import Question
from web import bank_files
from web.address import Address, Visit, role
from web.limits import Limit
from web.pressure import Shed
from web.wishes import Args, Memory, WishKind

ORGANIZERS: Final = (Role.ORGANIZER.value,)
FILE_MOST: Final = 300_000  # characters: `bank.BROUGHT_MOST` questions of great length
FORM_MOST_BYTES: Final = 2 << 20  # such a file in a form, each character as up to six
KINDS: Final = {
    "choice": _("Val"),
    "yesno": _("Ja eller nej"),
    "scale": _("Skala"),
    "ranking": _("Rangordning"),
    "points": _("100 poäng"),
    "words": _("Ord"),
    "text": _("Text"),
    "number": _("Tal"),
    "matrix": _("Matris"),
    "quiz": _("Kunskapsfråga"),
    "ideas": _("Idéer"),
}


class FromBank(Args):
    """A question of the bank in one of its versions; ``lane`` is whom it asks, everybody when none is named."""

    item: str
    version: Annotated[int, Meta(ge=1, le=bank.VERSION_MOST)]
    lane: str | None = None


class Bring(Args):
    """Questions as a file has them."""

    questions: Annotated[list[Question], Meta(max_length=bank.BROUGHT_MOST)]


def _organizer(name: str, model: type[Args], call: Any) -> WishKind:
    may = frozenset(ORGANIZERS)
    return WishKind(name=name, model=model, may=may, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call)


WISHES = [
    _organizer(
        "bank.use", FromBank, lambda house, by, wish: house.bank.use(by, wish.item, wish.version, wish.lane or by.within or "country")
    ),
    _organizer("bank.bring", Bring, lambda house, by, wish: house.bank.bring(by, wish.questions)),
]


async def page(visit: Visit) -> Response:
    """The bank, narrowed by words and a goal; of one question, how it has been asked over the days."""
    asked = visit.request.query_params
    words, goal, one = asked.get("q", "")[:100], asked.get("goal", "")[:60], asked.get("series", "")[:100]
    async with visit.house.store.reading() as session:
        found = await days.landing(session, visit.day)
        rows = await bank.questions(session, words, goal)
        series = await bank.series(session, one) if one else []
        here = await bank.in_day(session, visit.day)
    assert found
    return visit.page(
        "bank.html",
        day=found.day.model_dump(),
        goals=found.goals,
        regions=[{"region": region.region, "name": region.name} for region in found.regions],
        rows=[
            {
                **msgspec.to_builtins(row["question"]),
                "version": row["question"].version,
                **row,
                "question": None,
                "here": here[row["question"].id],
            }
            for row in rows
        ],
        kinds=KINDS,
        q=words,
        goal=goal,
        series_of=one,
        series=series,
    )


async def bring(visit: Visit) -> Response:
    """The text of a file, JSON or CSV, becomes questions of the bank: a whole bank is more than the form of a wish takes."""
    text = (await visit.form(FORM_MOST_BYTES)).get("file", [""])[-1]
    if len(text) > FILE_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=FILE_MOST)
    await visit.ask("bank.bring", {"questions": msgspec.to_builtins(bank_files.read(text))})
    return visit.go(f"/days/{visit.day}/build/bank")


async def file(visit: Visit) -> Response:
    """The whole bank as a file."""
    form = str(visit.request.path_params["form"])
    async with visit.house.store.reading() as session:
        rows = bank.plain(await bank.questions(session))
    if form == "csv":
        content, media_type = bank_files.as_csv(rows), "text/csv; charset=utf-8"
    elif form == "json":
        content, media_type = msgspec.json.format(msgspec.json.encode({"questions": rows}), indent=1), "application/json"
    else:
        raise Refused("export.no_such", _("Det finns ingen sådan fil."))
    headers = {"Content-Disposition": f'attachment; filename="questions.{form}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type=media_type)


ROUTES = [
    Address("/days/{day}/build/bank", page, who=role(*ORGANIZERS)),
    Address("/days/{day}/build/bank", bring, who=role(*ORGANIZERS), method="POST", most_bytes=FORM_MOST_BYTES),
    Address("/days/{day}/build/bank.{form}", file, who=role(*ORGANIZERS)),
]
