"""The server is killed between an event and the message of it, and while a message is under way: it is sent at least once, under one id."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.running import Samsyn, samsyn
from tests.staff import Person
from tests.web.receivers import Receiver, a_receiver, certificate

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SENT_MOST_S = 150.0  # a message that was under way is tried again when nobody else can be trying it: a minute later


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[Receiver]:
    async with a_receiver(certificate(tmp_path)) as made:
        yield made


def a_demo(tmp_path: Path, port: int = 0) -> AbstractContextManager[Samsyn]:
    """A live day that may send to this computer, and trusts the receiver's certificate."""
    words = ["--participants", 0, "--speed", 0, "--operator", "off"]
    trusted = {"SAMSYN_WEBHOOK_NETWORKS": "127.0.0.0/8,::1/128", "SSL_CERT_FILE": str(tmp_path / "receiver.pem")}
    return samsyn("demo", tmp_path / "data", *words, port=port, **trusted)


def again(servers: ExitStack, tmp_path: Path, before: Samsyn) -> Samsyn:
    """The same folder on the same port, after kill -9."""
    before.kill()
    return servers.enter_context(a_demo(tmp_path, urlsplit(before.url).port or 0))


def ended(running: Samsyn, receiver: Receiver) -> str:
    """Let the day end with a webhook waiting for it; its secret."""
    with Person(running).by_link("organizer") as organizer:
        fields = {"do": "make_webhook", "url": f"https://localhost:{receiver.port}/in", "kind": ["day.ended"]}
        made = organizer.http.post(f"{running.day}/integrations", data=fields).raise_for_status()
        organizer.ask("day.end")
    return str(re.findall(r"whsec_[\w+/=]{44}", made.text)[0])


async def messages(tmp_path: Path, state: str) -> list[str]:
    """The ids of all messages there are, when all of them are in this state."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'samsyn.db'}")
    try:
        async with asyncio.timeout(SENT_MOST_S):
            while True:
                async with engine.connect() as connection:
                    rows = (await connection.execute(text("select delivery, state from delivery"))).all()
                if rows and {row.state for row in rows} == {state}:
                    return [str(row.delivery) for row in rows]
                await asyncio.sleep(0.1)
    finally:
        await engine.dispose()


async def test_an_event_that_was_committed_is_told_after_kill_9(tmp_path: Path, receiver: Receiver) -> None:
    with ExitStack() as servers:
        running = servers.enter_context(await asyncio.to_thread(lambda: a_demo(tmp_path)))
        secret = await asyncio.to_thread(ended, running, receiver)
        second = await asyncio.to_thread(again, servers, tmp_path, running)

        async with asyncio.timeout(SENT_MOST_S):
            got = await receiver.has(1)
        [message] = await messages(tmp_path, "delivered")

        assert {(one.headers["webhook-id"], one.told["type"]) for one in got} == {(message, "day.ended")}
        assert {one.is_signed(secret) for one in got} == {True}
        assert second.complaints() == []


async def test_a_message_that_was_under_way_is_sent_again_under_the_same_id(tmp_path: Path, receiver: Receiver) -> None:
    """The receiver has it, and the server dies before it hears so."""
    receiver.until = asyncio.Event()
    with ExitStack() as servers:
        running = servers.enter_context(await asyncio.to_thread(lambda: a_demo(tmp_path)))
        secret = await asyncio.to_thread(ended, running, receiver)
        [first] = list(await receiver.has(1))
        second = await asyncio.to_thread(again, servers, tmp_path, running)
        receiver.until.set()

        async with asyncio.timeout(SENT_MOST_S):
            got = await receiver.has(2)
        [message] = await messages(tmp_path, "delivered")

        assert [(one.headers["webhook-id"], one.body) for one in got] == [(message, first.body)] * 2
        assert [one.is_signed(secret) for one in got] == [True, True]
        assert second.complaints() == []
