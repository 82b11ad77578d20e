"""The hall's screen and the overlay as they are handed out."""

from __future__ import annotations

from pathlib import Path

from tests.web.products import product, with_a_day


async def test_a_hall_turns_by_itself_or_follows_the_cues_as_its_address_says(tmp_path: Path) -> None:
    async with product(tmp_path) as made:
        live = await with_a_day(made)
        async with (
            live.http(await live.enter("moderator"), Accept="text/html") as staff,
            live.http(await live.join(), Accept="text/html") as guest,
        ):
            pages = [await staff.get(f"/days/{live.day}/screen{asked}") for asked in ("", "?follow=cues", "?follow=%22%3E%3Cb%3E")]
            refused = [await guest.get(f"/days/{live.day}/{page}") for page in ("screen?follow=cues", "overlay")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [' data-follow="cues"' in page.text for page in pages] == [False, True, False]
    assert [page.status_code for page in refused] == [403, 403]
