"""The big screen of a hall: all of it in sight, nothing over anything else, and no text too small to read from the back."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import closed, item, options, poll, stamp, state
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1920, 1080)]
SMALLEST_PX = 24.0  # at 720 lines, a thirtieth of the height: legible at eight times the picture's height
TEXTS = ("Tiden räcker inte till", "Tekniken strular för ofta", "Ingen vet vem som äger frågan", "Det saknas utbildning", "Annat")
MEASURED = """() => {
  const seen = (one) => one.checkVisibility() && one.closest(".visually-hidden") === null;
  const walker = document.createTreeWalker(document.getElementById("screen"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { left, top, right, bottom } = range.getBoundingClientRect();
    texts.push({ text: data.trim(), px: parseFloat(getComputedStyle(parent).fontSize), left, top, right, bottom });
  }
  const whole = "h1, h2, p, li, .qr, .brand, .lane-tag";
  const boxed = [...document.querySelectorAll(`#screen :is(${whole})`)].filter((one) => seen(one) && !one.querySelector(whole));
  const boxes = boxed.map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { text: one.textContent.trim(), left, top, right, bottom };
  });
  const root = document.documentElement;
  return { texts, boxes, wide: root.scrollWidth, high: root.scrollHeight };
}"""
TRANSPARENT = """() => [document.documentElement, document.body, document.getElementById("screen")]
  .map((one) => getComputedStyle(one).backgroundColor)"""


def five_options(**fields: Any) -> dict[str, Any]:
    """A poll with as many answers as a moderator puts on a hall's screen, and long ones."""
    asked = [{**one, "option": name} for one, name in zip(options(*TEXTS), "abcde", strict=True)]
    about = {"poll": "p5", "kind": "choice", "title": "Vad hindrar er mest från att arbeta digitalt i dag?", "help": "", "most": 1}
    return {**about, "options": asked, "round": 1, "scope": "country", "mine": None, **fields}


def again() -> dict[str, Any]:
    """It was asked twice, and how the answers moved stands in its result."""
    cells = {name: {"before": 20, "after": after, "sure": name == "a"} for name, after in zip("abcde", (41, 25, 19, 10, 5), strict=True)}
    tally = {"n": 1001, "behind": 1460, "counts": {"a": 412, "b": 250, "c": 188, "d": 97, "e": 54}}
    return five_options(voting="closed", result="stage", round=2, tally={**tally, "shift": {"round": 1, "n": 998, "cells": cells}})


def result(*, hands: bool) -> dict[str, Any]:
    """It is closed and on stage, with hands or without."""
    counts = {"a": 412, "b": 250, "c": 188, "d": 97, "e": 54}
    up = {"hands": {"n": 86, "screens": 9, "counts": {"a": 40, "b": 20, "c": 14, "d": 8, "e": 4}}} if hands else {}
    return five_options(voting="closed", result="stage", tally={"n": 1001, "behind": 1460, "counts": counts, **up})


def shown(page: Page, peer: Peer, poll: dict[str, Any], size: tuple[int, int]) -> dict[str, Any]:
    """The hall's screen with a poll on it, measured."""
    closes = {"closes_at": stamp(3)} if poll["voting"] == "open" else {}  # counted from now, not from when the tests were collected
    peer.state = state(polls=[{**poll, **closes}])
    opened(page, peer, size)
    expect(page.locator("#screen h1:visible")).to_have_text(poll["title"])
    return measured_of(page, f"{poll['kind']}-{poll['voting']}-{poll['round']}-{'hands' in poll.get('tally', {})}")


def opened(page: Page, peer: Peer, size: tuple[int, int], name: str = "screen") -> None:
    """The page as a hall has it, with what the peer says; nothing moves, so that it can be measured at once."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{peer.address}/pages/{name}")


def measured_of(page: Page, name: str) -> dict[str, Any]:
    """Where everything stands that is seen, and how large it is."""
    page.evaluate("document.fonts.ready")
    if folder := os.environ.get("SAMSYN_LOOK"):
        page.screenshot(path=Path(folder) / f"hall-{name}-{page.evaluate('innerHeight')}.png")
    measured: dict[str, Any] = page.evaluate(MEASURED)
    return measured


def must_be_readable(measured: dict[str, Any], size: tuple[int, int]) -> None:
    """All of it in sight, nothing over anything else, and no text too small."""
    texts, boxes = measured["texts"], measured["boxes"]
    assert (measured["wide"], measured["high"]) == size
    assert [one["text"] for one in texts if one["px"] < SMALLEST_PX] == []
    assert [one["text"] for one in texts if one["left"] < 0 or one["right"] > size[0] or one["bottom"] > size[1]] == []
    assert [(one["text"], other["text"]) for n, one in enumerate(boxes) for other in boxes[:n] if over(one, other)] == []


def over(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boxes lie over each other."""
    beside = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
    return not (beside or one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "poll",
    [result(hands=False), result(hands=True), again(), five_options(voting="open", result="hidden")],
    ids=["result", "hands", "again", "vote"],
)
def test_all_of_it_is_in_sight_and_can_be_read_from_the_back(page: Page, peer: Peer, poll: dict[str, Any], size: tuple[int, int]) -> None:
    measured = shown(page, peer, poll, size)

    must_be_readable(measured, size)
    assert {*TEXTS} <= {one["text"] for one in measured["texts"]}


