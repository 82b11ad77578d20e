"""What stands in a letter with a link to a survey."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from conference.core.errors import _
from conference.tables import Day
from polls.surveys.letters import Ready
from web.render import translated

HELLO: Final = _("Hej!")
WAVE: Final = _("För %(months)s månader sedan hölls %(day)s, och du sade att vi fick fråga dig igen. Frågorna tar en minut:")
EVALUATION: Final = _("Du bad om utvärderingen av %(day)s. Här är den:")
NOBODY: Final = _(
    "Länken säger inte vem du är, och svaren är anonyma. Den kan besvaras en gång; du kan ändra svaren tills enkäten stänger."
)
CLOSES: Final = _("Sista dagen att svara är %(date)s.")
LEAVE: Final = _("Vill du inte få fler brev från oss: %(url)s")
FORGOTTEN: Final = _("Din adress raderas när det sista brevet är skickat. Den sparas inte tillsammans med svaren.")


def words(ready: Ready, day: Day, site: str) -> tuple[str, str]:
    """The subject and the text."""

    def said(text: str, **values: object) -> str:
        return translated(text, ready.lang, values)

    english = ready.lang == "en"
    title = day.title_en if english and day.title_en else day.title
    asks = said(WAVE, months=ready.months, day=title) if ready.months else said(EVALUATION, day=title)
    closes = [said(CLOSES, date=ready.closes_at.strftime("%Y-%m-%d"))] if ready.closes_at else []
    parts = [said(HELLO), f"{asks}\n{link(ready, site)}", " ".join([said(NOBODY), *closes]), said(FORGOTTEN)]
    return (ready.title_en if english else ready.title), "\n\n".join([*parts, said(LEAVE, url=leave(ready, site))]) + "\n"


def link(ready: Ready, site: str) -> str:
    """Where the survey is answered."""
    return f"{site}/days/{ready.day}/asked/{quote(ready.survey)}/{ready.token}"


def leave(ready: Ready, site: str) -> str:
    """Where one says that nothing more is to be sent."""
    return f"{site}/letters/{ready.leave}"
