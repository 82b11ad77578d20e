"""One person runs the whole national day, six hours by its clock, from the cockpit; every button pressed is counted."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlmodel import col, select

from conference import NewDay
from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.people import INSTALLATION
from conference.rundown import rules
from conference.rundown.loading import Reader, load
from conference.rundown.run import Run
from conference.rundown.tables import Cue
from conference.tables import Day
from polls.tables import Poll
from tests.browsers import DESK, PHONE, a_visitor
from tests.load.nation import DAY, NATIONAL, NOWHERE, kit_of, nation
from tests.web.products import Product, product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

ACTIONS_MOST = 15
STEPS_MOST = 600  # of the clock; the day has some two hundred moments
PATIENCE_S = 120.0
LOOKS_S = 0.02

HAND = select(Cue).where(Cue.day == DAY, Cue.by == "hand").order_by(col(Cue.planned_at))

T = TypeVar("T")


class Hall:
    """The product in a loop of its own, on a clock that is wound from one moment of the day to the next in which something is due."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(datetime.now(UTC))
        self._folder, self._ready, self._stop = folder, threading.Event(), asyncio.Event()
        self._failed: list[BaseException] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.one: Product
        self.links: dict[str, str] = {}
        self.begins_at = self.ends_at = self.clock.now()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._open())
        except BaseException as error:  # noqa: BLE001  # it is raised where the test waits
            self._failed.append(error)
            self._ready.set()

    async def _open(self) -> None:
        async with product(self._folder, self.clock, media_url=NOWHERE) as self.one:
            house = self.one.house
            new = NewDay(date=datetime.now(UTC).date(), day=DAY)
            await house.programme.create_from_kit(Actor.house(INSTALLATION), kit_of(nation()), new)
            await house.programme.publish(Actor.house(DAY))
            async with house.store.reading() as session:
                day = await session.get_one(Day, DAY)
            self.one.day, self.one.code = DAY, day.join_code
            self.begins_at, self.ends_at = day.planned_starts_at, day.planned_ends_at
            self.clock.wind(day.planned_starts_at - timedelta(minutes=5) - self.clock.now())
            for role in ("organizer", "participant"):
                cookie = await (self.one.enter(role) if role == "organizer" else self.one.join(region="r-lan-25"))
                self.links[role] = cookie
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)
        if self._failed:
            raise self._failed[0]
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        self._loop.close()

    def ask(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of something that is done in there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def run(self) -> Run:
        """How the run stands."""

        async def read() -> Run:
            async with self.one.house.store.reading() as session:
                return (await load(Reader(session), await session.get_one(Day, DAY))).run

        return self.ask(read())

    def rows(self, wanted: Any) -> list[Any]:
        """What the database answers."""

        async def read() -> list[Any]:
            async with self.one.house.store.reading() as session:
                return list(await session.exec(wanted))

        return self.ask(read())

    def waits(self) -> str:
        """The country's next cue."""
        run = self.run()
        return next(step.name for step in run.left(NATIONAL) if step.kind == "cue" and step.name not in run.passed)

    def until_planned(self, cue: str) -> None:
        """Let the clock come to when a cue is planned, as nothing else is due before it."""
        [planned_at] = self.rows(select(Cue.planned_at).where(Cue.day == DAY, Cue.cue == cue))
        self.clock.wind(max(planned_at - self.clock.now(), timedelta()))

    def step(self) -> bool:
        """Let the clock come to what is due next, and wait until it has been given; ``False`` when a hand is waited for."""
        due = rules.next_due(self.run(), self.clock.now())
        if due is None:
            return False
        if (ahead := due[0] - self.clock.now()) > timedelta():
            self.clock.wind(ahead)

        def given() -> bool:
            now = rules.next_due(self.run(), self.clock.now())
            return now is None or now[0] > self.clock.now()

        until(given)
        return True


def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end_s = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < end_s
        time.sleep(LOOKS_S)


@contextmanager
def signed_in(browser: Browser, hall: Hall, who: str, **settings: Any) -> Iterator[Page]:
    """Somebody at a browser, who has come in."""
    name, _, value = hall.links[who].partition("=")
    with a_visitor(browser, hall.one.origin, **settings) as visitor:
        visitor.context.add_cookies([{"name": name, "value": value, "url": hall.one.origin}])
        yield visitor.page


class Operator:
    """Whoever runs the day; counts what is pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.gave = page, 0, list[str]()

    def press(self, name: str) -> None:
        """A button or a link."""
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first.click()
        self.actions += 1

    def go(self, cue: str) -> None:
        """KÖR, once the page says that this cue comes next."""
        after = self.page.locator("[data-part=after]")
        self.page.wait_for_function("cue => document.querySelector('.cue--next')?.dataset.cue === cue", arg=cue)
        before = after.input_value()
        self.page.locator("[data-part=go]").click()
        self.actions += 1
        self.gave.append(cue)
        self.page.wait_for_function("before => document.querySelector('[data-part=after]').value !== before", arg=before)


def test_one_person_runs_the_whole_day_with_fifteen_actions(browser: Browser, tmp_path: Path) -> None:
    with (
        Hall(tmp_path / "data") as hall,
        signed_in(browser, hall, "organizer", **DESK) as desk,
        signed_in(browser, hall, "participant", **PHONE) as phone,
    ):
        loads: list[str] = []
        phone.goto(f"{hall.one.origin}/days/{DAY}/live")
        phone.on("framenavigated", lambda frame: loads.append(frame.url) if _is_whole(frame) else None)
        desk.goto(f"{hall.one.origin}/days/{DAY}/build")
        operator = Operator(desk)
        operator.press("Starta dagen …")
        operator.press("Starta dagen nu")
        desk.wait_for_url("**/cockpit")
        hall.clock.wind(hall.begins_at - hall.clock.now())

        for _ in range(STEPS_MOST):
            if hall.run().over:
                break
            if not hall.step():
                cue = hall.waits()
                hall.until_planned(cue)
                operator.go(cue)

        assert hall.run().over
        assert operator.gave == [cue.cue for cue in hall.rows(HAND)]
        assert operator.actions <= ACTIONS_MOST
        assert operator.actions == 14  # two to begin, and GO where the kit waits for a hand
        assert hall.clock.now() == hall.ends_at
        cues = hall.rows(select(Cue).where(Cue.day == DAY))
        assert {cue.cue for cue in cues} == set(hall.run().given)
        until(lambda: {poll.voting for poll in hall.rows(select(Poll).where(Poll.day == DAY, col(Poll.round) > 0))} == {"closed"})
        expect(desk.locator("[data-part=on-air]")).to_have_text("Dagen är slut")
        expect(phone.locator("main")).to_contain_text("slut")
        assert loads == []


def _is_whole(frame: Frame) -> bool:
    return frame.parent_frame is None
