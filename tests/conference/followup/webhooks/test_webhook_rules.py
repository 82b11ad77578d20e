"""Where webhooks may lead, how they are signed, and when they are tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from conference.core.errors import Refused
from conference.followup.webhooks import Secrets, rules
from conference.followup.webhooks.signing import signed
from conference.followup.webhooks.tables import Delivery

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
INSIDE = [ip_network("10.20.0.0/16"), ip_network("fd00:20::/32")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1",
        "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:21::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_nothing_is_sent_inside(address: str) -> None:
    assert (rules.reachable(address, []), rules.reachable(address, INSIDE)) == (False, False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_the_open_internet_is_reached(address: str) -> None:
    assert rules.reachable(address, [])


@pytest.mark.parametrize("address", ["10.20.3.4", "::ffff:10.20.3.4", "fd00:20::1"])
def test_a_network_that_the_installation_names_is_reached(address: str) -> None:
    assert (rules.reachable(address, []), rules.reachable(address, INSIDE)) == (False, True)


@pytest.mark.parametrize(
    "url",
    [
        "", "mottagare.example", "http://mottagare.example/x", "ftp://mottagare.example", "https://", "https:///x", "https://u:p@mottagare.example",
        "https://u@mottagare.example", "https://mottagare.example/#x", "https://mottagare.example:99999/", "https://mott agare.example/",
        "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:8443/x", "https://mottagare.example/\r\nX: y", "https://å.example/",
        "https://mottagare.example/" + "x" * 500, "https://mottagare.example\\@10.0.0.1/", "https://[::1", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_webhook(url: str) -> None:
    with pytest.raises(Refused, match=r"webhook\.wrong_address"):
        rules.address(url, [])


def test_an_address_is_taken_as_it_is_and_http_only_where_the_installation_has_networks_inside() -> None:
    assert rules.address(" https://mottagare.example:8443/in?a=b ", []) == "https://mottagare.example:8443/in?a=b"
    assert rules.address("http://10.20.0.9/in", INSIDE) == "http://10.20.0.9/in"
    with pytest.raises(Refused, match=r"webhook\.wrong_address"):
        rules.address("http://10.21.0.9/in", INSIDE)


def test_a_signature_is_that_of_the_specification() -> None:
    """The example that the libraries of standardwebhooks.com test themselves with."""
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)

    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at)

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_follows_from_the_installation_and_is_another_for_each_webhook() -> None:
    secrets = Secrets("a" * 40)

    found = [secrets.of("d1", "w1"), secrets.of("d1", "w2"), secrets.of("d2", "w1"), Secrets("b" * 40).of("d1", "w1")]

    assert secrets.of("d1", "w1") == found[0]
    assert len(set(found)) == 4
    assert {one.startswith("whsec_") and len(one) == 50 for one in found} == {True}


def test_each_wait_is_four_times_as_long_up_to_a_day_and_no_two_messages_come_back_together() -> None:
    waits = {tries: rules.wait("msg_a", tries).total_seconds() for tries in range(1, rules.TRIES_MOST)}
    middle = {tries: min(5 * 4 ** (tries - 1), 24 * 3600) for tries in waits}
    total = timedelta(seconds=sum(middle.values()))

    assert {tries: abs(waits[tries] - middle[tries]) <= 0.2 * middle[tries] for tries in waits} == dict.fromkeys(waits, True)
    assert len({rules.wait(f"msg_{number}", 1) for number in range(100)}) == 100
    assert timedelta(days=5) < total < timedelta(days=6)


@pytest.mark.parametrize(
    ("status", "tries", "state"),
    [
        (200, 1, "delivered"), (204, 13, "delivered"), (None, 1, "waiting"), (302, 1, "waiting"), (400, 1, "waiting"), (503, 12, "waiting"),
        (503, 13, "given_up"), (None, 13, "given_up"), (410, 1, "given_up"),
    ],
)  # fmt: skip
def test_what_follows_from_an_answer(status: int | None, tries: int, state: str) -> None:
    one = Delivery(day="d", delivery="msg_a", webhook="w", kind="ping", body="{}", made_at=NOW, due_at=NOW, tries=tries)

    after = rules.after(one, status, "" if status else "timeout", at=NOW)

    assert (after.state, after.status, after.tried_at, after.due_at) == (state, status, NOW, NOW + rules.wait("msg_a", tries))
