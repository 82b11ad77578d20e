"""Building a programme by plain forms: one timeline, a form for each thing that may be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlmodel import col, select
from starlette.responses import Response

from conference import views
from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.library import views as library
from conference.people import NATIONAL
from conference.rundown import LOCKED, ItemDraft, ToAsk
from conference.rundown.overrun import LIMIT_MOST_S
from conference.rundown.tables import Cue, HiddenBlock, LastChange, Running
from conference.shape import Where
from conference.tables import Block, Item
from polls import views as asked
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS

KINDS: Final = {
    "lecture": _("Föreläsning"),
    "panel": _("Panel"),
    "film": _("Film"),
    "poll": _("Omröstning"),
    "discussion": _("Samtal"),
    "break": _("Paus"),
}
OVERRUNS: Final = {
    "cut": _("klipps den: alla går tillbaka i tid"),
    "hold": _("väntar alla på den"),
    "finish": _("får den göra klart, och kommer med de andra senare"),
}
WAITING: Final = ("hold", "finish")  # rules with a limit
SHOWN_AGAIN: Final = ("title", "kind", "minutes", "time", "reason", "after", "block_kind", "rule", "limit", "shows", "to")
COUNTRY: Final = "country"  # the scope of a poll for everybody
WAYS: Final = {"up": -1, "down": 1}
STEPS_MOST: Final = 60  # as far as one drags an item within its block


class Fields:
    """What a form sent."""

    def __init__(self, sent: Mapping[str, list[str]]) -> None:
        self._sent = sent

    def one(self, name: str) -> str:
        """The last value of a field, nothing when it was not sent."""
        return (self._sent.get(name) or [""])[-1]

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number.

        Raises:
            Refused: ``minutes.out_of_range``.
        """
        text = self.one(name).strip()
        if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or len(text) > 4 or not least <= int(text) <= most:
            says = _("Skriv minuterna med siffror: ett helt tal mellan %(least)s och %(most)s.")
            raise Refused("minutes.out_of_range", says, least=least, most=most)
        return int(text)

    @property
    def keep(self) -> bool:
        """Whether the day keeps its length."""
        return self.one("time") != "shift"

    @property
    def draft(self) -> ItemDraft:
        """The item as it was written."""
        return ItemDraft(self.one("title"), self.one("kind"), self.number("minutes", 1, 600), tuple(self._sent.get("goal", ())[:20]))

    @property
    def shows(self) -> tuple[str, str]:
        """What a new item begins with: ``film`` or ``poll`` and its id; two empty words for nothing."""
        kind, _colon, name = self.one("shows").partition(":")
        return (kind, name) if kind in {"film", "poll"} and name else ("", "")

    @property
    def place(self) -> Where:
        """Where an item shall go: block and lane in one choice, at the end of what is there."""
        block, _slash, lane = self.one("to").partition("/")
        return Where(block, lane or NATIONAL)

    @property
    def sent(self) -> dict[str, Any]:
        """What was written, to be shown again when something was wrong with it."""
        return {**{name: self.one(name)[:500] for name in SHOWN_AGAIN}, "goals": self._sent.get("goal", ())[:20]}

    @property
    def form(self) -> str:
        """Which of the page's forms it was."""
        do = self.one("do")
        return {"add": f"add:{self.one('block')}:{self.one('lane')}", "add_block": "add_block"}.get(do, f"{do}:{self.one('id')}")

    @property
    def steps(self) -> int:
        """How many places further: one by a button, more by the mouse."""
        way = self.one("way")
        return WAYS[way] if way in WAYS else self.number("steps", -STEPS_MOST, STEPS_MOST)


