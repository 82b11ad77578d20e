from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.crowd.company import until
from tests.web.crowd.peer import CODE, Peer, serving
from tests.web.crowd.test_people import KIT
from web.crowd.deeds import Habits
from web.crowd.demo import play
from web.crowd.people import guests
from web.crowd.script import Script

EAGER = Habits(
    arrives_s=0.01,
    votes=1.0,
    vote_s=(0.0, 0.1),
    changes=0.2,
    change_s=(0.0, 0.1),
    recounts=1.0,
    recount_s=(0.0, 0.1),
    evaluates=1.0,
    stops=0.0,
    evaluate_s=(0.0, 0.1),
    lingers_s=5.0,
    leaves_s=(0.1, 0.2),
)
POLL = {"poll": "p-ringa-fore", "kind": "yesno", "round": 1, "options": [{"option": "yes"}, {"option": "no"}, {"option": "abstain"}]}


def minute(seconds: float) -> dict[str, str]:
    """When an item that begins now and lasts so long is on."""
    now = datetime.now(UTC)
    return {"starts_at": now.isoformat(), "ends_at": (now + timedelta(seconds=seconds)).isoformat()}


def done(peer: Peer, do: str) -> list[dict[str, Any]]:
    return [args for _, name, args in peer.granted if name == do]


@pytest.fixture
async def live(peer: Peer) -> Peer:
    """A day that is on, and nothing in it yet."""
    peer.state = {"day": {"state": "live"}, "now": {}, "polls": [], "surveys": [], "programme": [{"item": "i-valkommen", **minute(0.5)}]}
    return peer


async def end(peer: Peer) -> None:
    peer.state["day"] = {"state": "ended"}
    await peer.happen("day.ended", {"state": "ended"})


async def test_people_come_speak_vote_recount_evaluate_and_go_home(live: Peer) -> None:
    playing = asyncio.create_task(play(live.base_url, CODE, 12, 1, KIT, habits=EAGER))
    await until(lambda: len(live.sockets) == 12)

    await live.happen("rundown.item_started", {"item": "i-valkommen"})
    await live.happen("polls.opened", {**POLL, "voting": "open"})
    await live.happen("rundown.cue_given", {"ask_screens": {"text": "Hur många är ni?", "at": "2026-11-23T08:03:00Z"}})
    await until(lambda: len(live.votes) == 12 and len(done(live, "chat.say")) == 11)
    await live.happen("surveys.opened", {"survey": "ev-deltagare", "state": "open"})
    await until(lambda: sum("final" in args for args in done(live, "surveys.answer")) == 12)
    await end(live)
    summary = await asyncio.wait_for(playing, 10)

    script = Script.read(KIT)
    assert {args["text"] for args in done(live, "chat.say")} == {one.text for one in script.sayings if one.item == "i-valkommen"}
    assert set(live.votes.values()) <= {"yes", "no", "abstain"}
    assert {join["affiliation"] for join in live.joins} == {"region", "kommun"}
    assert all(2 <= args["people"] <= 14 for args in done(live, "people.set"))
    assert all(len(one["answers"]) >= 1 for one in done(live, "surveys.answer"))
    assert (summary["people"], summary["did"]["voted"], summary["did"]["said"], summary["did"]["evaluated"]) == (12, 12, 11, 12)
    assert (summary["refused"], summary["gaps"], summary["doubles"], summary["turned_away"]) == ({}, 0, 0, {})


async def test_a_lost_line_changes_nothing_about_it(live: Peer) -> None:
    playing = asyncio.create_task(play(live.base_url, CODE, 4, 1, KIT, habits=EAGER))
    await until(lambda: len(live.sockets) == 4)

    live.cuts = 2
    await live.happen("rundown.item_started", {"item": "i-valkommen"})
    await until(lambda: len(done(live, "chat.say")) == 11, 15)
    await end(live)
    summary = await asyncio.wait_for(playing, 15)

    assert max(Counter(args["text"] for args in done(live, "chat.say")).values()) == 1
    assert (summary["reconnects"], summary["gaps"], summary["doubles"]) == (2, 0, 0)


