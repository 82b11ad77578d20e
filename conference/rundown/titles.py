"""What a cue is called in the cockpit: pure."""

from __future__ import annotations

from collections.abc import Mapping

from conference.core.errors import _
from conference.library.references import SIGN

TITLES = {
    "play_film": _("Spela filmen: %(what)s"),
    "take_source": _("Ta bilden: %(what)s"),
    "show_slate": _("Visa skylten: %(what)s"),
    "name_plate": _("Namnskylt: %(what)s"),
    "announce": _("Meddela: %(what)s"),
    "ask_screens": _("Fråga hur många som ser på"),
    "open_chat": _("Öppna chatten"),
    "close_chat": _("Stäng chatten"),
    "open_questions": _("Öppna för frågor"),
    "close_questions": _("Stäng för frågor"),
    "open_poll": _("Öppna omröstningen: %(what)s"),
    "close_poll": _("Stäng omröstningen: %(what)s"),
    "show_result": _("Visa resultatet: %(what)s"),
    "call_regions": _("Gå över till regionerna: %(what)s"),
    "return_notice": _("Säg till om återgången"),
    "return_regions": _("Åter till det gemensamma"),
    "open_evaluation": _("Öppna utvärderingen: %(what)s"),
    "close_evaluation": _("Stäng utvärderingen: %(what)s"),
    "end_day": _("Avsluta dagen"),
}
"""By ``do``; ``what`` is the cue's column, which `web` puts into the translated text."""

ABOUT = {
    "play_film": "film",
    "take_source": "source",
    "name_plate": "contributor",
    "open_poll": "poll",
    "close_poll": "poll",
    "show_result": "poll",
    "call_regions": "block",
    "return_regions": "block",
    "open_evaluation": "survey",
    "close_evaluation": "survey",
}
"""Which of a cue's fields names the thing that it is about."""


SIGNED = "%s (teckentolk)"  # what is meant for the second picture; in the day's language, as its titles are


def about(do: str, args: Mapping[str, object], names: Mapping[str, str]) -> str:
    """What a cue is about, in words: the name of the thing, or its own text."""
    thing = str(args.get(ABOUT.get(do, ""), ""))
    found = names.get(thing, thing) or str(args.get("text", ""))
    return SIGNED % found if args.get("picture") == SIGN else found


def title(do: str, what: str) -> str:
    """The cue in Swedish."""
    return TITLES[do] % {"what": what} if do in TITLES else do
