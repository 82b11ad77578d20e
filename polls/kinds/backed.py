"""The kind in which one backs what others have written: ideas, each by as many as like it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from conference.core.disclosure import percent
from polls.kinds.chosen import Choice
from polls.kinds.kind import Columns
from polls.kinds.question import Question


class Backing(Choice):
    """Ideas to back, several up to ``most``: a list of their ids. The result is ordered by support.

    A moderator may merge two that say the same: whoever backed both has backed one.
    """

    merges = True

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """The ideas that are left when those that say the same are one."""
        return {option.id: counts[option.id] for option in question.options if option.id in counts}

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """No split: it would stand by ideas as they were before they were merged."""
        return ()

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """The ideas from the one with most support to that with least."""
        rows = [
            {"option": one, "support": many, "share": percent(many, n) if n else 0}
            for one, many in self.seen(question, counts, closed=closed).items()
        ]
        return {"rows": sorted(rows, key=itemgetter("support"), reverse=True)}
