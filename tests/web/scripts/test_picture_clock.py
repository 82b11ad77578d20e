"""Polls follow the viewer's picture, and a picture that is behind takes no time from anybody's answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from polls.rules import GRACE
from tests.web.scripts import contexts
from tests.web.scripts.contexts import poll
from tests.web.scripts.peer import Peer
from tests.web.scripts.test_live import watch

pytestmark = pytest.mark.browser

SHOWN = """async behind => {
  const page = document.querySelector("script[src*='live-page']").src;
  const { setPicture } = await import(page.replace("live-page", "picture-clock"));
  globalThis.behind = behind;
  setPicture(() => Date.now() - 1000 * globalThis.behind);
}"""
TICK_FIRST = """behind => {
  globalThis.behind = behind;
  for (const tick of ticks) tick();
}"""  # before anything else looks at the picture
TICKS = """const every = setInterval;
globalThis.ticks = [];
globalThis.setInterval = (act, ms) => {
  if (ms === 1000) ticks.push(act);
  return every(act, ms);
};"""
SCRIPT = Path(__file__).parents[3] / "web" / "static" / "js" / "picture-clock.js"
SECOND = 1 / 60
NEW = {"title": "En ny fråga?", "options": [{"option": "x", "text": "Kanske"}]}


def behind(page: Page, peer: Peer, seconds: float) -> None:
    """The live page, with a picture so late."""
    peer.state["polls"] = []
    watch(page, peer)
    page.evaluate(SHOWN, seconds)


def catch_up(page: Page, seconds: float) -> None:
    page.evaluate("behind => { globalThis.behind = behind; }", seconds)


def test_a_poll_opens_and_closes_when_the_picture_comes_to_it(page: Page, peer: Peer) -> None:
    behind(page, peer, 9)
    card = page.locator("[data-poll=p2]")

    peer.tell("polls.opened", poll("p2", closes_at=contexts.stamp(15 * SECOND), **NEW))
    page.wait_for_timeout(500)
    held = card.count()  # there are less than 20 s left, and it is held nevertheless
    catch_up(page, 0)
    expect(card).to_be_visible()
    catch_up(page, 9)
    peer.tell("polls.closing", {"poll": "p2", "closes_at": contexts.stamp()})
    page.wait_for_timeout(500)
    page.get_by_label("Kanske", exact=True).check()  # the picture has not come to the close
    page.get_by_role("button", name=re.compile("Rösta")).click()
    expect(card.locator(".poll__state")).to_contain_text("Kvittens K7QX")
    catch_up(page, 0)

    expect(card).to_contain_text("Stängd")
    expect(card.get_by_role("button", name=re.compile("Rösta|Ändra"))).to_be_hidden()
    assert held == 0


def test_a_result_is_shown_when_the_picture_comes_to_it(page: Page, peer: Peer) -> None:
    behind(page, peer, 9)
    peer.tell("polls.opened", poll("p2", **NEW))
    catch_up(page, 0)
    card = page.locator("[data-poll=p2]")
    expect(card).to_be_visible()
    catch_up(page, 9)

    peer.tell("polls.closed", {"poll": "p2", "voting": "closed", "closes_at": None})
    expect(card).to_contain_text("Stängd")
    peer.tell("polls.shown", {"poll": "p2", "result": "everyone", "tally": {"n": 20, "behind": 20, "counts": {"x": 20}}})
    page.wait_for_timeout(500)
    expect(card.locator("[data-part=results]")).to_be_hidden()
    catch_up(page, 0)

    expect(card.locator("[data-part=results]")).to_be_visible()


def test_a_second_that_is_told_off_as_the_picture_comes_to_a_poll_does_not_keep_it_back(page: Page, peer: Peer) -> None:
    page.add_init_script(TICKS)
    behind(page, peer, 9)
    peer.tell("polls.opened", poll("p2", closes_at=None, **NEW))
    page.wait_for_timeout(1_500)  # the page's clock is behind by as long as its making took, and so far behind nothing is seen yet
    held = page.locator("[data-poll=p2]").count()

    page.evaluate(TICK_FIRST, 0)
    page.wait_for_timeout(500)  # and no longer: sooner or later something else draws the polls

    assert (held, page.locator("[data-poll=p2]").count()) == (0, 1)


def test_the_server_takes_answers_for_longer_than_any_picture_is_behind() -> None:
    script = SCRIPT.read_text()
    most_ms = int(re.findall(r"BEHIND_MOST_MS = ([\d_]+)", script)[0].replace("_", ""))

    assert GRACE.total_seconds() * 1_000 == most_ms + 1_000
