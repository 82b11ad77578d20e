"""Backing ideas: what was written to one poll becomes what another asks about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conference.core.errors import Refused, _
from polls import rules
from polls.events import PollMade
from polls.kinds import Option, Question
from polls.tables import Poll

IDEAS_LEAST, BACKED_MOST = 2, 60  # ideas to back at once; more are not read through on a phone


def to_back(poll: Poll, ideas: Sequence[str]) -> Question:
    """The question in which everybody backs the *ideas* of a poll.

    Raises:
        Refused: ``poll.not_ideas``, ``poll.not_closed``, ``ideas.too_few`` or ``ideas.too_many``.
    """
    asked = rules.question_of(poll)
    if asked.kind != "ideas":
        raise Refused("poll.not_ideas", _("Bara idéer kan få stöd."))
    if poll.voting != "closed":
        raise Refused("poll.not_closed", _("Stäng insamlingen av idéer först."))
    if len(ideas) < IDEAS_LEAST:
        raise Refused("ideas.too_few", _("Det behövs minst två idéer som visas."))
    if len(ideas) > BACKED_MOST:
        raise Refused("ideas.too_many", _("Det är fler än %(most)d idéer. Slå ihop dem som säger samma sak först."), most=BACKED_MOST)
    options = tuple(Option(f"i{n}", text) for n, text in enumerate(ideas, start=1))
    title, english = f"Vilka idéer stöder du? {asked.title}", f"Which ideas do you back? {asked.title_en or asked.title}"
    most = min(asked.backs_each or len(options), len(options))
    return Question("", "backing", title, title_en=english, options=options, most=most, goals=asked.goals)


def make_backing(poll: Poll, backing: str, question: Question, *, at: datetime) -> PollMade:
    """The poll in which the ideas of another are backed, by those whom that one asked."""
    return PollMade(day=poll.day, at=at, poll=backing, scope=poll.scope, question=rules.plain(question))
