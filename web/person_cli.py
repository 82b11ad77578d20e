# ruff: noqa: PLC0415  # what a command needs is imported when it runs
"""Commands for one person's data: hand it out, erase it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from web.keeping import Day, erase
from web.terminal import DataDir, Failed, Json, say

app = typer.Typer(
    rich_markup_mode=None,
    epilog="Examples:  samsyn person export d-nationell-2026-11-22 --name 'Kim Ek' --to kim.zip   |   "
    "samsyn person erase d-nationell-2026-11-22 --name 'Kim Ek' --json",
)


@app.callback(invoke_without_command=True)
def person(context: typer.Context) -> None:
    """One person's data at a day: what is held of them as a file, or erased. Each of the commands takes --json."""
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201  # what the command is for
        raise typer.Exit(2)


@app.command(
    epilog="Examples:  samsyn person export d-nationell-2026-11-22 --name 'Kim Ek' --to kim.zip   |   "
    "samsyn person export d-nationell-2026-11-22 0196f3a2 --json"
)
def export(
    day: Day,
    person: Annotated[str | None, typer.Argument(help="The person's id.")] = None,
    name: Annotated[str | None, typer.Option(help="The whole name, or the address for answers, in place of an id.")] = None,
    to: Annotated[Path, typer.Option(help="The file.")] = Path("uppgifter.zip"),
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write all that is held of one person to a file: JSON and a table. The server may run meanwhile; the audit chain has the counts."""
    from web import handing_out, settings

    person, name = (person or "").strip() or None, (name or "").strip() or None
    if (person is None) == (name is None):
        raise typer.BadParameter("either a person's id or --name", param_hint="PERSON")
    try:
        who, rows = asyncio.run(handing_out.hand_out(settings.load(data_dir=data_dir), day, person, name, to))
    except OSError as error:
        raise Failed(f"{to} cannot be written: {error.strerror}") from error
    say({"day": day, "person": who, "file": str(to), "rows": rows}, f"{to}: {sum(rows.values())} rows of {who}", as_json)


app.command(
    epilog="Examples:  samsyn person erase d-nationell-2026-11-22 --name 'Kim Ek'   |   "
    "samsyn person erase d-nationell-2026-11-22 0196f3a2 --json"
)(erase)