CLOUD = ("samverkan", "tid", "ledning", "teknik", "journal", "mod", "utbildning", "förtroende", "enkelhet", "öppenhet", "pengar", "stöd")
WORDS = {
    **five_options(kind="words", voting="closed", result="stage", title="Vilket ord beskriver det ni behöver mest av?"),
    "options": [],
    "tally": {"n": 214, "behind": 320, "counts": {word: 90 - 5 * n for n, word in enumerate(CLOUD)}},
}
LONG = "Kan vi samlas om en gemensam bild av vem som äger frågan när flera huvudmän delar på ansvaret för samma patient?"
ASKED = {
    "question": "q1",
    "lane": "national",
    "text": LONG,
    "backs": 1,
    "state": "taken_up",
    "by": {"person": "x", "name": "Hemtjänsten Norr"},
}
NEXT_UP = "Från pilot till vardag: så införde två kommuner digital tillsyn tillsammans"


def standing(card: str) -> dict[str, Any]:
    """A day at which the screen shows this card, and nothing more urgent."""
    quiet: dict[str, Any] = {"polls": [], "questions": [], "announcements": []}
    at_rest = {**state(**quiet), "you": {**state()["you"], "region": None, "lane": "national"}}
    day, now = at_rest["day"], {**at_rest["now"], "countdown": None}
    programme = [item("a", -20, 22, state="now", title="Öppning"), item("b", 2, 30, title=NEXT_UP), item("c", 42, 20)]
    changed: dict[str, dict[str, Any]] = {
        "join": {},
        "item": {},
        "begins": {"day": {**day, "state": "published", "starts_at": stamp(75)}},
        "turning": {"now": {**now, "countdown": {"to": "regions", "ends_at": stamp(1.5)}}},
        "ended": {"day": {**day, "state": "ended"}},
        "question": {"questions": [{**ASKED, "at": stamp(-5), "taken_up_at": stamp(-1)}]},
        "words": {"polls": [WORDS]},
        "announced": {
            "announcements": [
                {
                    "announcement": "a1",
                    "text": "Ljudet i norra salen är tillbaka. Vi börjar om fem minuter.",
                    "at": stamp(0),
                    "ends_at": stamp(5),
                }
            ]
        },
    }
    return {**at_rest, "programme": programme, "now": now, **changed[card]}


