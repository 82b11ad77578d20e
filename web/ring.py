"""The newest entries of a day, as screens get them: whoever comes back from a break is caught up from here, without the database."""

from __future__ import annotations

from typing import Final

from conference.core.faces import Viewer
from web.shows import Shown

RING_MOST: Final = 1_000  # entries kept a day; pictures that a newer one replaced do not count
REPLAY_MOST: Final = 300  # more than this was missed: a fresh state is shorter


class Ring:
    """What was shown lately.

    Attributes:
        epoch: which log the places are of.
        upto: the place of the newest entry.
        start: everything after this place is here.
    """

    def __init__(self, epoch: str, start: int) -> None:
        self.epoch, self.start, self.upto = epoch, start, start
        self._shown: dict[int, Shown] = {}
        self._replays: dict[tuple[Viewer, int], list[tuple[int, bytes]]] = {}
        self._persons: dict[str, int] = {}  # person -> place of the newest that is for them alone
        self._changed: dict[str, int] = {}  # person -> place of the newest after which they see other things

    def add(self, shown: Shown) -> None:
        """The next entry."""
        self._shown[shown.seq], self.upto = shown, shown.seq
        self._persons.update(dict.fromkeys(shown.persons, shown.seq))
        if shown.changed is not None:
            self._changed[shown.changed] = shown.seq
        self._replays.clear()
        if len(self._shown) > RING_MOST:
            self._forget(next(iter(self._shown)))

    def _forget(self, seq: int) -> None:
        gone = self._shown.pop(seq)
        for places, persons in ((self._persons, gone.persons), (self._changed, {gone.changed})):
            for person in persons:
                if person is not None and places.get(person) == seq:
                    del places[person]
        self.start = seq

    def missed(self, before: int, viewer: Viewer) -> list[tuple[int, bytes]] | None:
        """What *viewer* was shown after the place *before*.

        ``None`` when it is too much, or not all here, or the viewer has come to see other things: on another lane there is more to know
        than what has happened since.
        """
        if not self.start <= before <= self.upto or self.upto - before > REPLAY_MOST:
            return None
        if self._changed.get(viewer.person, -1) > before:
            return None
        if self._persons.get(viewer.person, -1) > before:
            return self._replay(before, viewer)
        key = (viewer.cohort, before)
        if key not in self._replays:
            self._replays[key] = self._replay(before, viewer.cohort)
        return self._replays[key]

    def told_of(self, feature: str, after: int) -> bool:
        """Whether anything of *feature* has happened after a place."""
        return any(self._shown[seq].feature == feature for seq in range(max(after, self.start) + 1, self.upto + 1))

    def _replay(self, before: int, viewer: Viewer) -> list[tuple[int, bytes]]:
        return [side for seq in range(before + 1, self.upto + 1) for side in self._shown[seq].to(viewer)]
