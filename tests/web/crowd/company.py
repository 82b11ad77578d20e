"""Clients that have joined a peer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.web.crowd.peer import CODE
from web.crowd.client import Client
from web.crowd.door import Door, Who


def soon(_tries: int) -> float:
    """Come back at once."""
    return 0.01


@asynccontextmanager
async def there(door: Door, **options: Any) -> AsyncIterator[Client]:
    """A client that has joined and been welcomed."""
    client = Client(door, Who(name="Kim"), waits=soon, **options)
    await client.join(CODE)
    running = asyncio.create_task(client.stay())
    await asyncio.wait_for(client.welcomed.wait(), 5)
    try:
        yield client
    finally:
        client.leave()
        await running


async def until(true: Callable[[], object], most_s: float = 5) -> None:
    """Wait for something, but not for ever."""
    async with asyncio.timeout(most_s):
        while not true():  # what is waited for knows of no event
            await asyncio.sleep(0.01)
