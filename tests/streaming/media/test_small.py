"""Small pictures have the parts of the large ones, and are made of nothing but their own segment."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import av
import pytest

from streaming import boxes
from streaming.media import slate
from streaming.media.cmaf import AUDIO_TRACK, VIDEO_TRACK
from streaming.media.manifest import INIT_FILE, MEDIA_FILE, Manifest, read_manifest, size_of
from streaming.media.small import SEGMENTS_MOST, Small, init_of
from streaming.media.worker import package
from tests.streaming.clips import H264, KIT_FILMS, film, picture, tone


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of the kit, packed."""
    folder = tmp_path_factory.mktemp("asset")
    package(KIT_FILMS[0], folder, "a")
    return folder


def large(folder: Path, manifest: Manifest, seq: int, number: int) -> bytes:
    part = manifest.segments[seq].parts[number]
    return (folder / MEDIA_FILE).read_bytes()[part.offset : part.offset + part.length]


def shape(body: bytes) -> list[tuple[int, int, list[int]]]:
    """Of each fragment: where its pictures begin, how long each is, and where its sound begins."""
    found = []
    for _number, runs in boxes.fragments(body):
        pictures, sound = (next(run for run in runs if run.track == track) for track in (VIDEO_TRACK, AUDIO_TRACK))
        found.append((pictures.begins, sound.begins, [sample.duration for sample in pictures.samples]))
    return found


async def made(folder: Path, seq: int, first: int, end: int, small: Small | None = None) -> bytes:
    manifest = read_manifest(folder)
    body = await (small or Small()).parts(seq, first, end, lambda number: large(folder, manifest, seq, number))
    assert body
    return body


async def test_small_parts_have_the_borders_and_the_sound_of_the_large_ones(asset: Path) -> None:
    manifest = read_manifest(asset)
    whole = b"".join(large(asset, manifest, 1, number) for number in range(5))

    small = await made(asset, 1, 0, 5)

    assert shape(small) == shape(whole)
    assert boxes.sound_of(small) == boxes.sound_of(whole)
    assert len(small) < len(whole)
    with av.open(io.BytesIO(init_of(manifest.width, manifest.height) + small), "r", format="mp4") as container:
        frames = list(container.decode(video=0))
    assert ({(frame.width, frame.height) for frame in frames}, len(frames)) == ({(640, 360)}, 2 * manifest.frame_rate)


async def test_a_part_is_the_same_whoever_asks_and_in_whatever_order(asset: Path) -> None:
    small = Small()
    one_by_one = [await made(asset, 2, number, number + 1, small) for number in range(5)]

    assert b"".join(one_by_one) == await made(asset, 2, 0, 5)
    assert await made(asset, 2, 3, 4) == one_by_one[3]


async def test_a_part_that_is_not_there_is_not_made(asset: Path) -> None:
    small, manifest = Small(), read_manifest(asset)
    there = [large(asset, manifest, 0, 0)]

    assert await small.parts("s", 0, 2, lambda number: there[number] if number < len(there) else None) is None
    there.append(large(asset, manifest, 0, 1))
    assert await small.parts("s", 0, 2, lambda number: there[number] if number < len(there) else None) == await made(asset, 0, 0, 2)
    assert await small.parts("broken", 0, 1, lambda _: large(asset, manifest, 0, 1)) is None  # it does not begin with a key frame


async def test_the_slate_and_a_portrait_film_are_small_too(tmp_path: Path) -> None:
    folder = Path(slate.__file__).parent
    assert len(shape(await made(folder, 0, 0, 4))) == 4
    upright = film(tmp_path, "upright.mp4", *picture("360x640", seconds=3), *tone(3), *H264)
    package(upright, tmp_path, "b")
    manifest = read_manifest(tmp_path)

    small = await made(tmp_path, 0, 0, 5)

    with av.open(io.BytesIO(init_of(manifest.width, manifest.height) + small), "r", format="mp4") as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == size_of(manifest.width, manifest.height)


@pytest.mark.parametrize(
    ("large_size", "small_size"), [((1280, 720), (640, 360)), ((640, 360), (640, 360)), ((320, 180), (320, 180)), ((406, 720), (204, 360))]
)
def test_how_small(large_size: tuple[int, int], small_size: tuple[int, int]) -> None:
    assert size_of(*large_size) == small_size
    assert (Path(slate.__file__).parent / INIT_FILE).is_file()


async def test_more_than_are_kept_are_all_made_whole(asset: Path) -> None:
    """A lane for each region asks at once: what is in the making is not let go, and is the same as when it is asked for alone."""
    manifest, small = read_manifest(asset), Small()
    alone = await made(asset, 1, 0, 2)

    asked = [small.parts(("lane", n), 0, 2, lambda number: large(asset, manifest, 1, number)) for n in range(SEGMENTS_MOST + 8)]
    found = await asyncio.gather(*asked)

    assert set(found) == {alone}
    assert {len(small.made(("lane", n))) for n in range(SEGMENTS_MOST + 8)} == {2}  # none was let go while others were made
    await small.parts(("lane", "one more"), 0, 1, lambda number: large(asset, manifest, 1, number))
    assert sum(bool(small.made(("lane", n))) for n in range(SEGMENTS_MOST + 8)) == SEGMENTS_MOST - 1