CARDS: dict[str, tuple[str, str | re.Pattern[str]]] = {
    "join": ("[data-part=join] h1", "Nationella e-hälsodagen"),
    "item": ("[data-part=item-title]", NEXT_UP),
    "begins": ("[data-part=slate-text]", "Nationella e-hälsodagen"),
    "turning": ("[data-part=slate-text]", "Vi går över till regionerna"),
    "ended": ("[data-part=slate-text]", "Tack för i dag"),
    "question": ("[data-part=question-text]", LONG),
    "words": ("[data-part=cloud] > li:first-child", re.compile("samverkan")),
    "announced": ("[data-part=told-text]", re.compile("norra salen")),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("card", CARDS)
def test_every_card_can_be_read_from_the_back(page: Page, peer: Peer, card: str, size: tuple[int, int]) -> None:
    peer.state = standing(card)
    opened(page, peer, size)
    where, text = CARDS[card]

    expect(page.locator(where)).to_be_visible(timeout=30_000)  # it may have to wait for its turn
    expect(page.locator(where)).to_have_text(text)
    must_be_readable(measured_of(page, card), size)


TURNS = """async (state) => {
  const { cards, turn } = await import(new URL("hall.js", document.querySelector("script[src*='screen.js']").src));
  const at = Date.now();
  const named = ([kind, what]) => [kind, what?.poll ?? what?.item?.item ?? ""].join(" ").trim();
  const names = (shown, cued) => cards(state, at, new Map(shown), cued).map(named);
  const rest = cards(state, at, new Map(), false);
  const turns = Array.from({ length: rest.length + 1 }, (_, n) => rest.indexOf(turn(rest, (n + 1000 * rest.length) * 20_000)));
  return { rest: names([], false), fresh: names([["p0", at - 1000]], false), cued: names([], true), turns };
}"""


def test_what_nobody_cued_is_shown_in_turn_and_what_is_urgent_alone(page: Page, peer: Peer) -> None:
    def told(name: str, **fields: Any) -> dict[str, Any]:
        return closed(name, **fields)

    earlier = [told(f"p{n}") for n in range(5)] + [
        told("empty", tally={"n": 0, "behind": 0, "counts": {}}),
        told("hidden", result="hidden", tally=None),
    ]
    opened(page, peer, SIZES[0])

    def cards_of(**fields: Any) -> dict[str, Any]:
        found: dict[str, Any] = page.evaluate(TURNS, {**standing("join"), **fields})
        return found

    rest = cards_of(polls=earlier)
    assert rest["rest"] == ["join", "item b", "result p2", "result p3", "result p4"]
    assert rest["turns"] == [0, 1, 2, 3, 4, 0]
    assert (rest["fresh"], rest["cued"]) == (["result p0"], ["item a"])
    two_open = [*earlier, poll("p8", closes_at=stamp(3)), poll("p9"), poll("over", closes_at=stamp(-1))]
    assert cards_of(polls=two_open)["rest"] == ["vote p8", "vote p9"]
    assert cards_of(polls=[*two_open, told("p7", result="stage")])["rest"] == ["result p7"]
    assert cards_of(questions=standing("question")["questions"])["rest"] == ["question"]
    before = {**standing("begins")["day"]}
    assert [cards_of(day=before)[name] for name in ("rest", "cued")] == [["begins", "join"], ["begins"]]
    assert cards_of(day={**before, "state": "ended"}, polls=earlier)["rest"] == ["ended"]


def test_a_poll_counts_its_answers_as_they_come_and_leaves_the_screen_to_its_result(page: Page, peer: Peer) -> None:
    nothing = {"n": 0, "behind": 0, "counts": {"a": 0, "b": 0}}
    peer.state = {**standing("join"), "polls": [poll(result="everyone", tally=nothing, closes_at=stamp(3))]}
    opened(page, peer, SIZES[0])
    expect(page.locator("[data-part=vote-n]")).to_have_text("0")

    peer.say(
        {"upto": peer.seq, "news": [{"key": "tally:p1", "type": "polls.tally", "data": {"poll": "p1", "tally": {**nothing, "n": 25}}}]}
    )
    expect(page.locator("[data-part=vote-n]")).to_have_text("25")
    full = {"n": 31, "behind": 40, "counts": {"a": 20, "b": 11}}
    peer.tell(
        "polls.closed",
        {"poll": "p1", "voting": "closed", "result": "everyone", "closes_at": None, "mine": None, "hands": None, "tally": full},
    )
    peer.tell("polls.shown", {"poll": "p1", "result": "everyone", "tally": full})

    expect(page.locator("[data-part=result-title]")).to_be_visible()
    expect(page.locator("[data-part=vote]")).to_be_hidden()
    expect(page.locator("[data-part=result] [data-part=percent]").first).to_have_text(re.compile("65"))


OVERLAID = {
    "vote": {"polls": [five_options(voting="open", result="everyone", tally={"n": 25, "behind": 40, "counts": {}})]},
    "result": {"polls": [result(hands=False)]},
    "words": {"polls": [WORDS]},
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("what", [*OVERLAID, "plate", "nothing"])
def test_what_lies_over_a_picture_is_readable_and_the_rest_of_it_transparent(
    page: Page, peer: Peer, what: str, size: tuple[int, int]
) -> None:
    fields = OVERLAID.get(what, {"polls": [closed()]})  # an earlier result comes back in a hall, and never over a picture
    peer.state = {**standing("join"), **fields}
    if what == "plate":
        peer.state["now"]["name_plate"] = {
            "name": "Annika Lind",
            "role": "Verksamhetschef",
            "organisation": "Region Norrvik",
            "at": stamp(2),
        }
    opened(page, peer, size, "overlay")
    expect(page.locator("[data-part=plate]") if what == "plate" else page.locator("#screen")).to_be_visible()
    if what in OVERLAID:
        expect(page.locator(".overlay__box:visible h2")).to_have_text(fields["polls"][0]["title"])
    else:
        expect(page.locator(".overlay__box:visible")).to_have_count(0)

    measured = measured_of(page, f"overlay-{what}")
    must_be_readable(measured, size)
    assert page.evaluate(TRANSPARENT) == ["rgba(0, 0, 0, 0)"] * 3
    assert bool(measured["texts"]) is (what != "nothing")
