"""Panel chat: say, reply, edit, remove; a room for the country and one for each region, opened and closed by cue, and moderated.

Verbs: Chat.say, edit, remove, named; Moderation.silence, ban, unban, slow, hold, words, let_through, refuse, undo;
    Announcements.announce, unannounce.
Facts: ChatSaid, ChatHeld and all that may become of them, PersonSilenced, PersonBanned, RoomOpened, RoomClosed, RoomSet.
Stands on: conference.   Known by: web.
"""

from chat.announcing import Announcements
from chat.events import ChatEdited, ChatHeld, ChatNamed, ChatRemoved, ChatSaid, PersonBanned, PersonSilenced, RoomClosed, RoomOpened
from chat.moderation import Moderation
from chat.service import Chat

__all__ = [
    "Announcements",
    "Chat",
    "ChatEdited",
    "ChatHeld",
    "ChatNamed",
    "ChatRemoved",
    "ChatSaid",
    "Moderation",
    "PersonBanned",
    "PersonSilenced",
    "RoomClosed",
    "RoomOpened",
]
