"""A kit taken apart, so that two versions can be compared and brought together part by part: a poll, an item, a letter, a film.

Three versions meet: *base*, which both come from; *ours*, with what was changed here; *theirs*, the newer one. A part that only they have
changed is theirs to offer; one that only we have changed stays; one that both have changed is a conflict, and stays as it is here unless
it is accepted.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, Literal, TypeAlias

import msgspec

from conference.library.archive import File

Files: TypeAlias = Mapping[str, bytes | File]
"""The files of a kit by name: texts as they are, the parts of films by their hash."""
Value: TypeAlias = Any
SHOWN: Final = 80  # characters of a text in a difference
LINES: Final = 6  # of a difference


@dataclass(frozen=True)
class Change:
    """A part that is otherwise in the newer version.

    Attributes:
        part: ``polls.json#polls/p-glapp``, ``texts/invitation.sv.md``, ``films/film-hemma``.
        says: what is otherwise, a line each.
        conflict: it was changed here too.
        title: what people call it; empty when it has no title of its own.
    """

    part: str
    kind: Literal["added", "changed", "removed"]
    says: tuple[str, ...]
    conflict: bool
    title: str = ""


def parts_of(files: Files) -> dict[str, Value]:
    """Every part of a kit by its name, in order."""
    parts: dict[str, Value] = {}
    for name in sorted(files):
        if name.startswith("films/"):
            parts.setdefault(f"films/{PurePosixPath(name).stem}", {})[name] = files[name]
        elif name.endswith(".json"):
            parts |= {f"{name}#{key}": value for key, value in _entries(_told(files[name]))}
        else:
            parts[name] = files[name]
    return parts


def locked_in(files: Files) -> list[str]:
    """The parts that say of themselves that nobody else may change them."""
    return [part for part, value in parts_of(files).items() if isinstance(value, dict) and value.get("owner") in {"locked", "national"}]


def differences(base: Files, ours: Files, theirs: Files) -> list[Change]:
    """What a newer version would bring."""
    old, here, new = parts_of(base), parts_of(ours), parts_of(theirs)
    found = []
    for part in {**new, **old}:
        before, there, mine = old.get(part), new.get(part), here.get(part)
        if there in (before, mine):
            continue
        kind: Literal["added", "changed", "removed"] = "added" if before is None else "removed" if there is None else "changed"
        found.append(Change(part, kind, tuple(_says(mine, there)), mine != before, _title(there) or _title(before)))
    return found


def merged(base: Files, ours: Files, theirs: Files, accepted: Collection[str]) -> dict[str, bytes | File]:
    """The files of our version with the *accepted* parts of theirs; what was changed here and not accepted is as it was."""
    old, here, new = parts_of(base), parts_of(ours), parts_of(theirs)
    taken = {part for part in {**here, **new} if part in accepted or (here.get(part) == old.get(part) == new.get(part))}
    wanted = {part: (new if part in taken else here).get(part) for part in _in_order(here, new)}
    return _files({part: value for part, value in wanted.items() if value is not None}, ours, theirs)


def changed(base: Files, ours: Files) -> list[str]:
    """The parts that are otherwise here."""
    old, here = parts_of(base), parts_of(ours)
    return [part for part in {**old, **here} if old.get(part) != here.get(part)]


def _entries(told: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """The parts of a file: an entry of a list by its id, anything else by its name."""
    for key, value in told.items():
        if _is_list_of_ids(value):
            yield from ((f"{key}/{one['id']}", one) for one in value)
        else:
            yield key, value


def _is_list_of_ids(value: Any) -> bool:
    if not (isinstance(value, list) and value and all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in value)):
        return False
    return len({one["id"] for one in value}) == len(value)


def _in_order(here: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """All parts in their newer order; one that is here alone stands behind the one before it."""
    order, place = list(new), -1
    for part in here:
        if part in new:
            place = order.index(part)
        else:
            place += 1
            order.insert(place, part)
    return order


def _files(parts: Mapping[str, Value], ours: Files, theirs: Files) -> dict[str, bytes | File]:
    """Put parts together again. A file none of whose parts has changed keeps its bytes."""
    files: dict[str, bytes | File] = {}
    told: dict[str, dict[str, Any]] = {}
    for part, value in parts.items():
        name, mark, key = part.partition("#")
        if name.startswith("films/"):
            files |= value
        elif not mark:
            files[name] = value
        else:
            field, entry, _id = key.partition("/")
            if entry:
                told.setdefault(name, {}).setdefault(field, []).append(value)
            else:
                told.setdefault(name, {})[field] = value
    for name, value in told.items():
        versions = [_told(one[name]) for one in (ours, theirs) if name in one]
        emptied: dict[str, Any] = {
            field: [] for version in versions for field, old in version.items() if field not in value and _is_list_of_ids(old)
        }
        whole = {**value, **emptied}
        same = next((one[name] for one in (ours, theirs) if name in one and _told(one[name]) == whole), None)
        files[name] = same if same is not None else msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
    return files


def _told(raw: bytes | File) -> dict[str, Any]:
    assert isinstance(raw, bytes)
    return msgspec.json.decode(raw, type=dict[str, Any])


def _says(mine: Value, there: Value) -> Iterator[str]:
    """What is otherwise there, in few lines."""
    if there is None:
        yield f"- {_short(mine)}"
    elif mine is None:
        yield f"+ {_short(there)}"
    elif isinstance(mine, bytes) and isinstance(there, bytes):
        before, after = (one.decode("utf-8", "replace").splitlines() for one in (mine, there))
        lines = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:2] not in {"--", "++", "@@"}]
        yield from (line[:SHOWN] for line in lines[:LINES])
    elif isinstance(mine, dict) and isinstance(there, dict):
        fields = [key for key in {**mine, **there} if mine.get(key) != there.get(key)]
        yield from (f"{key}: {_short(mine.get(key))} -> {_short(there.get(key))}" for key in fields[:LINES])
    else:
        yield f"{_short(mine)} -> {_short(there)}"


def _title(value: Value) -> str:
    title = value.get("title") if isinstance(value, dict) else None
    return _short(title) if isinstance(title, str) else ""


def _short(value: Value) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, File):
        return f"{value.bytes} B"
    if isinstance(value, dict) and isinstance(value.get("title"), str):
        value = value["title"]
    text = value if isinstance(value, str) else "" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
