"""The cockpit by keyboard: nothing until it is switched on, one's own keys, and never while one writes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser


def at_the_desk(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{peer.address}/pages/cockpit")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)
    expect(page.locator("[data-part=keys]")).to_be_visible()


def asked(peer: Peer) -> list[tuple[str, dict[str, Any]]]:
    return [(wish["do"], wish["args"]) for wish in peer.wishes]


def open_keys(page: Page) -> None:
    page.locator("[data-part=keys] > summary").click()


def press(page: Page, *keys: str) -> None:
    """Press them where nobody writes, and give the page time to ask."""
    page.locator("h2#kor").click()
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(150)


def test_keys_do_nothing_until_they_are_switched_on(page: Page, peer: Peer) -> None:
    at_the_desk(page, peer)
    press(page, "k", "h", "t", "z", "s")
    assert asked(peer) == []

    open_keys(page)
    page.get_by_label("Styr med tangenterna nedan").check()
    if folder := os.environ.get("SAMSYN_LOOK"):
        page.screenshot(path=Path(folder) / "keys.png")
    press(page, "k", "h", "t", "z", "s", "Control+k")
    assert [do for do, _args in asked(peer)] == ["rundown.go", "rundown.hold", "rundown.extend", "rundown.undo", "polls.close"]
    peer.tell("polls.closed", {"poll": "p1", "voting": "closed", "closes_at": None})
    expect(page.locator("[data-poll=p1] [data-part=until]")).to_have_text("Stängd")
    press(page, "r")
    assert asked(peer)[-1][0] == "polls.show"
    assert asked(peer)[-1][1]["to"] == "everyone"


def test_whoever_writes_gives_no_cue(page: Page, peer: Peer) -> None:
    at_the_desk(page, peer)
    open_keys(page)
    page.get_by_label("Styr med tangenterna nedan").check()
    page.locator("[data-part=new-poll] > summary").click()
    page.locator("#np-title").press_sequentially("khtzs")
    assert asked(peer) == []


def test_one_s_own_keys_are_remembered_and_no_two_are_one(page: Page, peer: Peer) -> None:
    at_the_desk(page, peer)
    open_keys(page)
    page.get_by_label("Styr med tangenterna nedan").check()
    page.get_by_label("Kör nästa").fill("g")
    page.get_by_label("Ångra senaste").fill("g")
    expect(page.locator("#keys-why")).to_have_text("Den tangenten används redan.")

    at_the_desk(page, peer)
    press(page, "k", "z", "g")
    assert [do for do, _args in asked(peer)] == ["rundown.go"]
