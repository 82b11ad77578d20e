"""People before a screen, with telephones or with a hand in the air."""

from __future__ import annotations

from conference.library.kits.national.films.pen import (
    COMMON,
    COMMON_SOFT,
    INK,
    INK_SOFT,
    LANE_Y,
    SHEET,
    WIDTH,
    Ink,
    Slide,
    box,
    group,
    outlined,
    straight,
    text,
)

SCREEN_X, SCREEN_Y, SCREEN_WIDTH = 620, LANE_Y - 196, 560
ROWS_Y = {1: [132], 2: [96, 156], 3: [72, 126, 180]}  # where rows stand on the screen, by how many they are


def _person(x: float, at: float, *, hand: bool, phone: bool) -> str:
    y = LANE_Y
    arm = f'<path d="M{x + 16} {y + 84}q14-10 12-42" fill="none" stroke="{COMMON}" stroke-width="10" stroke-linecap="round"/>'
    held = box(x - 9, y + 98, (18, 30), SHEET, outlined(INK, 4))
    head = f'<circle cx="{x}" cy="{y + 66}" r="18" fill="{COMMON}"/>'
    body = f'<path d="M{x - 30} {y + 142}v-18a30 34 0 0 1 60 0v18z" fill="{COMMON}"/>'
    return group((arm if hand else "") + head + body + (held if phone else ""), at)


def _tile(x: float, y: float, size: float) -> str:
    """A square to point a telephone at; drawn, so that nobody follows it."""
    rows, step = ("###.#", "#.##.", "###.#", ".#.#.", "#.#.#"), size / 5
    dark = [(c, r) for r, row in enumerate(rows) for c, mark in enumerate(row) if mark == "#"]
    return "".join(box(x + c * step, y + r * step, (step, step), INK) for c, r in dark)


def screen(slide: Slide) -> str:
    """Rows on a screen that the lane leads into, and the people before it."""
    shown, people = slide.diagram, slide.diagram["people"]
    has_tile = "phones" in shown
    frame = box(SCREEN_X, SCREEN_Y, (SCREEN_WIDTH, 216), SHEET, outlined(INK, 7))
    parts = [straight(0, SCREEN_X, 0.2, 0.9), straight(SCREEN_X + SCREEN_WIDTH, WIDTH, 0.9, 0.5), group(frame, 0.3)]
    if has_tile:
        parts.append(group(_tile(SCREEN_X + 40, SCREEN_Y + 42, 132), slide.beat(0)))
    rows = [(n, y, row) for n, (y, row) in enumerate(zip(ROWS_Y[len(shown["rows"])], shown["rows"], strict=True))]
    for n, y, row in rows:
        is_large = len(rows) == 1 or (n == 1 and len(rows) == 3)
        ink = Ink(46 if is_large else 33, INK if is_large or has_tile else INK_SOFT, display=is_large)
        parts.append(text(SCREEN_X + (210 if has_tile else 40), SCREEN_Y + y, row, ink, slide.beat(n) + 0.3))
    if people == 1:
        return "".join(parts) + _portrait(SCREEN_X + SCREEN_WIDTH - 110, slide.beat(0) + 1.0)
    return "".join(parts) + _audience(slide, people, shown.get("hands", 0), shown.get("phones", 0))


def _audience(slide: Slide, people: int, hands: int, phones: int) -> str:
    middle = SCREEN_X + SCREEN_WIDTH / 2
    seats = [middle + (n - (people - 1) / 2) * 80 for n in range(people + 1)]
    parts = [_person(x, 0.8 + 0.1 * n, hand=n >= people - hands, phone=n < phones) for n, x in enumerate(seats[:people])]
    if not phones:  # one more comes in, and the number is changed
        late = slide.beat(0) + 3.2
        row = slide.diagram["rows"][0].replace(str(people), str(people + 1))
        over = box(SCREEN_X + 30, SCREEN_Y + 80, (SCREEN_WIDTH - 60, 80), SHEET)
        parts.append(_person(seats[people], late - 0.8, hand=False, phone=False))
        parts.append(group(over + text(SCREEN_X + 40, SCREEN_Y + ROWS_Y[1][0], row, Ink(46, display=True)), late))
    return "".join(parts)


def _portrait(x: float, at: float) -> str:
    y = SCREEN_Y + 40
    head = f'<circle cx="{x}" cy="{y + 50}" r="27" fill="{COMMON}"/>'
    body = f'<path d="M{x - 46} {y + 136}v-14a46 44 0 0 1 92 0v14z" fill="{COMMON}"/>'
    return group(box(x - 66, y, (132, 136), COMMON_SOFT) + head + body, at)
