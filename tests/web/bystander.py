"""What holds for every bad input, however it came in: the invariants G1-G8 of the fault cases."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from tests.web.floor import DAY
from tests.web.houses import Served, heard, until

SOON_S = 3  # the promise is one second, on a machine that does nothing else; tests run beside each other
HERE = re.escape(str(Path(__file__).parents[2]))
INSIDES = re.compile(HERE + r'|Traceback|File "|site-packages|\.py\b|SELECT |sqlite|sqlalchemy|starlette|uvicorn|msgspec', re.IGNORECASE)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@asynccontextmanager
async def bystander(day: Served, caplog: pytest.LogCaptureFixture, *, files: bool = True) -> AsyncIterator[None]:
    """Somebody healthy is there during the case and after it, and nothing else has changed when it is over."""
    async with day.http(await day.sign_in("Vid sidan av")) as http, day.socket(http.headers["Cookie"]) as ws:
        await heard(ws)
        before, memory, descriptors = (await http.get(f"/days/{DAY}/state")).json(), resident_bytes(), open_files()
        caplog.clear()
        yield
        async with asyncio.timeout(SOON_S):
            assert (await http.get("/healthz")).status_code == 200
        assert (await http.get(f"/days/{DAY}/state")).json() == before
        await ws.send(msgspec.json.encode({"id": f"probe-{before['seq']}", "do": "board.say", "args": {"text": "probe"}}).decode())
        async with asyncio.timeout(SOON_S):
            assert (await until(ws, re=f"probe-{before['seq']}"))["ok"]
        await asyncio.sleep(0.1)
        assert resident_bytes() - memory < 50_000_000
        assert not files or open_files() <= descriptors + 2
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def nothing_told(text: str) -> None:
    """No insides in an answer."""
    assert INSIDES.search(text) is None
