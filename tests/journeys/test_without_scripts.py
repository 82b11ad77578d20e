"""The day for somebody whose browser runs no scripts: every form goes, nothing stands there that only scripts could move."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, PHONE, a_visitor
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def comes_in(page: Page, day: Samsyn, wanted: str = "live") -> None:
    """From the address of a page, by the day's code, to that page."""
    page.goto(f"{day.day}/{wanted}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gå med i Nationella e-hälsodagen")
    page.get_by_label("Skriv dagens kod").fill(str(day.told["join_code"]))
    page.get_by_role("button", name="Gå med").click()
    page.wait_for_url(f"**/{wanted}")


def test_a_participant_chats_votes_tells_who_they_are_evaluates_and_leaves(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, java_script_enabled=False, **PHONE) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.go_until("i-nulage.01")
        comes_in(page, day)
        expect(page.locator("[data-connection], video")).to_have_count(3)
        for dead in page.locator("[data-connection], video, main button[type=button]").all():
            expect(dead).to_be_hidden()
        expect(page.get_by_role("link", name="Öppna sändningen i en spelare")).to_have_attribute(
            "href", f"/days/{day.told['day']}/lanes/national/index.m3u8"
        )
        expect(page.get_by_role("link", name="Uppdatera sidan")).to_be_visible()

        page.get_by_label("Skriv i chatten").fill("Hej utan skript")
        page.get_by_role("button", name="Skicka", exact=True).click()
        page.wait_for_url("**/live#chatt")
        last = page.locator("[data-part=messages] > li").last
        expect(last).to_contain_text("Hej utan skript")
        last.get_by_role("button", name="Ändra ditt inlägg").click()
        page.get_by_label("Skriv i chatten").fill("Hej, utan skript")
        page.locator("[data-part=chat-send]").click()
        expect(last.locator("[data-part=text]")).to_have_text("Hej, utan skript")
        last.get_by_role("button", name="Svara Anonym").click()
        expect(page.locator("[data-part=chat-about]")).to_contain_text("Svar till Anonym: Hej, utan skript")
        page.get_by_label("Skriv i chatten").fill("Hej själv")
        page.locator("[data-part=chat-send]").click()
        expect(last.locator("[data-part=quote]")).to_have_text("Svar till Anonym: Hej, utan skript")
        last.get_by_role("button", name="Ta bort ditt inlägg").click()
        expect(last).to_contain_text("Inlägget är borttaget.")

        card = page.locator("[data-poll=p-steg-fore]")
        card.locator("label").filter(has_text="Jag har en idé").first.click()
        card.get_by_role("button", name="Rösta").click()
        page.wait_for_url("**/live#omrostningar")
        expect(card).to_contain_text("Din röst är registrerad")

        page.locator("#du-panel > summary").click()
        page.get_by_label("Namn i chatten").fill("Kim")
        page.get_by_label("Hur många ser på den här skärmen?").fill("4")
        page.locator("#du-panel").get_by_label("Region").select_option("r-norrvik")
        page.get_by_role("button", name="Spara", exact=True).and_(page.locator("[data-part=you-form] button")).click()
        page.wait_for_url("**/live#du")
        expect(page.locator("[data-part=you-line]")).to_have_text("Kim, Region Norrvik")

        olga.go_until("i-utvardering.01")
        olga.until_asked("ev-deltagare")
        page.get_by_role("link", name="Uppdatera sidan").click()
        page.get_by_role("link", name="Svara på utvärderingen").click()
        page.wait_for_url("**/evaluation")
        page.get_by_text("Mycket bra", exact=True).first.click()
        page.get_by_role("button", name="Skicka svaren").click()
        expect(page.locator("[data-part=done]")).to_be_visible()

        page.goto(f"{day.day}/live")
        page.locator("#du-panel > summary").click()
        page.get_by_role("button", name="Det är inte jag, lämna dagen här").click()
        page.wait_for_url(f"{day.url}/")
        page.goto(f"{day.day}/evaluation")
        expect(page.get_by_label("Skriv dagens kod")).to_be_visible()


