"""More than a first page: what is fetched when one asks for it, and what comes by itself; in the chat the same."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.scripts.contexts import REGIONS, YOU, stamp, state
from tests.web.scripts.peer import Peer

pytestmark = pytest.mark.browser

ROWS = "[data-part=question-rows] [data-question]"
LOG = "[data-part=messages] [data-message]"


def question(number: int, **fields: Any) -> dict[str, Any]:
    """Number one has most support, and was asked last."""
    about = {"lane": "national", "state": "open", "mine": False, "text": f"Fråga {number}?", "backs": 100 - number, "at": stamp(-number)}
    return {"question": f"q{number:02}", **about, **fields}


def many(known: int, standing: int) -> dict[str, Any]:
    """A day with so many questions, of which the state has some."""
    questions = [question(number) for number in range(1, known + 1)]
    page = [one["question"] for one in questions[:20]]
    return state(
        questions=questions, piles=[{"pile": "national", "n": {"standing": standing}, "page": page}], stances={"backed": [], "opposed": []}
    )


def look(page: Page, peer: Peer, name: str = "live") -> None:
    page.goto(f"{peer.address}/pages/{name}")
    expect(page.locator("[data-connection]")).to_have_text("Ansluten", timeout=30_000)


def wishes(page: Page, peer: Peer, do: str, count: int = 1) -> list[dict[str, Any]]:
    """So many wishes of a kind, when they have come."""
    while len(found := [wish["args"] for wish in peer.wishes if wish["do"] == do]) < count:
        page.wait_for_timeout(20)
    return found


def ids(page: Page, rows: str = ROWS) -> list[str]:
    return [str(one) for one in page.locator(rows).evaluate_all("all => all.map((one) => one.dataset.question ?? one.dataset.message)")]


def test_one_reads_on_to_the_last_question_and_nothing_moves(page: Page, peer: Peer) -> None:
    peer.state = many(25, 33)
    peer.gives["questions.page"] = {"questions": [question(number) for number in range(21, 34)], "left": 0}
    look(page, peer)
    expect(page.locator(ROWS)).to_have_count(20)
    expect(page.locator("[data-part=questions-count]")).to_have_text("33 frågor")
    expect(page.get_by_role("link", name="Alla frågor")).to_be_hidden()
    first = ids(page)

    page.locator("[data-part=questions]").get_by_role("button", name="Visa fler").press("Enter")
    expect(page.locator(ROWS)).to_have_count(33)

    assert wishes(page, peer, "questions.page") == [{"of": "standing", "order": "top", "after": "q20"}]
    assert ids(page) == [*first, *(f"q{number:02}" for number in range(21, 34))]
    expect(page.locator("[data-part=questions]").get_by_role("button", name="Visa fler")).to_be_hidden()
    expect(page.locator("[data-part=question-new]")).to_be_hidden()


def test_what_has_moved_up_is_fetched_by_itself_and_knows_that_one_backs_it(page: Page, peer: Peer) -> None:
    peer.state = many(20, 40) | {"stances": {"backed": ["q31"], "opposed": []}}
    peer.gives["questions.some"] = {"questions": [question(31, backs=500)]}
    look(page, peer)
    page_ids = [f"q{number:02}" for number in range(1, 20)]

    peer.say({"upto": peer.seq, "news": [{"key": "backs:q31", "type": "questions.backs", "data": {"question": "q31", "backs": 500}}]})
    pile = {"pile": "national", "n": {"standing": 40}, "page": [*page_ids, "q31"]}
    peer.say({"upto": peer.seq, "news": [{"key": "pile:national", "type": "questions.pile", "data": pile}]})

    assert wishes(page, peer, "questions.some") == [{"questions": ["q31"], "lane": YOU["lane"]}]
    page.get_by_role("button", name="Nya", exact=True).click()
    page.get_by_role("button", name="Mest stöd", exact=True).click()
    expect(page.locator(ROWS).first).to_contain_text("Fråga 31?")
    expect(page.locator("[data-question=q31] [data-part=support]")).to_have_attribute("aria-pressed", "true")


def test_news_of_a_question_that_is_on_no_page_bring_all_of_it(page: Page, peer: Peer) -> None:
    peer.state = many(20, 40)
    look(page, peer)

    peer.tell("questions.taken_up", question(35, state="taken_up", taken_up_at=stamp(), backs=2))
    page.get_by_role("button", name="Nya", exact=True).click()
    page.get_by_role("button", name="Mest stöd", exact=True).click()

    expect(page.locator(ROWS).first).to_contain_text("Fråga 35?")
    expect(page.locator(ROWS).first).to_have_class("question question--on-stage")


def test_a_moderator_reads_on_in_each_list(page: Page, peer: Peer) -> None:
    held = [question(number, state="held", at=stamp(number - 60)) for number in range(1, 21)]
    pile = {"pile": "queue:national", "n": {"held": 22, "open": 0, "done": 0}, "page": [one["question"] for one in held]}
    you = {**YOU, "roles": ["moderator"], "region": None, "lane": "national"}
    peer.state = state(you=you, questions=held, piles=[pile])
    peer.gives["questions.page"] = {"questions": [question(number, state="held", at=stamp(number - 60)) for number in (21, 22)], "left": 0}
    page.set_viewport_size({"width": 1280, "height": 800})
    look(page, peer, "cockpit")
    rows = "[data-part=queue-held-rows] [data-question]"
    expect(page.locator(rows)).to_have_count(20)
    expect(page.locator("[data-part=queue-held-n]")).to_have_text("22")

    page.locator("[data-part=queue-held-more]").click()
    expect(page.locator(rows)).to_have_count(22)

    assert wishes(page, peer, "questions.page") == [{"of": "held", "after": "q20", "lane": "national"}]
    assert ids(page, rows) == [f"q{number:02}" for number in range(1, 23)]


def message(number: int, **fields: Any) -> dict[str, Any]:
    """What somebody said."""
    about = {"room": "national", "by": {"person": "x", "name": "Lo", "role": None}, "text": f"Inlägg {number}", "at": stamp(number - 100)}
    return {"message": f"m{number:02}", **about, **fields}


def test_one_reads_back_in_the_chat_and_what_is_taken_away_goes_there_too(page: Page, peer: Peer) -> None:
    peer.state = state(chat=[message(number) for number in range(10, 60)], held=[])
    peer.gives["chat.page"] = {"chat": [message(number) for number in range(1, 10)]}
    look(page, peer)

    page.get_by_role("button", name="Tidigare inlägg").press("Enter")
    expect(page.locator(LOG)).to_have_count(59)
    peer.tell("chat.removed", {"message": "m03", "text": "", "removed": True, "edited": None})
    peer.tell("chat.said", message(60))

    expect(page.locator("[data-message=m03] [data-part=text]")).to_have_text("Inlägget är borttaget.")
    expect(page.locator(LOG)).to_have_count(60)
    assert wishes(page, peer, "chat.page") == [{"before": "m10"}]
    assert ids(page, LOG) == [f"m{number:02}" for number in range(1, 61)]
    expect(page.get_by_role("button", name="Tidigare inlägg")).to_be_hidden()


def test_a_region_that_talks_among_itself_reads_that_alone_until_it_is_back(page: Page, peer: Peer) -> None:
    own = {"room": "r-norrvik", "open": False}
    said = [message(1), message(2, room="r-norrvik")]
    peer.state = state(chat=said, held=[], rooms=[{"room": "national", "open": True}, own], regions=REGIONS)
    look(page, peer)
    expect(page.locator(LOG)).to_have_count(2)
    expect(page.locator("[data-part=chat-where]")).to_have_text("Hela landet")

    peer.tell("chat.opened", {"room": "r-norrvik", "open": True})
    expect(page.locator(LOG)).to_have_count(1)
    expect(page.locator("[data-part=chat-where]")).to_have_text("Region Norrvik")
    peer.tell("chat.said", message(3))
    peer.tell("chat.said", message(4, room="r-norrvik"))
    expect(page.locator(LOG)).to_have_count(2)
    apart = ids(page, LOG)
    peer.tell("chat.closed", {"room": "r-norrvik", "open": False})
    expect(page.locator(LOG)).to_have_count(4)

    assert apart == ["m02", "m04"]
    assert ids(page, LOG) == ["m01", "m02", "m03", "m04"]
