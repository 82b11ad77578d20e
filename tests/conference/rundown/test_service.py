"""The verbs of the run-of-show against a real store: the kit's whole day, by hand and by clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conference import NewDay
from conference.core.actor import Actor, Asked
from conference.core.errors import Refused
from conference.library import Film
from conference.rundown import CueGiven, Rundown
from conference.rundown.kit import compressed
from tests.conference.days import DATE, DAY, MODERATOR, PLANNED, House, a_house, cues_in_kit, cues_of, the_kit
from tests.fold import State

LANES = ["national", "r-norrvik", "r-sundmark", "r-vastero"]
HOUSE = Actor.house(DAY)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Whole days are played on one database only; the other one's verbs are tried below."""
    return f"sqlite+aiosqlite:///{tmp_path / 'day.db'}"


def demo_speed() -> float:
    return compressed(the_kit(), NewDay(date=DATE, operator_auto=True))


async def test_a_moderator_runs_the_whole_day_by_go_alone(sqlite: str) -> None:
    async with a_house(sqlite) as house:
        await house.start(speed=0.0)
        last = None
        while not house.events("day.ended"):
            done = await house.rundown.go(MODERATOR, after=last)
            assert done.data
            last = done.data["cue"]

        for lane in LANES:
            assert cues_of(lane, house.given) == [cue.cue for cue in cues_in_kit() if cue.lane == lane]
        assert len(house.given) == len(cues_in_kit())
        with pytest.raises(Refused, match=r"day\.ended"):
            await house.rundown.go(MODERATOR, after=last)


@dataclass(frozen=True)
class Played:
    """A demo day that has played itself."""

    took: timedelta
    events: list[Any]
    told: State
    fresh: State

    @property
    def given(self) -> list[CueGiven]:
        return [event for event in self.events if isinstance(event, CueGiven)]


