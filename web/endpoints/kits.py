"""Kits of the installation: those that are here, one that comes as a file, and what of it is taken. Plain forms, for its admin.

A file waits beside the kits while somebody reads what it is; nothing is believed of it before it was read whole, and nothing of it is
taken before a part is chosen and its key is trusted. Whatever is refused has changed nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.library import Brought, Standing
from conference.library.archive import ARCHIVE_MOST_BYTES, Sealed, Signature, too_large
from conference.library.signing import in_groups
from web import uploads
from web.address import ALL, FORMS, Address, Visit
from web.arrivals import FORM_MOST_BYTES, no_room
from web.endpoints.admin import the_admin
from web.endpoints.material import sent
from web.faults import status_of, wants_page
from web.kit_differences import change, grouped
from web.sessions import Visitor

PARTS_MOST: Final = 2_000  # in one difference; the national kit has 300
CHOICE_MOST_BYTES: Final = 1 << 20  # as many names of parts, in a form
DONE: Final = {
    "taken": _("Paketet är intaget. Nya dagar görs av det, de som finns är som de var."),
    "same": _("Samma fil fanns redan här. Inget har ändrats."),
    "dropped": _("Filen är kastad. Inget har ändrats."),
    "withdrawn": _("Versionen är tillbakadragen. Den som fanns före gäller igen, och dagar som är gjorda står kvar."),
}


@dataclass(frozen=True)
class _Said:
    """What the page is shown again with."""

    refused: Refused | None = None
    chosen: frozenset[str] | None = None


async def page(visit: Visit) -> Response:
    """The kits that are here, those that wait, and the form that takes one in."""
    await the_admin(visit)
    return await _page(visit)


async def arrive(visit: Visit) -> Response:
    """Take a file in to be looked at; one that is no kit is thrown away at once."""
    await the_admin(visit)
    try:
        name, found = await _arrived(visit)
    except Refused as refused:
        if not wants_page(visit.request):
            raise
        return await _page(visit, refused)
    where = f"/admin/kits/waiting/{name}"
    if wants_page(visit.request):
        return visit.go(where)
    response = visit.data({"status": where, **_head(visit, found.sealed)}, status=201)
    response.headers["Location"] = where
    return response


async def _arrived(visit: Visit) -> tuple[str, Brought]:
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    name, house = visit.house.ids.secret(16), visit.house
    with uploads.told(no_room):
        async with visit.request.form(max_files=1, max_fields=10) as form:
            given = next((one for one in form.values() if isinstance(one, UploadFile)), None)
            if given is None or not given.filename:
                raise Refused("kit.missing", _("Välj en paketfil att ladda upp."))
            file = await house.arrivals.keep(given.file, name)
        try:
            return name, await asyncio.to_thread(house.shelf.compare, file)
        except BaseException:
            house.arrivals.drop(name)
            raise


async def waiting(visit: Visit) -> Response:
    """One that waits: whose it is, and how it differs from what is here."""
    await the_admin(visit)
    return await _look(visit, _Said())


async def answer(visit: Visit) -> Response:
    """Trust the key, take the parts that are chosen, or throw the file away."""
    by, name = await the_admin(visit), str(visit.request.path_params["name"])
    fields = await visit.form(fields_most=PARTS_MOST + 10)
    visit.house.arrivals.of(name)
    chosen = frozenset(fields.get("take", ()))
    try:
        match fields.get("do", [""])[-1]:
            case "drop":
                visit.house.arrivals.drop(name)
                return visit.go("/admin/kits?done=dropped")
            case "trust":
                return await _trust(visit, by, fields.get("key", [""])[-1])
            case "take":
                return await _take(visit, by, chosen)
    except Refused as refused:
        if not wants_page(visit.request):
            raise
        return await _look(visit, _Said(refused, chosen))
    raise Refused("wire.wrong_args", _("Det går inte att be om det."))


async def _trust(visit: Visit, by: Visitor, seen: str) -> Response:
    """The key that was shown, and no other that has come in its place."""
    name = str(visit.request.path_params["name"])
    found = await _compared(visit, name)
    key = found.sealed.by.fingerprint
    if seen != key:
        raise Refused("kit.other_key", _("Filen är signerad med en annan nyckel än den som visades."))
    await visit.house.library.kit_answered(by.actor(visit.deed("kit.trust", key=key)))
    visit.house.shelf.trust(key)
    return visit.go(f"/admin/kits/waiting/{name}")


async def _take(visit: Visit, by: Visitor, chosen: frozenset[str]) -> Response:
    name, house = str(visit.request.path_params["name"]), visit.house
    with uploads.told(no_room):
        done = await asyncio.to_thread(house.shelf.bring, house.arrivals.of(name), chosen)
    head = done.sealed.told.kit
    if done.is_new:
        deed = visit.deed("kit.take", kit=head.id, version=head.version, parts=len(chosen), key=done.sealed.by.fingerprint)
        try:
            await house.library.kit_answered(by.actor(deed))
        except BaseException:
            house.shelf.withdraw(head.id, head.version)  # what the chain does not tell of has not happened
            raise
    house.arrivals.drop(name)
    return visit.go(f"/admin/kits?done={'taken' if done.is_new else 'same'}")


async def withdraw(visit: Visit) -> Response:
    """Take back the newest version of a kit."""
    by, kit = await the_admin(visit), str(visit.request.path_params["kit"])
    told = (await visit.form()).get("version", [""])[-1]
    version = int(told) if told.isdecimal() and len(told) < 10 else 0  # digits
    visit.house.shelf.withdrawable(kit, version)
    await visit.house.library.kit_answered(by.actor(visit.deed("kit.withdraw", kit=kit, version=version)))
    visit.house.shelf.withdraw(kit, version)
    return visit.go("/admin/kits?done=withdrawn")


async def export(visit: Visit) -> Response:
    """A kit that is here as one signed file."""
    await the_admin(visit)
    folder = visit.house.shelf.of(str(visit.request.path_params["kit"]))
    if folder is None:
        raise Refused("kit.no_such", _("Välj ett paket i listan."))
    return await sent(visit, folder)


async def _compared(visit: Visit, name: str) -> Brought:
    """A file that waits, beside what is here.

    Raises:
        Refused: ``kit.gone``, ``kit.too_many_changes``, and what reading a kit may.
    """
    with uploads.told(no_room):
        found = await asyncio.to_thread(visit.house.shelf.compare, visit.house.arrivals.of(name))
    if len(found.changes) > PARTS_MOST:
        raise Refused(
            "kit.too_many_changes",
            _("Paketet ändrar fler än %(most)s delar. Ta in det på servern med samsyn kit import."),
            most=PARTS_MOST,
        )
    return found


async def _look(visit: Visit, said: _Said) -> Response:
    name = str(visit.request.path_params["name"])
    found = await _compared(visit, name)
    version, locked = found.sealed.told.kit.version, set(found.sealed.told.locked)
    return visit.page(
        "kit-waiting.html",
        status=status_of(said.refused.code) if said.refused else 200,
        name=name,
        kit={**_head(visit, found.sealed), "key": found.sealed.by.fingerprint},
        here=found.here,
        is_older=found.here is not None and found.here > version,
        is_here=found.folder is not None,
        groups=grouped(change(visit, one, locked, said.chosen) for one in found.changes),
        n=len(found.changes),
        conflicts=sum(one.conflict for one in found.changes),
        locks=any(one.part in locked for one in found.changes),
        **_errors(visit, said.refused),
    )


async def _page(visit: Visit, refused: Refused | None = None) -> Response:
    house = visit.house
    here, waits = await asyncio.to_thread(lambda: (house.shelf.standing(), house.arrivals.waiting()))
    done = DONE.get(visit.request.query_params.get("done", ""))
    return visit.page(
        "kits.html",
        status=status_of(refused.code) if refused else 200,
        kits=[_standing(visit, one) for one in here],
        waiting=[{"name": name, **_head(visit, sealed)} for name, sealed in waits],
        own_key=in_groups(house.shelf.fingerprint),
        most_bytes=ARCHIVE_MOST_BYTES,
        done=visit.text(done) if done and not refused else "",
        **_errors(visit, refused),
    )


def _standing(visit: Visit, one: Standing) -> dict[str, Any]:
    head = one.head
    signed = _signed(visit, one.by) if one.by else {"by": "", "whose": "shipped"}
    return {"kit": head.id, "title": head.title, "version": head.version, "licence": head.licence, "changed": one.changed, **signed}


def _head(visit: Visit, sealed: Sealed) -> dict[str, Any]:
    """What a file is, as its manifest says."""
    told = sealed.told
    megabytes = sum(file.bytes for file in told.files.values()) / 1e6
    about = {"kit": told.kit.id, "version": told.kit.version, "title": told.kit.title, "licence": told.kit.licence}
    return {**about, "language": told.kit.language, "files": len(told.files), "megabytes": round(megabytes, 1), **_signed(visit, sealed.by)}


def _signed(visit: Visit, by: Signature) -> dict[str, str]:
    shelf = visit.house.shelf
    whose = "ours" if by.fingerprint == shelf.fingerprint else "trusted" if shelf.trusts(by) else "unknown"
    return {"by": in_groups(by.fingerprint), "whose": whose}


def _errors(visit: Visit, refused: Refused | None) -> dict[str, Any]:
    errors = [{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else []
    return {"errors": errors, "code": refused.code if refused else ""}


ROUTES = [
    Address("/admin/kits", page, who=ALL),
    Address("/admin/kits", arrive, who=ALL, method="POST", most_bytes=FORM_MOST_BYTES, too_large=too_large),
    Address("/admin/kits/waiting/{name}", waiting, who=ALL),
    Address("/admin/kits/waiting/{name}", answer, who=ALL, method="POST", most_bytes=CHOICE_MOST_BYTES),
    Address("/admin/kits/{kit}.zip", export, who=ALL),
    Address("/admin/kits/{kit}/withdraw", withdraw, who=ALL, method="POST"),
]
