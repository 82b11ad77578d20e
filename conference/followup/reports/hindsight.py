"""What those answered who watched the recordings: a chapter of its own, as they are in no figure of the day. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from conference.core.faces import Data
from conference.core.sheets import WITHHELD
from conference.followup.reports import answers
from conference.followup.reports.answers import HIDDEN_NOTE, many
from conference.followup.reports.document import Chapter, Column, Part, Table, Unit, Value

ABOUT = (
    "De som sett en inspelning efter dagen har kunnat svara på dess omröstningar. De är räknade för sig: ingen siffra från dagen ändras av dem. "  # noqa: E501  # a paragraph is one text
    "Den som svarade under dagen kan ha svarat igen, för det går inte att se vem som har svarat vad. Svaren visas fem och fem, och de sista som är färre än fem visas inte."  # noqa: E501  # a paragraph is one text
)
COLUMNS = (
    *(Column("Svar"), Column("Under dagen", Unit.PERCENT), Column("n, under dagen", Unit.NUMBER)),
    *(Column("I efterhand", Unit.PERCENT), Column("n, i efterhand", Unit.NUMBER)),
)


def chapter(told: Data, _zone: ZoneInfo) -> Chapter:
    """The chapter; empty where nobody was asked in hindsight."""
    polls, surveys = told.get("later") or (), [one for one in told.get("surveys") or () if one.get("later")]
    parts = [*map(_poll, polls), *(answers.part(one, one) for survey in surveys for one in survey["questions"])]
    said = tuple(
        f"{one['title']}, i efterhand: {many(one['n'], 'svar', 'svar')}{', preliminärt' if one['preliminary'] else ''}." for one in surveys
    )
    return Chapter("hindsight", "De som sett i efterhand", paragraphs=(ABOUT, *said) if parts else (), parts=tuple(parts))


def _poll(poll: Data) -> Part:
    """A poll's two results beside each other; what fewer than five said is not told."""
    rows = tuple(
        (live["text"], _percent(live), _shown(live["n"]), _percent(later), _shown(later["n"]))
        for live, later in zip(poll["live"]["rows"], poll["rows"], strict=True)
    )
    answered = f"{many(poll['n'], 'svar', 'svar')} i efterhand" if poll["n"] else "Färre än fem svar i efterhand"
    heading = f"{answered}{', går än att svara på' if poll['open'] else ''}"
    table = Table(f"{poll['title']} (i efterhand)", COLUMNS, rows, note=f"Andel av n, som är antalet svar. {HIDDEN_NOTE}")
    return Part(heading, poll["title"], tables=(table,) if poll["n"] else ())


def _percent(row: Data) -> Value:
    return WITHHELD if row["count"] is None else row["percent"]


def _shown(n: int | None) -> Value:
    return WITHHELD if n is None else n
