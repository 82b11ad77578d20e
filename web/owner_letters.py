"""What stands in a reminder to the owner of an action."""

from __future__ import annotations

from typing import Any, Final

from conference.core.errors import _
from conference.followup.reminders import ONCE_MORE, Ready
from conference.tables import Day
from web.house import House
from web.render import translated

SUBJECT: Final = _("Hur har det gått? %(what)s")
HELLO: Final = _("Hej!")
FIRST: Final = _("Efter %(day)s tog ni på er detta, till %(date)s:")
SECOND: Final = _("Vi undrar fortfarande hur det gick med detta, som ni tog på er efter %(day)s till %(date)s:")
TELL: Final = _("Säg hur det har gått, eller var ni är nu, på en sida utan inloggning:")
MORE: Final = _(
    "Har ni inte kommit vidare är det också ett svar. Hör vi inget skickar vi ett brev till om två veckor, och sedan inga fler."
)
LAST: Final = _("Har ni inte kommit vidare är det också ett svar. Det här är det sista brevet om åtgärden.")
LEAVE: Final = _("Vill du inte få brev om åtgärden: %(url)s")


async def reminded(house: House, day: str, action: str) -> dict[str, Any]:
    """What the page of an action shows of reminders: whether any are sent, where this one's go, and in how many days once more."""
    may = bool(house.settings.mail_url and house.settings.base_url)
    return {"mails": may, "reminder": await house.reminders.of(day, action), "once_more": ONCE_MORE.days}


def words(ready: Ready, day: Day, site: str) -> tuple[str, str]:
    """The subject and the text."""

    def said(text: str, **values: object) -> str:
        return translated(text, ready.lang, values)

    title = day.title_en if ready.lang == "en" and day.title_en else day.title
    first = ready.number == 1
    asks = said(FIRST if first else SECOND, day=title, date=ready.due.isoformat())
    parts = [said(HELLO), f"{asks}\n> {ready.what}", f"{said(TELL)}\n{site}/actions/{ready.token}", said(MORE if first else LAST)]
    return said(SUBJECT, what=ready.what), "\n\n".join([*parts, said(LEAVE, url=leave(ready, site))]) + "\n"


def leave(ready: Ready, site: str) -> str:
    """Where one says that nothing more is to be sent."""
    return f"{site}/letters/{ready.leave}"
