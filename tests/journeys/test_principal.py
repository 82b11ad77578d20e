"""From the end of a day to a report that can be sent: every click and field of the organizer's is counted."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pptx import Presentation
from python_calamine import CalamineWorkbook

from tests.browsers import DESK, PHONE, Visitor, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ACTIONS_MOST = 15
MADE_S = 120  # a PDF on a busy machine


@dataclass
class Hand:
    """Does what somebody does, and counts it."""

    page: Page
    actions: int = 0

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def fill(self, name: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(name).fill(text)

    def take(self, name: str) -> bytes:
        with self.page.expect_download(timeout=MADE_S * 1000) as download:
            self.click(self.page.get_by_role("link", name=name, exact=True))
        return Path(download.value.path()).read_bytes()


def fits(visitor: Visitor) -> tuple[bool, list[str]]:
    return visitor.scrolls_sideways(), visitor.axe()


def some_answers(day: Samsyn) -> None:
    """Twelve people answer a poll; eight of them one thing."""
    with Person(day).by_link("moderator") as olga:
        olga.ask("polls.open", {"poll": "p-steg-fore"})
        for number in range(12):
            with Person(day).joined(region="r-norrvik", people=1 + number % 3) as voter:
                voter.ask("polls.vote", {"poll": "p-steg-fore", "answer": ["vet" if number < 8 else "ide"]})
        olga.ask("polls.close", {"poll": "p-steg-fore"})


def test_an_organizer_goes_from_the_end_of_the_day_to_a_report_to_send(browser: Browser, day: Samsyn) -> None:
    some_answers(day)
    with a_visitor(browser, day.url, **DESK, accept_downloads=True) as anna:
        page, hand = anna.page, Hand(anna.page)
        page.goto(day.link("organizer"))
        page.goto(f"{day.day}/cockpit")
        hand.click(page.get_by_role("button", name="Avsluta dagen").first)
        hand.click(page.get_by_role("dialog").get_by_role("button", name="Avsluta dagen"))
        hand.click(page.get_by_role("link", name="Rapport", exact=True).first)
        hand.click(page.get_by_role("button", name="Rapport till uppdragsgivaren"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Nationella e-hälsodagen")
        assert fits(anna) == (False, [])

        hand.click(page.get_by_text("Skriv i rapporten"))
        hand.fill("Uppdraget: vem som gav det", "Uppdraget kom från regeringen.\n\nDet skulle leda till en gemensam bild.")
        hand.fill("Åtgärder: vad som görs nu", "Ett gemensamt arbetssätt är klart i mars.")
        assert fits(anna) == (False, [])
        hand.click(page.get_by_role("button", name="Spara som ny version"))
        expect(page.locator("[data-part=saved]")).to_have_text("Version 2 är sparad.")
        anna.picture("principal-desktop", full=True)

        pdf, slides, workbook, data = (hand.take(name) for name in ("PDF", "Bilder, PPTX", "Kalkylblad, XLSX", "Öppna data, ZIP"))
        assert hand.actions <= ACTIONS_MOST

        assert pdf.startswith(b"%PDF-1.7")
        charts = [shape.chart for slide in Presentation(io.BytesIO(slides)).slides for shape in slide.shapes if shape.has_chart]
        assert (67.0, 33.0) in [tuple(sorted(chart.plots[0].series[0].values, reverse=True)[:2]) for chart in charts]
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        assert book.get_sheet_by_name("Åtgärder").to_python()[1][0] == "Ett gemensamt arbetssätt är klart i mars."
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            answers = json.loads(archive.read("data.json"))["tables"]["svar"]
        assert [(row["antal"], row["n"], row["procent"]) for row in answers if row["antal"] == 8 and not row["region"]] == [(8, 12, 67)]


def test_the_report_is_read_and_written_on_a_telephone_without_scripts(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE, java_script_enabled=False) as kim:
        page = kim.page
        page.goto(day.link("organizer"))
        page.goto(f"{day.day}/report/principal")
        page.get_by_role("button", name="Gör rapporten").click()
        page.get_by_text("Skriv i rapporten").click()
        page.get_by_label("Kommentar till deltagandet").fill("Fler än väntat.")
        page.get_by_role("button", name="Spara som ny version").click()
        expect(page.locator("#k-participation ~ .principal__words")).to_have_text("Fler än väntat.")
        page.locator("summary", has_text="Versioner").click()
        page.get_by_role("link", name="Version 1", exact=True).click()
        expect(page.get_by_text("Det här är en äldre version.")).to_be_visible()
        expect(page.locator(".principal__words")).to_have_count(0)
    with a_visitor(browser, day.url, viewport={"width": 320, "height": 700}, color_scheme="dark") as olga:
        olga.page.goto(day.link("moderator"))
        olga.page.goto(f"{day.day}/report/principal")
        assert fits(olga) == (False, [])
        expect(olga.page.get_by_text("Skriv i rapporten")).to_have_count(0)
