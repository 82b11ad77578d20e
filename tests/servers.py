"""Real servers of our own on free ports; a missing one fails in CI and is skipped with the reason elsewhere."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import asyncpg
import pytest
from sqlalchemy import create_engine, create_mock_engine, make_url
from sqlmodel import SQLModel

FORMS: dict[str, str] = {}  # of each PostgreSQL, as `empty_tables` left it
FORM = """
    SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
        SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ) AS lines (line)
"""
WRITTEN = """
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
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
        for parent in data.parents:
            if not (mode := parent.stat().st_mode) & 0o001:  # a folder of root's alone; those for everybody are left as they are
                parent.chmod(stat.S_IMODE(mode) | 0o055)
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
    """Every table, and no row in any, as if made anew. The product uses migrations instead.

    SQLite gets a copy of a file made once a process; what PostgreSQL already has is swept, unless a test changed the tables themselves.
    """
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        _copy_empty(Path(str(where.database)))
        return
    connection = await asyncpg.connect(where.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        if await connection.fetchval(FORM) != FORMS.get(url, ""):
            await connection.execute(f"DROP SCHEMA public CASCADE; CREATE SCHEMA public; {_script()}")
            FORMS[url] = await connection.fetchval(FORM)
        elif written := [str(row["name"]) for row in await connection.fetch(WRITTEN)]:
            await connection.execute(f"TRUNCATE {', '.join(written)} RESTART IDENTITY CASCADE")
    finally:
        await connection.close()


def _copy_empty(file: Path) -> None:
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    file.write_bytes(_empty_file(frozenset(SQLModel.metadata.tables)))


@cache
def _empty_file(tables: frozenset[str]) -> bytes:
    """An SQLite database in which nobody has written: with *tables*, which is all there are."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            connection.exec_driver_sql("pragma synchronous=off")
            SQLModel.metadata.create_all(connection)
        engine.dispose()
        return file.read_bytes()


def _script() -> str:
    """All tables for PostgreSQL, to be made in one go."""
    said: list[str] = []

    def note(statement: Any, *_: object, **__: object) -> None:
        said.append(str(statement.compile(dialect=mock.dialect)))

    mock = create_mock_engine("postgresql+asyncpg://", note)
    SQLModel.metadata.create_all(mock, checkfirst=False)
    return ";".join(said)


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
