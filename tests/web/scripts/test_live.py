"""The line between a browser and a day, on networks good and bad: nothing is lost, nothing is said to be saved before it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import poll
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser


def watch(page: Page, peer: Peer, badge: str = "Ansluten") -> None:
    """Open the live page and wait until it stands so."""
    page.goto(f"{peer.address}/pages/live")
    expect(page.locator("[data-connection]")).to_have_text(badge, timeout=30_000)


def votes(peer: Peer) -> list[dict[str, Any]]:
    return [wish["args"] for wish in peer.wishes if wish["do"] == "polls.vote"]


def choose(page: Page, text: str) -> None:
    page.get_by_label(text, exact=True).check()
    page.get_by_role("button", name=re.compile("Rösta|Ändra svaret")).click()


def test_a_vote_is_said_to_be_saved_when_it_is_answered(page: Page, peer: Peer) -> None:
    peer.mute = True
    watch(page, peer)

    choose(page, "Tid")
    expect(page.locator(".poll__state")).to_contain_text("Skickas")

    peer.mute = False
    peer.hang_up(1012)
    expect(page.locator(".poll__state")).to_contain_text("Kvittens K7QX")
    assert votes(peer) == [{"poll": "p1", "answer": ["a"]}]  # asked again under the same id


def test_a_vote_without_contact_is_kept_over_a_reload_and_sent(page: Page, peer: Peer) -> None:
    watch(page, peer)
    peer.sockets = "swallowed"
    peer.hang_up(1012)
    expect(page.locator("[data-connection]")).to_have_text("Återansluter")

    choose(page, "Teknik")
    expect(page.locator(".poll__state")).to_contain_text("sparad här")
    peer.sockets = "taken"
    watch(page, peer)

    expect(page.locator(".poll__state")).to_contain_text("Kvittens K7QX")
    assert votes(peer) == [{"poll": "p1", "answer": ["b"]}]


def test_what_happened_meanwhile_is_told_once(page: Page, peer: Peer) -> None:
    watch(page, peer)
    peer.tell("chat.said", {"message": "m2", "by": {"person": "x", "name": "Lo"}, "text": "före avbrottet", "at": None})
    expect(page.get_by_text("före avbrottet")).to_be_visible()

    peer.hang_up(4000)
    peer.tell("chat.said", {"message": "m3", "by": {"person": "x", "name": "Lo"}, "text": "under avbrottet", "at": None})

    expect(page.get_by_text("under avbrottet")).to_be_visible()
    expect(page.get_by_text("före avbrottet")).to_have_count(1)


def test_news_move_nobody_who_writes(page: Page, peer: Peer) -> None:
    watch(page, peer)
    page.get_by_label("Tid", exact=True).check()
    page.get_by_label("Skriv i chatten").press_sequentially("Hej på")

    peer.tell("polls.opened", poll("p2", title="En ny fråga?", options=[{"option": "x", "text": "Kanske"}]))
    peer.tell("polls.tally", {"poll": "p1", "tally": {"n": 20, "behind": 30, "counts": {"a": 15, "b": 5}}})

    expect(page.get_by_role("heading", name="En ny fråga?")).to_be_attached()
    expect(page.get_by_label("Skriv i chatten")).to_be_focused()
    expect(page.get_by_label("Skriv i chatten")).to_have_value("Hej på")
    expect(page.get_by_label("Tid", exact=True)).to_be_checked()
    expect(page.locator("#spoken-status")).to_have_text("Ny omröstning: En ny fråga?")
    expect(page.get_by_role("link", name="Gå till omröstningen")).to_have_attribute("href", "#poll-p2")


def test_a_refused_message_is_given_back_with_the_reason(page: Page, peer: Peer) -> None:
    watch(page, peer)

    page.get_by_label("Skriv i chatten").fill("nej")
    page.get_by_role("button", name="Skicka").click()

    expect(page.locator(".message--refused")).to_contain_text("skickades inte: Chatten är stängd.")
    expect(page.get_by_label("Skriv i chatten")).to_have_value("nej")


def test_what_people_write_is_text(page: Page, peer: Peer) -> None:
    watch(page, peer)

    peer.tell(
        "chat.said", {"message": "m2", "by": {"person": "x", "name": "<b>Lo</b>"}, "text": "<img src=x onerror=alert(1)>", "at": None}
    )

    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator(".message b, .message img")).to_have_count(0)


def test_what_is_written_on_a_slide_stands_below_the_picture_while_it_is_shown(page: Page, peer: Peer) -> None:
    watch(page, peer)
    slide, text = page.locator("[data-part=slide]"), page.locator("[data-part=slide-text]")
    page.get_by_text("Bildens text").click()
    expect(text).to_have_text("Vad vi vet Mätning hemma fungerar")

    peer.tell("streaming.slide_shown", {"lane": "r-norrvik", "slide": {"page": 4, "pages": 12, "text": "<b>Vad vi tror</b>"}})
    expect(text).to_have_text("<b>Vad vi tror</b>")
    expect(page.locator("[data-part=slide-of]")).to_have_text("Bild 4 av 12")
    peer.tell("streaming.slide_shown", {"lane": "r-norrvik", "slide": {"page": 5, "pages": 12, "text": ""}})
    expect(text).to_have_text("Bilden har ingen text som går att läsa.")
    peer.tell("streaming.slide_shown", {"lane": "r-norrvik", "slide": None})
    expect(slide).to_be_hidden()


@pytest.mark.parametrize("sockets", ["refused", "swallowed"])
def test_where_sockets_are_blocked_there_is_a_reserve_way(page: Page, peer: Peer, sockets: str) -> None:
    peer.sockets = sockets
    watch(page, peer, "Reservväg")

    choose(page, "Tid")
    expect(page.locator(".poll__state")).to_contain_text("Kvittens K7QX")
    peer.tell("chat.said", {"message": "m2", "by": {"person": "x", "name": "Lo"}, "text": "en annan väg", "at": None})

    expect(page.get_by_text("en annan väg")).to_be_visible()


def test_where_streams_are_held_back_the_state_is_asked_for(page: Page, peer: Peer) -> None:
    peer.sockets, peer.streams = "refused", "held"
    watch(page, peer, "Reservväg")

    peer.state["chat"] = [{"message": "m9", "by": {"person": "x", "name": "Lo"}, "text": "hämtat", "at": None}]
    peer.seq += 1

    expect(page.get_by_text("hämtat")).to_be_visible(timeout=30_000)


def test_who_is_signed_out_is_told_and_not_connected_again(page: Page, peer: Peer) -> None:
    watch(page, peer)

    peer.hang_up(4500)

    expect(page.locator("[data-connection]")).to_have_text("Frånkopplad")
    expect(page.get_by_role("link", name="Gå med igen")).to_be_visible()
    expect(page.locator("#spoken-alert")).to_contain_text("Du är inte längre med på dagen.")


def test_a_server_that_goes_down_says_when_to_come_back(page: Page, peer: Peer) -> None:
    watch(page, peer)

    peer.say({"drain": {"within_ms": 300}})
    peer.hang_up(4001)

    expect(page.locator("[data-connection]")).to_have_text("Återansluter")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=2_000)
