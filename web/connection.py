"""One HTTP connection, not for ever: whoever sends half a request and waits is hung up on.

uvicorn has no limit on how long or how large a request's head may be. Like `web.fanout` this stands on undocumented names of the pinned
minor version, and `tests/web/test_fanout.py` fails loudly when they change.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S: Final = 10.0  # from the first byte of a request to the end of its headers; also from connecting to the first byte
HEAD_MOST_BYTES: Final = 32 * 1024  # cookies and all take less than 2 kB
TOO_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class PatientHttp(HttpToolsProtocol):
    """uvicorn's HTTP connection, whose patience has an end."""

    _deadline: TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in the class above
        """Somebody connects, and has to say something."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Something is said."""
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_MOST_BYTES:
            self._hang_up(TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._in_head = True
        if self._deadline is None:
            self._head_bytes = 0
            self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head of a request is whole."""
        self._in_head, self._head_bytes = False, 0
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(HEAD_S, self._hang_up, TOO_LATE)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self, why: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(why)
            self.transport.close()
