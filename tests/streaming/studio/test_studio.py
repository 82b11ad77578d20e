"""The verbs behind the scenes, and that catching up with their news equals a fresh page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.ids import SeededIds
from streaming.studio import Booth, KeyRenewed, Keys, Studio, views
from streaming.studio.rules import SEATS_MOST, SHOWN, camera_of, panel_of
from streaming.studio.views import Backstage, backstage
from tests.conference import days
from tests.conference.days import DAY, MODERATOR
from tests.fold import caught_up, on_the_wire

SPEAKER = frozenset({"speaker"})
LO, KIM = Actor(DAY, "lo", SPEAKER), Actor(DAY, "mira", SPEAKER)
NORRVIK = Actor(DAY, "nils", SPEAKER, lane="r-norrvik", region="r-norrvik")
PANELS = Viewer("lo", SPEAKER), Viewer("nils", SPEAKER, "r-norrvik")  # one who reads each


@dataclass
class Scene:
    house: days.House
    studio: Studio

    async def state(self, viewer: Viewer) -> dict[str, Any]:
        async with self.house.store.reading() as session:
            shared = await views.shared(session, DAY, viewer)
            own = await views.personal(session, DAY, [viewer.person])
        if "whispers" in shared:
            mine = own.get(viewer.person, {}).get("whispers", {})
            known = {one["whisper"] for one in shared["whispers"]}
            shared["whispers"] += [one for name, one in mine.items() if name not in known]
        return dict(on_the_wire(shared))

    async def backstage(self) -> Backstage:
        async with self.house.store.reading() as session:
            return await backstage(session, DAY)


@pytest.fixture
async def scene(url: str, clock: HandClock) -> AsyncIterator[Scene]:
    async with days.a_house(url, clock=clock) as house:
        await house.create()
        yield Scene(house, Studio(house.store, house.clock, SeededIds()))


async def refusal(doing: Any) -> str:
    with pytest.raises(Refused) as refused:
        await doing
    return refused.value.code


async def test_a_camera_becomes_a_source_of_the_day_when_its_speaker_first_comes(scene: Scene) -> None:
    done = await scene.studio.sit(LO)

    assert done.data == {"source": camera_of("lo"), "panel": "panel"}
    seen = await scene.backstage()
    kinds = {one.source: one.kind for one in seen.sources}
    assert (kinds[camera_of("lo")], kinds["panel"], kinds["src-studio"]) == ("person", "panel", "studio")
    assert (await scene.studio.sit(LO)).seq is None


async def test_who_is_ready_belongs_to_the_panel_in_the_order_they_came(scene: Scene) -> None:
    for who in (LO, KIM, NORRVIK):
        await scene.studio.sit(who)
        scene.house.clock.wind(timedelta(seconds=1))
    for who in (KIM, LO, NORRVIK):
        await scene.studio.ready(who, ready=True)

    seen = await scene.backstage()
    assert seen.members("panel") == [camera_of("lo"), camera_of("mira")]
    assert seen.members(panel_of("r-norrvik")) == [camera_of("nils")]


async def test_the_producer_decides_who_belongs_and_who_is_seen(scene: Scene) -> None:
    for who in (LO, KIM):
        await scene.studio.sit(who)
    await scene.studio.panel(MODERATOR, "panel", [camera_of("mira"), "src-lank"])
    await scene.studio.choose(MODERATOR, "panel", "src-lank")

    assert (await scene.backstage()).members("panel") == [camera_of("mira"), "src-lank"]
    await scene.studio.panel(MODERATOR, "panel", [camera_of("mira")])
    assert (await scene.backstage()).panels["panel"].chosen is None
    await scene.studio.panel(MODERATOR, "panel", None)
    assert (await scene.backstage()).members("panel") == []


async def test_what_cannot_be_is_refused(scene: Scene) -> None:
    studio = scene.studio
    await studio.sit(LO)

    assert await refusal(studio.ready(KIM, ready=True)) == "seat.no_such"
    assert await refusal(studio.share(KIM)) == "seat.no_such"
    assert await refusal(studio.panel(MODERATOR, "src-studio", None)) == "source.no_such"
    assert await refusal(studio.panel(MODERATOR, "panel", ["p-nobody"])) == "source.no_such"
    assert await refusal(studio.panel(MODERATOR, "panel", ["panel"])) == "source.no_such"
    assert await refusal(studio.choose(MODERATOR, "panel", "p-nobody")) == "source.no_such"
    assert await refusal(studio.renew(MODERATOR, "panel")) == "source.no_such"
    assert await refusal(studio.whisper(LO, " ")) == "text.empty"
    assert await refusal(studio.whisper(LO, "x" * 501)) == "text.too_long"
    assert await refusal(studio.whisper(KIM, "Hej", "lo")) == "role.missing"
    assert await refusal(studio.whisper(MODERATOR, "Hej", "mira")) == "seat.no_such"


async def test_a_speaker_is_sent_as_the_guest_by_link_of_the_run_of_show(scene: Scene) -> None:
    for who in (LO, KIM):
        await scene.studio.sit(who)
        await scene.studio.ready(who, ready=True)
    await scene.studio.seat(MODERATOR, "lo", "src-lank")
    done = await scene.studio.seat(MODERATOR, "mira", "src-lank")

    booth = Booth(scene.house.store, None, Keys("a secret of ours"))  # type: ignore[arg-type]  # nothing is told to it here
    orders = booth.orders(DAY, await scene.backstage())
    mira = f"{DAY}.{camera_of('mira')}"
    assert (orders[f"{DAY}.src-lank"].members, orders[f"{DAY}.src-lank"].chosen) == ((mira,), mira)
    assert list(orders).index(f"{DAY}.src-lank") > list(orders).index(mira)
    assert {one.person: one.sends_as for one in (await scene.backstage()).seats} == {"lo": None, "mira": "src-lank"}
    assert (await scene.studio.seat(MODERATOR, "mira", "src-lank")).seq is None
    assert done.seq is not None

    await scene.studio.panel(MODERATOR, "panel", ["src-lank", camera_of("mira"), camera_of("lo")])
    assert booth.orders(DAY, await scene.backstage())[f"{DAY}.panel"].members == (mira, f"{DAY}.{camera_of('lo')}")


async def test_a_screen_is_heard_with_the_panel_of_its_lane_and_sits_in_none(scene: Scene) -> None:
    await scene.studio.sit(NORRVIK)
    done = await scene.studio.share(NORRVIK)
    assert done.data
    own = str(done.data["source"])

    orders = Booth(scene.house.store, None, Keys("a secret of ours")).orders(DAY, await scene.backstage())  # type: ignore[arg-type]  # nothing is told to it here

    assert orders[f"{DAY}.{own}"].body == {"kind": "screen", "sound": f"{DAY}.{panel_of('r-norrvik')}"}
    assert orders[f"{DAY}.src-bilder"].body == {"kind": "screen", "sound": f"{DAY}.panel"}
    assert await refusal(scene.studio.panel(MODERATOR, "panel", [own])) == "source.no_such"


async def test_only_sources_for_guests_by_link_are_lent_out(scene: Scene) -> None:
    await scene.studio.sit(LO)

    assert await refusal(scene.studio.seat(MODERATOR, "lo", "src-studio")) == "source.no_such"
    assert await refusal(scene.studio.seat(MODERATOR, "lo", "src-nowhere")) == "source.no_such"
    assert await refusal(scene.studio.seat(MODERATOR, "mira", "src-lank")) == "seat.no_such"


async def test_who_is_on_air_as_a_guest_is_told_so(scene: Scene) -> None:
    await scene.studio.sit(LO)
    await scene.studio.seat(MODERATOR, "lo", "src-lank")
    seen = replace(await scene.backstage(), on_air={"src-lank": ["national"]})

    assert seen.lanes_of(camera_of("lo")) == ["national"]


async def test_a_panel_has_room_for_twelve(scene: Scene) -> None:
    for n in range(SEATS_MOST + 1):
        await scene.studio.sit(Actor(DAY, f"s{n}", SPEAKER))
    for n in range(SEATS_MOST):
        await scene.studio.ready(Actor(DAY, f"s{n}", SPEAKER), ready=True)

    assert await refusal(scene.studio.ready(Actor(DAY, "s12", SPEAKER), ready=True)) == "panel.full"
    await scene.studio.ready(Actor(DAY, "s0", SPEAKER), ready=False)
    await scene.studio.ready(Actor(DAY, "s12", SPEAKER), ready=True)


async def test_a_screen_is_shown_as_the_days_own_source_for_it(scene: Scene) -> None:
    await scene.studio.sit(LO)
    await scene.studio.sit(NORRVIK)

    assert (await scene.studio.share(LO)).data == {"source": "src-bilder"}
    own = f"{camera_of('nils')}-bild"
    assert [(await scene.studio.share(NORRVIK)).data for _ in range(2)] == [{"source": own}] * 2


async def test_what_is_written_to_a_panel_is_begun_read_while_it_is_written_and_kept(scene: Scene) -> None:
    await scene.studio.sit(LO)
    for text in ("J", "Jag", "Jag tar"):
        done = await scene.studio.type(LO, text, final=False)
        scene.house.clock.wind(timedelta(milliseconds=250))
    async with scene.house.store.reading() as session:
        [(line, sides)] = await views.unfinished(session, DAY, scene.house.clock.now())
        assert await views.unfinished(session, DAY, scene.house.clock.now() + SHOWN) == []

    assert done.data == {"typed": line}
    assert [entry.event.name for entry in scene.house.heard][-1:] == ["studio.typing"]
    readers = {"lo": Viewer("lo", SPEAKER), "nils": Viewer("nils", SPEAKER, "r-norrvik"), "olga": Viewer("olga", frozenset({"moderator"}))}
    assert {name: [data["text"] for to, data in sides if to.sees(who)] for name, who in readers.items()} == {
        "lo": ["Jag tar"],
        "nils": [],
        "olga": ["Jag tar"],
    }
    await scene.studio.type(LO, " Jag tar avtalsdelen. ", final=True)
    [kept] = (await scene.state(Viewer("lo", SPEAKER)))["typed"]
    assert (kept["typed"], kept["text"], kept.get("open")) == (line, "Jag tar avtalsdelen.", None)


async def test_who_may_write_to_a_panel(scene: Scene) -> None:
    assert await refusal(scene.studio.type(KIM, "Hej", final=True)) == "seat.no_such"
    await scene.studio.sit(KIM)
    assert await refusal(scene.studio.type(KIM, " ", final=True)) == "text.empty"
    assert await refusal(scene.studio.type(KIM, "x" * 501, final=False)) == "text.too_long"
    assert (await scene.studio.type(KIM, "", final=False)).data == {}
    await scene.studio.type(KIM, "Hej", final=True, lane="r-norrvik")  # only those who run the day choose
    await scene.studio.type(MODERATOR, "Hej", final=True, lane="r-norrvik")
    lines = (await scene.state(Viewer("olga", frozenset({"moderator"}))))["typed"]

    assert [(one["lane"], one["from"]) for one in lines] == [("national", "seat"), ("r-norrvik", "desk")]


async def test_a_line_that_is_begun_to_one_panel_is_not_written_on_in_another(scene: Scene) -> None:
    await scene.studio.sit(LO)
    await scene.studio.sit(NORRVIK)
    there = await scene.studio.type(MODERATOR, "Till landet", final=False, lane="national")
    here = await scene.studio.type(MODERATOR, "Bara Norrvik", final=False, lane="r-norrvik")
    await scene.studio.type(MODERATOR, "Bara Norrvik.", final=True, lane="r-norrvik")
    again = await scene.studio.type(MODERATOR, "Till landet, igen", final=False, lane="national")

    assert (there.data, there.data == here.data) == (again.data, False)
    read = {who.person: [(one["text"], one.get("open")) for one in (await scene.state(who))["typed"]] for who in PANELS}
    assert read == {"lo": [("Till landet, igen", True)], "nils": [("Bara Norrvik.", None)]}


async def test_nobody_writes_to_the_panel_of_a_lane_that_the_day_does_not_have(scene: Scene) -> None:
    assert await refusal(scene.studio.type(MODERATOR, "Hej", final=False, lane="r-ingenstans")) == "lane.no_such"
    assert (await scene.state(Viewer("olga", frozenset({"moderator"}))))["typed"] == []


async def test_who_leads_one_region_sees_its_sources_and_the_countrys_and_of_others_none(scene: Scene) -> None:
    for who in (LO, NORRVIK):
        await scene.studio.sit(who)
    seen = {}
    for lane in ("r-norrvik", "r-sundmark"):
        state = await scene.state(Viewer("olga", frozenset({"moderator"}), lane, lane, frozenset({("moderator", lane)})))
        seen[lane] = {one["source"] for one in state["sources"]}

    country = {"src-studio", "src-bilder", "src-lank", camera_of("lo"), "panel"}
    assert seen == {
        "r-norrvik": {*country, "src-norrvik", camera_of("nils"), panel_of("r-norrvik")},
        "r-sundmark": {*country, "src-sundmark"},
    }


async def test_renewing_is_told_to_nobody_and_counts(scene: Scene) -> None:
    for _ in range(2):
        await scene.studio.renew(MODERATOR, "src-studio")

    assert (await scene.backstage()).generations == {"src-studio": 2}
    assert list(views.FACES[KeyRenewed](scene.house.events("studio.renewed")[0])) == []


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("kim", frozenset({"moderator"})),
        Viewer("lo", SPEAKER),
        Viewer("mira", SPEAKER, "r-norrvik"),
        Viewer("eva"),
        *(Viewer(lane, frozenset({"moderator"}), lane, lane, frozenset({("moderator", lane)})) for lane in ("r-norrvik", "r-sundmark")),
    ],
    ids=lambda viewer: viewer.person,
)
async def test_catching_up_equals_a_fresh_page(scene: Scene, viewer: Viewer) -> None:
    studio = scene.studio
    wishes: list[Callable[[], Any]] = [
        lambda: studio.sit(LO),
        lambda: studio.sit(KIM),
        lambda: studio.ready(LO, ready=True),
        lambda: studio.sit(replace(LO, lane="r-norrvik")),
        lambda: studio.sit(NORRVIK),
        lambda: studio.share(NORRVIK),
        lambda: studio.panel(MODERATOR, "panel", [camera_of("mira")]),
        lambda: studio.choose(MODERATOR, "panel", camera_of("mira")),
        lambda: studio.choose(MODERATOR, "panel", None),
        lambda: studio.panel(MODERATOR, "panel", None),
        lambda: studio.seat(MODERATOR, "lo", "src-lank"),
        lambda: studio.seat(MODERATOR, "mira", "src-lank"),
        lambda: studio.seat(MODERATOR, "mira", "src-sundmark"),
        lambda: studio.seat(MODERATOR, "mira", None),
        lambda: studio.seat(MODERATOR, "lo", "src-lank"),
        lambda: studio.named(MODERATOR, "nils"),
        lambda: studio.whisper(LO, "Hörs jag?"),
        lambda: studio.whisper(MODERATOR, "Ja.", "lo"),
        lambda: studio.type(LO, "Jag tar", final=False),
        lambda: studio.type(MODERATOR, "Nästa fråga", final=False, lane="national"),
        lambda: studio.type(MODERATOR, "Nästa fråga går till dig.", final=True, lane="national"),
        lambda: studio.type(LO, "Jag tar avtalsdelen.", final=True),
        *(partial(studio.type, NORRVIK, f"Rad {n}", final=True) for n in range(22)),
        lambda: studio.type(KIM, "Klar", final=True),
        lambda: studio.renew(MODERATOR, "src-studio"),
        lambda: studio.ready(LO, ready=False),
    ]
    state, heard = await scene.state(viewer), len(scene.house.heard)
    for wish in wishes:
        await wish()
        scene.house.clock.wind(timedelta(seconds=1))
        state = caught_up(state, viewer, scene.house.heard[heard:], views.FACES)
        heard = len(scene.house.heard)
        fresh = await scene.state(viewer)
        assert {k: ordered(v) for k, v in state.items()} == {k: ordered(v) for k, v in fresh.items()}


def ordered(part: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words of a line that is being written come as a picture, and not as news."""
    part = [{name: value for name, value in one.items() if name != "text" or not one.get("open")} for one in part]
    return sorted(part, key=lambda one: str(one.get("source") or one.get("whisper") or one["typed"]))
