"""What can be read: each row is an address below ``/api/v1/days/{day}``, what it answers with, and where that comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conference.core.errors import Refused, _
from conference.followup.rules import no_such as no_such_thing
from web.api import answers, figures, shapes
from web.house import House

UNDER: Final = "/api/v1/days/{day}"


@dataclass(frozen=True)
class Read:
    """One address.

    Attributes:
        path: below `UNDER`.
        name: of the operation, for programs that write clients.
        what: what it tells, in a sentence.
        answer: its shape; of a list that of one entry.
        read: of the house and the day; with a name in the address, of that too.
        by: of a list: the field that names an entry, in whose order one goes on.
        refuses: codes of what is not there.
    """

    path: str
    name: str
    what: str
    answer: type[answers.Shape]
    read: Callable[..., Awaitable[Any]]
    by: str = ""
    refuses: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """The place in the address that names one thing; empty where there is none."""
        return self.path.partition("{")[2].rstrip("}")


def one_of(
    read: Callable[[House, str], Awaitable[Sequence[Any]]], by: str, missing: Refused
) -> Callable[[House, str, str], Awaitable[Any]]:
    """What reads one entry of a list."""

    async def one(house: House, day: str, name: str) -> Any:
        for found in await read(house, day):
            if getattr(found, by) == name:
                return found
        raise missing

    return one


_POLL: Final = one_of(figures.polls, "poll", Refused("poll.no_such", _("Omröstningen finns inte.")))
_SURVEY: Final = one_of(figures.surveys, "survey", Refused("survey.no_such", _("Enkäten finns inte.")))
_ACTION: Final = one_of(figures.actions, "action", no_such_thing("action"))


async def day(house: House, name: str) -> shapes.Day:
    """The day, and the addresses of its figures."""
    return await figures.about(house, name, [UNDER.format(day=name) + one.path for one in READS if one.path and not one.names])


READS: Final = (
    Read("", "day", "The day, and where its figures are.", shapes.Day, day),
    Read("/attendance", "attendance", "Who took part, by region and over time.", shapes.Attendance, figures.attendance),
    Read("/polls", "polls", "Every poll that has been open, round by round.", answers.Poll, figures.polls, by="poll"),
    Read("/polls/{poll}", "poll", "One poll.", answers.Poll, _POLL, refuses=("poll.no_such",)),
    Read("/surveys", "surveys", "Every survey that has been open, question by question.", answers.Survey, figures.surveys, by="survey"),
    Read("/surveys/{survey}", "survey", "One survey.", answers.Survey, _SURVEY, refuses=("survey.no_such",)),
    Read("/ratings", "ratings", "What people thought of each item of the programme.", answers.Rating, figures.ratings, by="survey"),
    Read("/later", "later", "What those answered who watched later, beside the live result.", answers.Later, figures.later, by="poll"),
    Read("/questions", "questions", "How the questions to the panel ended, in counts.", shapes.Questions, figures.questions),
    Read("/captions", "captions", "How much of what was shown could be read.", shapes.Captions, figures.captions),
    Read("/needs", "needs", "What was asked for, and the actions for it.", shapes.Need, figures.needs, by="need"),
    Read("/actions", "actions", "What is done after the day, and what came of it.", shapes.Action, figures.actions, by="action"),
    Read("/actions/{action}", "action", "One action.", shapes.Action, _ACTION, refuses=("action.no_such",)),
    Read("/goals", "goals", "The goals in figures, counted over the days of the series.", shapes.Goal, figures.goals, by="target"),
    Read("/reports", "reports", "The versions of the report, the newest first.", shapes.Version, figures.versions, by="version"),
    Read("/reports/{version}", "report", "One version with its figures, which never change.", shapes.Report, figures.version,
         refuses=("report.no_such",)),
)  # fmt: skip
