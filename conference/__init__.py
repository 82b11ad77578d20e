"""The day: its programme of common and regional blocks, made from a kit, published, started, ended.

Verbs: Programme.create_from_kit, publish, start, end.
Facts: DayCreated, DayPublished, DayStarted, DayTimed, DayCorrected, ItemCorrected, ProgrammeChanged, ContributorChanged,
RegionJoined, DayEnded.
Rooms below: core, people, library. Above: rundown, followup. Views: shared (state), landing (the day's page), export (schedules).
Stands on: core, library.   Known by: rundown, polls, chat, streaming, web.
"""

from conference.events import (
    ContributorChanged,
    DayCorrected,
    DayCreated,
    DayEnded,
    DayPublished,
    DayStarted,
    DayTimed,
    ItemCorrected,
    ProgrammeChanged,
    RegionJoined,
)
from conference.kit import Made, NewDay
from conference.service import Programme

__all__ = [
    "ContributorChanged",
    "DayCorrected",
    "DayCreated",
    "DayEnded",
    "DayPublished",
    "DayStarted",
    "DayTimed",
    "ItemCorrected",
    "Made",
    "NewDay",
    "Programme",
    "ProgrammeChanged",
    "RegionJoined",
]
