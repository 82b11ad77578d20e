"""The diagram of each slide: the lane straight, parted and met, stations, bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conference.library.kits.national.films.pen import (
    COMMON,
    COMMON_SOFT,
    DEEP_LINE,
    EDGE,
    INK,
    INK_SOFT,
    LANE_Y,
    LEFT,
    REGION,
    REGION_INK,
    REGION_LINE,
    SHEET,
    SUNK,
    WIDTH,
    Ink,
    Slide,
    bar,
    box,
    flag,
    group,
    middle,
    outlined,
    path,
    station,
    straight,
    text,
)
from conference.library.kits.national.films.people import screen

LABEL = middle(31, COMMON)
REGIONS, MINE = 21, 8  # the line splits in twenty-one; which of them is ours
MANY_Y = [LANE_Y - 170 + 15 * n for n in range(REGIONS)]


def lane(slide: Slide) -> str:
    """The lane itself: straight, or split."""
    split = slide.diagram["split"]
    if split == 0:
        return _cover(slide)
    if split < REGIONS:
        return _visits(slide) if split > 1 else _branch(slide)
    return _meeting(slide) if slide.diagram["returns"] else _parting(slide)


def _cover(slide: Slide) -> str:
    turn = f"M640 {LANE_Y}h56a44 44 0 0 0 44-44v-14a44 44 0 0 1 44-44h168a44 44 0 0 1 44 44v14a44 44 0 0 0 44 44h56"
    mine = path(turn, REGION, 14, 0.9, 1.4) if slide.is_first else ""
    return mine + path(f"M0 {LANE_Y}H{WIDTH}", DEEP_LINE, 14, 0.2, 2.0)


def _parting(slide: Slide) -> str:
    def way(y: float) -> str:
        return f"M300 {LANE_Y}C430 {LANE_Y} 480 {y} 620 {y}H{WIDTH}"

    at = slide.beat(1)
    others = "".join(path(way(y), EDGE, 2, at, 1.6) for n, y in enumerate(MANY_Y) if n != MINE)
    mine = path(way(MANY_Y[MINE]), REGION_LINE, 9, at + 0.2, 1.6)
    return others + mine + straight(0, 304) + flag(900, MANY_Y[MINE], slide.diagram["label_out"], at + 2.0)


def _meeting(slide: Slide) -> str:
    def way(y: float) -> str:
        return f"M0 {y}H320C460 {y} 510 {LANE_Y} 640 {LANE_Y}"

    others = "".join(path(way(y), EDGE, 2, 0.2, 1.8) for n, y in enumerate(MANY_Y) if n != MINE)
    mine = path(way(MANY_Y[MINE]), REGION_LINE, 9, 0.3, 1.8)
    label = text(950, LANE_Y - 34, slide.diagram["label_back"], middle(40, COMMON), 2.4)
    return others + mine + straight(636, WIDTH, 1.7, 1.2) + label


def _house(x: float, y: float, at: float) -> str:
    walls = f'<path d="M{x - 34} {y}v-38l34-30l34 30v38z" fill="{SHEET}" stroke="{INK}" stroke-width="5" stroke-linejoin="round"/>'
    return group(walls + f'<path d="M{x - 8} {y - 2}v-24h16v24z" fill="{REGION}"/>', at)


def _branch(slide: Slide) -> str:
    """One way out to a house and back; the stops before it stand close."""
    stops = "".join(station(110 + 70 * n, 0.5 + 0.08 * n) for n in range(6))
    way = f"M560 {LANE_Y}h40a40 40 0 0 0 40-40v-8a40 40 0 0 1 40-40h260a40 40 0 0 1 40 40v8a40 40 0 0 0 40 40h40"
    out, back = slide.beat(0) + 1.2, slide.beat(1) + 1.5
    names = text(810, LANE_Y - 180, slide.diagram["label_out"], middle(31, REGION_INK), out + 0.9)
    names += text(1120, LANE_Y + 68, slide.diagram["label_back"], LABEL, back)
    house = _house(810, LANE_Y - 92, out + 0.7)
    return straight(0, WIDTH, 0.2, 1.4) + stops + path(way, REGION_LINE, 8, out, 1.4) + house + station(1120, back, COMMON) + names


def _visits(slide: Slide) -> str:
    """Several short ways out to houses and back to the line."""
    count, parts = slide.diagram["split"], [straight(0, WIDTH, 0.2, 1.4)]
    for n in range(count):
        x, at = 520 + 150 * n, slide.beat(0) + 1.0 + 0.4 * n
        way = f"M{x - 52} {LANE_Y}h12a28 28 0 0 0 28-28v-42m24 0v42a28 28 0 0 0 28 28h12"
        parts.append(path(way, REGION_LINE, 7, at, 0.8) + _house(x, LANE_Y - 68, at + 0.3))
    parts.append(text(820, LANE_Y - 156, slide.diagram["label_out"], middle(31, REGION_INK), slide.beat(0) + 1.2))
    return "".join(parts) + station(210, 0.9, COMMON) + text(210, LANE_Y + 68, slide.diagram["label_back"], LABEL, 1.0)


def code(slide: Slide) -> str:
    """The lane begins in a code field; the figures come one by one."""
    parts = [straight(LEFT + 100 * slide.diagram["digits"] - 12, WIDTH, slide.beat(1), 1.4)]
    for n, digit in enumerate("482177"):
        x = LEFT + 100 * n
        parts.append(box(x, LANE_Y - 62, (88, 124), SHEET, outlined(EDGE, 3)))
        parts.append(text(x + 44, LANE_Y + 28, digit, middle(78), slide.beat(0) + 2.2 + 0.4 * n))
    return "".join(parts)


def steps(slide: Slide) -> str:
    """Stations on the lane, one after the other; or three ways that part and meet."""
    if "branches" in slide.diagram:
        return _ways(slide)
    names = [*([slide.diagram["from"]] if "from" in slide.diagram else []), *slide.diagram["steps"]]
    parts = [straight(0, WIDTH, 0.2, 1.6)]
    for n, name in enumerate(names):
        x = 640 + (n - (len(names) - 1) / 2) * 330
        at = slide.beat(n) + (0.3 if n < len(slide.beats) else 0.6)
        is_last = n == len(names) - 1
        parts.append(station(x, at, COMMON if is_last else SHEET) + text(x, LANE_Y - 44, name, middle(44), at))
    return "".join(parts)


def _ways(slide: Slide) -> str:
    parts = [straight(0, 470), station(250, 0.9), text(250, LANE_Y - 44, slide.diagram["from"], middle(38), 0.9)]
    for n, name in enumerate(slide.diagram["branches"]):
        y, at = LANE_Y + (n - 1) * 96, slide.beat(1) + 0.2 + 0.8 * n
        parts.append(path(f"M466 {LANE_Y}C530 {LANE_Y} 540 {y} 610 {y}H950C1020 {y} 1030 {LANE_Y} 1094 {LANE_Y}", COMMON, 8, at, 0.9))
        parts.append(text(780, y - 18, name, middle(36), at + 0.4))
    return "".join(parts) + straight(1090, WIDTH, slide.beat(1) + 3.2, 0.5)


def line(slide: Slide) -> str:
    """A few measurements far apart; between them nobody knows."""
    points = slide.diagram["points"]
    dashed = f'<path d="M0 {LANE_Y}H{WIDTH}" stroke="{COMMON}" stroke-width="8" stroke-dasharray="6 20" fill="none"/>'
    parts = [group(dashed, 0.3)]
    for n, (_, name) in enumerate(zip(points, slide.diagram["x_labels"], strict=True)):
        x, at = 190 + 300 * n, slide.beat(1) + 0.5 * n
        parts.append(station(x, at, COMMON) + text(x, LANE_Y + 72, name, Ink(31, INK_SOFT, anchor="middle"), at))
    return "".join(parts)


def pair(slide: Slide) -> str:
    """Two lines that meet in a point."""
    parts = []
    for n, (name, up) in enumerate([(slide.diagram["a"], -96), (slide.diagram["b"], 96)]):
        y = LANE_Y + up
        colour = REGION_LINE if n == 0 else COMMON
        parts.append(path(f"M0 {y}H300C460 {y} 520 {LANE_Y} 640 {LANE_Y}", colour, 8, 0.3, 1.6))
        parts.append(text(LEFT + 40, y - 22, name, Ink(36, REGION_INK if n == 0 else COMMON, display=True), 0.6))
    meet = text(690, LANE_Y - 44, slide.diagram["meet"], Ink(44, display=True), 2.4)
    return "".join(parts) + straight(636, WIDTH, 1.8, 1.0) + station(640, 2.2) + meet


def bars(slide: Slide) -> str:
    """Numbers with their base: people as strokes along the lane, or two bars with what is gone between them."""
    return _strokes(slide.diagram, slide) if "base" in slide.diagram else _lengths(slide.diagram, slide)


def _strokes(shown: dict[str, Any], slide: Slide) -> str:
    first, second = shown["bars"]
    step = 780 / shown["base"]
    parts = [straight(0, WIDTH, 0.2, 1.2)]
    for n in range(shown["base"]):
        inside = n < first["value"]
        x, at = LEFT + 10 + n * step, slide.beat(0) + 0.6 + 0.05 * n if inside else slide.beat(1) + 0.05 * (n - first["value"])
        parts.append(path(f"M{x:.1f} {LANE_Y}v{-84 if inside else 84}", COMMON, 9, at, 0.3))
    for each, up, at in ((first, -1, slide.beat(0) + 1.6), (second, 1, slide.beat(1) + 0.6)):
        y = LANE_Y - 40 if up < 0 else LANE_Y + 82
        parts.append(text(890, y, str(each["value"]), Ink(68, display=True), at))
        parts.append(text(980, y - 6, each["label"], Ink(29, INK_SOFT), at))
    return "".join(parts) + text(LEFT, LANE_Y - 112, f"{shown['base']} {shown['base_label']}", Ink(31, INK_SOFT), slide.beat(0) + 0.4)


def _lengths(shown: dict[str, Any], slide: Slide) -> str:
    most, parts = max(each["value"] for each in shown["bars"]), []
    for n, each in enumerate(shown["bars"]):
        y, at = LANE_Y - 112 + 124 * n, slide.beat(n) + 0.5
        width = 900 * each["value"] / most
        parts.append(box(LEFT, y, (900, 58), SUNK if n == 0 else COMMON_SOFT))
        parts.append(bar(LEFT, y, (width, 58), COMMON, at) + text(LEFT, y - 14, each["label"], Ink(31)))
        parts.append(text(1010, y + 52, str(each["value"]), Ink(68, display=True), at + 0.4))
    return "".join(parts) + text(LEFT, LANE_Y + 112, shown["unit"], Ink(29, INK_SOFT), 0.5)


DIAGRAMS: dict[str, Callable[[Slide], str]] = {
    "lane": lane, "code": code, "screen": screen, "steps": steps, "line": line, "pair": pair, "bars": bars,
}  # fmt: skip
