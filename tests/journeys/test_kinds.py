"""Every kind of question on a phone-sized screen, by keyboard alone: answered, saved, and its result seen after the close."""

from __future__ import annotations

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
    expect(card.locator("form").first).to_be_visible()

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

    expect(card).to_contain_text(asked.shown)
    assert [poll["mine"] for poll in mine if poll["poll"] == asked.poll] == [asked.mine]
    assert (visitor.scrolls_sideways(), visitor.axe()) == (False, [])
    visitor.picture(f"kind-{asked.poll}-result", full=True)
