"""What may happen to a poll. Pure: what is, and a wish, to what comes of it, or no."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from conference.core.errors import Refused, _
from conference.people import NATIONAL
from polls import hands
from polls.askable import must_be_askable, must_fit
from polls.events import PollArchived, PollClosed, PollClosing, PollExtended, PollMade, PollOpened, ResultShown
from polls.kinds import Answer, Option, Question, checked, is_known, kind_of
from polls.tables import Poll

SECONDS_LONGEST = 24 * 3600
SHOWN_TO = ("hidden", "stage", "everyone")
GRACE = timedelta(seconds=13)  # no picture is more than 12 s behind, or it was paused (picture-clock.js); one for the vote's way
SECONDS_BY_HAND = 120  # how long a poll made on the spot is open


def question_of(poll: Poll) -> Question:
    """The question as it was frozen."""
    return _read(poll.question)


@lru_cache(maxsize=256)  # asked once a vote
def _read(question: str) -> Question:
    return msgspec.json.decode(question, type=Question)


def regional(poll: str, region: str) -> str:
    """The name of a region's own copy of a poll for the regions."""
    return f"{poll}.{region}"


def plain(question: Question) -> dict[str, Any]:
    """The question as an event carries it."""
    data: dict[str, Any] = msgspec.to_builtins(question)
    return data


def make_poll(day: str, poll: str, question: Question, scope: str, *, at: datetime) -> PollMade:
    """A poll made on the spot: its question must be one that can be asked.

    Raises:
        Refused: ``poll.wrong``, ``text.empty`` or ``text.too_long``.
    """
    if not question.title.strip():
        raise Refused("text.empty", _("Skriv en fråga."))
    must_fit(question)
    must_be_askable(question)
    return PollMade(day=day, at=at, poll=poll, scope=scope, question=plain(question))


def prepare(day: str, poll: str, question: Question, scope: str, *, at: datetime) -> PollMade:
    """A poll with a question that was written before, of any kind.

    Raises:
        Refused: ``poll.later``, and as `must_fit`.
    """
    if not is_known(question):
        raise Refused("poll.later", _("Den här sortens fråga kommer i en senare version."))
    must_fit(question)
    return PollMade(day=day, at=at, poll=poll, scope=scope, question=plain(question))


def yes_no_options() -> tuple[Option, ...]:
    """What a yes or no question offers when it is made on the spot."""
    return Option("yes", "Ja", "Yes"), Option("no", "Nej", "No"), Option("abstain", "Avstår", "Abstain")


def open_poll(poll: Poll, *, at: datetime, seconds: int | None) -> PollOpened:
    """A draft can be opened.

    Args:
        seconds: how long it stays open; ``None`` when a cue will close it.

    Raises:
        Refused: ``poll.open``, ``poll.over`` or ``poll.later``.
    """
    if not poll.known:
        raise Refused("poll.later", _("Den här sortens fråga kommer i en senare version."))
    if poll.voting == "open":
        raise Refused("poll.open", _("Omröstningen är redan öppen."))
    if poll.voting != "draft":
        raise Refused("poll.over", _("Omröstningen har varit öppen. Kör om den för en ny omgång."))
    return _opened(poll, poll.round + 1, at=at, seconds=seconds)


def open_again(poll: Poll, *, at: datetime, seconds: int | None) -> PollOpened:
    """A closed poll can be asked once more, in a new round with a new box.

    Raises:
        Refused: ``poll.open`` or ``poll.not_closed``.
    """
    if poll.voting == "open":
        raise Refused("poll.open", _("Omröstningen är redan öppen."))
    if poll.voting != "closed":
        raise Refused("poll.not_closed", _("Bara en stängd omröstning kan köras om."))
    return _opened(poll, poll.round + 1, at=at, seconds=seconds)


def let_close(poll: Poll, *, at: datetime) -> PollClosing | None:
    """The run-of-show closes an open poll, and whoever sees that later gets as long as all others: `GRACE` later it is closed for good.

    Returns:
        ``None`` when it is closing already.

    Raises:
        Refused: ``poll.not_open``.
    """
    must_be_open(poll)
    return None if is_closing(poll, at=at) else PollClosing(day=poll.day, at=at, poll=poll.poll, scope=poll.scope, closes_at=at)


def is_closing(poll: Poll, *, at: datetime) -> bool:
    """Whether its time is over, and answers are taken only of those whose picture is behind."""
    return poll.voting == "open" and poll.closes_at is not None and poll.closes_at <= at


def close_poll(poll: Poll, tally: dict[str, Any], *, at: datetime) -> PollClosed:
    """Only an open poll can be closed.

    Raises:
        Refused: ``poll.not_open``.
    """
    must_be_open(poll)
    return PollClosed(day=poll.day, at=at, poll=poll.poll, scope=poll.scope, round=poll.round, result=poll.result, tally=tally)


