"""An organizer with scarce time: two days, links that are copied, a title put right while somebody watches, a start that is confirmed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, PHONE, Visitor, a_visitor
from tests.conference.library.test_kits import a_kit, signed
from tests.running import Samsyn, samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def enter(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Fortsätt").click()


def a_day(page: Page, on: str, code: str) -> None:
    page.locator("#date").fill(on)
    page.locator("#join_code").fill(code)
    page.get_by_label("Region Norrvik").check()
    page.get_by_role("button", name="Skapa dagen").click()
    page.wait_for_url("**/build")


def looked_at(visitor: Visitor, name: str) -> None:
    """Nothing is wrong with the page at its width; a picture for whoever wants one (``SAMSYN_LOOK`` names a folder)."""
    if folder := os.environ.get("SAMSYN_LOOK"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert (visitor.scrolls_sideways(), visitor.axe()) == (False, [])


def test_an_admin_makes_two_days_and_hands_out_a_link(browser: Browser, tmp_path: Path) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **DESK, **allowed) as anna:
        page = anna.page
        enter(page, server.told["admin"])
        a_day(page, "2027-03-23", "482 177")
        expect(page.get_by_text("Andra kan inte nå den här adressen.")).to_be_visible()
        looked_at(anna, "build-draft")
        page.get_by_role("link", name="Administration").click()
        a_day(page, "2027-11-22", "482 178")
        page.get_by_role("link", name="Administration").click()
        expect(page.locator(".admin-day")).to_have_count(2)
        looked_at(anna, "admin")

        first = page.locator(".admin-day").first
        first.get_by_role("combobox").select_option("organizer")
        first.get_by_role("button", name="Ny länk").click()
        expect(page.get_by_role("heading", name="Nya länkar")).to_be_visible()
        page.get_by_role("button", name="Kopiera").click()
        expect(page.get_by_role("button", name="Kopierad")).to_be_visible()
        link = page.evaluate("navigator.clipboard.readText()")
        page.get_by_text("QR-kod").click()
        expect(page.get_by_role("img", name="QR-kod till länken: Arrangör")).to_be_visible()
        looked_at(anna, "admin-link")
        enters_by(browser, server, link, "**/build")
        page.get_by_role("button", name="Logga ut").click()
        page.goto(f"{server.url}/admin")
        expect(page.locator("main")).to_contain_text("samsyn invite --admin")
        assert server.complaints() == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_admin_takes_a_kit_in_and_back(browser: Browser, tmp_path: Path, scripts: bool) -> None:  # a case
    good = signed(a_kit(tmp_path / "own", lambda day: day["kit"].update(id="kit-egen", title="Vårt eget paket")), tmp_path / "own.zip")
    (tmp_path / "broken.zip").write_bytes(b"hej")
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **PHONE, java_script_enabled=scripts) as anna:
        page = anna.page
        enter(page, server.told["admin"])
        page.get_by_role("link", name="Ta in eller hämta paket").click()
        for file in ("broken.zip", good.name):
            page.get_by_label("Paketfil").set_input_files(tmp_path / file)
            page.get_by_role("button", name="Ladda upp och visa").click()
            if file == "broken.zip":
                expect(page.locator("main")).to_contain_text("Paketet går inte att använda")
        page.wait_for_url("**/admin/kits/waiting/*")
        page.get_by_label("Jag har jämfört nyckeln").check()
        page.get_by_role("button", name="Lita på nyckeln från och med nu").click()
        page.get_by_role("button", name="Lägg in paketet").click()
        expect(page.get_by_role("heading", name="Vårt eget paket, version 1")).to_be_visible()
        page.get_by_role("button", name="Dra tillbaka Vårt eget paket").click()
        expect(page.get_by_text("Versionen är tillbakadragen.")).to_be_visible()
        expect(page.get_by_role("heading", name="Vårt eget paket")).to_have_count(0)
        if scripts:
            looked_at(anna, "kits")
        assert server.complaints() == []


def enters_by(browser: Browser, server: Samsyn, link: str, to: str) -> None:
    with a_visitor(browser, server.url, **PHONE) as somebody:
        enter(somebody.page, link)
        somebody.page.wait_for_url(to)


def test_a_day_is_prepared_and_started_on_a_telephone_without_scripts(browser: Browser, tmp_path: Path) -> None:
    quiet = {**PHONE, "java_script_enabled": False}
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **quiet) as kim:
        page = kim.page
        enter(page, server.told["admin"])
        a_day(page, "2027-03-23", "482 177")
        page.get_by_role("button", name="Publicera").click()
        page.get_by_label("Ny länk för").select_option("moderator")
        page.get_by_label("Namn").fill("Lo Ek")
        page.get_by_role("button", name="Skapa länken").click()
        field = page.get_by_role("textbox", name="Moderator, Lo Ek")
        expect(page.get_by_role("button", name="Kopiera")).to_have_count(0)
        enters_by(browser, server, field.input_value(), "**/cockpit")

        page.get_by_role("link", name="Titlar, tider, namn och filmer").click()
        page.get_by_text("Tor Eklövsberg").first.click()
        page.locator("#contributor-c-gd-n").fill("Vik Arie")
        page.get_by_role("button", name="Spara Tor Eklövsberg").click()
        expect(page.locator("#contributor-c-gd summary")).to_contain_text("sparat")
        page.get_by_role("link", name="Bygg dagen").click()
        expect(page.locator(".checklist li", has_text="Moderatorn har öppnat sin länk")).to_contain_text("klart")

        page.get_by_role("link", name="Starta dagen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Starta dagen?")
        page.get_by_role("link", name="Inte än").click()
        page.get_by_role("link", name="Starta dagen").click()
        page.get_by_role("button", name="Starta dagen nu").click()
        page.wait_for_url("**/cockpit")
        assert server.complaints() == []


def test_the_pages_can_be_used_on_a_telephone_and_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **PHONE) as anna:
        page = anna.page
        enter(page, server.told["admin"])
        a_day(page, "2027-03-23", "482 177")
        page.get_by_role("button", name="Skapa en för varje roll").click()
        expect(page.locator("section[data-focus-first]")).to_be_focused()
        looked_at(anna, "build-phone")
        page.keyboard.press("Tab")
        expect(page.get_by_role("textbox", name="Arrangör")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Kopiera").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("img", name="QR-kod till länken: Arrangör")).to_be_visible()

        page.get_by_role("button", name="Publicera").click()
        page.get_by_role("link", name="Starta dagen").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/build/start")
        looked_at(anna, "begin-phone")
        page.get_by_role("link", name="Bygg dagen").click()
        page.get_by_role("link", name="Titlar, tider, namn och filmer").click()
        page.locator("#begins").fill("10:30")
        page.keyboard.press("Enter")
        expect(page.locator("#begin")).to_contain_text("sparat")
        page.get_by_text("Tor Eklövsberg").first.click()
        looked_at(anna, "programme-phone")
        page.goto(f"{server.url}/admin")
        looked_at(anna, "admin-phone")


def test_a_title_that_is_put_right_reaches_those_who_watch(browser: Browser, tmp_path: Path) -> None:
    with (
        samsyn("serve", tmp_path / "data") as server,
        a_visitor(browser, server.url, **DESK) as anna,
        a_visitor(browser, server.url, **DESK) as kim,
    ):
        page = anna.page
        enter(page, server.told["admin"])
        a_day(page, "2027-03-23", "482 177")
        page.get_by_role("button", name="Publicera").click()
        page.get_by_role("link", name="Starta dagen").click()
        page.get_by_role("button", name="Starta dagen nu").click()
        page.wait_for_url("**/cockpit")
        kim.page.goto(f"{server.url}/j/482177")
        kim.page.get_by_role("button", name="Gå med").first.click()
        kim.page.wait_for_url("**/live")

        page.goto(page.url.replace("cockpit", "build/programme"))
        page.locator("#dag-t").fill("E-hälsodagen i vår")
        page.get_by_role("button", name="Spara").first.click()
        expect(page.locator("#title")).to_contain_text("sparat")
        page.locator("#item-i-r1-samtal_national summary").click()
        page.locator("#item-i-r1-samtal_national-t").fill("Ett alldeles nytt samtal")
        page.locator("#item-i-r1-samtal_national").get_by_role("button", name="Spara").first.click()
        looked_at(anna, "programme-saved")

        expect(kim.page.get_by_text("Ett alldeles nytt samtal").first).to_be_attached()
        assert server.complaints() == []
