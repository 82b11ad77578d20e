"""What goes on air: by hand and by the run-of-show, and that a browser sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from conference.core.actor import Actor, Done
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.transaction import Transaction
from conference.rundown import BlockBegan, CueGiven, LaneJoined
from streaming import views
from streaming.events import LanesEnded, Taken
from streaming.lanes import folded
from streaming.service import Packed
from streaming.tables import FilmAsset, Showing, Slide, SlideSeen
from tests.conference.days import DAY, MODERATOR
from tests.fold import State, caught_up, on_the_wire
from tests.streaming.houses import Studio, a_studio

LANES = ["national", "r-norrvik", "r-sundmark", "r-vastero"]
FILM = Packed("a", 74_400, 300_000)


async def state(studio: Studio, lane: str = "national") -> State:
    """What a viewer of a lane gets on a fresh page."""
    async with studio.house.store.reading() as session:
        return dict(on_the_wire(await views.shared(session, DAY, Viewer("kim", lane=lane))))


async def happened(studio: Studio, *events: Event) -> None:
    """Write into the log what other features would, and let the lanes follow."""

    async def record(tx: Transaction) -> None:
        for event in events:
            await tx.record(event)

    await studio.house.store.run(record)
    await studio.react()


def cue(studio: Studio, do: str, *lanes: str, **args: object) -> CueGiven:
    return CueGiven(day=DAY, at=studio.house.clock.now(), lanes=list(lanes or LANES), cue="c", item="i", do=do, args=dict(args))


def block(studio: Studio, kind: str, *lanes: str) -> BlockBegan:
    return BlockBegan(day=DAY, at=studio.house.clock.now(), lanes=list(lanes or LANES), block="b", kind=kind)


def joined(studio: Studio, *lanes: str) -> LaneJoined:
    return LaneJoined(day=DAY, at=studio.house.clock.now(), lanes=list(lanes))


async def live(studio: Studio) -> None:
    await studio.house.start()
    await studio.react()


def takes(studio: Studio) -> list[tuple[str, str, list[str]]]:
    """Kind, source, lanes of all takes."""
    return [(event.kind, event.source, event.lanes) for event in studio.house.events("streaming.taken")]


async def test_a_day_that_goes_live_begins_with_the_slate_in_every_lane(studio: Studio) -> None:
    await studio.house.create()
    before = await state(studio)
    await studio.house.programme.start(MODERATOR)
    await studio.react()

    assert before == {"lane": {"lane": "national"}}
    assert takes(studio) == [("slate", "slate", LANES)]
    lane = (await state(studio, "r-vastero"))["lane"]
    assert (lane["lane"], lane["source"], lane["kind"], lane["text"]) == ("r-vastero", "slate", "slate", "Vi börjar snart")


async def test_a_film_that_is_packed_is_shown_when_its_cue_comes(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.keep_film(MODERATOR, "film-dagen", FILM)

    await happened(studio, cue(studio, "play_film", film="film-dagen"))

    lane = (await state(studio))["lane"]
    assert (lane["source"], lane["kind"], lane["title"]) == ("film-dagen", "film", "Så fungerar dagen")
    assert lane["until"] > lane["since"]
    assert "text" not in lane


async def test_a_film_that_is_not_packed_is_a_slate_with_its_title(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "play_film", film="film-dagen"))

    lane = (await state(studio))["lane"]
    assert (lane["source"], lane["kind"], lane["text"]) == ("film-dagen", "slate", "Så fungerar dagen")


async def test_a_source_that_is_not_there_is_a_slate_with_its_name(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "take_source", source="src-studio"))

    lane = (await state(studio))["lane"]
    assert (lane["source"], lane["kind"], lane["text"]) == ("src-studio", "slate", "Nationella studion")


async def test_a_source_that_comes_and_goes_is_told_of_where_it_is_shown(studio: Studio) -> None:
    await live(studio)
    await happened(studio, cue(studio, "take_source", "r-norrvik", source="src-norrvik"))
    seen = {lane: await state(studio, lane) for lane in LANES}
    studio.house.heard.clear()

    for is_live in (False, True, True, False, True):
        await studio.lanes.source_is(Actor.house(DAY), "src-norrvik", live=is_live)
        await studio.lanes.source_is(Actor.house(DAY), "src-none", live=is_live)

    told = [(entry.event.name, getattr(entry.event, "lanes", None)) for entry in studio.house.heard]
    assert told == [(f"streaming.source_{word}", ["r-norrvik"]) for word in ("came", "went", "came")]
    lane = (await state(studio, "r-norrvik"))["lane"]
    assert (lane["kind"], lane["source"], "text" in lane) == ("source", "src-norrvik", False)
    for lane_name, before in seen.items():
        viewer = Viewer("kim", lane=lane_name)
        assert caught_up(before, viewer, list(studio.house.heard), views.FACES) == await state(studio, lane_name)


async def test_a_source_that_sends_is_told_of_as_one_and_is_taken_from_this_moment_on(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.source_is(Actor.house(DAY), "src-studio", live=True)
    studio.house.clock.wind(timedelta(milliseconds=123_457))

    await studio.lanes.take(MODERATOR, "src-studio")

    lane = (await state(studio))["lane"]
    assert (lane["kind"], lane["title"], "text" in lane) == ("source", "Nationella studion", False)
    assert lane["since"] == on_the_wire(studio.house.clock.now().replace(microsecond=457_000))
    await studio.lanes.take(MODERATOR, "slate")
    taken = studio.house.events("streaming.taken")[-1]
    assert timedelta(0) <= taken.since - studio.house.clock.now() <= timedelta(milliseconds=400)  # its parts are listed until now


async def test_a_slate_has_the_words_of_its_cue(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "show_slate", text="Paus till 10.55"))

    assert (await state(studio))["lane"]["text"] == "Paus till 10.55"


async def test_a_cue_may_mean_the_second_picture_and_ends_it_too(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "take_source", source="src-studio", picture="sign"))
    begun = (await state(studio))["lane"]
    await happened(studio, cue(studio, "show_slate", "national", text="Paus", picture="sign"))
    ended = (await state(studio))["lane"]

    signs = [f"{lane}+sign" for lane in LANES]
    assert takes(studio)[1:] == [("slate", "src-studio", signs), ("slate", "slate", signs[:1])]  # it does not send in this test
    assert (begun["sign_source"], ended["sign_source"]) == ("src-studio", "slate")
    assert (begun["source"], ended["source"], ended["text"]) == ("slate", "slate", "Vi börjar snart")


async def test_a_cue_of_one_region_changes_its_lane_alone(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "show_slate", "r-norrvik", text="Hej Norrvik"))

    texts = {lane: (await state(studio, lane))["lane"]["text"] for lane in LANES}
    assert texts == {
        "national": "Vi börjar snart",
        "r-norrvik": "Hej Norrvik",
        "r-sundmark": "Vi börjar snart",
        "r-vastero": "Vi börjar snart",
    }


async def test_cues_about_other_things_change_nothing(studio: Studio) -> None:
    await live(studio)

    await happened(studio, cue(studio, "open_poll", poll="p"), cue(studio, "call_regions", block="b2", countdown_s=30))

    assert len(takes(studio)) == 1


async def test_when_regions_part_a_lane_keeps_its_picture_until_its_own_comes_or_two_seconds(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.keep_film(MODERATOR, "film-stod", FILM)

    await happened(studio, block(studio, "regional"), cue(studio, "play_film", "r-vastero", film="film-stod"))

    async with studio.house.store.reading() as session:
        shown = {lane: (await views.shared(session, DAY, Viewer("kim", lane=lane)))["lane"] for lane in LANES}
    now = studio.house.clock.now()
    assert shown["r-vastero"]["kind"] == "film"
    assert shown["r-vastero"]["since"] - now < timedelta(seconds=1)
    assert {shown[lane]["kind"] for lane in LANES if lane != "r-vastero"} == {"slate"}
    assert shown["national"]["since"] - now >= timedelta(seconds=2)


async def test_when_all_meet_lanes_that_differ_come_together_in_the_slate(studio: Studio) -> None:
    await live(studio)
    await happened(studio, block(studio, "common"))
    assert len(takes(studio)) == 1  # they were together

    await happened(studio, cue(studio, "show_slate", "r-norrvik", text="Hej"), block(studio, "common"))

    assert takes(studio)[-1] == ("slate", "slate", LANES)


async def test_the_end_of_the_day_closes_the_lanes_once(studio: Studio) -> None:
    await live(studio)

    await studio.house.programme.end(MODERATOR)
    await studio.react()
    await studio.react()

    assert [event.lanes for event in studio.house.events("streaming.ended")] == [LANES]
    assert await state(studio) == {"lane": {"lane": "national", "kind": "ended"}}
    with pytest.raises(Refused) as refused:
        await studio.lanes.take(MODERATOR, "slate")
    assert refused.value.code == "day.ended"


async def test_staff_takes_a_source_in_all_lanes_while_they_are_together(studio: Studio) -> None:
    await live(studio)

    await studio.lanes.take(MODERATOR, "src-studio")

    assert takes(studio)[-1] == ("slate", "src-studio", LANES)


async def test_staff_takes_a_source_in_one_lane_while_they_are_apart(studio: Studio) -> None:
    await studio.house.start(speed=0)
    await by_go(studio, lambda: any(event.kind == "regional" for event in studio.house.events("rundown.block_began")))

    await studio.lanes.take(MODERATOR, "src-norrvik", "r-norrvik")

    assert takes(studio)[-1] == ("slate", "src-norrvik", ["r-norrvik"])


async def test_an_interpreter_stands_beside_the_picture_in_all_lanes_and_changes_none_of_it(studio: Studio) -> None:
    await live(studio)
    before = await state(studio, "r-vastero")
    await studio.lanes.source_is(Actor.house(DAY), "src-lank", live=True)

    await studio.lanes.sign(MODERATOR, "src-lank")

    assert takes(studio)[-1] == ("source", "src-lank", [f"{lane}+sign" for lane in LANES])
    lane = (await state(studio, "r-vastero"))["lane"]
    assert {name: value for name, value in lane.items() if not name.startswith("sign_")} == before["lane"]
    assert (lane["sign_source"], lane["sign_kind"], lane["sign_title"]) == ("src-lank", "source", "Gäst på länk")
    await studio.lanes.source_is(Actor.house(DAY), "src-lank", live=False)
    assert (await state(studio))["lane"]["sign_kind"] == "slate"
    await studio.lanes.sign(MODERATOR, None)
    lane = (await state(studio))["lane"]
    assert (lane["sign_source"], lane["sign_kind"], "sign_title" in lane) == ("slate", "slate", False)


async def test_interpreters_that_differ_meet_in_the_countrys(studio: Studio) -> None:
    await studio.house.start(speed=0)
    await studio.react()
    await studio.lanes.sign(MODERATOR, "src-lank")
    await by_go(studio, lambda: any(event.kind == "regional" for event in studio.house.events("rundown.block_began")))
    await studio.lanes.sign(MODERATOR, "src-norrvik", "r-norrvik")
    apart = {lane: (await state(studio, lane))["lane"]["sign_source"] for lane in LANES}

    await happened(studio, block(studio, "common"))

    assert apart == {**dict.fromkeys(LANES, "slate"), "national": "src-lank", "r-norrvik": "src-norrvik"}
    assert [(await state(studio, lane))["lane"]["sign_source"] for lane in LANES] == ["src-lank"] * len(LANES)


@pytest.mark.parametrize(("source", "lane", "code"), [("src-none", "national", "source.no_such"), ("slate", "r-none", "lane.no_such")])
async def test_what_is_not_there_cannot_be_taken(studio: Studio, source: str, lane: str, code: str) -> None:
    await live(studio)

    with pytest.raises(Refused) as refused:
        await studio.lanes.take(MODERATOR, source, lane)

    assert refused.value.code == code


async def test_nothing_can_be_taken_before_the_day(studio: Studio) -> None:
    await studio.house.create()

    with pytest.raises(Refused) as refused:
        await studio.lanes.take(MODERATOR, "slate")

    assert refused.value.code == "day.not_live"


async def by_go(studio: Studio, until: Callable[[], bool]) -> None:
    """Give cue after cue by hand, ten seconds apart."""
    while not until():
        await studio.house.rundown.go(MODERATOR)
        await studio.react()
        studio.house.clock.wind(timedelta(seconds=10))


async def test_the_whole_day_by_its_run_of_show(studio: Studio) -> None:
    """Played through with the kit's cues: films where they belong, the lanes closed at the end."""
    await studio.house.create(speed=0)
    for film in ("film-dagen", "film-hemma", "film-stod"):
        await studio.lanes.keep_film(MODERATOR, film, FILM)
    await studio.house.programme.start(MODERATOR)
    await by_go(studio, lambda: bool(studio.house.events("day.ended")))
    await studio.react()

    films = [(source, lanes) for kind, source, lanes in takes(studio) if kind == "film"]
    assert (films[0], films[1]) == (("film-dagen", LANES), ("film-hemma", LANES))
    assert ("film-stod", ["r-vastero"]) in films
    assert ("film-stod", ["r-norrvik"]) not in films
    assert len(studio.house.events("streaming.ended")) == 1


