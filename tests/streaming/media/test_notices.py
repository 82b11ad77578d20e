"""Notices: to everybody in one order, and nobody holds the others up."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from streaming.media import notices as telling
from streaming.media.notices import Notices
from streaming.media.runs import Began, Notice, Run, hear

BEGAN = Began(1_000, 640, 360, "avc1", 30.0)
STORY = [
    Notice("s", run=1, began=BEGAN), Notice("s", run=1, seq=0, begins_ms=1_000), Notice("s", run=1, seq=0, part=0, ends_ms=1_400),
    Notice("s", run=1, seq=0, part=1, ends_ms=1_700, last=True, bandwidth=900), Notice("s", run=1, seq=1, begins_ms=1_700),
    Notice("s", run=1, seq=1, part=0, ends_ms=2_000), Notice("s", run=1, ended_ms=2_000),
]  # fmt: skip


async def test_everybody_hears_everything_in_order_after_the_birth() -> None:
    notices = Notices()
    first, second = notices.listen(), notices.listen()
    for notice in STORY:
        notices.tell(notice)
    notices.close()

    heard = [
        [msgspec.json.decode(line, type=Notice) for piece in [p async for p in one] for line in piece.splitlines()]
        for one in (first, second)
    ]
    assert heard[0] == heard[1]
    assert (heard[0][0].born is not None, heard[0][1:]) == (True, STORY)


async def test_who_falls_behind_is_cut_off_and_the_others_are_not() -> None:
    notices = Notices(behind_most=5)
    slow, quick = notices.listen(), notices.listen()
    quick_heard = []
    for _ in range(20):
        notices.tell(STORY[0])
        quick_heard.append(await anext(quick))
    notices.close()

    assert [piece async for piece in slow] == []
    assert b"".join(quick_heard).count(b"began") == 20


async def test_silence_is_broken_by_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "ALIVE_S", 0.01)
    listening = Notices().listen()
    await anext(listening)

    assert await asyncio.wait_for(anext(listening), 2) == b"{}\n"
    assert msgspec.json.decode(b"{}", type=Notice) == Notice()


def test_hearing_everything_twice_or_from_anywhere_on_changes_nothing() -> None:
    once: dict[int, Run] = {}
    for notice in STORY:
        hear(once, notice)
    for begins in range(len(STORY)):
        again: dict[int, Run] = {}
        for notice in STORY[: begins + 1] + STORY[begins // 2 :] + STORY:
            hear(again, notice)
        assert again == once

    run = once[1]
    assert (run.bandwidth, run.ended_ms, run.edge_ms) == (900, 2_000, 2_000)
    assert [(each.begins_ms, each.ends, each.done) for each in run.segments] == [(1_000, [1_400, 1_700], True), (1_700, [2_000], True)]
