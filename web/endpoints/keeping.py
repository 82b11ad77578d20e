"""How long what a day holds is kept, class by class, and the protocol that is signed before anything goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.followup.keeping import Signature, rules, views
from conference.tables import Day
from web.address import Address, Visit, role
from web.disposal import TABLES
from web.endpoints.build import ORGANIZERS
from web.shows import Shows

FIELD_OF: Final = {"date.out_of_range": "until", "disposal.too_early": "kinds", "text.empty": "name", "text.too_long": "name"}
OURS: Final = frozenset({"kind", "date", "text", "disposal"})  # nouns of refusals that the page itself explains


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS: Final = Shows("keeping", views.FACES, _nothing)


async def keeping(visit: Visit) -> Response:
    """What is held, how much of it, until when and why."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None, sent: Mapping[str, Sequence[str]] | None = None) -> Response:
    now = visit.house.clock.now()
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
        assert day
        held = await views.held(session, day, TABLES, rules.local(day, now))
        protocols = await views.disposals(session, visit.day)
    errors = [{"field": FIELD_OF.get(refused.code, ""), "text": visit.text(refused.text, **refused.values)}] if refused else []
    return visit.page(
        "keeping.html",
        status=(409 if refused.code.startswith("disposal.") else 422) if refused else 200,
        day=day.model_dump(),
        held=held,
        earliest=day.date,
        latest=day.date + rules.LONGEST,
        name_most=rules.NAME_MOST,
        decision_most=rules.DECISION_MOST,
        protocols=[{**one.model_dump(), "of": [rules.RULES[rules.changeable(kind)].what for kind in one.kinds]} for one in protocols],
        errors=errors,
        sent={name: values[-1] for name, values in (sent or {}).items() if values},
        chosen=(sent or {}).get("kind", []),
        saved=not refused and "saved" in visit.request.query_params,
    )


async def step(visit: Visit) -> Response:
    """Set a date, or sign."""
    sent = await visit.form()
    try:
        await _do(visit, sent)
    except Refused as refused:
        if refused.code.partition(".")[0] not in OURS:
            raise
        return await _page(visit, refused, sent)
    return visit.go(f"/days/{visit.day}/keeping?saved=yes")


async def _do(visit: Visit, sent: Mapping[str, Sequence[str]]) -> None:
    match sent.get("do"):
        case ["date"]:
            await _set_date(visit, sent)
        case ["sign"]:
            await _sign(visit, sent)
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))


async def _set_date(visit: Visit, sent: Mapping[str, Sequence[str]]) -> None:
    kind = rules.changeable(_one(sent, "kind"))
    try:
        until = date.fromisoformat(_one(sent, "until"))
    except ValueError:
        raise Refused("date.out_of_range", _("Välj ett datum från dagen och högst tio år framåt.")) from None
    await visit.house.keeping.set_date(
        visit.by("keeping.set_date", kind=kind, until=until.isoformat()), kind, until, _one(sent, "decision")
    )


async def _sign(visit: Visit, sent: Mapping[str, Sequence[str]]) -> None:
    """The figures of now are put into the report first: what they are counted from is about to go."""
    kinds = sorted({str(rules.changeable(kind)) for kind in sent.get("kind", [])})
    signature = Signature(kinds, _one(sent, "name"), _one(sent, "decision"))
    if not (kinds and signature.name.strip() and _one(sent, "sure") == "yes"):
        raise Refused("text.empty", _("Välj vad som ska gallras, skriv ditt namn och kryssa i att det inte går att ångra."))
    by = visit.by("keeping.sign", kinds=kinds)
    await visit.house.keeping.may_sign(replace(by, asked=None), signature)  # what is refused leaves no report behind
    await visit.house.reports.make(visit.by("reports.make"))
    await visit.house.keeping.sign(by, signature)


def _one(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(reversed(sent.get(name, []))), "")


ROUTES = [
    Address("/days/{day}/keeping", keeping, who=role(*ORGANIZERS)),
    Address("/days/{day}/keeping", step, who=role(*ORGANIZERS), method="POST"),
]
