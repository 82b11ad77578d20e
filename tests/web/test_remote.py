"""The moderator's remote control by form, without scripts: the run-of-show goes on, a poll is closed and its result shown, once each."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.products import Product, product, with_a_day


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def test_a_moderator_gives_the_next_cue_and_holds_from_a_telephone(live: Product) -> None:
    day, here = f"/days/{live.day}", {"Referer": f"{live.origin}/days/{live.day}/remote"}
    async with live.http(await live.enter("moderator"), Accept="text/html") as phone:
        page = (await phone.get(f"{day}/remote")).text
        after = str(next(iter(re.findall(r'name="after" value="([^"]*)"', page))))
        went = await phone.post(f"{day}/do/rundown.go", data={"after": after}, headers=here)
        again = await phone.post(f"{day}/do/rundown.go", data={"after": after}, headers=here)
        held = await phone.post(f"{day}/do/rundown.hold", data={"lane": "national"}, headers=here)
        now = (await phone.get(f"{day}/state")).json()["now"]
        page = (await phone.get(f"{day}/remote")).text

    assert (went.status_code, went.headers["Location"]) == (303, f"{day}/remote")
    assert (again.status_code, held.status_code) == (409, 303)
    assert (now["hold"], f'name="after" value="{now["cue"]}"' in page) == (True, True)
    assert f'action="{day}/do/rundown.resume"' in page
    assert "Programmet hålls" in page


async def test_a_poll_is_closed_and_its_result_shown(live: Product) -> None:
    day = f"/days/{live.day}"
    async with live.http(await live.enter("moderator"), Accept="text/html") as phone:
        await phone.post(f"{day}/do/polls.make", data={"kind": "yesno", "title": "Har ni provat?", "open": "1"})
        polls = (await phone.get(f"{day}/state")).json()["polls"]
        poll = next(one["poll"] for one in polls if one["voting"] == "open")
        assert f'name="poll" value="{poll}"' in (await phone.get(f"{day}/remote")).text
        await phone.post(f"{day}/do/polls.close", data={"poll": poll})
        await phone.post(f"{day}/do/polls.show", data={"poll": poll, "to": "everyone"})
        page = (await phone.get(f"{day}/remote")).text
        now = next(one for one in (await phone.get(f"{day}/state")).json()["polls"] if one["poll"] == poll)

    assert (now["voting"], now["result"]) == ("closed", "everyone")
    assert re.search(r'value="everyone" data-result="everyone" aria-pressed="true"', page)


@pytest.mark.parametrize("role", ["participant", "speaker", "captioner", "screen"])
async def test_nobody_else_has_it(live: Product, role: str) -> None:
    cookie = await live.join() if role == "participant" else await live.enter(role)
    async with live.http(cookie, Accept="text/html") as other:
        assert (await other.get(f"/days/{live.day}/remote")).status_code == 403
