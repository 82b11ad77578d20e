"""Panel chat: say, reply, edit, remove; a room for the country and one for each region, opened and closed by cue.

Verbs: Chat.say, edit, remove, silence, named.
Facts: ChatSaid, ChatEdited, ChatRemoved, ChatNamed, PersonSilenced, RoomOpened, RoomClosed.
Stands on: conference.   Known by: web.
"""

from chat.events import ChatEdited, ChatNamed, ChatRemoved, ChatSaid, PersonSilenced, RoomClosed, RoomOpened
from chat.service import Chat

__all__ = ["Chat", "ChatEdited", "ChatNamed", "ChatRemoved", "ChatSaid", "PersonSilenced", "RoomClosed", "RoomOpened"]
