"""Processor for each delivery of one piece of news to thousands, beside a C loop, nginx with nchan and Starlette's send loop.

    python -m tests.load.fanout --connections 10000
    python -m tests.load.fanout --connections 300 --seconds 3 --rounds 2

The lines to Samsyn are those of ``--people`` people, each with several: joining is another measurement (`votes`), and takes minutes for
ten thousand. Each server has one core for itself, the client (`lines.c`) another. A poll's tally goes out four times a second: of Samsyn
because a few people of all those who look on keep changing their votes, so the votes, the count and the picture of it are in its figure;
of the others because one line says a text of the same size, which they give on to all. What a server takes while nothing is said (pings,
clocks) is measured too and taken off; ``gross`` is with it. The servers take turns, and the median of the rounds counts.

nginx comes from Debian: ``apt-get install nginx-light libnginx-mod-nchan``; without it, it is left out. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.load.native import SERVER_CORE, children, compiled, cookies_of, cpu_s, joined, lines, on_core
from tests.load.seeing import asked
from tests.running import ROOT, Samsyn, samsyn
from tests.servers import free_port
from tests.staff import Person
from web.crowd.load import allow_files

BARS: Final = {"floor": 1.6, "nchan": 1.1, "loop": 0.72}  # times as much as that one takes
SPEAKERS: Final = 25  # enough that a tally is told exactly
EVERY_S: Final = 0.25
WARM_S: Final = 0.05  # between the words before it is measured: as many as there are speakers
SETTLE_S: Final = 2.0
OPEN_S: Final = 3600  # longer than all rounds take
TURN: Final = 50 * SPEAKERS * 100  # numbers for one round; even, so that everybody begins with the other answer
NCHAN: Final = """
load_module {modules}/ngx_nchan_module.so;
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
worker_shutdown_timeout 1s;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections {files}; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  nchan_shared_memory_size 256m;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /ws {{
      nchan_pubsub websocket;
      nchan_channel_id all;
      nchan_message_buffer_length 1;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"""
MODULES: Final = Path("/usr/lib/nginx/modules")


@dataclass(frozen=True)
class Server:
    """One of those that are compared, while it runs.

    Attributes:
        says: what a line says so that all hear something; ``#`` and ``~`` as in ``lines.c``.
    """

    port: int
    path: str
    processes: list[int]
    says: str
    speakers: int = 1
    cookies: Path | None = None


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, connections=10_000, people=500, seconds=10.0, rounds=5)
    allow_files(given.connections + 500)
    given.folder.mkdir(parents=True, exist_ok=True)
    begun = os.getloadavg()[0]
    with ExitStack() as stays:
        ours = stays.enter_context(_samsyn(given))
        found = {"samsyn": [_measured(ours, given, 0)]}
        text = '{"upto":"' + "#" + "x" * (round(found["samsyn"][0]["bytes"]) - 13) + '"}'
        others = _others(text, given)
        for turn in range(given.rounds):
            if turn:
                found["samsyn"].append(_measured(ours, given, turn))
            for name, start in others.items():
                with start() as server:
                    found.setdefault(name, []).append(_measured(server, given, turn))
    print(json.dumps({"connections": given.connections, "rounds": given.rounds, **_compared(found), "load": [begun, os.getloadavg()[0]]}))


def _measured(server: Server, given: Any, turn: int) -> dict[str, float]:
    with lines(server.port, server.path, given.connections, server.cookies) as crowd:
        first = turn * TURN
        crowd.say(server.speakers * WARM_S, WARM_S, server.says, speakers=server.speakers, first=first)
        crowd.hear(SETTLE_S)
        idle_s = _cost_s(server, lambda: crowd.hear(given.seconds))[1]
        told, took_s = _cost_s(
            server, lambda: crowd.say(given.seconds, EVERY_S, server.says, speakers=server.speakers, first=first + server.speakers)
        )
    assert told["gone"] == 0, told
    each = {"us": 1e6 * (took_s - idle_s) / told["news"], "gross": 1e6 * took_s / told["news"], "bytes": told["bytes"] / told["news"]}
    found = {**{name: round(value, 2) for name, value in each.items()}, "times": told["least"], "connect_s": crowd.connected["took_s"]}
    print(server.path, found, file=sys.stderr)
    return found


def _cost_s(server: Server, act: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], float]:
    before = cpu_s(server.processes)
    told = act()
    return told, cpu_s(server.processes) - before


def _compared(found: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    middle = {name: {what: statistics.median(one[what] for one in rounds) for what in rounds[0]} for name, rounds in found.items()}
    ratios = {name: round(middle["samsyn"]["us"] / middle[name]["us"], 2) for name in BARS if name in middle}
    held = {name: ratio <= BARS[name] for name, ratio in ratios.items()}
    return {"median": middle, "us": {name: [one["us"] for one in rounds] for name, rounds in found.items()}, "ratios": ratios, "held": held}


@contextmanager
def _samsyn(given: Any) -> Iterator[Server]:
    """A live day with a poll that is shown to all while it is open; nothing is streamed."""
    with ExitStack() as stays:
        with on_core(SERVER_CORE):
            words = ["--participants", 0, "--speed", 0, "--operator", "off"]
            running = stays.enter_context(samsyn("demo", given.folder / "data", *words, SAMSYN_MEDIA_URL="http://127.0.0.1:9"))
        poll = open_poll(running)
        people = asyncio.run(joined(running, min(given.people, given.connections)))
        sessions = [people[n % len(people)] for n in range(given.connections)]
        wish = json.dumps({"id": "fan-#", "do": "polls.vote", "args": {"poll": poll, "answer": ["o~"]}})
        address = urlsplit(running.day)
        cookies = cookies_of(sessions, given.folder / "cookies")
        yield Server(address.port or 0, f"{address.path}/socket", [running.process.pid], wish, min(SPEAKERS, len(people)), cookies)


def open_poll(running: Samsyn) -> str:
    """A poll of three options whose result everybody sees while it is open."""
    with Person(running).by_link("moderator") as moderator:
        made = moderator.ask("polls.make", {"kind": "choice", "title": "Hur blir det?", "options": ["Bra", "Bättre", "Bäst"]})
        poll = str(made["data"]["poll"])
        moderator.ask("polls.open", {"poll": poll})
        moderator.ask("polls.extend", {"poll": poll, "seconds": OPEN_S})
        moderator.ask("polls.show", {"poll": poll, "to": "everyone"})
    return poll


def _others(text: str, given: Any) -> dict[str, Callable[[], AbstractContextManager[Server]]]:
    found: dict[str, Callable[[], AbstractContextManager[Server]]] = {
        "floor": lambda: _started(text, lambda port: [compiled("floor"), str(port)]),
        "loop": lambda: _started(text, lambda port: [sys.executable, "-m", "tests.load.sendloop", str(port)]),
    }
    if (nginx := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")) and (MODULES / "ngx_nchan_module.so").is_file():
        found["nchan"] = lambda: _started(text, lambda port: [nginx, "-c", str(_nchan(port, given))])
    else:
        print("left out: nginx with nchan (apt-get install nginx-light libnginx-mod-nchan)", file=sys.stderr)
    return found


def _nchan(port: int, given: Any) -> Path:
    here = given.folder / "nchan.conf"
    here.write_text(NCHAN.format(modules=MODULES, folder=given.folder, port=port, files=resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return Path(here)


@contextmanager
def _started(text: str, command: Callable[[int], list[str]]) -> Iterator[Server]:
    port = free_port()
    with on_core(SERVER_CORE):
        process = subprocess.Popen(command(port), cwd=ROOT)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "it ended by itself"
            time.sleep(0.05)
        yield Server(port, "/ws", [process.pid, *children(process.pid)], text)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # it would still give on what was said
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
