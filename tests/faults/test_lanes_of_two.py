"""With PostgreSQL, Redis, two server processes and one media process, a studio that sends by RTMP is listed the same by both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx2
import pytest

from streaming.media.rtmp import APP
from tests import servers
from tests.running import ROOT, Samsyn, samsyn
from tests.staff import Person
from tests.streaming.houses import TOKEN, media_process
from tests.streaming.media.senders import ffmpeg
from tests.streaming.media.test_rtmp import USUAL
from tests.streaming.test_playlists import parsed

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

STUDIO = "src-studio"
WAIT_S = 120.0
SEGMENTS = 4  # closed ones of the studio that both have listed


@dataclass(frozen=True)
class Installation:
    """Two `samsyn serve` on one database, one Redis and one media process; *made* is the demo that made the day, and has ended."""

    made: Samsyn
    doors: tuple[str, str]

    @property
    def person(self) -> Person:
        """Somebody who runs the day, by the first process."""
        return Person(self.made).by_link("moderator")

    def get(self, door: int, path: str) -> httpx2.Response:
        """As the people of one of both do: their address is the day's."""
        headers = {"Host": self.made.url.removeprefix("http://")}
        with httpx2.Client(trust_env=False, timeout=30, headers=headers) as http:
            return http.get(f"{self.doors[door]}/days/{self.made.told['day']}/{path}")

    def listed(self, door: int, name: str = "live.m3u8") -> dict[int, dict[str, object]]:
        """The closed segments of the country's lane, by number: what is said of each, but for the map, which the first one repeats."""
        head, segments = parsed(self.get(door, f"lanes/national/{name}").raise_for_status().content)
        said = ({tag: value for tag, value in segment.items() if tag != "#EXT-X-MAP"} for segment in segments)
        return dict(enumerate(said, int(head["#EXT-X-MEDIA-SEQUENCE"])))

    def both(self, name: str = "live.m3u8") -> tuple[dict[int, dict[str, object]], dict[int, dict[str, object]]]:
        """What both list of those segments that both list."""
        one, two = (self.listed(door, name) for door in (0, 1))
        common = one.keys() & two.keys()
        return {place: one[place] for place in common}, {place: two[place] for place in common}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder, rtmp = tmp_path_factory.mktemp("two"), servers.free_port()
    ports = servers.free_port(), servers.free_port()
    with ExitStack() as stack:
        media, _ = stack.enter_context(media_process(folder / "media", "--rtmp-ports", f"{rtmp}-{rtmp + 40}"))
        environment = {
            "SAMSYN_DATABASE_URL": stack.enter_context(servers.postgresql(folder)),
            "SAMSYN_REDIS_URL": stack.enter_context(servers.redis_server()),
            "SAMSYN_BASE_URL": f"http://127.0.0.1:{ports[0]}",
            "SAMSYN_MEDIA_URL": media,
            "SAMSYN_MEDIA_TOKEN": TOKEN,
        }
        subprocess.run([sys.executable, "-m", "web.cli", "migrate", "--json"], cwd=ROOT, env={**os.environ, **environment}, check=True)
        words = ["--participants", 0, "--speed", 0, "--operator", "off"]
        with samsyn("demo", folder / "data", *words, port=ports[0], **environment) as made:
            assert STUDIO in made.told["sources"]
        both = [stack.enter_context(samsyn("serve", folder / "data", port=port, **environment)) for port in ports]
        yield Installation(made, (f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"))
        assert [running.process.poll() for running in both] == [None, None]  # a machine that stands still loses its servers, and finds them


def until(is_so: Callable[[], bool]) -> None:
    """Wait; nobody tells us."""
    ends = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.3)


def of_studio(segments: dict[int, dict[str, object]]) -> int:
    return sum(f"/~{STUDIO}~" in str(segment["uri"]) for segment in segments.values())


def where_to_send(olga: Person) -> str:
    """The studio's address, once the media process listens for it."""
    ends = time.monotonic() + WAIT_S
    while "rtmp" not in (told := olga.ask("streaming.key", {"source": STUDIO})["data"]):
        assert time.monotonic() < ends, "nobody listens for the studio"
        time.sleep(0.3)
    return f"rtmp://127.0.0.1:{told['rtmp']['port']}/{APP}/{told['rtmp']['key']}"


def is_slate(segments: dict[int, dict[str, object]]) -> bool:
    """At their end."""
    return "/slate/" in str(segments[max(segments)]["uri"])


def test_both_list_the_same_of_a_studio_that_comes_goes_and_comes_back(place: Installation) -> None:
    with place.person as olga:
        address = where_to_send(olga)
        olga.ask("streaming.take", {"source": STUDIO})
        with ffmpeg(address, *USUAL):
            until(lambda: of_studio(place.both()[0]) >= SEGMENTS)
            one, two = place.both()
            newest = max(n for n, segment in one.items() if f"/~{STUDIO}~" in str(segment["uri"]))
            path = str(one[newest]["uri"]).removeprefix("../../")
            bodies = [place.get(door, path).raise_for_status().content for door in (0, 1)]
        assert one == two
        assert bodies[0] == bodies[1]

        before = place.both()[0]
        until(lambda: is_slate(place.both()[0]))  # the studio has gone
        with ffmpeg(address, *USUAL):
            until(lambda: of_studio({n: segment for n, segment in place.both()[0].items() if n > max(before)}) >= SEGMENTS)
        olga.ask("streaming.take", {"source": "slate"})
        until(lambda: is_slate(place.both()[0]))

    day = place.both("day.m3u8")
    assert day[0] == day[1]
    assert {n: day[0][n]["uri"] for n in before} == {n: segment["uri"] for n, segment in before.items()}
    for name in ("day-audio.m3u8", "day-sv.m3u8", "small.m3u8"):
        first, second = place.both(name)
        assert first == second
