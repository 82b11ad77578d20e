"""What people thought, on a phone: one tap as an item ends, and an evaluation in the middle of which the network goes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, PHONE, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PLACES = """
  () => ["stage", "now-next", "chat-form", "you-line"].map((name) => document.querySelector(`[data-part="${name}"]`))
    .map((one) => one.getBoundingClientRect().top + scrollY)
"""
HELD = """
  async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const chosen = [...fresh.querySelectorAll("#evaluation input[type=radio][checked]")];
    const [step, people] = ["[data-question=steg] textarea", "#together"].map((one) => fresh.querySelector(one).value);
    return { chosen: chosen.map((one) => one.closest("[data-question]").dataset.question), step, people };
  }
"""
"""What the house has of the person's form, as a fresh page shows it."""


def come_in(page: Page, day: Samsyn, people: str = "6") -> None:
    """By the link of the invitation, and once more when a busy machine asks for patience."""
    for _again in range(20):
        page.goto(day.link("participant"))
        form = page.locator('form[action="/join"]').first
        form.locator("input[name=people]").fill(people)
        form.locator("button:not([type=button])").click()
        page.wait_for_load_state()
        if page.url.endswith("/live"):
            return
        page.wait_for_timeout(2_000)
    raise AssertionError("nobody was let in")


def skip_what_is_asked(page: Page) -> None:
    """The rating waits, put away, until nothing else is asked under the picture."""
    card = page.locator("[data-part=rating]")
    for _again in range(150):
        for skip in (page.locator("[data-part=where-skip]"), page.locator("[data-part=ask-skip]")):
            if skip.is_visible():
                assert card.is_hidden()
                skip.click()
        if card.is_visible():
            return
        page.wait_for_timeout(200)
    raise AssertionError("the rating did not come")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_an_item_that_ended_is_rated_by_one_tap_and_nothing_moves(browser: Browser, day: Samsyn, device: dict[str, Any]) -> None:
    with a_visitor(browser, day.url, **device) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        come_in(page, day)
        olga.go_until("i-oppning.01")
        card = page.locator("[data-part=rating]")
        skip_what_is_asked(page)
        expect(card).to_contain_text("Välkommen: så fungerar dagen", timeout=30_000)
        shown = page.evaluate(PLACES)
        page.locator("[data-part=rating-skip]").click()
        expect(card).to_be_hidden()
        assert page.evaluate(PLACES) == shown

        olga.go_until("i-nulage.01")
        skip_what_is_asked(page)
        expect(card).to_contain_text("Öppning: en gemensam bild av e-hälsa")
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        card.get_by_role("button", name="Mycket").click()
        expect(page.locator("[data-part=rating-state]")).to_contain_text("Tack.")
        page.locator("#rating-text").fill("Bra exempel")
        card.get_by_role("button", name="Skicka").click()
        page.reload()
        expect(page.locator("[data-connection]")).to_have_text("Ansluten")
        expect(card).to_be_hidden()

        mine = {one["survey"]: one["mine"] for one in page.evaluate("async () => (await (await fetch('state')).json()).surveys")}
        assert mine["ev-inslag.i-oppning"] == "done"


def test_the_network_goes_in_the_middle_of_an_evaluation_and_every_answer_comes_in_once(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        come_in(page, day)
        olga.ask("surveys.open", {"survey": "ev-deltagare"})
        page.goto(f"{day.day}/evaluation")
        expect(page.locator("[data-connection]")).to_have_text("Ansluten")
        page.locator("[data-question=helheten]").get_by_text("Mycket bra", exact=True).click()
        expect(page.locator("[data-part=save-state]")).to_contain_text("Utkast sparat")

        someone.context.set_offline(True)
        page.locator("[data-question=aterkommande]").get_by_text("Ja", exact=True).click()
        page.locator("[data-question=delta]").get_by_text("Lätt hela tiden", exact=True).click()
        page.locator("[data-question=steg] textarea").fill("Ring vårdcentralen på måndag.")
        page.get_by_role("button", name="En färre").click()
        expect(page.locator("[data-part=save-state]")).to_contain_text("Sparat här", timeout=60_000)
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])

        someone.context.set_offline(False)
        expect(page.locator("[data-part=save-state]")).to_contain_text("Utkast sparat", timeout=60_000)
        saved = page.evaluate(HELD)
        page.get_by_role("button", name="Skicka svaren").click()
        expect(page.locator("[data-part=done]")).to_be_visible()

        assert saved == {"chosen": ["helheten", "aterkommande", "delta"], "step": "Ring vårdcentralen på måndag.", "people": "5"}
        olga.ask("surveys.close", {"survey": "ev-deltagare"})
        tables = olga.http.get(f"{day.day}/export/evaluation.json").json()["tables"]
        told = {(row["Sort"], row["Svar"]): row["Antal"] for row in tables[0]["rows"] if not row["Region"] and row["Antal"]}
        assert told == {("scale", "Mycket bra"): 1, ("yesno", "Ja"): 1, ("choice", "Lätt hela tiden"): 1}
