"""The needs of a kit, as those of a new day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec

from conference.core.errors import Refused, _
from conference.followup.rules import NeedDraft
from conference.followup.tables import Need
from conference.tables import Item


class NeedOfKit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A need as a kit writes it.

    Attributes:
        theme: the id of a theme of the kit; its title stands with the need.
        goals: without any, those of the theme.
        items: ids of items in the kit.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]
    statement: str
    statement_en: str | None = None
    source: str = ""
    theme: str | None = None
    goals: tuple[str, ...] = ()
    weight: int = 0
    items: tuple[str, ...] = ()


def drafts(day: str, section: Mapping[str, Any], items: Iterable[Item]) -> Iterator[Need]:
    """The needs of a kit's ``needs`` section, for a new day; none, when the kit has none.

    Raises:
        Refused: ``kit.tampered``: a need that cannot be read.
    """
    themes = {theme["id"]: theme for theme in section["themes"]}
    here: dict[str, list[str]] = {}
    for item in items:
        here.setdefault(item.kit_item, []).append(item.item)
    try:
        needs = msgspec.convert(section.get("needs", []), list[NeedOfKit])
        for place, need in enumerate(needs):
            theme = themes[need.theme] if need.theme else {}
            answered = tuple(item for one in need.items for item in here.get(one, ()))
            goals = need.goals or tuple(theme.get("goals", ()))
            draft = NeedDraft(need.statement, need.source, theme.get("title", ""), goals, need.weight, answered)
            yield Need(day=day, need=need.id, place=place, origin="kit", statement_en=need.statement_en, **draft.columns())
    except (KeyError, TypeError, ValueError, Refused) as error:  # msgspec's errors are ValueErrors
        raise Refused("kit.tampered", _("Paketets behov går inte att läsa: %(why)s"), why=str(error)) from error
