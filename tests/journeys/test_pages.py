"""What every page is held to: no jumps, an order for the keyboard, three live regions, two languages, every width, its lane."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, HALL, PHONE, a_visitor
from tests.journeys.test_participant import join
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SMALL = {"viewport": {"width": 360, "height": 740}}
NARROWEST = {"viewport": {"width": 320, "height": 700}}
DARK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark", "reduced_motion": "reduce"}
JUMPS_MOST = 0.05
WATCH = """() => {
    window.jumps = [];
    new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.jumps.push(one.value); })
        .observe({ type: "layout-shift", buffered: true });
}"""
SWEDISH = re.compile(r"\b(och|är|inte|för|att|som|med|på|av|till|det|den|eller|du|ni|har|kan|här|nu)\b", re.IGNORECASE)


@pytest.mark.parametrize("window", [SMALL, DESK], ids=["phone", "desk"])
def test_nothing_jumps_when_a_poll_opens_and_closes(browser: Browser, day: Samsyn, window: dict[str, object]) -> None:
    with a_visitor(browser, day.url, **window) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.go_until("i-valkommen.04")
        join(page, day, people="1")
        expect(page.locator("[data-connection]")).to_have_text("Ansluten")
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        page.evaluate("() => { window.jumps = []; }")

        olga.ask("polls.open", {"poll": "p-steg-fore"})
        expect(page.locator("[data-poll=p-steg-fore]")).to_be_attached()
        page.wait_for_timeout(800)
        olga.ask("polls.close", {"poll": "p-steg-fore"})
        olga.ask("polls.show", {"poll": "p-steg-fore", "to": "everyone"})
        expect(page.locator("[data-poll=p-steg-fore]")).to_contain_text("Ingen svarade")
        page.wait_for_timeout(800)

        assert page.evaluate("() => window.jumps.reduce((sum, one) => sum + one, 0)") < JUMPS_MOST


@pytest.mark.parametrize("window", [NARROWEST, PHONE, DESK], ids=["320", "phone", "desk"])
def test_what_is_said_of_saving_moves_no_button(browser: Browser, day: Samsyn, window: dict[str, object]) -> None:
    """At ten o'clock the time has a digit more; a line that breaks would draw the button away from under the finger that presses it."""
    with a_visitor(browser, day.url, **window) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.ask("surveys.open", {"survey": "ev-deltagare"})
        join(page, day, people="1")
        page.goto(f"{day.day}/evaluation")
        page.get_by_text("Mycket bra", exact=True).first.click()
        expect(page.locator("[data-part=save-state-foot]")).to_contain_text("Utkast sparat")
        page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        places = {
            tuple(page.evaluate(SAID_OF_SAVING, text))
            for text in ("", " Sparas …", " Utkast sparat 9.05", " Utkast sparat 10.05", " Sparat här. Skickas när kontakten är tillbaka.")
        }
        assert len(places) == 1
        assert someone.axe() == []


SAID_OF_SAVING = """text => {
    for (const place of ["save-state", "save-state-foot"]) document.querySelector(`[data-part=${place}]`).lastChild.textContent = text;
    return ["[data-question]", "form[data-part=form] .button--large"].map((one) => document.querySelector(one).getBoundingClientRect().top);
}"""


