"""The verbs of announcements: to all, to a lane, to a role."""

from __future__ import annotations

from typing import Final

from chat import forgetting, moderating
from chat.moderating import Back, Notice
from chat.steps import a_step
from chat.tables import Announcement
from chat.views import EVERYONE
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import NATIONAL
from conference.rules import live
from conference.service import the_day
from conference.tables import Region

USUAL_S: Final = 60  # long enough to be read twice from the back of a hall


class Announcements:
    """Announce, and take back."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def announce(
        self, tx: Transaction, by: Actor, text: str, *, to: str = EVERYONE, role: str | None = None, seconds: int = USUAL_S
    ) -> Done:
        """Tell something to everybody, or to those on a lane; to those with a role alone when one is named. It has an end.

        Raises:
            Refused: ``lane.no_such``, ``text.empty``, ``text.too_long``, ``announcement.out_of_range``, ``day.not_live`` or ``day.ended``.
        """
        day = await the_day(tx, by.day)
        if to not in {EVERYONE, NATIONAL} and await tx.find(Region, by.day, to) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal. Kontrollera slutet av adressen."))
        live(day)
        event = moderating.announce(by, Notice(self._ids.new(), text, to, role, seconds), at=self._clock.now())
        entry = await tx.record(event)
        about = {"to": to, "role": role, "person": by.person, "text": event.text, "at": event.at}
        about |= {"ends_at": event.ends_at}
        tx.put(Announcement.model_validate({"day": by.day, "announcement": event.announcement, "seq": entry.seq, **about}))
        step = a_step(tx, by, self._ids.new(), Back(announced=event.announcement), at=event.at)
        return Done(entry.seq, {"announcement": event.announcement, **step})

    @verb
    async def unannounce(self, tx: Transaction, by: Actor, announcement: str) -> Done:
        """Take back what was told; its text is forgotten, in the log too."""
        row = await tx.find(Announcement, by.day, announcement)
        event = moderating.unannounce(by.person, row, at=self._clock.now())
        assert row
        for told in await forgetting.told(tx, row):
            tx.put(told)
        tx.put(row.model_copy(update={"withdrawn": True, "text": ""}))
        return Done((await tx.record(event)).seq)
