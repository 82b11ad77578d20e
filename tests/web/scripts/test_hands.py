"""A show of hands on the live page: offered to a group, told truthfully, and never touched while the host writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.peer import Peer
from tests.web.scripts.test_live import watch

pytestmark = pytest.mark.browser


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants one (``SAMSYN_LOOK`` names a folder)."""
    if folder := os.environ.get("SAMSYN_LOOK"):
        page.locator(".live-polls").screenshot(path=Path(folder) / f"{name}.png")


def test_a_host_counts_hands_and_puts_them_right(page: Page, peer: Peer) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    watch(page, peer)
    peer.tell("people.set", {"people": 12, "phones": 0})
    box = page.locator("[data-poll=p1] [data-part=hands]")
    box.get_by_text("Räkna händer i rummet").click()

    box.get_by_label("Tid, antal händer").fill("9")
    box.get_by_label("Teknik, antal händer").fill("4")
    box.get_by_role("button", name="Spara händerna").click()
    expect(page.locator(".poll__state")).to_contain_text("inte bli fler än 12 händer")

    box.get_by_label("Teknik, antal händer").fill("3")
    peer.tell("polls.tally", {"poll": "p1", "tally": {"n": 20, "behind": 30, "counts": {"a": 15, "b": 5}}})
    expect(box.get_by_label("Teknik, antal händer")).to_have_value("3")
    box.get_by_role("button", name="Spara händerna").click()
    expect(page.locator(".poll__state")).to_contain_text("Era händer är registrerade. Kvittens K7QX")
    pictured(page, "hands-form")
    assert [wish["args"] for wish in peer.wishes if wish["do"] == "polls.hands"] == [{"poll": "p1", "hands": {"a": 9, "b": 3}}]

    told = {"n": 20, "behind": 30, "counts": {"a": 15, "b": 5}, "hands": {"n": 12, "screens": 1, "counts": {"a": 9, "b": 3}}}
    peer.tell("polls.closed", {"poll": "p1", "voting": "closed", "result": "everyone", "mine": None, "hands": None, "tally": told})
    expect(page.locator("[data-part=up-base]")).to_have_text("12 händer bakom 1 skärm")
    expect(page.locator("[data-part=up-rows]")).to_contain_text("75 %")
    expect(box).to_be_hidden()
    pictured(page, "hands-result")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hands_are_not_offered_to_one_alone(page: Page, peer: Peer) -> None:
    watch(page, peer)
    peer.tell("people.set", {"people": 1})
    expect(page.locator("[data-poll=p1] [data-part=hands]")).to_be_hidden()


def test_hands_are_for_those_without_a_phone_of_their_own(page: Page, peer: Peer) -> None:
    watch(page, peer)
    box = page.locator("[data-poll=p1] [data-part=hands]")
    peer.tell("people.set", {"people": 12, "phones": 5})
    expect(page.locator("[data-part=phones-line]")).to_have_text("12 personer, 5 med egen telefon")
    expect(box.locator("[data-part=hands-people]")).to_have_text("7")
    peer.tell("people.set", {"people": 12, "phones": 11})
    expect(box).to_be_hidden()
    peer.tell("people.set", {"people": 1, "phones": 0, "paired": True})
    expect(page.locator("[data-part=phones]")).to_be_hidden()
    assert page.locator("[data-part=paired]").get_attribute("hidden") is None
    assert page.locator("[data-part=you-people-field]").get_attribute("hidden") == ""
