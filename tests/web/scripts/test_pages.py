"""Every page in a browser: accessible at all widths, in both themes and languages, without sideways scroll, with nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.scripts.contexts import PAGES
from tests.web.scripts.peer import Peer, serving

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "vendor" / "axe-core" / "4.14.1" / "axe.min.js"
RULES = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"
VIOLATIONS = (
    f"async () => (await axe.run(document, {{runOnly: {RULES}}})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' '))"
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WINDOWS = [(1280, "light", "sv"), (320, "dark", "en")]


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """One for all pages: they only look."""
    with serving(Peer()) as one:
        yield one


@pytest.mark.parametrize(("width", "theme", "lang"), WINDOWS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_everybody(browser: Browser, peer: Peer, name: str, width: int, theme: str, lang: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme="dark" if theme == "dark" else "light")
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{peer.address}/pages/{name}?lang={lang}")
    page.wait_for_timeout(300)  # for scripts to draw what they draw
    page.evaluate(AXE.read_text() + ";0")
    found, sideways = page.evaluate(VIOLATIONS), page.evaluate(SIDEWAYS)
    context.close()

    assert (found, sideways) == ([], 0)
    assert [one for one in complaints if "404" not in one] == []  # a film that is not there
    assert [url for url in asked if not url.startswith((peer.address, "data:", "blob:"))] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_line_of_the_title_on_the_way_in_ends_within_a_word(browser: Browser, peer: Peer, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(f"{peer.address}/pages/start?lang=en")

    lines = page.evaluate("[...document.querySelectorAll('h1 .nowrap')].map((one) => [one.textContent, one.getClientRects().length])")
    assert (page.locator("h1").inner_text(), lines) == ("Join The national e-health day", [["e-health", 1]])


def test_the_reducer_is_held_to_the_vectors_of_the_server(browser: Browser, peer: Peer) -> None:
    vectors = (Path(__file__).parents[2] / "news_vectors.json").read_text()
    page = browser.new_page()
    page.goto(f"{peer.address}/pages/error")

    wrong = page.evaluate(
        """async (vectors) => {
            const { reduce } = await import(document.querySelector("script[type=module]").src.replace("shell.js", "reduce.js"));
            const same = (a, b) => a === b || (a && b && typeof a === "object" && Object.keys(a).length === Object.keys(b).length
                && Object.keys(a).every((key) => same(a[key], b[key])));
            return vectors.filter(({ state, news, then }) => !same(news.reduce(reduce, state), then)).map(({ says }) => says);
        }""",
        json.loads(vectors),
    )
    page.close()

    assert wrong == []
