"""Files that are given to a day, and the media process that looks at them: UP-01, UP-02, R14."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import a_poll, tally
from tests.running import ROOT, Samsyn
from tests.staff import Person

pytestmark = pytest.mark.faults

LOOKED_AT_S = 60.0
BACK_S = 30.0
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
CONTENTS = {
    "svg": SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<script>alert(1)</script>",
    "gif and script": b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//",
    "empty": b"",
    "playlist": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
}
NAMES = [
    "../../etc/x.mp4",
    "C:\\x.mp4",
    "a\0b.mp4",
    "x" * 5_000 + ".mp4",
    "CON.pdf",
    "/etc/passwd",
    "..",
    ".",
    "a%0d%0aSet-Cookie: x=1.mp4",
    "<img src=x>.mp4",
]


@pytest.fixture(scope="module")
def anna(day: Samsyn) -> Iterator[Person]:
    """An organizer."""
    with Person(day).by_link("organizer") as person:
        yield person


def give(day: Samsyn, person: Person, name: bytes, content: bytes) -> tuple[int, dict[str, str]]:
    """A form with a file, written by hand: clients tidy names."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\nContent-Type: text/html\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = person.http.post(f"{day.day}/library/films", content=head + content + b"\r\n--b--\r\n", headers=kind)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("kind", CONTENTS)
def test_what_is_no_film_is_refused_by_its_content_and_served_to_nobody(day: Samsyn, anna: Person, kind: str) -> None:
    """UP-01."""
    status, told = give(day, anna, b"film.mp4", CONTENTS[kind])
    assert status == 202
    deadline = time.monotonic() + LOOKED_AT_S
    while (state := anna.http.get(told["status"]).json())["state"] != "refused":
        assert state["state"] != "ready"
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert state["code"].startswith("film.")
    assert f"{told['film']}." not in anna.http.get(f"{day.day}/library").text
    for place in (f"library/{told['film']}", f"library/{told['film']}.mp4", f"media/{told['film']}/init.mp4"):
        assert anna.http.get(f"{day.day}/{place}").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_file_lies_under_a_name_of_ours(day: Samsyn, anna: Person, name: str) -> None:
    """UP-02."""
    data = Path(day.arguments[day.arguments.index("--data-dir") + 1])
    before = set(data.parent.rglob("*"))
    status, told = give(day, anna, name.encode(), b"no film")
    assert status in {202, 400, 422}
    if status == 202:
        state = anna.http.get(told["status"]).json()
        assert len(state["title"]) <= 100
        assert "\0" not in state["title"]
    made = {path for path in set(data.parent.rglob("*")) - before if path.is_file() and path.parent.name == "films"}
    assert all(path.parent == data / "films" and path.name.replace("_", "").replace("-", "").isalnum() for path in made)
    assert not (data.parent / "etc").exists()


def test_only_an_organizer_gives_films(day: Samsyn, kim: Person, olga: Person) -> None:
    assert {give(day, person, b"film.mp4", b"x")[0] for person in (kim, olga)} == {403}


async def test_the_media_process_dies_and_polls_and_chat_do_not_notice(day: Samsyn, olga: Person, kim: Person) -> None:
    """R14: and the lane is there all the time, and its pictures are back by themselves."""
    poll, (media,) = a_poll(olga), children(day)
    os.kill(media, signal.SIGKILL)
    kim.ask("polls.vote", {"poll": poll, "answer": ["o1"]})
    said = kim.ask("chat.say", {"text": "Är bilden borta?"})["data"]["message"]
    assert [one["text"] for one in olga.state()["chat"] if one["message"] == said] == ["Är bilden borta?"]
    assert kim.http.get(f"{day.day}/lanes/national/live.m3u8").status_code == 200
    async with asyncio.timeout(BACK_S):
        while (now := children(day)) in ([], [media]) or pictures(day, kim) != 200:  # nobody tells us
            await asyncio.sleep(0.1)
    assert len(now) == 1
    assert tally(olga, poll) == {"o1": 1, "o2": 0, "o3": 0}


def test_a_worker_whose_media_process_died_goes_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(SVG)
    command = [sys.executable, "-m", "streaming.media.worker", str(tmp_path / "film"), str(tmp_path), "asset"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stderr
        worker.stdout.close()
        assert (worker.wait(30), worker.stderr.read()) == (1, b"")


def children(day: Samsyn) -> list[int]:
    """The media process; nobody else is started here."""
    pid = day.process.pid
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pictures(day: Samsyn, person: Person) -> int:
    """The status of the newest picture that the national lane lists."""
    address = f"{day.day}/lanes/national/live.m3u8"
    newest = [line for line in person.http.get(address).text.splitlines() if line and not line.startswith("#")][-1:]
    return person.http.get(str(person.http.build_request("GET", address).url.join(newest[0]))).status_code if newest else 404
