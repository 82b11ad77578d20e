"""`python -m web.crowd play` sends simulated people to a demo; `python -m web.crowd load` measures a server. Both print JSON.

Exit 0 done, 1 failed with one line why, 2 used wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from web.crowd.deeds import ORDINARY
from web.crowd.demo import play
from web.crowd.door import NotLetIn
from web.crowd.load import PEOPLE_MOST, Plan, load

NICER: Final = 5  # in a demo the server goes first
LOOKS_S: Final = 1.0  # whether whoever started us is still there
DEFAULT: Final = Plan(url="")


def main(args: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    found = _parser().parse_args(args)
    try:
        done: dict[str, Any] = found.run(found)
    except ValueError as error:
        return _failed(str(error), 2)
    except (NotLetIn, OSError) as error:
        return _failed(str(error), 1)
    except KeyboardInterrupt:
        return _failed("stopped", 1)
    text = msgspec.json.encode(done)
    sys.stdout.write((msgspec.json.format(text) if sys.stdout.isatty() and not found.json else text).decode() + "\n")
    return 0 if done.get("ok", True) else _failed("not everything went well: see the report", 1)


def _failed(why: str, code: int) -> int:
    sys.stderr.write(f"samsyn: {why}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="samsyn", description="Clients from outside: simulated people, and a measure of load.")
    commands = parser.add_subparsers(required=True)
    _add_play(commands.add_parser("play", help="simulated people for a demo"))
    _add_load(
        commands.add_parser(
            "load",
            help="measure how a running server bears many people",
            epilog="Examples:  load http://127.0.0.1:8000/j/482913 --people 2000 --rate 200 --vote --open-poll LINK --storm 5",
        )
    )
    return parser


def _add_play(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", required=True, help="origin of the server")
    command.add_argument("--code", required=True, help="the day's join code")
    command.add_argument("--kit", required=True, type=Path, help="folder of the kit")
    command.add_argument("--participants", type=int, default=40)
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--sessions", type=Path, help="file that remembers who they are")
    command.add_argument("--moderator", help="link of a moderator, who says staff's lines")
    command.add_argument("--moderates", action="store_true", help="who says staff's lines sees to the questions, too")
    command.set_defaults(run=_play, json=True)


def _add_load(command: argparse.ArgumentParser) -> None:
    command.add_argument("url", help="origin of the server, or the link that participants join by")
    command.add_argument("--code", default="", help="the day's join code, if it is not in the link")
    command.add_argument("--people", type=int, default=DEFAULT.people, help=f"clients, up to {PEOPLE_MOST} (%(default)s)")
    command.add_argument("--rate", type=float, default=DEFAULT.rate, help="joins a second (%(default)s)")
    command.add_argument("--vote", action="store_true", help="everybody votes in the next poll that opens")
    command.add_argument("--open-poll", metavar="LINK", help="link of a moderator or organizer: make, open and close a poll of our own")
    command.add_argument("--within", dest="within_s", type=float, default=DEFAULT.within_s, help="seconds in which all vote (%(default)s)")
    command.add_argument("--storm", dest="storm_s", type=float, metavar="SECONDS", help="cut every line within so many seconds")
    command.add_argument("--wait", dest="wait_s", type=float, default=DEFAULT.wait_s, help="seconds to wait for a poll (%(default)s)")
    command.add_argument("--seed", type=int, default=DEFAULT.seed)
    command.add_argument("--yes", action="store_true", help="also a server on another computer; ask its owner first")
    command.add_argument("--json", action="store_true", help="one line of JSON, on a terminal too")
    command.set_defaults(run=_load)


def _load(args: argparse.Namespace) -> dict[str, Any]:
    return asyncio.run(load(Plan(**{name: getattr(args, name) for name in Plan.__dataclass_fields__})))


def _play(args: argparse.Namespace) -> dict[str, Any]:
    with suppress(OSError):
        os.nice(NICER)
    return asyncio.run(_until_stopped(args))


async def _until_stopped(args: argparse.Namespace) -> dict[str, Any]:
    """Play until the day is over, somebody says stop, or the demo that started us is gone."""
    playing = asyncio.create_task(
        play(
            args.url,
            args.code,
            args.participants,
            args.seed,
            args.kit,
            sessions=args.sessions,
            moderator=args.moderator,
            habits=replace(ORDINARY, moderates=args.moderates),
        )
    )
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, playing.cancel)
    watching = asyncio.create_task(_stop_when_orphaned(playing))
    try:
        return await playing
    except asyncio.CancelledError:
        return {"stopped": True}
    finally:
        watching.cancel()


async def _stop_when_orphaned(playing: asyncio.Task[dict[str, Any]]) -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110  # nobody tells an orphan
        await asyncio.sleep(LOOKS_S)
    playing.cancel()


if __name__ == "__main__":
    sys.exit(main())
