"""Other systems: keys of the read API and webhooks, made here, their secrets shown once, and taken back here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.followup.integrations import rules, views
from conference.followup.webhooks import rules as hooks
from conference.followup.webhooks import views as hook_views
from conference.tables import Day
from web.address import Address, Visit, role
from web.api.reads import UNDER
from web.endpoints.build import ORGANIZERS
from web.shows import Shows

FIELD_OF: Final = {
    **dict.fromkeys(("text.empty", "text.too_long", "key.out_of_range", "key.too_many"), "label"),
    **dict.fromkeys(("webhook.wrong_address", "webhook.too_many"), "url"),
    "webhook.no_kind": "kinds",
}
"""What the page itself explains, and beside which field."""
TITLES: Final = {
    hooks.DAY_ENDED: _("Dagen har slutat"),
    hooks.SURVEY_CLOSED: _("En enkät har stängt"),
    hooks.REPORT_READY: _("En rapport är klar"),
    hooks.ACTION_DUE: _("En åtgärd ska vara klar"),
    hooks.PING: _("Prov"),
}
STATES: Final = {hooks.WAITING: _("Väntar"), hooks.DELIVERED: _("Framme"), hooks.GIVEN_UP: _("Uppgiven")}
FAULTS: Final = {
    "timeout": _("Svarade inte i tid"),
    "no_answer": _("Gick inte att nå"),
    "not_allowed": _("Adressen leder till ett nät dit inget får skickas"),
    "full": _("För många väntade redan"),
}


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS: Final = Shows("integrations", {**views.FACES, **hook_views.FACES}, _nothing)


@dataclass(frozen=True)
class Outcome:
    """What came of a form.

    Attributes:
        handed: a secret that is told this once: ``{of, label, secret}``.
        sent: what was written in a form that was refused, and ``chosen`` the kinds that were ticked in it.
    """

    handed: Mapping[str, str] | None = None
    refused: Refused | None = None
    sent: Mapping[str, str] | None = None
    chosen: Sequence[str] = hooks.KINDS


async def integrations(visit: Visit) -> Response:
    """The keys there are."""
    return await _page(visit, Outcome())


async def _page(visit: Visit, outcome: Outcome) -> Response:
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
        keys = await views.keys(session, visit.day)
        told = await hook_views.webhooks(session, visit.day)
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
        webhooks=[
            {**hook.model_dump(exclude={"made_by"}), "sent": [one.model_dump(exclude={"body"}) for one in sent]} for hook, sent in told
        ],
        titles=TITLES,
        kinds=hooks.KINDS,
        states=STATES,
        faults=FAULTS,
        url_most=hooks.URL_MOST,
        handed=outcome.handed,
        chosen=outcome.chosen,
        errors=[{"field": FIELD_OF[refused.code], "text": visit.text(refused.text, **refused.values)}] if refused else [],
        sent=outcome.sent or {},
        saved="" if refused else visit.request.query_params.get("saved", "")[:20],
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def step(visit: Visit) -> Response:
    """Make a key or a webhook, take one back, send a message."""
    form = await visit.form()
    fields = {name: values[-1] for name, values in form.items() if values}
    try:
        return await _do(visit, fields, form.get("kind", []))
    except Refused as refused:
        if refused.code not in FIELD_OF:
            raise
        return await _page(visit, Outcome(refused=refused, sent=fields, chosen=form.get("kind", [])))


async def _do(visit: Visit, fields: Mapping[str, str], kinds: Sequence[str]) -> Response:
    name = fields.get("id", "")[:40]
    match fields.get("do"):
        case "make_key":
            return await _make_key(visit, fields)
        case "make_webhook":
            return await _make_webhook(visit, fields.get("url", ""), [kind for kind in hooks.KINDS if kind in kinds])
        case "revoke_key":
            await visit.house.integrations.revoke_key(visit.by("integrations.revoke_key", key=name), name)
        case "remove_webhook":
            await visit.house.webhooks.remove(visit.by("webhooks.remove", webhook=name), name)
        case "ping":
            await visit.house.webhooks.ping(visit.by("webhooks.ping", webhook=name), name)
        case "again":
            await visit.house.webhooks.again(visit.by("webhooks.again", delivery=name), name)
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    return visit.go(f"/days/{visit.day}/integrations?saved={fields['do']}")


async def _make_key(visit: Visit, fields: Mapping[str, str]) -> Response:
    told = fields.get("days", "")
    days = int(told) if told.isascii() and told.isdecimal() and len(told) < 5 else 0
    done = await visit.house.integrations.make_key(visit.by("integrations.make_key", days=days), fields.get("label", ""), days)
    assert done.data
    return await _page(visit, Outcome({"of": "key", "label": rules.label(fields["label"]), "secret": done.data["token"]}))


async def _make_webhook(visit: Visit, url: str, kinds: Sequence[str]) -> Response:
    done = await visit.house.webhooks.make(visit.by("webhooks.make", kinds=list(kinds)), url, kinds)
    assert done.data
    return await _page(visit, Outcome({"of": "webhook", "label": url.strip(), "secret": done.data["secret"]}))


ROUTES = [
    Address("/days/{day}/integrations", integrations, who=role(*ORGANIZERS)),
    Address("/days/{day}/integrations", step, who=role(*ORGANIZERS), method="POST"),
]
