"""Which addresses are ours, and where a request comes from: Host, Origin, and the address behind a named proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

Server: TypeAlias = tuple[str, int | None] | None
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
OWN_SITE: Final = frozenset({"same-origin", "none"})  # "none": typed in, a bookmark; never from a page of somebody else


@dataclass(frozen=True)
class Origins:
    """What is ours: the base URL, or else the addresses that we listen on.

    Attributes:
        base_url: as ``https://dagen.example``; ``None`` when none is set.
        names: host names given on the command line, for when no base URL is set.
    """

    base_url: str | None
    names: frozenset[str] = frozenset()

    def is_ours(self, host: str, server: Server) -> bool:
        """Whether a ``Host`` header names us.

        Args:
            server: the address that this very connection came in on.
        """
        return self._plain(host.lower()) in self._hosts(server)

    def own(self, host: str) -> str:
        """The origin of a page of ours that was asked for under *host*."""
        return self.base_url or f"http://{host.lower()}"

    def is_foreign(self, headers: Mapping[str, str]) -> bool:
        """Whether a request says that a page of somebody else asked for it."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        return (origin is not None and origin != self.own(headers.get("host", ""))) or (site is not None and site not in OWN_SITE)

    def is_own(self, headers: Mapping[str, str]) -> bool:
        """Whether a request proves that a page of ours, or a program that knows our address, asked for it."""
        if self.is_foreign(headers):
            return False
        return headers.get("sec-fetch-site") == "same-origin" or headers.get("origin") is not None

    def _hosts(self, server: Server) -> set[str]:
        if self.base_url:
            return {self._plain(urlsplit(self.base_url).netloc)}
        if server is None:
            return set()
        address, port = server
        names = {f"[{address}]" if ":" in address else address, *self.names}
        if address.startswith("127.") or address == "::1":
            names.add("localhost")
        return {self._plain(f"{name}:{port}") for name in names}

    def _plain(self, host: str) -> str:
        port = DEFAULT_PORTS["https" if (self.base_url or "").startswith("https") else "http"]
        return host.removesuffix(f":{port}")


def address_of(peer: str, headers: Mapping[str, str], trusted: Iterable[str]) -> str:
    """Where a request comes from: the peer, or what the nearest proxy that is not ours was told, when the peer is a proxy of ours."""
    trusted = list(trusted)
    hops = [peer, *reversed([hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()])]
    for hop in hops:
        try:
            ipaddress.ip_address(hop)
        except ValueError:
            return peer
        if not is_within(hop, trusted):
            return hop
    return hops[-1]


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is one of these, or in one of these networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(word, strict=False) for word in networks)
