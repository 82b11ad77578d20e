"""The player: sound alone, the day from its start and back to now, keys that leave writers alone, polls when their picture comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, a_visitor
from tests.journeys.test_participant import join
from tests.running import Samsyn
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIGN = "document.querySelector('[data-part=sign-video]')"
MOVED = "([from, least]) => document.querySelector('video').currentTime > from + least"


def plays_on(page: Page, seconds: float = 1.5) -> None:
    """The picture, or the sound, goes on."""
    begun = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_function(MOVED, arg=[begun, seconds], timeout=30_000)


def test_sound_alone_the_start_of_the_day_and_now_again(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        page.wait_for_timeout(12_000)

        with page.expect_response(lambda answer: answer.url.endswith(".m4a") and answer.ok):
            page.get_by_role("button", name="Bara ljud").click()
        page.wait_for_function("() => document.querySelector('video').videoWidth == 0 && document.querySelector('video').currentTime > 0")
        plays_on(page)
        page.get_by_role("button", name="Bara ljud").click()
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=20_000)

        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.get_by_role("button", name="Från början").click()
        page.wait_for_function(
            "() => document.querySelector('video').currentTime < 8 && document.querySelector('video').videoWidth == 1280"
        )
        plays_on(page)
        to_live = page.get_by_role("button", name="Till direkt")
        expect(to_live).to_be_visible()
        with page.expect_response(lambda answer: "live.m3u8" in answer.url and answer.ok):
            to_live.click()
        expect(to_live).to_be_hidden(timeout=20_000)
        plays_on(page)


def test_the_small_picture_spares_data_and_the_large_one_comes_back_without_a_stall(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page, firsts = someone.page, []
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page)
        save = page.get_by_role("button", name="Spara data")
        page.on("request", lambda request: firsts.append(request.url) if request.url.endswith("index.m3u8") else None)

        with page.expect_response(lambda answer: answer.url.endswith(".360.m4s") and answer.ok, timeout=40_000):
            save.click()
        expect(save).to_have_attribute("aria-pressed", "true")
        page.wait_for_function("() => document.querySelector('video').videoWidth == 640", timeout=40_000)
        plays_on(page, 4)
        save.click()
        expect(save).to_have_attribute("aria-pressed", "false")
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page, 4)

        assert firsts == []  # a player that stands still fetches the lane anew

        save.click()
        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.get_by_role("button", name="Från början").click()
        expect(save).to_be_hidden()  # the day from its start has one picture
        page.get_by_role("button", name="Till direkt").click()
        page.wait_for_function("() => document.querySelector('video').videoWidth == 640", timeout=40_000)


def test_the_sound_of_the_day_from_its_start_is_there_alone(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page)
        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.get_by_role("button", name="Från början").click()
        plays_on(page)

        with page.expect_response(lambda answer: answer.url.endswith("day-audio.m3u8") and answer.ok):
            page.get_by_role("button", name="Bara ljud").click()
        page.wait_for_function("() => document.querySelector('video').videoWidth == 0 && document.querySelector('video').currentTime > 0")
        plays_on(page)
        expect(page.get_by_role("button", name="Till direkt")).to_be_visible()


def test_after_a_long_pause_the_day_goes_on_where_it_was_left(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').currentTime > 3", timeout=40_000)
        page.evaluate("document.querySelector('video').pause()")
        page.wait_for_timeout(500)
        page.evaluate("() => { const real = performance.now.bind(performance); performance.now = () => real() + 50_000; }")  # a long one

        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.evaluate("document.querySelector('video').play()")
        page.wait_for_function("() => document.querySelector('video').readyState > 2 && document.querySelector('video').currentTime > 2")
        plays_on(page)
        expect(page.get_by_role("button", name="Till direkt")).to_be_visible()


def test_keys_hold_at_the_picture_and_nowhere_else(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        video = page.locator("[data-part=video]")
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        assert video.evaluate("video => video.muted")

        video.focus()
        page.keyboard.press("m")
        assert not video.evaluate("video => video.muted")
        page.keyboard.press("k")
        expect(page.get_by_role("button", name="Spela")).to_be_visible()
        page.keyboard.press(" ")
        expect(page.get_by_role("button", name="Pausa")).to_be_visible()
        page.keyboard.press("c")
        expect(page.get_by_role("button", name="Undertexter")).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("ArrowDown")
        assert video.evaluate("video => video.volume") == pytest.approx(0.9)

        field = page.get_by_label("Skriv i chatten")
        field.focus()
        page.keyboard.type("mkcl m")
        assert field.input_value() == "mkcl m"
        assert not video.evaluate("video => video.muted || video.paused")


def test_keys_go_through_the_day_and_back_to_now(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        video = page.locator("[data-part=video]")
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page, 12)
        video.focus()

        at = page.evaluate("document.querySelector('video').currentTime")
        page.keyboard.press("ArrowLeft")
        assert at - 11 < page.evaluate("document.querySelector('video').currentTime") < at - 5
        page.keyboard.press("ArrowRight")  # there is nothing after now
        page.wait_for_function("at => document.querySelector('video').currentTime > at", arg=at, timeout=20_000)
        with page.expect_response(lambda answer: answer.url.endswith("day.m3u8") and answer.ok):
            page.keyboard.press("Home")
        expect(page.get_by_role("button", name="Till direkt")).to_be_visible()
        plays_on(page)
        with page.expect_response(lambda answer: "live.m3u8" in answer.url and answer.ok):
            page.keyboard.press("l")
        expect(page.get_by_role("button", name="Till direkt")).to_be_hidden(timeout=20_000)
        plays_on(page)


def test_a_picture_that_stands_still_is_fetched_anew(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page)

        page.route("**/media/**", lambda route: route.abort())  # a long outage: nothing of it comes through
        with page.expect_response(lambda answer: answer.url.endswith("index.m3u8") and answer.ok, timeout=40_000):
            page.wait_for_timeout(100)
        page.unroute("**/media/**")

        plays_on(page)
        someone.faults.clear()  # what was cut off


def test_a_poll_is_shown_when_the_viewers_own_picture_comes_to_it(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as someone, Person(day).by_link("moderator") as olga:
        page = someone.page
        olga.answer("rundown.go", {"lane": "national"})
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        plays_on(page)

        olga.ask("polls.open", {"poll": "p-osaker"})
        page.wait_for_timeout(400)
        held = page.locator("[data-poll=p-osaker]").count()
        expect(page.locator("[data-poll=p-osaker]")).to_be_visible(timeout=15_000)

        assert held == 0  # it was told at once; the picture is more than a second behind


def test_an_interpreter_stands_beside_the_picture_and_follows_it(browser: Browser, day: Samsyn) -> None:
    with (
        a_visitor(browser, day.url, **DESK) as someone,
        Person(day).by_link("moderator") as olga,
        a_visitor(browser, day.url, **DESK) as desk,
    ):
        desk.page.goto(day.told["links"]["moderator"])
        desk.page.goto(f"{day.day}/cockpit")
        desk.page.get_by_text("Filmer", exact=True).click()
        desk.page.get_by_role("button", name="Ta in Så fungerar dagen i sändning").click()
        page, switch = someone.page, someone.page.get_by_role("button", name="Teckentolk")
        join(page, day)
        page.wait_for_function("() => document.querySelector('video').videoWidth == 1280", timeout=40_000)
        expect(switch).to_be_hidden()

        olga.answer("streaming.sign", {"source": "film-stod"})
        switch.click()
        page.wait_for_function(f"() => {SIGN}.videoWidth > 0 && {SIGN}.currentTime > 1", timeout=30_000)
        page.get_by_role("button", name="Stor", exact=True).click()
        widths = page.evaluate(f"[document.querySelector('[data-part=video]').clientWidth, {SIGN}.clientWidth]")
        assert abs(widths[0] - widths[1]) < 2
        assert someone.axe() == []
        assert not someone.scrolls_sideways()
        page.get_by_role("button", name="Pausa").click()
        page.wait_for_function(f"() => {SIGN}.paused")
        page.get_by_role("button", name="Spela").click()
        page.wait_for_function(f"() => !{SIGN}.paused")
        with page.expect_response(lambda answer: answer.url.endswith("+sign/day.m3u8") and answer.ok):
            page.get_by_role("button", name="Från början").click()
        page.get_by_role("button", name="Till direkt").click()

        page.reload()
        page.get_by_role("button", name="Titta nu").click()
        page.wait_for_function(f"() => {SIGN}.videoWidth > 0", timeout=30_000)
        olga.answer("streaming.sign", {"source": None})
        expect(switch).to_be_hidden()
        expect(page.locator("[data-part=sign]")).to_be_hidden()
