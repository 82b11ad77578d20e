"""Whether this process lives, whether it may be given work, and its figures."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Final

from sqlmodel import select
from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.core.log import LogHead
from web import metrics
from web.address import ALL, Address, Visit

DATABASE_S: Final = 2.0


async def lives(visit: Visit) -> Response:
    """It answers, so it lives; nothing else is asked, so that no outage elsewhere has it killed."""
    return visit.data({"status": "ok"})


async def is_ready(visit: Visit) -> Response:
    """Whether people may be sent here: not while it stops, and not without its database."""
    floor = visit.floor
    why = "draining" if floor.draining else None if await _database(visit) else "database"
    body = {"status": "ok" if why is None else "not ready", "why": why, "late_ms": round(floor.pressure.late_s * 1000)}
    return visit.data(body, status=200 if why is None else 503)


async def _database(visit: Visit) -> bool:
    try:
        async with asyncio.timeout(DATABASE_S), visit.house.store.reading() as session:
            await session.exec(select(LogHead.day).limit(1))
    except Exception:  # noqa: BLE001  # whatever it is, the answer is no
        return False
    return True


async def figures(visit: Visit) -> Response:
    """For Prometheus on this computer, or elsewhere with the token."""
    token, peer = visit.floor.settings.metrics_token, visit.request.client
    by_token = bool(token) and visit.request.headers.get("authorization") == f"Bearer {token}"
    if not by_token and not (peer and _is_loopback(peer.host) and "x-forwarded-for" not in visit.request.headers):
        raise Refused("role.missing", _("Siffrorna visas bara för driften."))
    return Response(metrics.written(visit.house), media_type=metrics.CONTENT_TYPE)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


ROUTES = [Address("/healthz", lives, who=ALL), Address("/readyz", is_ready, who=ALL), Address("/metrics", figures, who=ALL)]
