"""How long things took: quantiles and a histogram, without a library for it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

BUCKETS_MS: Final = tuple(2**power for power in range(17))  # 1 ms to 65 s
QUANTILES: Final = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}


class Timings:
    """Seconds, each of them kept: 20,000 take 640 kB."""

    def __init__(self, seconds: Iterable[float] = ()) -> None:
        self._seconds = list(seconds)

    def __len__(self) -> int:
        """How many."""
        return len(self._seconds)

    def add(self, seconds: float) -> None:
        """One more."""
        self._seconds.append(seconds)

    def quantile(self, part: float) -> float:
        """The smallest time within which at least *part* of all were done; 0 when there are none."""
        found = sorted(self._seconds)
        return found[max(math.ceil(part * len(found)) - 1, 0)] if found else 0.0

    def report(self) -> dict[str, Any]:
        """``n``, quantiles and the longest in milliseconds, and how many fell into each bucket: above the last one, up to ``le_ms``."""
        if not self._seconds:
            return {"n": 0}
        quantiles = {name: _ms(self.quantile(part)) for name, part in QUANTILES.items()}
        return {"n": len(self._seconds), **quantiles, "max_ms": _ms(max(self._seconds)), "histogram": self._histogram()}

    def _histogram(self) -> list[dict[str, int]]:
        counts = dict.fromkeys(BUCKETS_MS, 0)
        for seconds in self._seconds:
            counts[next((most for most in BUCKETS_MS if seconds * 1000 <= most), BUCKETS_MS[-1])] += 1
        return [{"le_ms": most, "n": n} for most, n in counts.items() if n]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
