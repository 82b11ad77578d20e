"""A speaker takes part with nothing but a link and a browser, and the producer brings them in from the cockpit."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browsers import DESK, PHONE, Visitor, a_visitor, chromium
from tests.running import Samsyn
from tests.streaming.media.decks import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
CONNECTS_MS = 20_000
REFUSING = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '%s'))"


WALL = "turn:turn.invalid:3478?transport=tcp"
NOTING = """
  globalThis.ways = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(how) { super(how); globalThis.ways.push(how.iceServers); }
  };
"""


@pytest.fixture
def behind_a_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSYN_ICE_SERVERS", "turn:kim:hemligt@turn.invalid:3478?transport=tcp")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that are not real, and that asks nobody for leave."""
    with chromium(*FAKE) as found:
        yield found


@contextmanager
def a_speaker(browser: Browser, day: Samsyn, name: str = "", **settings: Any) -> Iterator[Visitor]:
    with a_visitor(browser, day.url, **(settings or DESK)) as visitor:
        visitor.page.goto(day.link("speaker"))
        expect(visitor.page).to_have_url(f"{day.day}/studio")
        expect(visitor.page.locator("[data-connection]")).to_have_text("Ansluten")
        if name:
            visitor.page.get_by_label("Namn som det visas").fill(name)
            visitor.page.get_by_role("button", name="Spara namnet").click()
        yield visitor


def comes_on(page: Page) -> None:
    """Camera on, and it is seen at the producer's side."""
    page.get_by_role("button", name="Slå på kamera och mikrofon").click()
    expect(page.locator("[data-part=net]")).to_contain_text("Nätet räcker", timeout=CONNECTS_MS)
    expect(page.get_by_role("button", name="Jag är redo")).to_be_enabled()


def tally(page: Page) -> Any:
    return page.locator("[data-part=tally-word]")


def row(desk: Page, name: str) -> Any:
    return desk.locator("li.source").filter(has=desk.locator("[data-part=name]", has_text=name))


