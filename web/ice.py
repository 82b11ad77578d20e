"""What WHIP and WHEP clients are told of STUN and TURN servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streaming.media.ice import servers

__all__ = ["link", "servers"]


def link(found: Sequence[dict[str, Any]]) -> str:
    """Servers as a ``Link`` header (RFC 9725)."""
    return ", ".join(_link(one) for one in found)


def _link(one: dict[str, Any]) -> str:
    plain = f'<{one["urls"]}>; rel="ice-server"'
    if "credential" not in one:
        return plain
    return f'{plain}; username="{one["username"]}"; credential="{one["credential"]}"; credential-type="password"'
