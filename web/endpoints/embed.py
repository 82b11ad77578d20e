"""A lane's picture for other sites: a bare page that an intranet may put in a frame. It needs no cookie and sets none."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.people import NATIONAL
from web.address import ALL, Address, Visit
from web.endpoints.programme import public
from web.guard import CSP
from web.looking import is_lane

ANCESTORS: Final = "frame-ancestors"


async def embed(visit: Visit) -> Response:
    """The player of the lane in ``?lane=``, for whoever may see the day; framed by the sites of ``embed_origins`` and by nobody else."""
    found = await public(visit)
    lane = visit.request.query_params.get("lane", NATIONAL)
    if not await is_lane(visit.house.store, visit.day, lane):
        raise Refused("lane.no_such", _("Dagen har ingen sådan kanal. Kontrollera slutet av adressen."))
    region = next((one.name for one in found.regions if one.region == lane), None)
    page = visit.page("embed.html", day=found.day.model_dump(), lane=lane, region=region, link=f"{visit.origin}/days/{visit.day}")
    page.headers["Content-Security-Policy"] = policy(visit.floor.settings.embed_origins)
    page.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return page


def policy(origins: tuple[str, ...]) -> str:
    """Ours, but for who may frame the page."""
    return "; ".join([*(rule for rule in CSP if not rule.startswith(ANCESTORS)), " ".join([ANCESTORS, "'self'", *origins])])


ROUTES = [Address("/days/{day}/embed", embed, who=ALL)]
