"""How many they are is asked of a screen once: not again of who told it after the question was put."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import YOU, stamp, state
from tests.web.scripts.peer import Peer
from tests.web.scripts.test_live import watch

pytestmark = pytest.mark.browser

QUESTION = "Hur många är ni vid skärmen nu?"


def asked(minutes: float) -> dict[str, Any]:
    """The question, put so many minutes from now."""
    return {"ask_screens": {"text": QUESTION, "at": stamp(minutes)}}


def a_day(minutes: float, **you: Any) -> dict[str, Any]:
    """A live day at which it was put."""
    day = state(polls=[])
    return {**day, "you": {**YOU, **you}, "now": {**day["now"], **asked(minutes)}}


def test_who_told_it_when_they_joined_is_asked_only_when_it_is_put_anew(page: Page, peer: Peer) -> None:
    peer.state = a_day(-5, told_at=stamp(-1))
    watch(page, peer)
    prompt = page.locator("[data-part=ask]")
    expect(prompt).to_be_hidden()

    peer.tell("rundown.cue_given", asked(0))
    expect(prompt).to_be_visible()
    expect(page.locator("[data-part=ask-text]")).to_have_text(QUESTION)


def test_who_never_told_is_asked_until_it_is_told_on_any_of_their_pages(page: Page, peer: Peer) -> None:
    peer.state = a_day(-5, told_at=None)
    watch(page, peer)
    prompt = page.locator("[data-part=ask]")
    expect(prompt).to_be_visible()

    peer.tell("people.changed", {**YOU, "people": 6, "told_at": stamp(0)})
    expect(prompt).to_be_hidden()


def test_a_phone_at_a_groups_screen_is_one_and_is_not_asked(page: Page, peer: Peer) -> None:
    peer.state = a_day(0, told_at=None, paired=True, people=1, phones=0)
    watch(page, peer)
    expect(page.locator("[data-part=ask]")).to_be_hidden()
