"""Recordings as pages list them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from streaming.recordings import NotYet, Recorded, views
from streaming.recordings.rules import WARNED_BEFORE
from streaming.recordings.tables import Recording
from web.address import Visit


async def cards(visit: Visit, *, published: bool = True) -> list[dict[str, Any]]:
    """The recordings of the day as lists show them; one that cannot be played now is left out of the public's."""
    now, shown = visit.house.clock.now(), []
    async with visit.house.store.reading() as session:
        for row in await views.recordings(session, visit.day, published=published):
            try:
                shown.append(card(row, await visit.house.archive.read_row(session, row), now))
            except (LookupError, NotYet):
                if not published:
                    shown.append(card(row, None, now))
    return shown


def card(row: Recording, recorded: Recorded | None, now: datetime) -> dict[str, Any]:
    """One of them, with what can be said of it when it cannot be played: ``recorded`` is ``None``."""
    about = row.model_dump(include={"recording", "lane", "kind", "title", "title_en", "state", "exception", "reason", "late"})
    times = row.model_dump(include={"begins_at", "due_at", "published_at"})
    base = f"/days/{row.day}/recordings/{quote(row.recording, safe='@')}"
    captioned = row.captioned or (recorded is not None and recorded.covered.is_enough)
    clocked = row.state == "published" and not row.captioned and not captioned
    more = {
        "is_captioned": captioned,
        "clocked": clocked,
        "soon": clocked and row.due_at - now <= WARNED_BEFORE,
        "is_over": now >= row.due_at,
    }
    if recorded is None:
        return {**about, **times, **more, "base": base, "seconds": None, "chapters": [], "share": 0.0, "shown": False}
    told = {"share": recorded.covered.share, "shown": recorded.covered.spoken_ms > 0}
    return {
        **about, **times, **more, **told, "base": base, "seconds": recorded.extract.duration_ms / 1_000,
        "time": time_of(recorded.extract.duration_ms / 1_000),
        "chapters": [{"title": one.title, "title_en": one.title_en} for one in recorded.chapters],
    }  # fmt: skip


def time_of(seconds: float) -> str:
    """A length, or a place in a recording, as players show it."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
