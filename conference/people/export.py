"""Attendance as tables: the whole, each region, and how it went over the day. No row is a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.sheets import Sheet, disclosed
from conference.people import views
from conference.people.attendance import Figures, OfRegion, Screen, by_region, figures, over_time
from conference.people.blocks import InBlock, Spans, followed

COLUMNS = (_("Region"), _("Skärmar"), _("Personer, minst"), _("Personer, högst"))
OF_BLOCK = (_("Block"), _("Skärmar"), _("Personer, minst"), _("Personer, ungefär"), _("Personer, högst"))
MORE = (
    _("Med namn"),
    _("Skärmar med en person"),
    _("Grupper"),
    _("Personer i grupper"),
    _("Skärmar som inte uppgav antal"),
    _("Parkopplade telefoner"),
    _("Tysta skärmar"),
    _("Personer, ungefär"),
)


def sheets(regions: views.Regions, spans: Spans) -> Callable[[AsyncSession, str], Awaitable[list[Sheet]]]:
    """What reads the tables."""

    async def read(session: AsyncSession, day: str) -> list[Sheet]:
        screens = await views.joined(session, day)
        names = await views.groups(session, day, regions)
        parts = [(names.get(part.region, part.region), part) for part in by_region(screens, names)]
        return [_regions(figures(screens), parts), _blocks(followed(screens, await spans(session, day))), _time(screens)]

    return read


def _regions(whole: Figures, parts: Sequence[tuple[str, OfRegion]]) -> Sheet:
    more = (whole.named, whole.alone, whole.groups, whole.group_people, whole.untold, whole.paired, whole.silent, whole.about)
    rows = [(_("Hela landet"), whole.devices, whole.low, whole.high, *more)]
    nothing = (None,) * len(MORE)  # only reckoned for the whole
    split = [(name, disclosed(part.devices), disclosed(part.low), disclosed(part.high), *nothing) for name, part in parts]
    return Sheet(_("Deltagande"), COLUMNS + MORE, (*rows, *split))


def _blocks(blocks: Sequence[InBlock]) -> Sheet:
    return Sheet(_("Per block"), OF_BLOCK, tuple((one.title, one.devices, one.low, one.about, one.high) for one in blocks))


def _time(screens: Sequence[Screen]) -> Sheet:
    columns = (_("Minut i programmet"), _("Skärmar"), _("Personer, minst"))
    return Sheet(_("Över dagen"), columns, tuple((quarter.minute, quarter.devices, quarter.people) for quarter in over_time(screens)))
