"""A recording in a real browser: published by a person, watched on a desk and on a phone, by keyboard, and without scripts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import DESK, PHONE, a_visitor
from tests.running import Samsyn, samsyn
from tests.staff import Person

pytestmark = pytest.mark.browser

NEXT = "i-oppning"  # the item after the first one, whose film is then a recording
FILM_S = 10


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A day whose first item showed a film for some seconds, and is over."""
    folder = tmp_path_factory.mktemp("recordings") / "data"
    with samsyn("demo", folder, "--participants", 0, "--speed", 0, "--operator", "off") as running:
        _play_the_first_item(running)
        yield running
        assert running.complaints() == []


def _play_the_first_item(running: Samsyn) -> None:
    with Person(running).by_link("organizer") as staff:
        for _ in range(60):
            staff.answer("streaming.take", {"source": "film-dagen"})
            if staff.state()["lane"].get("kind") == "film":
                break
            time.sleep(1)
        begun = False
        for _ in range(40):
            now = staff.state()["now"]
            if begun and now.get("item") != "i-valkommen":
                break
            if now.get("item") == "i-valkommen" and not begun:
                begun = True
                staff.answer("streaming.take", {"source": "film-dagen"})
                staff.answer("streaming.sign", {"source": "film-stod"})
                _ask_the_audience(staff)
            staff.answer("rundown.go", {})
            time.sleep(0.2)
        for _ in range(40):
            if staff.http.get(f"{running.day}/recordings/i-valkommen/index.m3u8").status_code == 200:
                return
            time.sleep(0.5)
    raise AssertionError("the first item never became a recording")


def _ask_the_audience(staff: Person) -> None:
    """While the film runs."""
    question = {"kind": "choice", "title": "Var vill ni börja?", "options": ["Med tid", "Med teknik"], "open": True}
    poll = {"poll": staff.ask("polls.make", question)["data"]["poll"]}
    time.sleep(FILM_S)
    staff.ask("polls.close", poll)
    staff.ask("polls.show", {**poll, "to": "everyone"})


def _until(page: Page, so: str) -> None:
    """Asked from outside: the page's security policy lets nobody watch from within."""
    for _ in range(150):
        if page.evaluate(so):
            return
        time.sleep(0.2)
    raise AssertionError(f"it never came about: {so}")


def _until_it_plays(page: Page, video: str) -> None:
    _until(page, f"{video}.videoWidth > 0 && {video}.currentTime > 1")


