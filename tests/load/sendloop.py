"""The plainest fan-out that Starlette can do, to compare with: what one says is sent to each of all in a loop.

python -m tests.load.sendloop PORT
"""

from __future__ import annotations

import logging
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SOCKETS: dict[WebSocket, None] = {}


async def stay(socket: WebSocket) -> None:
    """Whoever comes hears all, and may say something."""
    await socket.accept()
    SOCKETS[socket] = None
    try:
        while True:
            said = await socket.receive_text()
            for one in list(SOCKETS):
                await one.send_text(said)
    except WebSocketDisconnect:
        del SOCKETS[socket]


if __name__ == "__main__":
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it tells of each line that is gone
    app = Starlette(routes=[WebSocketRoute("/ws", stay)])
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="asyncio", log_level="warning", backlog=4096, ws_per_message_deflate=False
    )
