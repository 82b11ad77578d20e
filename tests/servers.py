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
            for _ in range(1200):  # a minute: other tests may have the machine
                with socket.socket() as probe:
                    if process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            assert process.poll() is None, f"{command[0]} ended by itself"
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


def machine_address() -> str:
    """An address of this machine that is no loopback; peer connections do not use those."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent
        return str(probe.getsockname()[0])


@contextmanager
def turn_server(folder: Path, secret: str) -> Iterator[tuple[int, int]]:
    """coturn as docs/edge/turnserver.conf says, on ports of its own: for TCP, and for TLS with ``folder/cert.pem`` for localhost."""
    program = shutil.which("turnserver")
    if not program:
        lacking("coturn")
    plain, tls = free_port(), free_port()
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    filled = {
        "listening-ip": "127.0.0.1", "listening-port": str(plain), "tls-listening-port": str(tls), "relay-ip": machine_address(),
        "allowed-peer-ip": machine_address(), "cert": str(folder / "cert.pem"), "pkey": str(folder / "key.pem"),
        "static-auth-secret": secret, "realm": "turn.example",
    }  # fmt: skip
    lines = (Path(__file__).parents[1] / "docs" / "edge" / "turnserver.conf").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines]
    assert set(filled) <= set(names)
    told = [f"{name}={filled[name]}" if name in filled else line for name, line in zip(names, lines, strict=True)]
    here = folder / "turnserver.conf"
    here.write_text("\n".join(told) + f"\nuserdb={folder / 'turndb'}\npidfile={folder / 'turn.pid'}\n", encoding="utf-8")
    here.chmod(0o600)
    with _running([program, "-c", str(here)], plain, None):
        yield plain, tls


@contextmanager
def varnish(folder: Path, port: int, origin_port: int) -> Iterator[Path]:
    """Varnish as docs/edge/varnish.vcl says, in front of an origin on this machine; returns its working directory, for ``varnishstat``."""
    program = shutil.which("varnishd", path=":".join([*PLACES, "/usr/sbin"]))
    if not program:
        lacking("varnish")
    told = (Path(__file__).parents[1] / "docs" / "edge" / "varnish.vcl").read_text(encoding="utf-8")
    assert '.port = "8000"' in told
    here, work = folder / "edge.vcl", folder / "varnish"
    here.write_text(told.replace('.port = "8000"', f'.port = "{origin_port}"'), encoding="utf-8")
    words = [
        "-F",
        "-j",
        "none",
        "-n",
        str(work),
        "-a",
        f"127.0.0.1:{port}",
        "-f",
        str(here),
        "-s",
        "malloc,64m",
        "-p",
        "backend_idle_timeout=4",
    ]
    with _running([program, *words], port, None):
        yield work
