"""A kit: everything that a day needs to run, as a folder of texts that anybody may read, change and pass on.

``kits/national`` ships with the product; others come as signed files: `conference.library.shelf`. The polls, the evaluation and the rest
are kept as they are written; each feature reads its own section in its room ``kit.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from conference.core.errors import Refused, _
from conference.library.references import broken
from conference.library.shapes import (
    FORMAT,
    DayFile,
    FilmOfKit,
    Option,
    Template,
    Text,
    written_cue,
)

NATIONAL_KIT = Path(__file__).parent / "kits" / "national"
FILE_MOST_BYTES = 8 * 2**20  # a text file of a kit; the largest of the national kit has 65 kB
FRONT = "---\n"  # fences the head of a text

T = TypeVar("T")


class Kit(DayFile, frozen=True, kw_only=True):
    """A kit that has been read, and whose references resolve: all of ``day.json``, and what lies beside it.

    Attributes:
        folder: where it lies; its films are beside their texts in ``films/``.
        films: by id.
        polls, evaluation, needs, checklists, chatter: whole files as plain values, for the features they belong to.
        texts: by id and language.
    """

    folder: Path
    films: Mapping[str, FilmOfKit] = msgspec.field(name="films by id")  # in the file, "films" are the ids
    polls: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    needs: Mapping[str, Any]
    checklists: Mapping[str, Any]
    chatter: Mapping[str, Any]
    texts: Mapping[tuple[str, str], Text]

    @property
    def goal_ids(self) -> set[str]:
        """Ids of the goals."""
        return {goal.id for goal in self.goals}

    @property
    def poll_ids(self) -> set[str]:
        """Ids of the prepared polls."""
        return {poll["id"] for poll in self.polls["polls"]}

    @property
    def survey_ids(self) -> set[str]:
        """Ids of the surveys, for the day and before it."""
        return {survey["id"] for survey in (*self.evaluation["surveys"], *self.needs["surveys"])}

    def template(self, name: str) -> Template:
        """One of the shorter days.

        Raises:
            Refused: ``kit.no_such_template``.
        """
        for template in self.templates:
            if template.id == name:
                return template
        raise Refused("kit.no_such_template", _("Paketet har ingen mall som heter %(template)s."), template=name)

    def options_from(self, name: str) -> list[Option]:
        """The option list that a question names with ``options_from``; a day's own regions replace ``regions`` and ``demo_regions``.

        Raises:
            Refused: ``kit.tampered`` when there is no such list.
        """
        if name == "goals":
            return [Option(id=goal.id, text=goal.title, text_en=goal.title_en) for goal in self.goals]
        themes = {"options": [{**theme, "text": theme["title"], "text_en": theme.get("title_en")} for theme in self.needs["themes"]]}
        lists = {"themes": themes, **self.needs["option_lists"]}
        if name not in lists:
            raise _unreadable(f"unknown option list {name}")
        return msgspec.convert(lists[name]["options"], list[Option])


def read_kit(folder: Path) -> Kit:
    """Read a kit whole.

    Raises:
        Refused: ``kit.unknown_version`` when it is written in another format, ``kit.tampered`` when a file is missing or unreadable or
            points at something that is not there; the text says which.
    """
    day = _believed("day.json", lambda: msgspec.convert(_with_cues(_file(folder, "day.json")), DayFile))
    films = [_believed(name, partial(_film, folder, name)) for name in day.film_ids]
    kit = Kit(
        **msgspec.structs.asdict(day),
        folder=folder,
        films={film.id: film for film in films},
        polls=_file(folder, "polls.json"),
        evaluation=_file(folder, "evaluation.json"),
        needs=_file(folder, "needs.json"),
        checklists=_file(folder, "checklists.json"),
        chatter=_file(folder, "chatter.json"),
        texts={(text.id, text.language): text for text in _texts(folder)},
    )
    if faults := _believed("kit", lambda: broken(kit)):
        raise _unreadable("; ".join(faults[:5]))
    return kit


def _file(folder: Path, name: str) -> dict[str, Any]:
    raw = _believed(name, lambda: msgspec.json.decode(_bytes(folder / name), type=dict[str, Any]))
    if raw.get("format") != FORMAT:
        raise Refused("kit.unknown_version", _("Paketet är skrivet för en annan version av programmet (%(file)s)."), file=name)
    return raw


def _with_cues(raw: dict[str, Any]) -> dict[str, Any]:
    """The day with every cue's own fields gathered under ``args``."""

    def told(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**item, "cues": [written_cue(cue) for cue in item["cues"]]} for item in items]

    templates = [{**template, "items": told(template["items"])} for template in raw.get("templates", [])]
    return {**raw, "items": told(raw["items"]), "templates": templates}


def _texts(folder: Path) -> list[Text]:
    return [_believed(path.name, partial(_text, path)) for path in sorted((folder / "texts").glob("*.md"))]


def _film(folder: Path, name: str) -> FilmOfKit:
    return msgspec.convert(_file(folder, f"films/{name}.json"), FilmOfKit)


def _text(path: Path) -> Text:
    _nothing, head, body = _bytes(path).decode().split(FRONT, 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return msgspec.convert({**{key: value.strip('"') for key, value in fields.items()}, "body": body.strip() + "\n"}, Text)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > FILE_MOST_BYTES:
        raise ValueError(f"more than {FILE_MOST_BYTES} bytes")
    return path.read_bytes()


def _believed(what: str, read: Callable[[], T]) -> T:
    """What *read* gives; whatever is wrong with the files becomes a refusal that names the place."""
    try:
        return read()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.MsgspecError) as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else f"{type(error).__name__}: {error}"
        raise _unreadable(f"{what}: {reason}") from error


def _unreadable(what: str) -> Refused:
    return Refused("kit.tampered", _("Paketet går inte att använda: %(what)s."), what=what)
