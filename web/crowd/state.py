"""The state of a day as a client keeps it: what the welcome held, changed by every piece of news.

Objects are values: news makes new ones. What many clients of a process hold alike - programme, polls, chat - they therefore share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from web.crowd.frames import Item

Object: TypeAlias = Mapping[str, Any]

ID_OF: Final = {
    "regions": "region",
    "polls": "poll",
    "chat": "message",
    "surveys": "survey",
    "questions": "question",
    "queues": "queue",
    "piles": "pile",
    "programme": "item",
    "held": "held",
    "restraints": "restraint",
    "wordlists": "wordlist",
    "announcements": "announcement",
    "rooms": "room",
    "cues": "cue",
}
"""The lists of the state that are kept by id, and what names an object in each."""

LISTS: Final = {
    "polls": ("polls",),
    "chat": ("chat", "held", "restraints", "wordlists", "announcements", "rooms"),
    "surveys": ("surveys",),
    "questions": ("questions", "queues", "piles"),
    "programme": ("programme",),
    "regions": ("regions",),
}
"""The lists that the news of a feature belong to: the first one whose id they have."""

THINGS: Final = {"rundown": "now", "streaming": "lane", "people": "you", "day": "day", "house": "house"}
"""The single objects that they are laid over."""

NAMED: Final = {"chat.named": ("chat", "held", "restraints"), "questions.named": ("questions",)}
"""Where somebody's name stands beside what they have written."""

ADDS: Final = {"chat.said", "chat.let_through"}
"""News of a message that is new; all others change one that is there."""

LAID_OVER: Final = "questions.backs"
"""The picture of a question that only one which is known is changed by."""

CHAT_KEPT: Final = 50
PARSED_KEPT: Final = 256  # parts of states that many clients share

_NOTHING: Final[Object] = {}


class State:
    """One client's view of a day.

    Args:
        keep: the keys of the state that are wanted; ``None`` for all. A load test keeps next to nothing.
    """

    __slots__ = ("_keep", "_lists", "_things")

    def __init__(self, keep: Collection[str] | None = None) -> None:
        self._keep = keep
        self._lists: dict[str, dict[str, Object]] = {}
        self._things: dict[str, Any] = {}

    def renew(self, state: Mapping[str, msgspec.Raw]) -> None:
        """Begin again with what a server sent."""
        self._lists, self._things = {}, {}
        for key, raw in state.items():
            if self._keep is None or key in self._keep:
                value = _parsed(key, bytes(raw))
                if key in ID_OF and isinstance(value, dict):
                    self._lists[key] = value
                else:
                    self._things[key] = value

    def every(self, key: str) -> Mapping[str, Object]:
        """A list of the state, by id: ``every("polls")["p-ord"]``."""
        return self._lists.get(key, {})

    def one(self, key: str) -> Object:
        """A single object of the state: ``one("you")["person"]``; empty when there is none."""
        found = self._things.get(key)
        return found if isinstance(found, dict) else _NOTHING

    def plain(self) -> dict[str, Any]:
        """All of it, as a server would send it."""
        return {**self._things, **{key: list(objects.values()) for key, objects in self._lists.items()}}

    def hear(self, item: Item) -> None:
        """Change it as a piece of news says. News that belong to nothing known change nothing."""
        word, data = item.type.partition(".")[0], item.data
        for key in LISTS.get(word, ()):
            if ID_OF[key] in data:
                self._change(key, data, adds=item.type in ADDS if key == "chat" else item.type != LAID_OVER)
                return
        if item.type in NAMED:
            for key in NAMED[item.type]:
                self._name(key, data["by"])
        elif word == "rundown":
            self._run(data)
        elif word in THINGS:
            self._lay_over(THINGS[word], data)

    def _run(self, data: Object) -> None:
        """News of the run-of-show change ``now``, and the items and cues that they list."""
        self._lay_over("now", {key: value for key, value in data.items() if key not in {"items", "cues"}})
        for item in data.get("items") or ():
            self._change("programme", item)
        for cue in data.get("cues") or ():
            self._change("cues", cue)

    def _name(self, key: str, by: Object) -> None:
        """Another name, at all that its person has written."""
        for one in list(self.every(key).values()):
            if (one.get("by") or _NOTHING).get("person") == by["person"]:
                self._change(key, {ID_OF[key]: one[ID_OF[key]], "by": {**one["by"], **by}})

    def _change(self, key: str, data: Object, *, adds: bool = True) -> None:
        if self._keep is not None and key not in self._keep:
            return
        one, objects = str(data[ID_OF[key]]), self._lists.get(key, {})
        if data.get("gone"):
            self._lists[key] = {name: had for name, had in objects.items() if name != one}
            return
        if one not in objects and not adds:
            return
        changed = {**objects, one: merged(objects.get(one, _NOTHING), data)}
        if key == "chat" and len(changed) > CHAT_KEPT:
            del changed[next(iter(changed))]
        self._lists[key] = changed

    def _lay_over(self, key: str, data: Object) -> None:
        if self._keep is None or key in self._keep:
            self._things[key] = merged(self.one(key), data)


def merged(old: Object, new: Object) -> Object:
    """*old* with the fields of *new*; a field that is ``null`` goes."""
    if not old and None not in new.values():
        return new
    return {key: value for key, value in {**old, **new}.items() if value is not None}


@lru_cache(maxsize=PARSED_KEPT)
def _parsed(key: str, raw: bytes) -> Any:
    value = msgspec.json.decode(raw)
    name = ID_OF.get(key)
    return {str(one[name]): one for one in value} if name and isinstance(value, list) else value
