"""Votes that nobody should be able to give: VOTE-*, SEQ-07, and R8."""

from __future__ import annotations

import asyncio
import re
import resource
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests import servers
from tests.faults.conftest import a_poll, tally
from tests.faults.switch import switch
from tests.running import Samsyn
from tests.staff import Person
from web.crowd import Client, Door
from web.crowd.line import Line

pytestmark = pytest.mark.faults

ROUNDS = 30  # 40 in ten seconds is what a person may


def code_of(answer: dict[str, Any]) -> str:
    """Of a refused wish, or of a request that was none."""
    return str(answer.get("error", answer)["code"])


async def test_two_tabs_that_vote_at_the_same_instant_are_one_voter(day: Samsyn, olga: Person) -> None:
    """VOTE-01."""
    poll = a_poll(olga)
    async with Door(day.url) as door, asyncio.TaskGroup() as life:
        tabs = [Client(door), Client(door)]
        tabs[1].session = await tabs[0].join(str(day.told["join_code"]))
        for tab in tabs:
            life.create_task(tab.stay())
            await tab.welcomed.wait()
        receipts = set()
        for _ in range(ROUNDS // 2):
            answers = await asyncio.gather(
                *(tab.ask("polls.vote", {"poll": poll, "answer": [f"o{n}"]}) for n, tab in enumerate(tabs, start=1))
            )
            receipts |= {answer.data["receipt"] for answer in answers}
            assert [answer.ok for answer in answers] == [True, True]
        for tab in tabs:
            tab.leave()
    assert len(receipts) == 1
    counts = tally(olga, poll)
    assert sum(counts.values()) == 1
    assert counts["o1"] + counts["o2"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        ["o1", "o2"], [f"o{n}" for n in range(50)], ["o1"] * 2_000, ["o1", "o1"], ["o9"], ["ide"], [], None, "o1", 1, {"o1": 1}, [["o1"]],
        [None], -1, 11, 3.5, "5", ["\u0000"],
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_changes_nothing(olga: Person, kim: Person, answer: Any) -> None:
    """VOTE-02, VOTE-10."""
    poll = a_poll(olga)
    kept = kim.ask("polls.vote", {"poll": poll, "answer": ["o1"]})
    refused = kim.answer("polls.vote", {"poll": poll, "answer": answer})
    assert refused.get("ok") is not True
    assert code_of(refused).partition(".")[0] in {"answer", "wire", "text"}
    assert next(one for one in kim.state()["polls"] if one["poll"] == poll)["receipt"] == kept["data"]["receipt"]
    assert tally(olga, poll) == {"o1": 1, "o2": 0, "o3": 0}


@pytest.mark.parametrize("field", ["voter_id", "user", "person", "weight", "people", "at", "timestamp", "receipt", "region", "day"])
def test_nobody_votes_as_somebody_else(day: Samsyn, olga: Person, kim: Person, field: str) -> None:
    """VOTE-03."""
    poll = a_poll(olga)
    person = olga.state()["you"]["person"]
    inside = kim.answer("polls.vote", {"poll": poll, "answer": ["o1"], field: person})
    body = {"id": str(uuid4()), "do": "polls.vote", "args": {"poll": poll, "answer": ["o1"]}, field: person}
    beside = kim.http.post(f"{day.day}/wishes", json=body).json()
    assert (code_of(inside), code_of(beside)) == ("wire.wrong_args", "wire.unreadable")
    assert tally(olga, poll) == {"o1": 0, "o2": 0, "o3": 0}


def test_who_may_not_vote_is_told_the_same_whether_the_poll_is_there_or_not(olga: Person, kim: Person) -> None:
    """VOTE-04: a draft, one of another region, one that is not there; closed and archived ones are known to be over."""
    draft = str(olga.ask("polls.make", {"kind": "yesno", "title": "Utkast"})["data"]["poll"])
    elsewhere = next(poll["poll"] for poll in olga.state()["polls"] if poll["scope"] not in {"country", "region"})
    hidden = [kim.answer("polls.vote", {"poll": poll, "answer": ["yes"]})["error"] for poll in (draft, elsewhere, "nothing")]
    assert hidden == [hidden[0]] * 3

    over = a_poll(olga)
    olga.ask("polls.close", {"poll": over})
    assert kim.answer("polls.vote", {"poll": over, "answer": ["o1"]})["error"]["code"] == "poll.not_open"
    olga.ask("polls.archive", {"poll": over})
    assert kim.answer("polls.vote", {"poll": over, "answer": ["o1"]})["ok"] is False


async def test_a_vote_whose_answer_is_lost_five_times_is_counted_once(day: Samsyn, olga: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEQ-07: the way back is cut right after the vote is sent, five times; the client asks again each time."""
    poll, port = a_poll(olga), servers.free_port()
    async with switch(port, [urlsplit(day.url).port or 0]) as between, Door(day.url) as door, asyncio.TaskGroup() as life:
        client = Client(door, waits=lambda _tries: 0.05)
        await client.join(str(day.told["join_code"]))
        door.port = port  # the socket goes by the switch; Host and Origin stay those of the server
        life.create_task(client.stay())
        await client.welcomed.wait()
        sent = asyncio.Event()
        send = Line.send

        def send_into_silence(line: Line, payload: bytes) -> None:
            if b"polls.vote" in payload and len(tries) < 5:
                tries.append(payload)
                between.mute = True
                sent.set()
            send(line, payload)

        tries: list[bytes] = []
        monkeypatch.setattr(Line, "send", send_into_silence)
        voting = asyncio.create_task(client.ask("polls.vote", {"poll": poll, "answer": ["o2"]}))
        for _ in range(5):
            await sent.wait()
            sent.clear()
            await asyncio.sleep(0.2)
            between.mute = False
            between.cut()
        answer = await asyncio.wait_for(voting, 20)
        client.leave()
    assert (answer.ok, answer.sends, len(set(tries))) == (True, 6, 1)
    assert tally(olga, poll) == {"o1": 0, "o2": 1, "o3": 0}


def test_a_full_disk_never_lies_and_heals_by_itself(day: Samsyn, olga: Person, kim: Person) -> None:
    """FLT-07: not a byte can be written to any file."""
    poll, pid = a_poll(olga), day.process.pid
    kim.ask("polls.vote", {"poll": poll, "answer": ["o1"]})
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        body = {"id": "full", "do": "polls.vote", "args": {"poll": poll, "answer": ["o2"]}}
        address = f"{day.day}/wishes"
        refused = kim.http.post(address, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store.unavailable")
        assert refused.json()["error"]["retry_after_ms"] > 0
        assert next(one for one in kim.state()["polls"] if one["poll"] == poll)["mine"] == ["o1"]
        assert kim.http.get("/healthz").status_code == 200
        assert (kim.http.get("/readyz").status_code, kim.http.get("/readyz").json()["why"]) == (503, "writing")
        assert (olga.state()["house"]["unsaved"], "house" in kim.state()) == (True, False)  # who runs the day is told
        seen = re.findall(r'data-notice="(\w+)"[^>]*?( hidden)?>', olga.http.get(f"{day.day}/cockpit").text)
        assert dict(seen)["unsaved"] == ""  # it stands there; the other notice may, on a busy machine
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    assert kim.http.post(address, json=body).json()["ok"] is True
    assert kim.http.get("/readyz").status_code == 200
    for _ in range(100):  # the notice goes with the next look at the house
        if "unsaved" not in olga.state()["house"]:
            break
        time.sleep(0.1)
    assert "unsaved" not in olga.state()["house"]
    assert tally(olga, poll) == {"o1": 0, "o2": 1, "o3": 0}
