"""A lane's picture in a page of an intranet, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browsers import DESK, a_visitor
from tests.running import Samsyn, samsyn
from tests.servers import free_port
from web.endpoints.embed import policy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PLAYS = "video => video.videoWidth > 0 && video.currentTime > 0 && !video.paused"


@contextmanager
def intranet(port: int, src: str) -> Iterator[str]:
    """A page on another site, with the frame in it."""
    frame = f"<iframe src='{src}' title='Dagen' width=960 height=640 allow='autoplay; fullscreen'></iframe>"
    body = f"<!doctype html><html lang=sv><title>Intranätet</title><main><h1>Intranätet</h1>{frame}</main>".encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library names it
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{port}/"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def framed(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samsyn]:
    """A demo whose picture an intranet may show."""
    words = ["--participants", 0, "--speed", 0, "--operator", "off"]
    with samsyn("demo", tmp_path_factory.mktemp("embed") / "data", *words, SAMSYN_EMBED_ORIGINS=f"http://localhost:{port}") as running:
        yield running


def frame_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_an_intranet_shows_the_lane(browser: Browser, framed: Samsyn, port: int) -> None:
    with intranet(port, f"{framed.day}/embed") as site, a_visitor(browser, framed.url, **DESK) as someone:
        someone.page.goto(site)
        inside = frame_of(someone.page)
        inside.get_by_role("button", name="Titta nu").click()
        expect(inside.locator("[data-part=bar]")).to_be_visible()
        video = inside.locator("video").element_handle()
        someone.page.wait_for_timeout(500)
        assert video is not None
        content = video.owner_frame()
        assert content is not None
        content.wait_for_function(PLAYS, arg=video, timeout=30_000)
        expect(inside.get_by_role("link", name="Öppna dagen")).to_have_attribute("href", framed.day)
        assert content.evaluate("document.cookie") == ""
        assert someone.context.cookies() == []
        someone.faults[:] = [fault for fault in someone.faults if site not in fault]  # the intranet's own page


def test_a_site_that_is_not_let_in_shows_nothing(browser: Browser, framed: Samsyn) -> None:
    with intranet(free_port(), f"{framed.day}/embed") as site, a_visitor(browser, framed.url, **DESK) as someone:
        said = list[str]()
        someone.page.on("console", lambda line: said.append(line.text))
        someone.page.goto(site)
        someone.page.wait_for_timeout(1500)
        assert any("frame-ancestors" in line for line in said)
        assert frame_of(someone.page).locator("video").count() == 0
        someone.faults.clear()  # that refusal


def test_the_frame_s_page_is_accessible(browser: Browser, framed: Samsyn) -> None:
    with a_visitor(browser, framed.url, **DESK) as someone:
        someone.page.goto(f"{framed.day}/embed?lane={next(lane for lane in framed.told['lanes'] if lane != 'national')}")
        expect(someone.page.get_by_role("heading", level=1)).to_contain_text(", ")
        assert (someone.axe(), someone.scrolls_sideways()) == ([], False)
        someone.page.get_by_role("button", name="Titta nu").click()
        expect(someone.page.locator("[data-part=bar]")).to_be_visible()
        assert someone.axe() == []
        someone.page.set_viewport_size({"width": 360, "height": 300})
        assert not someone.scrolls_sideways()
        someone.picture("embed")


def test_the_frame_has_the_keys_of_the_picture(browser: Browser, framed: Samsyn) -> None:
    with a_visitor(browser, framed.url, **DESK) as someone:
        page = someone.page
        page.goto(f"{framed.day}/embed")
        page.keyboard.press("k")  # nothing plays yet
        page.get_by_role("button", name="Titta nu").click()
        video = page.locator("video")
        page.wait_for_function("() => document.querySelector('video').currentTime > 1", timeout=40_000)
        muted = video.evaluate("video => video.muted")

        page.get_by_role("button", name="Pausa").focus()
        page.keyboard.press("k")
        expect(page.get_by_role("button", name="Spela")).to_be_visible()
        page.keyboard.press("k")
        expect(page.get_by_role("button", name="Pausa")).to_be_visible()
        page.keyboard.press("m")
        assert video.evaluate("video => video.muted") is not muted
        page.keyboard.press("c")
        expect(page.get_by_role("button", name="Undertexter")).to_have_attribute("aria-pressed", "false")
        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.keyboard.press("Home")
        with page.expect_response(lambda answer: "live.m3u8" in answer.url and answer.ok):
            page.keyboard.press("l")


def test_only_that_page_may_be_framed(framed: Samsyn, port: int) -> None:
    with httpx2.Client(trust_env=False) as http:
        ours = http.get(f"{framed.day}/embed").headers["Content-Security-Policy"]
        others = [http.get(f"{framed.day}{path}").headers["Content-Security-Policy"] for path in ("", "/library", "/embed?lane=nowhere")]
        lost = http.get(f"{framed.day}/embed?lane=nowhere").status_code

    assert ours.endswith(f"frame-ancestors 'self' http://localhost:{port}")
    assert "script-src 'self'" in ours
    assert [other.rpartition("; ")[2] for other in others] == ["frame-ancestors 'none'"] * 3
    assert lost == 404


def test_whoever_prepares_the_day_finds_the_code(browser: Browser, framed: Samsyn) -> None:
    with a_visitor(browser, framed.url, **DESK) as someone:
        someone.page.goto(framed.link("organizer"))
        someone.page.goto(f"{framed.day}/build")
        someone.page.get_by_text("Visa sändningen på intranätet").click()
        assert f'<iframe src="{framed.day}/embed"' in someone.page.locator("#embed-code").input_value()
        assert someone.axe() == []


def test_by_default_nobody_else_frames_it() -> None:
    assert policy(()).endswith("frame-ancestors 'self'")