async def timeline(visit: Visit) -> Response:
    """The programme as it stands, with what may be done to each part of it."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None, fields: Fields | None = None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        blocks = list(await session.exec(select(Block).where(Block.day == visit.day).order_by(col(Block.position))))
        items = list(await session.exec(select(Item).where(Item.day == visit.day).order_by(col(Item.position))))
        hidden = list(await session.exec(select(HiddenBlock).where(HiddenBlock.day == visit.day).order_by(col(HiddenBlock.hidden_at))))
        last = await session.get(LastChange, visit.day)
        running = await session.get(Running, visit.day)
        films = [{"film": film.film, "title": film.title} for film in await library.films(session, visit.day) if film.state == "ready"]
        polls = await asked.to_ask(session, visit.day)
    names = {NATIONAL: visit.text(_("Hela landet")), **{one.region: one.name for one in found.regions}}
    begun = [block.block for block in blocks].index(running.block) + 1 if running and running.block else 0
    closed = found.day.state == "ended"
    anchor = fields.one("at") if fields else ""
    return visit.page(
        "timeline.html",
        status=422 if refused else 200,
        day=found.day.model_dump(),
        goals=found.goals,
        kinds=KINDS,
        overruns=OVERRUNS,
        blocks=[_block(block, items, names, open_=not closed and place >= begun) for place, block in enumerate(blocks)],
        hidden=[one.model_dump() for one in hidden],
        films=films,
        polls=polls,
        places=_places(blocks, names, begun),
        can_undo=last is not None and not closed,
        errors=[{"field": anchor, "text": visit.text(refused.text, **refused.values)}] if refused else [],
        wrong=fields.form if fields else "",
        sent=fields.sent if fields else {},
        saved="" if refused else visit.request.query_params.get("saved", "")[:80],
    )


def _block(block: Block, items: list[Item], names: Mapping[str, str], *, open_: bool) -> dict[str, Any]:
    """A block with its lanes; those that have nothing of their own stand with no items."""
    lanes = names if block.kind == "regional" else {NATIONAL: names[NATIONAL]}
    mine = [item for item in items if item.block == block.block]
    shown = [{"lane": lane, "name": name, "items": [_item(item) for item in mine if item.lane == lane]} for lane, name in lanes.items()]
    minutes = round((block.planned_ends_at - block.planned_starts_at).total_seconds() / 60)
    return {**block.model_dump(), "minutes": minutes, "lanes": shown, "open": open_, "locked": block.owner == "locked"}


def _places(blocks: list[Block], names: Mapping[str, str], begun: int) -> list[dict[str, str]]:
    """Where an item can go: each lane of each block that is not locked and has not begun."""
    open_ = [block for block in blocks[begun:] if block.owner != LOCKED]
    lanes = [(block, lane) for block in open_ for lane in (names if block.kind == "regional" else (NATIONAL,))]
    return [{"to": f"{block.block}/{lane}", "block": block.title, "lane": names[lane]} for block, lane in lanes]


def _item(item: Item) -> dict[str, Any]:
    minutes = round((item.planned_ends_at - item.planned_starts_at).total_seconds() / 60)
    return {**item.model_dump(), "minutes": minutes, "locked": item.owner == "locked"}


async def change(visit: Visit) -> Response:
    """Do one thing to the programme, and come back to where it was done."""
    fields = Fields(await visit.form())
    do = CHANGES.get(fields.one("do"))
    if do is None:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    try:
        done = await do(visit, fields)
    except Refused as refused:
        return await _page(visit, refused, fields)
    made = str((done.data or {}).get("item") or (done.data or {}).get("block") or fields.one("id"))
    anchor = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in made)[:80]
    return visit.go(f"/days/{visit.day}/build/timeline?saved={anchor}#{anchor}")


async def _add(visit: Visit, fields: Fields) -> Done:
    where = Where(fields.one("block"), fields.one("lane") or NATIONAL, fields.one("after") or None)
    draft = await _with_content(visit, fields, where.lane)
    return await visit.house.builder.add(visit.by("programme.add", block=where.block, lane=where.lane), where, draft, keep=fields.keep)


async def _with_content(visit: Visit, fields: Fields, lane: str) -> ItemDraft:
    """The item with the film or the poll that it shall begin with.

    Raises:
        Refused: ``poll.no_such``: not of this day, asked already, or for another lane.
    """
    draft, (kind, name) = fields.draft, fields.shows
    if kind == "film":
        return replace(draft, film=name)
    if kind == "poll":
        async with visit.house.store.reading() as session:
            polls = await asked.to_ask(session, visit.day)
        found = next((one for one in polls if one["poll"] == name and one["scope"] in {COUNTRY, lane}), None)
        if found is None:
            raise Refused("poll.no_such", _("Välj en omröstning som hör till sändningen och inte har varit öppen."))
        return replace(draft, asks=ToAsk(name, found["title"]))
    return draft


async def _carry(visit: Visit, fields: Fields) -> Done:
    item, where = fields.one("id"), fields.place
    await _asks_that_lane(visit, item, where.lane)
    by = visit.by("programme.carry", item=item, block=where.block, lane=where.lane)
    return await visit.house.builder.carry(by, item, replace(where, after=await _last_in(visit, where, item)), keep=fields.keep)


async def _asks_that_lane(visit: Visit, item: str, lane: str) -> None:
    """Let no item ask those on one lane while another one's viewers see it.

    Raises:
        Refused: ``poll.no_such``: a cue of the item is about a poll for another lane.
    """
    async with visit.house.store.reading() as session:
        row = await session.get(Item, (visit.day, item))
        cues = await session.exec(select(Cue).where(Cue.day == visit.day, Cue.item == item))
        scopes = await asked.scopes(session, visit.day, {str(cue.args.get("poll")) for cue in cues})
    if row is not None and row.lane != lane and scopes - {COUNTRY, lane}:
        raise Refused("poll.no_such", _("Inslaget har en omröstning för en annan sändning och kan inte flyttas dit."))


async def _last_in(visit: Visit, where: Where, but: str) -> str | None:
    """The item after which one is put that goes there; *but* is that one, which may stand there already."""
    async with visit.house.store.reading() as session:
        there = select(Item.item).where(Item.day == visit.day, Item.block == where.block, Item.lane == where.lane, Item.item != but)
        return (await session.exec(there.order_by(col(Item.position).desc()))).first()


async def _edit(visit: Visit, fields: Fields) -> Done:
    item = fields.one("id")
    return await visit.house.builder.edit(visit.by("programme.edit", item=item), item, fields.draft, keep=fields.keep)


async def _remove(visit: Visit, fields: Fields) -> Done:
    item = fields.one("id")
    return await visit.house.builder.remove(visit.by("programme.remove", item=item), item, keep=fields.keep)


async def _move(visit: Visit, fields: Fields) -> Done:
    item = fields.one("id")
    return await visit.house.builder.move(visit.by("programme.move", item=item), item, fields.steps)


async def _add_block(visit: Visit, fields: Fields) -> Done:
    by = visit.by("programme.add_block", kind=fields.one("block_kind"))
    return await visit.house.builder.add_block(by, fields.one("block_kind"), fields.draft, fields.one("after") or None)


async def _remove_block(visit: Visit, fields: Fields) -> Done:
    block = fields.one("id")
    return await visit.house.builder.remove_block(visit.by("programme.remove_block", block=block), block)


async def _move_block(visit: Visit, fields: Fields) -> Done:
    block = fields.one("id")
    return await visit.house.builder.move_block(visit.by("programme.move_block", block=block), block, fields.steps)


async def _hide(visit: Visit, fields: Fields) -> Done:
    block = fields.one("id")
    return await visit.house.builder.hide(visit.by("programme.hide", block=block), block, fields.one("reason"))


async def _show(visit: Visit, fields: Fields) -> Done:
    block = fields.one("id")
    return await visit.house.builder.show(visit.by("programme.show", block=block), block)


async def _overrun(visit: Visit, fields: Fields) -> Done:
    block, rule = fields.one("id") or None, fields.one("rule") or None
    limit_s = 60 * fields.number("limit", 0, LIMIT_MOST_S // 60) if rule in WAITING else 0
    by = visit.by("programme.overrun", block=block, rule=rule)
    return await visit.house.builder.overrun(by, block, rule, limit_s)


async def _undo(visit: Visit, fields: Fields) -> Done:  # noqa: ARG001  (nothing is asked with it)
    return await visit.house.builder.undo(visit.by("programme.undo"))


CHANGES: Final[Mapping[str, Callable[[Visit, Fields], Awaitable[Done]]]] = {
    "add": _add, "edit": _edit, "remove": _remove, "move": _move, "carry": _carry, "add_block": _add_block, "remove_block": _remove_block,
    "move_block": _move_block, "hide": _hide, "show": _show, "overrun": _overrun, "undo": _undo,
}  # fmt: skip

ROUTES = [
    Address("/days/{day}/build/timeline", timeline, who=role(*ORGANIZERS)),
    Address("/days/{day}/build/timeline", change, who=role(*ORGANIZERS), method="POST"),
]
