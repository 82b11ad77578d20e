"""The big screen of a hall: all of it in sight, nothing over anything else, and no text too small to read from the back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import options, stamp, state
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1920, 1080)]
SMALLEST_PX = 24.0  # at 720 lines, a thirtieth of the height: legible at eight times the picture's height
TEXTS = ("Tiden räcker inte till", "Tekniken strular för ofta", "Ingen vet vem som äger frågan", "Det saknas utbildning", "Annat")
MEASURED = """() => {
  const seen = (one) => one.checkVisibility() && one.closest(".visually-hidden") === null;
  const walker = document.createTreeWalker(document.getElementById("screen"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { left, top, right, bottom } = range.getBoundingClientRect();
    texts.push({ text: data.trim(), px: parseFloat(getComputedStyle(parent).fontSize), left, top, right, bottom });
  }
  const whole = "h1, h2, p, li, .qr, .brand, .lane-tag";
  const boxed = [...document.querySelectorAll(`#screen :is(${whole})`)].filter((one) => seen(one) && !one.querySelector(whole));
  const boxes = boxed.map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { text: one.textContent.trim(), left, top, right, bottom };
  });
  const root = document.documentElement;
  return { texts, boxes, wide: root.scrollWidth, high: root.scrollHeight };
}"""


def five_options(**fields: Any) -> dict[str, Any]:
    """A poll with as many answers as a moderator puts on a hall's screen, and long ones."""
    asked = [{**one, "option": name} for one, name in zip(options(*TEXTS), "abcde", strict=True)]
    about = {"poll": "p5", "kind": "choice", "title": "Vad hindrar er mest från att arbeta digitalt i dag?", "help": "", "most": 1}
    return {**about, "options": asked, "round": 1, "scope": "country", "mine": None, **fields}


def again() -> dict[str, Any]:
    """It was asked twice, and how the answers moved stands in its result."""
    cells = {name: {"before": 20, "after": after, "sure": name == "a"} for name, after in zip("abcde", (41, 25, 19, 10, 5), strict=True)}
    tally = {"n": 1001, "behind": 1460, "counts": {"a": 412, "b": 250, "c": 188, "d": 97, "e": 54}}
    return five_options(voting="closed", result="stage", round=2, tally={**tally, "shift": {"round": 1, "n": 998, "cells": cells}})


def result(*, hands: bool) -> dict[str, Any]:
    """It is closed and on stage, with hands or without."""
    counts = {"a": 412, "b": 250, "c": 188, "d": 97, "e": 54}
    up = {"hands": {"n": 86, "screens": 9, "counts": {"a": 40, "b": 20, "c": 14, "d": 8, "e": 4}}} if hands else {}
    return five_options(voting="closed", result="stage", tally={"n": 1001, "behind": 1460, "counts": counts, **up})


def shown(page: Page, peer: Peer, poll: dict[str, Any], size: tuple[int, int]) -> dict[str, Any]:
    """The hall's screen with a poll on it, measured."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    closes = {"closes_at": stamp(3)} if poll["voting"] == "open" else {}  # counted from now, not from when the tests were collected
    peer.state = state(polls=[{**poll, **closes}])
    page.goto(f"{peer.address}/pages/screen")
    expect(page.locator("#screen h1:visible")).to_have_text(poll["title"])
    page.evaluate("document.fonts.ready")
    if folder := os.environ.get("SAMSYN_LOOK"):
        page.screenshot(path=Path(folder) / f"hall-{poll['voting']}-{poll['round']}-{'hands' in poll.get('tally', {})}-{size[1]}.png")
    measured: dict[str, Any] = page.evaluate(MEASURED)
    return measured


def over(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boxes lie over each other."""
    beside = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
    return not (beside or one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "poll",
    [result(hands=False), result(hands=True), again(), five_options(voting="open", result="hidden")],
    ids=["result", "hands", "again", "vote"],
)
def test_all_of_it_is_in_sight_and_can_be_read_from_the_back(page: Page, peer: Peer, poll: dict[str, Any], size: tuple[int, int]) -> None:
    measured = shown(page, peer, poll, size)
    texts, boxes = measured["texts"], measured["boxes"]

    assert (measured["wide"], measured["high"]) == size
    assert [one["text"] for one in texts if one["px"] < SMALLEST_PX] == []
    assert [one["text"] for one in texts if one["left"] < 0 or one["right"] > size[0] or one["bottom"] > size[1]] == []
    assert [(one["text"], other["text"]) for n, one in enumerate(boxes) for other in boxes[:n] if over(one, other)] == []
    assert {*TEXTS} <= {one["text"] for one in texts}
