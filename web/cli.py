# ruff: noqa: PLC0415  # what a command needs is imported when it runs
"""The command line. Every command: ``--help`` with examples, ``--json``; exit 0 done, 1 failed with one line why, 2 used wrongly.

What a command needs is imported when it runs: ``--help`` answers at once.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from web import keeping, kits, person_cli
from web.terminal import DataDir, Failed, Json, say

app = typer.Typer(
    name="samsyn", help="Digital e-health days: one national day, interleaved with regional items.", no_args_is_help=False,
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


@app.command(epilog="Examples:  samsyn serve   |   samsyn serve --host 0.0.0.0 --port 8000 --data-dir /srv/samsyn --json")
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Run the server. On an empty folder it prints a link, for one use within 15 minutes, that leads to the first day."""
    from web import running, settings

    running.serve(settings.load(host=host, port=port, data_dir=data_dir), as_json=as_json)


@app.command(epilog="Examples:  samsyn demo   |   samsyn demo --participants 200 --speed 60 --fresh   |   samsyn demo --json --port 0")
def demo(  # noqa: PLR0913  # each is an option of the command
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = Path("data-demo"),
    participants: Annotated[int, typer.Option(min=0, max=2000, help="Simulated people.")] = 40,
    speed: Annotated[float | None, typer.Option(min=0, help="1 as planned, 0 only by GO; without it about twelve minutes.")] = None,
    operator: Annotated[str, typer.Option(help="auto: a simulated operator presses GO until a real one has; or off.")] = "auto",
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away the data of earlier demos first.")] = False,
    as_json: Json = False,
) -> None:
    """Run a whole e-health day with simulated people, at once."""
    from web import running, settings
    from web.demo import Wanted

    if operator not in {"auto", "off"}:
        raise typer.BadParameter("must be auto or off", param_hint="--operator")
    chosen = settings.load(host=host, port=port, data_dir=data_dir)
    if fresh:
        running.throw_away(chosen.data_dir)
    running.run_demo(chosen, Wanted(participants, speed, operator == "auto"), as_json=as_json)


@app.command(epilog="Examples:  samsyn migrate   |   samsyn migrate --check --json")
def migrate(
    data_dir: DataDir = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when something is missing.")] = False,
    new: Annotated[str | None, typer.Option(help="For developers: write a migration with this title.", hidden=True)] = None,
    as_json: Json = False,
) -> None:
    """Bring the database to the form that this version needs. An SQLite database is brought there by ``serve`` itself."""
    from web import bootstrap, migrate, settings  # noqa: F401  # bootstrap: all tables

    chosen = settings.load(data_dir=data_dir)
    if chosen.embedded and not chosen.data_dir.is_dir():
        raise Failed(f"there is no data folder {chosen.data_dir}")
    url = chosen.database
    if new:
        asyncio.run(migrate.new(url, new))
    elif not check:
        asyncio.run(migrate.up(url, chosen.keys))
    current = asyncio.run(migrate.is_current(url))
    say({"current": current, "newest": migrate.newest()}, "The database is up to date." if current else "The database is behind.", as_json)
    if check and not current:
        raise Failed("the database is not up to date: run `samsyn migrate`")