async def test_who_has_voted_already_does_not_vote_again(live: Peer) -> None:
    live.state["polls"] = [{**POLL, "voting": "open", "mine": "yes"}, {**POLL, "poll": "p-steg-fore", "voting": "closed"}]
    playing = asyncio.create_task(play(live.base_url, CODE, 2, 1, KIT, habits=EAGER))
    await until(lambda: len(live.sockets) == 2)
    await asyncio.sleep(0.3)
    await end(live)
    await asyncio.wait_for(playing, 10)

    assert live.votes == {}


async def test_what_should_have_been_said_before_one_came_is_not_said(live: Peer) -> None:
    began = datetime.now(UTC) - timedelta(seconds=60)
    live.state["now"] = {"item": "i-valkommen"}
    live.state["programme"] = [
        {"item": "i-valkommen", "starts_at": began.isoformat(), "ends_at": (began + timedelta(seconds=70)).isoformat()}
    ]
    playing = asyncio.create_task(play(live.base_url, CODE, 6, 1, KIT, habits=EAGER))
    await until(lambda: len(live.sockets) == 6)
    await asyncio.sleep(0.3)
    await end(live)
    summary = await asyncio.wait_for(playing, 10)

    assert summary["did"].get("said", 0) <= 2


async def test_the_moderator_says_what_staff_say(live: Peer) -> None:
    live.state["programme"] = [{"item": "i-fyramal", **minute(0.5)}]
    playing = asyncio.create_task(play(live.base_url, CODE, 0, 1, KIT, moderator=f"{live.base_url}/in/right", habits=EAGER))
    await until(lambda: len(live.sockets) == 1)
    await live.happen("rundown.item_started", {"item": "i-fyramal"})
    await until(lambda: done(live, "chat.say"))
    await end(live)
    await asyncio.wait_for(playing, 10)

    assert [person for person, do, *_ in live.granted if do == "chat.say"] == ["moderator"]


async def test_guests_ask_what_the_kit_has_them_ask_and_back_what_others_asked(live: Peer) -> None:
    live.state["programme"] = [{"item": "i-fyramal", **minute(0.5)}]
    live.state["queues"] = [{"queue": "national", "open": True, "hold": True}]
    live.state["questions"] = []
    playing = asyncio.create_task(play(live.base_url, CODE, 9, 1, KIT, habits=replace(EAGER, backs=1.0, back_s=(0.0, 0.1))))
    await until(lambda: len(live.sockets) == 9)
    await live.happen("rundown.item_started", {"item": "i-fyramal"})
    await until(lambda: len(done(live, "questions.ask")) == 4)
    await live.happen("questions.let_through", {"question": "q1", "state": "open", "text": "Varför?", "backs": 0, "lane": "national"})
    await until(lambda: len(done(live, "questions.back")) == 9)
    await end(live)
    await asyncio.wait_for(playing, 10)

    asked = [one for one in Script.read(KIT).asked if one.item == "i-fyramal"]
    assert {args["text"] for args in done(live, "questions.ask")} == {one.text for one in asked}


