"""The staff channel in the cockpit: after a long time away there is no hole in what was said."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import WORDS, stamp
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser


def words(first: int, last: int) -> dict[str, Any]:
    """A page of the channel."""
    return {"words": [{**WORDS[0], "n": n, "text": f"Ord {n}"} for n in range(first, last + 1)]}


def test_who_was_away_for_more_than_a_page_gets_all_of_it_by_asking_for_older(page: Page, peer: Peer) -> None:
    peer.state["channels"] = [{"channel": "national", "n": 50, "at": stamp()}]
    peer.gives["backstage.page"] = words(1, 50)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{peer.address}/pages/cockpit")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)
    panel, rows = page.locator("[data-part=backstage]"), page.locator("[data-part=backstage-rows] > li [data-part=text]")
    panel.locator("> summary").click()
    expect(rows).to_have_text([f"Ord {n}" for n in range(1, 51)])
    panel.locator("> summary").click()

    peer.tell("backstage.said", {"channel": "national", "n": 130, "at": stamp()})
    expect(page.locator("[data-part=backstage-unread]")).to_have_text("80 nya")
    peer.gives["backstage.page"] = words(81, 130)
    panel.locator("> summary").click()
    expect(rows).to_have_text([f"Ord {n}" for n in range(81, 131)])
    peer.gives["backstage.page"] = words(31, 80)
    page.get_by_role("button", name="Visa äldre").click()

    expect(rows).to_have_text([f"Ord {n}" for n in range(31, 131)])
