"""What the load programs have in C: thousands of lines from one thread, and the floor that a send loop stands on."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.running import ROOT, Samsyn
from web.crowd import Door, Session, Who
from web.crowd.door import BUSY, NotLetIn, local_sources

SERVER_CORE, CLIENT_CORE = 0, 1
TICKS: Final = os.sysconf("SC_CLK_TCK")
AT_ONCE: Final = 16  # people at the door


def compiled(name: str) -> str:
    """The program of ``tests/load/NAME.c``; the process ends with a clear word where nothing can compile it."""
    source = ROOT / "tests" / "load" / f"{name}.c"
    program = ROOT / ".cache" / "load" / name
    if not (compiler := shutil.which("cc")):
        sys.exit(f"skipped: {source.name} needs a C compiler, cc (Debian: apt-get install gcc libc6-dev)")
    if not program.is_file() or program.stat().st_mtime < source.stat().st_mtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-o", program, source], check=True)
    return str(program)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started in the block runs on this core alone, as far as there are so many."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_s(processes: Sequence[int]) -> float:
    """What processes have taken so far, with all their threads."""
    return sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICKS for pid in processes)


def children(pid: int) -> list[int]:
    """The processes that one has started and that still run."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


class Lines:
    """Sockets held by ``lines.c``; what it is told is in its head."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.connected = self._told()

    def hear(self, seconds: float) -> dict[str, Any]:
        """Listen."""
        return self._ask(f"hear {seconds}")

    def say(self, seconds: float, every_s: float, what: str, *, speakers: int = 1, first: int = 0) -> dict[str, Any]:
        """Some say something in turn; ``#`` is a number, ``~`` is 1 or 2."""
        return self._ask(f"say {seconds} {every_s} {speakers} {first} {what}")

    def ask(self, seconds: float, receipts: Path, what: str) -> dict[str, Any]:
        """Everybody asks once; ``#`` is a number, ``~`` is 1, 2 or 3."""
        return self._ask(f"ask {seconds} {receipts} {what}")

    def _ask(self, order: str) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the lines were lost"
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def lines(port: int, path: str, count: int, cookies: Path | None = None) -> Iterator[Lines]:
    """So many WebSockets to a server on this machine, from the client's core.

    Args:
        cookies: one a line, of people who have joined; those lines are open when they have been welcomed.
    """
    words = [compiled("lines"), str(port), path, str(count), "1" if cookies else "0", str(cookies or "-")]
    with on_core(CLIENT_CORE):
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Lines(process)
    finally:
        process.kill()
        process.wait()


async def joined(running: Samsyn, people: int) -> list[Session]:
    """So many people come in with the day's code."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with Door(running.url, local_sources(running.url, people)) as door:

        async def one(turn: int) -> Session:
            async with gate:
                while True:
                    try:
                        return await door.join(str(running.told["join_code"]), Who(), turn=turn)
                    except NotLetIn as error:
                        if error.status not in BUSY:  # on a machine with other work a process may be under pressure for long
                            raise

        return await asyncio.gather(*map(one, range(people)))


def cookies_of(sessions: Sequence[Session], file: Path) -> Path:
    """Their cookies, one a line."""
    file.write_text("".join(f"{session.cookie}\n" for session in sessions))
    return file
