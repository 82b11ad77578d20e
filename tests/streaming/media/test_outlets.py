"""From one feed to many viewers: the quick start, the slow one, wishes for key frames, sound that no browser takes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

import av
import pytest
from aiortc.mediastreams import MediaStreamError

from streaming.media.feed import Encoded, Feed
from streaming.media.outlets import QUICK_MS, WAITING_MOST, KeyWish, Opused, Outlet, ViewerTrack
from streaming.media.sounding import AacEncoder
from tests.streaming.media.peers import until
from tests.streaming.media.sounds import Microphone, heard, strength, tone


def picture(n: int, *, key: bool = False) -> Encoded:
    return Encoded("video", n.to_bytes(4, "big"), 1_000.0 + 40 * n, 90 * 40 * n, is_key=key, codec="h264")


def number(packet: av.Packet[Any]) -> int:
    return int.from_bytes(bytes(packet), "big")


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def feed() -> Feed:
    return Feed("ann")


@pytest.fixture
def asked(feed: Feed) -> Iterator[list[float]]:
    wishes: list[float] = []
    feed.asks(lambda: wishes.append(asyncio.get_running_loop().time()))
    yield wishes
    feed.asks(None)


async def started(track: ViewerTrack, feed: Feed, first: Encoded) -> av.Packet[Any]:
    """Begin to read, and let one packet come."""
    reading = asyncio.create_task(track.recv())
    await settle()
    feed.publish(first)
    return await reading


async def test_a_viewer_begins_with_what_came_since_the_key_frame_in_quick_motion(feed: Feed) -> None:
    for n in range(8):
        feed.publish(picture(n, key=n == 3))
    track = Outlet(feed).track("video")

    packets = [await track.recv() for _ in range(5)]

    assert [number(packet) for packet in packets] == [3, 4, 5, 6, 7]
    last = round(picture(7).at_ms * 90)
    assert [(packet.pts or 0) - last for packet in packets] == [
        -4 * 90 * QUICK_MS,
        -3 * 90 * QUICK_MS,
        -2 * 90 * QUICK_MS,
        -90 * QUICK_MS,
        0,
    ]
    feed.publish(picture(8))
    following = await track.recv()
    assert (number(following), following.pts) == (8, last + 90 * 40)
    track.stop()


async def test_without_a_key_frame_one_is_asked_for_and_nothing_is_sent_before_it(feed: Feed, asked: list[float]) -> None:
    track = Outlet(feed).track("video")

    assert number(await started(track, feed, picture(0, key=True))) == 0
    assert len(asked) == 1
    track.stop()


async def test_all_viewers_get_the_same_packet_made_ready_once(feed: Feed) -> None:
    outlet = Outlet(feed)
    reading = [asyncio.create_task(outlet.track("video").recv()) for _ in range(3)]
    await settle()
    feed.publish(picture(0, key=True))

    first, second, third = [await each for each in reading]

    assert first is second is third
    feed.close()


async def test_one_who_is_slow_loses_pictures_up_to_the_next_key_frame_alone(feed: Feed) -> None:
    outlet = Outlet(feed)
    slow, quick = outlet.track("video"), outlet.track("video")
    await asyncio.gather(started(slow, feed, picture(0, key=True)), quick.recv())

    seen = []
    for n in range(1, WAITING_MOST + 20):
        feed.publish(picture(n, key=n % 40 == 0))
        seen.append(number(await quick.recv()))
    late = [number(await slow.recv()) for _ in range(40, WAITING_MOST + 20)]

    assert seen == list(range(1, WAITING_MOST + 20))
    assert late == list(range(40, WAITING_MOST + 20))
    assert slow.lost == 39
    slow.stop()
    quick.stop()


async def test_one_who_is_slow_and_has_no_key_frame_waiting_gets_one(feed: Feed, asked: list[float]) -> None:
    track = Outlet(feed).track("video")
    await started(track, feed, picture(0, key=True))
    for n in range(1, WAITING_MOST + 3):
        feed.publish(picture(n))
        await settle()
    reading = asyncio.create_task(track.recv())
    await settle()
    feed.publish(picture(999, key=True))

    assert number(await reading) == 999
    assert asked
    track.stop()


async def test_wishes_for_key_frames_go_on_but_not_all(feed: Feed, asked: list[float]) -> None:
    wish = KeyWish(feed, 0.1)
    for _ in range(50):
        wish.ask()
    assert len(asked) == 1

    await until(lambda: len(asked) == 2)

    assert asked[1] - asked[0] >= 0.09


async def test_the_outlet_of_a_feed_that_ends_ends_its_tracks(feed: Feed) -> None:
    track = Outlet(feed).track("video")
    await started(track, feed, picture(0, key=True))
    feed.close()

    with pytest.raises(MediaStreamError):
        await asyncio.wait_for(track.recv(), 10)


async def test_an_outlet_without_viewers_listens_no_more(feed: Feed) -> None:
    outlet = Outlet(feed)
    track = outlet.track("audio")
    await started(track, feed, Microphone(440).say())
    assert outlet.in_use
    track.stop()
    await settle()

    assert not outlet.in_use
    assert not feed._subscribers


def test_aac_becomes_opus() -> None:
    encoder, opused = AacEncoder(), Opused()
    frames = [coded for n in range(100) for coded in encoder.encode(tone(440, 960, 960 * n))]
    packets = [
        packet
        for coded in frames
        for packet in opused.hear(Encoded("audio", coded.data, 5_000 + coded.begins / 48, coded.begins, is_key=True, codec="aac"))
    ]

    assert strength(heard([packet.data for packet in packets])[9_600:], 440) == pytest.approx(0.3, rel=0.05)
    assert {packet.codec for packet in packets} == {"opus"}
    assert {after.ticks - before.ticks for before, after in itertools.pairwise(packets)} == {960}
    assert abs(packets[0].at_ms - 5_000) < 50


def test_a_gap_in_aac_is_a_gap_in_opus() -> None:
    encoder, opused = AacEncoder(), Opused()
    frames = [coded for n in range(100) for coded in encoder.encode(tone(440, 960, 960 * n))]
    packets = [
        packet
        for coded in [*frames[:40], *frames[70:]]
        for packet in opused.hear(Encoded("audio", coded.data, 5_000 + coded.begins / 48, coded.begins, is_key=True, codec="aac"))
    ]

    steps = [after.at_ms - before.at_ms for before, after in itertools.pairwise(packets)]
    assert len([step for step in steps if abs(step - 20) > 1]) == 1
    assert 550 < max(steps) < 700
