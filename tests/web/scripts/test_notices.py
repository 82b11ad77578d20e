"""What whoever runs the day is told of the house, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser


def test_the_cockpit_says_what_is_wrong_with_the_house_and_that_it_is_over(page: Page, peer: Peer) -> None:
    page.goto(f"{peer.address}/pages/cockpit")
    unsaved, slowed = page.locator("[data-notice=unsaved]"), page.locator("[data-notice=slowed]")
    expect(page.locator("[data-connection]").first).to_have_text("Ansluten")
    expect(unsaved).to_be_hidden()
    expect(slowed).to_be_hidden()

    peer.tell("house.told", {"unsaved": True, "slowed": 1200})
    expect(unsaved).to_contain_text("Inget kan sparas just nu.")
    expect(slowed).to_contain_text("1\u00a0200 försök att gå med")

    peer.tell("house.told", {"unsaved": None, "slowed": 1201})
    expect(unsaved).to_be_hidden()
    expect(slowed).to_contain_text("1\u00a0201 försök")

    peer.tell("house.told", {"unsaved": None, "slowed": None})
    expect(slowed).to_be_hidden()
