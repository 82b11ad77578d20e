"""What playlists tell of beside pictures: cues of the run-of-show and polls that open, at their moment of the programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from conference.core.event import Event
from conference.rundown import CueGiven
from conference.times import stamp
from polls import PollOpened
from streaming.playlists import DateRange
from streaming.viewing import Marks

COUNTRY: Final = "country"


def _of(event: Event) -> Iterator[tuple[Sequence[str], DateRange]]:
    if isinstance(event, CueGiven):
        about = {"kind": "cue", "do": event.do, "item": event.item}
        yield event.lanes, DateRange(f"cue-{event.cue}-{stamp(event.at)}", event.at, about)
    elif isinstance(event, PollOpened):
        # A poll of everybody is told of in every lane, one of a region in its own.
        lanes = () if event.scope == COUNTRY else (event.scope,)
        yield lanes, DateRange(f"poll-{event.poll}-{event.round}", event.at, {"kind": "poll", "poll": event.poll})


MARKS: Final = Marks(frozenset({CueGiven.name, PollOpened.name}), _of)
