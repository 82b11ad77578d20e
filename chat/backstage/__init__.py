"""What those who run a day say to each other: a channel for the day, and one for each region; participants never see a word of it.

Verbs: Backstage.say.   Facts: BackstageSaid, without the words: those are read by whoever may.
Stands on: conference.   Known by: web.
"""

from chat.backstage.events import BackstageSaid
from chat.backstage.service import Backstage

__all__ = ["Backstage", "BackstageSaid"]
