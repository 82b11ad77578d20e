"""Who sends pictures: the sources of a day with their keys, the people behind the scenes, the panels they sit in.

Verbs: Studio.sit, share, ready, seat, panel, choose, whisper, type, renew.
Facts: Seated, Shared, ReadyTold, SeatBound, PanelChanged, Whispered, TypingBegun, Typed, KeyRenewed.
To the media process: Booth.   Stands on: streaming, conference.   Known by: web.
"""

from streaming.studio.booth import Booth
from streaming.studio.events import KeyRenewed, PanelChanged, ReadyTold, SeatBound, Seated, SeatNamed, Shared, Typed, TypingBegun, Whispered
from streaming.studio.keys import Keys
from streaming.studio.service import Studio

__all__ = [
    "Booth", "KeyRenewed", "Keys", "PanelChanged", "ReadyTold", "SeatBound", "SeatNamed", "Seated", "Shared", "Studio", "Typed",
    "TypingBegun", "Whispered",
]  # fmt: skip
