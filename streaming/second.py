"""The second picture of a lane: an interpreter into sign language, shown beside the first one, as large as the viewer wants it.

It is a lane of its own beside the lane, with the lane's clock and the lane's rules: what is taken into it is listed as everything else
is, the slate stands where there is nothing, and a source that dies comes back by itself. Only its name tells what it is (WCAG 2.2, 1.2.6).
"""

from __future__ import annotations

ENDING = "+sign"  # no region's id has a plus


def sign_of(lane: str) -> str:
    """The second picture of a lane."""
    return lane + ENDING


def is_sign(lane: str) -> bool:
    """Whether it is a second picture."""
    return lane.endswith(ENDING)


def lane_of(lane: str) -> str:
    """The lane that a second picture belongs to; a lane is its own."""
    return lane.removesuffix(ENDING)
