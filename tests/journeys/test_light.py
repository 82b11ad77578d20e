"""A region takes part without staff: every field and click of its contact is counted; the country's host looks after its chat."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsers import DESK, a_visitor
from tests.journeys.test_pages import SMALL
from tests.running import samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ACTIONS_MOST = 12


class Counted:
    """Somebody at a page whose every field and click is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.actions += 1

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.actions += 1

    def press(self, what: Locator) -> None:
        what.click()
        self.actions += 1


def a_day(page: Page, admin: str) -> str:
    """A published day of the kit with a region of its own; its address."""
    page.goto(admin)
    page.get_by_role("button", name="Fortsätt").click()
    page.wait_for_url("**/admin")
    page.locator("#date").fill("2027-03-23")
    page.get_by_label("Region Gotland").check()
    page.get_by_role("button", name="Skapa dagen").click()
    page.wait_for_url("**/build")
    page.get_by_role("button", name="Publicera").click()
    return page.url.removesuffix("/build")


def test_a_region_joins_in_twelve_actions_and_is_looked_after(browser: Browser, tmp_path: Path) -> None:
    with (
        samsyn("serve", tmp_path / "data", SAMSYN_MEDIA_URL="http://127.0.0.1:9") as server,
        a_visitor(browser, server.url, **DESK) as anna,
        a_visitor(browser, server.url, **SMALL) as eva,
    ):
        day = a_day(anna.page, server.told["admin"])
        anna.page.goto(f"{day}/light")
        assert (anna.axe(), anna.scrolls_sideways()) == ([], False)
        anna.page.get_by_role("button", name="Skapa länken").click()
        link = anna.page.locator("#ny-lank").input_value()

        counted = Counted(eva.page)
        counted.open(link)
        assert (eva.axe(), eva.scrolls_sideways()) == ([], False)
        counted.write(eva.page.get_by_label("Region", exact=True), "Region Fjällstrand")
        counted.write(eva.page.get_by_label("Kontakt"), "eva@fjallstrand.example")
        goals = eva.page.get_by_role("group", name="Mål som ni vill arbeta med").get_by_role("checkbox")
        counted.press(goals.nth(0))
        counted.press(goals.nth(1))
        counted.press(eva.page.get_by_role("button", name="Anmäl regionen"))
        expect(eva.page.get_by_role("heading", level=1)).to_have_text("Region Fjällstrand")
        assert counted.actions <= ACTIONS_MOST
        assert counted.actions == 6
        assert (eva.axe(), eva.scrolls_sideways()) == ([], False)
        own = eva.page.url
        expect(eva.page.get_by_role("region", name="Era pass")).to_contain_text("Lärande exempel")

        fields = eva.page
        fields.goto(link)
        assert eva.page.locator("form.section").locator("input:not([type=hidden]), select").count() - goals.count() + 1 <= 6

        looked_after(anna.page, eva.page, day, own)
        assert server.complaints() == []


def looked_after(host: Page, guest: Page, day: str, own: str) -> None:
    """The day begins; somebody of the region writes where the country's host reads and may act, and sees what came of it."""
    host.goto(f"{day}/build/start")
    host.get_by_role("button", name="Starta dagen nu").click()
    host.wait_for_url("**/cockpit")
    guest.goto(own)
    code = re.findall(r"\d{3}.\d{3}", guest.get_by_role("region", name="Så går era deltagare med").inner_text())[0]
    guest.goto(day.partition("/days/")[0])
    joined: Any = guest.evaluate(
        "code => fetch('/join', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({code, name: 'Eva', region: 'r-fjallstrand'})}).then((answer) => answer.status)",
        code,
    )
    assert joined == 200
    to_the_regions(host)
    guest.goto(f"{day}/live")
    guest.get_by_label("Skriv i chatten").fill("Hej från fjället")
    guest.get_by_label("Skriv i chatten").press("Enter")
    host.goto(f"{day}/cockpit?lane=r-fjallstrand")
    line = host.locator("[data-part=messages] > li", has_text="Hej från fjället")
    expect(line).to_have_count(1)
    line.get_by_role("button", name="Ta bort inlägget").click()
    expect(guest.locator("[data-part=messages]")).not_to_contain_text("Hej från fjället")
    guest.goto(own)
    expect(guest.get_by_role("region", name="Så svarade ni")).to_be_visible()


def to_the_regions(host: Page) -> None:
    """Press KÖR until each region is in its own block."""
    for _ in range(60):
        answer = host.evaluate(
            "day => fetch(`/days/${day}/wishes`, {method: 'POST', headers: {'Content-Type': 'application/json'},"
            " body: JSON.stringify({id: crypto.randomUUID(), do: 'rundown.go', args: {lane: 'national'}})}).then((one) => one.json())",
            host.url.split("/days/")[1].split("/")[0],
        )
        assert answer["ok"], answer
        state = host.evaluate("day => fetch(`/days/${day}/state`).then((one) => one.json())", host.url.split("/days/")[1].split("/")[0])
        if state["now"].get("block") == "b2":
            return
    raise AssertionError("the regions were never called")
