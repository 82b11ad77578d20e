"""What the day's kit brings for people: letters, pages, guides and check-lists, to read here and to take away."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from web import kit_texts
from web.address import ALL, Address, Visit
from web.endpoints.programme import public

OWNERS: Final = {"national": _("nationellt"), "region": _("region")}


async def material(visit: Visit) -> Response:
    """One text or check-list as a page, or with ``.md`` as the file that it is."""
    name, dot, _kind = str(visit.request.path_params["name"]).partition(".md")
    day = (await public(visit)).day
    kit = await kit_texts.kit_of(day)
    text = kit.texts.get((name, kit_texts.language_in(kit, visit.lang)))
    checklist = next((one for one in kit.checklists["checklists"] if one["id"] == name), None)
    if text is None and (checklist is None or dot):
        raise Refused("material.no_such", _("Det finns inget sådant material."))
    if text and dot:
        headers = {"Content-Disposition": f'attachment; filename="{text.id}.{text.language}.md"'}
        return Response(f"# {text.title}\n\n{text.body.strip()}\n", media_type="text/markdown; charset=utf-8", headers=headers)
    places = kit_texts.known(day, visit.origin, is_in=visit.visitor is not None and visit.me.day == day.day)
    shown: dict[str, Any] = (
        {"title": kit_texts.filled(text.title, places), "text": kit_texts.html(text, places)}
        if text
        else {"title": (checklist or {})["title"]}
    )
    items = [{**item, "owner": OWNERS.get(item["owner"], item["owner"])} for item in checklist["items"]] if checklist else []
    return visit.page("material.html", day=day.model_dump(), name=name, items=items, licence=kit.head.licence, **shown)


ROUTES = [Address("/days/{day}/material/{name}", material, who=ALL)]
