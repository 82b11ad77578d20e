"""Takes messages to webhooks: what has happened to other systems, some at a time, and again to those that did not take theirs."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from conference.core.store import Store
from conference.followup.webhooks import Outbox, Post, Telling, rules
from web.api.reads import UNDER
from web.outbound import NotSent, Outbound

LOOK_S: Final = 2.0  # how late others hear of it; a day ends once
AT_ONCE: Final = 16  # messages under way

TOLD: Final = {
    "day.ended": Telling(rules.DAY_ENDED, lambda _event: {}),
    "surveys.closed": Telling(
        rules.SURVEY_CLOSED,
        lambda event: {"survey": event["survey"], "url": "/ratings" if event.get("item") else f"/surveys/{event['survey']}"},
    ),
    "reports.made": Telling(rules.REPORT_READY, lambda event: {"report": event["report"], "url": f"/reports/{event['report']}"}),
}
"""Event of the log -> what others are told of it: ids, and where in the read API there is more."""

log = logging.getLogger(__name__)


def link(site: str | None, day: str) -> str:
    """The address of a day in the read API; without a base URL only its path."""
    return (site or "") + UNDER.format(day=day)


class Courier:
    """Goes round for as long as the server runs."""

    def __init__(self, store: Store, outbox: Outbox, outbound: Outbound) -> None:
        self._store, self._outbox, self._outbound = store, outbox, outbound

    async def run(self) -> None:
        """Send what is due, now and then."""
        while True:
            try:
                await self.round()
            except Exception as error:  # most likely the database is away
                if not self._store.noted(error):
                    log.exception("messages to webhooks wait for the next round")
            await asyncio.sleep(LOOK_S)

    async def round(self) -> int:
        """Send what is due; how many messages were tried."""
        await self._outbox.fill()
        await self._outbox.forget()
        posts = await self._outbox.claim(AT_ONCE)
        async with asyncio.TaskGroup() as under_way:
            for post in posts:
                under_way.create_task(self._send(post))
        return len(posts)

    async def _send(self, post: Post) -> None:
        """One that is sent and not noted, because the process died between, is sent again under the same id."""
        try:
            status: int | None = await self._outbound.post(post.url, post.body, post.headers)
        except NotSent as none:
            await self._outbox.done(post, None, none.why)
        else:
            await self._outbox.done(post, status)
