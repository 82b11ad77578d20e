"""What follows by itself: the day's end finishes a line, new captions of a film reach the lanes."""

from __future__ import annotations

from conference.core.bus import MemoryBus
from conference.core.reactor import Reactor
from streaming.captioning.reactions import reactions
from streaming.service import Packed
from streaming.tables import FilmAsset
from tests.conference.days import DAY, MODERATOR
from tests.streaming.captioning.houses import Desk


async def react(desk: Desk) -> None:
    await Reactor(desk.studio.house.store, MemoryBus()).catch_up(DAY, reactions(desk.captioning))


async def test_the_day_s_end_finishes_what_is_being_written(desk: Desk) -> None:
    await desk.writes("Tack för i d", final=False)
    await desk.studio.house.programme.end(MODERATOR)

    await react(desk)

    assert [(one["text"], "open" in one) for one in (await desk.state())["captions"]] == [("Tack för i d", False)]


async def test_new_captions_of_a_film_hold_whether_it_is_packed_before_or_after(desk: Desk) -> None:
    studio = desk.studio
    await studio.lanes.keep_film(MODERATOR, "film-hemma", Packed("a1", 60_000, 1, "gammal"))
    for film in ("film-hemma", "film-stod"):
        await studio.house.library.caption_film(MODERATOR, film, "ny")
    await react(desk)
    await studio.lanes.keep_film(MODERATOR, "film-stod", Packed("a2", 60_000, 1, "gammal"))

    async with studio.house.store.reading() as session:
        found = [await session.get(FilmAsset, (DAY, film)) for film in ("film-hemma", "film-stod")]
    assert [one and one.captions for one in found] == ["ny", "ny"]
