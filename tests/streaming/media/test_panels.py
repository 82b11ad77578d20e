"""A panel: one picture at a time, everybody's sound, cut without a hole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest

from streaming.media.feed import Encoded, Feed
from streaming.media.packager import Packager
from streaming.media.panels import PLATE, Panel
from streaming.media.runs import Run, hear
from tests.streaming.media.cameras import Camera, Screen
from tests.streaming.media.peers import until
from tests.streaming.media.sounds import Microphone, heard, strength

SOFT, LOUD = 0.003, 0.3


def now_ms() -> float:
    return time.monotonic() * 1_000


@dataclass
class Member:
    """Somebody with camera and microphone, who sends a key frame when asked for one."""

    feed: Feed
    camera: Camera
    hertz: float
    loud: float = SOFT
    keys: int = 0
    sees: bool = True
    task: asyncio.Task[None] | None = None
    shot: list[int] = field(default_factory=list)

    async def send(self) -> None:
        wanted = [True]
        self.feed.asks(lambda: wanted.__setitem__(0, True))
        soft, loud = Microphone(self.hertz, loud=SOFT), Microphone(self.hertz, loud=LOUD)
        n, begins = 0, now_ms()
        while True:
            said = [soft.say(), loud.say()][self.loud == LOUD]
            self.feed.publish(said._replace(at_ms=begins + 20 * n))
            if n % 2 == 0 and self.sees:
                self.keys += wanted[0]
                picture = self.camera.shoot(n, begins + 20 * n, key=wanted[0])
                wanted[0] = False
                self.feed.publish(picture)
            n += 1
            await asyncio.sleep(max(0.0, (begins + 20 * n - now_ms()) / 1_000))

    def begin(self) -> None:
        self.feed.state = "live"
        self.task = asyncio.create_task(self.send())

    async def die(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        self.feed.asks(None)
        self.feed.state, self.feed.last_key = "gone", []


@dataclass
class Stage:
    """A panel with its members, and what came of it."""

    panel: Panel
    members: dict[str, Member]
    came: list[Encoded] = field(default_factory=list)

    @property
    def pictures(self) -> list[Encoded]:
        return [packet for packet in self.came if packet.kind == "video"]

    async def until(self, done: Callable[[], bool]) -> None:
        await until(done)

    def shows(self, name: str) -> bool:
        return self.panel.on_air == name

    async def pass_by(self, pictures: int) -> None:
        many = len(self.pictures) + pictures
        await self.until(lambda: len(self.pictures) >= many)

    def speaks(self, name: str) -> None:
        for each in self.members:
            self.members[each].loud = LOUD if each == name else SOFT

    def greys(self) -> list[int]:
        screen = Screen()
        for packet in self.pictures:
            screen.show(packet.data)
        return [min((90, 150, 210), key=lambda grey: abs(grey - seen)) for _, seen, _ in screen.seen]


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    cameras = {"ann": Camera(90), "bo": Camera(150), "cia": Camera(210, width=960, height=540)}
    members = {name: Member(Feed(name), camera, 400.0 + 200 * n) for n, (name, camera) in enumerate(cameras.items())}
    panel = Panel(Feed("panel"), lambda name: members[name].feed if name in members else None, now_ms)
    stage = Stage(panel, members)
    panel.seat(list(members))
    for each in members.values():
        each.begin()

    async def watch() -> None:
        with panel.feed.subscribe(10_000) as coming:
            async for packet in coming:
                stage.came.append(packet)

    tasks = [asyncio.create_task(watch()), asyncio.create_task(panel.run())]
    try:
        yield stage
    finally:
        for each in members.values():
            await each.die()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def holes_ms(pictures: list[Encoded]) -> float:
    """The longest time between two pictures."""
    return max(after.at_ms - before.at_ms for before, after in pairwise(pictures))


async def test_the_picture_follows_who_speaks_and_is_cut_at_a_key_frame_without_a_hole() -> None:
    async with a_stage() as stage:
        stage.speaks("ann")
        await stage.until(lambda: stage.panel.on_air == "ann")
        await stage.pass_by(50)
        stage.speaks("cia")
        await stage.until(lambda: stage.panel.on_air == "cia")
        await stage.pass_by(50)
        first = stage.pictures.index(next(packet for packet in stage.pictures if packet.is_key))

        greys = stage.greys()

    assert first == 0
    cut = greys.index(210)
    assert stage.pictures[cut].is_key
    assert set(greys[cut:]) == {210}
    assert greys[cut - 1] == 90
    assert stage.panel.feed.state == "live"
    assert all(after.ticks > before.ticks for before, after in pairwise(stage.pictures))
    assert stage.pictures[cut].at_ms - stage.pictures[cut - 1].at_ms <= 200
    assert holes_ms(stage.pictures) <= 200


async def test_the_producer_chooses_and_lets_go() -> None:
    async with a_stage() as stage:
        stage.speaks("ann")
        await stage.until(lambda: stage.panel.on_air == "ann")
        stage.panel.chosen = "bo"
        await stage.until(lambda: stage.panel.on_air == "bo")
        await stage.pass_by(50)
        assert stage.panel.on_air == "bo"
        stage.panel.chosen = None
        await stage.until(lambda: stage.panel.on_air == "ann")


async def test_a_member_who_is_killed_is_followed_by_another_and_the_sound_goes_on() -> None:
    async with a_stage() as stage:
        stage.speaks("bo")
        await stage.until(lambda: stage.panel.on_air == "bo")
        await stage.pass_by(20)
        await stage.members["bo"].die()
        await stage.until(lambda: stage.panel.on_air in {"ann", "cia"})
        await stage.pass_by(30)
        sounds = [packet for packet in stage.came if packet.kind == "audio"]

    assert stage.panel.feed.state == "live"
    assert {after.ticks - before.ticks for before, after in pairwise(sounds)} == {960}


async def test_with_nobody_in_the_picture_it_ends_and_comes_back() -> None:
    async with a_stage() as stage:
        await stage.until(lambda: stage.panel.feed.state == "live")
        for each in stage.members.values():
            await each.die()
        await stage.until(lambda: stage.panel.feed.state == "gone")
        assert (stage.panel.on_air, stage.panel.feed.last_key) == (None, [])
        stage.members["ann"].begin()
        await stage.until(lambda: stage.panel.on_air == "ann")

        assert stage.panel.feed.state == "live"


async def test_one_who_is_asked_to_leave_is_not_shown_and_one_who_comes_may_be() -> None:
    async with a_stage() as stage:
        stage.speaks("ann")
        await stage.until(lambda: stage.panel.on_air == "ann")
        stage.panel.seat(["cia"])
        await stage.until(lambda: stage.panel.on_air == "cia")
        stage.panel.seat(["cia", "bo"])
        stage.panel.chosen = "bo"
        await stage.until(lambda: stage.panel.on_air == "bo")

        assert stage.panel.members == ["cia", "bo"]


async def test_everybody_is_in_the_sound_and_nobody_hears_oneself() -> None:
    async with a_stage() as stage:
        for each in stage.members.values():
            each.loud = LOUD
        track = stage.panel.ear("ann").track("audio")
        others = [bytes(await asyncio.wait_for(track.recv(), 20)) for _ in range(120)]
        track.stop()
        everybody = [packet.data for packet in stage.came if packet.kind == "audio"]

    told, returned = heard(everybody)[48_000:], heard(others)[48_000:]
    assert min(strength(told, hertz) for hertz in (400, 600, 800)) > 0.1
    assert strength(returned, 400) < 0.01
    assert min(strength(returned, hertz) for hertz in (600, 800)) > 0.1


async def test_a_key_frame_that_is_asked_of_the_panel_is_asked_of_who_is_shown() -> None:
    async with a_stage() as stage:
        stage.speaks("ann")
        await stage.until(lambda: stage.panel.on_air == "ann")
        await stage.pass_by(5)
        before = [each.keys for each in stage.members.values()]
        stage.panel.feed.request_key()
        await stage.until(lambda: stage.members["ann"].keys > before[0])

        assert [each.keys for each in stage.members.values()][1:] == before[1:]


@pytest.mark.parametrize("names", [["nobody"], []])
async def test_a_panel_of_nobody_waits(names: list[str]) -> None:
    async with a_stage() as stage:
        stage.panel.seat(names)
        await stage.until(lambda: sum(packet.kind == "audio" for packet in stage.came) > 20)

        assert stage.panel.on_air is None


async def test_people_without_cameras_have_a_plate_and_are_heard_and_a_camera_takes_over() -> None:
    async with a_stage() as stage:
        for each in stage.members.values():
            await each.die()
        stage.panel.seat([])
        stage.came.clear()
        ann = stage.members["ann"]
        ann.sees = False
        stage.panel.seat(["ann"])
        ann.begin()
        await stage.until(lambda: stage.panel.on_air == PLATE)
        await stage.pass_by(12)
        plates = len(stage.pictures)
        ann.sees = True
        await stage.until(lambda: stage.panel.on_air == "ann")
        await stage.pass_by(20)
        pictures, sound = list(stage.pictures), [packet.data for packet in stage.came if packet.kind == "audio"]

    assert pictures[0].is_key
    assert holes_ms(pictures) <= 500
    assert strength(heard(sound)[-48_000:], 400) > 0.001
    screen = Screen()
    for picture in pictures:
        screen.show(picture.data)
    assert [size for _, _, size in screen.seen[: plates - 1]] == [(1_280, 720)] * (plates - 1)
    assert screen.seen[-1][2] == (640, 360)


async def test_the_packager_makes_runs_of_a_panel_that_join_without_a_hole() -> None:
    packager, out = Packager(), []
    async with a_stage() as stage:
        stage.speaks("ann")
        await stage.until(lambda: stage.panel.on_air == "ann")
        await stage.pass_by(40)
        for name in ("cia", "bo", "cia"):
            stage.panel.chosen = name
            await stage.until(partial(stage.shows, name))
            await stage.pass_by(40)
    for packet in stage.came:
        out += packager.take(packet, packet.at_ms + 60)
    runs: dict[int, Run] = {}
    for each in out:
        hear(runs, each.notice)

    assert [(run.width, run.height) for run in runs.values()][-4:] == [(640, 360), (960, 540), (640, 360), (960, 540)]
    assert [after.begins_ms - (before.ended_ms or 0) for before, after in pairwise(runs.values())] == [0] * (len(runs) - 1)
