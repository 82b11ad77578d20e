"""Every text that people see is there in Swedish and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "web" / "templates"
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@cache
def english() -> Catalog:
    with (ROOT / "web" / "locale" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def sources() -> Iterator[tuple[str, Path]]:
    yield from (("jinja2", path) for path in sorted(TEMPLATES.glob("*.html")))
    for room in ("conference", "polls", "chat", "streaming", "web"):
        yield from (("python", path) for path in sorted((ROOT / room).rglob("*.py")))


def texts_of(kind: str, path: Path) -> list[str]:
    found = extract_from_file(kind, str(path), options=JINJA if kind == "jinja2" else None)
    return [text for _line, message, *_rest in found for text in ([message] if isinstance(message, str) else message) if text]


@pytest.mark.parametrize(("kind", "path"), list(sources()), ids=lambda one: one.name if isinstance(one, Path) else "")
def test_every_text_has_its_english(kind: str, path: Path) -> None:
    def forms(text: str | Sequence[str] | None) -> Sequence[str]:
        return [text or ""] if text is None or isinstance(text, str) else text

    known = {text for message in english() if all(forms(message.string)) for text in forms(message.id)}

    assert [text for text in texts_of(kind, path) if text not in known] == []


def test_the_english_has_the_same_places() -> None:
    def places(text: object) -> list[tuple[str, ...]]:
        return sorted(PLACES.findall(str(text)))

    assert [message.id for message in english() if message.id and places(message.id) != places(message.string)] == []


def test_what_scripts_say_stands_in_the_page() -> None:
    words = set(re.findall(r'^  "([a-z.\-_]+)":', "".join(path.read_text() for path in TEMPLATES.glob("*words.html")), re.MULTILINE))
    scripts = "".join(path.read_text() for path in (ROOT / "web" / "static" / "js").glob("*.js"))

    assert set(re.findall(r'word\("([a-z.\-_]+)"', scripts)) <= words
    assert {name for one in re.findall(r'numbered\("([a-z.\-_]+)"', scripts) for name in (one, f"{one}-one")} <= words


def test_scripts_clone_only_pieces_there_are() -> None:
    pieces = set(re.findall(r'<template id="t-([a-z\-]+)"', "".join(path.read_text() for path in TEMPLATES.glob("*.html"))))
    scripts = "".join(path.read_text() for path in (ROOT / "web" / "static" / "js").glob("*.js"))

    assert set(re.findall(r'pieces?\("([a-z\-]+)"\)', scripts)) <= pieces