async def test_state_and_news_are_the_same_as_a_fresh_page(studio: Studio) -> None:
    await studio.house.create()
    await studio.lanes.keep_film(MODERATOR, "film-dagen", FILM)
    viewers = [Viewer("kim", lane=lane) for lane in LANES]
    seen = {viewer: await state(studio, viewer.lane) for viewer in viewers}
    studio.house.heard.clear()
    await studio.house.programme.start(MODERATOR)
    steps: list[Event] = [
        cue(studio, "play_film", film="film-dagen"), cue(studio, "show_slate", text="Paus"), block(studio, "regional"),
        cue(studio, "take_source", "r-norrvik", source="src-norrvik"), block(studio, "common"),
    ]  # fmt: skip
    await studio.react()
    await studio.lanes.sign(MODERATOR, "src-lank")
    for step in steps:
        await happened(studio, step)
        news = [entry for entry in studio.house.heard if isinstance(entry.event, Taken | LanesEnded)]
        for viewer in viewers:
            assert caught_up(seen[viewer], viewer, news, views.FACES) == await state(studio, viewer.lane)
    await studio.house.programme.end(MODERATOR)
    await studio.react()
    news = [entry for entry in studio.house.heard if isinstance(entry.event, Taken | LanesEnded)]
    assert [caught_up(seen[viewer], viewer, news, views.FACES) for viewer in viewers] == [await state(studio, lane) for lane in LANES]


