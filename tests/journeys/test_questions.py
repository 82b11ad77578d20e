"""A question from a phone to the moderator's queue, to the panel's tablet, to the hall, to the report and the file."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, HALL, PHONE, a_visitor, wait_until_quiet
from tests.journeys.test_participant import join
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TABLET = {"viewport": {"width": 1024, "height": 768}}
NARROWEST = {"viewport": {"width": 320, "height": 700}}
TEXT = "Vem äger frågan <b>hela</b> vägen hem?"


def ask(page: Page, text: str, *, anonymous: bool = False, quotable: bool = False) -> None:
    """Through the form of the live page."""
    page.get_by_label("Ställ en fråga", exact=True).fill(text)
    if quotable:
        page.locator("[data-part=ask-after] summary").click()
        page.get_by_label("Frågan får citeras").check()
    if anonymous:
        page.get_by_label("Anonymt").check()
    page.get_by_role("button", name="Ställ frågan").click()
    expect(page.locator("[data-part=ask-state]")).to_contain_text("Tack.")


def test_a_question_goes_from_a_phone_to_the_panel_to_the_hall_and_to_the_report(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **PHONE) as kim, a_visitor(browser, day.url, **DESK) as olga,
        a_visitor(browser, day.url, **TABLET) as sven, a_visitor(browser, day.url, **HALL) as hall,
        Person(day).joined(name="Lo", region="r-vastero") as lo,
    ):  # fmt: skip
        olga.page.goto(day.link("moderator"))
        join(kim.page, day, people="8")
        expect(kim.page.locator("[data-part=ask-state]")).to_have_text("Frågor kan ställas när panelen börjar.")
        olga.page.locator("[data-part=queue-taking]").click()
        expect(kim.page.locator("[data-part=ask-state]")).to_have_text("En moderator läser frågan innan andra ser den.")
        ask(kim.page, TEXT, anonymous=True, quotable=True)
        kim.page.get_by_role("button", name="Mina").click()
        expect(kim.page.locator("[data-question] [data-part=standing]")).to_have_text("Väntar på moderatorn.")
        assert lo.state()["questions"] == []

        queued = olga.page.locator("[data-part=queue-held-rows] .question")
        expect(queued.locator("[data-part=text]")).to_have_text(TEXT)
        expect(queued.locator("[data-part=who]")).to_have_text("Anonym")
        queued.get_by_role("button", name="Släpp igenom").click()
        asked = olga.page.locator("[data-part=queue-open-rows] .question")
        expect(asked).to_have_count(1)
        question = asked.get_attribute("data-question")
        lo.ask("questions.back", {"question": question})
        expect(asked.locator("[data-part=backs]")).to_have_text("1")
        expect(kim.page.locator("[data-question] [data-part=backs]")).to_have_text("1")

        sven.page.goto(day.link("speaker"))
        sven.page.goto(f"{day.day}/panel")
        expect(sven.page.locator("[data-part=next-rows] [data-part=text]")).to_have_text(TEXT)
        hall.page.goto(day.link("screen"))
        asked.get_by_role("button", name="Till scen").click()
        expect(sven.page.locator("[data-part=now-text]")).to_have_text(TEXT)
        expect(hall.page.locator("[data-part=question-text]")).to_have_text(TEXT)
        expect(hall.page.locator("[data-part=question-who]")).to_have_text("Anonym fråga")
        expect(kim.page.locator("#spoken-status")).to_have_text(f"Panelen tar upp: {TEXT}")
        for one in (kim, olga, sven, hall):
            assert (one.scrolls_sideways(), one.axe()) == (False, [])

        asked.get_by_role("button", name="Besvarad").click()
        expect(kim.page.locator("[data-question] [data-part=standing]")).to_have_text(re.compile(r"Besvarad \d"))
        expect(hall.page.locator("[data-part=question]")).to_be_hidden()
        expect(sven.page.locator("[data-part=now-none]")).to_be_visible()
        olga.page.goto(f"{day.day}/report")
        expect(olga.page.locator("#fragor")).to_have_text("En fråga till panelen, och den har kommit till sitt slut")
        assert (olga.scrolls_sideways(), olga.axe()) == (False, [])
        told = olga.page.request.get(f"{day.day}/export/questions.csv")
        assert told.status == 200
        assert "Vem äger frågan" in told.text()

        olga.page.get_by_label("Ord i frågor, svar och chatt").fill("HELA vägen")
        olga.page.get_by_role("button", name="Sök").click()
        expect(olga.page.locator("#sok")).to_have_text("1 frågor och 0 inlägg med ”HELA vägen”")
        with Person(day).by_link("organizer") as organizer:
            organizer.ask("day.end", {})
        expect(kim.page.get_by_role("link", name="Svaret i inspelningen")).to_be_visible()
        kim.page.goto(day.day)
        expect(kim.page.locator(".answered h3")).to_have_text(TEXT)
        expect(kim.page.locator(".answered .meta")).to_have_text(re.compile(r"^Panelen svarade \d"))
        for one in (kim, olga):
            assert (one.scrolls_sideways(), one.axe()) == (False, [])


def test_a_moderator_finds_again_what_is_starred_labelled_or_divides(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **NARROWEST) as kim, a_visitor(browser, day.url, **DESK) as olga, Person(day).joined(name="Lo") as lo,
        Person(day).joined(name="Bo") as bo, Person(day).by_link("moderator") as staff,
    ):  # fmt: skip
        staff.ask("questions.open", {"lane": "national"})
        staff.ask("questions.hold", {"lane": "national", "hold": False})
        asked = {text: lo.ask("questions.ask", {"text": text})["data"]["question"] for text in ("Eniga?", "Oeniga?", "Ny?")}
        bo.ask("questions.back", {"question": asked["Eniga?"]})
        staff.ask("questions.back", {"question": asked["Eniga?"]})
        bo.ask("questions.back", {"question": asked["Oeniga?"]})
        join(kim.page, day, people="1")
        row = kim.page.locator(f"[data-question='{asked['Oeniga?']}']")
        row.get_by_role("button", name="Hellre en annan").press("Enter")
        expect(row.get_by_role("button", name="Hellre en annan")).to_have_attribute("aria-pressed", "true")
        expect(row.locator("[data-part=support]")).to_have_attribute("aria-pressed", "false")
        assert (kim.scrolls_sideways(), kim.axe()) == (False, [])

        olga.page.goto(day.link("moderator"))
        texts = olga.page.locator("[data-part=queue-open-rows] [data-part=text]")
        expect(texts).to_have_text(["Eniga?", "Oeniga?", "Ny?"])
        order = olga.page.get_by_label("Ordning", exact=True)
        order.select_option("divided")
        expect(texts).to_have_text(["Oeniga?", "Eniga?", "Ny?"])
        order.select_option("new")
        expect(texts).to_have_text(["Ny?", "Oeniga?", "Eniga?"])
        last = olga.page.locator(f"[data-part=queue-open-rows] [data-question='{asked['Eniga?']}']")
        last.locator("[data-part=more] > summary").click()
        last.get_by_label("Ämne, i ett ord eller två").fill("Journal")
        last.get_by_role("button", name="Märk").click()
        expect(last.locator("[data-part=topic]")).to_have_text("Journal")
        last.get_by_role("button", name="Stjärna").click()
        expect(last.get_by_role("button", name="Stjärna")).to_have_attribute("aria-pressed", "true")
        order.focus()
        olga.page.mouse.move(0, 0)
        order.select_option("divided")
        expect(texts).to_have_text(["Eniga?", "Oeniga?", "Ny?"])
        assert (olga.scrolls_sideways(), olga.axe()) == (False, [])


def test_new_questions_move_nothing_and_ones_own_support_can_be_taken_back(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **NARROWEST) as kim, Person(day).by_link("moderator") as olga,
        Person(day).joined(name="Hemtjänsten Norr", people=8) as lo,
    ):  # fmt: skip
        olga.ask("questions.open", {"lane": "national"})
        olga.ask("questions.hold", {"lane": "national", "hold": False})
        first = lo.ask("questions.ask", {"text": "Den första?"})["data"]["question"]
        join(kim.page, day, people="1")
        rows = kim.page.locator("[data-part=question-rows] [data-part=text]")
        expect(rows).to_have_text(["Den första?"])
        expect(kim.page.locator(f"[data-question='{first}'] [data-part=who]")).to_have_text("Hemtjänsten Norr, 8 personer")
        wait_until_quiet(kim.page)
        where = kim.page.locator(f"[data-question='{first}']").bounding_box()
        second = lo.ask("questions.ask", {"text": "Den andra?"})["data"]["question"]
        expect(rows).to_have_text(["Den första?", "Den andra?"])
        assert kim.page.locator(f"[data-question='{first}']").bounding_box() == where
        long = "Den tredje? " * 30
        third = lo.ask("questions.ask", {"text": long})["data"]["question"]
        expect(rows).to_have_text(["Den första?", "Den andra?", long.strip()])
        fourth = lo.ask("questions.ask", {"text": "Den fjärde?"})["data"]["question"]
        expect(kim.page.get_by_role("button", name="1 nya")).to_be_visible()
        expect(rows).to_have_count(3)
        for other in (third, fourth):
            olga.ask("questions.put_aside", {"question": other, "reason": "Samma fråga"})

        olga.ask("questions.back", {"question": second})
        expect(kim.page.locator(f"[data-question='{second}'] [data-part=backs]")).to_have_text("1")
        kim.page.get_by_role("button", name="Mest stöd").click()
        expect(rows).to_have_text(["Den andra?", "Den första?"])
        support = kim.page.locator(f"[data-question='{second}'] [data-part=support]")
        support.press("Enter")
        expect(support).to_have_attribute("aria-pressed", "true")
        expect(support.locator("[data-part=backs]")).to_have_text("2")
        support.press("Enter")
        expect(support).to_have_attribute("aria-pressed", "false")
        expect(support.locator("[data-part=backs]")).to_have_text("1")

        olga.ask("questions.put_aside", {"question": first, "reason": "Hör inte hit"})
        expect(rows).to_have_text(["Den andra?"])
        assert lo.state()["questions"][0]["reason"] == "Hör inte hit"
        assert (kim.scrolls_sideways(), kim.axe()) == (False, [])


def test_without_scripts_one_asks_backs_and_moderates_too(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, java_script_enabled=False, **PHONE) as kim,
        a_visitor(browser, day.url, java_script_enabled=False, **DESK) as olga, Person(day).joined(name="Lo") as lo,
    ):  # fmt: skip
        olga.page.goto(day.link("moderator"))
        olga.page.get_by_role("button", name="Ta emot frågor").click()
        lo.ask("questions.ask", {"text": "Hur gör ni?"})
        olga.page.reload()
        olga.page.locator("#pane-questions").get_by_role("button", name="Släpp igenom").click()
        join(kim.page, day, people="1")
        kim.page.get_by_role("button", name="Stöd frågan").click()
        expect(kim.page.locator("[data-part=support]")).to_have_attribute("aria-pressed", "true")
        backs = kim.page.locator("[data-part=backs]")
        for _ in range(20):  # how many back it is counted a moment later, and this page changes when it is loaded
            if backs.inner_text() == "1":
                break
            kim.page.wait_for_timeout(250)
            kim.page.reload()
        expect(backs).to_have_text("1")
        kim.page.get_by_label("Ställ en fråga", exact=True).fill("Och ni?")
        kim.page.get_by_role("button", name="Ställ frågan").click()
        expect(kim.page.locator("[data-part=question-rows]")).to_contain_text("Och ni?")
        olga.page.reload()
        olga.page.locator("[data-part=queue-open-rows]").get_by_role("button", name="Till scen").click()
        olga.page.goto(f"{day.day}/panel")
        expect(olga.page.locator("[data-part=now-text]")).to_have_text("Hur gör ni?")


def test_a_regional_question_returns_answered(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as mo, Person(day).by_link("moderator") as olga:
        olga.ask("questions.open", {"lane": "r-norrvik"})
        join(mo.page, day, people="1")
        ask(mo.page, "Hur gör andra regioner?")
        olga.ask("questions.let_through", {"question": olga.state()["questions"][0]["question"], "seen": "held"})
        asked = olga.state()["questions"][0]["question"]
        copy = olga.ask("questions.escalate", {"question": asked})["data"]["question"]
        mo.page.get_by_role("button", name="Mina").click()
        here = mo.page.locator(f"[data-question='{asked}'] [data-part=standing]")
        expect(here).to_have_text("Även ställd till hela landets panel.")
        olga.ask("questions.answered", {"question": copy})
        expect(here).to_have_text(re.compile(r"Besvarad .* Även ställd till hela landets panel\."))
        late = olga.answer("questions.take_up", {"question": copy, "seen": "open"})
        assert late["error"]["code"] == "question.already_done"