@app.command(epilog="Examples:  samsyn doctor   |   samsyn doctor --json")
def doctor(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Look at everything the server needs, and say what is missing."""
    from web import doctor, settings

    found = asyncio.run(doctor.examine(settings.load(data_dir=data_dir)))
    say({"ok": all(one.ok for one in found), "checks": [one.told() for one in found]}, "\n".join(map(str, found)), as_json)
    if not all(one.ok for one in found):
        raise Failed("; ".join(one.name for one in found if not one.ok) + " must be looked at")


@app.command(
    epilog="Examples:  samsyn invite --admin   |   samsyn invite d-nationell-2026-11-22 --role organizer --name 'Kim Ek'   |   "
    "samsyn invite d-nationell-2026-11-22 --role moderator --lane r-norrvik --days 30 --json"
)
def invite(  # noqa: PLR0913  # each is an option of the command
    day: Annotated[str | None, typer.Argument(help="The day that the link leads to.")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="A link for whoever looks after the installation: 15 minutes, one use.")] = False,
    role: Annotated[str | None, typer.Option(help="organizer, moderator, speaker, captioner or screen.")] = None,
    name: Annotated[str, typer.Option(help="What whoever uses it is called from the start.")] = "",
    lane: Annotated[str, typer.Option(help="The region where whoever uses it belongs; the country without it.")] = "",
    days: Annotated[int | None, typer.Option(min=1, max=730, help="How many days a role's link works; 90 without it.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="How people reach the server; the setting, or where it ran last, without it.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a link for one use: for an admin, or for a role at a day. The server may run meanwhile; nothing is mailed."""
    from web import invite as making
    from web import links, running, settings

    if admin == (day is not None):
        raise typer.BadParameter("either --admin or a day", param_hint="DAY")
    if admin and (role or name or lane or days):
        raise typer.BadParameter("--role, --name, --lane and --days are for the link of a day", param_hint="--admin")
    if not admin and role not in links.TITLES:
        raise typer.BadParameter(f"must be one of {', '.join(links.TITLES)}", param_hint="--role")
    chosen = settings.load(data_dir=data_dir, base_url=base_url)
    wanted = links.Wanted(links.ADMIN if admin else role or "", name, lane)
    works = timedelta(days=days) if days else None
    made = asyncio.run(making.invite(chosen, making.Invitation(day or "", wanted, works)))
    until = f"{made.until:%Y-%m-%d %H:%M} UTC" if made.until else "the end of the day"
    say(making.told(made, day or ""), f"{made.url}\none use, until {until}", as_json)
    running.draw_code(made.url, as_json=as_json)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    epilog="Examples:  samsyn load http://127.0.0.1:8000 --people 2000 --vote --rate 200   |   samsyn load --help",
)
def load(context: typer.Context, as_json: Json = False) -> None:
    """Measure how a running server bears many people; prints a report in JSON."""
    import runpy

    sys.argv = ["samsyn load", "load", *context.args]
    runpy.run_module("web.crowd", run_name="__main__")
    del as_json  # it prints JSON in any case


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Examples:  samsyn test   |   samsyn test tests/polls -k vote   |   samsyn test --json",
)
def test(context: typer.Context) -> None:
    """Run the checks and tests; arguments go to pytest. The command ``./samsyn test`` installs what they need first."""
    import pytest

    raise typer.Exit(pytest.main(context.args))


@app.command(
    epilog="Examples:  samsyn rehearse d-nationell-2026-11-22   |   "
    "samsyn rehearse d-nationell-2026-11-22 --speed 60 --people 100 --json   |   samsyn rehearse d-nationell-2026-11-22 --list"
)
def rehearse(
    day: Annotated[str | None, typer.Argument(help="The day, as d-nationell-2026-11-22.")] = None,
    speed: Annotated[float, typer.Option(min=0, max=600, help="How many times faster than the day; 0 as fast as it goes.")] = 40.0,
    people: Annotated[int, typer.Option(min=0, max=2000, help="Simulated people; there is always one for each lane.")] = 40,
    only_list: Annotated[bool, typer.Option("--list", help="Play nothing: list what is missing in what is prepared.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Play a prepared day in minutes, on a copy, with simulated people, and list what is missing. Exit 1 when anything is."""
    from web import settings
    from web.rehearsal import telling

    if day is None:
        raise typer.BadParameter("which day?", param_hint="DAY")
    chosen = settings.load(data_dir=data_dir)
    ok = telling.listed(chosen, day, as_json) if only_list else telling.played(chosen, day, speed, people, as_json)
    if not ok:
        raise typer.Exit(1)


app.add_typer(kits.app, name="kit")
app.add_typer(person_cli.app, name="person")

for _command, _examples in keeping.COMMANDS.items():
    app.command(epilog=f"Examples:  {_examples}")(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what goes wrong is one line on standard error.

    Returns:
        0 done, 1 failed, 2 used wrongly.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        app(["--help"], prog_name="samsyn", standalone_mode=False)
        return 2
    try:
        return int(app(arguments, prog_name="samsyn", standalone_mode=False) or 0)
    except (typer.Exit, typer.Abort) as end:
        return int(getattr(end, "exit_code", 1))
    except KeyboardInterrupt:
        return 0
    except SystemExit as end:
        return end.code if end.code in {0, 1, 2} else 1
    except Exception as error:  # noqa: BLE001  # told in one line; the traceback is for SAMSYN developers and not for operators
        code = getattr(error, "exit_code", 1)
        text = error.format_message() if hasattr(error, "format_message") else str(error) or type(error).__name__
        print("samsyn:", " ".join(text.split()), file=sys.stderr)  # noqa: T201  # a command speaks to a terminal
        return int(code)


if __name__ == "__main__":
    sys.exit(main())
