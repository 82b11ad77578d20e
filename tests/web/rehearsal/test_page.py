"""The page of a rehearsal: an organizer starts it, sees how far it has come, and gets a list with a way to mend each gap."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from conference import NewDay
from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION
from tests.web.products import Product, product
from tests.web.rehearsal.test_playing import DAY, SHORT, spoil
from tests.web.test_admin import PAGE, chain
from web.rehearsal import progress
from web.rehearsal.progress import Progress, Wanted


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation with a day of an hour that nobody has begun."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        new = NewDay(date=SystemClock().now().date() + timedelta(days=30), day=DAY, template=SHORT)
        await one.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
        one.day = DAY
        yield one


async def test_it_is_started_once_played_and_listed(made: Product, tmp_path: Path) -> None:
    spoil(tmp_path, "UPDATE film SET captions = NULL WHERE film = 'film-dagen'")
    address = f"/days/{DAY}/rehearsal"
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        empty = await http.get(address)
        begun = await http.post(address, data={"speed": "0", "people": "3"})
        again = await http.post(address, data={"speed": "0", "people": "3"})
        during = await http.get(address)
        async with asyncio.timeout(110):
            while (told := (await http.get(f"{address}/progress")).json())["state"] == "playing":
                await asyncio.sleep(0.5)
        after = await http.get(address)

    assert (empty.status_code, begun.status_code, again.status_code, during.status_code) == (200, 303, 409, 200)
    assert ("Starta repetitionen" in empty.text, "<progress" in during.text) == (True, True)
    assert (told["state"], [gap["kind"] for gap in told["gaps"]]) == ("done", ["captions"])
    mend = re.findall(r'<a class="button button--small" href="([^"]+)" aria-label="([^"]+)"', after.text)
    assert [link for link, _ in mend] == [f"/days/{DAY}/library"]
    assert "rehearsal.start" in [did for did, _ in await chain(made, DAY)]


async def test_it_is_stopped_by_who_wants_and_may_be_started_again(made: Product, tmp_path: Path) -> None:
    address = f"/days/{DAY}/rehearsal"
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        nothing = await http.post(f"{address}/cancel")
        await http.post(address, data={"speed": "20", "people": "3"})
        stopped = await http.post(f"{address}/cancel")
        meanwhile = await http.get(address)
        twice, early = await http.post(f"{address}/cancel"), await http.post(address, data={"speed": "0", "people": "3"})
        async with asyncio.timeout(60):
            while (told := (await http.get(f"{address}/progress")).json())["state"] == "stopping":
                await asyncio.sleep(0.2)
        after = await http.get(address)

    assert (nothing.status_code, stopped.status_code, twice.status_code, early.status_code) == (409, 303, 409, 409)
    assert ("Repetitionen avbryts" in meanwhile.text, "Avbryt repetitionen" in meanwhile.text) == (True, False)
    assert (told["state"], told["why"]) == ("failed", "cancelled")
    assert "Någon avbröt den." in after.text
    assert [did for did, _ in await chain(made, DAY)][-2:] == ["rehearsal.start", "rehearsal.cancel"]


async def test_of_two_presses_at_one_instant_one_plays(made: Product) -> None:
    by, wanted = Actor(DAY, "olga"), Wanted(DAY, speed=0, people=3)
    pressed = await asyncio.gather(*(made.house.rehearsals.start(by, wanted) for _ in range(2)), return_exceptions=True)

    assert [getattr(one, "code", one) for one in pressed] == [None, "rehearsal.under_way"]


@pytest.mark.parametrize(
    ("sent", "code"), [({"speed": "7", "people": "3"}, 422), ({"speed": "60", "people": "0"}, 422), ({"speed": "x"}, 422)]
)
async def test_a_wrong_form_is_refused_and_starts_nothing(made: Product, sent: dict[str, str], code: int) -> None:
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        answer = await http.post(f"/days/{DAY}/rehearsal", data=sent)
        progress_of = await http.get(f"/days/{DAY}/rehearsal/progress")

    assert (answer.status_code, progress_of.status_code) == (code, 404)


async def test_only_an_organizer_sees_it(made: Product) -> None:
    async with made.http(await made.enter("moderator"), **PAGE) as http:
        assert [(await http.get(f"/days/{DAY}/rehearsal{path}")).status_code for path in ("", "/progress")] == [403, 403]
        assert (await http.post(f"/days/{DAY}/rehearsal/cancel")).status_code == 403


def test_a_player_that_is_silent_has_failed(tmp_path: Path) -> None:
    now = SystemClock().now()
    playing = Progress(day=DAY, state="playing", speed=60, written_at=now)
    progress.write(tmp_path, playing)

    assert progress.read(tmp_path, DAY, now) == playing
    later = now + progress.DEAD_AFTER + timedelta(seconds=1)
    assert progress.read(tmp_path, DAY, later) == replace(playing, state="failed", why="stopped")
    assert progress.read(tmp_path, "d-annan", now) is None


def test_a_stop_outlives_what_the_player_writes_at_the_same_instant(tmp_path: Path) -> None:
    now = SystemClock().now()
    playing = Progress(day=DAY, state="playing", speed=60, written_at=now)
    progress.write(tmp_path, playing)
    progress.stop(tmp_path, DAY)
    progress.write(tmp_path, playing)  # the player had looked just before

    assert progress.read(tmp_path, DAY, now) == replace(playing, state="stopping")
    with pytest.raises(progress.Cancelled):
        progress.go_on(tmp_path, playing)
    progress.write(tmp_path, replace(playing, state="failed", why="cancelled"))
    progress.go_on(tmp_path, playing)  # the next one
    assert progress.read(tmp_path, DAY, now) == playing
