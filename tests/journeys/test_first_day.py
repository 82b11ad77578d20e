"""The first day of a new installation: one link, a day from the kit, publish, start, GO."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import DESK, a_visitor
from tests.running import samsyn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_an_empty_folder_becomes_a_day_that_runs(browser: Browser, tmp_path: Path) -> None:
    with samsyn("serve", tmp_path / "data") as server, a_visitor(browser, server.url, **DESK) as anna:
        page = anna.page
        assert sorted(server.told) == ["admin", "base_url"]
        page.goto(server.told["admin"])
        assert anna.axe() == []
        page.get_by_role("button", name="Fortsätt").click()
        page.wait_for_url("**/admin")
        assert (anna.scrolls_sideways(), anna.axe()) == (False, [])

        page.locator("#date").fill("2027-03-23")
        page.locator("#join_code").fill("482 177")
        page.get_by_role("button", name="Skapa dagen").click()
        expect(page.get_by_role("group", name="Något behöver rättas")).to_contain_text("Välj minst en region")
        assert anna.axe() == []
        page.get_by_label("Region Gotland").check()
        page.get_by_role("button", name="Skapa dagen").click()
        page.wait_for_url("**/build")
        expect(page.locator("main")).to_contain_text("482 177")
        page.get_by_role("button", name="Publicera").click()
        page.get_by_role("link", name="Starta dagen").click()
        assert anna.axe() == []
        page.get_by_role("button", name="Starta dagen nu").click()
        page.wait_for_url("**/cockpit")
        page.locator("[data-part=go]").click()
        expect(page.locator("[data-part=after]")).not_to_have_value("")

        link = server.told["admin"]
        with a_visitor(browser, server.url, **DESK) as stranger:
            answer = stranger.page.goto(link)
            assert answer
            assert answer.status == 409
            expect(stranger.page.locator("main")).to_contain_text("Länken är redan använd. Be om en ny.")
            expect(stranger.page.get_by_role("button", name="Fortsätt")).to_have_count(0)
        assert server.complaints() == []
