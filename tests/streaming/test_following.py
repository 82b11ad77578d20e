"""What live sources send is heard once, whatever is told twice, and silence is noticed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from conference.core.clock import HandClock
from streaming import Following, MediaClient
from streaming.following import EPOCH, PATIENCE_MS, SILENT_MS, read_strip, strip_name
from streaming.media.runs import Began, Notice
from streaming.strips import Mark

SOURCE = "d.src-a"


def at(ms: int) -> HandClock:
    return HandClock(EPOCH + timedelta(milliseconds=ms))


def begun(clock: HandClock) -> Following:
    """A source that has sent a part."""
    following = Following(MediaClient("http://127.0.0.1:9", "t"), clock)
    for notice in (
        Notice(SOURCE, run=1, began=Began(1_000, 1280, 720, "x", 30.0)),
        Notice(SOURCE, run=1, seq=0, begins_ms=1_000),
        Notice(SOURCE, run=1, seq=0, part=0, ends_ms=1_400),
    ):
        following.hear(notice)
        following.hear(notice)
    return following


async def test_what_is_told_is_told_on_and_kept_once() -> None:
    following, heard = begun(at(1_500)), list[str]()
    following.on_change = heard.append

    following.hear(Notice(SOURCE, run=1, seq=0, part=1, ends_ms=1_800, last=True))

    (piece,) = following.of("d")["src-a"]
    assert (piece.strip, piece.edge_ms, piece.end(), heard) == ("~src-a~1", 1_800, Mark(0, 2), ["d"])
    assert following.is_live("d", "src-a")
    assert not following.is_live("d", "src-b")


async def test_a_source_of_which_nothing_is_heard_is_over_and_its_run_may_go_on_as_a_new_piece() -> None:
    clock = at(1_400)
    following = begun(clock)
    clock.wind(timedelta(milliseconds=SILENT_MS))
    assert following._silent() == []
    clock.wind(timedelta(milliseconds=1))
    (piece,) = following._silent()

    piece.clip = piece.end()
    following.hear(Notice(SOURCE, run=1, seq=0, part=1, ends_ms=1_800, last=True))
    assert (piece.is_over, piece.edge_ms, len(following.of("d")["src-a"])) == (True, 1_400, 1)
    following.hear(Notice(SOURCE, run=1, seq=1, begins_ms=1_800))
    assert [(each.strip, each.start) for each in following.of("d")["src-a"]] == [("~src-a~1", 0), ("~src-a~1", 1)]


async def test_a_media_process_that_speaks_is_believed_longer() -> None:
    clock = at(1_400)
    following = begun(clock)
    clock.wind(timedelta(milliseconds=SILENT_MS + 1))

    following._is_there, following._heard_ms = True, 1_500

    assert following._silent() == []
    clock.wind(timedelta(milliseconds=PATIENCE_MS))
    assert len(following._silent()) == 1


async def test_a_run_that_ended_is_over_at_once() -> None:
    following = begun(at(1_500))

    following.hear(Notice(SOURCE, run=1, ended_ms=1_400))

    assert not following.is_live("d", "src-a")


async def test_a_source_that_begins_a_new_run_has_not_gone() -> None:
    """As it does when its pictures are encoded from now on: the first part takes a while."""
    clock = at(1_500)
    following = begun(clock)
    following.hear(Notice(SOURCE, run=1, ended_ms=1_400))
    following.hear(Notice(SOURCE, run=2, began=Began(1_400, 1280, 720, "x", 30.0)))

    assert following.is_live("d", "src-a")
    clock.wind(timedelta(milliseconds=SILENT_MS - 100))
    assert following.is_live("d", "src-a")
    clock.wind(timedelta(milliseconds=1))
    assert not following.is_live("d", "src-a")


async def test_who_wants_to_know_is_told_when_a_source_comes_and_goes() -> None:
    told: list[tuple[str, str, bool]] = []

    async def tell(day: str, source: str, is_live: bool) -> None:
        told.append((day, source, is_live))

    following = begun(at(1_500))
    await following._tell(tell)
    await following._tell(tell)
    following.hear(Notice(SOURCE, run=1, ended_ms=1_400))
    await following._tell(tell)

    assert told == [("d", "src-a", True), ("d", "src-a", False)]


async def test_what_a_source_has_sent_and_cannot_be_asked_for_is_asked_for_later() -> None:
    following = Following(MediaClient("http://127.0.0.1:9", "t"), at(0))

    async with asyncio.timeout(5):
        await following.want("d", ["src-a"])

    assert following.of("d") == {}
    assert following._missing == {"d.src-a"}


def test_the_name_of_a_strip_can_be_read_back() -> None:
    assert read_strip(strip_name("src~a", 12)) == ("src~a", 12)
