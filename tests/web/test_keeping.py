"""What is kept, by the command line: files, backups, counting again, forgetting. On the product as anybody starts it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conference.library import NATIONAL_KIT
from tests.running import Samsyn
from tests.running import samsyn as started
from tests.staff import Person
from tests.web.test_running import samsyn


def done(command: str, *words: str | Path, folder: Path, **environment: str) -> dict[str, Any]:
    found = samsyn(command, *map(str, words), "--json", "--data-dir", str(folder), **environment)
    assert (found.returncode, found.stderr) == (0, ""), found
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def refused(command: str, *words: str | Path, folder: Path, **environment: str) -> tuple[int, str]:
    found = samsyn(command, *map(str, words), "--data-dir", str(folder), **environment)
    assert (found.stdout, len(found.stderr.strip().splitlines())) == ("", 1), found
    return found.returncode, found.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Samsyn, Path, Path]]:
    """A day with votes, one poll closed and one open, and a backup that was made while the server ran."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    backup = folder.with_name("backup.tar")
    with started("demo", folder, "--participants", 0, "--speed", 0, "--operator", "off") as day:
        with Person(day).by_link("moderator") as olga:
            for poll in ("p-steg-fore", "p-ringa-fore"):
                olga.ask("polls.open", {"poll": poll})
            for number in range(6):
                with Person(day).joined(name=f"Kim {number}", region="r-norrvik", people=3) as kim:
                    kim.ask("polls.vote", {"poll": "p-steg-fore", "answer": ["ide"]})
                    kim.ask("polls.vote", {"poll": "p-ringa-fore", "answer": "yes"})
            olga.ask("chat.say", {"text": "=SUMMA(A1)"})
            olga.ask("polls.close", {"poll": "p-steg-fore"})
        with Person(day).by_link("organizer") as org:
            clip = (NATIONAL_KIT / "films" / "film-dagen.mp4").read_bytes()
            assert org.http.post(f"{day.day}/library/films", files={"whatever": ("egen film.mp4", clip)}).status_code == 202
        done("backup", backup, folder=folder)
        yield day, folder, backup


def day_of(running: Samsyn) -> str:
    return str(running.told["day"])


