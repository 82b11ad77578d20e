"""A simulated person at a day: looks at what is shown, like anybody, and decides what to do about it.

Only the state is looked at, never single news; so it does not matter whether something was heard as it happened, or after a reconnect.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from web.crowd.client import Client
from web.crowd.deeds import ORDINARY, Deeds, Habits, moment
from web.crowd.moderating import asker_of
from web.crowd.people import Guest
from web.crowd.script import Asking, Saying, Script, original

LOOKS_S: Final = 2.0  # between two looks when nothing is heard
GOES_S: Final = 0.2  # the same, when it is time to go
GIVE_UP_S: Final = 600.0  # without a server
DEEDS_MOST: Final = 40  # that one person has in mind at once
LATE_S: Final = 3.0  # a line that should have been said longer ago is not said any more
UNPLANNED_SPEED: Final = 30.0  # of the lines in a day without a clock
CHAIRS: Final = 8  # so many of the guests ask the panel, however many they are
SHORTEST_S: Final = 1.0  # over which the lines of an item are spread


class Participant:
    """One guest at a device.

    Args:
        dice: their own.
    """

    def __init__(self, client: Client, guest: Guest, script: Script, dice: random.Random, habits: Habits = ORDINARY) -> None:
        self.client, self.guest = client, guest
        self.deeds = Deeds(client, guest, script, dice, habits)
        self._script, self._dice, self._habits = script, dice, habits
        self._leaves_s = dice.uniform(*habits.leaves_s)
        self._new = asyncio.Event()
        self._met: set[str] = set()
        self._doing: set[asyncio.Task[None]] = set()
        self._item: str | None = None
        self._seen_s = asyncio.get_running_loop().time()
        self._ended_s: float | None = None
        client.hears.append(lambda _item: self._new.set())
        client.welcomes.append(lambda _welcome: self._new.set())

    async def attend(self) -> None:
        """Be there until the day has ended and everything is answered.

        Raises:
            Gone: sent away.
        """
        async with asyncio.TaskGroup() as life:
            line = life.create_task(self.client.stay())
            first = True
            while not (line.done() or self._over()):
                self._new.clear()
                if self.client.welcomed.is_set():
                    self._look(life, first=first)
                    first = False
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOKS_S if self._ended_s is None else GOES_S):
                        await self._new.wait()
            for deed in self._doing:
                deed.cancel()
            self.client.leave()
        if why := line.result():
            raise why

    def _over(self) -> bool:
        now_s = asyncio.get_running_loop().time()
        if self.client.welcomed.is_set():
            self._seen_s = now_s
        if self.client.state.one("day").get("state") != "ended":
            self._ended_s = None
            return now_s - self._seen_s > GIVE_UP_S
        self._ended_s = self._ended_s or now_s
        return now_s - self._ended_s > (self._habits.lingers_s if self._doing else self._leaves_s)

    def _look(self, life: asyncio.TaskGroup, *, first: bool) -> None:
        """See what is new.

        Args:
            first: one has just come: what is on began before.
        """
        state, habits = self.client.state, self._habits
        for name, poll in state.every("polls").items():
            open_to_me = poll.get("voting") == "open" and poll.get("mine") is None
            if open_to_me and self._meets(f"poll {name} {poll.get('round')}", habits.votes):
                self._begin(life, self.deeds.vote(poll))
        for name, survey in state.every("surveys").items():
            open_to_me = survey.get("state") == "open" and survey.get("mine") != "done"
            if open_to_me and self._meets(f"survey {name}", habits.evaluates):
                self._begin(life, self.deeds.evaluate(name))
        for name, question in state.every("questions").items():
            to_me = question.get("state") in {"open", "taken_up"} and not (question.get("mine") or question.get("merged"))
            if to_me and self._meets(f"question {name}", habits.backs):
                self._begin(life, self.deeds.back(name))
        asked = state.one("now").get("ask_screens")
        if isinstance(asked, Mapping) and self._meets(f"asked {asked.get('at')}", habits.recounts) and self.deeds.people > 1:
            self._begin(life, self.deeds.recount())
        self._see_item(life, first=first)

    def _see_item(self, life: asyncio.TaskGroup, *, first: bool) -> None:
        item = self.client.state.one("now").get("item")
        if item != self._item:
            self._item = item
            if not self.client.state.one("you").get("roles"):  # pages of staff tell of nobody
                self._begin(life, self.deeds.stir(touched=self._dice.random() < self._habits.stirs))
            for saying, in_s in self._lines(str(item), began_before=first):
                self._begin(life, self.deeds.say(saying, in_s) if isinstance(saying, Saying) else self.deeds.ask(saying, in_s))

    def _meets(self, what: str, share: float) -> bool:
        """Whether something is met for the first time, and this is one of those who do something about it."""
        if what in self._met:
            return False
        self._met.add(what)
        return self._dice.random() < share

    def _lines(self, item: str, *, began_before: bool) -> list[tuple[Saying | Asking, float]]:
        """What this guest says and asks during an item, and in how many seconds: as in the chatter, in the time that it really has."""
        words: list[Saying | Asking] = [*self.guest.lines, *self._questions()]
        mine = [one for one in words if one.item == original(item)]
        if not mine:
            return []
        shown = self.client.state.every("programme").get(item, {})
        starts_at, ends_at = moment(shown.get("starts_at")), moment(shown.get("ends_at"))
        if starts_at and ends_at:
            length_s = (ends_at - starts_at).total_seconds()
        else:
            length_s = self._script.planned_s.get(original(item), 0.0) / UNPLANNED_SPEED
        past_s = (datetime.now(UTC) - starts_at).total_seconds() if began_before and starts_at else 0.0
        times = [(saying, self._script.part(saying) * max(length_s, SHORTEST_S) - past_s) for saying in mine]
        return [(saying, max(in_s, 0.0)) for saying, in_s in times if in_s > -LATE_S]

    def _questions(self) -> list[Asking]:
        return [one for one in self._script.asked if asker_of(one, CHAIRS) == self.guest.number]

    def _begin(self, life: asyncio.TaskGroup, deed: Coroutine[Any, Any, None]) -> None:
        if len(self._doing) >= DEEDS_MOST:
            deed.close()
            return
        task = life.create_task(deed)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
