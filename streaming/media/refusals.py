"""How a viewer is told that it cannot watch."""

from __future__ import annotations


class CannotWatch(Exception):
    """No connection for this viewer: which *status* and *code*, and the reason for a log."""

    def __init__(self, status: int, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.status, self.code = status, code
