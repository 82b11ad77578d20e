"""A participant's day on a phone: join by code, see and hear, chat, vote, see the result, evaluate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, HALL, PHONE, a_visitor, chromium
from tests.running import Samsyn
from tests.staff import Person

CHATTER = ["Vi är tre vid skärmen. Bra ljud!", "Hej från hemtjänsten.", "Samma fråga hos oss.", "Tack, det var tydligt."]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One that plays no sound before somebody has touched the page, as a phone does."""
    with chromium("--autoplay-policy=document-user-activation-required") as found:
        yield found


def join(page: Page, day: Samsyn, *, people: str = "6") -> None:
    """From the link of the invitation to the live page."""
    page.goto(day.link("participant"))
    form = page.locator('form[action="/join"]').first
    form.locator("select[name=region]").select_option("r-norrvik")
    form.locator("input[name=people]").fill(people)
    form.locator("button:not([type=button])").click()
    page.wait_for_url("**/live")


def test_the_whole_day_of_a_care_unit_with_one_phone(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        page.goto(day.url)
        someone.picture("start-phone")
        page.goto(f"{day.url}/days/{day.told['day']}")
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        someone.picture("day-phone")
        join(page, day)
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])

        olga.go_until("i-valkommen.04")
        page.wait_for_function(
            "document.querySelector('video').currentTime > 1 && document.querySelector('video').videoWidth == 1280", timeout=40_000
        )
        assert page.evaluate("document.querySelector('video').muted") is True
        page.get_by_role("button", name="Slå på ljudet").click()
        page.wait_for_function(
            "() => document.querySelector('video').webkitAudioDecodedByteCount > 0 && !document.querySelector('video').muted"
        )
        expect(page.locator("[data-part=captions]")).to_contain_text("Välkommen", timeout=30_000)
        someone.picture("live-phone")

        page.get_by_label("Skriv i chatten").fill("Hej från oss i Norrvik <img src=x onerror=alert(1)>")
        page.locator("[data-part=chat-form]").get_by_role("button").click()
        expect(page.locator("[data-part=messages]")).to_contain_text("Hej från oss i Norrvik <img src=x onerror=alert(1)>")
        someone.picture("chat-phone")

        olga.go_until("i-nulage.01")
        card = page.locator("[data-poll=p-steg-fore]")
        card.locator("label").filter(has_text="Jag har en idé").first.click()
        card.get_by_role("button", name="Rösta").click()
        expect(card).to_contain_text("Din röst är registrerad")
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        someone.picture("poll-phone", full=True)

        olga.go_until("i-nulage.05")
        expect(card).to_contain_text("1 svar", timeout=30_000)  # once everybody's picture has come to the close
        expect(card).to_contain_text("100")
        card.scroll_into_view_if_needed()
        someone.picture("result-phone")

        olga.go_until("i-utvardering.01")
        page.get_by_role("link", name="utvärderingen").first.click()
        page.wait_for_url("**/evaluation")
        page.get_by_text("Mycket bra", exact=True).first.click()
        page.locator("[data-question=steg] textarea").fill("Ring vårdcentralen på måndag.")
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])
        someone.picture("evaluation-phone")
        page.get_by_role("button", name="Skicka svaren").click()
        expect(page.locator("[data-part=done]")).to_be_visible()
        assert olga.state()["polls"][1]["tally"]["behind"] == 6


def test_the_code_is_typed_as_it_is_written_in_the_hall(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone:
        code = str(day.told["join_code"])
        someone.page.goto(day.url)
        someone.page.get_by_label("Dagens kod").first.fill(f"{code[:3]} {code[3:]}")
        someone.page.locator('form[action="/join"] button:not([type=button])').first.click()
        someone.page.wait_for_url("**/live")
        expect(someone.page.locator("[data-connection]")).to_have_text("Ansluten")


def test_the_state_after_the_day_and_a_wrong_code_are_calm(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **PHONE) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        page.goto(day.url)
        page.locator("[name=code]").first.fill("000 000" if day.told["join_code"] != "000000" else "111 111")
        page.locator('form[action="/join"] button:not([type=button])').first.click()
        expect(page.get_by_role("group", name="Något behöver rättas")).to_be_visible()
        assert someone.axe() == []

        join(page, day, people="1")
        olga.ask("day.end")
        expect(page.locator("[data-part=ended]")).to_be_visible()
        assert (someone.scrolls_sideways(), someone.axe()) == (False, [])


def test_a_desk_and_a_big_screen_follow_the_same_day(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **DESK) as someone,
        a_visitor(browser, day.url, **HALL) as hall,
        Person(day).by_link("moderator") as olga,
    ):
        join(someone.page, day)
        hall.page.goto(day.link("screen"))
        expect(hall.page.locator("main")).to_contain_text(f"{day.told['join_code'][:3]} {day.told['join_code'][3:]}")
        assert hall.axe() == []

        olga.go_until("i-hemma.01")
        expect(someone.page.locator("[data-part=captions]")).to_contain_text("påhittat exempel", timeout=60_000)
        olga.ask("polls.open", {"poll": "p-osaker"})
        for number in range(9):
            with Person(day).joined(region="r-norrvik", name=f"Enhet {number + 1}", people=3) as voter:
                voter.ask("polls.vote", {"poll": "p-osaker", "answer": ["andra", "samtycke"][: 1 + number % 2]})
                if number < 4:
                    voter.ask("chat.say", {"text": CHATTER[number]})
        card = someone.page.locator("[data-poll=p-osaker]")
        card.get_by_text("När en anhörig frågar").click()
        card.get_by_role("button", name="Rösta").click()
        expect(card).to_contain_text("Din röst är registrerad")
        expect(hall.page.locator("main")).to_contain_text("När blir du osäker")
        someone.picture("live-desktop")
        hall.picture("screen-open")

        olga.ask("polls.close", {"poll": "p-osaker"})
        olga.ask("polls.show", {"poll": "p-osaker", "to": "everyone"})
        expect(card).to_contain_text("10 svar")
        expect(hall.page.locator("main")).to_contain_text("10 svar")
        assert (someone.scrolls_sideways(), someone.axe(), hall.axe()) == (False, [], [])
        hall.picture("screen-result")
