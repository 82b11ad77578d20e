"""The question bank as a file, and back: JSON with everything, CSV for whoever writes questions in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from conference.core.errors import Refused, _
from conference.followup.files import harmless
from polls.kinds import Question

LISTS: Final = ("goals", "right", "exclusive", "labels", "labels_en", "stop_words")
NUMBERS: Final = ("version", "most", "steps", "longest", "ideas_each", "backs_each", "rank_at_least", "low", "high", "step")
TEXTS: Final = ("id", "kind", "title", "title_en", "help", "dont_know", "dont_know_en", "unit", "unit_en", "explanation", "explanation_en")
ITEMS: Final = ("options", "statements")
COLUMNS: Final = (*TEXTS, *NUMBERS, *LISTS, *ITEMS, "axes", "locked")
SEPARATOR: Final = "|"  # between the parts of a cell; an item is id=text=English


def as_csv(questions: Sequence[Mapping[str, Any]]) -> bytes:
    """One question a row: UTF-8 with a mark and semicolons, as Swedish Excel reads it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(_cell(question, column)) for column in COLUMNS] for question in questions)
    return text.getvalue().encode("utf-8-sig")


def _cell(question: Mapping[str, Any], column: str) -> str:
    value = question.get(column)
    if value is None:
        return ""
    if column in ITEMS:
        return SEPARATOR.join("=".join((one["id"], one["text"], one.get("text_en") or "")) for one in value)
    if column == "axes":
        return msgspec.json.encode(value).decode()
    return SEPARATOR.join(value) if column in LISTS else str(value)


def read(text: str) -> list[Question]:
    """The questions of a file, whichever of the two it is.

    Raises:
        Refused: ``bank.unreadable``.
    """
    text = text.lstrip("\ufeff").strip()
    try:
        rows = msgspec.json.decode(text) if text.startswith(("[", "{")) else list(_rows(text))
        listed = rows["questions"] if isinstance(rows, dict) else rows
        found = [msgspec.convert({name: value for name, value in row.items() if name != "locked"}, Question) for row in listed]
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise _unreadable(str(error)[:200]) from error
    if not found:
        raise _unreadable("0")
    return found


def _unreadable(why: str) -> Refused:
    return Refused("bank.unreadable", _("Filen går inte att läsa som frågor: %(why)s"), why=why)


def _rows(text: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        yield {name: _value(name, value.removeprefix("'")) for name, value in row.items() if name in COLUMNS and value}


def _value(column: str, text: str) -> Any:
    if column in ITEMS:
        return [_item(one) for one in text.split(SEPARATOR)]
    if column in LISTS:
        return text.split(SEPARATOR)
    if column in NUMBERS:
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number
    return msgspec.json.decode(text) if column == "axes" else text


def _item(text: str) -> dict[str, str]:
    name, _equals, rest = text.partition("=")
    swedish, _equals, english = rest.partition("=")
    return {"id": name.strip(), "text": swedish.strip(), **({"text_en": english.strip()} if english.strip() else {})}
