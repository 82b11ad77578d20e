"""An item as somebody writes it, and the cues with which it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from conference import rules as programme
from conference import shape as rules
from conference.core.errors import Refused, _
from conference.core.transaction import Transaction
from conference.library.rules import FilmState, no_such_film
from conference.library.tables import Film
from conference.rules import NATIONAL, ItemState
from conference.rundown.relaying import MEET, Desk, Rows, by_key
from conference.rundown.tables import Cue
from conference.shape import Part, Shape, Where
from conference.tables import Item

KINDS: Final = ("lecture", "panel", "film", "poll", "discussion", "break")
RESULT_S: Final = 30  # of a poll's item: how long its result is shown before the next one begins
RETURNS: Final = "return_regions"
AT_THE_END: Final = 1 << 20  # seconds: a cue after its item's end is laid at its end


@dataclass(frozen=True)
class ToAsk:
    """A poll of the day that an item shall ask; whoever writes the draft knows that there is one."""

    poll: str
    title: str


@dataclass(frozen=True)
class ItemDraft:
    """An item as somebody writes it.

    Attributes:
        minutes: how long it takes.
        goals: ids of goals of the day; others are left out.
        film: of the library, which a new item begins with.
        asks: the poll that a new item opens, closes and shows the result of.
    """

    title: str
    kind: str
    minutes: int
    goals: tuple[str, ...] = ()
    film: str | None = None
    asks: ToAsk | None = None

    def columns(self, desk: Desk) -> dict[str, Any]:
        """As it is stored.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``item.unknown_kind``.
        """
        if self.kind not in KINDS:
            raise Refused("item.unknown_kind", _("Välj vad det är för inslag."))
        known = {str(goal["id"]) for goal in desk.day.goals}
        return {
            "title": programme.titles(self.title, None)["title"],
            "kind": self.kind,
            "goals": [one for one in self.goals if one in known],
        }


async def chosen_film(tx: Transaction, day: str, draft: ItemDraft) -> Film | None:
    """The film that a draft begins with.

    Raises:
        Refused: ``film.no_such``, ``film.not_ready``.
    """
    if draft.film is None:
        return None
    film = await tx.find(Film, day, draft.film)
    if film is None:
        raise no_such_film(draft.film)
    if film.state != FilmState.READY:
        raise Refused("film.not_ready", _("Filmen är inte packad än. Försök igen när den är klar."))
    return film


def new_item(desk: Desk, name: str, where: Where, draft: ItemDraft, film: Film | None) -> tuple[Item, list[Cue]]:
    """An item and its cues: a sign with its title until somebody gives it a picture, or what it plays and asks."""
    columns, starts_at = draft.columns(desk), desk.day.planned_starts_at
    ends_at = starts_at + timedelta(minutes=max(1, draft.minutes))
    times: dict[str, Any] = {"planned_starts_at": starts_at, "planned_ends_at": ends_at, "starts_at": starts_at, "ends_at": ends_at}
    belongs: dict[str, Any] = {"day": desk.day.day, "item": name, "block": where.block, "lane": where.lane}
    shows: dict[str, Any] = {"film": film.film if film else None, "polls": [draft.asks.poll] if draft.asks else []}
    item = Item(**belongs, **columns, **times, **shows, kit_item=name, owner="regional", state=ItemState.UPCOMING)
    does = enumerate(_cues(draft, film, item.title), 1)
    return item, [Cue(**belongs, **one, cue=f"{name}.{n}", by="clock", planned_at=starts_at, position=0) for n, one in does]


def _cues(draft: ItemDraft, film: Film | None, title: str) -> Iterator[dict[str, Any]]:
    if film is not None:
        yield {"do": "play_film", "at_s": 0, "args": {"film": film.film}, "what": film.title}
    else:
        yield {"do": "show_slate", "at_s": 0, "args": {"text": title}, "what": title}
    if draft.asks is not None:
        about: dict[str, Any] = {"args": {"poll": draft.asks.poll}, "what": draft.asks.title}
        closes_s = max(1, draft.minutes) * 60 - RESULT_S
        yield {"do": "open_poll", "at_s": 0, **about}
        yield {"do": "close_poll", "at_s": closes_s, **about}
        yield {**about, "do": "show_result", "at_s": closes_s, "args": {"poll": draft.asks.poll, "to": "everyone"}}


def carried(shape: Shape, item: str, where: Where, *, keep: bool) -> Shape:
    """An item in another block or lane: taken out of one, and put into the other.

    Raises:
        Refused: as `conference.shape.remove` and `conference.shape.insert`.
    """
    parts = (part for piece in shape.pieces for lane in piece.lanes.values() for part in lane)
    part = next((one for one in parts if one.item == item), Part(item, 1))
    return rules.insert(rules.remove(shape, item, keep=keep), where, part, keep=keep)


def moved_rows(desk: Desk, item: str, where: Where) -> Rows:
    """The rows of an item that goes elsewhere. What calls the regions together stays with the items that are left where it was."""
    row = desk.items[item]
    left = [one for one in desk.items.values() if (one.block, one.lane) == (row.block, row.lane) and one.item != item]
    stay = [cue for cue in desk.cues.values() if cue.item == item and cue.do in MEET]
    moved = row.model_copy(update={"block": where.block, "lane": where.lane})
    gone = {("cue", cue.cue) for cue in stay}
    rows = {key: one for key, one in desk.rows.items() if key not in gone}
    return {**rows, **by_key([moved, *_left(stay, left)])}


def _left(cues: Iterable[Cue], items: list[Item]) -> Iterator[Cue]:
    for cue in cues if items else ():
        first = cue.do == RETURNS
        heir = items[0] if first else items[-1]
        yield cue.model_copy(update={"item": heir.item, "at_s": 0 if first else AT_THE_END})


def known_lane(desk: Desk, where: Where) -> None:
    """Refuse a lane that the block does not have.

    Raises:
        Refused: ``lane.no_such``.
    """
    block = desk.blocks.get(where.block)
    if where.lane not in desk.loaded.run.plan.lanes or (block and block.kind == "common" and where.lane != NATIONAL):
        raise Refused("lane.no_such", _("Sändningen %(lane)s finns inte."), lane=where.lane)
