"""Run the media process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvicorn

from streaming.media.app import build
from streaming.media.ice import Ways
from streaming.media.options import Options

GRACE_S = 3  # requests that are being answered may end
END_S = 20  # and after so long all ends: a successor writes to the same folders, and two must not


class Server(uvicorn.Server):
    """uvicorn raises a signal again when it has stopped; being told to end is no failure here."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ours are handled by `serve`."""
        yield


async def serve(given: argparse.Namespace) -> None:
    """Answer until SIGTERM or SIGINT, or until the parent has gone."""
    listening = socket.create_server((given.host, given.port))
    app = build(given.data_dir, given.token_file.read_text("utf-8").strip(), options=_options(given))
    server = Server(uvicorn.Config(app, lifespan="on", log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_S))
    loop = asyncio.get_running_loop()

    def end() -> None:
        faulthandler.dump_traceback_later(END_S, exit=True)  # needs neither the loop nor the interpreter, and tells what held on
        app.state.sources.notices.close()  # or the server would wait for their end
        server.should_exit = True

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 64):
            loop.remove_reader(sys.stdin.fileno())
            end()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, end)
    if given.with_parent:
        loop.add_reader(sys.stdin.fileno(), read)
    sys.stdout.write(json.dumps({"media_url": f"http://{given.host}:{listening.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    await server.serve([listening])


def _options(given: argparse.Namespace) -> Options:
    first, _, last = given.rtmp_ports.partition("-")
    ports = range(int(first), int(last or first) + 1)
    ways = msgspec.json.decode(given.ice_file.read_bytes(), type=Ways) if given.ice_file else Ways()
    return Options(ways, given.allow_loopback, given.rtmp_host, ports)


def main() -> None:
    """Read the arguments and serve."""
    asked = argparse.ArgumentParser(prog="python -m streaming.media", description=__doc__)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=0, help="0: a free one; the address stands in the one line that is printed")
    asked.add_argument("--data-dir", type=Path, required=True)
    asked.add_argument("--token-file", type=Path, required=True, help="what clients must bring as bearer token")
    asked.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    asked.add_argument(
        "--ice-file", type=Path, help='STUN and TURN servers: {"servers": ["stun:…", "turn:…"], "secret": …}; a file, for it holds secrets'
    )
    asked.add_argument("--allow-loopback", action="store_true", help="publishers on this machine, for tests")
    asked.add_argument("--rtmp-host", default="127.0.0.1", help="address on which studios are listened to")
    asked.add_argument("--rtmp-ports", default="19350-19449", help="each studio that sends by RTMP gets one of them")
    logging.basicConfig(level=logging.INFO, format="media: %(message)s")
    for name in ("aioice", "aiortc"):  # they tell of every pair of candidates, with addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.run(serve(asked.parse_args()))


if __name__ == "__main__":
    main()
