"""Packets into parts: what is told, when, and how long it is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from streaming.media import cmaf
from streaming.media.feed import Encoded
from streaming.media.packager import Out, Packager
from streaming.media.runs import Run, hear
from tests.streaming.media.senders import Clip, Seen, clip, decoded

BEGAN = 1_800_000_000_000.0
SHOWN = 40.0  # ms between a picture's time and its coming


class Camera:
    """Feeds a packager by hand, and keeps what it tells."""

    def __init__(self, packager: Packager | None = None) -> None:
        self.packager = packager or Packager()
        self.outs: list[Out] = []
        self.heard: list[float] = []
        self.runs: dict[int, Run] = {}
        self.now = self.ticked = BEGAN

    def take(self, outs: list[Out]) -> None:
        for out in outs:
            hear(self.runs, out.notice)
            self.outs.append(out)
            self.heard.append(self.now)

    def picture(self, at_ms: float, data: bytes, *, is_key: bool, offset: int = 0) -> None:
        self.wait(at_ms + SHOWN)
        packet = Encoded("video", data, at_ms, round(at_ms * 90), is_key, "h264", offset)
        self.take(self.packager.take(packet, self.now))

    def sound(self, at_ms: float, data: bytes) -> None:
        self.wait(at_ms + 25)
        self.take(self.packager.take(Encoded("audio", data, at_ms, round(at_ms * 48), True, "opus"), self.now))

    def wait(self, until: float) -> None:
        while self.ticked + 50 <= until:
            self.ticked += 50
            self.now = max(self.now, self.ticked)
            self.take(self.packager.tick(self.now))
        self.now = max(self.now, until)

    def play(
        self, seconds: float, *, begins: float = 0.0, shown: Clip | None = None, sound: bool = True, lost: Sequence[int] = (),
        jitter: Sequence[int] = (0,),
    ) -> None:  # fmt: skip
        """A clip from *begins* seconds on; pictures *lost* never come, *jitter* in ms is added in turn."""
        shown = shown or clip()
        pictures = [(n / shown.rate, n, True) for n in range(int(seconds * shown.rate))]
        sounds = [(n / 50, n, False) for n in range(int(seconds * 50))] if sound else []
        jitters = itertools.cycle(jitter)
        for at, n, is_picture in sorted(pictures + sounds):
            at_ms = BEGAN + (begins + at) * 1_000
            if not is_picture:
                self.sound(at_ms, shown.sounds[n % len(shown.sounds)])
            elif n not in lost:
                data = shown.pictures[n % len(shown.pictures)]
                self.picture(at_ms + next(jitters), data, is_key=cmaf.H264_KEY.search(data) is not None)

    def body(self, run: int) -> bytes:
        mine = [out for out in self.outs if out.notice.run == run]
        return b"".join(out.body for out in mine if out.notice.begins_ms is None)

    def seen(self, run: int, folder: Path) -> Seen:
        return decoded(self.body(run), folder)

    def lengths(self, run: int = 1) -> list[list[int]]:
        return [
            [later - earlier for earlier, later in itertools.pairwise([each.begins_ms, *each.ends])] for each in self.runs[run].segments
        ]


@pytest.mark.parametrize("rate", [25, 30, 50])
def test_a_steady_camera_gives_parts_of_exactly_400_ms(rate: int, tmp_path: Path) -> None:
    camera = Camera()
    camera.play(6.2, shown=clip(rate=rate))
    camera.wait(camera.now + 2_000)

    assert camera.lengths()[:3] == [[400] * 5] * 3
    seen = camera.seen(1, tmp_path)
    assert (seen.complaints, seen.numbers) == ("", [n % (4 * rate) for n in range(int(6.2 * rate))])
    assert camera.runs[1].ended_ms == BEGAN + round(int(6.2 * rate) * 1_000 / rate)


def test_sound_covers_every_part_and_joins_on(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(4.4)
    camera.wait(camera.now + 2_000)

    seen = camera.seen(1, tmp_path)
    begins = [at for at, _ in seen.sound_s]
    assert all(abs(later - earlier - 1_024 / 48_000) < 1e-4 for earlier, later in itertools.pairwise(begins))
    assert abs(begins[0] - seen.pictures_s[0]) < 0.001
    assert 0 <= begins[-1] + 1_024 / 48_000 - (seen.pictures_s[-1] + 1 / 30) < 0.022


def test_a_part_is_told_soon_after_its_end() -> None:
    camera = Camera()
    camera.play(6)

    late = [heard - out.notice.ends_ms for out, heard in zip(camera.outs, camera.heard, strict=True) if out.notice.ends_ms]
    assert max(late) <= 110


def test_a_camera_without_sound_has_silence_and_is_not_waited_for(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(6, sound=False)
    late = [heard - out.notice.ends_ms for out, heard in zip(camera.outs, camera.heard, strict=True) if out.notice.ends_ms]
    camera.wait(camera.now + 2_000)

    seen = camera.seen(1, tmp_path)
    assert max(late) <= 50
    assert (seen.complaints, len(seen.numbers)) == ("", 180)
    assert abs(len(seen.sound_s) * 1_024 / 48_000 - 6) < 0.03


def test_sound_that_stops_delays_parts_a_little_and_becomes_silence(tmp_path: Path) -> None:
    camera = Camera()
    shown = clip()
    camera.play(2.5)
    for n in range(75, 240):
        camera.picture(BEGAN + n * 1_000 / 30, shown.pictures[n % 120], is_key=n % 60 == 0)

    late = [heard - out.notice.ends_ms for out, heard in zip(camera.outs, camera.heard, strict=True) if out.notice.ends_ms]
    assert max(late) <= 260
    assert max(late[-8:]) <= 50


def test_a_jittering_camera_gives_parts_of_at_most_400_ms(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(12, jitter=(0, 4, -3, 9, -6, 2, 7))
    camera.wait(camera.now + 2_000)

    lengths = camera.lengths()
    assert max(itertools.chain(*lengths)) <= 400
    assert min(length for segment in lengths[:-1] for length in segment[:-1]) >= 340
    assert camera.seen(1, tmp_path).complaints == ""


def test_a_lost_picture_stretches_the_one_before() -> None:
    camera = Camera()
    camera.play(6, lost=range(45, 60))  # what the intake leaves out after a loss, up to the next key frame
    camera.wait(camera.now + 2_000)

    assert list(camera.runs) == [1]
    assert camera.runs[1].ended_ms == BEGAN + 6_000
    assert max(itertools.chain(*camera.lengths())) <= 34 + 500


def test_a_hole_of_a_second_ends_the_run_and_the_next_one_begins_at_its_key_frame(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(8, lost=range(80, 120))
    camera.wait(camera.now + 2_000)

    first, second = camera.runs.values()
    assert (first.ended_ms, second.begins_ms, second.ended_ms) == (BEGAN + 2_667, BEGAN + 4_000, BEGAN + 8_000)
    assert camera.seen(2, tmp_path).numbers[0] == 0


def test_a_run_ends_at_most_800_ms_after_its_edge_and_is_never_continued_later() -> None:
    camera = Camera()
    camera.play(3.3)
    camera.wait(camera.now + 2_000)

    edge = BEGAN
    for out, heard in zip(camera.outs, camera.heard, strict=True):
        if out.notice.ends_ms:
            assert heard <= edge + 800
            edge = out.notice.ends_ms
    assert camera.heard[-1] <= camera.runs[1].segments[-1].ends[-2] + 800
    assert camera.outs[-1].notice.ended_ms == BEGAN + 3_300


def test_a_new_size_is_a_new_run_that_follows_at_once(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(3)
    camera.play(3, begins=3, shown=clip(320, 180))
    camera.wait(camera.now + 2_000)

    first, second = camera.runs.values()
    assert first.ended_ms == second.begins_ms == BEGAN + 3_000
    assert [(run.width, run.height) for run in (first, second)] == [(640, 360), (320, 180)]
    assert [camera.seen(run, tmp_path).complaints for run in (1, 2)] == ["", ""]


def test_a_new_publisher_whose_first_picture_is_as_old_as_the_last_one_is_taken_at_once() -> None:
    camera = Camera()
    camera.play(3)
    camera.play(3, begins=2.93, shown=clip(320, 180))
    camera.wait(camera.now + 2_000)

    first, second = camera.runs.values()
    assert first.ended_ms == second.begins_ms == BEGAN + 3_000
    assert second.ended_ms is not None
    assert abs(second.ended_ms - BEGAN - 5_930) < 40


def test_a_key_frame_on_request_begins_a_segment_and_others_do_not() -> None:
    camera = Camera()
    shown = clip(gop_s=0.5)
    camera.play(4, shown=shown)
    camera.packager.cut()
    camera.play(2, begins=4, shown=shown)

    begins = [segment.begins_ms - BEGAN for segment in camera.runs[1].segments]
    assert begins[:4] == [0, 1_500, 3_000, 4_000]


def test_without_key_frames_the_run_ends_at_three_seconds_after_asking() -> None:
    camera = Camera()
    shown = clip(gop_s=4)
    asked = []
    for n in range(120):
        camera.picture(BEGAN + n * 1_000 / 30, shown.pictures[n], is_key=n == 0)
        if camera.packager.is_asking:
            asked.append(n)
            camera.packager.is_asking = False

    assert camera.packager.starved == 1
    assert 72 <= asked[0] <= 75
    assert camera.runs[1].ended_ms == BEGAN + 3_000
    assert sum(camera.lengths()[0]) == 3_000


def test_a_clock_that_goes_back_never_makes_runs_overlap() -> None:
    camera = Camera()
    camera.play(4)
    camera.play(4, begins=2.5)
    camera.play(4, begins=6.5)
    camera.wait(camera.now + 2_000)

    spans = [(run.begins_ms, run.ended_ms) for run in camera.runs.values()]
    assert all(ended is not None and ended <= begins for (_, ended), (begins, _) in itertools.pairwise(spans))


def test_pictures_with_b_frames_keep_their_order(tmp_path: Path) -> None:
    camera = Camera()
    shown = clip()
    orders = [0, 3, 1, 2, 6, 4, 5]  # decoded -> shown, 0-based in a group; testing times only, not pictures
    for n in range(63):
        offset = (orders[n % 7] - n % 7 + 2) * 3_000
        camera.picture(BEGAN + (n + 0) * 1_000 / 30 + offset / 90, shown.pictures[n], is_key=n in {0, 60}, offset=offset)
    camera.wait(camera.now + 2_000)

    assert camera.runs[1].begins_ms == BEGAN + 67
    times = decoded_times(camera.body(1), tmp_path)
    # 33 ms later than told: ffmpeg moves all by the most negative offset, players do not
    assert times[:7] == [round(100 + order * 100 / 3) for order in orders]


def decoded_times(body: bytes, folder: Path) -> list[int]:
    import av

    path = folder / "b.mp4"
    path.write_bytes(body)
    with av.open(str(path)) as container:
        found = [packet.pts * packet.time_base * 1_000 - BEGAN for packet in container.demux(video=0) if packet.pts is not None]
    return [round(each) for each in found]


def test_the_opening_of_a_segment_carries_the_sound_that_straddles_its_beginning(tmp_path: Path) -> None:
    camera = Camera()
    camera.play(6.5)

    openings = [out.body for out in camera.outs if out.notice.begins_ms is not None]
    assert openings[0] == b""
    assert all(body.count(b"traf") == 1 for body in openings[1:])
    init = next(out.body for out in camera.outs if out.notice.began)
    second = next(n for n, out in enumerate(camera.outs) if out.notice.seq == 1)
    seen = decoded(init + b"".join(out.body for out in camera.outs[second : second + 4]), tmp_path)
    assert seen.complaints == ""
    assert -0.022 < seen.sound_s[0][0] - seen.pictures_s[0] < 0
    assert len(cmaf.shifted(openings[1], 1_000)) == len(openings[1])


def test_what_begins_without_a_key_frame_is_waited_for_and_asked_for() -> None:
    camera = Camera()
    shown = clip()
    for n in range(30, 60):
        camera.picture(BEGAN + n * 1_000 / 30, shown.pictures[n], is_key=False)

    assert (camera.outs, camera.packager.is_asking) == ([], True)
