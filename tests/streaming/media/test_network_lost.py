"""A contributor whose network is cut is gone within a second, and is back by itself when there is a way again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiortc import RTCSessionDescription

from tests.streaming.media.relays import a_relay
from tests.streaming.media.senders import SDP, an_offer, client, decoded, listening, until, whole
from tests.streaming.media.test_live import last, segments

pytestmark = pytest.mark.faults  # it keeps time
CUT_S = 3.0


async def test_a_way_that_is_cut_and_mended_brings_the_same_publisher_back(media_url: str, tmp_path: Path) -> None:
    async with client(media_url) as http, listening(http) as heard:
        assert (await http.put("/sources/cut-off", json={"kind": "whip"})).status_code == 200
        connection, _ = await an_offer()
        with a_relay() as relay:
            try:
                offer = relay.offered(connection.localDescription.sdp)
                answer = await http.post("/sources/cut-off/whip", content=offer, headers=SDP)
                assert answer.status_code == 201, answer.text
                await connection.setRemoteDescription(RTCSessionDescription(relay.answered(answer.text), "answer"))
                await until(lambda: segments(heard, "cut-off") >= 1, 30)
                publisher = heard.statuses["cut-off"].publisher

                relay.is_cut = True
                await until(lambda: heard.statuses["cut-off"].state == "gone", 30)
                before = last(heard, "cut-off")
                await asyncio.sleep(CUT_S)
                assert last(heard, "cut-off").run == before.run
                relay.is_cut = False

                await until(lambda: segments(heard, "cut-off", before.run) >= 1, 30)
                status = heard.statuses["cut-off"]
            finally:
                await connection.close()
        back = next(run for run in heard.runs["cut-off"].values() if run.run > before.run)
        seen = decoded(await whole(http, "cut-off", back, slice(0, 1)), tmp_path)

    assert (status.state, status.publisher) == ("live", publisher)
    assert before.ended_ms is not None
    assert back.begins_ms > before.ended_ms
    assert seen.complaints == ""
