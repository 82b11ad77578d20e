"""Those who run the day: a moderator gives the whole of it from the cockpit by GO alone; an organizer reads what it came to."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import python_calamine
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def press_go(page: Page) -> bool:
    """Press KÖR once and wait until it shows; whether there was anything to give."""
    go = page.locator("[data-part=go]")
    before = page.locator("[data-part=after]").input_value()
    if go.is_disabled():
        return False
    go.click()
    page.wait_for_function(
        "before => document.querySelector('[data-part=after]').value !== before || document.querySelector('[data-part=go]').disabled",
        arg=before,
    )
    return True


def test_a_moderator_runs_the_whole_day_by_go_alone(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as olga, Person(day).joined(region="r-norrvik", people=4) as kim:
        page = olga.page
        page.goto(day.link("moderator"))
        expect(page.locator("[data-part=go-title]")).to_have_text("Öppna chatten")
        assert (olga.scrolls_sideways(), olga.axe()) == (False, [])

        given = 0
        while kim.state()["day"]["state"] == "live" and given < 300:
            if not press_go(page):
                page.wait_for_timeout(300)
            given += 1
            if given == 30:
                olga.picture("cockpit-desktop")
                assert olga.axe() == []

        assert kim.state()["day"]["state"] == "ended"
        assert [survey["state"] for survey in kim.state()["surveys"]][:1] == ["open"]
        assert {poll["voting"] for poll in kim.state()["polls"]} == {"closed"}


def test_an_organizer_reads_the_report_and_takes_it_away(browser: Browser, day: Samsyn, tmp_path: Path) -> None:
    with Person(day).by_link("moderator") as olga:
        olga.ask("polls.open", {"poll": "p-steg-fore"})
        for number in range(12):
            with Person(day).joined(region="r-norrvik" if number < 8 else "r-vastero", people=1 + number % 3) as voter:
                voter.ask("polls.vote", {"poll": "p-steg-fore", "answer": ["vet" if number % 2 else "ide"]})
        olga.ask("polls.close", {"poll": "p-steg-fore"})
    with a_visitor(browser, day.url, **DESK) as anna:
        page = anna.page
        page.goto(day.link("organizer"))
        page.goto(f"{day.day}/report")
        expect(page.locator("main")).to_contain_text("12 svar")
        assert (anna.scrolls_sideways(), anna.axe()) == (False, [])
        anna.picture("report-desktop", full=True)

        with page.expect_download() as download:
            page.locator('a[href$="polls.xlsx"]').first.click()
        download.value.save_as(tmp_path / "polls.xlsx")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "polls.xlsx").read_bytes()))
        rows = book.get_sheet_by_index(0).to_python()
        assert any("Vet du vad ditt nästa steg är" in str(cell) for row in rows for cell in row)
        for what in ("attendance", "polls", "evaluation", "chat", "questions", "programme", "needs", "actions"):
            for form in ("csv", "xlsx", "json"):
                assert page.request.get(f"{day.day}/export/{what}.{form}").status == 200
