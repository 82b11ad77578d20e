"""A peer to talk to, and a way to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.crowd.peer import Peer, serving
from web.crowd.door import Door


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving(Peer()) as peer:
        yield peer


@pytest.fixture
async def door(peer: Peer) -> AsyncIterator[Door]:
    async with Door(peer.base_url) as door:
        yield door
