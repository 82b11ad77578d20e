"""How live sources are reached: what the media process is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from streaming.media.ice import Ways
from streaming.media.sparing import Spare


@dataclass(frozen=True)
class Options:
    """The arguments.

    Attributes:
        ways: servers that tell us our address or pass packets on; none: nobody is asked.
        allow_loopback: candidates on this machine; for tests.
        rtmp_ports: one is taken for each studio that sends by RTMP.
        reserve_bytes: left free on the disk; below that sources are kept in memory for a short while.
        spare: how many sources may be encoded for a sooner cut.
    """

    ways: Ways = field(default_factory=Ways)
    allow_loopback: bool = False
    rtmp_host: str = "127.0.0.1"
    rtmp_ports: range = range(19_350, 19_450)
    reserve_bytes: int = 500 << 20
    spare: Spare = field(default_factory=Spare)
