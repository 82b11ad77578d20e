"""Real servers of our own on free ports; a missing one fails in CI and is skipped with the reason elsewhere."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlmodel import SQLModel

from conference.core.engines import Engines

PLACES = [os.environ.get("PG_BIN", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))), *os.environ["PATH"].split(":")]


def lacking(what: str) -> NoReturn:
    """Say that a server is missing: a failure in CI, else a skip."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI must have it")
    pytest.skip(f"{what} is not installed")


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own; it refuses to run as root, so root hands it to the user ``postgres``."""
    initdb, server = (shutil.which(name, path=":".join(PLACES)) for name in ("initdb", "postgres"))
    if not initdb or not server:
        lacking("postgresql")
    user = "postgres" if os.getuid() == 0 else None
    data, port = folder / "pg", free_port()
    data.mkdir()
    if user:
        os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        for parent in data.parents[:-2]:
            parent.chmod(0o755)
    quiet = subprocess.DEVNULL
    subprocess.run(
        [initdb, "-D", data, "-A", "trust", "-U", "samsyn", "--locale=C", "-E", "UTF8"], check=True, user=user, stdout=quiet, cwd="/"
    )
    options = ["-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1"]
    with _running([server, "-D", str(data), *options], port, user):
        yield f"postgresql+asyncpg://samsyn@127.0.0.1:{port}/postgres"


@contextmanager
def redis_server(port: int | None = None) -> Iterator[str]:
    """A Redis of our own that keeps nothing on disk."""
    program = shutil.which("redis-server")
    if not program:
        lacking("redis-server")
    port = port or free_port()
    with _running([program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""], port, None):
        yield f"redis://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], port: int, user: str | None) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, user=user, stdout=quiet, stderr=quiet, cwd="/") as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            time.sleep(0.3)
            yield
        finally:
            process.terminate()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def empty_tables(url: str) -> None:
    """Every table anew. The product uses migrations instead."""
    async with Engines.open(url) as engines, engines.writer.begin() as connection:
        await connection.run_sync(SQLModel.metadata.drop_all)
        await connection.run_sync(SQLModel.metadata.create_all)
