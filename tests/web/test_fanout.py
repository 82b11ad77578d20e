"""uvicorn does not document what `web.fanout`, `web.connection` and `web.server` stand on: fail loudly when it changes."""

from __future__ import annotations

import inspect

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from web import connection, fanout, server
from web.fanout import NAMES, LiveProtocol

OVERRIDDEN = {
    WebSocketsSansIOProtocol: [
        "connection_made", "handle_connect", "handle_cont", "send_receive_event_to_app", "pause_writing", "resume_writing",
        "keepalive_timeout", "shutdown", "connection_lost", "start_keepalive", "stop_keepalive", "handle_close", "handle_parser_exception",
    ],
    HttpToolsProtocol: ["connection_made", "data_received", "on_message_begin", "on_headers_complete", "connection_lost"],
    uvicorn.Server: ["startup", "shutdown", "capture_signals"],
}  # fmt: skip


def test_the_minor_version_is_the_one_that_was_read() -> None:
    assert uvicorn.__version__.startswith("0.54.")


@pytest.mark.parametrize("of", OVERRIDDEN)
def test_what_is_overridden_is_still_there(of: type) -> None:
    assert [name for name in OVERRIDDEN[of] if not callable(getattr(of, name, None))] == []


async def test_the_attributes_are_still_there() -> None:
    async def nothing(_scope: object, _receive: object, _send: object) -> None: ...

    config = uvicorn.Config(nothing, log_config=None)
    config.load()
    socket = LiveProtocol(config=config, server_state=ServerState(), app_state={})
    http = connection.PatientHttp(config=config, server_state=ServerState(), app_state={})

    assert [name for name in NAMES if not hasattr(socket, name)] == []
    assert [name for name in ("transport", "loop", "parser") if not hasattr(http, name)] == []
    assert hasattr(uvicorn.Server(config), "_captured_signals")


def test_nothing_of_ours_hides_a_name_of_uvicorns() -> None:
    ours = {name for name in vars(LiveProtocol) if not name.startswith("__")}
    theirs = {name for name in dir(WebSocketsSansIOProtocol) if not name.startswith("__")}

    assert ours & theirs == set(OVERRIDDEN[WebSocketsSansIOProtocol]) & ours


def test_a_text_message_is_still_handed_over_where_we_take_it() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol)

    assert "self.send_receive_event_to_app()" in inspect.getsource(WebSocketsSansIOProtocol.handle_text)
    assert 'self.curr_msg_data_type = "text"' in source
    assert "def upgrade" not in source
    assert "self.ws_protocol_class(" in inspect.getsource(HttpToolsProtocol.handle_websocket_upgrade)


def test_the_reasons_are_written_down() -> None:
    assert all("undocumented" in (module.__doc__ or "") or "not document" in (module.__doc__ or "") for module in (fanout, connection))
    assert server.BACKLOG == 4096
