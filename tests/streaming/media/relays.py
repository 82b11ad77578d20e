"""A way through the network that a test can cut: datagrams pass between a sender and the media process, or are lost."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aioice.ice import get_host_addresses

LOOK_S = 0.2
MOST_BYTES = 65_535

Address = tuple[str, int]


class Relay:
    """Two sockets, each of which hides one end from the other.

    Attributes:
        is_cut: nothing passes while it is set.
    """

    def __init__(self) -> None:
        self.is_cut, self._is_over = False, False
        host = get_host_addresses(use_ipv4=True, use_ipv6=False)[0]
        self._ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        self._peers: list[Address | None] = [None, None]
        for end in self._ends:
            end.bind((host, 0))
            end.settimeout(LOOK_S)
        self._threads = [threading.Thread(target=self._carry, args=(n,), daemon=True) for n in range(2)]
        for thread in self._threads:
            thread.start()

    def offered(self, sdp: str) -> str:
        """What a sender offers, as the media process is to read it."""
        return _through(sdp, self._ends[1].getsockname())

    def answered(self, sdp: str) -> str:
        """The answer, as the sender is to read it."""
        return _through(sdp, self._ends[0].getsockname())

    def close(self) -> None:
        """Carry nothing more."""
        self._is_over = True
        for thread in self._threads:
            thread.join()
        for end in self._ends:
            end.close()

    def _carry(self, n: int) -> None:
        """From one end to the other; who is at an end is known when they have sent something."""
        while not self._is_over:
            with suppress(OSError):  # nothing came for a moment, or nobody listens there any more
                body, self._peers[n] = self._ends[n].recvfrom(MOST_BYTES)
                peer = self._peers[1 - n]
                if peer is not None and not self.is_cut:
                    self._ends[1 - n].sendto(body, peer)


@contextmanager
def a_relay() -> Iterator[Relay]:
    """One for the block."""
    relay = Relay()
    try:
        yield relay
    finally:
        relay.close()


def _through(sdp: str, place: Address) -> str:
    """The only candidate is *place*."""
    told = f"a=candidate:1 1 udp 2130706431 {place[0]} {place[1]} typ host"
    bare = re.sub(r"(?m)^a=(candidate:.*|end-of-candidates)\r?\n", "", sdp)
    return re.sub(r"(?m)^(a=ice-ufrag:)", f"{told}\r\na=end-of-candidates\r\n\\1", bare)
