"""Limits counted over all processes."""

from __future__ import annotations

import logging
import math
import time
from typing import Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from web.limits import LocalMeter, Rate

REDIS_WAIT_S: Final = 1.0

log = logging.getLogger(__name__)


class RedisMeter:
    """Over all processes: a moving window in Redis. While Redis is away each process counts for itself."""

    def __init__(self, url: str) -> None:
        storage = RedisStorage(f"async+{url}", implementation="redispy", socket_timeout=REDIS_WAIT_S, socket_connect_timeout=REDIS_WAIT_S)
        self._windows = MovingWindowRateLimiter(storage)
        self._local = LocalMeter()

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
