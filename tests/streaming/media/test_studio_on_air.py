"""A studio goes on air between two of its key frames: its pictures are encoded anew, and none is lost or shown twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import pytest

from streaming.media import cmaf
from streaming.media.sparing import Spare
from streaming.media.studio import Piece, Studio
from tests.streaming.clips import film, picture, tone
from tests.streaming.media.cameras import Screen

RATE, GOP = 25, 50
SENT = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-sc_threshold", "0", "-g", str(GOP), "-c:a", "aac", "-ac", "2"]


def sent(folder: Path, *more: str) -> Path:
    """Eight seconds as a studio sends them."""
    return film(folder, "sent.flv", *picture("640x360", str(RATE), 8), *tone(8), *SENT, *more)


def pictures(path: Path, cuts: list[int], spare: Spare | None = None) -> list[Piece]:
    """What comes of it when it is cut before each of these pictures."""
    found: list[Piece] = []
    with av.open(str(path)) as container:
        studio = Studio(container, spare or Spare())
        for piece in studio.pieces():
            if piece.kind != "video":
                continue
            found.append(piece)
            if len(found) in cuts:
                studio.cut()
    return found


def sets(piece: Piece) -> list[bytes]:
    return [unit for unit in cmaf.split_start_codes(piece.data) if cmaf.kind(unit) in {cmaf.SPS, cmaf.PPS}]


def keys(found: list[Piece]) -> list[int]:
    return [n for n, piece in enumerate(found) if piece.is_key]


@pytest.mark.parametrize("b_frames", ["0", "2"])
def test_a_key_frame_comes_at_once_and_then_whenever_it_is_asked_for(tmp_path: Path, b_frames: str) -> None:
    path = sent(tmp_path, "-bf", b_frames)
    plain, found = pictures(path, []), pictures(path, [60, 160])

    assert len(found) == pytest.approx(len(plain), abs=4)  # those that the decoder still held at the end
    made = [n for n in keys(found) if sets(found[n]) != sets(found[0])]
    assert 60 <= made[0] <= 64
    assert 160 in made
    assert all(sets(found[n]) == sets(found[made[0]]) for n in made)
    assert max(later - earlier for earlier, later in pairwise(made)) <= GOP
    shown = [piece.ticks + piece.offset for piece in found[made[0] :]]
    assert all(0 < later - earlier <= 2 * 90_000 // RATE for earlier, later in pairwise(shown))
    screen = Screen()
    for piece in found[made[0] :]:
        screen.show(piece.data)
    assert {size for _number, _grey, size in screen.seen} == {(640, 360)}


def test_a_key_frame_that_comes_soon_is_waited_for(tmp_path: Path) -> None:
    path = sent(tmp_path, "-bf", "0")

    found = pictures(path, [95])  # the next is five pictures away

    assert [piece.data for piece in found] == [piece.data for piece in pictures(path, [])]


def test_a_machine_that_has_nothing_to_spare_waits_for_the_key_frame_and_has_it_again_when_one_leaves(tmp_path: Path) -> None:
    path, spare = sent(tmp_path, "-bf", "0"), Spare(1)
    with av.open(str(path)) as container:
        first = Studio(container, spare)
        pieces = first.pieces()
        while not first.reencodes:
            if next(pieces).ticks > 90_000 * 2.4:  # between two key frames whose distance it knows
                first.cut()

        without = pictures(path, [60], spare)
        pieces.close()  # type: ignore[attr-defined]  # it is a generator
        after = pictures(path, [60], spare)

    plain = pictures(path, [])
    assert [piece.data for piece in without] == [piece.data for piece in plain]
    assert keys(after) != keys(plain)
    assert spare.take()  # and that one has left too
