"""Varnish in front of the lanes: many players, few questions to the origin, and nothing stale."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests import servers
from tests.running import Samsyn, samsyn

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

PLAYERS = 50
SECONDS = 8.0
ORIGIN_MOST_PER_S = 20


@dataclass(frozen=True)
class Edge:
    """An origin and the edge in front of it, which is the address that people use."""

    day: Samsyn
    origin: str
    work: Path

    @property
    def lane(self) -> str:
        return f"{self.day.day}/lanes/national"

    def asked(self) -> int:
        """How often the origin was asked."""
        counted = subprocess.run(
            ["varnishstat", "-n", self.work, "-1", "-j", "-f", "MAIN.backend_req"], check=True, capture_output=True
        ).stdout
        return int(json.loads(counted)["counters"]["MAIN.backend_req"]["value"])


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    folder, port, origin = tmp_path_factory.mktemp("edge"), servers.free_port(), servers.free_port()
    words = ["--participants", 0, "--speed", 0, "--operator", "off"]
    with (
        servers.varnish(folder, port, origin) as work,
        samsyn("demo", folder / "data", *words, port=origin, SAMSYN_BASE_URL=f"http://127.0.0.1:{port}") as day,
    ):
        yield Edge(day, f"http://127.0.0.1:{origin}", work)


@dataclass
class Player:
    """Waits for each part and fetches it, as hls.js does."""

    lane: str
    bodies: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    async def play(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
            body = await self._get(http, f"{self.lane}/live.m3u8")
            while time.monotonic() < ends:
                segment, part = following(body)
                body = await self._get(http, f"{self.lane}/live.m3u8?_HLS_msn={segment}&_HLS_part={part}")
                newest = re.findall(r'#EXT-X-PART:.*URI="([^"]+)"', body)[-1]
                answer = await http.get(httpx2.URL(f"{self.lane}/live.m3u8").join(newest))
                self.bodies[str(answer.url)] = (
                    hash(answer.content) if answer.status_code == 200 else -answer.status_code
                )  # a hash is never that small

    async def _get(self, http: httpx2.AsyncClient, url: str) -> str:
        answer = await http.get(url)
        if answer.status_code != 200:
            self.faults.append(f"{answer.status_code} {url}")
        return answer.text


def following(playlist: str) -> tuple[int, int]:
    """The next part after those in a list: the segment's number and the part's."""
    sequence = int(playlist.partition("#EXT-X-MEDIA-SEQUENCE:")[2].partition("\n")[0])
    segments = len(re.findall(r"^#EXTINF", playlist, re.MULTILINE))
    after = playlist.rpartition("#EXTINF")[2] if segments else playlist
    return sequence + segments, len(re.findall(r"^#EXT-X-PART:", after, re.MULTILINE))


async def test_fifty_players_ask_the_origin_as_one(edge: Edge) -> None:
    await Player(edge.lane).play(1)
    players = [Player(edge.lane) for _ in range(PLAYERS)]
    before, began = edge.asked(), time.monotonic()
    await asyncio.gather(*(player.play(SECONDS) for player in players))
    asked = edge.asked() - before
    per_s = asked / (time.monotonic() - began)

    assert [player.faults for player in players if player.faults] == []
    got = [(url, body) for player in players for url, body in player.bodies.items()]
    assert len(set(got)) == len({url for url, _ in got})  # the same body for everybody
    assert [url for url, body in got if body < 0 and -body in range(400, 600)] == []
    assert min(len(player.bodies) for player in players) >= 4  # the machine that plays all of them may be slow; the edge is not meant here
    assert 2 * len(got) > 10 * asked  # a list and a part each time
    assert per_s <= ORIGIN_MOST_PER_S
    newest = list(players[0].bodies)[-1]
    async with httpx2.AsyncClient(trust_env=False) as http:
        straight = await http.get(newest.replace(edge.day.url, edge.origin), headers={"Host": edge.day.url.removeprefix("http://")})
    assert hash(straight.content) == players[0].bodies[newest]


def test_nothing_but_lanes_goes_that_way(edge: Edge) -> None:
    with httpx2.Client(trust_env=False) as http:
        told = [http.get(url).status_code for url in (edge.day.url, edge.day.day, f"{edge.day.day}/state", f"{edge.day.url}/metrics")]
        told.append(http.post(f"{edge.lane}/live.m3u8").status_code)
        lane = http.get(f"{edge.lane}/index.m3u8", headers={"Cookie": "samsyn_session=x"})

    assert told == [404, 404, 404, 404, 405]
    assert (lane.status_code, "set-cookie" in lane.headers) == (200, False)


def test_an_error_is_not_kept(edge: Edge) -> None:
    with httpx2.Client(trust_env=False, timeout=20) as http:
        segment, _ = following(http.get(f"{edge.lane}/live.m3u8").text)
        later = f"{edge.lane}/live.m3u8?_HLS_msn={segment + 3}"
        assert http.get(later).status_code == 400
        http.get(f"{edge.lane}/live.m3u8?_HLS_msn={segment + 2}")
        assert http.get(later).status_code == 200


@pytest.mark.parametrize(("name", "kinds"), [("index", {"h264", "aac", "webvtt"}), ("sound", {"aac", "webvtt"})])
def test_any_player_plays_it(edge: Edge, name: str, kinds: set[str]) -> None:
    """What VLC, ffplay and set-top boxes do: the address alone."""
    program, probe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    if not program or not probe:
        servers.lacking("ffmpeg")
    url = f"{edge.lane}/{name}.m3u8"
    seen = subprocess.run(
        [probe, "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", url],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert {word.strip(",") for word in seen.stdout.split()} - {"webvtt"} == kinds - {"webvtt"}
    played = subprocess.run(
        [program, "-v", "error", "-t", "3", "-i", url, "-f", "null", "-"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (played.returncode, played.stderr) == (0, "")


def test_ffplay_plays_it(edge: Edge) -> None:
    program = shutil.which("ffplay")
    if not program:
        servers.lacking("ffplay, which comes with ffmpeg,")
    quiet = {**os.environ, "SDL_AUDIODRIVER": "dummy", "SDL_VIDEODRIVER": "dummy"}
    command = [program, "-v", "error", "-autoexit", "-t", "3", f"{edge.lane}/index.m3u8"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=quiet) as playing:
        time.sleep(8)  # it plays for as long as the day lasts
        goes_on = playing.poll() in (None, 0)
        playing.terminate()
        said = playing.stderr.read() if playing.stderr else ""
    assert (goes_on, said) == (True, "")


def test_what_is_away_is_not_shown_from_yesterday(edge: Edge) -> None:
    """The last one: the origin is killed."""
    with httpx2.Client(trust_env=False, timeout=20) as http:
        assert http.get(f"{edge.lane}/live.m3u8").status_code == 200
        edge.day.kill()
        time.sleep(0.5)
        answer = http.get(f"{edge.lane}/live.m3u8")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
