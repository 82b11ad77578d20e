"""How often things of a day are taken home: counted by the links that say so, and by nothing that only plays or looks."""

from __future__ import annotations

import asyncio
import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from conference.library import views
from tests.web.products import Product, product, with_a_day
from web.share_pictures import Words, png_of

PATIENCE_S = 30.0


async def taken(made: Product) -> dict[str, int]:
    async with made.house.store.reading() as session:
        return await views.downloads(session, made.day)


async def test_what_is_taken_home_is_counted_and_what_is_looked_at_is_not(tmp_path: Path) -> None:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        await with_a_day(made)
        at = f"/days/{made.day}"
        async with made.http(**{"Accept-Language": "sv"}) as http, made.http(await made.enter("organizer")) as anna:
            for path in (f"{at}/library/film-hemma.mp4", f"{at}/library/film-hemma.vtt", f"{at}/material/invitation.md"):
                assert (await http.get(path)).status_code == 200
            await http.head(f"{at}/library/film-hemma.mp4?keep=yes")
            await http.get(f"{at}/library/film-hemma.mp4?keep=yes", headers={"Range": "bytes=0-9"})
            await http.get(f"{at}/library/film-none.mp4?keep=yes")
            assert await taken(made) == {}
            for path in ("library/film-hemma.mp4", "library/film-hemma.mp4", "library/film-hemma.vtt", "material/invitation.md"):
                await http.get(f"{at}/{path}?keep=yes")
            await anna.get(f"{at}/kit.zip?keep=yes")
            wanted = {"film-hemma.mp4": 2, "film-hemma.vtt": 1, "invitation.sv.md": 1, "kit": 1}
            async with asyncio.timeout(PATIENCE_S):
                while await taken(made) != wanted:  # it is counted on the side
                    await asyncio.sleep(0.02)
            page = (await http.get(f"{at}/organizers")).text

    assert (page.count("hämtningar: 1"), page.count("hämtningar: 2")) == (2, 1)


async def test_every_region_has_a_picture_to_share_and_the_days_page_names_it(tmp_path: Path) -> None:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        await with_a_day(made)
        at = f"/days/{made.day}"
        async with made.http(**{"Accept-Language": "sv"}) as http:
            offered = (await http.get(f"{at}/organizers")).text
            pictures = [await http.get(f"{at}/share/{lane}.png") for lane in ("national", "r-norrvik", "r-norrvik")]
            none = await http.get(f"{at}/share/r-none.png")
            pages = [(await http.get(f"{at}{query}")).text for query in ("", "?region=r-norrvik")]

    assert [f"{at}/share/{lane}.png" in offered for lane in ("national", "r-norrvik", "r-sundmark")] == [True] * 3
    assert {(one.status_code, one.headers["Content-Type"], *struct.unpack(">II", one.content[16:24])) for one in pictures} == {
        (200, "image/png", 1200, 630)
    }
    assert (pictures[0].content == pictures[1].content, pictures[1].content == pictures[2].content) == (False, True)
    assert none.status_code == 404
    assert [
        f'content="{made.origin}{at}/share/{lane}.png"' in page for lane, page in zip(("national", "r-norrvik"), pages, strict=True)
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    "title", ["Dag", "Nationella e-hälsodagen: en gemensam bild av e-hälsa i hela landet", "Ord" * 60, "x " * 90, "日本 \u0000 ☃"]
)
def test_a_title_of_any_length_is_drawn(title: str) -> None:
    words = Words(title, "måndag 23 november 2026", "Region Norrvik", "dag.example/days/d")

    picture = Image.open(io.BytesIO(png_of(words)))

    assert picture.size == (1200, 630)
    assert picture.crop((0, 0, 1200, 60)).getcolors() == [(1200 * 60, (0x00, 0x40, 0x4F))]  # nothing is drawn over the edges
    assert picture.crop((1140, 0, 1200, 630)).getcolors() == [(60 * 630, (0x00, 0x40, 0x4F))]
