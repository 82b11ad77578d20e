"""What is kept of a source: on disk, through crashes, and without a disk."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from streaming.media import recording
from streaming.media.packager import Packager
from streaming.media.recording import Recording
from streaming.media.runs import LivePart, Notice
from tests.streaming.media.senders import decoded
from tests.streaming.media.test_packager import BEGAN, Camera

Keep = Callable[..., Recording]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """Recordings that are closed when the test is over, and not before: a crash closes nothing."""
    with ExitStack() as ends:

        def made(folder: Path, reserve_bytes: int = 0, free: Callable[[Path], int] | None = None) -> Recording:
            kept = Recording(folder / "s", reserve_bytes, free)
            ends.callback(kept.close)
            return kept

        yield made


def recorded(kept: Recording, seconds: float = 5.0) -> Camera:
    """A camera whose packets are packaged and kept."""
    camera = Camera(Packager(kept.next_run, kept.ends_ms))
    camera.play(seconds, begins=max(0.0, (kept.ends_ms - BEGAN) / 1_000 + 1) if kept.ends_ms else 0.0)
    for out in camera.outs:
        kept.keep(out)
    return camera


def part(kept: Recording, run: int, name: str) -> bytes | None:
    read = LivePart.read(name)
    assert read is not None
    return kept.parts(run, read)


def test_what_is_kept_is_what_was_told(keep: Keep, tmp_path: Path) -> None:
    kept = keep(tmp_path)
    kept.open()
    camera = recorded(kept)

    assert kept.runs == camera.runs
    assert kept.init(1) == next(out.body for out in camera.outs if out.notice.began)
    second = [out.body for out in camera.outs if out.notice.seq == 1]
    assert part(kept, 1, "1-0-5.m4s") == b"".join(second[1:])
    assert part(kept, 1, "1-0-5o.m4s") == b"".join(second)
    assert part(kept, 1, "1-2-4.m4s") == b"".join(second[3:5])


@pytest.mark.parametrize("name", ["1-0-6.m4s", "7-0-1.m4s", "2-0-5.m4s"])
def test_a_part_that_is_not_there_yet_is_not_given(keep: Keep, tmp_path: Path, name: str) -> None:
    kept = keep(tmp_path)
    kept.open()
    recorded(kept)

    assert part(kept, 1, name) is None
    assert part(kept, 2, "0-0-1.m4s") is None


@pytest.mark.parametrize(
    "name", ["1-0-0.m4s", "1-3-2.m4s", "1-1-2o.m4s", "x", "1-0-1.mp4", "-1-0-1.m4s", "1-0-1.m4s/..", "../index.ndjson"]
)
def test_a_name_that_is_none_is_none(name: str) -> None:
    assert LivePart.read(name) is None


def test_names_are_read_as_they_are_written() -> None:
    assert [str(LivePart.read(name)) for name in ("17-0-5.m4s", "17-0-5o.m4s")] == ["17-0-5.m4s", "17-0-5o.m4s"]


def test_after_a_crash_all_that_was_told_is_there_and_the_run_is_ended(keep: Keep, tmp_path: Path) -> None:
    before = keep(tmp_path)
    before.open()
    camera = recorded(before)  # its run is open, and nobody closes anything

    after = keep(tmp_path)
    told = after.open()

    edge = camera.runs[1].edge_ms
    assert told == [Notice(run=1, ended_ms=edge)]
    assert (after.runs[1].ended_ms, after.next_run, after.ends_ms) == (edge, 2, edge)
    assert part(after, 1, "1-0-5o.m4s") == part(before, 1, "1-0-5o.m4s")
    second = recorded(after)
    assert second.runs[2].begins_ms >= edge
    assert sorted(keep(tmp_path).runs) == [1, 2]


def test_a_line_that_was_torn_off_was_told_to_nobody(keep: Keep, tmp_path: Path) -> None:
    before = keep(tmp_path)
    before.open()
    recorded(before)
    index = tmp_path / "s" / "index.ndjson"
    whole = index.read_bytes()
    index.write_bytes(whole + whole.splitlines()[-1][:20])

    after = keep(tmp_path)
    after.open()

    assert [each.ends for each in after.runs[1].segments] == [each.ends for each in before.runs[1].segments]
    assert index.read_bytes().startswith(whole)
    assert all(line.endswith(b"}") for line in index.read_bytes().splitlines())


def test_when_the_disk_is_nearly_full_segments_stay_in_memory_and_numbers_go_on(
    keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [10_000]
    kept = keep(tmp_path, 1_000, lambda _: free[0])
    kept.open()
    recorded(kept, 3.0)
    free[0] = 10
    camera = recorded(kept)
    now = time.monotonic()

    assert kept.is_full
    assert not (tmp_path / "s" / "2" / "0.m4s").exists()
    assert part(kept, 2, "0-0-5.m4s") is not None
    monkeypatch.setattr(time, "monotonic", lambda: now + 91)
    free[0] = 10_000
    third = recorded(kept)
    assert (kept.is_full, part(kept, 2, "0-0-5.m4s")) == (False, None)
    assert part(kept, 3, "0-0-5.m4s") is not None
    again = keep(tmp_path)
    assert (again.runs[2].segments, sorted(again.runs)) == (camera.runs[2].segments, [1, 2, 3])
    assert third.runs[3].begins_ms >= again.runs[2].edge_ms


def test_a_disk_that_fills_up_in_the_middle_of_a_segment_loses_nothing_of_it(
    keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(tmp_path)
    kept.open()
    camera = Camera()
    camera.play(5)
    written = 0

    def write(file: IO[bytes], body: bytes) -> None:
        nonlocal written
        written += len(body)
        if written > 200_000 and "m4s" in str(file.name):
            os.write(file.fileno(), body[:100])
            raise OSError(28, "No space left on device")
        os.write(file.fileno(), body)

    monkeypatch.setattr(recording, "_write", write)
    for out in camera.outs:
        kept.keep(out)

    assert kept.is_full
    body = (kept.init(1) or b"") + b"".join(part(kept, 1, f"{each.seq}-0-{len(each.ends)}.m4s") or b"" for each in kept.runs[1].segments)
    assert decoded(body, tmp_path).complaints == ""
    assert body == camera.body(1)
