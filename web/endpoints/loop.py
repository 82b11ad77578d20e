"""From needs to benefit, as organizers meet it: the map with its gaps, a page for each need and action, goals in figures, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.responses import Response

from conference import views as programme
from conference.core.errors import Refused, _
from conference.core.faces import Data
from conference.followup import rules, targets, views
from conference.followup.registers import STAGES
from conference.people import NATIONAL
from polls import results as polls
from web import loop_forms, loop_wishes, needs_taken, owner_letters, tidy
from web.address import FORMS, Address, Visit, role
from web.endpoints.followup import said_of
from web.loop_forms import Form
from web.shows import Shows

IMPORT_MOST_BYTES: Final = 2 << 20  # 500 rows of the longest texts in four bytes a character
NEW: Final = "new"
GAPS: Final = {
    "need_without_item": _("Behov utan inslag"),
    "need_without_action": _("Behov utan åtgärd"),
    "action_without_owner_or_date": _("Åtgärd utan ägare eller datum"),
    "action_without_need": _("Åtgärd utan behov"),
    "benefit_without_value": _("Utvärderad utan uppföljt värde"),
    "goal_without_need": _("Mål utan behov"),
}
MEASURES: Final = {
    "organisations": _("organisationer"),
    "municipalities": _("kommuner"),
    "people": _("personer, minst"),
    "screens": _("skärmar"),
}
KINDS: Final = {
    "kommun": _("Kommun"),
    "region": _("Region"),
    "stat": _("Statlig myndighet"),
    "privat": _("Privat utförare"),
    "akademi": _("Universitet eller högskola"),
    "forening": _("Patient-, brukar- eller anhörigförening"),
    "annat": _("Annat"),
}
THINGS: Final = {
    "need": _("Behov"),
    "action": _("Åtgärd"),
    "benefit": _("Nytta"),
    "target": _("Mål i siffror"),
    "reached": _("Organisation"),
}

WISHES = loop_wishes.WISHES
SHOWS = Shows("followup", views.FACES)


@dataclass(frozen=True)
class Wrong:
    """A form that was refused, to be shown again with what was written."""

    refused: Refused
    form: Form


async def chart(visit: Visit) -> Response:
    """The map: what was asked for, what answers it, what is done about it, and what is missing."""
    return await _chart(visit, None)


async def _chart(visit: Visit, wrong: Wrong | None) -> Response:
    today = visit.house.clock.now().date()
    async with visit.house.store.reading() as session:
        found = await views.loop(session, visit.day)
        gone = [*found.removed, *await views.removed_besides(session, visit.day, found.day.series)]
        said = await _said(session, visit.day)
    shown = found.shown(today)
    for need in shown["needs"]:
        need["said"] = _said_of(need, said)
    removed = [{"of": of, "id": name, "title": visit.text(THINGS[of]), "text": text} for of, name, text in gone]
    return _page(visit, "loop.html", wrong, found.day.model_dump(), loop=shown, removed=removed)


def _page(visit: Visit, template: str, wrong: Wrong | None, day: Data, **context: Any) -> Response:
    errors = [{"field": "", "text": visit.text(wrong.refused.text, **wrong.refused.values)}] if wrong else []
    return visit.page(
        template,
        status=422 if wrong else 200,
        day=day,
        goals=day["goals"],
        stages=STAGES,
        gap_titles=GAPS,
        measures=MEASURES,
        kinds=KINDS,
        errors=errors,
        wrong=wrong.form.one("do") if wrong else "",
        sent=wrong.form.shown if wrong else {},
        saved="" if wrong else visit.request.query_params.get("saved", "")[:80],
        **context,
    )


async def _said(session: AsyncSession, day: str) -> list[Data]:
    """What was asked and how many answered, of every poll that has been open."""
    return [
        {"poll": one["poll"], "title": one["title"], "title_en": one["title_en"], "n": one["rounds"][-1]["n"]}
        for one in await polls.asked(session, day)
    ]


def _said_of(need: Data, said: Sequence[Data]) -> list[Data]:
    """What people said about a need in the polls."""
    wanted = said_of(need, said)
    return [poll for poll in said if poll["poll"] in wanted]


# A need and an action ------------------------------------------------------------------------------------------------------------------


async def need(visit: Visit) -> Response:
    """One need, or a new one."""
    return await _need(visit, None)


async def _need(visit: Visit, wrong: Wrong | None) -> Response:
    name = str(visit.request.path_params["need"])
    async with visit.house.store.reading() as session:
        found = await views.loop(session, visit.day)
        blocks = await _blocks(session, visit, found)
        said = await _said(session, visit.day)
    shown = found.shown(visit.house.clock.now().date())
    one = next((one for one in shown["needs"] if one["need"] == name), None)
    if one is None and name != NEW:
        raise rules.no_such("need")
    told = {**one, "said": _said_of(one, said)} if one else {"items": []}
    return _page(visit, "loop-need.html", wrong, found.day.model_dump(), need=told, loop=shown, blocks=blocks, themes=_themes(shown))


def _themes(shown: Data) -> list[str]:
    return sorted({need["theme"] for need in shown["needs"] if need["theme"]})


async def action(visit: Visit) -> Response:
    """One action, or a new one."""
    return await _action(visit, None)


async def _action(visit: Visit, wrong: Wrong | None, handed: str = "") -> Response:
    name = str(visit.request.path_params["action"])
    async with visit.house.store.reading() as session:
        found = await views.loop(session, visit.day)
        blocks = await _blocks(session, visit, found)
    shown = found.shown(visit.house.clock.now().date())
    one = next((one for one in shown["actions"] if one["action"] == name), None)
    if one is None and name != NEW:
        raise rules.no_such("action")
    for_need = visit.request.query_params.get("need", "")[:120]
    beside = {way: rules.stage_beside(one["stage"], step) for way, step in (("back", -1), ("on", 1))} if one else {}
    reminded = await owner_letters.reminded(visit.house, visit.day, name)
    about = {"action": one or {"needs": [for_need], "items": []}, "loop": shown, "blocks": blocks}
    context = {**about, **reminded, "beside": beside, "handed": handed}
    return _page(visit, "loop-action.html", wrong, found.day.model_dump(), **context)


async def _blocks(session: AsyncSession, visit: Visit, found: views.Loop) -> list[Data]:
    """The programme to choose items from, block by block."""
    landing = await programme.landing(session, visit.day)
    assert landing
    names = {NATIONAL: visit.text(_("Hela landet")), **{one.region: one.name for one in landing.regions}}
    told: dict[str, list[Data]] = {}
    for item in found.items.values():
        shown = {"item": item.item, "title": item.title, "title_en": item.title_en, "lane": names.get(item.lane, item.lane)}
        told.setdefault(item.block, []).append(shown)
    return [{"title": one.title, "title_en": one.title_en, "kind": one.kind, "items": told.get(one.block, [])} for one in landing.programme]


# Goals in figures, and imports ---------------------------------------------------------------------------------------------------------


async def figures(visit: Visit) -> Response:
    """Goals in figures, and whom the day reached."""
    return await _figures(visit, None)


async def _figures(visit: Visit, wrong: Wrong | None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.loop(session, visit.day)
        counted = await targets.counted(session, visit.day)
        reached = await views.reached(session, visit.day)
    return _page(visit, "loop-targets.html", wrong, found.day.model_dump(), counted=counted, reached=reached)


async def taking(visit: Visit) -> Response:
    """Take in many needs at once."""
    return await _taking(visit, None)


async def _taking(visit: Visit, wrong: Wrong | None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.loop(session, visit.day)
        answered = await needs_taken.answered(session, visit.day)
    return _page(visit, "loop-import.html", wrong, found.day.model_dump(), answered=answered)


async def take(visit: Visit) -> Response:
    """A table, pasted or as a file, or the answers of a question, become needs."""
    form = await _table(visit)
    try:
        origin = form.one("origin") or "import"
        needs = await _answers(visit, origin) if origin != "import" else await _rows(visit, form.one("text"))
        done = await visit.ask("followup.take_needs", {"needs": needs, "origin": origin})
    except Refused as refused:
        return await _taking(visit, Wrong(refused, form))
    return visit.go(f"/days/{visit.day}/followup?saved={len((done.data or {}).get('needs', []))}-needs#behov")


async def _answers(visit: Visit, origin: str) -> list[Data]:
    async with visit.house.store.reading() as session:
        found = {one.origin: one for one in await needs_taken.answered(session, visit.day)}
    if origin not in found:
        raise Refused("import.no_such_question", _("Välj en fråga i listan. Den ska vara stängd och ha svar."))
    return found[origin].needs()


async def _rows(visit: Visit, text: str) -> list[Data]:
    async with visit.house.store.reading() as session:
        return needs_taken.from_table(text, (await views.loop(session, visit.day)).day.goals)


async def _table(visit: Visit) -> Form:
    """What was pasted, or else what is in the file. Tabs stay: they stand between the cells of a spreadsheet."""
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    async with visit.request.form(max_files=1, max_fields=10, max_part_size=IMPORT_MOST_BYTES) as sent:
        raw, file = str(sent.get("text", "")), sent.get("file")
        if not raw.strip() and isinstance(file, UploadFile):
            raw = needs_taken.read(await file.read())
        origin = tidy.text(str(sent.get("origin", "")))
    return Form({"text": ["\t".join(tidy.text(cell) for cell in raw.split("\t"))], "origin": [origin]})


# Forms ----------------------------------------------------------------------------------------------------------------------------------


async def change(visit: Visit) -> Response:
    """Whatever a form of these pages asks for; the page of the form again when it cannot be."""
    form, params = Form(await visit.form()), visit.request.path_params
    name = next((str(params[key]) for key in ("need", "action") if key in params), NEW)
    try:
        do, args = loop_forms.wish(form, None if name == NEW else name)
        done = await visit.ask(do, args)
    except Refused as refused:
        return await _again(visit, params, Wrong(refused, form))
    if do == "followup.make_link":
        return await _action(visit, None, f"{visit.origin}/actions/{(done.data or {})['token']}")
    return visit.go(_next(visit, form, name, done.data or {}))


async def _again(visit: Visit, params: Mapping[str, Any], wrong: Wrong) -> Response:
    if "need" in params:
        return await _need(visit, wrong)
    if "action" in params:
        return await _action(visit, wrong)
    return await (_figures if wrong.form.one("page") == "targets" else _chart)(visit, wrong)


def _next(visit: Visit, form: Form, name: str, told: Data) -> str:
    home, do = f"/days/{visit.day}/followup", form.one("do")
    if form.one("page") == "targets":
        return f"{home}/targets?saved={do}"
    if do in {"remove", "restore"} and form.one("of") != "benefit":
        return f"{home}?saved={do}#borttaget" if do == "remove" else f"{home}?saved={do}"
    if do == "need":
        return f"{home}?saved={told['need']}#need-{told['need']}"
    if do == "action" and name == NEW:
        return f"{home}/actions/{told['action']}?saved=action"
    return f"{home}/actions/{name}?saved={do}" if name != NEW else home


ORGANIZERS: Final = role(*loop_wishes.ORGANIZERS)
ROUTES = [
    Address("/days/{day}/followup", chart, who=ORGANIZERS),
    Address("/days/{day}/followup", change, who=ORGANIZERS, method="POST"),
    Address("/days/{day}/followup/needs/{need}", need, who=ORGANIZERS),
    Address("/days/{day}/followup/needs/{need}", change, who=ORGANIZERS, method="POST"),
    Address("/days/{day}/followup/actions/{action}", action, who=ORGANIZERS),
    Address("/days/{day}/followup/actions/{action}", change, who=ORGANIZERS, method="POST"),
    Address("/days/{day}/followup/targets", figures, who=ORGANIZERS),
    Address("/days/{day}/followup/import", taking, who=ORGANIZERS),
    Address("/days/{day}/followup/import", take, who=ORGANIZERS, method="POST", most_bytes=IMPORT_MOST_BYTES),
]
