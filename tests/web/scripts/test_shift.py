"""A poll that was asked again on a phone, and ideas that the cockpit puts to everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import closed, options, state
from tests.web.scripts.peer import Peer
from tests.web.scripts.test_hands import pictured
from tests.web.scripts.test_live import watch

pytestmark = pytest.mark.browser

MOVED = {"round": 1, "n": 20, "cells": {"a": {"before": 20, "after": 75, "sure": True}, "b": {"before": 80, "after": 25, "sure": False}}}


def test_a_phone_shows_both_rounds_in_bars_in_words_and_as_a_table(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    watch(page, peer)
    told = {"n": 20, "behind": 20, "counts": {"a": 15, "b": 5}, "shift": MOVED}
    peer.tell(
        "polls.closed", {"poll": "p1", "voting": "closed", "result": "everyone", "round": 2, "mine": None, "hands": None, "tally": told}
    )
    card = page.locator("[data-poll=p1]")

    expect(card.locator("[data-part=moved]").first).to_have_text("20 % i omgång 1")
    expect(card.locator("[data-part=earlier] rect").first).to_have_attribute("width", "20%")
    expect(card.locator("[data-part=shift-text]")).to_have_text(
        "Omgång 2 jämförd med omgång 1, som hade 20 svar. Siffrorna räcker för att säga att det skiljer: Tid."
    )
    pictured(page, "shift")
    card.get_by_text("Visa som tabell").click()
    expect(card.locator("[data-part=shift-rows] tr").first).to_have_text("Tid20 %75 %+55")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_only_a_closed_collection_of_ideas_offers_to_be_backed_from_the_cockpit(page: Page, peer: Peer) -> None:
    ideas = closed("p-ideas", kind="ideas", options=options(), tally={"n": 9, "behind": 9, "counts": {}})
    page.set_viewport_size({"width": 1280, "height": 800})
    peer.state = state(polls=[ideas, closed()])
    page.goto(f"{peer.address}/pages/cockpit")
    offers = page.locator("[data-part=let-back]:visible").get_by_role("button")

    expect(offers).to_have_count(1)
    offers.click()
    page.wait_for_timeout(500)
    assert [wish["args"] for wish in peer.wishes if wish["do"] == "polls.let_back"] == [{"poll": "p-ideas"}]
