"""For an organizer whom somebody has asked: find what is held of them by a whole name or address, hand it out, or erase it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.tables import Day
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.endpoints.mine import as_file
from web.sought import PERSON, WHAT, Hit, sought

ASKED: Final = {"mail": _("Med e-post"), "phone": _("På telefon"), "letter": _("I ett brev"), "meeting": _("På plats")}
"""How somebody may have asked an organizer, as the audit chain says it."""
NEEDLE_LEAST, NEEDLE_MOST = 2, 200  # characters
OURS: Final = frozenset({"text", "person", "reason"})  # nouns of refusals that the page itself explains
FIELD_OF: Final = {"reason.empty": "asked", "text.empty": "sure"}

Sent = Mapping[str, Sequence[str]]


async def persons(visit: Visit) -> Response:
    """A field for a name or an address. Nobody is listed before somebody is looked for."""
    return await _page(visit, {})


async def _page(visit: Visit, sent: Sent, hits: Sequence[Hit] = (), refused: Refused | None = None, rows: int | None = None) -> Response:
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
    assert day
    errors = [{"field": FIELD_OF.get(refused.code, "name"), "text": visit.text(refused.text, **refused.values)}] if refused else []
    return visit.page(
        "persons.html",
        status=422 if refused else 200,
        day=day.model_dump(),
        hits=[{"one": hit.one, "what": WHAT[hit.kind], "called": hit.called, "since": hit.since} for hit in hits],
        ways=ASKED,
        errors=errors,
        rows=rows,
        looked=bool(sent) and not refused,
        sent={name: values[-1][:NEEDLE_MOST] for name, values in sent.items() if values},
        chosen=sent.get("one", []),
    )


async def step(visit: Visit) -> Response:
    """Look for somebody, hand out what is held, or erase it."""
    sent = await visit.form()
    try:
        return await _do(visit, sent)
    except Refused as refused:
        if refused.code.partition(".")[0] not in OURS:
            raise
        hits = await _found(visit, _one(sent, "name")) if len(_one(sent, "name").strip()) >= NEEDLE_LEAST else []
        return await _page(visit, sent, hits, refused)


async def _do(visit: Visit, sent: Sent) -> Response:
    do, asked, name = _one(sent, "do"), _one(sent, "asked"), _one(sent, "name").strip()
    if not NEEDLE_LEAST <= len(name) <= NEEDLE_MOST:
        raise Refused("person.not_said", _("Skriv hela namnet eller hela e-postadressen."))
    if asked not in ASKED:
        raise Refused("reason.empty", _("Välj hur personen bad om det."))
    hits = await _found(visit, name)
    if do == "search":
        await visit.house.eraser.looked_for(visit.by("people.search"), asked, len(hits))
        return await _page(visit, sent, hits)
    chosen = [hit for hit in hits if hit.one in sent.get("one", [])]  # what was found by the name, and nothing else
    if do == "file" and len(chosen) == 1 and chosen[0].kind == PERSON:
        return await as_file(visit, chosen[0].one, asked, "uppgifter.zip")
    if do != "erase" or not chosen or _one(sent, "sure") != "yes":
        raise Refused(
            "text.empty",
            _("Välj vad det gäller, och kryssa i att du vet att det inte går att ångra om det ska raderas. En fil gäller en person."),
        )
    removed = await visit.house.eraser.erase(replace(visit.by("people.erase"), asked=None), [hit.one for hit in chosen], asked)
    for hit in chosen:
        visit.floor.sessions.forget(visit.day, hit.one)
    return await _page(visit, {}, rows=sum(sum(counts.values()) for counts in removed.values()))


async def _found(visit: Visit, name: str) -> list[Hit]:
    async with visit.house.store.reading() as session:
        return await sought(session, visit.day, None, name)


def _one(sent: Sent, name: str) -> str:
    return next(iter(reversed(sent.get(name, []))), "")


ROUTES: Final[list[Any]] = [
    Address("/days/{day}/persons", persons, who=role(*ORGANIZERS)),
    Address("/days/{day}/persons", step, who=role(*ORGANIZERS), method="POST"),
]
