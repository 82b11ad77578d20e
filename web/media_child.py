"""The media process as a child of ours: started with us, started again when it dies, ended with us.

Its death leaves polls and chat alive; lanes show the slate until it is back.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from streaming.media.ice import Ways
from web import secret_files
from web.settings import Settings

ROOT: Final = Path(__file__).parent.parent
LOCALHOST: Final = "127.0.0.1"
AGAIN_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # before the first, second … new start in a row
SETTLED_S: Final = 60.0  # a child that lived so long starts the row anew
GRACE_S: Final = 5.0

log = logging.getLogger(__name__)


class MediaChild:
    """Keeps one media process running, always at the same address.

    Args:
        token_file: holds what its clients must bring.
        words: more arguments of ``python -m streaming.media``.
    """

    def __init__(self, data_dir: Path, token_file: Path, words: Sequence[str] = ()) -> None:
        self._words = words
        self._data_dir, self._token_file = data_dir.absolute(), token_file.absolute()
        self._port = _free_port()
        self.url = f"http://{LOCALHOST}:{self._port}"
        self.starts = 0
        self.pid: int | None = None

    async def run(self) -> None:
        """Start it, and again whenever it ends, for ever."""
        clock, in_a_row = asyncio.get_running_loop().time, 0
        while True:
            began = clock()
            code = await self._life()
            in_a_row = 0 if clock() - began > SETTLED_S else in_a_row + 1
            wait_s = AGAIN_S[min(in_a_row, len(AGAIN_S)) - 1] if in_a_row else AGAIN_S[0]
            log.warning("the media process ended with %s; it is started again in %s s", code, wait_s)
            await asyncio.sleep(wait_s)

    async def _life(self) -> int:
        """One child from start to end; ended when we are."""
        arguments = ["--host", LOCALHOST, "--port", str(self._port), "--data-dir", str(self._data_dir)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streaming.media", *arguments, "--token-file", str(self._token_file), "--with-parent", *self._words,
            stdin=PIPE, stdout=PIPE, cwd=ROOT,
        )  # fmt: skip
        self.starts, self.pid = self.starts + 1, process.pid
        try:
            assert process.stdout
            while await process.stdout.read(4096):  # one line to say that it listens; a full pipe would stop it
                pass
            return await process.wait()
        finally:
            self.pid = None
            await _end(process)


def media_words(settings: Settings, ice_file: Path) -> list[str]:
    """What the media process is told of the network: STUN and TURN servers, and where studios reach it.

    The servers come by *ice_file*, which is written here and which nobody else may read: everybody on a computer may read command lines.
    """
    ways = Ways(settings.ice_servers, settings.turn_secret, settings.media_by_turn)
    secret_files.keep(ice_file, msgspec.json.encode(ways).decode())
    return ["--ice-file", str(ice_file.absolute()), "--rtmp-host", settings.host]


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(GRACE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])
