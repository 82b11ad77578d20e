"""A project leader finds which needs nobody answered, sees to it, and hears from whoever took it on; on a small phone, by keyboard too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, Visitor, a_visitor
from tests.journeys.test_pages import SMALL
from tests.running import Samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

UNANSWERED = "Vi behöver höra av andra vad som inte fungerade"


def held_to(someone: Visitor) -> None:
    """What every page is held to."""
    assert (someone.page.url, someone.scrolls_sideways(), someone.axe()) == (someone.page.url, False, [])


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Go on by keyboard until the thing that is called so has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if (
            page.evaluate("() => (document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()")
            == name
        ):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_project_leader_finds_which_needs_nobody_answered(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **SMALL) as anna, a_visitor(browser, day.url, **SMALL) as owner:
        page = anna.page
        page.goto(day.link("organizer"))
        page.get_by_role("link", name="Behov och åtgärder").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Från behov till nytta")
        gaps = page.locator("#lucka-need_without_item")
        expect(gaps.get_by_role("link")).to_have_text([UNANSWERED])
        held_to(anna)

        tab_to(page, UNANSWERED)
        page.keyboard.press("Enter")
        expect(page.locator("#need-n-larande")).to_be_in_viewport()
        tab_to(page, f"Koppla inslag till {UNANSWERED}")
        page.keyboard.press("Enter")
        page.wait_for_url("**/needs/n-larande#svarar")
        held_to(anna)
        page.get_by_text("Säkert och begripligt").click()
        page.get_by_label("Får vi dela det här?").check()
        page.get_by_role("button", name="Spara behovet").press("Enter")
        expect(page.locator("#lucka-need_without_item")).to_have_count(0)

        page.get_by_role("link", name=f"Ny åtgärd för {UNANSWERED}").click()
        page.get_by_label("Vad som ska göras").fill("Berätta om det som inte gick")
        page.get_by_role("button", name="Spara åtgärden").click()
        expect(page.get_by_text("saknar ägare och datum")).to_be_visible()
        page.get_by_label("Vem som gör det").fill("Projektledaren i Norrvik")
        page.get_by_label("Senast").fill("2026-01-01")
        page.get_by_role("button", name="Spara åtgärden").click()
        page.get_by_label("Vad som blir bättre").fill("Delade misstag")
        page.get_by_label("Utgångsläge").fill("2,5")
        page.get_by_role("button", name="Spara nyttan").click()
        page.get_by_role("button", name="Gör en länk").click()
        held_to(anna)
        link = page.get_by_label("Länk", exact=True).input_value()

        owner.page.goto(link)
        held_to(owner)
        owner.page.get_by_label("Var är ni nu?").select_option("trial")
        owner.page.get_by_label("Hur går det?").fill("Tre har berättat")
        owner.page.get_by_label("Delade misstag").fill("3")
        owner.page.get_by_role("button", name="Skicka").click()
        expect(owner.page.get_by_text("Tack. Det är sparat.")).to_be_visible()
        held_to(owner)

        page.goto(f"{day.day}/followup")
        way = page.locator("#need-n-larande")
        expect(way).to_contain_text("Projektledaren i Norrvik")
        expect(way).to_contain_text("Delade misstag: från 2,5 till 3 (+0,5)")
        page.get_by_role("link", name="Rapport").click()
        walk = page.locator("#behov-n-larande")
        walk.get_by_role("link", name="Berätta om det som inte gick").click()
        expect(page.locator("[id^=atgard-]").filter(has_text="Berätta om det som inte gick")).to_be_in_viewport()
        held_to(anna)


def test_the_pages_fit_a_desk_and_the_dark(browser: Browser, day: Samsyn) -> None:
    for window in (DESK, {**SMALL, "color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}):
        with a_visitor(browser, day.url, **window) as anna:
            anna.page.goto(day.link("organizer"))
            for path in ("", "/needs/n-lag", "/needs/new", "/actions/new", "/targets", "/import"):
                anna.page.goto(f"{day.day}/followup{path}")
                held_to(anna)
