"""Whether this process lives, whether it may be given work, and its figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from typing import Final

from sqlmodel import select
from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.core.log import LogHead
from web import metrics
from web.address import ALL, Address, Visit
from web.origins import is_within

DATABASE_S: Final = 2.0
FORWARDED: Final = "x-forwarded-for"
BY_PROXY: Final = ("forwarded", "x-real-ip", "x-forwarded-proto", "x-forwarded-host", "via")  # told by a proxy that does not say for whom


async def lives(visit: Visit) -> Response:
    """It answers, so it lives; nothing else is asked, so that no outage elsewhere has it killed."""
    return visit.data({"status": "ok"})


async def is_ready(visit: Visit) -> Response:
    """Whether people may be sent here: not while it stops, and not while its database cannot be read or keeps nothing.

    Redis is not asked: it only wakes readers, who find out by themselves within two seconds.
    """
    floor = visit.floor
    why = "draining" if floor.draining else await _lacking(visit)
    body = {"status": "ok" if why is None else "not ready", "why": why, "late_ms": round(floor.pressure.late_s * 1000)}
    return visit.data(body, status=200 if why is None else 503)


async def _lacking(visit: Visit) -> str | None:
    if not await _database(visit):
        return "database"
    return None if await visit.floor.pulse.look() else "writing"


async def _database(visit: Visit) -> bool:
    try:
        async with asyncio.timeout(DATABASE_S), visit.house.store.reading() as session:
            await session.exec(select(LogHead.day).limit(1))
    except Exception:  # noqa: BLE001  # whatever it is, the answer is no
        return False
    return True


async def figures(visit: Visit) -> Response:
    """For Prometheus on this computer, or elsewhere with the token."""
    if not _has_token(visit) and not _is_here(visit):
        raise Refused("role.missing", _("Siffrorna visas bara för driften."))
    return Response(metrics.written(visit.house), media_type=metrics.CONTENT_TYPE)


def _has_token(visit: Visit) -> bool:
    token, told = visit.floor.settings.metrics_token, visit.request.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(told.encode(), f"Bearer {token}".encode())


def _is_here(visit: Visit) -> bool:
    """Whether the request comes from this computer, and not by way of a proxy on it."""
    peer, headers = visit.request.client, visit.request.headers
    if peer is None or not _is_loopback(peer.host):
        return False
    if FORWARDED not in headers:
        return not any(name in headers for name in BY_PROXY)
    # Every address on the way counts: the first ones can be made up, and a proxy that is not ours may have let them stand.
    hops = [hop.strip() for hop in headers[FORWARDED].split(",")]
    return is_within(peer.host, visit.floor.settings.trusted_proxies) and all(map(_is_loopback, hops))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


ROUTES = [Address("/healthz", lives, who=ALL), Address("/readyz", is_ready, who=ALL), Address("/metrics", figures, who=ALL)]
