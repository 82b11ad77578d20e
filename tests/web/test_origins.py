from __future__ import annotations

import pytest

from web.origins import Origins, address_of

HERE = ("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("host", "server", "ours"),
    [
        ("192.0.2.1:8000", HERE, True), ("192.0.2.1", HERE, False), ("localhost:8000", HERE, False),
        ("127.0.0.1:8000", ("127.0.0.1", 8000), True),
        ("LOCALHOST:8000", ("127.0.0.1", 8000), True), ("[::1]:8000", ("::1", 8000), True), ("192.0.2.1", ("192.0.2.1", 80), True),
        ("min.dator:8000", HERE, True), ("evil.example:8000", HERE, False), ("192.0.2.1:8000", None, False),
    ],
)  # fmt: skip
def test_without_a_base_url_the_bound_addresses_are_ours(host: str, server: tuple[str, int] | None, ours: bool) -> None:
    assert Origins(None, frozenset({"min.dator"})).is_ours(host, server) is ours


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("dagen.example", True),
        ("dagen.example:443", True),
        ("DAGEN.example", True),
        ("dagen.example:8000", False),
        ("192.0.2.1:8000", False),
    ],
)
def test_with_a_base_url_it_alone_is_ours(host: str, ours: bool) -> None:
    assert Origins("https://dagen.example").is_ours(host, HERE) is ours


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "found"),
    [
        ("192.0.2.9", "203.0.113.1", (), "192.0.2.9"),
        ("10.0.0.2", "203.0.113.1", ("10.0.0.0/8",), "203.0.113.1"),
        ("10.0.0.2", "198.51.100.7, 203.0.113.1, 10.0.0.3", ("10.0.0.0/8",), "203.0.113.1"),
        ("10.0.0.2", "nonsense", ("10.0.0.0/8",), "10.0.0.2"),
        ("10.0.0.2", "", ("10.0.0.0/8",), "10.0.0.2"),
        ("unix", "203.0.113.1", ("10.0.0.0/8",), "unix"),
    ],
)
def test_only_a_named_proxy_is_believed(peer: str, forwarded: str, trusted: tuple[str, ...], found: str) -> None:
    assert address_of(peer, {"x-forwarded-for": forwarded}, trusted) == found
