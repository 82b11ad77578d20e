"""A day of the kit was played: everything is there, as long as it was, with its chapters and its words at their time."""

from __future__ import annotations

import pytest

from streaming import captions
from streaming.lanes import SLATE
from tests.streaming.clips import KIT_FILMS
from tests.streaming.recordings.houses import Shelves

WITHIN_MS = 100


async def test_everything_that_was_shown_is_kept_and_nothing_is_published(shelves: Shelves) -> None:
    rows = await shelves.rows()

    assert {row.state for row in rows.values()} == {"kept"}
    assert {name for name, row in rows.items() if row.kind == "day"} == {
        "day@national",
        "day@r-norrvik",
        "day@r-sundmark",
        "day@r-vastero",
    }
    assert {"i-valkommen", "i-hemma", "i-sundmark-1", "i-r1-film@r-vastero"} <= rows.keys()
    assert "i-lunch" not in rows
    assert next(iter(rows)) == "day@national"


async def test_a_recording_is_as_long_as_what_it_is_of(shelves: Shelves) -> None:
    off = {
        name: (await shelves.read(name)).extract.duration_ms - shelves.seconds(row) * 1_000 for name, row in (await shelves.rows()).items()
    }

    assert {name: ms for name, ms in off.items() if abs(ms) > WITHIN_MS} == {}


async def test_its_playlist_says_so_too_and_is_complete(shelves: Shelves) -> None:
    for name, row in (await shelves.rows()).items():
        lines = (await shelves.read(name)).playlist("pictures.m3u8").decode().splitlines()
        seconds = sum(float(line.removeprefix("#EXTINF:").rstrip(",")) for line in lines if line.startswith("#EXTINF:"))
        assert seconds == pytest.approx(shelves.seconds(row), abs=WITHIN_MS / 1_000)
        assert (lines[0], lines[3], lines[-1]) == ("#EXTM3U", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-ENDLIST")
        assert next(line for line in lines if line.startswith(("#EXT-X-MAP", "#EXT-X-DISCONTINUITY"))).startswith("#EXT-X-MAP")


async def test_its_segments_are_those_of_the_lane(shelves: Shelves) -> None:
    whole = (await shelves.studio.origin.playlist("d-nationell-2026-11-22", "national", "day.m3u8")).decode()
    of_lane = {line.removeprefix("../../media/") for line in whole.splitlines() if line and not line.startswith("#")}
    recorded = await shelves.read("b1@national")

    own = [segment.name.removesuffix("o") for segment in recorded.extract.segments[1:-1]]

    assert set(own) <= {name.removesuffix(".m4s").removesuffix("o") for name in of_lane}


async def test_chapters_are_the_items(shelves: Shelves) -> None:
    for name, row in (await shelves.rows()).items():
        recorded = await shelves.read(name)
        items = await shelves.items(row)
        assert [one.title for one in recorded.chapters] == [item.title for item in items]
        assert recorded.chapters[0].begins_ms == 0
        assert recorded.chapters[-1].ends_ms == recorded.extract.duration_ms
        for chapter, item in zip(recorded.chapters, items, strict=True):
            assert chapter.begins_ms == pytest.approx((item.starts_at - row.begins_at).total_seconds() * 1_000, abs=500)


async def test_captions_stand_within_half_a_second(shelves: Shelves) -> None:
    recorded = await shelves.read("i-hemma")
    script = captions.read(next(path for path in KIT_FILMS if path.stem == "film-hemma").with_suffix(".vtt").read_text("utf-8"))
    shown = next(each for each in recorded.stretches if each.strip != SLATE)
    begins_ms = recorded.extract.at(shown.begins_ms)

    assert [one.words for one in recorded.captions] == [one.words for one in script]
    for one, said in zip(recorded.captions, script, strict=True):
        assert abs(one.begins_ms - begins_ms - said.begins_ms) <= 500


async def test_what_shows_a_film_with_captions_counts_as_captioned_and_the_slate_as_nothing(shelves: Shelves) -> None:
    assert (await shelves.read("i-hemma")).covered.is_enough
    assert (await shelves.read("day@national")).covered.is_enough
    assert (await shelves.read("i-oppning")).covered.spoken_ms == 0


async def test_where_nobody_interpreted_there_is_no_second_picture(shelves: Shelves) -> None:
    recorded = await shelves.read("i-hemma")

    assert recorded.sign is None
    with pytest.raises(LookupError):
        recorded.playlist("sign.m3u8")
