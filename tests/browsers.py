"""A real Chromium, and what every page in it is held to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

from tests.servers import lacking

ROOT = Path(__file__).parents[1]
AXE = ROOT / "tests" / "vendor" / "axe-core" / "4.14.1" / "axe.min.js"
PICTURES = ROOT / "docs" / "pictures"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 900}}
HALL = {"viewport": {"width": 1920, "height": 1080}}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Debian's Chromium, with *more* arguments."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        lacking("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()


QUIET = """ms => new Promise((done) => {
    let timer = 0;
    const again = () => { clearTimeout(timer); timer = setTimeout(done, ms); };
    new PerformanceObserver(again).observe({ type: "layout-shift", buffered: true });
    again();
})"""


def wait_until_quiet(page: Page, ms: int = 800) -> None:
    """Wait until nothing has moved on a page for so long: a busy machine draws late what belongs to the beginning."""
    page.evaluate(QUIET, ms)


@dataclass
class Visitor:
    """Somebody at a browser of their own. Everything that a page must not do is noted."""

    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def picture(self, name: str, *, full: bool = False) -> None:
        """Keep a screenshot under ``docs/pictures`` when asked to (``SAMSYN_PICTURES=1``), so that a test run changes no file."""
        if os.environ.get("SAMSYN_PICTURES") == "1":
            self.page.screenshot(path=PICTURES / f"{name}.png", full_page=full)

    def axe(self) -> list[str]:
        """What axe-core finds wrong, a line each."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@contextmanager
def a_visitor(browser: Browser, origin: str, **settings: Any) -> Iterator[Visitor]:
    """A new person at a new browser.

    At the end no page has had an error, broken its security policy, got a 5xx or asked anybody else for anything.
    """
    context = browser.new_context(locale="sv-SE", **settings)
    page = context.new_page()
    visitor = Visitor(context, page)

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(origin).netloc:
            visitor.faults.append(f"asked elsewhere: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            visitor.faults.append(f"{response.status} {response.url}")

    context.on("request", asked)
    context.on("response", answered)
    page.on("pageerror", lambda error: visitor.faults.append(f"page error: {error}"))
    page.on("console", lambda said: visitor.faults.append(said.text) if "Content Security Policy" in said.text else None)
    try:
        yield visitor
        assert visitor.faults == []
    finally:
        context.close()