def test_an_organizer_publishes_and_everybody_watches(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as organizer:
        page = organizer.page
        page.goto(day.link("organizer"))
        page.goto(f"{day.day}/recordings")
        assert organizer.axe() == []
        organizer.picture("recordings")
        page.get_by_role("button", name="Publicera").first.click()
        expect(page.get_by_text("Publicerad", exact=True)).to_be_visible()

    for name, settings in (("desk", DESK), ("phone", PHONE)):
        with a_visitor(browser, day.url, **settings) as visitor:
            page = visitor.page
            page.goto(f"{day.day}/library")
            page.get_by_role("link", name="Välkommen").first.click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("Välkommen")
            assert visitor.axe() == []
            assert not visitor.scrolls_sideways()
            line = page.locator('[data-part="lines"] a').nth(1)
            line.focus()
            page.keyboard.press("Enter")
            _until_it_plays(page, "document.querySelector('video')")
            assert page.evaluate("document.querySelector('video').textTracks[0].cues.length") >= 2
            visitor.picture(f"recording-{name}")


SIGN = "document.querySelector('[data-part=sign-video]')"


def test_who_interpreted_stands_beside_the_recording_and_follows_it(browser: Browser, day: Samsyn) -> None:
    for name, settings in (("desk", DESK), ("phone", PHONE)):
        with a_visitor(browser, day.url, **settings) as visitor:
            page = visitor.page
            page.goto(f"{day.day}/recordings/i-valkommen")
            page.get_by_role("button", name="Teckentolk").click()
            page.locator('[data-part="chapters"] a').first.click()
            _until_it_plays(page, "document.querySelector('video')")
            _until_it_plays(page, SIGN)
            page.get_by_role("button", name="Stor", exact=True).click()
            assert visitor.axe() == []
            assert not visitor.scrolls_sideways()
            visitor.picture(f"recording-sign-{name}")
            page.evaluate("document.querySelector('video').pause()")
            _until(page, f"{SIGN}.paused")
            page.get_by_role("button", name="Bara ljud").click()
            expect(page.locator("[data-part=sign]")).to_be_hidden()
            expect(page.get_by_role("button", name="Teckentolk")).to_have_attribute("aria-pressed", "false")


def test_sound_alone_goes_on_where_the_picture_was_and_back(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as visitor:
        page, video = visitor.page, "document.querySelector('video')"
        page.goto(f"{day.day}/recordings/i-valkommen")
        page.locator('[data-part="chapters"] a').first.click()
        _until_it_plays(page, video)
        at = page.evaluate(f"{video}.currentTime")
        with page.expect_response(lambda answer: answer.url.endswith(".m4a") and answer.ok):
            page.get_by_role("button", name="Bara ljud").click()
        _until(page, f"{video}.videoWidth == 0 && {video}.currentTime > {at}")
        with page.expect_response(lambda answer: answer.url.endswith(".m4s") and answer.ok):
            page.get_by_role("button", name="Bara ljud").click()
        _until(page, f"{video}.videoWidth > 0 && {video}.currentTime > {at}")


def test_the_text_is_searched_as_one_types(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, **DESK) as visitor:
        page = visitor.page
        page.goto(f"{day.day}/recordings/i-valkommen")
        all_lines = page.locator('[data-part="lines"] li:visible').count()
        meant = page.locator('[data-part="lines"] li', has_text="Så här gör").count()
        assert 0 < meant < all_lines  # twice when the film had begun before the item did
        page.get_by_label("Sök i texten").fill("så här gör")
        expect(page.locator('[data-part="lines"] li:visible')).to_have_count(meant)
        page.get_by_label("Sök i texten").fill("")
        expect(page.locator('[data-part="lines"] li:visible')).to_have_count(all_lines)


def test_without_scripts_there_are_chapters_text_and_files(browser: Browser, day: Samsyn) -> None:
    with a_visitor(browser, day.url, java_script_enabled=False, **PHONE) as visitor:
        page = visitor.page
        page.goto(f"{day.day}/recordings/i-valkommen")
        expect(page.get_by_role("heading", name="Kapitel")).to_be_visible()
        all_lines = page.locator('[data-part="lines"] li').count()
        meant = page.locator('[data-part="lines"] li', has_text="Så här gör").count()
        assert 0 < meant < all_lines
        page.get_by_label("Sök i texten").fill("så här gör")
        page.get_by_role("button", name="Sök").click()
        assert page.locator('[data-part="lines"] li').count() == meant
        page.get_by_role("link", name="Bara ljud, med kapitel").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Filen görs")


def test_a_film_that_was_made_plays_in_the_browser(browser: Browser, day: Samsyn, tmp_path: Path) -> None:
    with a_visitor(browser, day.url, **DESK) as visitor:
        page = visitor.page
        page.goto(f"{day.day}/recordings/i-valkommen")
        with page.expect_download(timeout=60_000) as told:
            page.get_by_role("link", name="Film med kapitel").click()
        told.value.save_as(tmp_path / "film.mp4")
        page.goto(f"{day.day}/recordings/i-valkommen")
        page.evaluate(
            "() => { const v = document.querySelector('video').cloneNode(); v.id = 'own'; v.muted = true;"
            " v.src = location.pathname + '/film.mp4'; document.body.append(v); return v.play(); }"
        )
        _until_it_plays(page, "document.getElementById('own')")
    assert (tmp_path / "film.mp4").stat().st_size > 50_000


def test_who_watches_when_the_day_is_over_answers_its_poll_without_scripts(browser: Browser, day: Samsyn) -> None:
    with Person(day).by_link("organizer") as organizer:
        organizer.ask("day.end")
        survey = {"do": "make", "title": "Vad tyckte du om inspelningen?", "audience": "watchers"}
        organizer.http.post(f"{day.day}/surveys", data=survey).raise_for_status()

    with a_visitor(browser, day.url, java_script_enabled=False, **PHONE) as visitor:
        page = visitor.page
        page.goto(f"{day.day}/recordings/i-valkommen")
        page.get_by_role("link", name="Gå med med dagens kod för att svara i efterhand").click()
        page.get_by_label("Skriv dagens kod").fill(str(day.told["join_code"]))
        page.get_by_role("button", name="Gå med", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Välkommen")
        page.get_by_label("Med teknik").check()
        page.get_by_role("button", name="Svara: Var vill ni börja?").click()
        expect(page.get_by_text("Svaret är sparat.")).to_be_visible()
        expect(page.get_by_label("Med teknik")).to_be_checked()
        visitor.picture("recording-answered-phone", full=True)

    with a_visitor(browser, day.url, **DESK) as visitor:
        page = visitor.page
        page.goto(f"{day.url}/j/{day.told['join_code']}")
        page.get_by_role("button", name="Gå med", exact=True).click()
        page.goto(f"{day.day}/recordings/i-valkommen?t=9")
        form = page.locator(".hindsight form")
        expect(form).to_be_visible(timeout=20_000)
        form.get_by_label("Med tid").check()
        form.get_by_role("button").click()
        expect(page.get_by_text("Svaret är sparat.")).to_be_visible(timeout=20_000)
        assert visitor.axe() == []
        assert not visitor.scrolls_sideways()


def test_killed_while_a_film_is_made_nothing_is_lost_and_it_is_made_anew(day: Samsyn) -> None:
    """The last test of this file: the day's first process is gone afterwards."""
    where = f"{day.day}/recordings/i-valkommen"
    with httpx2.Client(trust_env=False, timeout=20) as http:
        before = http.get(f"{where}/pictures.m3u8").text
        assert http.get(f"{where}/sound.m4a").status_code in {200, 202}
        day.kill()
        folder = day.log.with_suffix("")
        words = day.arguments[day.arguments.index("--participants") :]
        with samsyn("demo", folder, *words, port=int(day.url.rpartition(":")[2])) as again:
            assert again.url == day.url
            assert http.get(f"{where}/pictures.m3u8").text == before
            assert not list((folder / "recordings").glob("*/*.part"))
            for _ in range(200):
                answer = http.get(f"{where}/sound.m4a")
                if answer.status_code != 202:
                    break
                time.sleep(0.1)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/mp4")
            assert answer.content[4:8] == b"ftyp"
