"""What slides are drawn with: the colours of the look, the lane, and things that come at a moment.

Everything that comes carries a CSS animation with a delay; `make` winds them by hand, frame by frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT = 1280, 720
LANE_Y = 452  # where the lane enters and leaves the picture on every slide, so that it runs on through the film
LEFT = 80

# Colours by their names in tokens.css.
PAPER, SHEET, SUNK, EDGE = "#f1f5f4", "#ffffff", "#e4ebea", "#6a8085"
INK, INK_SOFT, COMMON, COMMON_SOFT = "#0f252b", "#445960", "#00576a", "#d6eaed"
REGION, REGION_LINE, REGION_INK, ON_REGION = "#f5ae2a", "#c07300", "#6e4200", "#10242a"
DEEP, DEEP_INK, DEEP_SOFT, DEEP_LINE = "#00404f", "#ffffff", "#cfe6ea", "#8fd3dc"

STYLE = """
html,body{margin:0}svg{display:block}
text{font-family:"Samsyn Figures","Atkinson Hyperlegible Next",sans-serif}
.display{font-family:"Familjen Grotesk",sans-serif;font-weight:700;letter-spacing:-.01em}
.draw{stroke-dasharray:1;animation:draw 1s cubic-bezier(.4,0,.2,1) both}
.appear{animation:appear .4s cubic-bezier(.2,0,0,1) both}
.grow{transform-box:fill-box;transform-origin:left;animation:grow .8s cubic-bezier(.2,0,0,1) both}
@keyframes draw{from{stroke-dashoffset:1}to{stroke-dashoffset:0}}
@keyframes appear{from{opacity:0;transform:translateY(10px)}to{opacity:1;transform:none}}
@keyframes grow{from{transform:scaleX(0)}to{transform:none}}
"""


@dataclass(frozen=True)
class Slide:
    """What one slide shows.

    Attributes:
        beats: when each of its captions begins, in seconds from the start of the slide; never empty.
        place: which slide of how many.
    """

    title: str
    lines: Sequence[str]
    diagram: dict[str, Any]
    beats: Sequence[float]
    place: tuple[int, int]

    @property
    def is_first(self) -> bool:
        """Whether it opens the film."""
        return self.place[0] == 0

    @property
    def is_cover(self) -> bool:
        """Whether it opens or closes the film with the bare lane: white on the deep ground."""
        return bool(self.diagram["type"] == "lane" and self.diagram["split"] == 0)

    def beat(self, n: int) -> float:
        """When the n-th thing comes: with its caption, or soon after the last one."""
        late = max(0, n - len(self.beats) + 1)
        return self.beats[min(n, len(self.beats) - 1)] + 0.8 * late


@dataclass(frozen=True)
class Ink:
    """How words are set."""

    size: int
    fill: str = INK
    display: bool = False
    anchor: str = "start"


def text(x: float, y: float, words: str, ink: Ink, at: float | None = None) -> str:
    """Words that come *at* a moment, or stand there from the start."""
    kind = ("display " if ink.display else "") + ("" if at is None else "appear")
    when = "" if at is None else f' style="animation-delay:{at:.2f}s"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{ink.size}" fill="{ink.fill}" text-anchor="{ink.anchor}" '
        f'xml:space="preserve" class="{kind.strip()}"{when}>{escape(words)}</text>'
    )


def path(d: str, colour: str, width: float, at: float, over: float = 1.0) -> str:
    """A line that is drawn from its beginning to its end in *over* seconds."""
    when = f'class="draw" pathLength="1" style="animation-delay:{at:.2f}s;animation-duration:{over}s"'
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" {when}/>'


def group(content: str, at: float) -> str:
    """Things that come together."""
    return f'<g class="appear" style="animation-delay:{at:.2f}s">{content}</g>'


def middle(size: int, fill: str = INK) -> Ink:
    """Names over a place on the line."""
    return Ink(size, fill, display=True, anchor="middle")


def box(x: float, y: float, size: tuple[float, float], fill: str, more: str = "") -> str:
    """A rectangle that stands there."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" fill="{fill}" {more}/>'


def outlined(colour: str, width: int) -> str:
    """What `box` takes to get an edge."""
    return f'rx="3" stroke="{colour}" stroke-width="{width}"'


def bar(x: float, y: float, size: tuple[float, float], fill: str, at: float) -> str:
    """A bar that grows from its left end."""
    return box(x, y, size, fill, f'class="grow" style="animation-delay:{at:.2f}s"')


def straight(begin: float, end: float, at: float = 0.2, over: float = 1.0) -> str:
    """A piece of the lane."""
    return path(f"M{begin:.0f} {LANE_Y}H{end:.0f}", COMMON, 8, at, over)


def station(x: float, at: float, fill: str = SHEET) -> str:
    """A stop on the lane, as in the programme."""
    return group(box(x - 15, LANE_Y - 15, (30, 30), fill, outlined(COMMON, 7)), at)


def flag(x: float, y: float, words: str, at: float) -> str:
    """The name of my region: havtorn, one end turned."""
    width = len(words) * 15 + 46
    shape = f"M{x} {y - 30}h{width - 18}a18 18 0 0 1 18 18v24a18 18 0 0 1 -18 18h-{width - 18}z"
    return group(f'<path d="{shape}" fill="{REGION}"/>' + text(x + 18, y + 10, words, Ink(30, ON_REGION, display=True)), at)
