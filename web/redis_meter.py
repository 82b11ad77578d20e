"""Limits counted over all processes."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from web.limits import LocalMeter, Rate

REDIS_WAIT_S: Final = 1.0

log = logging.getLogger(__name__)


class RedisMeter:
    """A moving window in Redis. While Redis is away each process counts for itself."""

    def __init__(self, pool: ConnectionPool) -> None:
        options: dict[str, Any] = {"connection_pool": pool}
        self._windows = MovingWindowRateLimiter(RedisStorage("async+redis://", implementation="redispy", **options))
        self._local = LocalMeter()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[RedisMeter]:
        """Redis may be away now, and at any time."""
        pool = ConnectionPool.from_url(
            url, socket_timeout=REDIS_WAIT_S, socket_connect_timeout=REDIS_WAIT_S, retry=Retry(NoBackoff(), 0), max_connections=8
        )
        try:
            yield cls(pool)
        finally:
            await pool.disconnect()

    async def take(self, key: str, rate: Rate) -> float:
        """Take one."""
        window = RateLimitItemPerSecond(rate.amount, math.ceil(rate.per_s), namespace="samsyn")
        try:
            if await self._windows.hit(window, key):
                return 0.0
            reset_at, _left = await self._windows.get_window_stats(window, key)
            return max(0.1, reset_at - time.time())  # Redis counts by the clock on the wall
        except Exception as error:  # noqa: BLE001  # whatever the driver raises: a limit must never be why somebody cannot vote
            log.warning("redis is away, limits are counted in this process: %r", error)
            return await self._local.take(key, rate)
