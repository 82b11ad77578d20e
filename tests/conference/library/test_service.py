"""The verbs of the library, and what is seen of its films."""

from __future__ import annotations

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.library import Film, NewFilm, views
from tests.conference.days import DAY, MODERATOR, House


async def film(house: House, name: str) -> Film:
    async with house.store.reading() as session:
        found = await views.film(session, DAY, name)
    assert found is not None
    return found


async def test_a_film_goes_from_upload_to_screen(days: House) -> None:
    await days.create()
    done = await days.library.add_film(MODERATOR, NewFilm(" Hemgång ", "uploads/x.mp4", licence="CC BY 4.0"))
    assert done.data
    name = str(done.data["film"])
    waiting = await film(days, name)
    assert (waiting.title, waiting.state, waiting.file, waiting.origin) == ("Hemgång", "waiting", "uploads/x.mp4", "upload")
    await days.library.package_film(MODERATOR, name)
    assert (await film(days, name)).state == "packaging"

    await days.library.film_ready(MODERATOR, name, 61.5)

    ready = await film(days, name)
    assert (ready.state, ready.seconds, ready.planned_s) == ("ready", 61.5, 61.5)
    async with days.store.reading() as session:
        assert [one.film for one in await views.films(session, DAY)] == ["film-dagen", "film-hemma", "film-stod", name]
    assert [entry.event.name for entry in days.heard] == ["day.created", "library.film_added", "library.film_ready"]


async def test_a_film_that_cannot_be_shown_says_why(days: House) -> None:
    await days.create()
    done = await days.library.add_film(MODERATOR, NewFilm("X", "uploads/x.txt"))
    assert done.data

    await days.library.film_refused(MODERATOR, str(done.data["film"]), "film.unreadable")

    refused = await film(days, str(done.data["film"]))
    assert (refused.state, refused.why) == ("refused", "film.unreadable")
    assert all(list(face(None)) == [] for face in views.FACES.values())


@pytest.mark.parametrize(("title", "code"), [(" ", "text.empty"), ("x" * 201, "text.too_long")])
async def test_a_film_needs_a_title(days: House, title: str, code: str) -> None:
    await days.create()
    with pytest.raises(Refused) as refused:
        await days.library.add_film(MODERATOR, NewFilm(title, "uploads/x.mp4"))

    assert refused.value.code == code


async def test_there_may_be_no_such_film(days: House) -> None:
    with pytest.raises(Refused, match=r"film\.no_such"):
        await days.library.film_ready(Actor.house(DAY), "film-x", 1.0)
