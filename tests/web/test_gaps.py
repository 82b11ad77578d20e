"""`samsyn rehearse --list`: what a day lacks, each kind of gap on a real day, and nothing changed by looking."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.running import samsyn as started
from tests.web.test_running import samsyn


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The national day, made and left; its folder and id."""
    folder = tmp_path_factory.mktemp("gaps") / "data"
    with started("demo", folder, "--participants", 0, "--speed", 0, "--operator", "off") as day:
        name = str(day.told["day"])
    return folder, name


@pytest.fixture
def copy(made: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A copy whose rows a test may spoil."""
    with closing(sqlite3.connect(made[0] / "samsyn.db")) as whole, closing(sqlite3.connect(tmp_path / "samsyn.db")) as new:
        whole.backup(new)
    return tmp_path, made[1]


def spoil(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "samsyn.db")) as rows:
        assert rows.execute(statement).rowcount > 0
        rows.commit()


def listed(folder: Path, day: str) -> tuple[int, dict[str, Any]]:
    done = samsyn("rehearse", day, "--list", "--json", "--data-dir", str(folder))
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def rows_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "samsyn.db")) as rows:
        return list(rows.iterdump())


def test_looking_changes_nothing_and_the_day_of_the_kit_is_told_as_it_is(copy: tuple[Path, str]) -> None:
    before = rows_in(copy[0])

    code, told = listed(*copy)

    assert (code, told) == (0, {"day": copy[1], "ok": True, "gaps": []})
    assert rows_in(copy[0]) == before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE film SET file = NULL WHERE film = 'film-hemma'", {("film", "film-hemma")}),
        ("UPDATE film SET captions = NULL, webvtt = NULL WHERE film = 'film-hemma'", {("captions", "film-hemma")}),
        ("DELETE FROM poll WHERE poll = 'p-steg-fore'", {("poll", "p-steg-fore")}),
        ("UPDATE contributor SET tech_check = ' ' WHERE contributor = 'c-host'", {("tech_check", "c-host")}),
        ("UPDATE region SET moderator = NULL WHERE region = 'r-norrvik'", {("moderator", "r-norrvik")}),
        ("UPDATE film SET seconds = 36000 WHERE film = 'film-dagen'", {("overrun", "national")}),
    ],
)
def test_each_gap_is_found_alone_and_ends_with_one(copy: tuple[Path, str], statement: str, expected: set[tuple[str, str]]) -> None:
    spoil(copy[0], statement)

    code, told = listed(*copy)

    assert (code, told["ok"]) == (1, False)
    assert {(gap["kind"], gap["about"]) for gap in told["gaps"]} == expected


def test_wrong_use_is_two_and_an_unknown_day_is_said_in_one_line(copy: tuple[Path, str]) -> None:
    assert samsyn("rehearse", "--list", "--data-dir", str(copy[0])).returncode == 2

    done = samsyn("rehearse", "d-ingen", "--list", "--data-dir", str(copy[0]))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == f"samsyn: there is no day d-ingen; there is {copy[1]}"
