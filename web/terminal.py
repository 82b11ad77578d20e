"""What the commands have in common: their options, how they speak, how they fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="One line of JSON on standard output.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder for everything that is kept.")]


class Failed(Exception):
    """The command could not do it; the text says why."""


def say(told: dict[str, Any], text: str, as_json: bool) -> None:
    """What came of a command: a line of JSON, or *text* for people."""
    print(json.dumps(told, ensure_ascii=False) if as_json else text)  # noqa: T201  # what the command is for
