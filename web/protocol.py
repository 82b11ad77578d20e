"""Writes the tables of ``docs/protocol.md`` and ``docs/operations.md`` from what the code says: wishes, news, codes, settings.

``python -m web.protocol`` brings the pages up to date; everything outside the marked parts is written by hand. A test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from conference.core.event import KNOWN
from conference.people import Role
from web import bootstrap
from web.address import Address
from web.faults import STATUS, status_of
from web.limits import PER_PERSON, Rate
from web.pressure import Shed
from web.settings import PREFIX, SECRETS, Settings
from web.wire import Close
from web.wishes import Memory, WishKind

DOCS: Final = Path(__file__).parent.parent / "docs"
PAGE: Final = DOCS / "protocol.md"
PAGES: Final = (PAGE, DOCS / "operations.md")
PART: Final = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
FLOORS: Final = ("conference", "polls", "chat", "streaming", "web")
REFUSED: Final = re.compile(r"""Refused\(\s*['"]([a-z_]+\.[a-z_]+)['"]""")
TALKS: Final = frozenset({"chat", "questions", "gestures", "backstage"})
ROLES: Final = [role.value for role in Role]
LATER: Final[tuple[str, ...]] = ()
"""Wishes of the contract that later versions grant."""
REMEMBERED: Final = {Memory.CORE: "by person and id", Memory.BLIND: "blindly", Memory.NONE: "no"}


def wishes() -> str:
    """The table of wishes, with who may ask for what."""
    head = ["wish", "arguments", "participant", *ROLES, "how often", "under pressure", "answer remembered", "audited"]
    rows = [_row(kind) for _, kind in sorted(bootstrap.wish_table().kinds.items())]
    rows += [[f"`{name}`", "in a later version", *[""] * (len(head) - 2)] for name in LATER]
    return _table(head, rows)


def _row(kind: WishKind) -> list[str]:
    may = [_yes(kind.granted_to(frozenset(roles))) for roles in ((), *((role,) for role in ROLES))]
    shed = "kept" if kind.shed is Shed.NEVER else f"shed {kind.shed.name.lower()}"
    fields = " ".join(f"`{name}`" for name in _fields(kind))
    return [f"`{kind.name}`", fields, *may, _often(PER_PERSON[kind.limit]), shed, REMEMBERED[kind.memory], _yes(kind.audit)]


def _yes(answer: bool) -> str:
    return "yes" if answer else ""


def _fields(kind: WishKind) -> Iterator[str]:
    for field in msgspec.structs.fields(kind.model):
        yield field.encode_name if field.required else f"{field.encode_name}?"


def _often(rate: Rate) -> str:
    return f"{rate.amount} in {rate.per_s:g} s"


def news() -> str:
    """The table of events: what a piece of news may be called."""
    events = [event for (name, _), event in sorted(KNOWN.items()) if not name.startswith(("board.", "counter.", "test."))]
    rows = [[f"`{event.name}`", " ".join((event.__doc__ or "").split("\n\n")[0].split())] for event in events]
    return _table(["type", "what has happened"], rows)


def closing() -> str:
    """The table of close codes."""
    back = {Close.SIGNED_OUT: "no", Close.REMOVED: "no", Close.BROKEN: "no"}
    rows = [[str(code.value), code.name.lower().replace("_", " "), back.get(code, "yes")] for code in Close]
    return _table(["code", "why", "come back"], rows)


def settings() -> str:
    """The table of settings."""
    rows = [
        [f"`{PREFIX}{name.upper()}`" + (", `…_FILE`" if name in SECRETS else ""), _default(field.default), field.description or ""]
        for name, field in Settings.model_fields.items()
    ]
    return _table(["setting", "without it", "what it is"], rows)


def _default(value: object) -> str:
    return "" if value is None or value == () else f"`{value}`"


def addresses() -> str:
    """The table of addresses, with who may ask."""
    rows = [
        [f"`{method} {route.path}`", _who(route)]
        for route in bootstrap.routes()
        if isinstance(route, Address)
        for method in _methods(route)
    ]
    return _table(["address", "who"], sorted(rows, key=lambda row: row[0].split(" ", 1)[1]))


def _methods(route: Address) -> list[str]:
    return sorted((route.methods or set()) - {"HEAD"})


def _who(route: Address) -> str:
    if route.who.roles is not None:
        return ", ".join(sorted(route.who.roles)) + "; else 403"
    if route.who.keyed:
        return "a key of the day; else 401"
    if not route.who.joined:
        return "all"
    return "joined; else 401" if route.who.data or "POST" in (route.methods or ()) else "joined; else to the day's code field"


def codes() -> str:
    """The table of codes that a refusal may have, with their statuses: every one that stands in the source."""
    found = {
        code
        for floor in FLOORS
        for path in (DOCS.parent / floor).rglob("*.py")
        for code in REFUSED.findall(path.read_text(encoding="utf-8"))
    }
    by_status: dict[int, list[str]] = {}
    for code in sorted(found | set(STATUS)):
        by_status.setdefault(status_of(code), []).append(f"`{code}`")
    return _table(["status", "codes"], [[str(status), " ".join(of_it)] for status, of_it in sorted(by_status.items())])


def talk() -> str:
    """The table of what each role may do in chat, questions, reactions and the staff channel, by wish."""
    said = [kind for name, kind in sorted(bootstrap.wish_table().kinds.items()) if name.partition(".")[0] in TALKS]
    rows = [
        [f"`{kind.name}`", _what(kind), *(_yes(kind.granted_to(frozenset(roles))) for roles in ((), *((r,) for r in ROLES)))]
        for kind in said
    ]
    return _table(["wish", "with it one says", "participant", *ROLES], rows)


def _what(kind: WishKind) -> str:
    """The arguments, in the words of their model."""
    return " ".join((kind.model.__doc__ or "").split("\n\n")[0].split()).rstrip(".")


PARTS: Final = {
    "talk": talk,
    "wishes": wishes,
    "news": news,
    "closing": closing,
    "settings": settings,
    "addresses": addresses,
    "codes": codes,
}


def written(page: str) -> str:
    """The page with its marked parts as the code has them."""
    return PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", page)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main() -> None:
    """Write the pages."""
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
