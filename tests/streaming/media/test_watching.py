"""Viewers over real peer connections: what they see is what was published, as it was encoded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise

import numpy as np
import pytest

from streaming.media import outlets
from streaming.media.feed import Feed
from streaming.media.outlets import Kind, Outlet
from streaming.media.refusals import CannotWatch
from streaming.media.watching import Viewer, Viewers
from tests.streaming.media.cameras import Camera
from tests.streaming.media.peers import a_viewer, until
from tests.streaming.media.sounds import strength
from tests.streaming.media.studios import a_studio

BOTH: list[Kind] = ["video", "audio"]


@pytest.fixture
async def viewers() -> AsyncIterator[Viewers]:
    made = Viewers(most=3)
    yield made
    await made.end_all()


def answering(
    viewers: Viewers, feed: Feed, sound: Outlet | None = None, joined: list[Viewer] | None = None
) -> Callable[[str], Awaitable[str]]:
    async def answer(offer: str) -> str:
        viewer = await viewers.join(feed, sound, offer, BOTH)
        if joined is not None:
            joined.append(viewer)
        return viewer.answer

    return answer


async def test_a_viewer_sees_and_hears_what_was_published(viewers: Viewers) -> None:
    async with a_studio() as studio, a_viewer(answering(viewers, studio.feed)) as peer:
        await until(lambda: len(peer.numbers) > 60 and len(peer.heard) > 150)
        assert (len(viewers), studio.feed.viewers) == (1, 1)

    assert all(after == before + 1 for before, after in pairwise(peer.numbers))
    assert peer.sizes == {(640, 360)}
    assert strength(np.concatenate(peer.heard)[48_000:], 440) == pytest.approx(0.3, rel=0.1)


async def test_a_viewer_who_comes_later_needs_no_new_key_frame(viewers: Viewers) -> None:
    async with a_studio() as studio:
        await until(lambda: studio.shot > 25)
        async with a_viewer(answering(viewers, studio.feed)) as peer:
            await until(lambda: len(peer.numbers) > 40)

    assert peer.numbers[0] == 0
    assert studio.keys == 1


async def test_a_picture_loss_is_told_to_who_sends_but_once_a_second(viewers: Viewers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlets, "KEY_EVERY_S", 3_600.0)
    async with a_studio() as studio, a_viewer(answering(viewers, studio.feed)) as peer:
        await until(lambda: len(peer.numbers) > 5)
        for _ in range(10):
            await peer.ask_for_key()
        await until(lambda: studio.keys == 2)
        shot = studio.shot
        await until(lambda: studio.shot > shot + 10)

        assert studio.keys == 2


async def test_a_viewer_can_be_given_other_sound(viewers: Viewers) -> None:
    async with (
        a_studio() as studio,
        a_studio("others", 880) as others,
        a_viewer(answering(viewers, studio.feed, Outlet(others.feed))) as peer,
    ):
        await until(lambda: len(peer.numbers) > 5 and len(peer.heard) > 120)

    sound = np.concatenate(peer.heard)[48_000:]
    assert strength(sound, 880) == pytest.approx(0.3, rel=0.1)
    assert strength(sound, 440) < 0.01


async def test_who_goes_is_counted_no_more(viewers: Viewers) -> None:
    joined: list[Viewer] = []
    async with a_studio() as studio:
        async with a_viewer(answering(viewers, studio.feed, joined=joined)) as peer:
            await until(lambda: len(peer.numbers) > 5)
            await viewers.end(joined[0])
            await until(lambda: peer.connection.connectionState == "closed")
        async with a_viewer(answering(viewers, studio.feed)) as peer:
            await until(lambda: len(peer.numbers) > 5)
        await until(lambda: len(viewers) == 0)

        assert studio.feed.viewers == 0
        await until(lambda: not studio.feed._subscribers)


async def test_more_than_may_watch_are_refused(viewers: Viewers) -> None:
    async with a_studio() as studio:
        answer = answering(viewers, studio.feed)
        async with a_viewer(answer), a_viewer(answer), a_viewer(answer):
            with pytest.raises(CannotWatch) as refused:
                async with a_viewer(answer):
                    pass

    assert (refused.value.status, refused.value.code) == (503, "limit.reached")


async def test_a_source_that_is_not_live_cannot_be_watched(viewers: Viewers) -> None:
    with pytest.raises(CannotWatch) as refused:
        await viewers.join(Feed("studio"), None, "v=0", BOTH)

    assert (refused.value.status, refused.value.code) == (404, "source.not_live")


async def test_pictures_in_another_order_cannot_be_watched(viewers: Viewers) -> None:
    feed = Feed("studio")
    feed.state = "live"
    feed.publish(Camera().shoot(0, 1_000, key=True)._replace(offset=6_000))

    with pytest.raises(CannotWatch) as refused:
        await viewers.join(feed, None, "v=0", BOTH)

    assert (refused.value.status, refused.value.code) == (409, "source.b_frames")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "v=0\r\n",
        lambda offer: offer.replace("H264", "H265"),
        lambda offer: offer.replace("a=mid", "a=dim"),
        lambda offer: offer[: len(offer) // 2],
    ],
)
async def test_an_offer_that_does_not_fit_is_refused_and_leaves_nothing(viewers: Viewers, spoil: Callable[[str], str]) -> None:
    async with a_studio() as studio:

        async def answer(offer: str) -> str:
            return (await viewers.join(studio.feed, None, spoil(offer), BOTH)).answer

        with pytest.raises(CannotWatch) as refused:
            async with a_viewer(answer):
                pass

    assert (refused.value.status, refused.value.code) == (400, "sdp.refused")
    assert (len(viewers), studio.feed.viewers) == (0, 0)
