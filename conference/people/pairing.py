"""Phones at a group's screen: who may pair with it, and what its people are then.

The people at a screen are those with a phone of their own and the rest. A paired phone is a person like any other and answers as itself;
the screen answers for the rest alone. So nobody at it is counted twice, and no more can answer than there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from conference.core.errors import Refused, _
from conference.people.tables import Person

LETTERS: Final = "BCDFGHJKLMNPRSTVXZ"  # no vowels, so that no word comes of them; and no day has such a code, those are digits
CODE_LETTERS: Final = 6  # 34 million: of 2,000 screens that show one, a guess hits one in 17,000 times
CODE_LONGEST: Final = 40  # characters as somebody wrote it
CODE_WORKS: Final = timedelta(hours=12)  # a day with its evening; what hangs on a wall next week lets nobody in


def rest(screen: Person) -> int:
    """How many of those before a screen have no phone of their own paired with it."""
    return (screen.people or 1) - screen.phones


def code_of(chance: bytes) -> str:
    """A code from as many bytes as it has letters."""
    return "".join(LETTERS[byte % len(LETTERS)] for byte in chance)


def read_code(told: str) -> str:
    """The letters of a code as somebody wrote them, large or small, with spaces or without.

    Raises:
        Refused: ``screen.no_such_code``.
    """
    code = "".join(told.split()).replace("-", "").upper()
    if len(code) != CODE_LETTERS or not set(code) <= set(LETTERS):
        raise no_such_code()
    return code


def shows(screen: Person, *, at: datetime) -> str | None:
    """The code that a screen shows; ``None`` when it shows none, or none that still works."""
    return screen.code if screen.code_until is not None and screen.code_until > at else None


def no_such_code() -> Refused:
    """The answer to a code that no screen shows, or shows no more."""
    return Refused("screen.no_such_code", _("Ingen skärm visar den koden nu. Läs av den igen: den kan ha bytts."))


def may_show(screen: Person) -> None:
    """Whether a screen may show a code.

    Raises:
        Refused: ``screen.one_person``.
    """
    if screen.screen is not None or (screen.people or 1) < 2:
        raise Refused("screen.one_person", _("Egna telefoner behövs där två eller fler ser på samma skärm. Ändra först hur många ni är."))


def may_become(person: Person, wanted: Mapping[str, Any]) -> None:
    """Whether what somebody tells anew goes with the screen or the phones that it is paired with.

    Raises:
        Refused: ``screen.region_follows``, ``screen.phone_is_one`` or ``screen.below_phones``.
    """
    if person.screen is not None and wanted.get("region", person.region) != person.region:
        raise Refused("screen.region_follows", _("Telefonen följer skärmens region. Lämna skärmen först."))
    if person.screen is not None and wanted.get("people", 1) > 1:
        raise Refused("screen.phone_is_one", _("En telefon vid en gemensam skärm är en person. Lämna skärmen först."))
    if wanted.get("people", person.people or 1) < person.phones:
        raise Refused(
            "screen.below_phones", _("%(phones)d vid skärmen är med på egen telefon, så ni är minst så många."), phones=person.phones
        )


def pair(phone: Person, screen: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What becomes of a phone and of the screen that it pairs with; nothing when they are paired already.

    Raises:
        Refused: ``screen.has_role``, ``screen.own_code``, ``screen.is_group`` or ``screen.full``.
    """
    if phone.roles:
        raise Refused("screen.has_role", _("Du har en uppgift på dagen och räknas inte bland deltagarna. Din telefon behöver ingen skärm."))
    if phone.person == screen.person:
        raise Refused("screen.own_code", _("Det är den här skärmens egen kod. Läs av den med en annan telefon."))
    if (phone.people or 1) > 1 or phone.phones:
        raise Refused("screen.is_group", _("Här har ni angett att ni är fler än en. Ändra det till en person först."))
    if phone.screen == screen.person:
        return {}, {}
    if rest(screen) < 1:
        raise Refused(
            "screen.full",
            _("Alla %(people)d vid skärmen är redan med på egen telefon. Är ni fler, ändra antalet på skärmen först."),
            people=screen.people,
        )
    return {"screen": screen.person, "region": screen.region, "people": 1}, {"phones": screen.phones + 1}


def leave(screen: Person) -> dict[str, Any]:
    """What becomes of a screen that a phone leaves: who holds it is one of its people no more, and counts by itself."""
    people = max((screen.people or 1) - 1, 1)  # somebody sits before a screen for as long as it is there
    return {"phones": screen.phones - 1, "people": people, "code": screen.code if people > 1 else None}