async def _play(url: str) -> Played:
    async with a_house(url) as house:
        await house.start(speed=demo_speed(), operator_auto=True)
        began = house.clock.now()
        await house.conductor.beat()
        told = await house.state()
        await house.play()
        return Played(house.clock.now() - began, [entry.event for entry in house.heard], told, await house.state())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played once, looked at by several tests."""
    return asyncio.run(_play(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('played') / 'day.db'}"))


def test_the_demo_day_plays_itself_in_about_twelve_minutes(played: Played) -> None:
    for lane in LANES:
        assert cues_of(lane, played.given) == [cue.cue for cue in cues_in_kit() if cue.lane == lane]
    assert "rundown.skipped" not in {event.name for event in played.events}
    assert timedelta(minutes=11) < played.took < timedelta(minutes=14)
    assert {cue.by for cue in played.given} == {"clock", "operator"}
    assert played.fresh["now"] == {"hold": False}


def test_all_lanes_are_together_when_a_regional_block_is_over(played: Played) -> None:
    story = [event for event in played.events if event.name in {"rundown.block_began", "rundown.cue_given"}]
    began = {event.block: place for place, event in enumerate(story) if event.name == "rundown.block_began"}
    for block, after in (("b2", "b3"), ("b6", "b7")):
        mine = {cue.cue for cue in cues_in_kit() if cue.block == block}
        assert {event.cue for event in story[began[block] + 1 : began[after]]} == mine
    for cue in played.given:
        own = next(one for one in cues_in_kit() if one.cue == cue.cue)
        assert cue.lanes == (LANES if own.block not in {"b2", "b6"} else [own.lane])


def test_films_are_shown_whole_and_polls_stay_open_for_twenty_seconds(played: Played) -> None:
    at = {cue.cue: cue.at for cue in played.given}
    film_s = {film.id: film.seconds for film in the_kit().films.values()}
    assert (at["i-valkommen.05"] - at["i-valkommen.04"]).total_seconds() >= film_s["film-dagen"]
    assert (at["i-sundmark-3.02"] - at["i-sundmark-3.01"]).total_seconds() >= film_s["film-stod"]
    opened = {(cue.args["poll"], cue.item): cue.at for cue in played.given if cue.do == "open_poll"}
    shortest = min(cue.at - opened[cue.args["poll"], cue.item] for cue in played.given if cue.do == "close_poll")
    assert shortest >= timedelta(seconds=20)


def test_starts_at_is_when_it_really_happens(played: Played) -> None:
    told = {item["item"]: item["starts_at"] for item in played.told["programme"]}

    late = {item["item"]: abs(_s(item["starts_at"]) - _s(told[item["item"]])) for item in played.fresh["programme"]}

    assert max(late.values()) < 4
    assert abs(_s(played.fresh["day"]["ends_at"]) - _s(played.told["day"]["ends_at"])) < 4
    assert {item["state"] for item in played.fresh["programme"]} == {"done"}


async def test_a_day_at_its_own_speed_waits_for_its_time(days: House) -> None:
    days.clock.wind(timedelta(minutes=-2))
    await days.start()
    await days.play(119)
    assert days.given == []
    assert (await days.now())["next"]["cue"] == "i-valkommen.01"

    await days.play(2)

    assert [(cue.cue, cue.at - PLANNED) for cue in days.given] == [("i-valkommen.01", timedelta())]


async def test_a_cue_given_meanwhile_refuses_the_second_go(days: House) -> None:
    await days.start(speed=0.0)
    await days.rundown.go(MODERATOR, after=None)

    with pytest.raises(Refused) as refused:
        await days.rundown.go(MODERATOR, after=None)

    assert refused.value.code == "cue.already_done"
    assert [cue.cue for cue in days.given] == ["i-valkommen.01"]


async def test_two_operators_at_once_give_one_cue(days: House) -> None:
    await days.start(speed=0.0)

    answers = await asyncio.gather(*(days.rundown.go(MODERATOR, after=None) for _ in range(3)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "Refused", "Refused"]
    assert len(days.given) == 1


async def test_a_go_asked_again_under_its_id_gets_the_same_answer(days: House) -> None:
    await days.start(speed=0.0)
    asked = replace(MODERATOR, asked=Asked("w1", "rundown.go", "hash", PLANNED))

    first, second = await days.rundown.go(asked, after=None), await days.rundown.go(asked, after=None)

    assert first == second
    assert len(days.given) == 1


async def test_two_processes_at_the_clock_give_everything_once(days: House) -> None:
    await days.start(speed=60.0, operator_auto=True)
    other = Rundown(days.store, days.clock)
    for _ in range(100):
        await asyncio.gather(days.rundown.tick(HOUSE), other.tick(HOUSE))
        days.clock.wind(timedelta(seconds=1))

    cues = [cue.cue for cue in days.given]
    assert len(cues) == len(set(cues)) > 10


async def test_a_restart_in_the_middle_goes_on_as_if_it_had_not_been(sqlite: str, played: Played) -> None:
    whole = [(cue.cue, cue.lanes, cue.at) for cue in played.given]
    parts = []
    async with a_house(sqlite) as house:
        await house.start(speed=demo_speed(), operator_auto=True)
        await house.play(266)  # to the middle of a regional block
        parts += [(cue.cue, cue.lanes, cue.at) for cue in house.given]
        clock = house.clock
    async with a_house(sqlite, fresh=False, clock=clock) as house:
        await house.play(until=lambda: any(event.block == "b3" for event in house.events("rundown.block_began")))
        parts += [(cue.cue, cue.lanes, cue.at) for cue in house.given]

    whole = whole[: len(parts)]
    assert [cue for cue, *_ in parts] == [cue for cue, *_ in whole]
    assert max(abs(mine[2] - theirs[2]) for mine, theirs in zip(parts, whole, strict=True)) < timedelta(seconds=1)
    assert cues_in_kit()[-1].cue not in {cue for cue, *_ in parts}


async def test_a_night_without_the_house_delays_the_day_and_rushes_nothing(days: House) -> None:
    await days.start(speed=60.0, operator_auto=True)
    await days.play(5)
    given = len(days.given)
    days.clock.wind(timedelta(hours=8))

    await days.conductor.beat()

    assert len(days.given) <= given + 1


async def test_a_real_operator_sends_the_simulated_one_away(days: House) -> None:
    await days.start(speed=60.0, operator_auto=True)
    await days.play(1)
    await days.rundown.go(MODERATOR)
    given = len(days.given)

    await days.play(300)

    assert {cue.by for cue in days.given[:given]} == {"clock", "hand"}
    assert "operator" not in {cue.by for cue in days.given}
    assert (await days.now())["next"]["cue"] == "i-oppning.01"


async def test_hold_shifts_everything_and_the_programme_says_so(days: House) -> None:
    await days.start()
    await days.rundown.go(MODERATOR)
    await days.rundown.go(MODERATOR)
    await days.rundown.hold(MODERATOR)
    assert (await days.now())["hold"] is True
    await days.play(60)
    assert [cue.cue for cue in days.given] == ["i-valkommen.01", "i-valkommen.02"]

    await days.rundown.resume(MODERATOR)

    now, programme = await days.now(), (await days.state())["programme"]
    assert now["hold"] is False
    assert now["drift_s"] == 60
    assert _s(now["next"]["at"]) == (PLANNED + timedelta(seconds=70)).timestamp()
    assert _s(programme[1]["starts_at"]) == (PLANNED + timedelta(minutes=6)).timestamp()
    assert _s(programme[1]["planned_at"]) == (PLANNED + timedelta(minutes=5)).timestamp()


async def test_extending_tells_the_new_times(days: House) -> None:
    await days.start()
    await days.rundown.go(MODERATOR)
    await days.rundown.go(MODERATOR)
    ends_at = _s((await days.state())["day"]["ends_at"])

    await days.rundown.extend(MODERATOR, 120)

    assert days.events("rundown.shifted")[-1].seconds == 120
    assert _s((await days.now())["next"]["at"]) == (PLANNED + timedelta(seconds=130)).timestamp()
    assert ends_at == _s((await days.state())["day"]["ends_at"])  # the first break catches up


async def test_skip_and_back(days: House) -> None:
    await days.start(speed=0.0)
    await days.rundown.go(MODERATOR)
    await days.rundown.skip(MODERATOR)
    done = await days.rundown.go(MODERATOR)
    assert done.data == {"cue": "i-valkommen.03"}
    assert (await days.now())["name_plate"]["name"] == "Samira Tallvik"

    back = await days.rundown.back(MODERATOR)

    assert back.data == {"cue": "i-valkommen.02"}
    assert [(cue.cue, cue.again) for cue in days.given] == [
        ("i-valkommen.01", False), ("i-valkommen.03", False), ("i-valkommen.02", True),
    ]  # fmt: skip
    assert (await days.now())["next"]["cue"] == "i-valkommen.03"


async def test_undo_says_what_it_cannot_take_back(days: House) -> None:
    await days.start(speed=0.0)
    await days.rundown.go(MODERATOR)
    before = await days.now()
    await days.rundown.go(MODERATOR)
    undone = await days.rundown.undo(MODERATOR)

    assert undone.data == {"cue": "i-valkommen.01", "kept": ["i-valkommen.02"]}
    assert days.events("rundown.undone")[0].kept == ["i-valkommen.02"]
    assert await days.now() == before
    days.clock.wind(timedelta(seconds=11))
    with pytest.raises(Refused, match=r"undo\.too_late"):
        await days.rundown.undo(MODERATOR)


async def test_what_the_run_itself_shows_is_taken_back_whole(days: House) -> None:
    await days.start(speed=0.0)
    for _ in range(6):
        await days.rundown.go(MODERATOR)
    before = await days.now()
    assert before["ask_screens"]["text"] == "Hur många är ni vid skärmen nu?"
    await days.rundown.go(MODERATOR)
    assert "announcement" in await days.now()

    undone = await days.rundown.undo(MODERATOR)

    assert undone.data == {"cue": "i-valkommen.06"}
    assert await days.now() == before


async def test_a_region_is_driven_by_its_own_moderator(days: House) -> None:
    await days.start(speed=0.0)
    while not days.events("rundown.block_began") or days.events("rundown.block_began")[-1].block != "b2":
        await days.rundown.go(MODERATOR)
    norrvik = replace(MODERATOR, person="ines", lane="r-norrvik")
    assert (await days.now("r-norrvik"))["cue"] == "i-norrvik-1.02"

    await days.rundown.go(norrvik, after="i-norrvik-1.02")

    assert (await days.now("r-norrvik"))["cue"] == "i-norrvik-1.03"
    assert days.given[-1].lanes == ["r-norrvik"]
    assert (await days.now("r-vastero"))["cue"] == "i-r1-film.01@r-vastero"
    await days.rundown.go(MODERATOR, lane="r-norrvik")
    assert (await days.now("r-norrvik"))["cue"] == "i-norrvik-1.04"


async def test_countdowns_say_when_all_cross_and_meet_again(sqlite: str) -> None:
    async with a_house(sqlite) as house:
        await house.start(speed=60.0, operator_auto=True)
        await house.play(until=lambda: bool(house.given) and house.given[-1].do == "call_regions")
        countdown = (await house.now())["countdown"]
        assert countdown["to"] == "regions"
        await house.play(until=lambda: house.events("rundown.block_began")[-1].block == "b2")

        assert abs(_s(countdown["ends_at"]) - house.events("rundown.block_began")[-1].at.timestamp()) < 0.5
        assert "countdown" not in await house.now()


async def test_the_measured_length_of_a_film_counts(days: House) -> None:
    await days.start(speed=60.0, operator_auto=True)
    await days.library.film_ready(HOUSE, "film-dagen", 100.0)
    await days.play(130)

    at = {cue.cue: cue.at for cue in days.given}
    assert (at["i-valkommen.05"] - at["i-valkommen.04"]).total_seconds() >= 100
    async with days.store.reading() as session:
        film = await session.get(Film, (DAY, "film-dagen"))
    assert film is not None
    assert (film.planned_s, film.seconds, film.state) == (the_kit().films["film-dagen"].seconds, 100.0, "ready")


async def test_ending_the_day_by_hand_closes_the_run(days: House) -> None:
    await days.start(speed=0.0)
    await days.rundown.go(MODERATOR)
    await days.programme.end(MODERATOR)

    await days.conductor.beat()

    assert [entry.event.name for entry in days.heard][-3:] == ["day.ended", "rundown.item_ended", "rundown.ended"]
    assert await days.now() == {"hold": False}
    await days.rundown.tick(HOUSE)
    assert days.heard[-1].event.name == "rundown.ended"


async def test_a_wish_before_the_day_or_about_no_day_is_refused(days: House) -> None:
    await days.create()
    with pytest.raises(Refused, match=r"day\.not_live"):
        await days.rundown.go(MODERATOR)
    with pytest.raises(Refused, match=r"day\.no_such"):
        await days.rundown.go(Actor("d-x", "kim"))
    assert (await days.rundown.tick(HOUSE)).seq is None


def _s(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