async def test_a_simulated_moderator_sees_to_the_questions_until_somebody_else_does(live: Peer) -> None:
    script = Script.read(KIT)
    good, bad = (next(one for one in script.asked if bool(one.moderate) is wrong and not one.same_as) for wrong in (False, True))
    about = {"lane": "national", "state": "held", "backs": 0}
    live.state["questions"] = [{**about, "question": "q1", "text": good.text}, {**about, "question": "q2", "text": bad.text}]
    link, habits = f"{live.base_url}/in/right", replace(EAGER, moderates=True)
    playing = asyncio.create_task(play(live.base_url, CODE, 0, 1, KIT, moderator=link, habits=habits))
    await until(lambda: len([one for one in live.granted if one[1].startswith("questions.")]) == 2, 20)
    first = [(do, args["question"], args["seen"]) for _person, do, args in live.granted]
    await live.happen("questions.let_through", {"question": "q1", "state": "open"})
    await live.happen("questions.put_aside", {"question": "q2", "state": "aside"})
    await until(lambda: done(live, "questions.take_up"), 20)
    await live.happen("questions.let_through", {**about, "question": "q3", "text": "Från en riktig moderator?", "state": "open"})
    await asyncio.sleep(3)
    count = len(live.granted)
    await live.happen("questions.asked", {**about, "question": "q4", "text": "Och den här?"})
    await asyncio.sleep(3)
    assert len(live.granted) == count
    await end(live)
    await asyncio.wait_for(playing, 15)

    assert first == [("questions.let_through", "q1", "held"), ("questions.put_aside", "q2", "held")]


async def test_a_second_crowd_are_the_same_people(live: Peer, tmp_path: Path) -> None:
    sessions = tmp_path / "crowd.jsonl"
    for _time in range(2):
        live.state["day"] = {"state": "live"}
        playing = asyncio.create_task(play(live.base_url, CODE, 3, 1, KIT, sessions=sessions, habits=EAGER))
        await until(lambda: len(live.sockets) == 3)
        await end(live)
        await asyncio.wait_for(playing, 10)

    assert len(live.joins) == 3
    assert stat.S_IMODE(sessions.stat().st_mode) == 0o600


async def test_a_session_that_opens_nothing_any_more_is_replaced(live: Peer, tmp_path: Path) -> None:
    sessions = tmp_path / "crowd.jsonl"
    lost = {"code": CODE, "number": 0, "session": {"day": "d1", "person": "gone", "cookie": "other=1"}}
    sessions.write_text(json.dumps(lost) + "\nno JSON at all\n")
    playing = asyncio.create_task(play(live.base_url, CODE, 1, 1, KIT, sessions=sessions, habits=EAGER))
    await until(lambda: len(live.sockets) == 1)
    await end(live)
    summary = await asyncio.wait_for(playing, 10)

    assert (len(live.joins), summary["people"], summary["turned_away"]) == (1, 1, {})


async def test_a_wrong_code_is_told_in_the_summary(live: Peer) -> None:
    assert (await play(live.base_url, "000000", 2, 1, KIT))["turned_away"] == {"join.no_such_code": 2}


async def test_a_demo_is_bounded() -> None:
    with pytest.raises(ValueError, match="0 to 2000"):
        await play("http://127.0.0.1:1", CODE, 2_001, 1, KIT)


async def test_people_who_come_before_the_server_wait_for_it() -> None:
    late = Peer(state={"day": {"state": "ended"}})
    async with serving(late) as there:
        port = int(there.base_url.rpartition(":")[2])
    playing = asyncio.create_task(play(f"http://127.0.0.1:{port}", CODE, 1, 1, KIT, habits=EAGER))
    await asyncio.sleep(0.2)
    async with serving(late, port):
        summary = await asyncio.wait_for(playing, 10)

    assert summary["people"] == 1


async def test_the_crowd_runs_in_a_process_of_its_own_and_stops_when_told(live: Peer) -> None:
    command = ["-m", "web.crowd", "play", "--url", live.base_url, "--code", CODE, "--kit", str(KIT), "--participants", "3"]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE, env={**os.environ})
    await until(lambda: len(live.sockets) == 3, 15)

    process.terminate()
    out, _ = await asyncio.wait_for(process.communicate(), 10)

    assert (json.loads(out), process.returncode) == ({"stopped": True}, 0)


def test_group_lines_stay_with_groups_of_their_size() -> None:
    seven = next(guest for guest in guests(Script.read(KIT), 40, seed=1) if guest.kind == "Hemtjänstgrupp" and guest.lines)

    assert (seven.people, {saying.people for saying in seven.lines}) == (7, {7, 8})
