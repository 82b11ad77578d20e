"""The report to the principal: made by one button, its words edited in one form, and every version to read and to take home."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from conference.core.errors import Refused, _
from conference.followup.reports import Document, Kept, document_of, views
from conference.followup.reports.archive import as_archive
from conference.followup.reports.open_data import as_zip
from conference.followup.reports.rules import CHAPTERS, TEXT_MOST, no_such
from conference.followup.reports.slides import as_pptx
from conference.followup.reports.workbook import as_xlsx
from conference.rules import called
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.endpoints.followup import READERS
from web.packages import Job
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
    "hindsight": _("Kommentar till svaren i efterhand"),
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
    if name == ARCHIVE:
        return _package(visit, kept)
    document = document_of(kept)
    if name == PDF:
        media_type, content = "application/pdf", await _pdf(visit, document)
    else:
        media_type, write = MAKES[name]
        content = await asyncio.to_thread(write, document, kept)  # a second of work: not on the thread that answers votes
    return Response(content, media_type=media_type, headers=_download(visit, kept, name))


def _download(visit: Visit, kept: Kept, name: str) -> dict[str, str]:
    file = f"{called(visit.day, kept.figures['day']['date'])}-{kept.version}-{name}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file)}", "Cache-Control": "no-store"}


def _package(visit: Visit, kept: Kept) -> Response:
    """The archive package, or 202 and how far it has come: it is made when somebody first asks for it."""
    asked, job = visit.request.query_params, _job(visit, kept)
    done = visit.house.packages.file(job.name)
    if done and "see" not in asked:
        return FileResponse(done, media_type="application/zip", headers=_download(visit, kept, ARCHIVE))
    known = visit.house.packages.progress(job.name)
    progress = known if known and (known.state != "cut" or "again" not in asked) else visit.house.packages.want(job)
    status = {"done": 200, "cut": 409}.get(progress.state, 202)
    if "text/html" in visit.request.headers.get("accept", ""):
        path = visit.request.url.path
        response = visit.page("package.html", status=status, file=path, back=path.removesuffix(f"/{ARCHIVE}"), progress=progress)
    else:
        response = visit.data(asdict(progress), status=status)
    if status == 202:  # it is on its way
        response.headers["Retry-After"] = "2"
    return response


def _job(visit: Visit, kept: Kept) -> Job:
    document = document_of(kept)

    def made(write: Callable[[Document, Kept], bytes]) -> Callable[[], Awaitable[bytes]]:
        return lambda: asyncio.to_thread(write, document, kept)

    steps = [(PDF, lambda: _pdf(visit, document)), *((name, made(write)) for name, (_media_type, write) in MAKES.items())]
    name = f"{kept.day}/{kept.version}/{kept.made_at.isoformat()}/{kept.fingerprint}"
    return Job(name, steps, lambda documents: as_archive(kept, documents))


async def _pdf(visit: Visit, document: Document) -> bytes:
    return await visit.house.press.pdf(visit.floor.renderer.text("principal-print.html", "sv", {"document": document}))


def _number(visit: Visit) -> int:
    told = str(visit.request.path_params["version"])
    if not (told.isascii() and told.isdecimal() and len(told) < 6):
        raise no_such()
    return int(told)


ROUTES = [
    Address("/days/{day}/report/principal", newest, who=role(*READERS, whole_day=True)),
    Address("/days/{day}/report/principal", step, who=role(*ORGANIZERS), method="POST", most_bytes=WORDS_MOST_BYTES),
    Address("/days/{day}/report/principal/{version}", older, who=role(*READERS, whole_day=True)),
    Address("/days/{day}/report/principal/{version}/{file}", file, who=role(*READERS, whole_day=True)),
]
