"""The letters, pages, guides and check-lists of a day's kit, with what the day says of itself filled in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from conference.core.errors import _
from conference.library import Kit, folder_of, read_kit
from conference.library.shapes import Text
from conference.tables import Day

KINDS: Final = {"mail": _("brev"), "page": _("sida"), "guide": _("handledning"), "notice": _("notis")}
PLACE: Final = re.compile(r"\{([a-z_]+)\}")
TAGS: Final = {
    "a",
    "blockquote",
    "code",
    "em",
    "h2",
    "h3",
    "hr",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "br",
}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def titles(kit: Kit, day: Day, lang: str) -> list[dict[str, str]]:
    """What there is, in a list: texts in the reader's language, then check-lists."""
    texts = [text for (_name, language), text in sorted(kit.texts.items()) if language == language_in(kit, lang)]
    listed = [{"name": text.id, "title": filled(text.title, known(day, "")), "kind": KINDS.get(text.kind, text.kind)} for text in texts]
    return listed + [{"name": one["id"], "title": one["title"], "kind": _("checklista")} for one in kit.checklists["checklists"]]


@lru_cache(maxsize=8)  # kits do not change; reading one takes 30 ms
def _kit(folder: str) -> Kit:
    return read_kit(Path(folder))


async def kit_of(day: Day, data_dir: Path) -> Kit:
    """The kit that the day was made from."""
    return await asyncio.to_thread(_kit, str(folder_of(day.kit_folder, data_dir)))


def language_in(kit: Kit, lang: str) -> str:
    """The language that the kit's texts are read in by whoever reads *lang*."""
    return lang if any(language == lang for _name, language in kit.texts) else kit.head.language


def known(day: Day, origin: str, *, is_in: bool = False) -> Mapping[str, str]:
    """What the day itself says of the places to fill in; the others are the organizer's to fill.

    Args:
        is_in: whether the reader takes part; the code, by which one comes in, is told to nobody else.
    """
    zone, page = ZoneInfo(day.timezone), f"{origin}/days/{day.day}"
    starts, ends = (at.astimezone(zone) for at in (day.planned_starts_at, day.planned_ends_at))
    said = {"day_title": day.title, "date": starts.date().isoformat(), "start_time": f"{starts:%H.%M}", "end_time": f"{ends:%H.%M}"}
    links = {
        "day_link": page,
        "programme_link": f"{page}#program",
        "library_link": f"{page}/library",
        "evaluation_link": f"{page}/evaluation",
    }
    return {**said, **links, **({"join_code": f"{day.join_code[:3]} {day.join_code[3:]}"} if is_in else {})}


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with the places that are known filled in."""
    return PLACE.sub(lambda found: places.get(found[1], found[0]), text)


def html(text: Text, places: Mapping[str, str]) -> Markup:
    """The text as HTML of few kinds; what the day says of itself is put in afterwards, as text, so that no title is taken for markup."""
    body = text.body.strip()
    rendered = nh3.clean(_markdown.render(body.partition("\n")[2] if body.startswith("# ") else body), tags=TAGS)

    def fill(found: re.Match[str]) -> str:
        value = places.get(found[1])
        return str(escape(value)) if value is not None else f"<mark>{escape(found[0])}</mark>"

    region = f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(filled(text.title, places))}"><table class="table">'
    shown = PLACE.sub(fill, rendered).replace("<table>", region).replace("</table>", "</table></div>")
    return Markup(shown)  # noqa: S704  # cleaned above; what is put in is escaped
