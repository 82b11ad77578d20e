"""The audience reacts: from a phone, in the hall, in the report; and what one writes moves nothing on one's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, HALL, PHONE, a_visitor
from tests.journeys.test_troll import joins
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_applause_goes_from_a_phone_to_the_hall_and_into_the_report(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **PHONE) as someone,
        a_visitor(browser, day.url, **HALL) as hall,
        a_visitor(browser, day.url, **DESK) as staff,
        Person(day).joined(name="Hemtjänsten", people=8) as group,
    ):
        phone, cockpit = someone.page, staff.page
        cockpit.goto(day.link("moderator"))
        cockpit.locator("[data-part=go]").click()
        joins(phone, day, "Kim")
        hall.page.goto(day.link("screen"))
        row = phone.locator("[data-part=gestures]")
        expect(row).to_be_visible()
        expect(hall.page.locator("main")).to_contain_text("Nationella e-hälsodagen")
        row.get_by_role("button", name="Applåd").click()
        expect(row.locator("[data-count=clap]")).to_have_text("1")
        expect(phone.locator("#spoken-status")).to_have_text("Skickat: Applåd.")
        group.ask("gestures.send", {"gesture": "clap"})  # eight people, one press
        expect(row.locator("[data-count=clap]")).to_have_text("2")
        expect(hall.page.locator("[data-part=gestures]")).to_contain_text("Applåd 2")
        assert (someone.scrolls_sideways(), someone.axe(), hall.scrolls_sideways()) == (False, [], False)

        cockpit.get_by_text("Så modereras chatten").click()
        cockpit.locator("[data-part=gestures-off] button").click()
        expect(row).to_be_hidden()
        expect(cockpit.locator("[data-part=gestures-off] button")).to_have_attribute("aria-pressed", "true")

        cockpit.goto(f"{day.url}/days/{day.told['day']}/report")
        expect(cockpit.locator("#reaktioner")).to_have_text("Ett inslag fick reaktioner")
        expect(cockpit.get_by_role("table", name="Reaktioner per inslag").locator("tbody td").first).to_have_text("2")


def test_what_one_writes_moves_nothing(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone, Person(day).by_link("moderator") as olga:
        olga.go_until("i-valkommen.01")
        page = someone.page
        joins(page, day, "Kim")
        field = page.get_by_label("Skriv i chatten")
        field.click()
        page.wait_for_timeout(300)
        stood = _stands(page)
        for number in range(8):
            field.fill(f"Inlägg {number}")
            field.press("Enter")
            expect(page.locator("[data-message]:not([data-message^=wish]) [data-part=text]", has_text=f"Inlägg {number}")).to_have_count(1)
            page.wait_for_timeout(2_000)  # six in ten seconds is the limit
            assert _stands(page) == stood


def _stands(page: Page) -> tuple[float, float]:
    """How far the window is scrolled, and where the field is in it."""
    found: list[float] = page.evaluate("() => [scrollY, document.getElementById('say').getBoundingClientRect().top]")
    return found[0], found[1]
