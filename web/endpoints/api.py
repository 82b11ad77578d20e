"""The read API at its addresses: who has a key, what has changed since, and where a long list goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.followup.integrations import rules, views
from web import wire
from web.address import ALL, JSON, KEYED, Address, Visit
from web.api import openapi, shapes
from web.api.reads import READS, UNDER, Read
from web.limits import READS as OFTEN
from web.limits import enough
from web.signin import Guesses


async def document(visit: Visit) -> Response:
    """What there is to read, for programs that write clients."""
    return _unless_known(visit, wire.encode(openapi.document()))


async def read(row: Read, visit: Visit) -> Response:
    """One address of `READS`."""
    await _opened(visit)
    names = (str(visit.request.path_params[row.names]),) if row.names else ()
    found = await row.read(visit.house, visit.day, *names)
    answer = _page(visit, row, found) if row.by else found
    return _unless_known(visit, wire.encode(answer))


async def _opened(visit: Visit) -> None:
    """Let in whoever brings a key of the day; what a browser is signed in as says nothing here.

    Raises:
        Refused: ``key.missing``, ``key.unknown``, ``key.expired``, ``key.other_day``, ``limit.reached``.
    """
    kind, _space, token = visit.request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refused("key.missing", _("Skicka en nyckel för dagen: Authorization: Bearer …"))
    guesses, now = Guesses(visit.floor.limits), visit.house.clock.now()
    await guesses.may_follow(visit.address)
    async with visit.house.store.reading() as session:
        found = await views.key_of(session, rules.token_hash(token.strip()))
    if found is None:
        await guesses.missed(visit.address)
    key = rules.opened(found, visit.day, at=now)
    enough(visit.floor.limits.local.take_now(f"reads:{key.key}", OFTEN))
    await visit.house.integrations.note_used(key, now.date())


def _page(visit: Visit, row: Read, found: Sequence[Any]) -> shapes.Page[Any]:
    """The part of a list that was asked for.

    Raises:
        Refused: ``wire.wrong_args``.
    """
    asked = visit.request.query_params
    told = asked.get("limit", str(openapi.PAGE))
    limit = int(told) if told.isascii() and told.isdecimal() and len(told) < 4 else 0
    after, names = asked.get("after"), [str(getattr(one, row.by)) for one in found]
    if not 1 <= limit <= openapi.PAGE_MOST or (after is not None and after not in names):
        raise Refused("wire.wrong_args", _("Uppgifterna passar inte: %(where)s"), where="limit, after")
    start = names.index(after) + 1 if after is not None else 0
    here = list(found[start : start + limit])
    more = start + limit < len(found)
    where = UNDER.format(day=visit.day) + row.path
    going_on = f"{where}?{urlencode({'after': names[start + limit - 1], 'limit': limit})}" if more else None
    return shapes.Page(items=here, total=len(found), next=going_on)


def _unless_known(visit: Visit, body: bytes) -> Response:
    """The answer, or 304 when the asker has it."""
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known = {one.strip().removeprefix("W/") for one in visit.request.headers.get("if-none-match", "").split(",")}
    if mark in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)


ROUTES = [
    Address("/api/v1/openapi.json", document, who=ALL),
    *(Address(UNDER + row.path, partial(read, row), who=KEYED) for row in READS),
]
