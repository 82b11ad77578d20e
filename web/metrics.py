"""Figures of this process for Prometheus, taken when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, GC_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from web.house import House, Machine

if TYPE_CHECKING:
    from streaming.media.runs import Status

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
        if isinstance(self._house, House):
            yield from _sources(self._house.booth.statuses)


def _sources(statuses: Mapping[tuple[str, str], Status]) -> Iterator[Metric]:
    """How live sources were doing half a second ago, as this process heard of it; a source that is silent has no loudness."""
    figures: dict[str, tuple[str, Callable[[Status], float | None]]] = {
        "live": ("Whether the source sends.", lambda one: float(one.state == "live")),
        "bits_per_second": ("How much of it comes.", lambda one: one.kbit_s * 1_000.0),
        "level_db": ("How loud it is, in dB below full scale.", lambda one: one.level_db),
        "lost_pictures": ("Pictures lost on the way since its sender came.", lambda one: float(one.lost)),
        "viewers": ("Who look at it without delay.", lambda one: float(one.viewers)),
        "reencoded": ("Whether its pictures are encoded anew.", lambda one: float(one.reencoded)),
        "disk_full": ("Whether it is kept in memory only.", lambda one: float(one.disk_full)),
    }
    for name, (meaning, of) in figures.items():
        family = GaugeMetricFamily(f"samsyn_source_{name}", meaning, labels=["day", "source"])
        for labels, status in statuses.items():
            if (value := of(status)) is not None:
                family.add_metric(labels, value)
        yield family
    states = GaugeMetricFamily("samsyn_source_state", "1 for the state that the source is in.", labels=["day", "source", "kind", "state"])
    for labels, status in statuses.items():
        states.add_metric([*labels, status.kind, status.state], 1.0)
    yield states


def written(house: Machine) -> bytes:
    """All figures as text."""
    registry = CollectorRegistry()
    registry.register(_Figures(house))
    for collector in (PROCESS_COLLECTOR, GC_COLLECTOR):
        registry.register(collector)
    return generate_latest(registry)
