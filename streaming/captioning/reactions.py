"""What captions do when the day says so."""

from __future__ import annotations

from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.events import DayEnded
from conference.library import FilmCaptioned
from streaming.captioning.service import Captioning


def reactions(captioning: Captioning) -> Reactions:
    """Finish at the day's end what is being written; lanes show a film's new captions from now on."""

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        await captioning.finished(tx, event.day)

    async def on_film(tx: Transaction, event: FilmCaptioned) -> None:
        await captioning.worded(tx, event.day, event.film)

    return Reactions("captions", {DayEnded: on_end, FilmCaptioned: on_film})
