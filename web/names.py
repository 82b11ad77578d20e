"""How people are called. No event and no message holds a name: it is looked up where it is shown, so that it can be erased in one place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any, Final

KEPT_MOST: Final = 20_000  # of one day; the ones that were shown longest ago are looked up again


class Names:
    """Names of persons, kept after the first look.

    Args:
        read: day and ids -> the names of those who have one.
    """

    def __init__(self, read: Callable[[str, Collection[str]], Awaitable[Mapping[str, str | None]]]) -> None:
        self._read = read
        self._days: dict[str, OrderedDict[str, str | None]] = {}

    def of(self, day: str) -> Mapping[str, str | None]:
        """Those that are known."""
        return self._days.setdefault(day, OrderedDict())

    async def learn(self, day: str, persons: Collection[str]) -> None:
        """Look up those that are not known yet."""
        known = self._days.setdefault(day, OrderedDict())
        unknown = set(persons) - known.keys()
        if not unknown:
            return
        found = await self._read(day, unknown)
        for person in unknown:
            known[person] = found.get(person)
        while len(known) > KEPT_MOST:
            known.popitem(last=False)

    def forget(self, day: str, person: str) -> None:
        """A person is called otherwise, or has no name any more."""
        self._days.get(day, OrderedDict()).pop(person, None)

    def forget_day(self, day: str) -> None:
        """Names of a day are gone."""
        self._days.pop(day, None)


def persons_in(data: Any) -> Iterator[str]:
    """Everybody whose name is wanted: each object with a ``person`` and no ``name``."""
    if isinstance(data, dict):
        person = data.get("person")
        if isinstance(person, str) and "name" not in data:
            yield person
        for value in data.values():
            yield from persons_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from persons_in(value)


def named(data: Any, names: Mapping[str, str | None]) -> Any:
    """*data* with the names laid in."""
    if isinstance(data, list):
        return [named(value, names) for value in data]
    if not isinstance(data, dict):
        return data
    laid = {key: named(value, names) for key, value in data.items()}
    if isinstance(data.get("person"), str) and "name" not in data:
        laid["name"] = names.get(data["person"])
    return laid
