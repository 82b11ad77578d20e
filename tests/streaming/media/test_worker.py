"""Films of every kind become the same kind of parts, or are refused with a reason."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from av.container import InputContainer

from streaming.media.manifest import INIT_FILE, MEDIA_FILE, PART_MS, Manifest
from streaming.media.reading import NoFilm
from streaming.media.worker import package
from tests.streaming.clips import H264, KIT_FILMS, bunny, film, picture, program, tone


def packed(path: Path, folder: Path) -> Manifest:
    folder.mkdir(exist_ok=True)
    return package(path, folder, "a")


def whole(folder: Path) -> InputContainer:
    return av.open(io.BytesIO((folder / INIT_FILE).read_bytes() + (folder / MEDIA_FILE).read_bytes()), "r", format="mp4")


def assert_obeys_the_rules(manifest: Manifest, folder: Path) -> None:
    """All that a lane relies on."""
    parts = [part for segment in manifest.segments for part in segment.parts]
    body = (folder / MEDIA_FILE).read_bytes()
    assert {part.duration_ms for part in parts} == {PART_MS}
    assert sum(part.length for part in parts) == len(body)
    assert all(segment.parts[0].independent for segment in manifest.segments)
    assert [len(segment.parts) for segment in manifest.segments[:-1]] == [5] * (len(manifest.segments) - 1)
    with whole(folder) as container:
        stream, seconds = container.streams.video[0], manifest.duration_ms / 1_000
        assert (stream.width, stream.height) == (manifest.width, manifest.height)
        packets = [packet for packet in container.demux(stream) if packet.size]
        assert [float((packet.pts or 0) * packet.time_base) for packet in packets] == pytest.approx(
            [n / manifest.frame_rate for n in range(len(packets))]
        )
        keys = [n for n, packet in enumerate(packets) if packet.is_keyframe]
        assert set(range(0, len(packets), manifest.frame_rate * 2)) <= set(keys)
        assert 0 <= seconds - len(packets) / manifest.frame_rate < PART_MS / 1_000
    with whole(folder) as container:
        sounds = [packet for packet in container.demux(audio=0) if packet.size]
        assert [packet.pts for packet in sounds] == [1_024 * n for n in range(len(sounds))]
        assert 0 <= len(sounds) * 1_024 / 48_000 - seconds < 0.022
    assert subprocess.run(
        [program("ffmpeg"), "-v", "warning", "-i", "pipe:", "-f", "null", "-"],
        input=(folder / INIT_FILE).read_bytes() + body, capture_output=True, check=True,
    ).stderr == b""  # fmt: skip


@pytest.mark.parametrize("path", KIT_FILMS, ids=lambda path: path.stem)
def test_a_film_that_obeys_is_taken_as_it_is(path: Path, tmp_path: Path) -> None:
    manifest = packed(path, tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    with av.open(str(path)) as before, whole(tmp_path / "out") as after:
        pictures = [bytes(frame.planes[0])[::97] for frame in before.decode(video=0)][::40]
        assert [bytes(frame.planes[0])[::97] for frame in after.decode(video=0)][::40] == pictures


def test_a_real_clip_with_one_key_frame_and_sound_in_six_channels(tmp_path: Path) -> None:
    manifest = packed(bunny(), tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    assert (manifest.width, manifest.height, manifest.frame_rate, manifest.duration_ms) == (1280, 720, 25, 5_600)
    assert not manifest.is_silent


ODD: dict[str, tuple[Callable[[Path], Path], tuple[int, int, int], bool]] = {
    "no sound, odd size, 4:4:4": (
        lambda f: film(f, "a.mp4", *picture("641x361", seconds=3), "-c:v", "libx264", "-pix_fmt", "yuv444p"), (640, 360, 25), True,
    ),
    "portrait, 44.1 kHz mono": (
        lambda f: film(f, "a.mp4", *picture("720x1280", "30", 3), *tone(3, 44_100), "-ac", "1", *H264), (404, 720, 30), False,
    ),
    "4:3 with wide pixels, mpeg2": (
        lambda f: film(f, "a.mpg", *picture("720x576", seconds=3), *tone(3), "-vf", "setsar=16/15", "-c:v", "mpeg2video"),
        (768, 576, 25), False,
    ),
    "variable frame rate, vp8": (
        lambda f: film(f, "a.webm", *picture("640x480", "60", 4), *tone(4), "-vf", "select='not(mod(n,3))+gt(mod(n,100),60)'",
                       "-vsync", "vfr", "-c:v", "libvpx", "-deadline", "realtime"), (640, 480, 30), False,
    ),
    "1080p24, ten bits": (
        lambda f: film(f, "a.mkv", *picture("1920x1080", "24000/1001", 3), *tone(3), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
                       "yuv420p10le", "-c:a", "ac3"), (1280, 720, 25), False,
    ),
    "50 a second, sound ends early": (
        lambda f: film(f, "a.mp4", *picture("640x360", "50", 4), *tone(2), *H264), (640, 360, 50), False,
    ),
    "b frames and long distances between key frames": (
        lambda f: film(f, "a.mp4", *picture(seconds=4), *tone(4), "-c:v", "libx264", "-bf", "3", "-g", "250", "-pix_fmt", "yuv420p"),
        (640, 360, 25), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_a_film_of_another_kind_is_made_to_fit(kind: str, tmp_path: Path) -> None:
    make, (width, height, rate), is_silent = ODD[kind]

    manifest = packed(make(tmp_path), tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    assert (manifest.width, manifest.height, manifest.frame_rate, manifest.is_silent) == (width, height, rate, is_silent)


def test_a_film_taken_on_its_side_stands_up(tmp_path: Path) -> None:
    lying = film(tmp_path, "lying.mp4", *picture("640x360", seconds=2), *H264)
    with av.open(str(lying)) as source, av.open(str(tmp_path / "turned.mp4"), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(90)
        for packet in source.demux():
            if packet.size:
                packet.stream = stream
                target.mux(packet)

    manifest = packed(tmp_path / "turned.mp4", tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    assert (manifest.width, manifest.height) == (360, 640)


def test_picture_and_sound_stay_together(tmp_path: Path) -> None:
    """White and a tone begin together after two seconds; the file's clock begins at five, and the sound goes on longer than the picture."""
    flash = ["-f", "lavfi", "-i", "color=black:size=320x240:rate=25:duration=4,drawbox=color=white:t=fill:enable='gte(t,2)'"]
    clap = ["-f", "lavfi", "-i", "aevalsrc='sin(2000*t)*gte(t,2)':duration=6.3"]
    together = film(tmp_path, "clap.mkv", *flash, *clap, "-output_ts_offset", "5", "-c:v", "libx264", "-g", "33", "-c:a", "aac")

    manifest = packed(together, tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    assert manifest.duration_ms == pytest.approx(6_400, abs=PART_MS)
    with whole(tmp_path / "out") as container:
        white = next(frame.time for frame in container.decode(video=0) if memoryview(frame.planes[0])[0] > 100)
    with whole(tmp_path / "out") as container:
        loud = next(
            (frame.time or 0.0) + n / 48_000
            for frame in container.decode(audio=0)
            for n, value in enumerate(memoryview(bytes(frame.planes[0])).cast("f"))
            if abs(value) > 0.1
        )
    assert white == pytest.approx(2.0, abs=0.045)
    assert white == pytest.approx(loud, abs=0.045)  # what television allows


def cut_off(folder: Path) -> Path:
    whole_film = film(folder, "b.mp4", *picture(seconds=5), *tone(5), *H264, "-movflags", "+faststart")
    (folder / "short.mp4").write_bytes(whole_film.read_bytes()[: whole_film.stat().st_size // 2])
    return folder / "short.mp4"


def playlist_in_disguise(folder: Path) -> Path:
    secret = film(folder, "secret.ts", *picture(seconds=2), *H264)
    (folder / "list.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2,\nfile://{secret}\n#EXT-X-ENDLIST\n")
    return folder / "list.mp4"


def song(folder: Path) -> Path:
    cover = film(folder, "cover.png", *picture(seconds=0.04), "-frames:v", "1")
    return film(folder, "song.m4a", *tone(2), "-i", str(cover), "-map", "0", "-map", "1", "-c:v", "png", "-disposition:v:0", "attached_pic")


def written(folder: Path, body: bytes) -> Path:
    (folder / "x.mp4").write_bytes(body)
    return folder / "x.mp4"


NONE: dict[str, Callable[[Path], Path]] = {
    "noise": lambda f: written(f, random.Random(1).randbytes(100_000)),
    "nothing": lambda f: written(f, b""),
    "text": lambda f: written(f, b"Hej hej\n" * 1000),
    "no such file": lambda f: f / "gone.mp4",
    "cut off in the middle": cut_off,
    "a playlist that names another file": playlist_in_disguise,
    "a song with a cover": song,
    "a tone": lambda f: film(f, "t.m4a", *tone(2)),
}


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_film_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(NoFilm) as refused:
        packed(NONE[kind](tmp_path), tmp_path / "out")

    assert refused.value.code == "film.unreadable"


def test_a_film_that_is_broken_in_the_middle_is_packed_all_the_same(tmp_path: Path) -> None:
    body = bytearray(film(tmp_path, "b.mp4", *picture("1280x720", seconds=5), *tone(5), *H264, "-movflags", "+faststart").read_bytes())
    middle = len(body) // 2
    body[middle : middle + 30_000] = random.Random(1).randbytes(30_000)

    manifest = packed(written(tmp_path, bytes(body)), tmp_path / "out")

    assert_obeys_the_rules(manifest, tmp_path / "out")
    assert manifest.duration_ms == 5_200


def test_it_tells_how_far_it_has_come(tmp_path: Path) -> None:
    told: list[float] = []
    (tmp_path / "out").mkdir()

    package(KIT_FILMS[0], tmp_path / "out", "a", told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0
    assert 50 < len(told) <= 100
