"""The polls of a kit: the question bank and the prepared polls of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from conference.core.errors import Refused, _
from polls.bank import from_kit
from polls.kinds import Question
from polls.rules import question_of, regional
from polls.service import a_draft
from polls.tables import BankQuestion, Poll

YES_NO = {"ja": "yes", "nej": "no", "avstar": "abstain"}  # a kit speaks Swedish, the protocol does not


def drafts(day: str, section: Mapping[str, Any], lanes: Sequence[str]) -> Iterator[Poll]:
    """The polls of a kit's ``polls`` section, for a new day; one for the regions becomes one for each of *lanes*.

    Kinds that this version does not know are kept and listed as coming.

    Raises:
        Refused: ``kit.tampered``: a poll without its question, or a question that cannot be read.
    """
    try:
        questions = {raw["id"]: question_from(raw) for raw in section["questions"]}
        for place, raw in enumerate(section["polls"], start=1):
            name, question = raw["id"], questions[raw["question"]]
            scopes = {name: "country"} if raw["scope"] == "country" else {regional(name, lane): lane for lane in lanes}
            for poll, scope in scopes.items():
                yield a_draft(day, poll, question, place=place, scope=scope, seconds=raw["seconds"])
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise Refused("kit.tampered", _("Paketets omröstningar går inte att läsa: %(why)s"), why=str(error)) from error


def bank_rows(section: Mapping[str, Any]) -> Iterator[BankQuestion]:
    """The questions of a kit's ``polls`` section as the bank keeps them; those of the whole country are locked.

    Raises:
        Refused: ``kit.tampered``: a question that cannot be read.
    """
    try:
        questions = [question_from(raw) for raw in section["questions"]]
        locked = [raw["id"] for raw in section["questions"] if raw.get("owner") == "locked"]
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise Refused("kit.tampered", _("Paketets omröstningar går inte att läsa: %(why)s"), why=str(error)) from error
    return from_kit(questions, locked)


def for_region(polls: Iterable[Poll], lane: str, region: str) -> Iterator[Poll]:
    """The polls of a region that comes later: drafts of those that *lane* has as the regions' own."""
    for poll in polls:
        name = poll.poll.removesuffix(f".{lane}")
        if poll.scope == lane and name != poll.poll:
            yield a_draft(poll.day, regional(name, region), question_of(poll), place=poll.place, scope=region, seconds=poll.seconds)


def question_from(raw: dict[str, Any], options: Sequence[Mapping[str, Any]] = ()) -> Question:
    """A question of a kit, as this version asks it.

    Args:
        options: what stands for ``options_from``, such as the goals.
    """
    given = [_named(option) for option in (raw.get("options") or options)]
    if raw["kind"] == "yesno":
        given = [{**option, "id": YES_NO.get(option["id"], option["id"])} for option in given]
    longest = raw.get("longest", 0)
    return msgspec.convert({**raw, "options": given, "longest": longest}, Question)


def _named(option: Mapping[str, Any]) -> dict[str, Any]:
    """An option, also when it is something with a title, such as a goal."""
    english = option.get("text_en", option.get("title_en"))
    return {**option, "text": option.get("text", option.get("title")), "text_en": english}