def test_the_chat_opens_at_its_last_message(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, java_script_enabled=False, **DESK) as someone, Person(day).by_link("moderator") as olga:
        olga.ask("rundown.go")
        with Person(day).joined(name="Kim") as kim:
            for number in range(5):
                kim.ask("chat.say", {"text": f"Inlägg {number}. " + "Vi är många här. " * 25})
        comes_in(someone.page, day)

        expect(someone.page.locator("[data-message] .message__by").last).to_be_in_viewport()
        expect(someone.page.locator("[data-message] .message__by").first).not_to_be_in_viewport()


def test_a_moderator_makes_opens_extends_closes_shows_and_repeats_a_poll(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, java_script_enabled=False, **DESK) as olga, Person(day).joined(name="Kim") as kim:
        page = olga.page
        page.goto(day.link("moderator"))
        page.locator("[data-part=go]").click()
        kim.ask("chat.say", {"text": "Hej allihop"})
        page.reload()
        page.get_by_text("Ny omröstning").click()
        page.get_by_label("Fråga", exact=True).fill("Hörs det?")
        page.get_by_label("Svarsalternativ, ett på varje rad").fill("Ja\nNej\n")
        page.get_by_role("button", name="Skapa omröstningen").click()

        made = page.get_by_role("article", name="Hörs det?")
        expect(made.locator("[data-voting=open]")).to_have_attribute("aria-pressed", "true")
        until = kim.state()["polls"][-1]["closes_at"]
        made.get_by_role("button", name="Förläng 30 s").click()
        poll = kim.state()["polls"][-1]
        assert (poll["title"], [one["text"] for one in poll["options"]], poll["closes_at"] > until) == ("Hörs det?", ["Ja", "Nej"], True)
        kim.ask("polls.vote", {"poll": poll["poll"], "answer": ["o1"]})
        made.locator("[data-voting=closed]").click()
        made.get_by_role("button", name="Alla").click()
        assert kim.state()["polls"][-1]["tally"]["counts"] == {"o1": 1, "o2": 0}
        made.get_by_role("button", name="Kör om som ny").click()
        assert (kim.state()["polls"][-1]["voting"], kim.state()["polls"][-1]["round"]) == ("open", 2)

        page.get_by_role("button", name="Ta bort inlägget från Kim").click()
        assert kim.state()["chat"][0]["removed"] is True
        page.get_by_role("link", name="Region Norrvik").click()
        expect(page.locator("[data-part=go]")).to_be_disabled()
        expect(page.locator("[data-part=go-note]")).to_have_text("Regionen följer hela landet nu")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("Ja eller nej", {"kind": "yesno"}),
        ("Skala 1\N{EN DASH}5", {"kind": "scale", "steps": 5}),
        ("Tal", {"kind": "number", "low": 0, "high": 100}),
        ("Ord", {"kind": "words", "most": 3}),
        ("Text", {"kind": "text"}),
    ],
)
def test_every_kind_can_be_asked_on_the_spot(browser: Browser, day: Samsyn, kind: str, sent: dict[str, object]) -> None:
    with a_visitor(browser, day.url, java_script_enabled=False, **DESK) as olga, Person(day).joined() as kim:
        olga.page.goto(day.link("moderator"))
        olga.page.get_by_text("Ny omröstning").click()
        olga.page.get_by_label("Fråga", exact=True).fill("Vad tycker ni?")
        olga.page.get_by_role("radio", name=kind, exact=True).check()
        olga.page.get_by_role("button", name="Skapa omröstningen").click()
        expect(olga.page.get_by_role("article", name="Vad tycker ni?")).to_be_visible()

        asked = kim.state()["polls"][-1]
        assert {name: asked[name] for name in sent} == sent
