"""Who reads the day by a program: keys of the read API, made here, shown once, and taken back here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.followup.integrations import rules, views
from conference.tables import Day
from web.address import Address, Visit, role
from web.api.reads import UNDER
from web.endpoints.build import ORGANIZERS
from web.shows import Shows

OURS: Final = frozenset({"text.empty", "text.too_long", "key.out_of_range", "key.too_many"})
"""What the page itself explains, beside the form."""


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS: Final = Shows("integrations", views.FACES, _nothing)


@dataclass(frozen=True)
class Outcome:
    """What came of a form.

    Attributes:
        handed: a secret that is told this once: ``{label, secret}``.
        sent: what was written in a form that was refused.
    """

    handed: Mapping[str, str] | None = None
    refused: Refused | None = None
    sent: Mapping[str, str] | None = None


async def integrations(visit: Visit) -> Response:
    """The keys there are."""
    return await _page(visit, Outcome())


async def _page(visit: Visit, outcome: Outcome) -> Response:
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
        keys = await views.keys(session, visit.day)
    assert day
    now, refused = visit.house.clock.now(), outcome.refused
    response = visit.page(
        "integrations.html",
        status=422 if refused else 200,
        day=day.model_dump(),
        keys=[{**key.model_dump(exclude={"token_hash", "made_by"}), "works": rules.works(key, now)} for key in keys],
        days=rules.DAYS,
        label_most=rules.LABEL_MOST,
        address=visit.origin + UNDER.format(day=visit.day),
        handed=outcome.handed,
        errors=[{"field": "label", "text": visit.text(refused.text, **refused.values)}] if refused else [],
        sent=outcome.sent or {},
        saved=not refused and "saved" in visit.request.query_params,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def step(visit: Visit) -> Response:
    """Make a key, or take one back."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    try:
        return await _do(visit, fields)
    except Refused as refused:
        if refused.code not in OURS:
            raise
        return await _page(visit, Outcome(refused=refused, sent=fields))


async def _do(visit: Visit, fields: Mapping[str, str]) -> Response:
    match fields.get("do"):
        case "make_key":
            told = fields.get("days", "")
            days = int(told) if told.isascii() and told.isdecimal() and len(told) < 5 else 0
            done = await visit.house.integrations.make_key(visit.by("integrations.make_key", days=days), fields.get("label", ""), days)
            assert done.data
            return await _page(visit, Outcome(handed={"label": rules.label(fields["label"]), "secret": done.data["token"]}))
        case "revoke_key":
            key = fields.get("key", "")[:40]
            await visit.house.integrations.revoke_key(visit.by("integrations.revoke_key", key=key), key)
            return visit.go(f"/days/{visit.day}/integrations?saved=yes")
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))


ROUTES = [
    Address("/days/{day}/integrations", integrations, who=role(*ORGANIZERS)),
    Address("/days/{day}/integrations", step, who=role(*ORGANIZERS), method="POST"),
]
