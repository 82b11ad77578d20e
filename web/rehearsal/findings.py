"""What a rehearsal finds: what stands in the rows, and what only showed when the day was played. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from conference.core.event import Event
from conference.rundown import CueGiven, CueSkipped
from conference.tables import Item
from polls.events import PollPassedOver
from web.gaps import Gap, Prepared, gaps

LATE: Final = timedelta(seconds=60)  # an item that takes so much longer than planned pushes what follows; less is the operator's hand
THINGS: Final = ("poll", "film", "source", "survey", "contributor", "block")  # what a cue may be about, in its args


@dataclass(frozen=True)
class Refusal:
    """A cue that a feature could not follow.

    Attributes:
        by: the feature's reaction.
        code: why not.
    """

    by: str
    cue: str
    item: str
    about: str
    code: str


@dataclass
class Played:
    """What happened.

    Attributes:
        refusals: each once, however often a verb was tried.
        skipped: cues that were never given.
        passed: polls that could not follow a cue, and why.
        asked, answered: by poll, how many people were asked, and how many answered.
        items: as they were when the day was over.
        ended: whether the day came to its end.
    """

    refusals: set[Refusal] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    passed: list[tuple[str, str, str]] = field(default_factory=list)
    asked: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[str, int] = field(default_factory=dict)
    items: Sequence[Item] = ()
    ended: bool = True

    def refused(self, by: str, event: Event, code: str) -> None:
        """Note that a reaction passed a cue over."""
        if isinstance(event, CueGiven):
            self.refusals.add(Refusal(by, event.cue, event.item, about(event.args), code))

    def heard(self, events: Iterable[Event]) -> None:
        """Note what the log tells."""
        for event in events:
            if isinstance(event, CueSkipped):
                self.skipped.append(event.cue)
            elif isinstance(event, PollPassedOver):
                self.passed.append((event.cue, event.poll, event.why))


def about(args: Mapping[str, object]) -> str:
    """The thing that a cue names."""
    return next((str(args[name]) for name in THINGS if name in args), "")


def found(day: Prepared, played: Played) -> list[Gap]:
    """Every gap, what stands in the rows first."""
    standing = gaps(day)
    late = {gap.item for gap in standing if gap.kind == "overrun"}
    known = {gap.about for gap in standing if gap.kind in {"poll", "film"}}
    cues = {cue.cue: cue.item for cue in day.cues}
    refused = [gap for gap in _refused(played, cues) if gap.about not in known]
    ran_over = [gap for gap in _ran_over(played.items) if gap.where not in late]
    return [*standing, *refused, *_skipped(played, cues), *_unanswered(played, day), *ran_over, *_stuck(played)]


def _refused(played: Played, cues: Mapping[str, str]) -> Iterator[Gap]:
    for one in sorted(played.refusals, key=lambda one: (one.cue, one.by)):
        yield Gap("refused", one.cue, one.about, f"{one.item}: {one.by} could not follow the cue: {one.code}", one.item)
    for cue, poll, why in played.passed:
        yield Gap("refused", cue, poll, f"{cues.get(cue, cue)}: poll {poll} could not follow the cue: {why}", cues.get(cue, ""))


def _skipped(played: Played, cues: Mapping[str, str]) -> Iterator[Gap]:
    for cue in played.skipped:
        yield Gap("passed_over", cue, "", f"{cues.get(cue, cue)}: the cue was never given", cues.get(cue, ""))


def _unanswered(played: Played, day: Prepared) -> Iterator[Gap]:
    opened = {about(cue.args): cue for cue in reversed(day.cues) if cue.do == "open_poll"}
    for poll, asked in played.asked.items():
        if not played.answered.get(poll):
            cue = opened.get(poll) or opened.get(poll.partition(".")[0])
            why = "nobody had time to answer it" if asked else "there is nobody whom it asks"
            yield Gap("unanswered", cue.cue if cue else poll, poll, f"poll {poll}: {why}", cue.item if cue else "")


def _ran_over(items: Iterable[Item]) -> Iterator[Gap]:
    for item in items:
        over = (item.ends_at - item.starts_at) - (item.planned_ends_at - item.planned_starts_at)
        if item.state == "done" and over > LATE:
            yield Gap("overrun", item.item, item.lane, f"{item.item} took {over.total_seconds():.0f} s longer than planned", item.item)


def _stuck(played: Played) -> Iterator[Gap]:
    if not played.ended:
        yield Gap("stuck", "", "", "the day did not come to its end")
