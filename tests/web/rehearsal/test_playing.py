"""A rehearsal plays the whole day on a copy: the day is left as it was, and what only shows when it is played is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import date
from pathlib import Path

from conference import NewDay, Programme
from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.core.ids import RandomIds
from conference.core.store import Store
from conference.library import NATIONAL_KIT, read_kit
from conference.rundown.kit import cue_rows
from tests.web.test_running import samsyn
from web import migrate
from web.rehearsal import progress
from web.rehearsal.copying import copy_day
from web.rehearsal.progress import Progress, Wanted
from web.rehearsal.stage import rehearse
from web.sections import polls_section, surveys_section
from web.settings import Settings, load

DAY = "d-repetition"
SHORT = "t-webbinarium"  # an hour, all of it common


@asynccontextmanager
async def a_day(folder: Path, **new: object) -> AsyncIterator[Settings]:
    """An installation with a day that nobody has begun."""
    chosen = load(data_dir=folder)
    await migrate.up(chosen.database)
    async with Store.open(chosen.database, lambda _: None) as store:
        programme = Programme(store, SystemClock(), RandomIds(), [cue_rows, polls_section, surveys_section])
        wanted = NewDay(date=date(2026, 11, 22), day=DAY, template=SHORT, **new)  # type: ignore[arg-type]
        await programme.create_from_kit(Actor.house(""), read_kit(NATIONAL_KIT), wanted)
    yield chosen


def spoil(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "samsyn.db")) as rows:
        for statement in statements:
            assert rows.execute(statement).rowcount > 0, statement
        rows.commit()


def polls_in(folder: Path) -> list[str]:
    """Which polls are opened, in order."""
    with closing(sqlite3.connect(folder / "samsyn.db")) as rows:
        found = rows.execute("SELECT args FROM cue WHERE do = 'open_poll' ORDER BY position").fetchall()
    return [json.loads(args)["poll"] for (args,) in found]


def rows_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "samsyn.db")) as rows:
        return list(rows.iterdump())


def found(done: Progress) -> list[tuple[str, str]]:
    return [(gap.kind, gap.about) for gap in done.gaps]


async def test_a_day_that_lacks_nothing_is_played_to_its_end_and_left_as_it_was(tmp_path: Path) -> None:
    async with a_day(tmp_path) as chosen:
        before = rows_in(tmp_path)
        heard: list[Progress] = []

        done = await rehearse(chosen, Wanted(DAY, speed=0, people=12), heard.append)

        assert (done.state, done.ok, found(done), done.given == done.cues, done.people) == ("done", True, [], True, 12)
        assert done.did == {"vote": 24, "ask": 1, "answer": 12, "rate": 48}
        assert done.refused == {}
        assert {one.state for one in heard} == {"playing"}
        assert rows_in(tmp_path) == before


async def test_what_only_shows_when_the_day_is_played_is_found(tmp_path: Path) -> None:
    async with a_day(tmp_path) as chosen:
        poll = polls_in(tmp_path)[0]
        spoil(
            tmp_path,
            f"UPDATE poll SET scope = 'r-ingen' WHERE poll = '{poll}'",
            "UPDATE cue SET args = '{\"survey\": \"ev-ingen\"}' WHERE do = 'open_evaluation'",
        )

        done = await rehearse(chosen, Wanted(DAY, speed=0, people=6), lambda _: None)

        assert sorted(found(done)) == [("refused", "ev-ingen"), ("unanswered", poll)]


async def test_a_day_that_has_been_on_is_rehearsed_from_its_beginning(tmp_path: Path) -> None:
    async with a_day(tmp_path) as chosen:
        spoil(
            tmp_path,
            "UPDATE day SET state = 'ended', ended_at = '2026-11-22 12:00:00'",
            "UPDATE cue SET state = 'done', given_at = '2026-11-22 10:00:00'",
            "UPDATE item SET state = 'done'",
            "UPDATE poll SET voting = 'closed', round = 1",
        )

        done = await rehearse(chosen, Wanted(DAY, speed=0, people=4), lambda _: None)

        assert (done.state, found(done), done.given) == ("done", [], done.cues)


async def test_what_was_sorted_when_the_day_was_on_is_not_sorted_in_the_copy(tmp_path: Path) -> None:
    async with a_day(tmp_path) as chosen:
        spoil(tmp_path, "UPDATE poll SET voting = 'closed', round = 1, sorts = 3, sorting = '{\"hidden\": [\"ord\"]}'")
        (tmp_path / "copy").mkdir()

        await copy_day(chosen.database, DAY, load(data_dir=tmp_path / "copy").database)

        with closing(sqlite3.connect(tmp_path / "copy" / "samsyn.db")) as rows:
            assert rows.execute("SELECT DISTINCT voting, round, sorts, sorting FROM poll").fetchall() == [("draft", 0, 0, "{}")]


async def test_the_command_says_what_came_of_it_and_leaves_it_for_the_page(tmp_path: Path) -> None:
    async with a_day(tmp_path):
        spoil(tmp_path, "UPDATE film SET captions = NULL WHERE film = 'film-dagen'")

        done = samsyn("rehearse", DAY, "--speed", "0", "--people", "3", "--json", "--data-dir", str(tmp_path))

        told = json.loads(done.stdout)
        assert (done.returncode, done.stderr, told["ok"], told["state"]) == (1, "", False, "done")
        assert [(gap["kind"], gap["about"]) for gap in told["gaps"]] == [("captions", "film-dagen")]
        kept = progress.read(tmp_path, DAY, SystemClock().now())
        assert kept is not None
        assert json.loads(json.dumps(kept.told())) == told


async def test_wrong_use_is_two_and_an_unknown_day_one_line(tmp_path: Path) -> None:
    async with a_day(tmp_path):
        assert samsyn("rehearse", "--data-dir", str(tmp_path)).returncode == 2
        assert samsyn("rehearse", DAY, "--speed", "-1", "--data-dir", str(tmp_path)).returncode == 2

        done = samsyn("rehearse", "d-ingen", "--data-dir", str(tmp_path))

        assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (1, "", 1)
        assert not (tmp_path / progress.FOLDER).exists()
