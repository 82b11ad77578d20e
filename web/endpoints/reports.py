"""The report to the principal: made by one button, its words edited in one form, and every version to read and to take home."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.followup.reports import Document, Kept, document_of, views
from conference.followup.reports.archive import as_archive
from conference.followup.reports.open_data import as_zip
from conference.followup.reports.rules import CHAPTERS, TEXT_MOST, no_such
from conference.followup.reports.slides import as_pptx
from conference.followup.reports.workbook import as_xlsx
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.endpoints.followup import READERS
from web.shows import Shows

WORDS_MOST_BYTES: Final = 512 * 1024  # a form of nine long texts, each letter as up to six characters
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MAKES: Final[Mapping[str, tuple[str, Callable[[Document, Kept], bytes]]]] = {
    "rapport.pptx": (f"{OFFICE}.presentationml.presentation", lambda document, _kept: as_pptx(document)),
    "rapport.xlsx": (f"{OFFICE}.spreadsheetml.sheet", lambda document, _kept: as_xlsx(document)),
    "oppna-data.zip": ("application/zip", lambda _document, kept: as_zip(kept)),
}
PDF: Final = "rapport.pdf"
ARCHIVE: Final = "arkiv.zip"
FIELDS: Final = {
    "assignment": _("Uppdraget: vem som gav det, och vad dagen skulle leda till"),
    "method": _("Kommentar till hur vi har räknat"),
    "participation": _("Kommentar till deltagandet"),
    "programme": _("Kommentar till programmet"),
    "interaction": _("Kommentar till samspelet under dagen"),
    "evaluation": _("Kommentar till utvärderingen"),
    "actions": _("Åtgärder: vad som görs nu, av vem och när"),
    "accessibility": _("Kommentar till tillgängligheten"),
    "tables": _("Kommentar till tabellerna"),
}


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS: Final = Shows("reports", views.FACES, _nothing)


async def newest(visit: Visit) -> Response:
    """The newest version, or the button that makes the first."""
    return await _page(visit, None)


async def older(visit: Visit) -> Response:
    """One version."""
    return await _page(visit, _number(visit))


async def _page(visit: Visit, number: int | None, refused: Refused | None = None, sent: Mapping[str, str] | None = None) -> Response:
    async with visit.house.store.reading() as session:
        rows = await views.versions(session, visit.day)
        of = await views.section(session, visit.day)
        chosen = rows[0].version if number is None and rows else number
        kept = None if chosen is None else await views.version(session, visit.day, chosen)
    await visit.house.names.learn(visit.day, {row.by for row in rows if row.by})
    names = visit.house.names.of(visit.day)
    return visit.page(
        "principal.html",
        status=422 if refused else 200,
        day={**of["day"], "day": visit.day},
        document=document_of(kept) if kept else None,
        versions=[{**row.model_dump(), "name": names.get(row.by or "")} for row in rows],
        version=chosen,
        words=sent or (kept.words if kept else {}),
        fields=FIELDS,
        most=TEXT_MOST,
        files=[PDF, *MAKES, ARCHIVE],
        may_write=bool(visit.me.roles & frozenset(ORGANIZERS)),
        errors=[{"field": "words", "text": visit.text(refused.text, **refused.values)}] if refused else [],
        saved=visit.request.query_params.get("saved") == "yes",
    )


async def step(visit: Visit) -> Response:
    """Make a version with the figures of now, or one with other words."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    match fields.get("do"):
        case "make":
            done = await visit.house.reports.make(visit.by("reports.make"))
        case "write":
            seen = int(told) if (told := fields.get("seen", "")).isascii() and told.isdecimal() and len(told) < 6 else 0
            words = {chapter: fields.get(chapter, "") for chapter in CHAPTERS}
            try:
                done = await visit.house.reports.write(visit.by("reports.write", seen=seen), words, seen)
            except Refused as refused:
                if refused.code not in ("text.too_long", "report.changed"):
                    raise
                return await _page(visit, None, refused, words)
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    assert done.data
    return visit.go(f"/days/{visit.day}/report/principal/{done.data['version']}?saved=yes")


async def file(visit: Visit) -> Response:
    """A version as a file; the same bytes whenever it is asked for."""
    name = str(visit.request.path_params["file"])
    if name not in (PDF, ARCHIVE, *MAKES):
        raise no_such()
    async with visit.house.store.reading() as session:
        kept = await views.version(session, visit.day, _number(visit))
    document = document_of(kept)
    if name == PDF:
        media_type, content = "application/pdf", await _pdf(visit, document)
    elif name == ARCHIVE:
        parts = {PDF: await _pdf(visit, document)}
        media_type, content = "application/zip", await asyncio.to_thread(_archive, document, kept, parts)
    else:
        media_type, write = MAKES[name]
        content = await asyncio.to_thread(write, document, kept)  # a second of work: not on the thread that answers votes
    told = f"attachment; filename*=UTF-8''{quote(f'{visit.day}-{kept.version}-{name}')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": told, "Cache-Control": "no-store"})


async def _pdf(visit: Visit, document: Document) -> bytes:
    return await visit.house.press.pdf(visit.floor.renderer.text("principal-print.html", "sv", {"document": document}))


def _archive(document: Document, kept: Kept, parts: Mapping[str, bytes]) -> bytes:
    return as_archive(kept, {**parts, **{name: write(document, kept) for name, (_media_type, write) in MAKES.items()}})


def _number(visit: Visit) -> int:
    told = str(visit.request.path_params["version"])
    if not (told.isascii() and told.isdecimal() and len(told) < 6):
        raise no_such()
    return int(told)


ROUTES = [
    Address("/days/{day}/report/principal", newest, who=role(*READERS)),
    Address("/days/{day}/report/principal", step, who=role(*ORGANIZERS), method="POST", most_bytes=WORDS_MOST_BYTES),
    Address("/days/{day}/report/principal/{version}", older, who=role(*READERS)),
    Address("/days/{day}/report/principal/{version}/{file}", file, who=role(*READERS)),
]
