"""Captions from the captioners' keys to the viewers' eyes, in real browsers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, HALL, PHONE, Visitor, a_visitor
from tests.journeys.test_participant import join
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
NASTY = "<img src=x onerror=alert(1)> & <b>fet</b>"


@contextmanager
def a_captioner(browser: Browser, day: Samsyn, query: str = "") -> Iterator[Visitor]:
    """Somebody at the page where captions are written."""
    with a_visitor(browser, day.url, **DESK) as one:
        one.page.goto(day.link("captioner"))
        one.page.goto(f"{day.day}/captions{query}")
        expect(one.page.locator("[data-connection]")).to_have_text("Ansluten")
        yield one


def panel(page: Page) -> str:
    return page.locator("[data-part=captions]").inner_text()


def test_a_viewer_reads_each_word_and_every_line_in_order(browser: Browser, day: Samsyn) -> None:
    with a_captioner(browser, day) as anna, a_visitor(browser, day.url, **PHONE) as someone:
        write, read = anna.page, someone.page
        join(read, day, people="1")
        expect(write.locator("#rad")).to_be_focused()
        write.keyboard.press("F2")
        write.keyboard.type("hej och hm nu", delay=20)
        expect(read.locator("[data-part=captions]")).to_have_text("Panelist, region: hej och hemmonitorering nu", timeout=1500)
        expect(read.locator("[data-part=captions] .speaker")).to_have_text("Panelist, region:")
        expect(write.locator("[data-part=turn]")).to_have_text("Du skriver i sändning")

        write.keyboard.press("Enter")
        write.keyboard.type(NASTY)
        write.keyboard.press("Enter")
        expect(read.locator("[data-part=captions] p")).to_have_text(["Panelist, region: hej och hemmonitorering nu", NASTY])
        assert read.locator("[data-part=captions] img, [data-part=captions] b").count() == 0
        expect(write.locator("[data-part=log] .caption-line--sent p")).to_have_text(["hej och hemmonitorering nu", NASTY])

        write.keyboard.press("ArrowUp")
        expect(write.locator("#rad")).to_have_value(NASTY)
        write.keyboard.press("ArrowUp")
        expect(write.locator("#rad")).to_have_value("Panelist, region: hej och hemmonitorering nu")
        write.keyboard.press("Escape")
        expect(write.locator("#rad")).to_have_value("")
        write.keyboard.press("ArrowUp")
        write.keyboard.press("ControlOrMeta+A")
        write.keyboard.type("Rättat")
        write.keyboard.press("Enter")
        expect(read.locator("[data-part=captions] p").last).to_have_text("Rättat")
        expect(write.locator("[data-part=log] .caption-line--sent p").last).to_have_text("Rättat")
        assert (anna.scrolls_sideways(), anna.axe()) == (False, [])
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        anna.picture("captions-desk")
        someone.picture("captions-phone")


IN_THE_PLAYER = """text => [...document.querySelector("video").textTracks]
  .some(({ cues }) => [...(cues ?? [])].some((cue) => cue.text === text))"""


def test_the_lane_brings_the_lines_to_any_player(browser: Browser, day: Samsyn) -> None:
    with Person(day).by_link("captioner") as anna, a_visitor(browser, day.url, **DESK) as someone:
        page = someone.page
        join(page, day, people="1")
        page.wait_for_function("() => document.querySelector('video').currentTime > 1", timeout=40_000)
        line = anna.ask("streaming.caption", {"text": "Detta sä", "final": False})["data"]["line"]
        anna.ask("streaming.caption", {"text": "Moderator: Detta sägs <nu> & här.", "final": True})

        page.wait_for_function(IN_THE_PLAYER, arg="Moderator: Detta sägs &lt;nu&gt; &amp; här.", timeout=30_000)
        anna.ask("streaming.caption", {"text": "Detta sades.", "final": True, "line": line})
        lane = f"{day.day}/lanes/national"
        time.sleep(1)  # half a second is how old a lane's words may be
        listed = [one for one in anna.http.get(f"{lane}/day-sv.m3u8").text.splitlines() if not one.startswith("#")]
        texts = [anna.http.get(f"{lane}/{one}").raise_for_status().text for one in listed[-12:]]
        assert any("Detta sades." in text for text in texts)
        assert not any("sägs" in text for text in texts)


def test_what_is_written_without_contact_comes_in_order(browser: Browser, day: Samsyn) -> None:
    with a_captioner(browser, day) as anna, Person(day).joined() as reader:
        page = anna.page
        page.keyboard.type("Ett.\n")
        expect(page.locator("[data-part=log] .caption-line--sent")).to_have_count(1)
        anna.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        for text in ("Två.", "Tre.", "Fyra."):
            page.keyboard.type(f"{text}\n")
        expect(page.locator("[data-part=log] .caption-line:not(.caption-line--sent)")).to_have_count(3)
        anna.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-part=log] .caption-line--sent")).to_have_count(4, timeout=30_000)
        assert [line["text"] for line in reader.state()["captions"]] == ["Ett.", "Två.", "Tre.", "Fyra."]


def test_two_captioners_hand_over_between_two_lines(browser: Browser, day: Samsyn) -> None:
    with a_captioner(browser, day) as anna, a_captioner(browser, day) as bo, Person(day).joined() as reader:
        one, two = anna.page, bo.page
        one.keyboard.type("Anna skri", delay=10)
        expect(two.locator("[data-part=partner-line]")).to_have_text("Anna skri")
        expect(two.locator("[data-part=turn]")).to_contain_text("skriver")
        two.keyboard.press("F8")
        expect(one.locator("[data-part=partner]")).to_contain_text("tar över när raden är klar")
        one.keyboard.type("ver klart.\n")
        expect(two.locator("[data-part=turn]")).to_have_text("Du skriver i sändning")

        one.keyboard.press("F9")
        expect(one.locator("[data-part=ready-button]")).to_have_attribute("aria-pressed", "true")
        expect(two.locator("[data-part=partner]")).to_contain_text("är redo")
        two.keyboard.type("Bo skriver.")
        two.keyboard.press("F8")
        expect(one.locator("[data-part=turn]")).to_have_text("Du skriver i sändning")
        one.keyboard.type("Anna igen.\n")

        expect(two.locator("[data-part=log] .caption-line--sent p")).to_have_text(["Anna skriver klart.", "Bo skriver.", "Anna igen."])
        assert [line["text"] for line in reader.state()["captions"]] == ["Anna skriver klart.", "Bo skriver.", "Anna igen."]
        assert (bo.scrolls_sideways(), bo.axe()) == (False, [])


def test_the_text_page_goes_along_and_rests(browser: Browser, day: Samsyn) -> None:
    with Person(day).by_link("captioner") as anna, a_visitor(browser, day.url, **PHONE) as someone:
        page = someone.page
        join(page, day, people="1")
        anna.ask("streaming.caption", {"text": "Före.", "final": True})
        page.goto(f"{day.day}/text")
        expect(page.locator(".text-line p")).to_have_text(["Före."])
        for number in range(30):
            anna.ask("streaming.caption", {"text": f"Moderator: Rad {number} av det som sägs i sändningen just nu.", "final": True})
        anna.ask("streaming.caption", {"text": "Och så", "final": False})
        expect(page.locator(".text-line")).to_have_count(31)
        expect(page.locator("[data-part=open]")).to_have_text("Och så")
        page.wait_for_function("() => document.documentElement.scrollHeight - innerHeight - scrollY < 40")
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        someone.picture("captions-text")

        page.get_by_role("button", name="Större text").click()
        assert page.locator("#text").get_attribute("data-size") == "l"
        page.get_by_role("button", name="Pausa rullningen").click()
        page.evaluate("scrollTo(0, 0)")
        anna.ask("streaming.caption", {"text": "Och så vidare.", "final": True})
        expect(page.locator(".text-line")).to_have_count(32)
        assert page.evaluate("scrollY") < 50
        page.reload()
        assert page.locator("#text").get_attribute("data-size") == "l"


def test_the_text_page_without_scripts_and_the_hall_s_screen(browser: Browser, day: Samsyn) -> None:
    with (
        Person(day).by_link("captioner") as anna,
        Person(day).joined() as reader,
        a_visitor(browser, day.url, **HALL) as hall,
    ):
        for text in ("Ett.", "Två.", "Tre."):
            anna.ask("streaming.caption", {"text": text, "final": True})
        page = reader.http.get(f"{day.day}/text").text
        assert re.findall(r"<p>(\w+\.)</p>", page) == ["Ett.", "Två.", "Tre."]
        assert 'http-equiv="refresh"' in page
        hall.page.goto(day.link("screen"))
        hall.page.goto(f"{day.day}/screen?captions=1")
        expect(hall.page.locator("[data-part=captions] p")).to_have_text(["Två.", "Tre."])
        anna.ask("streaming.caption", {"text": "Fyra", "final": False})
        expect(hall.page.locator("[data-part=captions] p")).to_have_text(["Tre.", "Fyra"])
        assert hall.axe() == []
        hall.picture("captions-hall")
        hall.page.goto(f"{day.day}/overlay?captions=1")
        expect(hall.page.locator("[data-part=captions] p")).to_have_text(["Tre.", "Fyra"])
