"""What a browser does with news, in Python: the same few rules as ``static/js/reduce.js``, held to the same vectors.

A news item is a part of the state. The id in its data says which list it belongs to, or else the first word of its type says which
object; fields are laid over the old ones, and a field that is null is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec

from conference.core.event import Entry
from conference.core.faces import Faces, Viewer, shown_to

State: TypeAlias = dict[str, Any]

OBJECTS = {"rundown": "now", "streaming": "lane", "people": "you", "day": "day", "house": "house", "gestures": "gestures"}
LISTS = {"poll": "polls", "message": "chat", "survey": "surveys", "question": "questions", "item": "programme"}
LISTS |= {"held": "held", "restraint": "restraints", "wordlist": "wordlists", "announcement": "announcements", "room": "rooms"}
LISTS |= {"line": "captions", "turn": "turns", "whisper": "whispers", "typed": "typed", "source": "sources"}
LISTS |= {"pile": "piles", "queue": "queues", "panellist": "panellists", "region": "regions", "channel": "channels"}
NAMED = {"chat.named": ("chat", "held", "restraints"), "questions.named": ("questions",)}
ADDS = {"chat.said", "chat.let_through"}
CHAT_MOST = 50
LINES_MOST = 20


def fold(state: State, kind: str, data: dict[str, Any]) -> State:
    """The state after one item of news."""
    if name := OBJECTS.get(kind.partition(".")[0]):
        fields = {key: value for key, value in data.items() if key != "items"}
        programme = state.get("programme", [])
        for item in data.get("items", []):
            gone = item.get("gone")
            programme = [one for one in programme if one["item"] != item["item"]] if gone else _in_list(programme, "item", item)
        moved = {"programme": programme} if "items" in data else {}
        return {**state, name: _over(state.get(name, {}), fields), **moved}
    if kind in NAMED:
        return {**state, **{name: [_named(one, data["by"]) for one in state[name]] for name in NAMED[kind] if name in state}}
    key = next((key for key in LISTS if key in data), None)
    if key is None:
        return state
    had = state.get(LISTS[key], [])
    if data.get("gone"):
        return {**state, LISTS[key]: [one for one in had if one[key] != data[key]]}
    if ((key == "message" and kind not in ADDS) or kind == "questions.backs") and all(one[key] != data[key] for one in had):
        return state
    one_more = _in_list(had, key, data)
    if key in {"line", "typed"}:
        one_more = sorted(one_more, key=lambda one: str(one[key]))[-LINES_MOST:]
    return {**state, LISTS[key]: one_more[-CHAT_MOST:] if key == "message" else one_more}


def caught_up(state: State, viewer: Viewer, entries: Iterable[Entry], faces: Faces) -> State:
    """The state after all that *viewer* is shown of the entries, as it comes over the wire."""
    for entry in entries:
        for data in shown_to(viewer, faces[type(entry.event)](entry.event)):
            state = fold(state, entry.event.name, on_the_wire(data))
    return state


def on_the_wire(value: Any) -> Any:
    """As JSON has it: times are texts, tuples are lists."""
    return msgspec.json.decode(msgspec.json.encode(value))


def by_id(state: State) -> State:
    """The state with its lists in the order of their ids: where a list has a better one, its page sorts it."""
    keys = {name: key for key, name in LISTS.items() if name != "chat"}
    return {name: sorted(part, key=lambda one: str(one[keys[name]])) if name in keys else part for name, part in state.items()}


def _named(message: State, by: State) -> State:
    its = message.get("by") or {}
    return {**message, "by": {**its, **by}} if its.get("person") == by["person"] else message


def _over(old: State, fields: State) -> State:
    return {key: value for key, value in {**old, **fields}.items() if value is not None or key not in fields}


def _in_list(old: list[State], key: str, fields: State) -> list[State]:
    if any(one[key] == fields[key] for one in old):
        return [_over(one, fields) if one[key] == fields[key] else one for one in old]
    return [*old, _over({}, fields)]
