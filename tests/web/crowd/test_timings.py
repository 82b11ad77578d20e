from __future__ import annotations

from web.crowd.timings import Timings


def test_quantiles_are_times_that_were_measured() -> None:
    times = Timings(n / 1000 for n in range(1, 101))

    report = times.report()

    assert (report["n"], report["p50_ms"], report["p95_ms"], report["p99_ms"], report["max_ms"]) == (100, 50.0, 95.0, 99.0, 100.0)


def test_a_histogram_says_how_many_took_how_long() -> None:
    times = Timings([0.0005, 0.001, 0.0011, 0.003, 100.0])

    assert times.report()["histogram"] == [{"le_ms": 1, "n": 2}, {"le_ms": 2, "n": 1}, {"le_ms": 4, "n": 1}, {"le_ms": 65536, "n": 1}]


def test_of_one_time_all_quantiles_are_that_and_of_none_there_are_none() -> None:
    assert Timings([0.25]).report()["p99_ms"] == 250.0
    assert Timings().report() == {"n": 0}