def a_slide(page: int | None, text: str = "Vad vi vet", of: str = "p-ann") -> Slide:
    return Slide(day=DAY, source="src-bilder", of=of, page=page, pages=3, text=text if page else "")


async def test_what_is_written_on_a_slide_is_told_where_its_screen_is_on_air(studio: Studio) -> None:
    await live(studio)
    viewers = [Viewer("kim", lane=lane) for lane in LANES]
    seen = {viewer: await state(studio, viewer.lane) for viewer in viewers}
    studio.house.heard.clear()
    told = list[object]()

    async def now(_done: Done) -> None:
        told.append((await state(studio))["lane"].get("slide"))
        for viewer in viewers:
            assert caught_up(seen[viewer], viewer, studio.house.heard, views.FACES) == await state(studio, viewer.lane)
        studio.house.clock.wind(timedelta(seconds=1))

    await now(await studio.lanes.show_slide(MODERATOR, a_slide(1)))  # it is not on air
    await now(await studio.lanes.take(MODERATOR, "src-bilder"))
    await now(await studio.lanes.show_slide(MODERATOR, a_slide(2, "Vad vi tror")))
    again = await studio.lanes.show_slide(MODERATOR, a_slide(2, "Vad vi tror"))
    others = await studio.lanes.show_slide(MODERATOR, a_slide(None, of="p-bo"))
    await now(await studio.lanes.take(MODERATOR, "slate"))
    await now(await studio.lanes.take(MODERATOR, "src-bilder"))
    await now(await studio.lanes.show_slide(MODERATOR, a_slide(None)))

    first, second = ({"page": n, "pages": 3, "text": text} for n, text in ((1, "Vad vi vet"), (2, "Vad vi tror")))
    assert told == [None, first, second, None, second, None]
    assert (again.seq, others.seq) == (None, None)
    async with studio.house.store.reading() as session:
        kept = (await session.exec(select(SlideSeen).order_by(col(SlideSeen.at)))).all()
    assert [(row.page, row.lanes) for row in kept] == [(page, LANES) for page in (1, 2, 2, None)]


