"""Limits counted over all processes."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import BlockingConnectionPool, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from conference.core.outage import Outage
from web.limits import LocalMeter, Rate

REDIS_WAIT_S: Final = 1.0
CONNECTIONS_MOST: Final = 8  # who comes meanwhile waits for one: a burst of votes is no outage


class RedisMeter:
    """A moving window in Redis. While Redis is away each process counts for itself."""

    def __init__(self, pool: ConnectionPool) -> None:
        options: dict[str, Any] = {"connection_pool": pool}
        self._windows = MovingWindowRateLimiter(RedisStorage("async+redis://", implementation="redispy", **options))
        self._local = LocalMeter()
        self._outage = Outage("redis, in whose place this process counts limits,", whole=False)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[RedisMeter]:
        """Redis may be away now, and at any time."""
        patience: dict[str, Any] = {"timeout": REDIS_WAIT_S, "socket_timeout": REDIS_WAIT_S, "socket_connect_timeout": REDIS_WAIT_S}
        pool = BlockingConnectionPool.from_url(url, **patience, retry=Retry(NoBackoff(), 0), max_connections=CONNECTIONS_MOST)
        try:
            yield cls(pool)
        finally:
            await pool.disconnect()

    async def take(self, key: str, rate: Rate) -> float:
        """Take one."""
        window = RateLimitItemPerSecond(rate.amount, math.ceil(rate.per_s), namespace="samsyn")
        try:
            free = await self._windows.hit(window, key)
            self._outage.over()
            if free:
                return 0.0
            reset_at, _left = await self._windows.get_window_stats(window, key)
            return max(0.1, reset_at - time.time())  # Redis counts by the clock on the wall
        except Exception as error:  # noqa: BLE001  # whatever the driver raises: a limit must never be why somebody cannot vote
            self._outage.note(error)
            return await self._local.take(key, rate)
