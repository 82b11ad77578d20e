"""The ASGI application: routes behind the guard, with a house for as long as it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from web import faults
from web.address import Address
from web.guard import Guard
from web.house import Machine
from web.lane_door import LaneDoor
from web.origins import Origins
from web.render import Renderer
from web.static_files import Stamped


@dataclass(frozen=True)
class Frontage:
    """What the guard and the house share."""

    origins: Origins
    renderer: Renderer = field(default_factory=Renderer)
    traffic: Counter[tuple[str, int]] = field(default_factory=Counter)


OpenHouse: TypeAlias = Callable[[], AbstractAsyncContextManager[Machine]]


def make_app(front: Frontage, routes: Sequence[BaseRoute], open_house: OpenHouse) -> Starlette:
    """Put the application together.

    Args:
        open_house: builds the house when the server starts, and takes it down when it stops.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Any]]:
        async with open_house() as house:
            yield {"house": house, "floor": house.floor}

    async def no_such(request: Request, error: Exception) -> Response:
        return faults.response(request, error, front.renderer)

    addresses = [route for route in routes if isinstance(route, Address)]
    app = Starlette(
        routes=[*routes, Mount("/static", Stamped())],
        lifespan=lifespan,
        middleware=[
            Middleware(LaneDoor, front.origins, front.traffic),
            Middleware(Guard, front.origins, front.renderer, addresses, front.traffic),
        ],
        exception_handlers={HTTPException: no_such},
    )
    app.router.redirect_slashes = False  # an address is what it is; a redirect would be built from headers
    return app
