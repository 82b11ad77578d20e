"""The product as it is started: by its command line, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from web import cli

ROOT = Path(__file__).parents[2]


def samsyn(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-m", "web.cli", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=110, check=False
    )


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server, once it answers."""
    with subprocess.Popen(
        [sys.executable, "-m", "web.cli", *arguments, "--json", "--port", "0"],
        cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            yield process, json.loads(line)
        finally:
            process.kill()


def test_an_empty_folder_gives_a_link_that_makes_the_first_day_once(tmp_path: Path) -> None:
    with (
        running("serve", "--data-dir", str(tmp_path / "d")) as (process, told),
        httpx2.Client(base_url=told["base_url"], headers={"Origin": told["base_url"], "Accept": "text/html"}, trust_env=False) as http,
    ):
        assert told.keys() == {"base_url", "admin"}
        assert http.get(told["admin"]).status_code == 200
        entered = http.post(told["admin"])
        assert (entered.status_code, entered.headers["Location"]) == (303, "/admin")
        assert http.get("/admin").status_code == 200
        http.cookies.clear()
        assert http.post(told["admin"]).status_code == 409
        assert (http.get("/readyz").status_code, http.get("/metrics").status_code) == (200, 200)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    secrets = [path for path in (tmp_path / "d" / "secrets").iterdir() if path.is_file()]
    assert [oct(path.stat().st_mode & 0o777) for path in secrets] == ["0o600"] * len(secrets)


def test_the_media_process_is_started_again_when_it_dies(tmp_path: Path) -> None:
    def children(pid: int) -> list[int]:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]

    with running("serve", "--data-dir", str(tmp_path)) as (process, told):
        (first,) = children(process.pid)
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not (now := [one for one in children(process.pid) if one != first]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert now
        assert httpx2.get(told["base_url"] + "/healthz", trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not Path(f"/proc/{now[0]}").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (("serve", "--nonsense"), {}, 2, "nonsense"),
        (("serve", "--port"), {}, 2, "port"),
        (("serve", "--port", "70000"), {}, 2, "port"),
        (("nonsense",), {}, 2, "nonsense"),
        (("demo", "--operator", "maybe"), {}, 2, "operator"),
        (("serve",), {"SAMSYN_PORT": "many"}, 1, "port"),
        (("serve",), {"SAMSYN_BASE_URL": "dagen"}, 1, "base_url"),
        (("serve",), {"SAMSYN_MAIL_URL_FILE": "/nowhere"}, 1, "SAMSYN_MAIL_URL_FILE"),
        (("rehearse",), {}, 2, "which day"),
        (("migrate", "--data-dir", "/proc/nowhere"), {}, 1, "no data folder"),
    ],
)
def test_a_wrong_use_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    code: int,
    words: str,
) -> None:
    """CLI-01."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert cli.main(list(arguments)) == code

    told = capsys.readouterr()
    assert (len(told.err.strip().splitlines()), told.out) == (1, "")
    assert words.lower() in told.err.lower()


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("--port", "TAKEN"), {}, "Address already in use"),
        (("--host", "192.0.2.77"), {}, "192.0.2.77"),
        (("--data-dir", "/proc/nowhere"), {}, "/proc/nowhere"),
        (("--port", "0"), {"SAMSYN_DATABASE_URL": "postgresql+asyncpg://a:hemligt@127.0.0.1:1/x"}, "database"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], words: str) -> None:
    """CLI-01."""
    folder = tmp_path / "d"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = [str(taken.getsockname()[1]) if word == "TAKEN" else word for word in arguments]
        done = samsyn("serve", "--data-dir", str(folder), *told, **environment)

    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (1, 1), done.stderr
    assert words.lower() in lines[0].lower()
    assert "Traceback" not in done.stderr
    assert "hemligt" not in done.stderr
    assert done.stdout == ""
    assert not (folder / "samsyn.db").exists()


COMMANDS = "demo serve test migrate doctor invite kit export backup restore recount erase rehearse load".split()  # noqa: SIM905


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "--help"]) == 0

    told = capsys.readouterr().out
    assert "Example" in told
    assert f"samsyn {command}" in told
    assert command == "test" or "--json" in told


def test_the_doctor_says_what_it_found(tmp_path: Path) -> None:
    done = samsyn("doctor", "--json", "--data-dir", str(tmp_path))
    told = json.loads(done.stdout)

    assert {check["name"] for check in told["checks"]} == {
        "python",
        "data folder",
        "open files",
        "settings",
        "base url",
        "reports",
        "database",
    }
    assert done.returncode == (0 if told["ok"] else 1)


def test_a_house_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "media").write_text("x", encoding="ascii")
    done = samsyn("serve", "--port", "0", "--data-dir", str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().splitlines() == [f"samsyn: {tmp_path / 'secrets' / 'media'} holds no secret"]


def test_only_our_own_folders_are_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    done = samsyn("demo", "--fresh", "--port", "0", "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert "holds no demo" in done.stderr
    assert (tmp_path / "letter.txt").exists()
