"""From what happened to what is told: events with all that screens show of them. Pure.

Each event changes what viewers of its lanes see (``screens``); what follows from the run as a whole, the next cue, the drift, the times of
what is to come, is laid into the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from conference.rules import ItemState
from conference.rundown import events
from conference.rundown.events import Patch, Seen
from conference.rundown.moves import Began, Extended, Given, Happening, Held, Joined, Moving, Off, On, Passed, Resumed, TakenBack
from conference.rundown.now import BETWEEN_BLOCKS, BETWEEN_ITEMS, cue_shows, over, stands, taken_back
from conference.rundown.plan import NATIONAL, Plan
from conference.rundown.rules import TAKEN_BACK
from conference.rundown.run import Run
from conference.rundown.timeline import Forecast, forecast
from conference.times import stamp

Now: TypeAlias = dict[str, Any]

TOLD_S = 15.0  # times in the programme are told anew when they have moved this much; people do not plan by less
TOLD_COMPRESSED_S = 2.0  # in a compressed day two seconds are minutes


@dataclass(frozen=True)
class Times:
    """An item as the programme shows it."""

    state: str
    starts_at: datetime
    ends_at: datetime


@dataclass
class Told:
    """What comes of it.

    Attributes:
        events: in order, ready to be recorded.
        screens: ``now`` of each lane.
        items: the items that have changed.
        ends_at: when the day is expected to end, if that is known.
    """

    events: list[Any]
    screens: dict[str, Now]
    items: dict[str, Times] = field(default_factory=dict)
    ends_at: datetime | None = None


def tell(before: Run, moving: Moving, screens: Mapping[str, Now], items: Mapping[str, Times], *, opened: bool = False) -> Told:
    """Tell what happened.

    Args:
        screens: ``now`` of each lane as it stands.
        items: the programme as it stands.
        opened: the run has just been opened.
    """
    teller = _Teller(before, moving, dict(screens), dict(items))
    if opened:
        teller.say(events.RunOpened, before.plan.lanes, {})
    for happening in moving.happened:
        teller.happened(happening)
    if moving.run.over and not before.over:
        teller.say(events.RunEnded, before.plan.lanes, {lane: over(teller.screens[lane]) for lane in before.plan.lanes})
    teller.conclude(opened=opened)
    changed = {item: times for item, times in teller.items.items() if times != items[item]}
    return Told(teller.events, teller.screens, changed, teller.ends_at)


def tolerance(speed: float) -> timedelta:
    """How much a time may have moved before it is told."""
    return timedelta(seconds=TOLD_S if speed <= 1 else TOLD_COMPRESSED_S)


class _Teller:
    def __init__(self, before: Run, moving: Moving, screens: dict[str, Now], items: dict[str, Times]) -> None:
        self.run, self.at, self.day = moving.run, moving.at, before.day
        self.block = before.block  # of the happening that is being told; of lanes that are late, another one
        self.late = {lane: before.place(lane) for lane in before.late()}
        self.screens, self.items = screens, items
        self.seen_on = lanes_of_items(moving.run.plan)
        self.events: list[Any] = []
        self.ends_at: datetime | None = None

    def say(self, kind: Any, lanes: Iterable[str], shows: Mapping[str, Now], /, *, items: Iterable[Now] = (), **facts: Any) -> None:
        told = list(items)
        event = kind(day=self.day, at=self.at, lanes=list(lanes), shows=self._patches(shows, told), items=told, **facts)
        self.events.append(event)

    def happened(self, happening: Happening) -> None:
        match happening:
            case Began(block, late):
                self._began(block, late)
            case Joined(lane):
                self._joined(lane)
            case On(lane, item):
                self._on(lane, item)
            case Off(lane, item, back):
                self._off(lane, item, back=back)
            case Given(lane, cue, by, again):
                self._given(lane, cue, by, again=again)
            case Passed(lane, cue, cut):
                self.say(events.CueSkipped, self._lanes(lane), {}, cue=cue, do=self.run.plan.cues[cue].do, cut=cut)
            case TakenBack(lane, cues, given, shown):
                kept = [cue for cue in given if self.run.plan.cues[cue].do not in TAKEN_BACK]
                self._to_all(events.Undone, lane, taken_back(shown), cues=list(cues), kept=kept)
            case Held(lane) | Resumed(lane):
                holds = isinstance(happening, Held)
                self._to_all(events.RunHeld if holds else events.RunResumed, lane, {"hold": holds})
            case Extended(lane, seconds):
                self.say(events.RunShifted, self._lanes(lane), {}, seconds=seconds)

    def conclude(self, *, opened: bool) -> None:
        """Lay what follows from the run as a whole into the last event; without one, tell what has become late."""
        if self.run.over:
            self.ends_at = self.at
            return
        coming = forecast(self.run, self.at)
        shows = {lane: stands(self.run, lane, coming, self.screens[lane], self.at) for lane in self.run.plan.lanes}
        moved = self._moved(coming, timedelta() if opened else tolerance(self.run.plan.speed))
        if not self.events and not moved and not self._turned(shows):
            return
        if not self.events:
            self.say(events.RunShifted, self.run.plan.lanes, {}, seconds=0)
        self._lay_in(shows, moved)
        self.ends_at = coming.ends_at if self.run.plan.speed else None

    def _turned(self, shows: Mapping[str, Now]) -> bool:
        """Whether a region goes back otherwise than it was told."""
        return any(_how(shows[lane]) not in {None, _how(self.screens[lane])} for lane in shows)

    def _joined(self, lane: str) -> None:
        del self.late[lane]
        self.say(events.LaneJoined, [lane], {lane: {**dict.fromkeys(self.screens[lane]), **self.screens[NATIONAL]}})

    def _began(self, block: int, late: Sequence[str]) -> None:
        self.late |= dict.fromkeys(late, self.block)
        self.block = block
        stretch = self.run.plan.stretches[block]
        shows = {
            lane: {**BETWEEN_BLOCKS, "block": stretch.block, "lane": stretch.driver(lane)}
            | ({"cue": None} if stretch.driver(lane) != NATIONAL else {})
            for lane in self.run.plan.lanes
            if lane not in self.late
        }
        kind = "regional" if stretch.regional else "common"
        self.say(events.BlockBegan, shows, shows, block=stretch.block, kind=kind)

    def _on(self, lane: str, item: str) -> None:
        again = self.items[item].state == ItemState.DONE
        starts_at = self.items[item].starts_at if again else self.at
        self.items[item] = replace(self.items[item], state=ItemState.NOW, starts_at=starts_at)
        told = self._item(item, state=ItemState.NOW.value, starts_at=stamp(starts_at))
        lanes = self._lanes(lane)
        block = self.run.plan.stretches[self.late.get(lane, self.block)].block
        self.say(events.ItemStarted, lanes, {one: {**BETWEEN_ITEMS, "item": item} for one in lanes}, items=[told], item=item, block=block)

    def _off(self, lane: str, item: str, *, back: bool) -> None:
        state = ItemState.UPCOMING if back else ItemState.DONE
        ends_at = self.items[item].ends_at if back else self.at
        self.items[item] = replace(self.items[item], state=state, ends_at=ends_at)
        told = self._item(item, state=state.value, ends_at=stamp(ends_at))
        lanes = self._lanes(lane)
        kind = events.ItemPutBack if back else events.ItemEnded
        self.say(kind, lanes, {one: {"item": None} for one in lanes}, items=[told], item=item)

    def _given(self, lane: str, name: str, by: str, *, again: bool) -> None:
        cue = self.run.plan.cues[name]
        facts = {"cue": name, "item": cue.item, "do": cue.do, "args": dict(cue.args), "by": by, "again": again}
        self._to_all(events.CueGiven, lane, {"cue": name, **cue_shows(cue, self.at)}, **facts)

    def _to_all(self, kind: Any, lane: str, show: Now, /, **facts: Any) -> None:
        lanes = self._lanes(lane)
        self.say(kind, lanes, dict.fromkeys(lanes, show), **facts)

    def _lanes(self, lane: str) -> list[str]:
        if self.block < 0:
            return list(self.run.plan.lanes)
        here = self.run.plan.followers(self.run.plan.stretches[self.block], lane)
        return [lane] if lane in self.late else [one for one in here if one not in self.late]

    def _moved(self, coming: Forecast, least: timedelta) -> list[Now]:
        """The items whose times have moved, as told; a day without a clock has no times to tell but those that have been."""
        moved: list[Now] = []
        for item, (starts_at, ends_at) in coming.items.items() if self.run.plan.speed else ():
            old = self.items[item]
            new = replace(old, starts_at=starts_at or old.starts_at, ends_at=ends_at)
            if max(abs(new.starts_at - old.starts_at), abs(new.ends_at - old.ends_at)) > least:
                self.items[item] = new
                moved.append(self._item(item, starts_at=stamp(new.starts_at), ends_at=stamp(new.ends_at)))
        return moved

    def _lay_in(self, shows: Mapping[str, Now], items: list[Now]) -> None:
        last: Seen = self.events[-1]
        said = {lane: patch.now for patch in last.shows for lane in patch.lanes or self.run.plan.lanes}
        both = {lane: {**said.get(lane, {}), **shows.get(lane, {})} for lane in self.run.plan.lanes}
        told = [*last.items, *items]
        self.events[-1] = replace(last, items=told, shows=self._patches(both, told))

    def _item(self, item: str, **told: str) -> Now:
        return {"item": item, "lanes": self.seen_on[item], **told}

    def _patches(self, shows: Mapping[str, Now], items: Sequence[Now]) -> list[Patch]:
        """Change the screens, and gather lanes that see the same."""
        gathered: list[tuple[tuple[Now, list[str]], list[str]]] = []
        for lane in self.run.plan.lanes:
            show = dict(shows.get(lane, {}))
            self.screens[lane] = {key: value for key, value in {**self.screens[lane], **show}.items() if value is not None}
            sees = show, [item["item"] for item in items if item["lanes"] is None or lane in item["lanes"]]
            same = next((lanes for other, lanes in gathered if other == sees), None)
            if same is not None:
                same.append(lane)
            elif show or sees[1]:
                gathered.append((sees, [lane]))
        alone = len(gathered) == 1 and len(gathered[0][1]) == len(self.run.plan.lanes)
        return [Patch(lanes=None if alone else lanes, now=show) for (show, _), lanes in gathered]


def _how(now: Now) -> str | None:
    returns = now.get("returns")
    return returns["how"] if returns else None


def lanes_of_items(plan: Plan) -> dict[str, list[str] | None]:
    """Which lanes' viewers have each item in their programme; ``None`` for all."""
    seen_on: dict[str, list[str] | None] = {}
    for stretch in plan.stretches:
        for lane, segment in stretch.segments.items():
            lanes = plan.followers(stretch, lane)
            seen_on.update((step.item, None if len(lanes) == len(plan.lanes) else lanes) for step in segment.steps if step.item)
    return seen_on
