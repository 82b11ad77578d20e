"""Who speaks: the loudest one, but not at every cough. Pure."""

from __future__ import annotations

from collections.abc import Mapping

HOLD_MS = 1_500  # a picture stands so long at least
CHALLENGE_MS = 400  # somebody else must have been louder for so long
MARGIN_DB = 4.0  # louder than the one shown by so much
FLOOR_DB = -50.0  # what is softer is no speech
SMOOTH_MS = 200.0  # syllables and breaths are evened out over this time
SILENT_DB = -60.0  # what is softer counts as this, so that a breath is soon made up for


class Loudest:
    """The member whose picture is due.

    Attributes:
        member: whose; ``None`` before anybody was there.
    """

    def __init__(self) -> None:
        self.member: str | None = None
        self._loud_db: dict[str, float] = {}
        self._at_ms: float | None = None
        self._since_ms = self._challenged_ms = 0.0
        self._challenger: str | None = None

    def hear(self, at_ms: float, levels: Mapping[str, float]) -> str | None:
        """Tell how loud those are who could be shown, at *at_ms*; returns whom to show.

        Who is not told of has left: the next loudest takes over at once. Otherwise the one shown stays, until somebody has been clearly
        louder for 0.4 s and the picture has stood for 1.5 s.
        """
        passed = 0.0 if self._at_ms is None else at_ms - self._at_ms
        self._at_ms = at_ms
        keep = SMOOTH_MS / (SMOOTH_MS + max(0.0, passed))
        before = self._loud_db
        self._loud_db = {name: keep * before.get(name, SILENT_DB) + (1 - keep) * max(SILENT_DB, db) for name, db in levels.items()}
        if self.member not in levels:
            self._show(max(levels, key=self._loud_db.__getitem__, default=None), at_ms)
        else:
            self._compare(at_ms)
        return self.member

    def _compare(self, at_ms: float) -> None:
        best = max(self._loud_db, key=self._loud_db.__getitem__)
        needed_db = max(self._loud_db[self.member or ""] + MARGIN_DB, FLOOR_DB)
        if best == self.member or self._loud_db[best] < needed_db:
            self._challenger = None
        elif best != self._challenger:
            self._challenger, self._challenged_ms = best, at_ms
        elif at_ms - self._challenged_ms >= CHALLENGE_MS and at_ms - self._since_ms >= HOLD_MS:
            self._show(best, at_ms)

    def _show(self, member: str | None, at_ms: float) -> None:
        self.member, self._since_ms, self._challenger = member, at_ms, None
