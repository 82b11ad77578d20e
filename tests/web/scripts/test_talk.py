"""What one may do about a message on the live page: answer it, and for two minutes change or take back one's own. All of it by keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import BY_ME, stamp
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser


def look(page: Page, peer: Peer) -> None:
    page.goto(f"{peer.address}/pages/live")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)


def asked(page: Page, peer: Peer, count: int) -> list[tuple[str, dict[str, Any]]]:
    """So many wishes of the chat, when they have come."""
    while sum(wish["do"].startswith("chat.") for wish in peer.wishes) < count:
        page.wait_for_timeout(20)
    return [(wish["do"], wish["args"]) for wish in peer.wishes if wish["do"].startswith("chat.")]


def test_one_answers_a_message_by_keyboard(page: Page, peer: Peer) -> None:
    look(page, peer)
    field = page.get_by_label("Skriv i chatten")

    page.get_by_role("button", name="Svara Anonym").focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(page.locator("[data-part=chat-about]")).to_contain_text("Svar till Anonym: Hej från Älvkanten")
    page.keyboard.type("Hej själva")
    page.keyboard.press("Enter")

    expect(page.locator("[data-part=chat-about]")).to_be_hidden()
    assert asked(page, peer, 1) == [("chat.say", {"text": "Hej själva", "room": "national", "reply_to": "m1"})]


def test_who_changes_ones_mind_is_back_at_the_button(page: Page, peer: Peer) -> None:
    look(page, peer)
    page.get_by_role("button", name="Svara Anonym").press("Enter")

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Svara Anonym")).to_be_focused()
    page.get_by_label("Skriv i chatten").fill("Till alla")
    page.keyboard.press("Enter")

    assert asked(page, peer, 1) == [("chat.say", {"text": "Till alla"})]


def test_ones_own_words_are_changed_and_taken_back(page: Page, peer: Peer) -> None:
    look(page, peer)
    mine = page.locator("[data-message=m20]")

    mine.get_by_role("button", name="Ändra ditt inlägg").press("Enter")
    expect(page.get_by_label("Skriv i chatten")).to_have_value("Hej ni!")
    page.get_by_label("Skriv i chatten").fill("Hej på er!")
    page.get_by_role("button", name="Spara", exact=True).and_(page.locator("[data-part=chat-send]")).click()
    expect(page.get_by_label("Skriv i chatten")).to_have_value("")
    peer.tell("chat.edited", {"message": "m20", "text": "Hej på er!", "edited": True})
    expect(mine.locator("[data-part=text]")).to_have_text("Hej på er!")
    expect(mine.locator("[data-part=role]")).to_have_text("ändrat")
    mine.get_by_role("button", name="Ta bort ditt inlägg").press("Enter")
    peer.tell("chat.removed", {"message": "m20", "text": "", "removed": True})

    expect(mine.locator("[data-part=text]")).to_have_text("Inlägget är borttaget.")
    expect(mine.get_by_role("button")).to_have_count(0)
    assert asked(page, peer, 2) == [("chat.edit", {"message": "m20", "text": "Hej på er!"}), ("chat.remove", {"message": "m20"})]


def test_after_two_minutes_and_of_others_nothing_can_be_changed(page: Page, peer: Peer) -> None:
    peer.state["chat"] = [
        {"message": "m5", "room": "national", "by": BY_ME, "text": "För länge sedan", "at": stamp(-3)},
        *peer.state["chat"],
    ]
    look(page, peer)

    expect(page.locator("[data-message=m20]").get_by_role("button")).to_have_text(["Svara", "Ändra", "Ta bort"])  # which is new
    expect(page.locator("[data-message=m5]").get_by_role("button")).to_have_text(["Svara"])


def test_ones_own_words_that_wait_say_so_and_can_be_taken_back(page: Page, peer: Peer) -> None:
    look(page, peer)
    waits = page.locator("[data-message=m30]")

    expect(waits.locator("[data-part=state]")).to_have_text("väntar på granskning")
    expect(waits.get_by_role("button")).to_have_text(["Ta bort"])
    peer.tell("chat.refused", {"held": "m30", "text": None, "why": None, "refused": True})

    expect(waits.locator("[data-part=state]")).to_have_text("släpptes inte igenom av moderatorn")
    expect(waits.get_by_role("button")).to_have_count(0)


def test_a_change_that_was_refused_is_given_back(page: Page, peer: Peer) -> None:
    look(page, peer)
    peer.refuses = {"chat.edit": {"code": "message.too_late", "text": "Ett inlägg kan ändras i två minuter."}}

    page.locator("[data-message=m20]").get_by_role("button", name="Ändra ditt inlägg").press("Enter")
    page.get_by_label("Skriv i chatten").fill("Hej på er!")
    page.keyboard.press("Enter")

    expect(page.locator("[data-message=m20] [data-part=state]")).to_have_text("gick inte: Ett inlägg kan ändras i två minuter.")
    expect(page.get_by_label("Skriv i chatten")).to_have_value("Hej på er!")
    expect(page.locator("[data-message=m20] [data-part=text]")).to_have_text("Hej ni!")


def test_an_answer_to_what_is_not_there_any_more_says_so(page: Page, peer: Peer) -> None:
    look(page, peer)
    expect(page.locator("[data-message=m20] .message__quote")).to_have_text("Svar till Anonym: Hej från Älvkanten")

    peer.tell("chat.removed", {"message": "m1", "text": "", "removed": True})

    expect(page.locator("[data-message=m20] .message__quote")).to_have_text("Svar på ett inlägg som inte visas här")
    expect(page.locator("[data-message=m1]").get_by_role("button")).to_have_count(0)


def test_names_of_buttons_begin_with_what_is_read_on_them(page: Page, peer: Peer) -> None:
    page.goto(f"{peer.address}/pages/live?lang=en")
    expect(page.locator("[data-connection]")).to_have_text("Connected", timeout=30_000)

    named = page.evaluate(
        "() => [...document.querySelectorAll('#live [data-part=chat] button[aria-label]')].map((one) => [one.innerText, one.ariaLabel])"
    )

    assert [(text, name) for text, name in named if not name.startswith(text)] == []
    assert {text for text, _name in named if text} == {"Answer", "Change", "Remove"}


def test_links_and_roles_are_found_as_on_the_server(page: Page, peer: Peer) -> None:
    vectors = json.loads((Path(__file__).parents[2] / "talk_vectors.json").read_text())
    page.goto(f"{peer.address}/pages/error")

    found = page.evaluate(
        """async (texts) => {
            const { pieces } = await import(document.querySelector("script[type=module]").src.replace("shell.js", "talk-text.js"));
            return texts.map((text) => pieces(text).map(({ kind, text: part }) => [kind, part]));
        }""",
        [vector["text"] for vector in vectors],
    )

    assert found == [vector["pieces"] for vector in vectors]


def test_a_link_in_a_message_goes_elsewhere_and_tells_nobody_where_it_stood(page: Page, peer: Peer) -> None:
    look(page, peer)
    peer.tell("chat.said", {"message": "m9", "by": {"person": "x", "name": "Lo"}, "text": "@moderator se https://exempel.se/a", "at": None})

    link = page.get_by_role("link", name="https://exempel.se/a")
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    expect(link).to_have_attribute("target", "_blank")
    expect(page.locator("[data-message=m9] mark")).to_have_text("@moderator")
