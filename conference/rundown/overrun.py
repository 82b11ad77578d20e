"""What is done when a region is not ready and all meet again: a rule that was set in advance. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from conference.core.errors import Refused, _
from conference.rundown.rows import BlockRow, RegionRow

Rule: TypeAlias = Literal["hold", "cut", "finish"]
How: TypeAlias = Literal["together", "held", "cut", "late"]

RULES: Final[tuple[Rule, ...]] = ("cut", "hold", "finish")
GRACE_S: Final = 15.0  # how long the others wait for a region whose operator is a little late
LIMIT_MOST_S: Final = 1_800  # half an hour; whoever needs more has another programme


@dataclass(frozen=True, slots=True)
class Overrun:
    """The rule for one region in one block.

    Attributes:
        rule: ``hold``: all wait for it. ``cut``: nobody does, and what it has left is cut. ``finish``: nobody does, and it comes along when
            it is done.
        waits_s: how long the others wait after its slot.
        alone_s: how long after its slot it may go on without the others.
    """

    rule: Rule = "hold"
    waits_s: float = GRACE_S
    alone_s: float = 0.0


def told(rule: str | None, limit_s: int) -> dict[str, object]:
    """A block's rule as its columns have it.

    Raises:
        Refused: ``overrun.unknown_rule``, ``seconds.out_of_range``.
    """
    if rule is not None and rule not in RULES:
        raise Refused("overrun.unknown_rule", _("Välj vad som händer med en region som drar över."))
    if not 0 <= limit_s <= LIMIT_MOST_S:
        raise Refused("seconds.out_of_range", _("Skriv högst %(most)s minuter."), most=LIMIT_MOST_S // 60)
    return {"overrun": rule, "overrun_limit_s": limit_s if rule in {"hold", "finish"} else 0}


def overrun_of(block: BlockRow, region: RegionRow, speed: float) -> Overrun:
    """The rule for a region in a block: the block's own, where it has one, before the region's.

    In a compressed day fifteen seconds are waited for under every rule: people press as fast as they do, at any speed.
    """
    rule, limit_s = (block.overrun, block.overrun_limit_s) if block.overrun else (region.overrun, region.overrun_limit_s)
    most_s, slack_s = max(GRACE_S, float(limit_s)), GRACE_S if speed > 1 else 0.0
    match rule:
        case "cut":
            return Overrun("cut", slack_s)
        case "finish":
            return Overrun("finish", slack_s, most_s)
    return Overrun("hold", most_s)
