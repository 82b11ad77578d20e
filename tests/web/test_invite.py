"""`samsyn invite`: links for admins and roles, beside a running server and without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.running import Samsyn
from tests.running import samsyn as started
from tests.web.test_running import samsyn

DAY = "d-nationell-2027-03-23"


def invited(folder: Path, *words: str, **environment: str) -> dict[str, Any]:
    done = samsyn("invite", *words, "--json", "--data-dir", str(folder), **environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def refused(folder: Path, *words: str) -> tuple[int, str]:
    done = samsyn("invite", *words, "--data-dir", str(folder))
    assert (done.stdout, len(done.stderr.strip().splitlines())) == ("", 1), done
    return done.returncode, done.stderr


@contextmanager
def a_browser(server: Samsyn) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, headers={"Origin": server.url, "Accept": "text/html"}, trust_env=False) as http:
        yield http


def make_a_day(http: httpx2.Client, on: str = "2027-03-23") -> None:
    assert http.post("/admin/days", data={"date": on, "region": "r-norrvik"}).status_code == 303


def test_an_admin_who_lost_the_link_makes_another_one_while_the_server_runs(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    with started("serve", folder) as server, a_browser(server) as http:
        told = invited(folder, "--admin")

        assert told["link"].startswith(f"{server.url}/invite/")  # at the port where it runs
        assert (told["role"], told["day"]) == ("admin", None)
        assert datetime.fromisoformat(told["expires_at"]) <= datetime.now(UTC) + timedelta(minutes=15)
        assert http.get(told["link"]).status_code == 200
        assert http.post(told["link"]).headers["Location"] == "/admin"
        make_a_day(http)
        assert http.post(told["link"]).status_code == 409

        told = invited(folder, DAY, "--role", "moderator", "--name", "Kim Ek", "--lane", "r-norrvik", "--days", "7")
        assert (told["role"], told["day"], told["name"], told["lane"]) == ("moderator", DAY, "Kim Ek", "r-norrvik")
        with a_browser(server) as kim:
            assert kim.post(told["link"]).headers["Location"] == f"/days/{DAY}/cockpit"
            you = kim.get(f"/days/{DAY}/state").json()["you"]
            assert (you["name"], you["region"], you["roles"]) == ("Kim Ek", "r-norrvik", ["moderator"])
        assert server.complaints() == []

    told = invited(folder, DAY, "--role", "moderator", SAMSYN_BASE_URL="https://dagen.example")  # and while it does not
    assert told["link"].startswith("https://dagen.example/invite/")
    asked = [refused(folder, "d-x", "--role", "moderator"), refused(folder, DAY, "--role", "moderator", "--lane", "r-x")]
    assert [code for code, _said in asked] == [1, 1]
    assert DAY in asked[0][1]
    told = invited(folder, DAY, "--role", "captioner")
    with started("serve", folder) as server, a_browser(server) as http:
        assert http.post(f"/invite/{told['link'].rpartition('/')[2]}").status_code == 303


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "--admin"),
        (("--admin", DAY), "--admin"),
        (("--admin", "--role", "moderator"), "--admin"),
        ((DAY,), "--role"),
        ((DAY, "--role", "king"), "--role"),
        ((DAY, "--role", "moderator", "--days", "0"), "--days"),
    ],
)
def test_a_wrong_use_is_2(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    code, said = refused(tmp_path, *words)

    assert code == 2
    assert says in said


def test_where_nothing_is_installed_nobody_is_invited(tmp_path: Path) -> None:
    missing, empty = refused(tmp_path / "d", "--admin"), refused(tmp_path, "--admin")

    assert (missing[0], empty[0]) == (1, 1)
    assert "no data folder" in missing[1]
    assert "samsyn migrate" in empty[1]
    assert not (tmp_path / "d").exists()


def test_what_is_told_to_people_is_the_link_and_how_long_it_works(tmp_path: Path) -> None:
    assert samsyn("migrate", "--data-dir", str(tmp_path)).returncode == 0
    done = samsyn("invite", "--admin", "--data-dir", str(tmp_path), "--base-url", "https://dagen.example")

    lines = done.stdout.splitlines()
    assert (done.returncode, len(lines)) == (0, 2)
    assert lines[0].startswith("https://dagen.example/invite/")
    assert lines[1].startswith("one use, until ")


async def test_a_demo_goes_into_no_database_with_days_of_somebody_else(tmp_path: Path, pg: str) -> None:
    """The folder is its own, the database is not."""
    engine = create_async_engine(pg)
    async with engine.begin() as connection:
        await connection.execute(text("drop schema public cascade"))
        await connection.execute(text("create schema public"))
    await engine.dispose()
    shared: dict[str, Any] = {"SAMSYN_DATABASE_URL": pg, "SAMSYN_MEDIA_URL": "http://127.0.0.1:9"}
    assert samsyn("migrate", "--data-dir", str(tmp_path), **shared).returncode == 0
    words = ["--participants", "0", "--speed", "0", "--operator", "off"]
    for _ in range(2):  # its own day is no reason
        with started("demo", tmp_path / "demo", *words, **shared) as demo:
            assert demo.told["day"]

    other = samsyn("demo", "--port", "0", "--data-dir", str(tmp_path / "other"), *words, **shared)
    invited_day = invited(tmp_path / "demo", "--admin", **shared)
    with started("serve", tmp_path / "demo", **shared) as server, a_browser(server) as http:
        http.post(f"/invite/{invited_day['link'].rpartition('/')[2]}")
        make_a_day(http)
    again = samsyn("demo", "--port", "0", "--data-dir", str(tmp_path / "demo"), *words, **shared)

    for done in (other, again):
        assert (done.returncode, done.stdout) == (1, "")
        assert "holds other days" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert DAY in again.stderr
    assert not (tmp_path / "other" / ".samsyn-demo").exists()
