"""What somebody sees in passing is true, stays where it is, and is not asked twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import YOU, stamp, state
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser

LONG = "Vet du vem du ska kontakta i den andra organisationen när en person går från sjukhus till hem, och vem frågar du annars?"


def day(how: str, begins: float) -> dict[str, Any]:
    """The day, so many minutes before or after its beginning."""
    return {**state()["day"], "state": how, "starts_at": stamp(begins)}


def upcoming(title: str) -> dict[str, Any]:
    """What comes next."""
    return {"now": {**state()["now"], "next": {"cue": "c2", "do": "open_poll", "title": "x", "what": title, "by": "hand"}}}


def test_a_question_that_was_skipped_is_not_asked_again_when_the_page_is_loaded_anew(page: Page, peer: Peer) -> None:
    peer.state = state(you={**YOU, "region": None, "lane": "national"})
    page.goto(f"{peer.address}/pages/live")
    page.locator("[data-part=where-skip]").click()
    expect(page.locator("[data-part=where]")).to_be_hidden()

    page.reload()
    expect(page.locator("[data-connection]").first).to_have_text("Ansluten")
    expect(page.locator("[data-part=where]")).to_be_hidden()


def test_the_lobby_names_the_day_and_says_soon_when_it_is_late(page: Page, peer: Peer) -> None:
    peer.state = state(day=day("published", 3 * 24 * 60))
    page.goto(f"{peer.address}/pages/live")
    expect(page.locator("[data-part=lobby-title]")).to_contain_text(" kl. ")
    expect(page.locator("[data-part=lobby-title]")).to_contain_text("20")

    peer.state = state(day=day("published", -2))
    page.reload()
    expect(page.locator("[data-part=lobby-title]")).to_have_text("Vi börjar snart")


def test_nothing_of_the_lobby_is_cut_off_on_a_small_phone(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    peer.state = state(day=day("published", 60 * 23))
    page.goto(f"{peer.address}/pages/live")
    expect(page.locator("[data-part=countdown]")).to_be_visible()
    frame, lobby = page.locator(".screen-frame__picture").bounding_box(), page.locator("[data-part=lobby]").bounding_box()

    assert frame
    assert lobby
    assert (lobby["y"], lobby["height"]) == (frame["y"], frame["height"])


def test_the_keys_below_go_stay_where_they_are_when_a_long_title_comes(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    peer.state = state(you={**YOU, "roles": ["moderator"]}, **upcoming("Ja?"))
    page.goto(f"{peer.address}/pages/cockpit")
    expect(page.locator("[data-part=go-title]")).to_have_text("Öppna omröstningen: Ja?")
    before = page.locator("[data-part=hold]").bounding_box()
    peer.tell("rundown.given", upcoming(LONG)["now"])
    expect(page.locator("[data-part=go-title]")).to_have_text(f"Öppna omröstningen: {LONG}")

    assert page.locator("[data-part=hold]").bounding_box() == before


def test_the_cockpit_says_what_comes_first_before_there_is_a_next(page: Page, peer: Peer) -> None:
    peer.state = state(you={**YOU, "roles": ["moderator"]}, day=day("published", 5), now={"item": None, "cue": None, "next": None})
    page.goto(f"{peer.address}/pages/cockpit")
    expect(page.locator("[data-connection]").first).to_have_text("Ansluten")
    expect(page.locator("[data-part=go-title]")).to_have_text("Öppna omröstningen: Vad behövs?")
    expect(page.locator("[data-part=go]")).to_be_disabled()


def test_a_done_goes_away_and_a_refusal_stays(page: Page, peer: Peer) -> None:
    page.clock.install()
    page.set_viewport_size({"width": 1280, "height": 800})
    peer.refuses["rundown.extend"] = {"code": "day.not_live", "text": "Dagen har inte börjat än."}
    peer.state = state(you={**YOU, "roles": ["moderator"]})
    page.goto(f"{peer.address}/pages/cockpit")
    told = page.locator("[data-part=run-state]")
    page.locator("[data-part=hold]").click()
    expect(told).to_have_text("Klart.")
    page.clock.run_for(9_000)
    expect(told).to_have_text("")

    page.get_by_role("button", name="+2 min").first.click()
    expect(told).to_have_text("Dagen har inte börjat än.")
    page.clock.run_for(9_000)
    expect(told).to_have_text("Dagen har inte börjat än.")


def test_the_host_without_a_name_is_the_host(page: Page, peer: Peer) -> None:
    host = {
        "message": "m9",
        "room": "national",
        "by": {"person": "x", "name": None, "role": "moderator"},
        "text": "Välkomna!",
        "at": stamp(),
    }
    peer.state = state(chat=[host])
    page.goto(f"{peer.address}/pages/live")
    said = page.locator("[data-message=m9]")
    expect(said.locator("[data-part=name]")).to_have_text("Värdskapet")
    expect(said.locator("[data-part=role]")).to_be_hidden()


def test_the_hall_is_asked_for_the_evaluation_when_the_day_is_over_and_for_nothing_after(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    over = day("ended", -400)
    peer.state = state(day=over, polls=[], surveys=[{"survey": "ev", "title": "Dagen", "state": "open", "mine": "none"}])
    page.goto(f"{peer.address}/pages/screen")
    expect(page.locator("[data-part=join-how]")).to_have_text("Svara på utvärderingen på")

    peer.state = state(day=over, polls=[], surveys=[])
    page.reload()
    expect(page.locator("[data-part=slate-text]")).to_have_text("Tack för i dag")
    expect(page.locator("[data-part=join-how]")).to_be_hidden()


def test_what_was_sent_is_called_no_draft(page: Page, peer: Peer) -> None:
    page.goto(f"{peer.address}/pages/evaluation")
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page.locator("[data-part=done]")).to_be_visible()
    expect(page.locator("[data-part=save-state]")).to_contain_text("Sparat.")