async def test_slides_are_over_when_another_picture_comes_to_their_screen(studio: Studio) -> None:
    await live(studio)
    nothing = await studio.lanes.end_slides(MODERATOR, "src-bilder")
    await studio.lanes.show_slide(MODERATOR, a_slide(1))
    await studio.lanes.take(MODERATOR, "src-bilder")

    done = await studio.lanes.end_slides(MODERATOR, "src-bilder")

    assert (nothing.seq, done.seq is None) == (None, False)
    assert "slide" not in (await state(studio))["lane"]
    assert (await studio.lanes.end_slides(MODERATOR, "src-bilder")).seq is None


async def test_slides_that_stand_when_the_day_is_over_are_told_of_no_more(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.show_slide(MODERATOR, a_slide(1))
    await studio.lanes.take(MODERATOR, "src-bilder")
    await studio.house.programme.end(MODERATOR)
    await studio.react()

    done = await studio.lanes.show_slide(MODERATOR, a_slide(2))

    assert (done.seq, (await state(studio))["lane"].get("slide")) == (None, None)


async def test_a_film_can_be_packed_again_with_new_captions(url: str, tmp_path: Path) -> None:
    async with a_studio(url, tmp_path) as studio:
        await studio.house.create()
        await studio.lanes.keep_film(MODERATOR, "film-dagen", FILM)
        await studio.lanes.keep_film(MODERATOR, "film-dagen", Packed("b", 400, 1, "WEBVTT"))

        async with studio.house.store.reading() as session:
            film = await session.get(FilmAsset, (DAY, "film-dagen"))

    assert film is not None
    assert (film.asset, film.captions) == ("b", "WEBVTT")


async def test_a_late_region_keeps_its_picture_when_the_others_meet_and_then_joins_their_source(studio: Studio) -> None:
    await live(studio)
    others = [lane for lane in LANES if lane != "r-norrvik"]
    await happened(studio, block(studio, "regional"), cue(studio, "take_source", "r-norrvik", source="src-norrvik"))
    before = len(takes(studio))

    await happened(studio, block(studio, "common", *others), cue(studio, "take_source", *others, source="src-studio"))
    assert (await state(studio, "r-norrvik"))["lane"]["source"] == "src-norrvik"
    await happened(studio, joined(studio, "r-norrvik"))

    assert takes(studio)[before:] == [("slate", "src-studio", others), ("slate", "src-studio", ["r-norrvik"])]  # neither sends in this test
    mine, theirs = (await state(studio, "r-norrvik"))["lane"], (await state(studio))["lane"]
    assert {**mine, "since": None, "lane": None} == {**theirs, "since": None, "lane": None}


async def test_a_late_region_joins_a_film_at_its_next_key_frame(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.keep_film(MODERATOR, "film-dagen", FILM)
    others = [lane for lane in LANES if lane != "r-norrvik"]
    await happened(studio, block(studio, "common", *others), cue(studio, "play_film", *others, film="film-dagen"))
    studio.house.clock.wind(timedelta(seconds=11))

    await happened(studio, joined(studio, "r-norrvik"))

    async with studio.house.store.reading() as session:
        first, second = (await session.exec(select(Showing).where(Showing.kind == "film").order_by(col(Showing.position)))).all()
    assert (second.lanes, second.asset) == (["r-norrvik"], first.asset)
    assert second.begins_ms - second.skips_ms == first.begins_ms
    assert (second.skips_ms, second.duration_ms) == (12_000, FILM.duration_ms - 12_000)
    lane = folded([first, second], "r-norrvik")
    (segment,) = list(lane.segments(0, 1))
    assert (segment.seq, segment.begins_ms) == (6, second.begins_ms)  # the seventh of two seconds each


async def test_a_late_region_that_comes_when_a_film_is_almost_over_sees_the_slate(studio: Studio) -> None:
    await live(studio)
    await studio.lanes.keep_film(MODERATOR, "film-dagen", FILM)
    others = [lane for lane in LANES if lane != "r-norrvik"]
    await happened(studio, block(studio, "common", *others), cue(studio, "play_film", *others, film="film-dagen"))
    studio.house.clock.wind(timedelta(milliseconds=FILM.duration_ms - 300))

    await happened(studio, joined(studio, "r-norrvik"))

    assert takes(studio)[-1] == ("slate", "slate", ["r-norrvik"])
