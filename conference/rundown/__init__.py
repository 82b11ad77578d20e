"""The run-of-show: cues given by the clock and by hand, hold, skip, back, undo, drift.

Verbs: Rundown.go, hold, resume, back, skip, undo, extend, recall, tick; Corrections.title, begin, item, contributor, film;
Builder.add, edit, remove, move, carry, add_block, remove_block, move_block, hide, show, undo;
Regions.join_light, forget_contact; Bookings.book, take_in, take_out, forget.
Facts: CueGiven, ItemStarted, ItemEnded, BlockBegan and the others.
The Conductor calls tick whenever something is due. Every lane follows its own track in a regional block, the national one in a common.
Stands on: programme, library, core.   Known by: polls, chat, streaming, web.
"""

from conference.rundown.booking import Booked, Bookings
from conference.rundown.building import Builder
from conference.rundown.conductor import Conductor
from conference.rundown.corrections import Corrections, Plate
from conference.rundown.drafts import ItemDraft, ToAsk
from conference.rundown.events import (
    BlockBegan,
    CueGiven,
    CuesCorrected,
    CueSkipped,
    ItemEnded,
    ItemPutBack,
    ItemStarted,
    LaneJoined,
    RunEnded,
    RunHeld,
    RunOpened,
    RunResumed,
    RunShifted,
    Undone,
)
from conference.rundown.joining import LightRegion, Regions
from conference.rundown.relaying import LOCKED
from conference.rundown.service import Rundown

__all__ = [
    "LOCKED", "BlockBegan", "Booked", "Bookings", "Builder", "Conductor", "Corrections", "CueGiven", "CueSkipped", "CuesCorrected",
    "ItemDraft", "ItemEnded", "ItemPutBack", "ItemStarted", "LaneJoined", "LightRegion", "Plate", "Regions", "RunEnded", "RunHeld",
    "RunOpened", "RunResumed", "RunShifted", "Rundown", "ToAsk", "Undone",
]  # fmt: skip
