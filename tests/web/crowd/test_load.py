from __future__ import annotations

import asyncio
import json
import resource
import sys
from asyncio.subprocess import PIPE
from typing import Any

import pytest

from tests.web.crowd.peer import CODE, Peer
from web.crowd.load import Plan, allow_files, is_loopback, load
from web.crowd.outbox import Answer
from web.crowd.trial import count_votes


async def test_people_come_vote_lose_their_lines_and_come_back(peer: Peer) -> None:
    peer.state = {"regions": [{"region": "r-a", "name": "A"}, {"region": "r-b", "name": "B"}]}
    plan = Plan(url=f"{peer.base_url}/j/{CODE}", people=30, rate=300, open_poll=f"{peer.base_url}/in/right", within_s=0.3, storm_s=0.2)

    report = await load(plan)

    assert report["ok"], report
    assert (report["people"], report["connected"], report["failed"]) == (30, 30, {})
    poll: dict[str, Any] = report["poll"]
    assert (poll["asked"], poll["prompted"], poll["acknowledged"], poll["receipts"], poll["tally"]) == (30, 30, 30, 30, 30)
    assert (poll["lost"], poll["double"], poll["errors"], poll["refused"]) == (0, 0, {}, None)
    storm = report["storm"]
    assert (storm["torn"], storm["back"], storm["recovered"], storm["afresh"]) == (30, 30, 30, 0)
    assert report["news"] == {"words": 60, "lost": 0, "doubled": 0, "gaps": 0}  # opened and closed, each heard by 30
    assert {join.get("region") for join in peer.joins[1:]} == {"r-a", "r-b"}
    assert report["join_ms"]["n"] == report["welcome_ms"]["n"] == poll["prompt_ms"]["n"] == poll["receipt_ms"]["n"] == 30
    assert set(report["here"]) == {"cpu_s", "rss_mb", "lag_ms"}


async def test_a_vote_that_is_not_counted_is_found(peer: Peer) -> None:
    peer.loses = 1

    report = await load(Plan(url=peer.base_url, code=CODE, people=5, open_poll="/in/right", within_s=0.1))

    assert (report["ok"], report["poll"]["lost"]) == (False, 1)


async def test_one_receipt_for_two_votes_is_found(peer: Peer) -> None:
    peer.one_receipt = True

    report = await load(Plan(url=peer.base_url, code=CODE, people=5, open_poll="/in/right", within_s=0.1))

    assert (report["ok"], report["poll"]["receipts"], report["poll"]["double"]) == (False, 1, 8)


async def test_without_staff_the_next_poll_is_waited_for_and_not_counted(peer: Peer) -> None:
    report = await load(Plan(url=peer.base_url, code=CODE, people=2, vote=True, wait_s=0.2))

    assert (report["ok"], report["poll"]["prompted"], report["poll"]["tally"]) == (False, 0, None)


async def test_who_does_not_get_in_is_counted(peer: Peer) -> None:
    peer.refuses = 403

    report = await load(Plan(url=peer.base_url, code=CODE, people=2))

    assert (report["ok"], report["connected"]) == (False, 0)


def test_votes_are_compared_with_the_count() -> None:
    granted = [Answer(ok=True, data={"receipt": name}, took_s=0.1, sends=1) for name in "abc"]

    assert count_votes(granted, 3)["ok"]
    assert count_votes(granted, 4)["double"] == 1
    refused = count_votes([*granted, Answer(ok=False, code="limit.reached"), None], 3)
    assert (refused["ok"], refused["errors"]) == (False, {"limit.reached": 1, "gone": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": 0},
        {"people": 20_001},
        {"rate": 0},
        {"rate": 5_000.0},
        {"within_s": 601},
        {"storm_s": -1},
        {"code": ""},
        {"url": "http://example.org"},
        {"url": "https://192.0.2.1:8000"},
    ],
)
async def test_a_plan_that_would_hurt_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each has its own words
        await load(Plan(**{"url": "http://127.0.0.1:1", "code": CODE, **wrong}))


def test_another_computer_needs_a_yes() -> None:
    Plan(url="http://example.org", code=CODE, yes=True).check()


@pytest.mark.parametrize(
    ("url", "ours"), [("http://127.0.0.1:80", True), ("http://localhost", True), ("http://[::1]:8000", True), ("http://10.0.0.1", False)]
)
def test_our_own_computer_is_known(url: str, ours: bool) -> None:
    assert is_loopback(url) is ours


def test_more_open_files_than_are_allowed_are_refused_beforehand() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        with pytest.raises(ValueError, match="open files"):
            allow_files(hard + 1)
    allow_files(10)


async def test_the_command_prints_one_line_and_says_by_its_exit_how_it_went(peer: Peer) -> None:
    async def run(*args: str) -> tuple[int | None, bytes, bytes]:
        command = ["-m", "web.crowd", "load", *args]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE, stderr=PIPE)
        out, err = await asyncio.wait_for(process.communicate(), 20)
        return process.returncode, out, err

    code, out, err = await run(f"{peer.base_url}/j/{CODE}", "--people", "2", "--open-poll", "/in/right", "--within", "0.1")
    assert (code, json.loads(out)["ok"], out.count(b"\n"), err) == (0, True, 1, b"")

    code, out, err = await run(f"{peer.base_url}/j/000000")
    assert (code, out, err) == (1, b"", b"samsyn: 404 join.no_such_code\n")

    code, out, err = await run("http://192.0.2.1/j/123456")
    assert (code, out, err.count(b"\n")) == (2, b"", 1)
