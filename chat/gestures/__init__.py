"""Gestures from the audience: applause, a heart, agreement, a question mark; counted for each item, and of no person.

Verbs: Gestures.send, allow.   Facts: GesturesAllowed.   Pictures: how many there are of each, once a second at most.
Stands on: conference.   Known by: web.
"""

from chat.gestures.events import GesturesAllowed
from chat.gestures.rules import Gesture
from chat.gestures.service import Gestures

__all__ = ["Gesture", "Gestures", "GesturesAllowed"]
