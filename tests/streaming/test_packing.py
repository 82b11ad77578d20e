"""Films of a day find their way to the media process and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conference.library import Film, NewFilm
from streaming import MediaAway, MediaClient
from streaming.tables import FilmAsset
from tests.conference.days import DAY, MODERATOR
from tests.streaming.clips import KIT_FILMS
from tests.streaming.houses import TOKEN, Studio, a_studio


async def film(studio: Studio, name: str) -> Film:
    async with studio.house.store.reading() as session:
        found = await session.get(Film, (DAY, name))
    assert found is not None
    return found


async def test_the_films_of_the_kit_are_ready_with_their_captions_and_measured_length(tmp_path: Path, media_url: str) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url) as studio:
        await studio.house.create()

        counts = [await studio.packing.pack_waiting(DAY) for _ in range(2)]

        dagen = await film(studio, "film-dagen")
        async with studio.house.store.reading() as session:
            asset = await session.get(FilmAsset, (DAY, "film-dagen"))
        assert counts == [3, 0]
        assert (dagen.state, dagen.seconds) == ("ready", 74.4)
        assert asset is not None
        assert asset.duration_ms == 74_400
        assert (asset.captions or "").startswith("WEBVTT")


async def test_an_uploaded_film_is_ready_and_one_that_is_none_is_refused(tmp_path: Path, media_url: str) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url) as studio:
        await studio.house.create()
        await studio.packing.pack_waiting(DAY)
        shutil.copy(KIT_FILMS[1], tmp_path / "mine.mp4")
        (tmp_path / "none.mp4").write_bytes(b"no film" * 1_000)
        names = []
        for file in ("mine.mp4", "none.mp4", "gone.mp4"):
            done = await studio.house.library.add_film(MODERATOR, NewFilm(file, file))
            names.append(str((done.data or {})["film"]))

        await studio.packing.pack_waiting(DAY)

        found = [await film(studio, name) for name in names]
        assert [(one.state, one.why) for one in found] == [("ready", None), ("refused", "film.unreadable"), ("refused", "film.unreadable")]


async def test_films_wait_while_the_media_process_is_away(tmp_path: Path) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path) as studio:
        await studio.house.create()

        with pytest.raises(MediaAway):
            await studio.packing.pack_waiting(DAY)

        assert (await film(studio, "film-dagen")).state == "waiting"


async def test_a_film_is_sent_when_the_media_process_is_on_another_machine(media_url: str) -> None:
    async with MediaClient(media_url, TOKEN, is_local=False) as far, MediaClient(media_url, TOKEN) as near:
        sent = await far.give(KIT_FILMS[2])

        assert (await near.give(KIT_FILMS[2])).film == sent.film
        assert await far.is_well()


async def test_a_client_says_what_is_not_there_and_who_may_not(media_url: str) -> None:
    async with MediaClient(media_url, TOKEN) as media, MediaClient(media_url, "wrong") as stranger:
        with pytest.raises(LookupError):
            await media.manifest("nothing")
        with pytest.raises(MediaAway):
            await stranger.manifest("nothing")
    async with MediaClient("http://127.0.0.1:9", TOKEN) as nobody:
        assert not await nobody.is_well()
