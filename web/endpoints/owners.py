"""The page of whoever has taken on an action: a link, no account, and a form to say how it goes."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Data
from conference.followup import rules, views
from conference.followup.registers import STAGES
from conference.followup.tables import Action
from web.address import ALL, Address, Visit
from web.loop_forms import Form, figure
from web.signin import Guesses

OWNER: Final = "owner"  # who did it, in the audit chain: nobody of the day, and named nowhere
VALUE: Final = "value-"


async def page(visit: Visit) -> Response:
    """What has been taken on, and how it stands."""
    return await _page(visit, await _action(visit))


async def _page(visit: Visit, action: Action, refused: Refused | None = None, form: Form | None = None) -> Response:
    async with visit.house.store.reading() as session:
        day, shown, needs = await _shown(session, visit, action)
    response = visit.page(
        "owner.html",
        status=422 if refused else 200,
        day=day,
        action=shown,
        needs=needs,
        stages=STAGES,
        errors=[{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else [],
        sent=form.shown if form else {},
        told=not refused and "told" in visit.request.query_params,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def _shown(session: AsyncSession, visit: Visit, action: Action) -> tuple[Data, Data, list[Data]]:
    found = await views.loop(session, action.day)
    shown = found.shown(visit.house.clock.now().date())
    mine: Data = next(one for one in shown["actions"] if one["action"] == action.action)
    return found.day.model_dump(), mine, [need for need in shown["needs"] if need["need"] in mine["needs"]]


async def tell(visit: Visit) -> Response:
    """Say how it goes."""
    action, form = await _action(visit), Form(await visit.form())
    stage = form.one("stage") or action.stage
    asked = visit.deed("followup.tell", action=action.action, stage=stage if stage in STAGES else "")
    by = Actor(action.day, OWNER, asked=asked)
    try:
        told = (stage, form.one("text"), _values(form, visit.house.clock.now().date()))
        await visit.house.owners.tell(by, _link(visit), *told)
    except Refused as refused:
        return await _page(visit, action, refused, form)
    return visit.go(f"{visit.request.url.path}?told=1")


def _values(form: Form, on: date) -> list[tuple[str, float, date]]:
    """The figures that were filled in: benefit, value, today."""
    told = {name.removeprefix(VALUE): figure(form.one(name)) for name in form.sent if name.startswith(VALUE)}
    return [(benefit, value, on) for benefit, value in told.items() if value is not None]


def _link(visit: Visit) -> str:
    return rules.token_hash(str(visit.request.path_params["token"]))


async def _action(visit: Visit) -> Action:
    """The action of the link.

    Raises:
        Refused: ``link.no_such``, ``link.expired``, ``limit.reached``.
    """
    guesses = Guesses(visit.floor.limits)
    await guesses.may_follow(visit.address)
    async with visit.house.store.reading() as session:
        found = await views.action_of_link(session, _link(visit))
    if found is None:
        await guesses.missed(visit.address)
    return rules.open_link(found, at=visit.house.clock.now())


ROUTES = [
    Address("/actions/{token}", page, who=ALL),
    Address("/actions/{token}", tell, who=ALL, method="POST"),
]