def test_from_a_link_to_on_air_and_off_again(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo Granmyr") as lo, a_visitor(browser, day.url, **DESK) as olga:
        page, desk = lo.page, olga.page
        expect(tally(page)).to_have_text("INTE I SÄNDNING")
        lo.picture("studio-before", full=True)
        assert (lo.axe(), lo.scrolls_sideways()) == ([], False)
        comes_on(page)

        desk.goto(day.link("moderator"))
        seat = row(desk, "Lo Granmyr")
        expect(seat.locator("[data-part=state]")).to_have_text("Sänder")
        page.get_by_role("button", name="Jag är redo").click()
        expect(tally(page)).to_have_text("REDO")
        expect(seat.locator("[data-part=ready]")).to_be_visible()

        seat.get_by_role("button", name="Titta på Lo Granmyr").click()
        expect(seat.locator("video")).to_be_visible(timeout=CONNECTS_MS)
        desk.wait_for_function("() => document.querySelector('li.source video:not([hidden])')?.videoHeight === 720", timeout=CONNECTS_MS)
        row(desk, "Panelen").get_by_role("button", name="Ta in").click()
        expect(tally(page)).to_have_text("DU ÄR I SÄNDNING")
        expect(row(desk, "Panelen").locator("[data-part=tally]")).to_be_visible()
        expect(seat.locator("[data-part=tally]")).to_be_visible()
        assert page.title().startswith("● ")
        lo.picture("studio-on-air", full=True)
        assert (lo.axe(), olga.axe()) == ([], [])

        page.get_by_role("button", name="Mikrofon på").click()
        expect(page.locator("[data-part=tally-aside]")).to_have_text("Du är med i sändning, men mikrofonen är av.")
        desk.get_by_role("button", name="Till skylten").click()
        expect(tally(page)).to_have_text("REDO")


def test_the_producer_and_a_speaker_write_to_each_other_and_nobody_else_sees_it(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_speaker(browser, day, "Kim") as kim, a_visitor(browser, day.url, **DESK) as olga:
        olga.page.goto(day.link("moderator"))
        lo.page.get_by_label("Skriv till producenten").fill("Hörs jag?")
        lo.page.keyboard.press("Enter")
        seat = row(olga.page, "Lo")
        expect(seat.locator("[data-part=words]")).to_contain_text("Hörs jag?")
        seat.get_by_label("Skriv till Lo").fill("Ja, fint.")
        olga.page.keyboard.press("Enter")

        expect(lo.page.locator("[data-part=whispers]")).to_contain_text("Ja, fint.")
        lo.page.reload()
        expect(lo.page.locator("[data-part=whispers] li")).to_have_count(2)
        expect(kim.page.locator("[data-part=whispers] li")).to_have_count(0)


def test_text_is_read_while_it_is_written_and_kept_when_it_is_finished(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_speaker(browser, day, "Kim") as kim, a_visitor(browser, day.url, **DESK) as olga:
        olga.page.goto(day.link("moderator"))
        lo.page.get_by_label("Skriv till alla i panelen").press_sequentially("Jag tar avtalsd", delay=40)
        for reader in (kim.page, olga.page):
            expect(reader.locator("[data-part=rtt-lines] li")).to_have_text("Lo: Jag tar avtalsd")
            expect(reader.locator("[data-part=rtt-lines] li")).to_have_class("typed typed--open")
        expect(lo.page.locator("[data-part=rtt-lines] li")).to_have_count(0)
        kim.picture("real-time-text-typing", full=True)
        olga.page.locator(".sources__typed").scroll_into_view_if_needed()
        olga.picture("real-time-text-desk")

        lo.page.get_by_label("Skriv till alla i panelen").press_sequentially("elen.")
        lo.page.keyboard.press("Enter")
        for reader in (kim.page, olga.page):
            expect(reader.locator("[data-part=rtt-lines] li")).to_have_text("Lo: Jag tar avtalsdelen.")
            expect(reader.locator("[data-part=rtt-lines] li")).to_have_class("typed")
        expect(lo.page.locator("[data-part=rtt-lines] li")).to_have_text("Du: Jag tar avtalsdelen.")
        olga.page.get_by_label("Skriv till alla i panelen").fill("Nästa fråga går till dig.")
        olga.page.get_by_role("button", name="Avsluta raden").click()
        kim.page.reload()
        expect(kim.page.locator("[data-part=rtt-lines] li")).to_have_text(
            ["Lo: Jag tar avtalsdelen.", "Producenten: Nästa fråga går till dig."]
        )
        assert (kim.axe(), olga.axe()) == ([], [])


def test_two_in_a_panel_and_the_producer_chooses_the_picture(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_speaker(browser, day, "Kim") as kim, a_visitor(browser, day.url, **DESK) as olga:
        desk = olga.page
        for one in (lo, kim):
            comes_on(one.page)
            one.page.get_by_role("button", name="Jag är redo").click()
            expect(tally(one.page)).to_have_text("REDO")
        expect(lo.page.locator("[data-part=company]")).to_contain_text("Kim")
        expect(lo.page.locator("[data-part=near]")).to_be_visible(timeout=CONNECTS_MS)

        desk.goto(day.link("moderator"))
        expect(row(desk, "Panelen").locator("[data-part=state]")).to_have_text("Sänder", timeout=CONNECTS_MS)
        row(desk, "Panelen").get_by_role("button", name="Ta in").click()
        for one in (lo, kim):
            expect(tally(one.page)).to_have_text("DU ÄR I SÄNDNING")
        row(desk, "Kim").get_by_role("button", name="Titta").click()
        row(desk, "Kim").get_by_role("button", name="Visa i bild").click()
        expect(lo.page.locator("[data-part=tally-aside]")).to_have_text("Ditt ljud går ut. Bilden visar någon annan.")
        row(desk, "Lo").get_by_role("button", name="Titta").click()
        row(desk, "Lo").get_by_label("med i panelen").uncheck()
        expect(tally(lo.page)).to_have_text("REDO")
        expect(tally(kim.page)).to_have_text("DU ÄR I SÄNDNING")


def test_the_picture_comes_back_by_itself_when_the_media_process_was_started_anew(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo:
        comes_on(lo.page)
        lo.page.get_by_role("button", name="Jag är redo").click()
        expect(tally(lo.page)).to_have_text("REDO")
        lo.page.evaluate(f"() => {{ {NOTING} }}")
        os.kill(media_process_of(day), signal.SIGKILL)

        lo.page.wait_for_function("() => globalThis.ways.length > 0", timeout=45_000)  # it does not wait for the network to tell
        expect(lo.page.locator("[data-part=net]")).to_contain_text("Nätet räcker", timeout=45_000)
        expect(tally(lo.page)).to_have_text("REDO")
        lo.faults[:] = [fault for fault in lo.faults if not fault.startswith("503 ")]  # it was away, and we said so


def media_process_of(day: Samsyn) -> int:
    """The child that is the media process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent, words = path.read_text().rpartition(")")[2].split()[1], (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == day.process.pid and b"streaming.media" in words:
            return int(path.parent.name)
    raise AssertionError("there is no media process")


def test_a_shared_screen_is_the_days_source_for_pictures(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_visitor(browser, day.url, **DESK) as olga:
        comes_on(lo.page)
        lo.page.get_by_role("button", name="Visa din skärm").click()
        olga.page.goto(day.link("moderator"))
        pictures = row(olga.page, "Talarens bilder")
        expect(pictures.locator("[data-part=state]")).to_have_text("Sänder", timeout=CONNECTS_MS)
        pictures.get_by_role("button", name="Ta in").click()
        expect(lo.page.locator("[data-part=tally-aside]")).to_have_text("Din skärm visas i sändning.")

        lo.page.get_by_role("button", name="Sluta visa skärmen").click()
        expect(tally(lo.page)).to_have_text("INTE I SÄNDNING")
        expect(pictures.locator("[data-part=state]")).not_to_have_text("Sänder")


def test_slides_are_given_shown_and_turned_with_the_keyboard(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_visitor(browser, day.url, **DESK) as olga:
        page = lo.page
        bad = FilePayload(name="nej.pdf", mimeType="application/pdf", buffer=b"nej")
        page.get_by_label("PDF med dina bilder").set_input_files(bad)
        page.get_by_role("button", name="Ladda upp").click()
        expect(page.locator("[data-part=slides-state]")).to_have_text(
            "Filen gick inte att läsa som PDF. Spara den på nytt och försök igen.", timeout=CONNECTS_MS
        )
        lo.faults[:] = [fault for fault in lo.faults if not fault.startswith("422 ")]  # it was no PDF, and we said so
        good = FilePayload(name="bilder.pdf", mimeType="application/pdf", buffer=pdf(3))
        page.get_by_label("PDF med dina bilder").set_input_files(good)
        page.get_by_role("button", name="Ladda upp").click()
        expect(page.get_by_role("button", name="Visa bilderna")).to_be_focused(timeout=CONNECTS_MS)
        expect(page.locator("[data-part=slides-count]")).to_have_text("Bild 1 av 3")
        expect(page.get_by_role("img", name="Bild 2 av 3")).to_be_visible()

        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Sluta visa bilderna")).to_be_visible()
        olga.page.goto(day.link("moderator"))
        pictures = row(olga.page, "Talarens bilder")
        expect(pictures.locator("[data-part=state]")).to_have_text("Sänder", timeout=CONNECTS_MS)
        pictures.get_by_role("button", name="Ta in").click()
        expect(page.locator("[data-part=tally-aside]")).to_have_text("Din skärm visas i sändning.")
        for key, n in (("ArrowRight", 2), ("PageDown", 3), ("ArrowRight", 3), ("ArrowLeft", 2)):
            page.keyboard.press(key)
            expect(page.locator("[data-part=slides-count]")).to_have_text(f"Bild {n} av 3")
        lo.picture("slides-desk", full=True)
        page.set_viewport_size({"width": 320, "height": 844})
        assert (lo.axe(), lo.scrolls_sideways()) == ([], False)
        lo.picture("slides-phone", full=True)
        page.get_by_role("button", name="Sluta visa bilderna").click()
        expect(pictures.locator("[data-part=state]")).not_to_have_text("Sänder")

        page.reload()
        expect(page.locator("[data-part=slides-count]")).to_have_text("Bild 1 av 3")
        page.get_by_role("button", name="Ta bort").click()
        expect(page.get_by_label("PDF med dina bilder")).to_be_focused()


@pytest.mark.usefixtures("behind_a_wall")
def test_who_looks_knows_the_ways_out_of_their_network(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo, a_visitor(browser, day.url, **DESK) as olga, a_visitor(browser, day.url, **DESK) as ida:
        comes_on(lo.page)
        lo.page.get_by_role("button", name="Jag är redo").click()
        for visitor, role in ((olga, "moderator"), (ida, "captioner")):
            visitor.page.add_init_script(NOTING)
            visitor.page.goto(day.link(role))
        seat = row(olga.page, "Lo")
        seat.get_by_role("button", name="Titta på Lo").click()
        expect(seat.locator("video")).to_be_visible(timeout=CONNECTS_MS)
        row(olga.page, "Panelen").get_by_role("button", name="Ta in").click()
        ida.page.locator("[data-part=listen]").click()
        for visitor in (olga, ida):
            visitor.page.wait_for_function("() => globalThis.ways.length > 0", timeout=CONNECTS_MS)
            assert {each["urls"] for each in visitor.page.evaluate("globalThis.ways.at(-1)")} == {WALL}


def test_whoever_opens_a_second_window_sends_from_there(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo") as lo:
        comes_on(lo.page)
        lo.page.wait_for_timeout(2500)  # it has been seen to send
        second = lo.context.new_page()
        second.goto(f"{day.day}/studio")
        second.get_by_role("button", name="Slå på kamera och mikrofon").click()
        expect(second.locator("[data-part=net]")).to_contain_text("Nätet räcker", timeout=CONNECTS_MS)

        expect(lo.page.get_by_role("heading", name="Du sänder från ett annat fönster")).to_be_visible(timeout=CONNECTS_MS)
        lo.page.get_by_role("button", name="Sänd härifrån i stället").click()
        expect(second.get_by_role("heading", name="Du sänder från ett annat fönster")).to_be_visible(timeout=CONNECTS_MS)


def test_a_speaker_on_a_phone(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day, "Lo", **PHONE) as lo:
        comes_on(lo.page)
        lo.picture("studio-phone", full=True)
        assert (lo.axe(), lo.scrolls_sideways()) == ([], False)


def test_everything_can_be_done_with_the_keyboard(browser: Browser, day: Samsyn) -> None:
    with a_speaker(browser, day) as lo:
        page = lo.page
        page.get_by_role("button", name="Slå på kamera och mikrofon").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-part=net]")).to_contain_text("Nätet räcker", timeout=CONNECTS_MS)
        page.get_by_role("button", name="Jag är redo").focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Jag är inte redo längre")).to_be_focused()
        page.get_by_role("button", name="Lämna scenen").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Du har lämnat scenen")).to_be_visible()
        expect(tally(page)).to_have_text("INTE I SÄNDNING")


@pytest.mark.parametrize(
    ("hindrance", "title"),
    [
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", "Kameran kräver en säker adress"),
        ("RTCRtpSender.getCapabilities = () => ({codecs: []})", "Webbläsaren kan inte sända"),
        (REFUSING % "NotAllowedError", "Webbläsaren fick inte lov"),
        (REFUSING % "NotFoundError", "Ingen kamera hittades"),
        (REFUSING % "NotReadableError", "Kameran används av något annat"),
    ],
)
def test_what_stands_in_the_way_is_said_calmly(browser: Browser, day: Samsyn, hindrance: str, title: str) -> None:
    with a_visitor(browser, day.url, **PHONE) as lo:
        lo.page.add_init_script(hindrance)
        lo.page.goto(day.link("speaker"))
        begin = lo.page.get_by_role("button", name="Slå på kamera och mikrofon")
        if begin.is_visible():
            begin.click()
        expect(lo.page.get_by_role("heading", name=title)).to_be_visible()
        expect(lo.page.get_by_role("button", name="Jag är redo")).to_be_disabled()
        assert (lo.axe(), lo.scrolls_sideways()) == ([], False)
