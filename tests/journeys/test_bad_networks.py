"""The participant's way through networks that block sockets: one refuses them, one lets them open and swallows all that comes after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import PHONE, a_visitor
from tests.journeys.test_participant import join
from tests.proxies import Proxy, a_proxy
from tests.running import Samsyn, samsyn
from tests.servers import free_port
from tests.staff import Person

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.timeout(240)]


@contextmanager
def a_day_behind(folder: Path, *, swallows: bool) -> Iterator[tuple[Samsyn, Proxy]]:
    """A day that is reached through a proxy only."""
    outside, inside = free_port(), free_port()
    base_url = f"http://127.0.0.1:{outside}"
    with a_proxy(outside, inside, swallows=swallows) as proxy:
        words = ["--participants", 0, "--speed", 0, "--operator", "off"]
        with samsyn("demo", folder, *words, port=inside, SAMSYN_BASE_URL=base_url) as running:
            yield running, proxy
            assert running.complaints() == []


@pytest.mark.parametrize("swallows", [False, True], ids=["403 to the handshake", "nothing after the handshake"])
def test_a_participant_sees_hears_chats_votes_and_evaluates_without_a_socket(browser: Browser, tmp_path: Path, swallows: bool) -> None:
    with (
        a_day_behind(tmp_path / "data", swallows=swallows) as (day, proxy),
        Person(day).by_link("moderator") as olga,
        a_visitor(browser, day.url, **PHONE) as someone,
    ):
        page = someone.page
        join(page, day)
        olga.go_until("i-valkommen.04")
        expect(page.locator("[data-connection]")).to_have_text("Reservväg", timeout=60_000)
        page.wait_for_function("() => document.querySelector('video').currentTime > 1", timeout=60_000)
        page.get_by_role("button", name="Slå på ljudet").click()
        page.wait_for_function(
            "() => document.querySelector('video').webkitAudioDecodedByteCount > 0 && !document.querySelector('video').muted"
        )
        expect(page.locator("[data-part=captions]")).to_contain_text("Välkommen", timeout=30_000)

        page.get_by_label("Skriv i chatten").fill("Hej genom en mur")
        page.locator("[data-part=chat-form]").get_by_role("button").click()
        expect(page.locator("[data-part=messages]")).to_contain_text("Hej genom en mur")

        olga.go_until("i-nulage.01")
        card = page.locator("[data-poll=p-steg-fore]")
        card.locator("label").filter(has_text="Jag har en idé").first.click()
        card.get_by_role("button", name="Rösta").click()
        expect(card).to_contain_text("Din röst är registrerad")
        olga.go_until("i-nulage.05")
        expect(card).to_contain_text("1 svar", timeout=30_000)  # once everybody's picture has come to the close
        assert proxy.handshakes > 0

        olga.go_until("i-utvardering.01")
        olga.until_asked("ev-deltagare")
        page.goto(f"{day.day}/evaluation")
        page.get_by_text("Mycket bra", exact=True).first.click()
        page.get_by_role("button", name="Skicka svaren").click()
        expect(page.locator("[data-part=done]")).to_be_visible(timeout=40_000)  # the new page tries the socket first, as it should