def test_a_backup_put_in_place_is_the_same_day_under_a_new_epoch(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    day, _folder, backup = kept
    with Person(day).by_link("organizer") as before:
        was = before.state()
        assert before.http.get(f"{day.day}/export/polls.csv").status_code == 200

    told = done("restore", backup, folder=tmp_path / "new")

    assert (told["before"], told["erased_again"]) == (None, 0)
    found = done("recount", day_of(day), folder=tmp_path / "new")
    assert [(one["poll"], one["ballots"], one["faults"]) for one in found["rounds"]] == [("p-steg-fore", 6, []), ("p-ringa-fore", 6, [])]
    with started("demo", tmp_path / "new", "--participants", 0, "--speed", 0, "--operator", "off") as again:
        with Person(again).by_link("organizer") as after:
            now = after.state()
            assert (now["polls"][1]["tally"], now["chat"]) == (was["polls"][1]["tally"], was["chat"])
            assert now["programme"] == was["programme"]
            assert now["epoch"] != was["epoch"]
            playlist = after.http.get(f"{again.day}/lanes/national/index.m3u8")
            assert playlist.status_code == 200
        assert again.complaints() == []


def test_a_film_that_was_given_is_in_the_backup_and_nothing_that_is_being_written(kept: tuple[Samsyn, Path, Path]) -> None:
    clip = (NATIONAL_KIT / "films" / "film-dagen.mp4").read_bytes()
    with tarfile.open(kept[2]) as tar:
        given = [tar.extractfile(member).read() for member in tar if member.name.startswith("files/films/")]  # type: ignore[union-attr]
        names = tar.getnames()
    assert given == [clip]
    assert [name for name in names if name.endswith((".part", ".draft", ".new")) or "/keys/" in name] == []


def test_no_backup_holds_the_key_of_an_open_poll(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    _day, folder, backup = kept
    keys = [path.read_bytes() for path in (folder / "keys").iterdir()]
    assert len(keys) == 1

    with tarfile.open(backup) as tar:
        inside = [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]  # all are files
    assert [name for name, content in inside if any(key in content for key in keys)] == []
    assert backup.stat().st_mode & 0o077 == 0

    done("restore", backup, folder=tmp_path / "new")
    with started("demo", tmp_path / "new", "--participants", 0, "--speed", 0, "--operator", "off") as again:
        with Person(again).joined() as kim, Person(again).by_link("moderator") as olga:
            assert kim.answer("polls.vote", {"poll": "p-ringa-fore", "answer": "no"})["error"]["code"] == "poll.key_lost"
            olga.ask("polls.close", {"poll": "p-ringa-fore"})
            assert next(one for one in olga.state()["polls"] if one["poll"] == "p-ringa-fore")["tally"]["n"] == 6
        assert again.complaints() == []


def test_what_is_in_the_way_is_kept_and_a_running_server_is_not_robbed(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    _day, folder, backup = kept
    assert refused("restore", backup, folder=folder)[0] == 1
    code, said = refused("restore", backup, "--instead", folder=folder)
    assert (code, "stop it first" in said) == (1, True)
    done("restore", backup, folder=tmp_path / "new")
    (tmp_path / "new" / "mine").touch()
    told = done("restore", backup, "--instead", folder=tmp_path / "new")
    assert (Path(told["before"]) / "mine").exists()
    assert not (Path(told["before"]) / "keys").exists()  # nobody will close those boxes: their ballots are nobody's from now on
    assert refused("backup", backup, folder=tmp_path / "new")[1].strip().endswith("is there already")


def rewritten(backup: Path, to: Path, change: Any) -> Path:
    with tarfile.open(backup) as old, tarfile.open(to, "w") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]  # all are files
            name, content = change(member.name, content)
            if name:
                member.name, member.size = name, len(content)
                new.addfile(member, io.BytesIO(content))
    return to


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: (name, content.replace(b"ide", b"nej") if name == "tables/ballot.jsonl" else content),
        lambda name, content: ("" if name == "tables/ballot.jsonl" else name, content),
        lambda name, content: ("" if name == "manifest.json" else name, content),
        lambda name, content: ("files/../../outside" if name.startswith("files/secrets/signing") else name, content),
        lambda name, content: ("/outside" if name.startswith("files/secrets/signing") else name, content),
        lambda name, content: (name, b"{}" if name == "manifest.json" else content),
        lambda name, content: (name, content.replace(b'"format": 1', b'"format": 2') if name == "manifest.json" else content),
    ],
    ids=["changed", "missing", "no manifest", "outside", "absolute", "other json", "later format"],
)
def test_a_damaged_backup_changes_nothing(kept: tuple[Samsyn, Path, Path], tmp_path: Path, change: Any) -> None:
    bad = rewritten(kept[2], tmp_path / "bad.tar", change)

    assert refused("restore", bad, folder=tmp_path / "new")[0] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tar"]


