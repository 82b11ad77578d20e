"""The secret box: who a ballot is of and where it came from are known to the key alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from polls.ballots import About, Box
from polls.recount import recount
from polls.tables import Ballot
from tests.polls.houses import DAY, STAFF, House, someone

MODERATOR = Viewer("m", frozenset({"moderator"}))
NORTH, NOBODY = About("r-norrvik", "kommun", 12), About(None, None, 1)


def a_box(folder: Path) -> Box:
    return Box(folder, RandomIds())


def test_what_is_sealed_is_read_with_the_same_key_also_by_another_process(tmp_path: Path) -> None:
    sealed = a_box(tmp_path).sealed("b", b"kim", NORTH)

    assert a_box(tmp_path).about("b", b"kim", sealed) == NORTH


@pytest.mark.parametrize(("box", "key"), [("another box", b"kim"), ("b", b"another ballot")])
def test_it_fits_no_other_box_and_no_other_ballot(tmp_path: Path, box: str, key: bytes) -> None:
    keys = a_box(tmp_path)

    assert keys.about(box, key, keys.sealed("b", b"kim", NORTH)) is None


def test_without_its_key_it_says_nothing(tmp_path: Path) -> None:
    keys = a_box(tmp_path)
    sealed = keys.sealed("b", b"kim", NORTH)
    keys.destroy("b")

    assert keys.about("b", b"kim", sealed) is None


def test_neither_its_length_nor_its_bytes_tell_a_region(tmp_path: Path) -> None:
    keys = a_box(tmp_path)
    again, other = keys.sealed("b", b"kim", NORTH), keys.sealed("b", b"lo", NOBODY)

    assert len(again) == len(other)
    assert again != keys.sealed("b", b"kim", NORTH)  # a changed vote from the same place looks like any other


async def test_while_a_poll_is_open_the_database_says_nothing_of_where_ballots_came_from(house: House) -> None:
    poll = await house.an_open_poll()
    for number in range(12):
        by = someone(
            f"p{number}", region=("r-norrvik", None)[number % 2], affiliation=("kommun", None)[number % 2], people=1 + 24 * (number % 3)
        )
        await house.polls.vote(by, poll, ["ja"])

    async with house.store.reading() as session:
        ballots = (await session.exec(select(Ballot))).all()
        counted = await recount(session, DAY)
    assert {len(one.about or b"") for one in ballots} == {92}
    assert [one for one in ballots if b"norrvik" in (one.about or b"") or "norrvik" in one.answer] == []
    assert set(Ballot.model_fields) == {"box", "key", "receipt", "answer", "about"}
    assert counted.agrees


async def test_a_changed_vote_from_another_screen_keeps_people_right_and_the_close_has_its_split(house: House) -> None:
    poll = await house.an_open_poll()
    for number in range(11):
        await house.polls.vote(someone(f"p{number}", region="r-norrvik", people=2), poll, ["nej"])
        await house.polls.vote(someone(f"p{number}", region="r-vastero" if number > 5 else "r-norrvik", people=3), poll, ["ja"])
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        ballots = (await session.exec(select(Ballot))).all()
        counted = await recount(session, DAY)
    [told] = [one["tally"] for one in await house.state(MODERATOR)]
    assert (told["n"], told["behind"]) == (11, 33)
    assert [(one["region"], one["n"]) for one in told["regions"]] == [("r-norrvik", 6), ("r-vastero", 5)]
    assert {one.about for one in ballots} == {None}
    assert counted.agrees


async def test_when_the_key_is_lost_the_poll_closes_whole_and_without_splits(house: House) -> None:
    poll = await house.an_open_poll()
    for number in range(6):
        await house.polls.vote(someone(f"p{number}", region="r-norrvik", people=3), poll, ["ja"])
    house.polls.box.destroy(f"{DAY}/{poll}/1")
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        counted = await recount(session, DAY)
    [told] = [one["tally"] for one in await house.state(MODERATOR)]
    assert (told["n"], told["behind"], told["counts"], "regions" in told) == (6, 18, {"ja": 6, "nej": 0}, False)
    assert counted.agrees
