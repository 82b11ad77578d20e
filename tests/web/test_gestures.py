"""Gestures over the wire: one picture a second however many make them, nothing remembered of who did, a limit for each person."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from conference.core.asking import Remembered
from conference.core.audit import AuditEntry
from conference.core.transaction import Transaction
from conference.rundown.tables import Track
from tests.web.products import Product, product, with_a_day
from tests.web.test_questions import wish
from web.limits import PER_PERSON, Limit

ITEM = "i-oppning"
TWO_SECONDS = 2.0


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """A live day on which an item is on."""
    async with product(tmp_path) as one:
        await with_a_day(one)

        async def on(tx: Transaction) -> None:
            for track in await tx.every(Track, col(Track.day) == one.day):
                tx.put(track.model_copy(update={"shown": {**track.shown, "item": ITEM, "lane": "national"}}))

        await one.house.store.run(on)
        yield one


async def test_however_many_make_them_there_is_one_picture_a_second(made: Product) -> None:
    people = [await made.join() for _ in range(4)]
    async with made.socket(await made.join()) as looking:
        await looking.recv()
        began, pictures, sent = time.monotonic(), list[Any](), 0
        async with asyncio.timeout(150):  # a busy machine lets go of gestures first, and each is asked again
            for turn in range(6):
                for cookie in people:
                    async with made.http(cookie) as http:
                        status, _ = await wish(http, made.day, "gestures.send", gesture="clap" if turn % 2 else "heart")
                        sent += status == 200
                await asyncio.sleep(TWO_SECONDS / 6)
            while not pictures or sum(pictures[-1]["data"]["counts"].values()) < sent:
                frame = json.loads(await looking.recv())
                pictures += [one for one in frame.get("news", []) if one["type"] == "gestures.made"]
    seconds = time.monotonic() - began

    assert sent == 24
    assert pictures[-1] == {"key": f"gestures:{ITEM}", "type": "gestures.made", "data": {"item": ITEM, "counts": {"clap": 12, "heart": 12}}}
    assert len(pictures) <= int(seconds) + 2  # the first at once, then one a second


async def test_a_person_makes_so_many_as_the_limit_says_and_none_is_remembered(made: Product) -> None:
    many = 4 * PER_PERSON[Limit.GESTURE].amount
    async with made.http(await made.join()) as kim:
        told = await asyncio.gather(*(wish(kim, made.day, "gestures.send", gesture="wonder") for _ in range(many)))
        seen = (await kim.get(f"/days/{made.day}/state")).json()["gestures"]
    async with made.house.store.reading() as session:
        kept = len((await session.exec(select(Remembered))).all())
    granted = sum(status == 200 for status, _ in told)

    assert {answer["error"]["code"] for status, answer in told if status != 200} == {"limit.reached"}
    assert PER_PERSON[Limit.GESTURE].amount <= granted < many
    assert (seen, kept) == ({"item": ITEM, "counts": {"wonder": granted}, "off": []}, 0)


async def test_a_moderator_turns_them_off_audited_and_a_participant_does_not(made: Product) -> None:
    async with made.http(await made.join()) as kim, made.http(await made.enter("moderator")) as olga:
        told = [
            await wish(kim, made.day, "gestures.allow", on=False, lane="national"),
            await wish(olga, made.day, "gestures.allow", on=False, lane="national"),
            await wish(kim, made.day, "gestures.send", gesture="clap"),
        ]
        page = (await kim.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text
    async with made.house.store.reading() as session:
        audited = [(row.did, json.loads(row.note)) for row in await session.exec(select(AuditEntry)) if row.did.startswith("gestures")]

    assert [(status, answer.get("error", {}).get("code")) for status, answer in told] == [
        (403, "role.missing"),
        (200, None),
        (409, "gesture.off"),
    ]
    assert audited == [("gestures.allow", {"on": False, "lane": "national"})]
    assert re.search(r'<section class="gestures"[^>]* hidden>', page)


async def test_without_scripts_the_buttons_are_a_form(made: Product) -> None:
    async with made.http(await made.join()) as kim:
        answer = await kim.post(f"/days/{made.day}/do/gestures.send", data={"gesture": "heart"})
        page = (await kim.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text

    assert answer.status_code == 303
    assert re.search(r'data-count="heart">1<', page)