def test_a_new_poll_and_its_end_are_said_and_take_no_focus(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.ask("rundown.go")
        join(page, day, people="1")
        expect(page.locator("[data-connection]")).to_have_text("Ansluten")
        page.get_by_label("Skriv i chatten").focus()
        said = page.locator("#spoken-status")
        expect(page.locator("[role=status], [role=alert], [role=log], [aria-live]")).to_have_count(3)

        olga.ask("polls.open", {"poll": "p-steg-fore"})
        expect(said).to_have_text("Ny omröstning: Vet du vad ditt nästa steg är i arbetet med e-hälsa?")
        olga.ask("polls.close", {"poll": "p-steg-fore"})
        expect(said).to_have_text("Omröstningen är stängd: Vet du vad ditt nästa steg är i arbetet med e-hälsa?")
        expect(page.get_by_label("Skriv i chatten")).to_be_focused()

        page.locator("[data-part=chat-aloud] > summary").click()
        page.get_by_label("Läs upp chatten").select_option("all")
        with Person(day).joined(name="Kim") as kim:
            kim.ask("chat.say", {"text": "Hej på er"})
        expect(page.locator("#spoken-log")).to_contain_text("Kim: Hej på er")
        expect(page.locator("#spoken-alert")).to_be_empty()


def test_the_keyboard_meets_our_own_controls_and_no_others(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.go_until("i-valkommen.04")
        join(page, day, people="1")
        expect(page.get_by_role("button", name="Pausa")).to_be_visible(timeout=20_000)
        page.locator("header").get_by_role("link", name="Program").focus()
        met: list[str] = []
        while "Helskärm" not in met and len(met) < 16:
            page.keyboard.press("Tab")
            met.append(page.evaluate("() => document.activeElement.innerText.trim() || document.activeElement.tagName"))
        assert [one for one in met if one in {"Pausa", "Slå på ljudet", "Undertexter", "Helskärm", "VIDEO"}] == [
            "VIDEO", "Pausa", "Slå på ljudet", "Undertexter", "Helskärm",
        ]  # fmt: skip
        assert page.evaluate("() => document.querySelector('video').controls") is False  # it takes keys, and has no buttons of its own

        page.get_by_role("button", name="Pausa").press("Enter")
        expect(page.get_by_role("button", name="Spela")).to_be_visible()
        assert page.evaluate("() => document.querySelector('video').paused") is True
        page.get_by_role("button", name="Spela").press("Enter")
        expect(page.get_by_role("button", name="Pausa")).to_be_visible()


def test_a_badge_never_stands_on_the_picture(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **SMALL) as someone:
        join(someone.page, day, people="1")
        picture = someone.page.locator(".screen-frame__picture").bounding_box()
        badge = someone.page.locator("[data-part=on-air]").bounding_box()
        assert picture
        assert badge
        assert badge["y"] + badge["height"] <= picture["y"]


def test_a_moderator_asks_a_question_on_the_spot_by_keyboard(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as olga, Person(day).joined() as kim:
        page = olga.page
        page.goto(day.link("moderator"))
        expect(page.locator("[data-connection]")).to_have_text("Ansluten")
        page.get_by_text("Ny omröstning").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Fråga", exact=True)).to_be_focused()
        for keys in ("Hörs det?", "Tab", "Tab", "Ja", "Enter", "Nej", "Tab", "Tab", "Tab", "Enter"):
            if keys in ("Tab", "Enter"):
                page.keyboard.press(keys)
            else:
                page.keyboard.type(keys)
        expect(page.locator(".poll-item").first).to_contain_text("Hörs det?")
        expect(page.locator("#spoken-status")).to_have_text("Omröstningen är öppen.")
        asked = kim.state()["polls"][-1]
        assert (asked["voting"], [one["text"] for one in asked["options"]]) == ("open", ["Ja", "Nej"])
        assert olga.axe() == []


def test_a_hall_sees_the_lane_in_its_address(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **HALL) as hall, Person(day).by_link("moderator") as olga:
        page = hall.page
        page.goto(day.link("screen"))
        assert page.goto(f"{day.day}/screen?lane=r-nowhere").status == 404  # type: ignore[union-attr]  # there is an answer
        expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")
        page.goto(f"{day.day}/screen?lane=r-sundmark")
        expect(page.locator("[data-part=note]")).to_have_text("Nationella e-hälsodagen, Region Sundmark")
        olga.go_until("i-hemma.01")
        shown = olga.http.get(f"{day.day}/state", params={"lane": "r-sundmark"}).json()
        here = next(item for item in shown["programme"] if item["item"] == shown["now"]["item"])
        assert (shown["you"]["lane"], shown["lane"]["lane"]) == ("r-sundmark", "r-sundmark")
        assert "r-sundmark" in {item["lane"] for item in shown["programme"]}
        later = shown["programme"][shown["programme"].index(here) + 1 :]  # by place: run by hand, what is left keeps its planned hours
        expect(page.locator("[data-part=next-title]")).to_have_text(later[0]["title"])

        page.goto(f"{day.day}/overlay?lane=r-sundmark")
        olga.ask("polls.open", {"poll": "p-osaker"})
        expect(page.locator("[data-part=vote-title]")).to_contain_text("När blir du osäker")
        assert olga.http.get(f"{day.day}/state", params={"lane": "r-nowhere"}).status_code == 404
        with Person(day).joined(region="r-norrvik") as kim:
            assert kim.http.get(f"{day.day}/state", params={"lane": "r-sundmark"}).json()["you"]["lane"] == "r-norrvik"


def pages(day: Samsyn) -> dict[str, list[str]]:
    """Role -> what it reads."""
    return {
        "moderator": [f"{day.day}/cockpit", f"{day.day}/report"],
        "screen": [f"{day.day}/screen", f"{day.day}/overlay"],
        "": [day.url, day.day, f"{day.day}/live", f"{day.url}/tillganglighet", f"{day.url}/kakor", f"{day.day}/nowhere"],
    }


@pytest.mark.parametrize("window", [NARROWEST, SMALL, DARK, HALL], ids=["320", "360", "dark and still", "hall"])
def test_every_page_fits_every_window(browser: Browser, day: Samsyn, window: dict[str, object]) -> None:
    with Person(day).by_link("moderator") as olga:
        olga.go_until("i-nulage.01")
    for role, addresses in pages(day).items():
        with a_visitor(browser, day.url, **window) as someone:
            someone.page.goto(day.link(role)) if role else join(someone.page, day, people="3")
            for address in addresses:
                someone.page.goto(address)
                someone.page.wait_for_timeout(700)
                assert (address, someone.scrolls_sideways(), someone.axe()) == (address, False, [])


def test_text_twice_as_large_still_fits(browser: Browser, day: Samsyn) -> None:
    for role, addresses in pages(day).items():
        with a_visitor(browser, day.url, viewport={"width": 640, "height": 800}) as someone:
            someone.page.goto(day.link(role)) if role else join(someone.page, day, people="3")
            for address in addresses:
                someone.page.goto(address)
                someone.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
                someone.page.wait_for_timeout(500)
                assert (address, someone.scrolls_sideways()) == (address, False)


def test_the_pages_can_be_read_in_english(browser: Browser, day: Samsyn) -> None:
    """By the switch that each page has; Swedish are then only the kit's own words, of which a page without a day has none."""
    with a_visitor(browser, day.url, **DESK) as someone:
        page = someone.page
        page.goto(day.url)
        page.locator("footer").get_by_role("button", name="English").click()
        for address in pages(day)[""]:
            page.goto(address)
            expect(page.locator("html")).to_have_attribute("lang", "en")
            expect(page.get_by_role("button", name="Svenska").first).to_be_visible()
            if "/days/" not in address or address.endswith("nowhere"):
                assert SWEDISH.findall(said_by(page)) == []
        page.goto(day.link("moderator"))
        expect(page.get_by_role("button", name="Svenska")).to_be_visible()
        said = str(page.locator(".pane__head, .toolbar, .transport button:not(.go), details").all_inner_texts())
        for title in page.locator(".source [data-part=name]").all_inner_texts():
            said = said.replace(title, "")  # the kit's own words
        assert SWEDISH.findall(said) == []
        page.get_by_role("button", name="Svenska").click()
        page.wait_for_url("**/cockpit")
        expect(page.locator("html")).to_have_attribute("lang", "sv")


def said_by(page: Page) -> str:
    """The words of the page without the rows of days, whose subtitles are the kit's."""
    rows = page.locator(".day-row").all_inner_texts()
    said = page.locator("main").inner_text()
    for row in rows:
        said = said.replace(row, "")
    return said


def test_the_days_page_says_which_times_are_planned(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        olga.go_until("i-nulage.01")
        someone.page.goto(day.day)
        expect(someone.page.locator("#program ~ .meta")).to_have_text("Planerade tider. När något började står bredvid.")
        first = someone.page.locator(".block--common").first
        assert re.search(r"Planerad 9\.00, började \d{1,2}\.\d\d", first.inner_text())
