"""SEQ-01, FLT-10: cut at random, reset all at once; nothing missing, nothing twice, and hardly a look into the database."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from websockets.exceptions import ConnectionClosed

from conference.core.actor import Actor
from tests.web.floor import DAY
from tests.web.houses import Served, heard, serving

EVENTS, CUTS = 400, 20


class Listener:
    """A client that comes back by itself, and keeps account of what it heard."""

    def __init__(self, day: Served, cookie: str) -> None:
        self.day, self.cookie = day, cookie
        self.heard: list[int] = []
        self.upto, self.epoch, self.fresh = 0, "", 0
        self.socket: Any = None

    async def listen(self, to: int) -> None:
        while self.upto < to:
            place = f"?epoch={self.epoch}&since={self.upto}" if self.epoch else ""
            try:
                async with self.day.socket(self.cookie, place) as self.socket:
                    while self.upto < to:
                        self._take(await heard(self.socket, wait_s=10))
            except (ConnectionClosed, OSError):
                continue

    def _take(self, frame: dict[str, Any]) -> None:
        if welcome := frame.get("welcome"):
            self.epoch, self.upto = welcome["epoch"], welcome["seq"]
            if "state" in welcome:  # the state stands for everything up to its place
                self.fresh += 1
                assert len(welcome["state"]["board"]) == self.upto
                self.heard = list(range(1, self.upto + 1))
            return
        self.heard += [item["seq"] for item in frame["news"]]
        self.upto = frame["upto"]

    def cut(self) -> None:
        if self.socket is not None:
            self.socket.transport.abort()


@pytest.mark.faults
async def test_cut_at_random_places_nothing_is_missing_and_nothing_twice(tmp_path: Path) -> None:
    dice = random.Random(7)
    async with serving(tmp_path) as day:
        listener = Listener(day, await day.sign_in())
        listening = asyncio.create_task(listener.listen(EVENTS))
        await asyncio.sleep(0.2)
        cuts = set(dice.sample(range(EVENTS), CUTS))
        for n in range(EVENTS):
            await day.house.board.say(Actor.house(DAY), str(n))
            if n in cuts:
                listener.cut()
        await asyncio.wait_for(listening, 30)

    assert listener.heard == list(range(1, EVENTS + 1))


@pytest.mark.faults
async def test_all_who_are_reset_at_once_are_caught_up_without_the_database(tmp_path: Path) -> None:
    crowd_size = 150
    async with serving(tmp_path) as day:
        cookie = await day.sign_in()
        crowd = [Listener(day, cookie) for _ in range(crowd_size)]
        listening = [asyncio.create_task(one.listen(40)) for one in crowd]
        for n in range(20):
            await day.house.board.say(Actor.house(DAY), str(n))
        while any(one.upto < 20 for one in crowd):
            await asyncio.sleep(0.05)
        reads: list[int] = []
        event.listen(day.house.store._reader.sync_engine, "begin", lambda _connection: reads.append(1))
        for one in crowd:
            one.cut()
        for n in range(20, 40):
            await day.house.board.say(Actor.house(DAY), str(n))
        await asyncio.wait_for(asyncio.gather(*listening), 60)

    assert {tuple(one.heard[-20:]) for one in crowd} == {tuple(range(21, 41))}
    assert all(one.fresh == 1 for one in crowd)
    assert len(reads) <= 50
