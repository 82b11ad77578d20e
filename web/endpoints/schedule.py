"""A programme from another program: its file is read, the differences are shown, and what is chosen is taken. Plain forms."""

from __future__ import annotations

from typing import Any, Final

from sqlmodel import col, select
from starlette.responses import Response

from conference import views
from conference.core.errors import Refused
from conference.rundown.schedules import FILE_MOST, Difference, Schedule, Stands, differences, minutes_of, read
from conference.tables import Block, Item
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.endpoints.timeline import KINDS

FORM_MOST_BYTES: Final = 6 * FILE_MOST + (1 << 20)  # such a file in a form, each character as up to six


async def page(visit: Visit) -> Response:
    """Where a file is put in, and where the day's own programme is taken out."""
    return await _page(visit)


async def step(visit: Visit) -> Response:
    """Show how a file differs from the programme, or take what is chosen of it."""
    try:
        fields = await visit.form(FORM_MOST_BYTES, files_most=1)
    except Refused as refused:
        return await _page(visit, refused=refused)
    text = "".join(fields.get("upload", fields.get("file", []))[-1:])  # a file that was chosen, before what was pasted
    chosen = set(fields.get("take", ()))
    try:
        schedule = read(text)
        if fields.get("do", [""])[-1] != "take":
            return await _page(visit, text, schedule)
        found = [one for one in differences(await _stands(visit), schedule) if one.code in chosen]
        await visit.house.builder.take_in(visit.by("programme.take_in", items=len(found)), found)
    except Refused as refused:
        return await _page(visit, text[:FILE_MOST], refused=refused)
    return visit.go(f"/days/{visit.day}/build/timeline")


async def _stands(visit: Visit) -> Stands:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        blocks = list(await session.exec(select(Block).where(Block.day == visit.day).order_by(col(Block.position))))
        items = list(await session.exec(select(Item).where(Item.day == visit.day).order_by(col(Item.position))))
    return Stands(found.day, found.regions, {one.block: one for one in blocks}, {one.item: one for one in items})


async def _page(visit: Visit, text: str = "", schedule: Schedule | None = None, refused: Refused | None = None) -> Response:
    stands = await _stands(visit)
    told = [_told(stands, one) for one in differences(stands, schedule)] if schedule else []
    return visit.page(
        "schedule.html",
        status=422 if refused else 200,
        day=stands.day.model_dump(),
        file=text,
        read=schedule is not None,
        unknown=schedule.unknown if schedule else (),
        changed=[one for one in told if one["how"] != "missing"],
        missing=[one for one in told if one["how"] == "missing"],
        kinds=KINDS,
        most=FILE_MOST,
        errors=[{"field": "file", "text": visit.text(refused.text, **refused.values)}] if refused else [],
    )


def _told(stands: Stands, one: Difference) -> dict[str, Any]:
    """A difference as the page shows it: each field with what it was and what it would be."""
    shown = one.now or one.was
    assert shown
    how = "missing" if one.now is None else "new" if one.was is None else "changed"
    was = {**one.was.model_dump(include={"title", "kind", "goals", "description"}), "minutes": minutes_of(one.was)} if one.was else {}
    now = {name: getattr(one.now, name) for name in ("title", "kind", "goals", "description", "minutes")} if one.now else {}
    fields = [{"name": name, "was": was.get(name), "now": now[name]} for name in one.fields]
    place = stands.blocks[one.block].title if one.block else ""
    return {"code": one.code, "title": shown.title, "how": how, "fields": fields, "why_not": one.why_not, "block": place, **now}


ROUTES = [
    Address("/days/{day}/build/schedule", page, who=role(*ORGANIZERS)),
    Address("/days/{day}/build/schedule", step, who=role(*ORGANIZERS), method="POST", most_bytes=FORM_MOST_BYTES),
]
