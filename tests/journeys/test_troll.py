"""Somebody misbehaves in the chat: one press in the cockpit, and it is gone from every screen; what is held is looked at first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, PHONE, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def joins(page: Page, day: Samsyn, name: str) -> None:
    page.goto(day.link("participant"))
    form = page.locator('form[action="/join"]').first
    form.locator("input[name=name]").fill(name)
    form.locator("button:not([type=button])").click()
    page.wait_for_url("**/live")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)


def test_a_troll_is_stopped_with_one_press_and_gone_from_every_screen(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **PHONE) as someone,
        a_visitor(browser, day.url, **DESK) as staff,
        Person(day).joined(name="Trollet") as troll,
    ):
        phone, cockpit = someone.page, staff.page
        cockpit.goto(day.link("moderator"))
        cockpit.locator("[data-part=go]").click()
        joins(phone, day, "Kim")
        for text in ("Ni är dumma", "Allihop"):
            troll.ask("chat.say", {"text": text})
        expect(phone.get_by_text("Ni är dumma")).to_be_visible()

        cockpit.get_by_role("button", name="Stäng av Trollet och ta bort allt").first.click()

        for page in (phone, cockpit):
            expect(page.locator("[data-part=messages]").get_by_text("Inlägget är borttaget.")).to_have_count(2)
            expect(page.locator("[data-part=messages]").get_by_text("Ni är dumma")).to_have_count(0)
        assert troll.answer("chat.say", {"text": "Jag igen"})["error"]["code"] == "person.banned"
        staff.picture("chat-ban")

        cockpit.get_by_role("button", name="Ångra", exact=True).click()
        expect(phone.get_by_text("Ni är dumma")).to_be_visible()
        cockpit.get_by_role("button", name="Tysta 5 min: Trollet").first.click()
        expect(cockpit.locator("[data-part=undo-text]")).to_have_text("Personen kan inte skriva.")
        assert troll.answer("chat.say", {"text": "Jag igen"})["error"]["code"] == "person.silenced"


def test_what_is_held_waits_and_its_writer_sees_that(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone, a_visitor(browser, day.url, **DESK) as staff, Person(day).joined(name="Lo") as lo:
        phone, cockpit = someone.page, staff.page
        cockpit.goto(day.link("moderator"))
        cockpit.locator("[data-part=go]").click()
        joins(phone, day, "Kim")
        cockpit.get_by_text("Så modereras chatten").click()
        cockpit.get_by_role("button", name="Alla inlägg", exact=True).click()
        expect(phone.locator("[data-part=chat-pace]")).to_have_text("Inlägg granskas innan andra ser dem.")

        cockpit.get_by_text("Meddela", exact=True).first.click()
        cockpit.get_by_label("Meddelande", exact=True).fill("Vi börjar om fem minuter")
        cockpit.get_by_role("button", name="Meddela").click()
        expect(phone.locator("[data-part=announcement-text]")).to_have_text("Vi börjar om fem minuter")
        expect(phone.locator("#spoken-status")).to_have_text("Meddelande: Vi börjar om fem minuter")

        phone.get_by_label("Skriv i chatten").fill("Får jag säga något?")
        phone.locator("[data-part=chat-send]").click()
        expect(phone.locator(".message", has_text="Får jag säga något?").locator("[data-part=state]")).to_have_text("väntar på granskning")
        assert lo.state()["chat"] == []
        staff.picture("chat-held")
        someone.picture("chat-held-phone")
        cockpit.get_by_role("button", name="Släpp fram: Kim").click()

        expect(phone.locator("[data-message] [data-part=state]", has_text="väntar på granskning")).to_have_count(0)
        expect(phone.locator("[data-message]", has_text="Får jag säga något?")).to_have_count(1)
        assert [one["text"] for one in lo.state()["chat"]] == ["Får jag säga något?"]


def test_a_moderator_has_the_same_buttons_on_the_live_page(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as staff, Person(day).joined(name="Trollet") as troll:
        page = staff.page
        page.goto(day.link("moderator"))
        page.locator("[data-part=go]").click()
        page.goto(f"{day.day}/live")
        expect(page.get_by_label("Skriv i chatten")).to_be_visible(timeout=30_000)  # the cue that opens it is acted on a moment after
        troll.ask("chat.say", {"text": "Ni är dumma"})

        page.get_by_role("button", name="Ta bort inlägget från Trollet").click()
        expect(page.locator("[data-part=messages]").get_by_text("Inlägget är borttaget.")).to_be_visible()
        staff.picture("chat-moderator-phone")
        page.get_by_role("button", name="Ångra", exact=True).click()

        expect(page.locator("[data-part=messages]").get_by_text("Ni är dumma")).to_be_visible()
