"""Wishes: the one table of everything that can be asked for, and the desk where it is asked.

Each feature's endpoint file registers its rows (`WISHES`); `web.bootstrap` joins them. Who may ask, how often, what happens under
pressure, what is remembered and what is audited stand in the row and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec
from starlette.datastructures import FormData

from conference.core.actor import Asked, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.people import Role
from web import wire
from web.faults import Fault
from web.limits import Limit, Limits
from web.pressure import Pressure, Shed
from web.reach import too_far, within
from web.sessions import Asker, Visitor
from web.wire import Wish

House: TypeAlias = Any  # `web.bootstrap.House`; a row knows which parts of it its feature is
ANYONE: Final = None  # every person of the day; not a big screen, which looks and asks for nothing
LOOKS_ONLY: Final = frozenset({Role.SCREEN.value})
IDS: Final = frozenset(
    "poll survey message question person source lane cue after item region to seconds people into film panel members recording".split()  # noqa: SIM905  # a row of words
) | {"seen", "due", "hold", "starred", "need", "action", "benefit", "target", "of", "id", "stage", "step", "announcement", "role", "on"}
"""Arguments that may stand in the audit chain: ids, counts and choices; never a text or a name."""


class Args(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a wish takes. One subclass each; a field that is not in it is refused."""


class Nothing(Args):
    """No arguments."""


class Memory(StrEnum):
    """Who remembers the answer, so that asking again under the same id gives the same one."""

    CORE = "core"  # the verb's decorator, by person and id
    BLIND = "blind"  # the feature itself, under an id that nobody can tie to a person: votes and survey answers
    NONE = "none"  # reading: it may be asked again and answered anew


@dataclass(frozen=True, kw_only=True)
class WishKind:
    """One row of the table.

    Attributes:
        name: ``feature.verb``.
        model: its arguments.
        may: roles of which one is needed; `ANYONE` for every person of the day.
        limit: how often.
        shed: how soon it is refused under pressure.
        memory: who remembers its answer.
        audit: whether it is entered in the audit chain.
        call: asks the feature; gets the house, the asker and the arguments.
        form: reads the arguments from a form without scripts, where the fields alone do not say them.
    """

    name: str
    model: type[Args]
    may: frozenset[str] | None
    limit: Limit
    shed: Shed
    memory: Memory
    audit: bool
    call: Callable[[House, Asker, Any], Awaitable[Done]]
    form: Callable[[House, Asker, FormData], Awaitable[dict[str, Any]]] | None = None

    def granted_to(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles may ask for it. A big screen asks for nothing."""
        return roles != LOOKS_ONLY if self.may is None else bool(self.may & roles)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a wish came to: the answer's body, and the status it has over HTTP."""

    body: bytes
    status: int = 200
    retry_after_ms: int | None = None


class Table:
    """All kinds of wishes by name."""

    def __init__(self, kinds: Iterable[WishKind]) -> None:
        found = list(kinds)
        self.kinds: Mapping[str, WishKind] = MappingProxyType({kind.name: kind for kind in found})
        if len(self.kinds) != len(found):
            raise ValueError("two wishes have one name")

    def kind(self, name: str) -> WishKind:
        """The row of a name.

        Raises:
            Refused: ``wire.unknown_wish``.
        """
        if name not in self.kinds:
            raise Refused("wire.unknown_wish", _("Det går inte att be om det."))
        return self.kinds[name]


@dataclass
class Desk:
    """Where wishes are asked, whichever way they came: socket, HTTP or form.

    Attributes:
        house: handed to every call; `web.bootstrap` sets it when the house stands.
    """

    table: Table
    limits: Limits
    pressure: Pressure
    clock: Clock
    house: House = None

    async def ask(self, visitor: Visitor, wish: Wish, lang: str) -> Answer:
        """Ask, and answer when it is on disk. Never raises but when it is cancelled."""
        try:
            done = await self.grant(visitor, wish)
        except Exception as error:  # noqa: BLE001  # every error becomes an answer; faults logs what is ours
            fault = Fault.of(error, lang)
            return Answer(fault.answer(wish.id), fault.status, fault.retry_after_ms)
        return Answer(wire.answer(wish.id, done))

    async def grant(self, visitor: Visitor, wish: Wish, *, strict: bool = True) -> Done:
        """Ask.

        Args:
            strict: ``False`` for a form, where a number is a text.

        Raises:
            Refused: and nothing has changed.
            StoreUnavailable: nothing was acknowledged; ask again under the same id.
        """
        kind = self.table.kind(wish.do)
        session = visitor.session
        self.limits.wish(kind.limit, session.day, session.person)
        if not kind.granted_to(session.roles):
            raise too_far(visitor)
        self.pressure.admit(kind.shed)
        args = arguments(kind, wish.args, strict=strict)
        asker = await within(self.house.store, visitor, visitor.actor(self._asked(visitor, kind, wish, args)), args)
        if not kind.granted_to(asker.roles):
            raise too_far(visitor)
        return await kind.call(self.house, asker, args)

    def _asked(self, visitor: Visitor, kind: WishKind, wish: Wish, args: Args) -> Asked:
        said = msgspec.json.encode([wish.do, wish.args], order="deterministic")
        if kind.memory is Memory.BLIND:
            told, body = visitor.blind(wish.id.encode()), visitor.blind(said)
        else:
            told, body = wish.id, hashlib.sha256(said).hexdigest()
        remembered = kind.memory is Memory.CORE
        return Asked(told, kind.name, body, self.clock.now(), kind.audit, note_of(args) if kind.audit else {}, remembered)


def arguments(kind: WishKind, args: Mapping[str, Any], *, strict: bool = True) -> Args:
    """The arguments as the row's model.

    Args:
        strict: ``False`` for a form, where a number is a text.

    Raises:
        Refused: ``wire.wrong_args``.
    """
    try:
        return msgspec.convert(args, kind.model, strict=strict)
    except msgspec.ValidationError as error:
        raise Refused("wire.wrong_args", _("Uppgifterna passar inte: %(where)s"), where=where_of(error)) from None


def where_of(error: msgspec.ValidationError) -> str:
    """Which argument is wrong, without what was in it."""
    _what, found, where = str(error).rpartition(" - at `")
    return where.rstrip("`") if found else "$"


def note_of(args: Args) -> dict[str, Any]:
    """What the audit chain says of a wish."""
    given = msgspec.structs.asdict(args).items()
    return {name: value for name, value in given if name in IDS and value is not None and value is not msgspec.UNSET}
