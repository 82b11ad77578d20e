"""Recordings over the wire: who sees what, what is refused, and that nothing is lost when the process dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from chat.tables import Room
from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.tables import Item
from streaming.recordings.tables import Recording
from streaming.tables import SlideSeen
from tests.streaming.recordings.houses import probed
from tests.streaming.test_playlists import at, parsed
from tests.web.products import Product, product, with_a_day
from tests.web.test_reach import by_link

FILES = [
    "index.m3u8",
    "pictures.m3u8",
    "sound.m3u8",
    "words.m3u8",
    "sound-only.m3u8",
    "sign.m3u8",
    "captions.vtt",
    "chapters.vtt",
    "chapters.json",
    "moments.json",
    "poster.jpg",
]
SHOWN_S, BEFORE_S = 8.0, 6.0  # how long it is, and how long ago it ended


@pytest.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Product]:
    """A day on which a film ran for some seconds, with another one where somebody interprets; what was shown meanwhile is kept."""
    async with product(tmp_path / "data") as made:
        await with_a_day(made)
        await film_was_shown(made)
        yield made


async def film_was_shown(made: Product) -> None:
    house, by = made.house, Actor.house(made.day)
    async with asyncio.timeout(60):
        while not (await packed(made, "film-hemma") and await packed(made, "film-stod")):
            await asyncio.sleep(0.2)
    begins_at = house.clock.now()
    await house.lanes.take(by, "film-hemma")
    await house.lanes.sign(by, "film-stod")
    await asyncio.sleep(SHOWN_S + BEFORE_S)
    ends_at = begins_at + timedelta(seconds=SHOWN_S)

    async def over(tx: Any) -> None:
        items = {name: await tx.get(Item, made.day, name) for name in ("i-hemma", "i-nulage")}
        tx.put(items["i-hemma"].model_copy(update={"starts_at": begins_at, "ends_at": ends_at, "state": "done"}))
        tx.put(items["i-nulage"].model_copy(update={"starts_at": begins_at - timedelta(seconds=3), "ends_at": begins_at, "state": "done"}))

    async def keep(tx: Any) -> None:
        await house.recordings.item_over(tx, made.day, "i-hemma", ends_at)

    await house.store.run(over)
    await house.store.run(keep)


async def packed(made: Product, film: str) -> bool:
    from streaming.tables import FilmAsset

    async with made.house.store.reading() as session:
        return await session.get(FilmAsset, (made.day, film)) is not None


async def asked(made: Product, cookie: str, do: str, **args: object) -> tuple[int, dict[str, Any]]:
    async with made.http(cookie) as http:
        answer = await http.post(f"/days/{made.day}/wishes", json={"id": str(uuid4()), "do": do, "args": args})
    return answer.status_code, answer.json()


async def statuses(made: Product, cookie: str = "") -> set[int]:
    base = f"/days/{made.day}/recordings/i-hemma"
    async with made.http(cookie) as http:
        return {(await http.get(path)).status_code for path in [base, *(f"{base}/{file}" for file in FILES)]}


async def test_who_sees_what(shown: Product) -> None:
    who = {role: await shown.enter(role) for role in ("organizer", "moderator", "speaker", "captioner")} | {
        "participant": await shown.join()
    }
    staff = {"organizer", "moderator"}
    olga = await by_link(shown, "moderator", "r-norrvik")  # of one region: what the country has not published is not hers to see

    assert await statuses(shown) == {404}
    assert await statuses(shown, olga) == {404}
    async with shown.http(olga) as http:
        mine = await http.get(f"/days/{shown.day}/recordings")
        assert (mine.status_code, "recordings/i-hemma" in mine.text) == (200, False)
    assert {role: await statuses(shown, cookie) for role, cookie in who.items()} == {r: {200} if r in staff else {404} for r in who}
    for role, cookie in who.items():
        async with shown.http(cookie) as http:
            assert (await http.get(f"/days/{shown.day}/recordings")).status_code == (200 if role in staff else 403)
        status, _answer = await asked(shown, cookie, "recordings.publish", recording="i-hemma")
        assert status == (200 if role == "organizer" else 409 if role == "nobody" else 403), role
        if role == "organizer":
            assert (await asked(shown, cookie, "recordings.withdraw", recording="i-hemma", reason="Ett prov."))[0] == 200

    assert (await asked(shown, who["organizer"], "recordings.publish", recording="i-hemma"))[0] == 200
    assert await statuses(shown) == {200}
    async with shown.http() as http:
        assert "recordings/i-hemma" in (await http.get(f"/days/{shown.day}/library")).text
        assert (await http.get(f"/days/{shown.day}/recordings/i-hemma/../../etc")).status_code == 404
        assert (await http.get(f"/days/{shown.day}/recordings/i-hemma/x.mp4")).status_code == 404
        assert (await http.get(f"/days/{shown.day}/recordings/i-saknas")).status_code == 404
    async with shown.house.store.reading() as session:
        entered = await session.exec(select(AuditEntry.did).where(col(AuditEntry.did).startswith("recordings.")))
        assert set(entered) == {"recordings.publish", "recordings.withdraw"}


async def test_the_playlist_plays_and_the_film_is_made_and_given_out_in_ranges(shown: Product) -> None:
    organizer = await shown.enter("organizer")
    await asked(shown, organizer, "recordings.publish", recording="i-hemma")
    base = f"/days/{shown.day}/recordings/i-hemma"

    told = await probed(f"{shown.origin}{base}/pictures.m3u8")

    assert float(told["format"]["duration"]) == pytest.approx(SHOWN_S, abs=0.1)
    async with shown.http() as http:
        first = await http.get(f"{base}/film.mp4")
        assert (first.status_code, first.json()["state"]) == (202, "waiting")
        async with asyncio.timeout(60):
            while (answer := await http.get(f"{base}/film.mp4")).status_code == 202:
                await asyncio.sleep(0.1)
        part = await http.get(f"{base}/film.mp4", headers={"Range": "bytes=4-7"})
        chapters = (await http.get(f"{base}/chapters.json")).json()
        words = (await http.get(f"{base}/captions.vtt")).text
    assert answer.headers["Content-Type"] == "video/mp4"
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert [one["title"] for one in chapters["chapters"]] == ["Lärande exempel: Egen mätning hemma"]
    assert words.count("-->") >= 2


async def test_the_second_picture_lies_beside_at_the_same_time_of_the_studio(shown: Product) -> None:
    await asked(shown, await shown.enter("organizer"), "recordings.publish", recording="i-hemma")
    base = f"/days/{shown.day}/recordings/i-hemma"
    async with shown.http() as http:
        first, second = [parsed((await http.get(f"{base}/{name}.m3u8")).content) for name in ("pictures", "sign")]
        page = (await http.get(base)).text

    told = await probed(f"{shown.origin}{base}/sign.m3u8")

    assert float(told["format"]["duration"]) == pytest.approx(SHOWN_S, abs=2)  # it ends with a part of its own
    assert abs(at(first[1][0]) - at(second[1][0])) <= timedelta(seconds=0.8)  # one was taken after the other
    assert {str(one["uri"]).split("/")[-2] for one in second[1]}.isdisjoint(str(one["uri"]).split("/")[-2] for one in first[1])
    assert second[0]["#EXT-X-PLAYLIST-TYPE"] == "VOD"
    assert page.count('data-part="sign-switch"') == 1


async def test_sound_alone_is_there_for_narrow_lines(shown: Product) -> None:
    await asked(shown, await shown.enter("organizer"), "recordings.publish", recording="i-hemma")

    told = await probed(f"{shown.origin}/days/{shown.day}/recordings/i-hemma/sound-only.m3u8")

    kinds = {one["codec_type"] for one in told["streams"]}
    assert "audio" in kinds
    assert "video" not in kinds
    assert float(told["format"]["duration"]) == pytest.approx(SHOWN_S, abs=0.1)


async def test_withdrawing_takes_the_files_along(shown: Product) -> None:
    organizer = await shown.enter("organizer")
    await asked(shown, organizer, "recordings.publish", recording="i-hemma")
    async with shown.http() as http:
        await http.get(f"/days/{shown.day}/recordings/i-hemma/poster.jpg")
    folder = shown.house.settings.data_dir / "recordings"
    assert list(folder.glob("*/*.jpg"))

    assert (await asked(shown, organizer, "recordings.withdraw", recording="i-hemma", reason="Ett prov."))[0] == 200

    assert not list(folder.glob("*/*"))
    assert await statuses(shown) == {404}


async def test_without_scripts_a_form_publishes_and_the_text_is_searched(shown: Product) -> None:
    organizer = await shown.enter("organizer")
    where = f"{shown.origin}/days/{shown.day}/recordings"
    async with shown.http(organizer, Referer=where) as http:
        sent = await http.post(f"/days/{shown.day}/do/recordings.publish", data={"recording": "i-hemma"})
        assert (sent.status_code, sent.headers["Location"]) == (303, f"/days/{shown.day}/recordings")
        page = (await http.get(f"/days/{shown.day}/recordings/i-hemma", params={"q": "BLODTRYCK", "t": "x"})).text
        waits = await http.get(f"/days/{shown.day}/recordings/i-hemma/sound.m4a", headers={"Accept": "text/html"})
    assert page.count('<li><a class="jump"') == 2  # a chapter and a line
    assert waits.status_code == 202
    assert 'http-equiv="refresh"' in waits.text


async def test_after_a_restart_it_is_all_there(tmp_path: Path) -> None:
    async with product(tmp_path / "data") as made:
        await with_a_day(made)
        await film_was_shown(made)
        organizer = await made.enter("organizer")
        async with made.http(organizer) as http:
            before = (await http.get(f"/days/{made.day}/recordings/i-hemma/pictures.m3u8")).text
        day = made.day
    (tmp_path / "data" / "recordings" / "x").mkdir(parents=True, exist_ok=True)
    (tmp_path / "data" / "recordings" / "x" / "y-film.mp4.part").write_bytes(b"half")

    async with product(tmp_path / "data") as again:
        again.day = day
        async with again.http(organizer) as http:
            after = (await http.get(f"/days/{day}/recordings/i-hemma/pictures.m3u8")).text
        async with again.house.store.reading() as session:
            rows = (await session.exec(select(Recording))).all()

    assert after == before
    assert [row.recording for row in rows] == ["i-hemma"]
    assert not list((tmp_path / "data" / "recordings").glob("*/*.part"))


async def test_what_happened_stands_at_its_moment_without_names_and_with_figures_that_all_were_shown(tmp_path: Path) -> None:
    async with product(tmp_path / "data") as made:
        await with_a_day(made)
        moderator, kim = await made.enter("moderator"), await made.join(name="Kim Berg")
        state = await _state(made, moderator)
        hidden, shown_poll = [one["poll"] for one in state["polls"] if one["scope"] == "country" and one["kind"] in {"choice", "yesno"}][:2]
        happening = asyncio.create_task(_happen(made, moderator, kim, [hidden, shown_poll]))
        await film_was_shown(made)
        said = await happening
        organizer = await made.enter("organizer")
        await asked(made, organizer, "recordings.publish", recording="i-hemma")
        async with made.http() as http:
            answer = await http.get(f"/days/{made.day}/recordings/i-hemma/moments.json")

    moments = answer.json()["moments"]
    assert "Kim" not in answer.text
    assert [one["at"] for one in moments] == sorted(one["at"] for one in moments)
    assert all(0 <= one["at"] <= SHOWN_S for one in moments)
    assert [one["text"] for one in moments if one["kind"] == "chat"] == [said]
    assert len([one for one in moments if one["kind"] == "poll"]) == 2
    assert [(one["page"], one["text"]) for one in moments if one["kind"] == "slide"] == [(2, "Vad vi vet")]
    results = [one for one in moments if one["kind"] == "result"]
    assert [one["n"] for one in results] == [1]


async def _state(made: Product, cookie: str) -> dict[str, Any]:
    async with made.http(cookie) as http:
        found: dict[str, Any] = (await http.get(f"/days/{made.day}/state")).json()
    return found


async def _happen(made: Product, moderator: str, kim: str, polls: list[str]) -> str:
    """While the film is shown: two polls, of which one is shown to everybody, and something is said and something taken back."""
    async with asyncio.timeout(90):
        while (await _state(made, kim))["lane"].get("source") != "film-hemma":
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    for poll in polls:
        assert (await asked(made, moderator, "polls.open", poll=poll))[0] == 200
    mine = next(one for one in (await _state(made, kim))["polls"] if one["poll"] == polls[1])
    answer = mine["options"][0]["option"] if mine["kind"] == "choice" else "yes"
    body = {"poll": polls[1], "answer": [answer] if mine["kind"] == "choice" else answer}
    assert (await asked(made, kim, "polls.vote", **body))[0] == 200
    await asked(made, moderator, "polls.show", poll=polls[0], to="hidden")
    await asked(made, moderator, "polls.show", poll=polls[1], to="everyone")
    for poll in polls:
        assert (await asked(made, moderator, "polls.close", poll=poll))[0] == 200
    await made.house.store.run(lambda tx: _open_room(made, tx))
    await made.house.store.run(lambda tx: _show_slides(made, tx))
    kept, gone = await asked(made, kim, "chat.say", text="Det fungerar hos oss."), await asked(made, kim, "chat.say", text="Fel sak.")
    assert (kept[0], gone[0]) == (200, 200), (kept, gone)
    message = next(one["message"] for one in (await _state(made, kim))["chat"] if one["text"] == "Fel sak.")
    assert (await asked(made, kim, "chat.remove", message=message))[0] == 200
    return "Det fungerar hos oss."


async def _show_slides(made: Product, tx: Any) -> None:
    """One where the recording is from, and one in a region alone."""
    for lane, page in (("national", 2), ("r-norrvik", 3)):
        shown: dict[str, Any] = {"source": f"screen-{page}", "at": made.house.clock.now(), "lanes": [lane], "page": page, "pages": 3}
        tx.put(SlideSeen(day=made.day, text="Vad vi vet", **shown))


async def _open_room(made: Product, tx: Any) -> None:
    tx.put(Room(day=made.day, room="national", open=True))
