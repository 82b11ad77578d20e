"""The wishes of the way from needs to benefit: what they take, and the verbs they ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.followup import ActionDraft, BenefitDraft, NeedDraft, TargetDraft
from conference.people import Role
from web.house import House
from web.limits import Limit
from web.pressure import Shed
from web.sessions import Asker
from web.wishes import Args, Memory, WishKind

ORGANIZERS: Final = frozenset({Role.ORGANIZER.value})
Id = Annotated[str, Meta(min_length=1, max_length=120)]
Words = Annotated[str, Meta(max_length=2_000)]  # what is too long is refused with a sentence
Ids = Annotated[tuple[Id, ...], Meta(max_length=500)]
Number = Annotated[int, Meta(ge=-(10**9), le=10**9)]
Origin = Annotated[str, Meta(pattern=r"^(import|(poll|survey):[\w.@/-]{1,120})$")]
Thing = Literal["need", "action", "benefit", "target", "reached"]


class WriteNeed(Args):
    """A need; which one, when it is there already."""

    statement: Words
    need: Id | None = None
    source: Words = ""
    theme: Words = ""
    goals: Ids = ()
    weight: Number = 0
    items: Ids | None = None


class Taken(Struct, forbid_unknown_fields=True):
    """A need among many."""

    statement: Words
    source: Words = ""
    theme: Words = ""
    goals: Ids = ()
    weight: Number = 0


class TakeNeeds(Args):
    """Many needs at once, and where they come from."""

    needs: Annotated[list[Taken], Meta(max_length=500)]
    origin: Origin


class WriteAction(Args):
    """An action; which one, when it is there already."""

    what: Words
    action: Id | None = None
    owner: Words = ""
    due: date | None = None
    needs: Ids = ()
    items: Ids = ()


class MoveAction(Args):
    """To which stage, and what there is to say about it."""

    action: Id
    stage: Id
    text: Words = ""


class WriteBenefit(Args):
    """What an action is good for; which one, when it is there already."""

    action: Id
    what: Words
    benefit: Id | None = None
    unit: Words = ""
    assumption: Words = ""
    baseline: float | None = None
    effect: float | None = None
    value: float | None = None
    measured_on: date | None = None


class WriteTarget(Args):
    """A goal in a figure; which one, when it is there already."""

    title: Words
    measure: Id
    amount: Number
    target: Id | None = None
    goal: Id | None = None
    due: date | None = None


class NoteReached(Args):
    """Organisations that took part, and of what kind they are."""

    names: Annotated[list[Words], Meta(max_length=500)]
    kind: Id


class Which(Args):
    """Something that is taken away or put back."""

    of: Thing
    id: Id


class OfAction(Args):
    """Which action."""

    action: Id


class Remind(OfAction):
    """Where its owner is reminded by letter; an empty address: nowhere."""

    address: Annotated[str, Meta(max_length=300)]
    lang: Literal["sv", "en"] = "sv"


def _need(args: WriteNeed | Taken, items: tuple[str, ...] | None) -> NeedDraft:
    return NeedDraft(args.statement, args.source, args.theme, args.goals, args.weight, items)


async def _write_need(house: House, by: Asker, args: WriteNeed) -> Done:
    return await house.followup.write_need(by, _need(args, args.items), args.need)


async def _take_needs(house: House, by: Asker, args: TakeNeeds) -> Done:
    return await house.followup.take_needs(by, [_need(one, None) for one in args.needs], args.origin)


async def _write_action(house: House, by: Asker, args: WriteAction) -> Done:
    draft = ActionDraft(args.what, args.owner, args.due, args.needs, args.items)
    return await house.followup.write_action(by, draft, args.action)


async def _move_action(house: House, by: Asker, args: MoveAction) -> Done:
    return await house.followup.move_action(by, args.action, args.stage, args.text)


async def _write_benefit(house: House, by: Asker, args: WriteBenefit) -> Done:
    draft = BenefitDraft(args.what, args.unit, args.assumption, args.baseline, args.effect, args.value, args.measured_on)
    return await house.followup.write_benefit(by, args.action, draft, args.benefit)


async def _write_target(house: House, by: Asker, args: WriteTarget) -> Done:
    draft = TargetDraft(args.title, args.measure, args.amount, args.goal, args.due)
    return await house.followup.write_target(by, draft, args.target)


async def _note_reached(house: House, by: Asker, args: NoteReached) -> Done:
    return await house.followup.note_reached(by, args.names, args.kind)


async def _remove(house: House, by: Asker, args: Which) -> Done:
    return await house.followup.remove(by, args.of, args.id)


async def _restore(house: House, by: Asker, args: Which) -> Done:
    return await house.followup.restore(by, args.of, args.id)


async def _make_link(house: House, by: Asker, args: OfAction) -> Done:
    return await house.owners.make_link(by, args.action)


async def _withdraw_link(house: House, by: Asker, args: OfAction) -> Done:
    return await house.owners.withdraw_link(by, args.action)


async def _remind(house: House, by: Asker, args: Remind) -> Done:
    if args.address.strip() and not (house.settings.mail_url and house.settings.base_url):
        raise Refused("mail.off", _("Härifrån skickas inga brev."))
    return await house.reminders.remind(by, args.action, args.address, args.lang)


def _kind(name: str, model: type[Args], call: Callable[[House, Asker, Any], Awaitable[Done]], memory: Memory = Memory.CORE) -> WishKind:
    row: dict[str, Any] = {"may": ORGANIZERS, "limit": Limit.STAFF, "shed": Shed.NEVER, "memory": memory, "audit": True}
    return WishKind(name=f"followup.{name}", model=model, call=call, **row)


WISHES: Final = [
    _kind("write_need", WriteNeed, _write_need),
    _kind("take_needs", TakeNeeds, _take_needs),
    _kind("write_action", WriteAction, _write_action),
    _kind("move_action", MoveAction, _move_action),
    _kind("write_benefit", WriteBenefit, _write_benefit),
    _kind("write_target", WriteTarget, _write_target),
    _kind("note_reached", NoteReached, _note_reached),
    _kind("remove", Which, _remove),
    _kind("restore", Which, _restore),
    _kind("make_link", OfAction, _make_link, Memory.NONE),  # its answer is the link, which is kept nowhere
    _kind("withdraw_link", OfAction, _withdraw_link),
    _kind("remind", Remind, _remind),
]