def test_what_is_no_backup_is_refused(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    (tmp_path / "half.tar").write_bytes(kept[2].read_bytes()[:100_000])
    (tmp_path / "text.tar").write_text("hej")

    for name in ("half.tar", "text.tar", "nowhere.tar"):
        assert refused("restore", tmp_path / name, folder=tmp_path / "new")[0] == 1
    assert not (tmp_path / "new").exists()


def test_whoever_is_erased_stays_so_when_an_older_backup_is_put_in_place(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    day, _folder, backup = kept
    place = tmp_path / "new"
    done("restore", backup, folder=place)

    told = done("erase", day_of(day), "--name", "kim 0", folder=place)
    assert len(told["erased"]) == 1
    assert names(place) == {f"Kim {number}" for number in range(1, 6)}
    assert refused("erase", day_of(day), "--name", "kim 0", folder=place)[0] == 1
    assert done("recount", day_of(day), folder=place)["agrees"] is True

    told = done("restore", backup, "--instead", folder=place)
    assert (told["erased_again"], names(place)) == (1, {f"Kim {number}" for number in range(1, 6)})


def names(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "samsyn.db") as file:
        return {name for (name,) in file.execute("select name from person where name like 'Kim%'")}


def test_one_database_can_be_left_for_the_other(kept: tuple[Samsyn, Path, Path], tmp_path: Path, pg: str) -> None:
    day, _folder, backup = kept
    url = pg.rpartition("/")[0] + "/kept"
    _make_database(pg, "kept")

    done("restore", backup, folder=tmp_path / "pg", SAMSYN_DATABASE_URL=url)
    found = done("recount", day_of(day), folder=tmp_path / "pg", SAMSYN_DATABASE_URL=url)
    assert (found["agrees"], [one["ballots"] for one in found["rounds"]]) == (True, [6, 6])
    taken = refused("restore", backup, folder=tmp_path / "second", SAMSYN_DATABASE_URL=url)
    assert (taken[0], "holds something" in taken[1]) == (1, True)

    done("backup", tmp_path / "back.tar", folder=tmp_path / "pg", SAMSYN_DATABASE_URL=url)
    done("restore", tmp_path / "back.tar", folder=tmp_path / "lite")
    assert done("recount", day_of(day), folder=tmp_path / "lite")["rounds"] == found["rounds"]


def _make_database(pg: str, name: str) -> None:
    import asyncio

    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    async def make() -> None:
        engine = create_async_engine(pg, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"create database {name}"))
        await engine.dispose()

    asyncio.run(make())


def test_tables_are_taken_away_as_files(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    day, folder, _backup = kept

    told = done("export", day_of(day), "chat", "polls", "--form", "csv", "--to", tmp_path / "out", folder=folder)

    assert [Path(path).name for path in told["files"]] == [f"{day_of(day)}-chat.csv", f"{day_of(day)}-polls.csv"]
    rows = list(csv.reader(Path(told["files"][0]).read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[-1] for row in rows] == ["Text", "'=SUMMA(A1)"]
    assert refused("export", day_of(day), "nothing", folder=folder)[0] == 1
    assert refused("export", day_of(day), "--form", "pdf", folder=folder)[0] == 1
    assert refused("export", "d-nowhere", folder=folder)[0] == 1


def test_a_changed_ballot_is_found_and_the_command_fails(kept: tuple[Samsyn, Path, Path], tmp_path: Path) -> None:
    day, _folder, backup = kept
    done("restore", backup, folder=tmp_path / "new")
    with sqlite3.connect(tmp_path / "new" / "samsyn.db") as file:
        file.execute(
            "update ballot set answer = '[\"nej\"]' where receipt = (select min(receipt) from ballot where box like '%p-steg-fore%')"
        )

    found = samsyn("recount", day_of(day), "p-steg-fore", "--json", "--data-dir", str(tmp_path / "new"))

    told = json.loads(found.stdout)
    assert (found.returncode, told["agrees"], len(told["rounds"])) == (1, False, 1)
    assert found.stderr.strip() == "samsyn: the recount does not agree"


@pytest.mark.parametrize(
    "words",
    [("erase", "d"), ("erase", "d", ""), ("erase", "d", "--name", " "), ("erase", "d", "p", "--name", "K"), ("restore",), ("export",)],
    ids=["nobody", "an empty id", "an empty name", "both", "no file", "no day"],
)
def test_a_wrong_use_is_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert refused(*words, folder=tmp_path)[0] == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["export", "backup", "restore", "recount", "erase"])
def test_every_command_has_examples(command: str) -> None:
    told = samsyn(command, "--help")
    assert (told.returncode, "Examples:" in told.stdout) == (0, True)
