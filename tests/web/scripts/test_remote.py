"""The remote control in a moderator's hand: it follows the day, and its buttons are large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import stamp
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser
LEAST_PX = 44  # a thumb; WCAG 2.5.5


def test_it_follows_the_day_and_asks_for_what_is_pressed(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{peer.address}/pages/remote")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)
    peer.tell("rundown.given", {"item": "b", "cue": "c2", "next": {"cue": "c3", "do": "open_chat", "title": "x", "by": "hand"}})
    expect(page.locator("[data-part=now]")).to_have_text("Inslag b")
    expect(page.locator("[data-part=go-title]")).to_have_text("Öppna chatten")

    page.get_by_role("button", name="KÖR").click()
    page.get_by_role("button", name="+2 min").click()
    page.get_by_role("button", name="Håll").click()
    peer.tell("rundown.held", {"hold": True})
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("button", name="Stäng omröstningen").click()
    peer.tell("polls.closed", {"poll": "p1", "voting": "closed", "closes_at": None, "at": stamp()})
    page.get_by_role("button", name="Scenen").last.click()
    expect(page.locator("[data-part=state]")).not_to_have_text("")

    sizes = page.locator("#remote button:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    if folder := os.environ.get("SAMSYN_LOOK"):
        page.screenshot(path=Path(folder) / "remote.png", full_page=True)
    asked = [(wish["do"], wish["args"]) for wish in peer.wishes]
    assert asked[:2] == [("rundown.go", {"after": "c2"}), ("rundown.extend", {"seconds": 120})]
    assert [do for do, _args in asked[2:]] == ["rundown.hold", "rundown.resume", "polls.close", "polls.show"]
    assert asked[-1][1]["to"] == "stage"
    assert min(sizes) >= LEAST_PX
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
