from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from conference.core.errors import Refused
from web import limits
from web.limits import PER_PERSON, Limit, Limits, LocalMeter, Meter, Rate, network
from web.redis_meter import RedisMeter

THREE = Rate(3, 2)


@pytest.fixture(params=["local", "redis"])
async def meter(request: pytest.FixtureRequest) -> AsyncIterator[Meter]:
    if request.param == "local":
        yield LocalMeter()
        return
    async with RedisMeter.open(str(request.getfixturevalue("redis"))) as meter:
        yield meter


async def test_so_many_at_once_and_then_one_waits(meter: Meter) -> None:
    waits = [await meter.take("a", THREE) for _ in range(4)]

    assert waits[:3] == [0, 0, 0]
    assert 0 < waits[3] <= 2
    assert await meter.take("b", THREE) == 0


async def test_without_redis_each_process_counts_for_itself() -> None:
    async with RedisMeter.open("redis://127.0.0.1:1") as meter:
        waits = [await meter.take("a", THREE) > 0 for _ in range(4)]

    assert waits == [False, False, False, True]


def test_time_gives_back_what_was_taken() -> None:
    now = [0.0]
    meter = LocalMeter(lambda: now[0])
    waits = [meter.take_now("a", THREE) for _ in range(4)]
    now[0] += waits[3]

    assert meter.take_now("a", THREE) == 0
    assert meter.take_now("a", THREE) > 0


def test_looking_takes_nothing() -> None:
    meter = LocalMeter(lambda: 0.0)
    for _ in range(10):
        assert meter.look("a", THREE) == 0
    for _ in range(3):
        meter.take_now("a", THREE)
    assert meter.look("a", THREE) > 0


def test_idle_meters_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEYS_MOST", 100)
    meter = LocalMeter(lambda: 0.0)
    for n in range(1000):
        meter.take_now(str(n), THREE)

    assert len(meter._full_at) <= 101


def test_every_class_has_a_rate_and_a_refusal_says_when() -> None:
    assert set(PER_PERSON) == set(Limit)
    local = LocalMeter(lambda: 0.0)
    it = Limits(local, local)
    for _ in range(PER_PERSON[Limit.SPEECH].amount):
        it.wish(Limit.SPEECH, "d", "kim")
    with pytest.raises(Refused) as refused:
        it.wish(Limit.SPEECH, "d", "kim")
    assert refused.value.code == "limit.reached"
    assert refused.value.retry_after_ms
    it.wish(Limit.SPEECH, "d", "lo")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_of_ipv6_a_whole_house_is_one_address(address: str, counted: str) -> None:
    assert network(address) == counted
