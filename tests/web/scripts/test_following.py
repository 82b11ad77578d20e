"""Another lane than one's own on the live page and in the hall: chosen, said, counted down to, and undone, on the page one is on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import AXE
from tests.web.scripts.contexts import YOU, item, stamp, state
from tests.web.scripts.peer import Peer
from tests.web.scripts.test_live import watch
from tests.web.scripts.test_pages import SIDEWAYS, VIOLATIONS

pytestmark = pytest.mark.browser

TURN = "[data-part=crossing]"
FOLLOWED = "[data-part=followed]"
LANE = {"r-sundmark": "Region Sundmark", "r-norrvik": "Region Norrvik", "national": "Gemensamt"}


def on_lane(lane: str, *, away: bool = False) -> dict[str, Any]:
    """Half a minute before the regions part, or before they meet, as seen on a lane by somebody of Region Norrvik."""
    parted = [item("a", -20, 10, state="done"), item("b", -9, 9.5, regional=True, state="now"), item("c", 0.5, 20)]
    together = [item("a", -20, 20.5, state="now"), item("b", 0.5, 20, regional=True), item("c", 20.5, 20)]
    now = {"item": "b", "returns": {"at": stamp(0.5), "how": "together"}} if away else {"item": "a"}
    shown = {"lane": lane, "kind": "film", "source": "f", "title": "F", "since": stamp(-1)}
    return state(programme=parted if away else together, now=now, you={**YOU, "lane": lane}, lane=shown)


def moved(peer: Peer, to: dict[str, Any]) -> None:
    """The server has moved the person to another lane, and welcomes all of its screens anew."""
    peer.state = to
    peer.say({"welcome": {"epoch": "e1", "seq": peer.seq, "state": to}})


def asked(peer: Peer) -> list[dict[str, Any]]:
    return [wish["args"] for wish in peer.wishes if wish["do"] == "people.follow"]


def test_one_stays_with_the_common_programme_and_comes_back_without_leaving_the_page(page: Page, peer: Peer) -> None:
    peer.state = on_lane("r-norrvik")
    watch(page, peer)
    page.evaluate("window.here = true")
    expect(page.locator(TURN)).to_contain_text("Vi går över till Region Norrvik")
    expect(page.locator("[data-part=crossing-time]")).to_have_text(re.compile(r"^0:[0-3]\d$"))
    expect(page.locator(FOLLOWED)).to_be_hidden()

    page.get_by_role("button", name="Stanna i det gemensamma").click()
    expect(page.locator(TURN)).to_be_visible()
    moved(peer, on_lane("national") | {"rooms": [{"room": "r-norrvik", "open": True}]})

    expect(page.locator(FOLLOWED)).to_contain_text("Du följer det gemensamma.")
    expect(page.locator(TURN)).to_be_hidden()
    expect(page.locator("[data-part=chat-where]")).to_have_text("Region Norrvik")

    page.get_by_role("button", name="Tillbaka till Region Norrvik").click()
    moved(peer, on_lane("r-norrvik"))

    expect(page.locator(FOLLOWED)).to_be_hidden()
    expect(page.locator(TURN)).to_be_visible()
    assert (asked(peer), page.evaluate("window.here")) == ([{"lane": "national"}, {"lane": None}], True)


def test_another_region_is_chosen_beside_ones_own_details(page: Page, peer: Peer) -> None:
    watch(page, peer)
    page.get_by_text("Du och din skärm").click()
    choice = page.get_by_label("Följ i bild")
    expect(choice).to_have_value("r-norrvik")
    choice.select_option("r-sundmark")
    page.get_by_role("button", name="Följ", exact=True).click()
    moved(peer, on_lane("r-sundmark"))

    expect(page.locator(FOLLOWED)).to_contain_text("Du följer Region Sundmark.")
    page.set_viewport_size({"width": 320, "height": 844})
    page.evaluate(AXE.read_text() + ";0")
    assert (page.evaluate(VIOLATIONS), page.evaluate(SIDEWAYS)) == ([], 0)
    expect(page.locator("#you-region")).to_have_value("r-norrvik")
    assert asked(peer) == [{"lane": "r-sundmark"}]


@pytest.mark.parametrize("lane", ["r-norrvik", "r-sundmark"])
def test_the_way_out_and_back_is_counted_down_to_for_the_lane_that_one_looks_at(page: Page, peer: Peer, lane: str) -> None:
    peer.state = on_lane(lane)
    watch(page, peer)
    expect(page.locator(TURN)).to_contain_text(f"Vi går över till {LANE[lane]}")
    expect(page.locator("[data-part=crossing-time]")).to_have_text(re.compile(r"^0:[0-3]\d$"))

    moved(peer, on_lane(lane, away=True))

    expect(page.locator(TURN)).to_contain_text("Sedan åter till det gemensamma")
    expect(page.locator("[data-part=crossing-time]")).to_have_text(re.compile(r"^0:[0-3]\d$"))
    expect(page.locator("[data-part=lane-tag]")).to_have_text(LANE[lane])


def test_who_has_a_role_is_offered_no_other_lane(page: Page, peer: Peer) -> None:
    peer.state = state(you={**YOU, "roles": ["moderator"]})
    watch(page, peer)
    page.get_by_text("Du och din skärm").click()

    expect(page.locator("[data-part=follow-form]")).to_be_hidden()
    expect(page.locator("[data-part=crossing-stay]")).to_be_hidden()


@pytest.mark.parametrize(
    ("region", "to", "words"),
    [
        ("r-sundmark", "regions", "Vi går över till Region Sundmark"),
        (None, "regions", "Vi går över till regionerna"),
        ("r-sundmark", "national", "Vi är snart tillbaka i det gemensamma"),
    ],
)
def test_the_hall_counts_down_for_its_lane(page: Page, peer: Peer, region: str | None, to: str, words: str) -> None:
    lane = region or "national"
    now = {"item": "a", "countdown": {"to": to, "ends_at": stamp(0.5)}}
    peer.state = state(you={**YOU, "roles": ["screen"], "region": region, "lane": lane}, now=now, polls=[], questions=[])
    page.goto(f"{peer.address}/pages/screen")

    expect(page.locator("[data-part=slate-text]")).to_have_text(words, timeout=30_000)
    expect(page.locator("[data-part=countdown]")).to_have_text(re.compile(r"^0:[0-3]\d$"))
