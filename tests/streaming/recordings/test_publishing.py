"""The gate: what is published, what is refused, what the clock takes away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from streaming.recordings import rules
from streaming.tables import FilmAsset, ProgrammeClock
from tests.conference.days import DAY
from tests.streaming.recordings.houses import ORGANIZER, Shelves

WHY = "Talaren samtycker, texten kommer i nästa vecka."


async def without_captions(shelves: Shelves, film: str = "film-hemma", text: str | None = None) -> None:
    """The film has lost its captions, or has got others."""

    async def verb(tx: Any) -> None:
        row = await tx.get(FilmAsset, DAY, film)
        clock = await tx.get(ProgrammeClock, DAY)
        tx.put(row.model_copy(update={"captions": text}))
        tx.put(clock.model_copy(update={"changes": clock.changes + 1}))

    await shelves.studio.house.store.run(verb)
    await shelves.studio.origin._viewing.renew(DAY)


async def refused(doing: Any) -> str:
    with pytest.raises(Refused) as found:
        await doing
    return found.value.code


async def test_with_captions_it_is_published(shelves: Shelves) -> None:
    done = await shelves.recordings.publish(ORGANIZER, "i-hemma")

    assert done.data == {"recording": "i-hemma", "captioned": True}
    assert list(await shelves.rows(published=True)) == ["i-hemma"]
    assert await refused(shelves.recordings.publish(ORGANIZER, "i-hemma")) == "recording.already_published"


async def test_what_shows_the_slate_alone_is_not(shelves: Shelves) -> None:
    assert await refused(shelves.recordings.publish(ORGANIZER, "i-oppning", WHY)) == "recording.nothing_shown"
    assert await refused(shelves.recordings.publish(ORGANIZER, "i-lunch", WHY)) == "recording.no_such"


@pytest.mark.parametrize("exception", ["", "   ", "för kort", " " * 30])
async def test_without_captions_it_is_refused(shelves: Shelves, exception: str) -> None:
    await without_captions(shelves)

    assert await refused(shelves.recordings.publish(ORGANIZER, "i-hemma", exception)) == "recording.no_captions"
    assert await shelves.rows(published=True) == {}


async def test_a_written_exception_is_kept_and_the_clock_runs(shelves: Shelves) -> None:
    await without_captions(shelves)
    await shelves.recordings.publish(ORGANIZER, "i-hemma", WHY)
    row = await shelves.row("i-hemma")
    assert (row.state, row.captioned, row.exception, row.by) == ("published", False, WHY, "olga")
    assert row.due_at == row.ends_at + timedelta(days=14)

    shelves.later(days=13, hours=23)
    assert await shelves.recordings.due() == []
    shelves.later(hours=1)
    assert await shelves.recordings.due() == [DAY]
    assert await shelves.recordings.close_due(Actor.house(DAY)) == 1

    row = await shelves.row("i-hemma")
    assert (row.state, row.late) == ("withdrawn", True)
    assert await shelves.recordings.due() == []
    assert await refused(shelves.recordings.publish(ORGANIZER, "i-hemma", WHY)) == "recording.too_late"


async def test_captions_that_came_in_time_stop_the_clock(shelves: Shelves) -> None:
    await without_captions(shelves)
    await shelves.recordings.publish(ORGANIZER, "i-hemma", WHY)
    shelves.later(days=10)
    await without_captions(shelves, text="WEBVTT\n\n00:00:00.000 --> 00:01:20.000\nTextat i efterhand\n")
    shelves.later(days=5)

    await shelves.recordings.close_due(Actor.house(DAY))

    row = await shelves.row("i-hemma")
    assert (row.state, row.captioned) == ("published", True)
    assert await shelves.recordings.due() == []


async def test_with_captions_no_clock_runs(shelves: Shelves) -> None:
    await shelves.recordings.publish(ORGANIZER, "i-hemma")
    shelves.later(days=100)

    assert await shelves.recordings.due() == []


async def test_an_item_that_is_withdrawn_takes_along_what_shows_it(shelves: Shelves) -> None:
    for name in ("i-hemma", "b1@national", "day@national", "i-valkommen"):
        await shelves.recordings.publish(ORGANIZER, name)

    done = await shelves.recordings.withdraw(ORGANIZER, "i-hemma", "Talaren vill inte.")

    assert sorted((done.data or {})["with"]) == ["b1@national", "day@national"]
    assert list(await shelves.rows(published=True)) == ["i-valkommen"]
    assert await refused(shelves.recordings.publish(ORGANIZER, "b1@national")) == "recording.part_withdrawn"
    assert await refused(shelves.recordings.withdraw(ORGANIZER, "i-hemma", "Igen.")) == "recording.already_withdrawn"
    assert await refused(shelves.recordings.withdraw(ORGANIZER, "i-valkommen", "  ")) == "text.empty"


async def test_what_somebody_wrote_live_counts(shelves: Shelves) -> None:
    told = [(at, at + 3_000) for at in range(0, 60_000, 8_000)]

    assert rules.covered([(0, 60_000)], told).share == 1.0
    assert rules.covered([(0, 60_000)], [(0, 3_000)]).share == pytest.approx(8_000 / 60_000)
    assert rules.covered([(0, 60_000)], []).share == 0
    assert rules.covered([], told).is_enough is False
    assert rules.covered([(0, 10_000), (30_000, 40_000)], [(29_000, 41_000)]).share == 0.5


async def test_playing_the_reactions_again_changes_nothing(shelves: Shelves) -> None:
    await shelves.recordings.publish(ORGANIZER, "i-hemma")
    before = await shelves.rows()

    async def again(tx: Any) -> None:
        await shelves.recordings.day_over(tx, DAY)

    await shelves.studio.house.store.run(again)

    assert {name: row.model_dump() for name, row in (await shelves.rows()).items()} == {n: r.model_dump() for n, r in before.items()}
