"""One's own region beside the whole country: on a phone, in a hall, and for the cockpit as a table."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import closed, state
from tests.web.scripts.peer import Peer
from tests.web.scripts.test_hands import pictured
from tests.web.scripts.test_live import watch

pytestmark = pytest.mark.browser

TALLY: dict[str, Any] = {
    "n": 100,
    "behind": 100,
    "counts": {"a": 50, "b": 50},
    "regions": [
        {"region": "r-norrvik", "n": 40, "counts": {"a": 32, "b": 8}, "verdict": "carried", "sure": ["a", "b"]},
        {"region": "r-sundmark", "n": None, "counts": {"a": None, "b": None}},
    ],
    "affiliations": [
        {"affiliation": "kommun", "n": 50, "counts": {"a": 20, "b": 30}, "verdict": "chance", "sure": []},
        {"affiliation": "region", "n": 50, "counts": {"a": 30, "b": 20}, "verdict": "chance", "sure": []},
    ],
    "gap": {"a": "region", "b": "kommun", "verdict": "chance", "sure": []},
}
OWN = (
    "Region Norrvik (n = 40) bredvid alla som svarat (n = 100): Tid 80 % mot 50 %, +30 procentenheter; "
    "Teknik 20 % mot 50 %, \N{MINUS SIGN}30 procentenheter. Siffrorna räcker för att säga att det skiljer: Tid, Teknik."
)

GAP = (
    "Region, som verksamhet (n = 50) bredvid Kommun (n = 50): Tid 60 % mot 40 %, +20 procentenheter; "
    "Teknik 40 % mot 60 %, \N{MINUS SIGN}20 procentenheter. Skillnaderna kan bero på slumpen."
)


def test_a_phone_says_how_the_own_region_stands_beside_all_and_what_that_carries(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    watch(page, peer)
    peer.tell(
        "polls.closed", {"poll": "p1", "voting": "closed", "result": "everyone", "round": 1, "mine": None, "hands": None, "tally": TALLY}
    )
    card = page.locator("[data-poll=p1]")

    expect(card.locator("[data-part=own]")).to_have_text(OWN)
    card.get_by_text("Visa som tabell").click()
    expect(card.locator("[data-part=region-rows] tr")).to_have_text(
        [
            "Region Norrvik4080 % (+30)20 % (\N{MINUS SIGN}30)",
            "Region Sundmarkvisas intevisas intevisas inte",
            "Kommun5040 % (\N{MINUS SIGN}10)60 % (+10)",
            "Region, som verksamhet5060 % (+10)40 % (\N{MINUS SIGN}10)",
            "Alla som svarat10050 %50 %",
        ]
    )
    expect(card.locator("[data-part=beside] li")).to_have_text(
        [
            GAP,
            "Region Norrvik (n = 40): Siffrorna räcker för att säga att det skiljer: Tid, Teknik.",
            "Kommun (n = 50): Skillnaderna kan bero på slumpen.",
            "Region, som verksamhet (n = 50): Skillnaderna kan bero på slumpen.",
        ]
    )
    pictured(page, "beside")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_hall_of_a_region_says_the_same_and_one_of_the_country_nothing(page: Page, peer: Peer) -> None:
    staged = closed(result="stage", tally=TALLY)
    for region, count in (("r-norrvik", 1), (None, 0)):
        fresh = state(polls=[staged])
        peer.state = {**fresh, "you": {**fresh["you"], "region": region}}
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{peer.address}/pages/screen")
        expect(page.get_by_text("Tid", exact=True).first).to_be_visible()
        expect(page.locator("[data-part=own]:visible")).to_have_count(count)
