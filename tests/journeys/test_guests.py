"""A guest by link: somebody with nothing but a browser is what the run-of-show knows as "Gäst på länk"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import DESK, a_visitor, chromium
from tests.journeys.test_studio import CONNECTS_MS, FAKE, a_speaker, comes_on, row, tally
from tests.running import Samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera that is not real."""
    with chromium(*FAKE) as found:
        yield found


def test_the_run_of_show_takes_the_guest_by_the_link_it_knows(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo Granmyr") as lo, a_visitor(browser, day.url, **DESK) as olga:
        desk = olga.page
        comes_on(lo.page)
        desk.goto(day.link("moderator"))
        seat, link = row(desk, "Lo Granmyr"), row(desk, "Gäst på länk")
        expect(link.locator("[data-part=state]")).to_have_text("Väntar")

        seat.get_by_role("button", name="Titta på Lo Granmyr").click()
        seat.get_by_label("Lo Granmyr sänds som").select_option("Gäst på länk")
        expect(lo.page.locator("[data-part=guest]")).to_have_text("Du sänds som: Gäst på länk")
        expect(link.locator("[data-part=name]")).to_have_text("Gäst på länk: Lo Granmyr")
        expect(link.locator("[data-part=state]")).to_have_text("Sänder", timeout=CONNECTS_MS)
        assert (lo.axe(), olga.axe()) == ([], [])

        link.get_by_role("button", name="Ta in").click()
        expect(tally(lo.page)).to_have_text("DU ÄR I SÄNDNING")
        lo.page.reload()
        expect(lo.page.locator("[data-part=guest]")).to_have_text("Du sänds som: Gäst på länk")

        desk.get_by_label("Lo Granmyr sänds som").select_option("Sig själv")
        expect(lo.page.locator("[data-part=guest]")).to_be_hidden()
        expect(link.locator("[data-part=state]")).not_to_have_text("Sänder", timeout=CONNECTS_MS)
