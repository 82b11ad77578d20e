# ruff: noqa: PLC0415  # what a command needs is imported when it runs
"""Commands for what is kept: files to take away, backups, counting again, forgetting a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from web.terminal import DataDir, Failed, Json, say

Day = Annotated[str, typer.Argument(help="The day, as d-nationell-2026-11-22.")]


def export(
    day: Day,
    what: Annotated[
        list[str] | None, typer.Argument(help="attendance, polls, evaluation, chat, questions, programme, needs, actions; all without it.")
    ] = None,
    form: Annotated[str, typer.Option(help="csv, xlsx or json.")] = "xlsx",
    to: Annotated[Path, typer.Option(help="Folder for the files; one that is not there is made.")] = Path(),
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write a day's tables to files. The server may run meanwhile; only figures that may be shown are in them."""
    from web import settings, taking

    written = asyncio.run(taking.take(settings.load(data_dir=data_dir), day, what or (), form, to))
    say({"files": [str(path) for path in written]}, "\n".join(map(str, written)), as_json)


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; samsyn-DATE.tar here without it.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Save everything in one file: rows, films, recordings, secrets. The server may run meanwhile. Keep the file as you keep the server."""
    from conference.core.clock import SystemClock
    from web import backups, settings

    clock = SystemClock()
    target = file or Path(backups.name_for(clock.now()))
    made = asyncio.run(backups.save(settings.load(data_dir=data_dir), clock, target))
    size, rows = target.stat().st_size, sum(made.rows.values())
    told = {"file": str(target), "bytes": size, "rows": rows, "files": sum(name.startswith(backups.FILES) for name in made.hashes)}
    say(told, f"{target}: {rows} rows, {told['files']} files, {size / 1e6:.1f} MB", as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `samsyn backup` made.")],
    instead: Annotated[bool, typer.Option("--instead", help="Move a data folder that is there aside, and keep it.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Put a backup in place, with the server stopped. All of it is checked before anything is changed."""
    from conference.core.clock import SystemClock
    from conference.core.ids import RandomIds
    from web import restoring, settings

    chosen = settings.load(data_dir=data_dir)
    done = asyncio.run(restoring.restore(chosen, file, SystemClock(), RandomIds(), instead=instead))
    rows = sum(done.manifest.rows.values())
    told = {"data_dir": str(chosen.data_dir), "made_at": done.manifest.made_at, "rows": rows, "erased_again": done.erased}
    told["before"], told["to_sign_again"] = str(done.before) if done.before else None, done.undone
    aside = f"\nwhat was there lies in {done.before}" if done.before else ""
    again = "".join(f"\nwhat was deleted is there again, sign anew (docs/operations.md): {line}" for line in done.undone)
    say(told, f"{chosen.data_dir}: {rows} rows as of {done.manifest.made_at}, {done.erased} erased again{aside}{again}", as_json)


def recount(
    day: Day,
    poll: Annotated[str | None, typer.Argument(help="One poll; all without it.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Count ballots again: ballots = sums = tally = what was told = export = the seal in the audit chain. Exit 1 when they are not."""
    from web import auditing, settings

    found = asyncio.run(auditing.recount_of(settings.load(data_dir=data_dir), day, poll))
    say(auditing.told(found), auditing.in_words(found), as_json)
    if not found.agrees:
        raise Failed("the recount does not agree")


def erase(
    day: Day,
    person: Annotated[str | None, typer.Argument(help="The person's id.")] = None,
    name: Annotated[
        str | None, typer.Option(help="Everybody who is called so at the day, in place of an id; a region's contact with it in.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Forget a person: name, affiliation and sessions go, also out of backups that are put in place later. Counts and answers stay."""
    from web import erasing, settings

    person, name = (person or "").strip() or None, (name or "").strip() or None  # an empty variable of a script names nobody
    if (person is None) == (name is None):
        raise typer.BadParameter("either a person's id or --name", param_hint="PERSON")
    gone = asyncio.run(erasing.erase(settings.load(data_dir=data_dir), day, person, name))
    told = {"day": day, "erased": list(gone), "removed": gone}
    say(told, "\n".join(f"erased {one}: {sum(rows.values())} rows" for one, rows in gone.items()), as_json)


COMMANDS: Final[dict[Callable[..., None], str]] = {
    export: "samsyn export d-nationell-2026-11-22 --to files   |   samsyn export d-nationell-2026-11-22 polls chat --form csv --json",
    backup: "samsyn backup   |   samsyn backup /backups/samsyn.tar --data-dir /srv/samsyn --json",
    restore: "samsyn restore samsyn-2026-11-22-150000.tar --data-dir /srv/new   |   samsyn restore samsyn.tar --instead",
    recount: "samsyn recount d-nationell-2026-11-22   |   samsyn recount d-nationell-2026-11-22 p-steg-fore --json",
    erase: "samsyn erase d-nationell-2026-11-22 --name 'Kim Ek'   |   samsyn erase d-nationell-2026-11-22 0196f3a2 --json",
}
"""Command -> examples."""
