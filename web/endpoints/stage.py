"""The pages that follow a day by themselves: the live page, the big screen, the overlay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import select
from starlette.responses import Response

from chat.rules import OWN_FOR
from chat.views import SHOWN, page
from conference.tables import Day
from web import wire
from web.address import JOINED, Address, Visit, role
from web.endpoints import phones
from web.links import qr_of
from web.looking import WATCHERS, look
from web.names import named, persons_in


async def live(visit: Visit) -> Response:
    """The page one stays on all day."""
    visit.floor.browsers.looked_in(visit.day, visit.me.person, visit.floor.clock.now())
    state, before = await _state(visit), visit.request.query_params.get("before", "")
    if before:  # without scripts: a page of what was said earlier
        state["chat"] = await _said_before(visit, before)
    earlier = state["chat"][0]["message"] if len(state["chat"]) >= SHOWN else None
    code = await phones.shown(visit) if visit.me.people > 1 else None
    words = {"mails": bool(visit.house.settings.mail_url), "earlier": earlier, "later": bool(before), **_writing(visit, state["chat"])}
    return visit.page("live.html", state=state, code=code, pair_at=phones.address(visit).partition("://")[2], **words)


async def _said_before(visit: Visit, message: str) -> list[dict[str, Any]]:
    """The page of the chat before a message, as the wire has it."""
    async with visit.house.store.reading() as session:
        found = await page(session, visit.day, visit.viewer, message)
    await visit.house.names.learn(visit.day, set(persons_in(found)))
    told: list[dict[str, Any]] = msgspec.json.decode(wire.encode(named(found, visit.house.names.of(visit.day))))
    return told


def _writing(visit: Visit, chat: list[dict[str, Any]]) -> dict[str, Any]:
    """For those without scripts: their own words that may still be changed, and what they answer or change by ``?reply=`` or ``?edit=``."""
    since = visit.floor.clock.now() - OWN_FOR
    there = {one["message"]: one for one in chat if not one.get("removed")}
    own = {name for name, one in there.items() if one["by"]["person"] == visit.me.person and datetime.fromisoformat(one["at"]) > since}
    asked = visit.request.query_params
    edit = asked.get("edit")
    return {"own": own, "reply": there.get(asked.get("reply", "")), "edit": there[edit] if edit in own else None}


async def screen(visit: Visit) -> Response:
    """The big screen of a hall, for the country or with ``?lane=`` for a region; with ``?follow=cues`` it shows what is cued alone."""
    state = await _lanes_state(visit)
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    address = f"{visit.origin}/j/{day.join_code}"
    host = visit.origin.partition("://")[2]
    code = f"{day.join_code[:3]} {day.join_code[3:]}"
    way_in: dict[str, Any] = {"join_code": code, "join_address": host, "qr": qr_of(address)}
    follow = visit.request.query_params.get("follow", "")
    return visit.page("screen.html", state=state, looks_at=_lane(visit), captions=_captions(visit), follow=follow, **way_in)


async def overlay(visit: Visit) -> Response:
    """Graphics to lay over a picture, of the lane in ``?lane=``."""
    return visit.page("overlay.html", state=await _lanes_state(visit), looks_at=_lane(visit), captions=_captions(visit))


def _captions(visit: Visit) -> bool:
    """Whether the last lines of captions are wanted on it: ``?captions=1``."""
    return visit.request.query_params.get("captions") == "1"


def _lane(visit: Visit) -> str | None:
    return visit.visitor.lane if visit.visitor else None


async def _lanes_state(visit: Visit) -> dict[str, Any]:
    """The state of the lane in the address."""
    assert visit.visitor
    visit.visitor = await look(visit.house.store, visit.visitor, visit.request.query_params.get("lane", ""))
    return await _state(visit)


async def _state(visit: Visit) -> dict[str, Any]:
    assert visit.visitor
    state: dict[str, Any] = msgspec.json.decode((await visit.floor.states.of(visit.visitor.seen)).body)
    return state


ROUTES = [
    Address("/days/{day}/live", live, who=JOINED),
    Address("/days/{day}/screen", screen, who=role(*WATCHERS)),
    Address("/days/{day}/overlay", overlay, who=role(*WATCHERS)),
]
