"""Attendance in the follow-up report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import K, Share
from conference.core.errors import _
from conference.core.faces import Data
from conference.people import views
from conference.people.attendance import SECOND_EACH, TOOK_PART_MINUTES, apart, by_region, figures, over_time
from conference.people.blocks import Spans, followed


def section(regions: views.Regions, spans: Spans) -> Callable[[AsyncSession, str], Awaitable[Data]]:
    """What reads ``attendance``: ``devices``, ``named``, ``group_people`` … as `conference.people.attendance` defines them."""

    async def read(session: AsyncSession, day: str) -> Data:
        screens = await views.joined(session, day)
        own, _phones = apart(screens)
        names = await views.groups(session, day, regions)
        whole = figures(screens)
        told = {
            **asdict(whole),
            "low": whole.low,
            "about": whole.about,
            "high": whole.high,
            "group_mean": whole.group_mean,
            "joined": len(own),
            "took_part": Share(whole.devices, len(own), _("skärmar som gick med")).shown(),
            "took_part_minutes": TOOK_PART_MINUTES,
            "second_each": SECOND_EACH,
            "k": K,
            "regions": [{**asdict(part), "name": names.get(part.region, part.region)} for part in by_region(screens, names)],
            "blocks": [asdict(block) for block in followed(screens, await spans(session, day))],
            "quarters": [asdict(quarter) for quarter in over_time(screens)],
        }
        return {"attendance": told}

    return read
