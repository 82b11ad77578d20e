"""How far people agree who have judged something on steps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations


def agreement(counts: Sequence[int]) -> Fraction | None:
    """The agreement A of ordered steps: 1 when all chose one step, 0 when all steps are as common, -1 when half chose each end.

    Unlike the standard deviation it does not take steps for distances, and it does not fall just because all lean towards one end. The
    counts are cut into layers; each is a pattern of empty and filled steps, whose agreement is weighed by the answers that lie in it.
    C. van der Eijk, "Measuring agreement in ordered rating scales", Quality & Quantity 35 (2001), pages 325-341.

    Args:
        counts: answers on each step, in order; at least two steps.

    Returns:
        An exact part; ``None`` of no answers.
    """
    left, n, whole = list(counts), sum(counts), Fraction(0)
    if not n:
        return None
    while any(left):
        filled = tuple(count > 0 for count in left)
        height = min(count for count in left if count)
        whole += _of_pattern(filled) * height * sum(filled)
        left = [count - height if count else 0 for count in left]
    return whole / n


def _of_pattern(filled: Sequence[bool]) -> Fraction:
    steps, chosen = len(filled), sum(filled)
    if chosen == steps:
        return Fraction(0)
    triples = [triple for triple in combinations(filled, 3) if sum(triple) == 2]
    parted = sum(triple == (True, False, True) for triple in triples)
    together = len(triples) - parted
    if not triples:  # one step, with nothing to be apart from
        return Fraction(1)
    unimodal = Fraction((steps - 2) * together - (steps - 1) * parted, (steps - 2) * len(triples))
    return unimodal * (1 - Fraction(chosen - 1, steps - 1))
