"""A region, or a kind of organisation, beside all who answered.

Everything here follows from figures that may be shown already (`tally.by_region`, `tally.by_affiliation`, the counts of the whole), so
nothing can be learnt from it that is withheld there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from conference.core.disclosure import Share, apart
from polls.kinds import Question, ends_of

SPLITS: Final = ("regions", "affiliations")
PAIR: Final = ("region", "kommun")  # the kinds of organisation that the kit holds against each other
LEAST = 20  # answers; of fewer the interval of a share reaches more than twenty points to both sides, and carries no comparison


def beside(question: Question, shown: Mapping[str, Any]) -> dict[str, Any]:
    """A closed tally, with each group of its splits beside the whole, and the regions' own people beside the municipalities'.

    A group whose number of answers is shown gets the cells that differ for certain as ``sure``, and a ``verdict``: ``few`` for too few
    answers, ``chance`` for differences that chance alone may have made, ``carried`` for at least one that it hardly has. Of several
    statements there are those that it agrees about most and least, as ``agreed`` and ``divided``. The difference in a cell is that of the
    two percentages.
    ``gap {a, b, verdict, sure}`` is there when both kinds of `PAIR` are shown.
    """
    splits = {split: [_group(question, group, shown) for group in shown[split]] for split in SPLITS if split in shown}
    kinds = {group["affiliation"]: group for group in shown.get("affiliations", ()) if group["n"] is not None}
    told = _told(*(kinds[kind] for kind in PAIR)) if kinds.keys() >= set(PAIR) else {}
    gap = {"gap": {"a": PAIR[0], "b": PAIR[1], **told}} if told else {}
    return {**shown, **splits, **gap}


def _group(question: Question, group: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    if group["n"] in (None, whole["n"]):  # all who answered are in it: there is nothing to stand beside
        return dict(group)
    told = _told(group, whole)
    return {**group, **told, **(ends_of(question, group["counts"]) if told and question.kind == "scale" else {})}


def _told(part: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What the figures carry. Who is in both makes the test a more careful one."""
    both = [cell for cell, count in part["counts"].items() if count is not None and other["counts"].get(cell) is not None]
    if not both:  # every cell of one of them is withheld
        return {}
    if min(part["n"], other["n"]) < LEAST:
        return {"verdict": "few", "sure": []}
    sure = [cell for cell in both if _differs(part, other, cell)]
    return {"verdict": "carried" if sure else "chance", "sure": sure}


def _differs(part: Mapping[str, Any], other: Mapping[str, Any], cell: str) -> bool:
    """Whether the two intervals have nothing in common."""
    here, there = (Share(one["counts"][cell], one["n"], "").between for one in (part, other))
    return bool(here and there and apart(here, there))