def extend_poll(poll: Poll, seconds: int, *, at: datetime) -> PollExtended:
    """An open poll can be given more time; one that had no end gets one.

    Raises:
        Refused: ``poll.not_open`` or ``poll.wrong``.
    """
    must_be_open(poll)
    if not 1 <= seconds <= SECONDS_LONGEST:
        raise Refused("poll.wrong", _("Så mycket tid går inte att lägga till. Välj mellan 1 sekund och ett dygn."))
    closes_at = max(poll.closes_at or at, at) + timedelta(seconds=seconds)
    return PollExtended(day=poll.day, at=at, poll=poll.poll, scope=poll.scope, closes_at=closes_at)


def show_result(poll: Poll, to: str, tally: dict[str, Any], *, at: datetime) -> ResultShown:
    """Choose who sees the result; whether one may vote is another thing.

    Raises:
        Refused: ``poll.draft`` or ``poll.archived``.
    """
    if poll.voting == "archived":
        raise Refused("poll.archived", _("Omröstningen är undanlagd."))
    if poll.voting == "draft":
        raise Refused("poll.draft", _("Omröstningen har inte varit öppen än, så det finns inget resultat att visa."))
    return ResultShown(day=poll.day, at=at, poll=poll.poll, scope=poll.scope, to=to, tally=tally)


def archive_poll(poll: Poll, *, at: datetime) -> PollArchived:
    """A poll that is not open can be put away.

    Raises:
        Refused: ``poll.open``.
    """
    if poll.voting == "open":
        raise Refused("poll.open", _("Stäng omröstningen först."))
    return PollArchived(day=poll.day, at=at, poll=poll.poll, scope=poll.scope, round=poll.round)


def cast_vote(poll: Poll | None, answer: Any, region: str | None) -> Answer:
    """The answer in its one right form, when this person may give it to this poll now.

    A poll that is not there, a draft and another region's poll get the same no: nobody learns what is prepared.

    Raises:
        Refused: ``poll.no_such``, ``poll.not_open`` or what `polls.kinds.checked` says.
    """
    _must_take_part(poll, region)
    assert poll
    return checked(question_of(poll), answer)


def raise_hands(poll: Poll | None, counted: dict[str, Any], region: str | None, people: int) -> Answer:
    """The hands behind a screen as they are stored, when this screen may tell them to this poll now.

    Raises:
        Refused: ``poll.no_such``, ``poll.not_open`` or what `polls.hands.checked` says.
    """
    _must_take_part(poll, region)
    assert poll
    return hands.checked(question_of(poll), counted, people)


def withdraw_vote(poll: Poll | None, region: str | None) -> None:
    """An answer can be taken back for as long as it could be given.

    Raises:
        Refused: ``poll.no_such`` or ``poll.not_open``.
    """
    _must_take_part(poll, region)


def no_such() -> Refused:
    """The one answer for what is not there and what is not yours."""
    return Refused("poll.no_such", _("Omröstningen finns inte."))


def _must_take_part(poll: Poll | None, region: str | None) -> None:
    if poll is None or poll.voting == "draft" or poll.scope not in ("country", region or NATIONAL):
        raise no_such()
    must_be_open(poll)


def must_be_open(poll: Poll) -> None:
    """Nothing else can be closed, extended or answered.

    Raises:
        Refused: ``poll.not_open``.
    """
    if poll.voting != "open":
        raise Refused("poll.not_open", _("Omröstningen är inte öppen."))


def is_sortable(poll: Poll) -> bool:
    """Whether its cells are such that a moderator may sort them."""
    return poll.known and kind_of(question_of(poll)).merges


def must_be_sortable(poll: Poll) -> None:
    """Words are sorted when there are some.

    Raises:
        Refused: ``poll.draft`` or ``poll.not_sorted``.
    """
    if not is_sortable(poll):
        raise Refused("poll.not_sorted", _("I den här sortens fråga finns inget att sortera."))
    if not poll.round:
        raise Refused("poll.draft", _("Omröstningen har inte varit öppen än, så det finns inget resultat att visa."))


def holds_texts(poll: Poll) -> bool:
    """Whether its answers are people's own words, in its ballots."""
    return poll.known and kind_of(question_of(poll)).written


def must_hold_texts(poll: Poll, ids: Collection[str], known: Collection[str]) -> None:
    """Texts are sorted as soon as they may be read. One that its voter changes afterwards is another text.

    Args:
        ids: the texts that are meant.
        known: those that there are.

    Raises:
        Refused: ``poll.not_sorted``, ``text.empty`` or ``word.no_such``.
    """
    if not holds_texts(poll):
        raise Refused("poll.not_sorted", _("I den här sortens fråga finns inget att sortera."))
    if not ids:
        raise Refused("text.empty", _("Välj minst en text först."))
    if not set(ids) <= set(known):
        raise Refused("word.no_such", _("Det finns inte bland svaren."))


def _opened(poll: Poll, round_: int, *, at: datetime, seconds: int | None) -> PollOpened:
    return PollOpened(
        day=poll.day,
        at=at,
        poll=poll.poll,
        scope=poll.scope,
        question=plain(question_of(poll)),
        round=round_,
        result="hidden",
        closes_at=at + timedelta(seconds=seconds) if seconds else None,
    )
