"""Pages about the service itself."""

from __future__ import annotations

from starlette.responses import Response

from web.address import ALL, Address, Visit


async def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return visit.page("accessibility.html")


async def cookies(visit: Visit) -> Response:
    """What is kept in the browser, and how a vote is anonymous."""
    return visit.page("cookies.html")


ROUTES = [Address("/tillganglighet", accessibility, who=ALL), Address("/kakor", cookies, who=ALL)]
