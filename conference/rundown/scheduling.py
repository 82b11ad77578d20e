"""What is taken of a schedule from another program, as changes of the programme."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from conference import shape as rules
from conference.core.errors import Refused, _
from conference.rundown.drafts import known_lane, new_item
from conference.rundown.relaying import Desk, Rows, by_key
from conference.rundown.schedules import Difference
from conference.shape import Part, Shape, Where


def in_order(taken: Iterable[Difference]) -> list[Difference]:
    """Changes first; then new items, the latest first, since those that come after the same item push each other on."""
    return sorted(taken, key=lambda one: -one.now.starts_at.timestamp() if one.was is None and one.now and one.now.starts_at else -inf)


def scheduled(desk: Desk, change: tuple[Shape, Rows], one: Difference, name: str) -> tuple[Shape, Rows]:
    """The programme after *change*, with one difference more; what follows it comes later or earlier.

    Args:
        name: of the item, when it is a new one.

    Raises:
        Refused: as `conference.shape.resize` and `conference.shape.insert`; ``item.locked``, and what is wrong with the item.
    """
    shape, rows = change
    assert one.now
    if one.was is None:
        where = Where(one.block, one.lane, one.after)
        known_lane(desk, where)
        item, cues = new_item(desk, name, where, one.now.draft, None)
        item = item.model_copy(update={"description": one.now.description})
        return rules.insert(shape, where, Part(name, one.now.minutes), keep=False), {**rows, **by_key((item, *cues))}
    row = desk.items.get(one.code)
    if row is None:
        raise Refused("item.no_such", _("Inslaget finns inte i programmet."))
    if "locked" in {row.owner, desk.blocks[row.block].owner}:
        raise Refused("item.locked", _("Inslaget är låst i det nationella paketet."))
    columns = {**one.now.draft.columns(desk), "description": one.now.description}
    told = {field: columns[field] for field in one.fields if field in columns}
    same_title = row.title == told.get("title", row.title)
    changed = row.model_copy(update={**told, "title_en": row.title_en if same_title else None})
    return rules.resize(shape, one.code, one.now.minutes, keep=False), {**rows, **by_key([changed])}
