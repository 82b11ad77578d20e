"""Scripts that somebody wrote are shown as text to everybody, everywhere, and no page asks anybody else for anything: XSS-01, PRIV-08."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.browsers import DESK, a_visitor, chromium
from tests.faults.conftest import a_poll
from tests.running import Samsyn
from tests.staff import Person
from web.address import Address
from web.bootstrap import routes
from web.guard import SAFE

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.timeout(180)]

ATTACKS: Final = (
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(2)>", "{{7*7}}{% include 'x' %}", "<a href='javascript:alert(3)'>x</a>",
    "</script><script>alert(4)</script>",
)  # fmt: skip
EVERYTHING: Final = " ".join(ATTACKS)
PAGES: Final = sorted(
    route.path
    for route in routes()
    if isinstance(route, Address)
    and (route.methods or set()) & SAFE
    and not re.search(r"/(news|state|metrics|kit\.zip)$|\{(file|form|name|token|film)", route.path)
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def attacked(day: Samsyn, olga: Person) -> str:
    """A day on which everybody wrote scripts into every field there is; the words poll is still open."""
    poll = a_poll(olga, title=EVERYTHING, options=list(ATTACKS), help=EVERYTHING)
    words = a_poll(olga, kind="words", title="Ett ord", options=[], most=3)
    olga.ask("surveys.open", {"survey": olga.state()["surveys"][0]["survey"]})
    for n, attack in enumerate(ATTACKS):
        with Person(day).joined(name=f"{attack[:30]}", region="r-norrvik") as mallory:
            mallory.ask("chat.say", {"text": attack, "room": "national"})
            mallory.ask("polls.vote", {"poll": poll, "answer": [f"o{n + 1}"]})
            mallory.ask("polls.vote", {"poll": words, "answer": [attack[:30]]})
    olga.ask("polls.close", {"poll": poll})
    for one in (poll, words):
        olga.ask("polls.show", {"poll": one, "to": "everyone"})
    return poll


@pytest.mark.parametrize("role", ["participant", "moderator", "organizer", "screen"])
def test_scripts_are_text_on_every_page(browser: Browser, day: Samsyn, attacked: str, role: str) -> None:
    """Every page that a role may open; `a_visitor` notes errors, broken policies, 5xx and requests to anybody else."""
    with a_visitor(browser, day.url, **DESK) as someone:
        page, dialogs = someone.page, list[str]()

        def alarmed(dialog: Dialog) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", alarmed)
        if role == "participant":
            page.request.post(f"{day.url}/join", data={"code": day.told["join_code"]}, headers={"Origin": day.url})
        else:
            page.goto(day.link(role))
        seen: list[str] = []
        for path in PAGES:
            filled = re.sub(r"{(\w+)}", lambda found: str({"day": day.told["day"], "code": day.told["join_code"]}.get(found[1], "x")), path)
            answer = page.goto(f"{day.url}{filled}", wait_until="load")
            assert answer
            if answer.status == 200 and "html" in answer.headers["content-type"]:
                page.wait_for_timeout(150)
                assert page.evaluate("document.querySelectorAll('img[src=x], [onerror], [onload], a[href^=javascript]').length") == 0, path
                seen.append(path)
        assert dialogs == []
        assert ("/days/{day}/screen" if role == "screen" else "/days/{day}/live") in seen


def test_a_script_is_read_as_it_was_written(browser: Browser, day: Samsyn, attacked: str, olga: Person) -> None:
    """It is not taken away either: chat on the live page, the title on the cockpit, all of it letter by letter."""
    for poll in olga.state()["polls"]:
        if poll["voting"] == "open":  # while one is, older results are not shown
            olga.ask("polls.close", {"poll": poll["poll"]})
    with a_visitor(browser, day.url, **DESK) as kim, a_visitor(browser, day.url, **DESK) as desk:
        kim.page.request.post(f"{day.url}/join", data={"code": day.told["join_code"]}, headers={"Origin": day.url})
        kim.page.goto(f"{day.day}/live")
        for attack in ATTACKS:
            expect(kim.page.locator("[data-part=messages]")).to_contain_text(attack)
        expect(kim.page.locator(f"[data-poll='{attacked}']")).to_contain_text(ATTACKS[0])
        desk.page.goto(day.link("moderator"))
        expect(desk.page.locator("body")).to_contain_text(ATTACKS[0])
