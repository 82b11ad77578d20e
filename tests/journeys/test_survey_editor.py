"""An organizer writes a survey of six questions with a follow-up and opens it; somebody on a small phone answers by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SMALL = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
TITLES = [
    "Hur var dagen?",
    "Kommer ni igen?",
    "Vad hindrar er?",
    "Vad tar du med dig?",
    "Hur många möten om e-hälsa har du i veckan?",
    "Var arbetar du?",
]
TABS_MOST = 60


def write(page: Page, kind: str, title: str, fields: dict[str, str], *checks: str) -> None:
    """One question, from the page of the survey and back to it."""
    page.get_by_label("Sort").select_option(kind)
    page.get_by_role("button", name="Skriv frågan …").click()
    page.get_by_label("Fråga", exact=True).fill(title)
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    for label in checks:
        page.get_by_role("checkbox", name=label, exact=True).check()
    page.get_by_role("button", name="Spara frågan").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def a_survey(page: Page, day: Samsyn) -> str:
    """Six questions, the third of them a follow-up; its id."""
    page.goto(day.link("organizer"))
    page.goto(f"{day.day}/surveys")
    page.get_by_label("Enkäten heter").fill("Så arbetar vi")
    page.get_by_role("button", name="Gör enkäten").click()
    write(page, "scale", TITLES[0], {"Antal steg, 2 till 10": "5"}, "Måste besvaras innan enkäten skickas")
    write(page, "yesno", TITLES[1], {}, "Måste besvaras innan enkäten skickas")
    write(page, "choice", TITLES[2], {"Svar att välja bland": "Tid\nPengar"}, "Nej", "Måste besvaras innan enkäten skickas")
    write(page, "choice", TITLES[5], {"Svar att välja bland": "Region\nKommun"})
    write(page, "text", TITLES[3], {"Rubrik": "Till sist"})
    write(page, "number", TITLES[4], {"Minsta tal": "0", "Största tal": "40"})
    for _step in range(3):  # past the number, the text and the heading before it
        page.get_by_role("button", name=f"Senare: {TITLES[5]}").click()
    expect(page.locator("[data-question] [data-part=title]")).to_have_text([f"{number}. {title}" for number, title in enumerate(TITLES, 1)])
    return page.url.split("/surveys/")[1].split("/")[0]


def tab_to(page: Page, selector: str) -> None:
    """By the tabulator alone, as whoever has no pointer."""
    for _press in range(TABS_MOST):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {selector}")


def answers_by_keyboard(page: Page, ids: list[str]) -> None:
    """No to the second, which brings the third; what is left out stops the form, and says so."""
    follow_up = page.locator(f"[data-question='{ids[2]}']")
    expect(follow_up).to_be_hidden()
    tab_to(page, f"input[name='answers.{ids[0]}']")
    page.keyboard.press("ArrowRight")
    tab_to(page, f"input[name='answers.{ids[1]}']")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"input[name='answers.{ids[1]}'][value=no]")).to_be_checked()
    expect(follow_up).to_be_visible()
    tab_to(page, "[data-part=form] button.button--primary")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=save-state]")).to_contain_text(f"Svara först på: {TITLES[2]}")
    tab_to(page, f"input[name='answers.{ids[2]}']")
    page.keyboard.press("Space")
    tab_to(page, f"[data-question='{ids[3]}'] textarea")
    page.keyboard.type("Att ringa kommunen")
    tab_to(page, f"[data-question='{ids[4]}'] input")
    page.keyboard.type("3")
    tab_to(page, "[data-part=form] button.button--primary")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=done]")).to_be_visible()


def test_a_survey_is_written_opened_and_answered_by_keyboard_and_its_follow_up_has_the_right_base(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as olga, a_visitor(browser, day.url, **SMALL) as kim:
        survey = a_survey(olga.page, day)
        assert (olga.axe(), olga.scrolls_sideways()) == ([], False)
        olga.page.get_by_role("link", name="Förhandsvisa som deltagare").click()
        frame = olga.page.locator("#preview").bounding_box()
        assert frame
        assert frame["width"] <= 360
        ids = [str(one.get_attribute("data-question")) for one in olga.page.locator("#preview [data-question]").all()]
        olga.page.goto(f"{day.day}/surveys")
        olga.page.get_by_role("button", name="Öppna nu: Så arbetar vi").click()

        with Person(day).joined(name="Kim") as person:
            cookies = [{"name": name, "value": value, "url": day.url} for name, value in person.http.cookies.items()]
            kim.context.add_cookies(cookies)  # type: ignore[arg-type]  # playwright's own dict of a cookie
            kim.page.goto(f"{day.day}/evaluation/{survey}")
            answers_by_keyboard(kim.page, ids)
            assert (kim.axe(), kim.scrolls_sideways()) == ([], False)
        for number in range(9):
            with Person(day).joined(name=f"Person {number}") as person:
                no = {ids[1]: "no", **({ids[2]: ["s2"]} if number < 5 else {})}
                said = {ids[0]: 4, **(no if number < 7 else {ids[1]: "yes"})}
                person.ask("surveys.answer", {"survey": survey, "answers": said})

        olga.page.goto(f"{day.day}/surveys")
        olga.page.get_by_role("button", name="Stäng för gott: Så arbetar vi").click()
        olga.page.goto(f"{day.day}/report")
        told = olga.page.locator("details", has_text=TITLES[2]).first
        told.locator("summary").click()
        base = f"Följdfråga till dem som svarade Nej på: {TITLES[1]} 8 fick den, och 6 av dem svarade (75 %)."
        expect(told.locator("[data-part=base]")).to_have_text(base)
        expect(told).to_contain_text("6 svar")
