"""An organizer makes a day from the kit, builds it and publishes it; every field and click is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsers import DESK, a_visitor
from tests.journeys.test_administration import enter, looked_at
from tests.running import samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ACTIONS_MOST = 60


class Counted:
    """Hands that count: a field filled, a choice made and a button pressed are one action each."""

    def __init__(self) -> None:
        self.actions = 0

    def fill(self, field: Locator, text: str) -> None:
        self.actions += 1
        field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        self.actions += 1
        field.select_option(value)

    def click(self, thing: Locator) -> None:
        self.actions += 1
        thing.click()


def titles(page: Page, block: str) -> list[str]:
    return [
        text.split("\n")[0].strip()[6:]
        for text in page.locator(f"#{block} ol").first.locator("summary > span:first-child").all_inner_texts()
    ]


def the_host_is_booked(page: Page, hands: Counted) -> None:
    host = page.locator("#c-host")
    hands.click(host.locator("summary"))
    hands.choose(host.get_by_label("Bokning"), "booked")
    hands.fill(host.get_by_label("E-post eller telefon"), "samira@example.se")
    hands.click(host.get_by_role("button", name="Spara"))
    expect(page.get_by_text("Bokade: 1 av")).to_be_visible()


def test_a_day_is_made_built_and_published_in_sixty_actions(browser: Browser, tmp_path: Path) -> None:
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **DESK) as anna:
        page, hands = anna.page, Counted()
        enter(page, server.told["admin"])
        hands.actions += 2
        hands.fill(page.locator("#date"), "2027-03-23")
        hands.fill(page.locator("#join_code"), "482 177")
        hands.click(page.get_by_label("Region Norrvik"))
        hands.click(page.get_by_role("button", name="Skapa dagen"))
        page.wait_for_url("**/build")
        hands.click(page.get_by_role("link", name="Bygg programmet: pass, inslag, tider och mål"))
        looked_at(anna, "timeline-desk")

        block = page.locator("#b2")
        hands.click(block.get_by_text("Lägg till inslag i Region Norrvik"))
        form = block.locator("details[open] form").first
        hands.fill(form.get_by_label("Titel"), "Vår vårdcentral berättar")
        hands.choose(form.get_by_label("Sort"), "lecture")
        hands.fill(form.get_by_label("Minuter"), "15")
        hands.click(form.get_by_role("button", name="Lägg till inslaget"))
        expect(page.get_by_text("sparat", exact=True).first).to_be_visible()
        looked_at(anna, "timeline-added")
        hands.click(page.get_by_role("button", name="Flytta Vår vårdcentral berättar tidigare"))

        talk = block.locator("details", has_text="Vår vårdcentral berättar").first
        hands.choose(talk.get_by_label("Flytta till pass och sändning"), "b6/r-norrvik")
        hands.click(talk.get_by_role("button", name="Flytta dit"))
        expect(page.locator("#b6").get_by_text("Vår vårdcentral berättar").first).to_be_visible()

        new = page.locator("#nytt")
        hands.fill(new.get_by_label("Titel"), "Morgonkaffe")
        hands.choose(new.get_by_label("Sort"), "break")
        hands.choose(new.get_by_label("Efter"), "b3")
        hands.click(new.get_by_role("button", name="Lägg till passet"))
        hands.click(page.locator("#b5").get_by_text("Ändra passet"))
        hands.fill(page.locator("#b5").get_by_label("Varför passet döljs"), "Vi har en egen återblick")
        hands.click(page.locator("#b5").get_by_role("button", name="Dölj passet"))
        expect(page.get_by_text("Vi har en egen återblick")).to_be_visible()
        hands.click(page.get_by_role("button", name="Ångra senaste ändringen"))
        expect(page.get_by_text("Vi har en egen återblick")).to_have_count(0)
        hands.click(page.get_by_role("link", name="Bygg dagen"))
        hands.click(page.get_by_role("link", name="Medverkande: bokning, tider och kontakt"))
        the_host_is_booked(page, hands)
        looked_at(anna, "contributors-desk")
        hands.click(page.get_by_role("link", name="Bygg dagen"))
        hands.click(page.get_by_role("button", name="Publicera"))
        expect(page.get_by_text("Dagen är publicerad.")).to_be_visible()
        hands.click(page.get_by_role("link", name="Dagens sida"))
        expect(page.get_by_text("Morgonkaffe").first).to_be_visible()

    assert hands.actions <= ACTIONS_MOST, hands.actions


def test_an_item_is_dragged_by_mouse_and_the_page_fits_a_telephone(browser: Browser, tmp_path: Path) -> None:
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **DESK) as anna:
        page = anna.page
        enter(page, server.told["admin"])
        page.locator("#date").fill("2027-03-23")
        page.get_by_label("Region Norrvik").check()
        page.get_by_role("button", name="Skapa dagen").click()
        page.wait_for_url("**/build")
        page.get_by_role("link", name="Bygg programmet: pass, inslag, tider och mål").click()
        before = titles(page, "b6")

        rows = page.locator("#b6 ol").first.locator("> li")
        rows.nth(0).locator("summary").drag_to(rows.nth(2).locator("summary"))

        page.wait_for_url("**saved=**")
        assert titles(page, "b6") == [*before[1:3], before[0], *before[3:]]
        page.set_viewport_size({"width": 320, "height": 844})
        page.locator("#b6 summary").first.click()
        looked_at(anna, "timeline-phone")
