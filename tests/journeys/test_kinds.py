"""Every kind of question on a phone-sized screen, by keyboard alone: answered, saved, and its result seen after the close."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsers import PHONE, Visitor, a_visitor
from tests.journeys.test_participant import join
from tests.running import Samsyn, demo
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
GUESTS = 5
TRIES = 30
FOLLOWS_MS = 20_000  # what follows the picture comes as late as that is: up to 12 s, and a busy machine takes its own
TABS_MOST = 80  # to whatever stands before a poll on the page


@dataclass(frozen=True)
class Asked:
    """A poll of the kit: how it is answered by keys, what others answer, what is then stored and shown."""

    poll: str
    press: Callable[[Page], None]
    mine: Any
    others: tuple[Any, ...]
    shown: str


def keys(*names: str) -> Callable[[Page], None]:
    """Press one key after the other."""

    def press(page: Page) -> None:
        for name in names:
            page.keyboard.press(name)

    return press


def typed(*words: str) -> Callable[[Page], None]:
    """Write into one field after the other."""

    def press(page: Page) -> None:
        for place, text in enumerate(words):
            if place:
                page.keyboard.press("Tab")
            page.keyboard.type(text)

    return press


UP_FROM_BELOW = ("Tab", "Tab", "Enter")  # from the first option of a ranking to the button of the second that moves it up
JUDGED = {"tid": 1, "ansvar": 2, "lasa": None, "plan": 4, "grans": 5}
POLLS = [
    Asked("p-steg-fore", keys("ArrowDown"), ["vet"], (["vet"],), "Ja, men jag har inte börjat"),
    Asked("p-ringa-fore", keys("Space"), "yes", ("no",), "83 %"),
    Asked("p-ord", typed("tillit", "", "mod"), ["tillit", "mod"], (["tillit"],), "tillit 6"),
    Asked("p-behov", keys(*UP_FROM_BELOW, *["Tab"] * 4, "Enter"), ["lag", "tid"], (["tid"],), "35 p"),
    Asked(
        "p-glapp.r-norrvik",
        keys("Space", "Tab", "ArrowRight", "Tab", "ArrowLeft", "Tab", *["ArrowRight"] * 3, "Tab", "ArrowLeft", "ArrowLeft"),
        JUDGED,
        ({"tid": 4, "ansvar": 3},),
        "Mest överens",
    ),
    Asked("p-quiz", keys("ArrowDown", "ArrowDown"), ["villkor"], (["chef"],), "1 av 6 svarade rätt"),
    Asked("p-minuter", typed("30"), 30, (45,), "Mittersta svaret: 25\N{EN DASH}49 minuter"),
    Asked("p-matris", typed("5", "1"), {"matning": [5, 1]}, ({"matning": [4, 2], "las": [2, 5]},), "4,2 / 1,8"),
    Asked("p-kraft.r-norrvik", typed("60", "", "40"), {"hemgang": 60, "barn": 40}, ({"hemma": 100},), "83,3 p"),
    Asked("p-ideer.r-norrvik", typed("Ring varandra på måndagar"), "Ring varandra på måndagar", ("Ett gemensamt forum",), "6 svar"),
    Asked("p-halsning", typed("Fortsätt fråga oss"), "Fortsätt fråga oss", ("Mer tid",), "6 svar"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samsyn]:
    """One day for all kinds."""
    with demo(tmp_path_factory.mktemp("kinds") / "data") as day:
        yield day
        assert day.complaints() == []


@dataclass(frozen=True)
class Room:
    """Somebody with a phone, others who vote, and a moderator."""

    visitor: Visitor
    olga: Person
    guests: list[Person]


@pytest.fixture(scope="module")
def room(browser: Browser, running: Samsyn) -> Iterator[Room]:
    with ExitStack() as stack:
        visitor = stack.enter_context(a_visitor(browser, running.url, **PHONE))
        olga = stack.enter_context(Person(running).by_link("moderator"))
        guests = [comes(stack.enter_context(Person(running))) for _ in range(GUESTS)]
        join(visitor.page, running, people="1")
        yield Room(visitor, olga, guests)


def comes(guest: Person) -> Person:
    """Join, and when the server is busy, again as any browser would."""
    for _ in range(TRIES):
        try:
            return guest.joined(region="r-norrvik")
        except httpx2.HTTPStatusError as no:
            if no.response.status_code != 429:
                raise
            time.sleep(1)
    raise AssertionError("nobody is let in")


def tab_to(page: Page, form: Locator) -> None:
    """By Tab from the top of the page to the first control of a form."""
    page.evaluate("document.activeElement?.blur()")
    page.mouse.click(1, 1)
    for _ in range(TABS_MOST):
        page.keyboard.press("Tab")
        if form.evaluate("form => form.contains(document.activeElement)"):
            return
    raise AssertionError("the form cannot be reached")


def tab_on(page: Page, button: Locator) -> None:
    """By Tab from where one is to the button that sends."""
    for _ in range(TABS_MOST):
        if button.evaluate("button => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the button cannot be reached")


@pytest.mark.parametrize("asked", POLLS, ids=lambda one: one.poll)
def test_a_question_is_answered_by_keyboard_alone_and_its_result_seen(room: Room, asked: Asked) -> None:
    page, visitor = room.visitor.page, room.visitor
    room.olga.ask("polls.open", {"poll": asked.poll})
    card = page.locator(f'[data-poll="{asked.poll}"]')
    expect(card.locator("form").first).to_be_visible(timeout=FOLLOWS_MS)

    tab_to(page, card.locator("form").first)
    asked.press(page)
    tab_on(page, card.get_by_role("button", name="Rösta", exact=True))
    assert (visitor.scrolls_sideways(), visitor.axe()) == (False, [])
    visitor.picture(f"kind-{asked.poll}", full=True)
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Din röst är registrerad")
    for place, guest in enumerate(room.guests):
        guest.ask("polls.vote", {"poll": asked.poll, "answer": asked.others[place % len(asked.others)]})
    mine = page.request.get(f"{page.url.removesuffix('/live')}/state").json()["polls"]
    room.olga.ask("polls.close", {"poll": asked.poll})
    room.olga.ask("polls.show", {"poll": asked.poll, "to": "everyone"})

    expect(card).to_contain_text(asked.shown, timeout=FOLLOWS_MS)
    assert [poll["mine"] for poll in mine if poll["poll"] == asked.poll] == [asked.mine]
    assert (visitor.scrolls_sideways(), visitor.axe()) == (False, [])
    visitor.picture(f"kind-{asked.poll}-result", full=True)


@pytest.fixture(scope="module")
def desk(browser: Browser, running: Samsyn) -> Iterator[Visitor]:
    """A moderator with a phone."""
    with a_visitor(browser, running.url, **PHONE) as visitor:
        visitor.page.goto(running.link("moderator"))
        yield visitor


def asked_by(room: Room, kind: str, title: str, answers: list[Any]) -> str:
    """An open poll that every guest has answered."""
    poll = str(room.olga.ask("polls.make", {"kind": kind, "title": title, "most": 3, "open": True})["data"]["poll"])
    for guest, answer in zip(room.guests, answers, strict=True):
        guest.ask("polls.vote", {"poll": poll, "answer": answer})
    return poll


def test_a_moderator_merges_spellings_and_holds_a_word_by_keyboard_and_everybody_sees_it(
    room: Room, desk: Visitor, running: Samsyn
) -> None:
    poll = asked_by(room, "words", "Vad saknas mest?", [["journal", "mod"], ["journal"], ["jounal"], ["jounal"], ["journal"]])
    room.olga.ask("polls.show", {"poll": poll, "to": "everyone"})
    desk.page.goto(f"{running.day}/polls/{poll}/sort")
    expect(desk.page.get_by_role("row", name="jounal")).to_contain_text("färre än fem, visas inte")
    assert (desk.scrolls_sideways(), desk.axe()) == (False, [])

    tab_on(desk.page, desk.page.get_by_role("checkbox", name="jounal", exact=True))
    keys("Space")(desk.page)
    tab_on(desk.page, desk.page.get_by_label("Slå ihop de markerade till"))
    desk.page.keyboard.type("journal")
    tab_on(desk.page, desk.page.get_by_role("button", name="Slå ihop", exact=True))
    keys("Enter")(desk.page)

    expect(desk.page.get_by_role("row", name="jounal", exact=False).last).to_contain_text("räknas som journal")
    desk.picture("sorting-words", full=True)
    card = room.visitor.page.locator(f'[data-poll="{poll}"]')
    expect(card).to_contain_text("journal 5", timeout=FOLLOWS_MS)
    room.olga.ask("chat.words", {"words": "journal"})
    expect(card).not_to_contain_text("journal 5", timeout=FOLLOWS_MS)
    room.olga.ask("chat.words", {"words": ""})
    room.olga.ask("polls.close", {"poll": poll})


def test_duplicate_ideas_become_one_and_everybody_backs_them_by_keyboard(room: Room, desk: Visitor, running: Samsyn) -> None:
    poll = asked_by(room, "ideas", "Vad börjar vi med?", ["Ring varandra", "Ring!", "Mejla varje fredag", "Träffas", "Fråga"])
    room.olga.ask("polls.close", {"poll": poll})
    desk.page.goto(f"{running.day}/polls/{poll}/sort")
    for idea in ("Ring varandra", "Ring!"):
        desk.page.evaluate("document.activeElement?.blur()")
        tab_on(desk.page, desk.page.get_by_role("checkbox", name=idea, exact=True))
        keys("Space")(desk.page)
    tab_on(desk.page, desk.page.get_by_label("Tema för de markerade"))
    desk.page.keyboard.type("Ring varandra")
    tab_on(desk.page, desk.page.get_by_role("button", name="Lägg i temat"))
    keys("Enter")(desk.page)
    expect(desk.page.get_by_text("i temat Ring varandra")).to_have_count(2)
    assert (desk.scrolls_sideways(), desk.axe()) == (False, [])
    desk.picture("sorting-ideas", full=True)
    tab_on(desk.page, desk.page.get_by_role("button", name="Låt alla stödja idéerna"))
    keys("Enter")(desk.page)

    page = room.visitor.page
    card = page.locator("[data-poll]", has_text="Vilka idéer stöder du?")
    form = card.locator("form").first
    expect(form).to_be_visible(timeout=FOLLOWS_MS)
    tab_to(page, form)
    keys("Space")(page)
    tab_on(page, card.get_by_role("button", name="Rösta", exact=True))
    assert (room.visitor.scrolls_sideways(), room.visitor.axe()) == (False, [])
    room.visitor.picture("kind-backing", full=True)
    keys("Enter")(page)
    expect(card).to_contain_text("Din röst är registrerad")
    backing = str(card.get_attribute("data-poll"))
    for guest in room.guests:
        guest.ask("polls.vote", {"poll": backing, "answer": ["i1", "i2"]})
    room.olga.ask("polls.close", {"poll": backing})
    room.olga.ask("polls.show", {"poll": backing, "to": "everyone"})
    expect(card.locator(".result").first).to_contain_text("Ring varandra", timeout=FOLLOWS_MS)
    expect(card.locator(".result").first).to_contain_text("6 stöder den")
    assert (room.visitor.scrolls_sideways(), room.visitor.axe()) == (False, [])
    room.visitor.picture("kind-backing-result", full=True)


def test_a_misspelling_is_mended_by_keyboard_and_what_somebody_has_chosen_stays_chosen(room: Room, desk: Visitor, running: Samsyn) -> None:
    made = {"kind": "choice", "title": "Fungerar samvrekan hos er?", "options": ["Ja, för det mesta", "Nej, sällan"], "open": True}
    poll = str(room.olga.ask("polls.make", made)["data"]["poll"])
    card = room.visitor.page.locator(f'[data-poll="{poll}"]')
    expect(card.locator("form").first).to_be_visible(timeout=FOLLOWS_MS)
    card.get_by_label("Nej, sällan").check()

    desk.page.goto(f"{running.day}/polls/{poll}/correct")
    assert (desk.scrolls_sideways(), desk.axe()) == (False, [])
    tab_on(desk.page, desk.page.get_by_label("Frågan", exact=True))
    keys("Control+a")(desk.page)
    desk.page.keyboard.type("Fungerar samverkan hos er?")
    keys("Tab")(desk.page)
    desk.page.keyboard.type("Två bokstäver hade bytt plats.")
    keys("Enter")(desk.page)

    expect(desk.page.get_by_text("Två bokstäver hade bytt plats.")).to_be_visible()
    desk.picture("correct", full=True)
    expect(card.get_by_role("heading", name="Fungerar samverkan hos er?")).to_be_visible(timeout=FOLLOWS_MS)
    expect(card.get_by_label("Nej, sällan")).to_be_checked()
    room.olga.ask("polls.close", {"poll": poll})


def test_an_organizer_finds_a_question_in_the_bank_and_puts_it_into_the_day_by_keyboard(browser: Browser, running: Samsyn) -> None:
    with a_visitor(browser, running.url, **PHONE) as boss:
        page = boss.page
        page.goto(running.link("organizer"))
        page.goto(f"{running.day}/build/bank")
        tab_on(page, page.get_by_label("Sök bland frågorna"))
        page.keyboard.type("nästa steg")
        keys("Enter")(page)
        expect(page.get_by_role("heading", level=3)).to_have_count(1)
        assert (boss.scrolls_sideways(), boss.axe()) == (False, [])
        boss.picture("bank", full=True)
        tab_on(page, page.get_by_role("button", name="Lägg in i dagen"))
        keys("Enter")(page)
        expect(page.get_by_text("ligger i dagen").first).to_be_visible()
        expect(page.get_by_role("heading", level=3)).not_to_have_count(1)
        polls = page.request.get(f"{running.day}/state").json()["polls"]
        assert [one["voting"] for one in polls if one["title"].startswith("Vet du vad ditt nästa steg")].count("draft") >= 1
        assert polls[-1]["title"].startswith("Vet du vad ditt nästa steg")


def test_the_hall_sees_the_themes_of_texts_and_no_text_that_waits(browser: Browser, room: Room, running: Samsyn) -> None:
    poll = asked_by(room, "text", "Vad tar ni med er?", ["Mer tid", "Tid!", "Lyssna", "Hemligt", "Fortsätt"])
    room.olga.ask("polls.close", {"poll": poll})
    listed = room.olga.http.get(f"{running.day}/polls/{poll}/sort").text
    known = {text: name for name, text in re.findall(r'name="words" value="([\w.]+)"> <span>([^<]+)</span>', listed)}
    room.olga.ask("polls.merge", {"poll": poll, "words": [known["Mer tid"], known["Tid!"]], "word": "Mer tid"})
    room.olga.ask("polls.judge", {"poll": poll, "words": [known["Lyssna"]], "to": "through"})
    room.olga.ask("polls.show", {"poll": poll, "to": "stage"})

    with a_visitor(browser, running.url, viewport={"width": 1280, "height": 720}) as hall:
        hall.page.goto(running.link("screen"))
        hall.page.goto(f"{running.day}/screen")
        expect(hall.page.locator(".texts li")).to_have_text(["Mer tid 2 svar", "Lyssna "], timeout=FOLLOWS_MS)
        hall.picture("hall-themes")
        room.olga.ask("polls.judge", {"poll": poll, "words": [known["Lyssna"]], "to": "removed"})
        expect(hall.page.locator(".texts li")).to_have_text(["Mer tid 2 svar"], timeout=FOLLOWS_MS)
    room.olga.ask("polls.archive", {"poll": poll})
