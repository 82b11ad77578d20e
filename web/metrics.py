"""Figures of this process for Prometheus, taken when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, GC_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from web.house import Machine

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class _Figures(Collector):
    def __init__(self, house: Machine) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Read where things stand."""
        floor = self._house.floor
        yield GaugeMetricFamily("samsyn_browsers", "Screens connected to this process.", len(floor.browsers))
        yield GaugeMetricFamily("samsyn_loop_late_seconds", "How late the event loop wakes.", floor.pressure.late_s)
        yield GaugeMetricFamily("samsyn_draining", "Whether the process is about to stop.", float(floor.draining))
        yield GaugeMetricFamily("samsyn_errands", "Tasks under way beside requests.", len(floor.errands))
        places = GaugeMetricFamily("samsyn_log_place", "How far the log of each day that is looked at has come.", labels=["day"])
        for day, hub in floor.hubs.all.items():
            places.add_metric([day], hub.ring.upto)
        yield places
        answers = CounterMetricFamily("samsyn_http_answers", "Answered requests.", labels=["method", "status"])
        for (method, status), count in floor.traffic.items():
            answers.add_metric([method, str(status)], count)
        yield answers


def written(house: Machine) -> bytes:
    """All figures as text."""
    registry = CollectorRegistry()
    registry.register(_Figures(house))
    for collector in (PROCESS_COLLECTOR, GC_COLLECTOR):
        registry.register(collector)
    return generate_latest(registry)
