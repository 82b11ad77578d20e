"""Files to take home: whole or not there, as long as the recording, with chapters, and nothing in them that a decoder minds."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import av
import pytest

from conference.core.errors import Refused
from streaming.recordings import Recorded, workshop
from tests.streaming.houses import players_server
from tests.streaming.recordings.houses import Shelves, complaints, probed


async def made(shelves: Shelves, recorded: Recorded, name: str) -> Path:
    """The file, once it is there."""
    making = asyncio.create_task(shelves.workshop.run())
    try:
        shelves.workshop.want(recorded, name)
        async with asyncio.timeout(60):
            while (path := shelves.workshop.file(recorded, name)) is None:
                await asyncio.sleep(0.02)
        return path
    finally:
        making.cancel()


@pytest.mark.parametrize("name", ["b1@national", "i-hemma", "b6@r-sundmark", "i-quiz"])
async def test_a_film_plays_from_end_to_end(shelves: Shelves, name: str) -> None:
    recorded = await shelves.read(name)

    path = await made(shelves, recorded, "film.mp4")

    told = await probed(str(path))
    seconds = shelves.seconds(recorded.row)
    assert float(told["format"]["duration"]) == pytest.approx(seconds, abs=0.1)
    pictures, sound = (float(stream["duration"]) for stream in told["streams"][:2])
    assert pictures == pytest.approx(seconds, abs=0.1)
    assert seconds - 0.45 < sound < seconds + 0.1  # the last picture may stay for a part without sound
    assert [stream["codec_name"] for stream in told["streams"][:2]] == ["h264", "aac"]
    assert [one["tags"]["title"] for one in told["chapters"]] == [one.title for one in recorded.chapters]
    assert [float(one["start_time"]) for one in told["chapters"]] == [one.begins_ms / 1_000 for one in recorded.chapters]
    assert await complaints(str(path)) == []


async def test_sound_alone_is_as_long_and_has_the_chapters(shelves: Shelves) -> None:
    recorded = await shelves.read("b1@national")

    told = await probed(str(await made(shelves, recorded, "sound.m4a")))

    assert float(told["format"]["duration"]) == pytest.approx(shelves.seconds(recorded.row), abs=0.1)
    assert {stream["codec_type"] for stream in told["streams"]} == {"audio", "data"}
    assert len(told["chapters"]) == 5


async def test_a_poster_shows_something(shelves: Shelves) -> None:
    path = await shelves.workshop.poster(await shelves.read("i-hemma"))

    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    assert isinstance(frame, av.VideoFrame)
    assert (frame.width, frame.height) == (640, 360)
    assert path.stat().st_size > 3_000


async def test_one_recording_is_made_once(shelves: Shelves) -> None:
    recorded = await shelves.read("i-hemma")
    path = await made(shelves, recorded, "film.mp4")
    before = path.stat().st_mtime_ns

    assert await made(shelves, recorded, "film.mp4") == path
    assert path.stat().st_mtime_ns == before


async def test_a_worker_that_dies_leaves_nothing_and_the_next_one_makes_it(shelves: Shelves) -> None:
    recorded = await shelves.read("day@national")
    making = asyncio.create_task(shelves.workshop.run())
    shelves.workshop.want(recorded, "film.mp4")
    async with asyncio.timeout(30):
        while not (parts := list((shelves.workshop._root).glob("*/*.part"))):
            await asyncio.sleep(0.01)
        for process in _workers():
            os.kill(process, signal.SIGKILL)
        while shelves.workshop.progress(recorded, "film.mp4") is not None:
            await asyncio.sleep(0.02)
    making.cancel()
    assert parts
    assert not parts[0].exists()
    assert shelves.workshop.file(recorded, "film.mp4") is None

    path = await made(shelves, recorded, "film.mp4")

    assert float((await probed(str(path)))["format"]["duration"]) == pytest.approx(recorded.extract.duration_ms / 1_000, abs=0.1)


def _workers() -> list[int]:
    """Our own children that make files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"streaming.recordings.muxing" in words and int(parent) == os.getpid():
            found.append(int(folder.name))
    return found


async def test_what_was_cut_off_is_swept_away_at_the_next_start(shelves: Shelves) -> None:
    left = shelves.workshop._root / "a" / "b-film.mp4.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")

    shelves.workshop.sweep(alone=False)
    assert left.exists()
    shelves.workshop.sweep(alone=True)
    assert not left.exists()


async def test_no_room_and_too_many_are_told(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = await shelves.read("i-hemma")
    monkeypatch.setattr(workshop, "SPARE_BYTES", 1 << 60)
    with pytest.raises(Refused, match=r"recording\.no_room"):
        shelves.workshop.want(recorded, "film.mp4")
    monkeypatch.setattr(workshop, "WAITING_MOST", 0)
    with pytest.raises(Refused, match=r"recording\.busy"):
        shelves.workshop.want(recorded, "film.mp4")


async def test_a_withdrawn_recording_leaves_no_file(shelves: Shelves) -> None:
    recorded = await shelves.read("i-hemma")
    path = await made(shelves, recorded, "film.mp4")

    shelves.workshop.drop(recorded.row.day, "i-hemma")

    assert not path.exists()
    assert shelves.workshop.file(recorded, "film.mp4") is None


async def test_ffmpeg_plays_the_playlist_from_a_server(shelves: Shelves, tmp_path: Path) -> None:
    recorded = await shelves.read("b1@national")
    async with players_server(shelves.studio.origin) as origin:
        folder = tmp_path / "vod"
        folder.mkdir()
        (folder / "end.m4s").write_bytes(await shelves.archive.end(recorded, "m4s"))
        text = recorded.playlist("pictures.m3u8").decode().replace("/days/", f"{origin}/days/")
        lines = [str(folder / "end.m4s") if line.endswith("/end.m4s") else line for line in text.splitlines()]
        (folder / "pictures.m3u8").write_text("\n".join(lines))
        told = await probed(str(folder / "pictures.m3u8"), "-protocol_whitelist", "file,http,tcp", "-allowed_extensions", "ALL")

    assert float(told["format"]["duration"]) == pytest.approx(shelves.seconds(recorded.row), abs=0.1)
