from __future__ import annotations

import asyncio

import pytest

from tests.web.crowd.company import soon, there, until
from tests.web.crowd.peer import AT, CODE, Peer, serving
from web.crowd.client import Client, Staff
from web.crowd.door import Door, NotLetIn, Session, Who
from web.crowd.outbox import Gone


def texts(client: Client) -> list[str]:
    return [str(one["text"]) for one in client.state.every("chat").values()]


async def test_joining_tells_who_one_is_and_where_one_comes_from(peer: Peer, door: Door) -> None:
    client = Client(door, Who(name="Kim", region="r-norrvik", people=7, affiliation="kommun"))

    session = await client.join("482 913")

    told = {"code": "482 913", "name": "Kim", "region": "r-norrvik", "people": 7, "affiliation": "kommun"}
    assert peer.joins == [{**told, "origin": peer.base_url, "cookie": ""}]
    assert session == Session("d1", "person1", "peer=person1")


async def test_joining_again_is_the_same_person(peer: Peer, door: Door) -> None:
    client, other = Client(door), Client(door)
    await client.join(CODE)
    await other.join(CODE)

    session = await client.join(CODE)

    assert session.person == "person1"
    assert [join["cookie"] for join in peer.joins] == ["", "", "peer=person1"]  # and never another's


async def test_a_wrong_code_is_said(door: Door) -> None:
    with pytest.raises(NotLetIn) as said:
        await Client(door).join("000000")

    assert (said.value.status, said.value.code) == (404, "join.no_such_code")


async def test_a_busy_door_is_knocked_at_again(peer: Peer, door: Door) -> None:
    peer.joins_busy = 2

    assert (await Client(door).join(CODE)).day == "d1"


async def test_staff_come_in_through_a_link(peer: Peer, door: Door) -> None:
    staff = Staff(door)

    assert await staff.enter(f"{peer.base_url}/in/right") == Session("d1", "", "peer=moderator")
    with pytest.raises(NotLetIn):
        await staff.enter("/in/wrong")


async def test_the_welcome_holds_the_state_and_news_change_it(peer: Peer, door: Door) -> None:
    peer.state = {"chat": [{"message": "m0", "text": "God morgon"}]}
    async with there(door) as client:
        assert client.state.one("you")["person"] == "person1"

        await peer.say("Hej")
        await until(lambda: client.ledger.words)

        assert texts(client) == ["God morgon", "Hej"]
        assert peer.told == [{"cookie": "person1", "origin": peer.base_url}]


async def test_a_state_that_is_too_large_is_fetched_and_news_meanwhile_are_laid_over_it(peer: Peer, door: Door) -> None:
    peer.large, peer.state = True, {"chat": [{"message": "m0", "text": "God morgon"}], "day": {"state": "live"}}
    client = Client(door, waits=soon)
    await client.join(CODE)
    async with asyncio.TaskGroup() as life:
        life.create_task(client.run())
        await until(lambda: peer.sockets)
        await peer.say("Hej")
        await asyncio.wait_for(client.welcomed.wait(), 5)
        assert client.state.one("day") == {"state": "live"}
        await until(lambda: client.ledger.words)
        assert set(texts(client)) >= {"God morgon"}
        client.leave()


async def test_coming_back_goes_on_where_one_was(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        await peer.say("ett")
        await until(lambda: client.ledger.upto == 1)

        await peer.cut_all()
        peer.note("två")
        peer.note("tre")
        await until(lambda: client.ledger.upto == 3)

        assert peer.told[-1] == {"epoch": "e1", "since": "1", "cookie": "person1", "origin": peer.base_url}
        assert texts(client) == ["ett", "två", "tre"]
        counts, ledger = client.counts, client.ledger
        assert (counts.afresh, counts.recovered, ledger.words, ledger.gaps, ledger.doubles) == (1, 1, 3, 0, 0)


async def test_another_epoch_is_a_new_beginning(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        await peer.say("före")
        await until(lambda: client.ledger.upto == 1)

        peer.epoch, peer.log = "e2", []
        await peer.cut_all()
        await until(lambda: client.ledger.epoch == "e2")

        assert texts(client) == []
        assert (client.counts.afresh, client.ledger.gaps) == (2, 0)


async def test_a_wish_cut_off_after_it_was_done_is_asked_again_and_done_once(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        peer.cuts = 1

        answer = await asyncio.wait_for(client.ask("chat.say", {"text": "Hej"}), 5)

        assert (answer.ok, answer.seq, answer.sends) == (True, 1, 2)
        assert peer.granted == [("person1", "chat.say", {"text": "Hej"})]
        await until(lambda: texts(client) == ["Hej"])
        assert client.ledger.gaps == 0


async def test_a_wish_asked_while_the_server_is_away_is_done_when_it_is_back(door: Door, peer: Peer) -> None:
    async with serving(Peer()) as first, Door(first.base_url) as way:
        port = way.port
        client = Client(way, waits=soon)
        await client.join(CODE)
        running = asyncio.create_task(client.run())
        await asyncio.wait_for(client.welcomed.wait(), 5)
        kept = first
    await until(lambda: not client.welcomed.is_set())
    asked = asyncio.create_task(client.ask("chat.say", {"text": "Hej"}))
    await asyncio.sleep(0.05)

    async with serving(kept, port):
        assert (await asyncio.wait_for(asked, 5)).ok
        client.leave()
        await running

    assert len(kept.granted) == 1


async def test_later_means_later_and_the_same_wish(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        peer.busy = 2

        answer = await asyncio.wait_for(client.ask("chat.say", {"text": "Hej"}), 5)

        assert (answer.ok, answer.sends) == (True, 3)
        assert len(peer.answers) == 1


async def test_one_may_want_to_ask_once_only(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        peer.busy = 1

        answer = await client.ask("chat.say", {"text": "Hej"}, tries=1)

        assert (answer.ok, answer.code) == (False, "limit.reached")


async def test_no_more_than_eight_wishes_are_on_the_way(peer: Peer, door: Door) -> None:
    async with there(door) as client, asyncio.TaskGroup() as asking:
        for n in range(40):
            asking.create_task(client.ask("chat.say", {"text": str(n)}))

    assert [args["text"] for _, _, args in peer.granted] == [str(n) for n in range(40)]


async def test_a_server_that_goes_on_later_than_we_were_leaves_a_gap(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        for ws in list(peer.sockets):
            await ws.send_json({"welcome": {"epoch": "e1", "seq": 5, "recovered": True}})
        await until(lambda: client.counts.recovered)

        assert client.ledger.gaps == 1


async def test_own_words_that_were_acknowledged_and_never_come_are_a_gap(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        peer.answers["mine"] = {"re": "mine", "ok": True, "seq": 1}
        await client.ask("chat.say", {"text": "Hej"}, wish_id="mine")

        await peer.tell(upto=1)
        await until(lambda: client.ledger.upto == 1)

        assert client.ledger.gaps == 1


async def test_what_is_told_twice_is_counted_and_not_heard_again(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        heard: list[int | None] = []
        client.hears.append(lambda item: heard.append(item.seq))
        await peer.say("ett")
        await peer.tell(peer.log[0])
        await peer.say("två")
        await until(lambda: client.ledger.upto == 2)

        assert (heard, client.ledger.doubles) == ([1, 2], 1)


async def test_two_things_may_have_one_place(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        two = [{"seq": 1, "type": "chat.said", "at": AT, "data": {"message": name, "text": name}} for name in "ab"]
        await peer.tell(two[0], upto=0)
        await peer.tell(two[1], upto=1)
        await until(lambda: client.ledger.upto == 1)

        assert (texts(client), client.ledger.doubles) == (["a", "b"], 0)


@pytest.mark.parametrize("code", [4500, 4501, 4502])
async def test_who_is_sent_away_does_not_come_back(peer: Peer, door: Door, code: int) -> None:
    client = Client(door, waits=soon)
    await client.join(CODE)
    running = asyncio.create_task(client.run())
    await asyncio.wait_for(client.welcomed.wait(), 5)

    await peer.close_all(code)

    with pytest.raises(Gone):
        await asyncio.wait_for(running, 5)
    with pytest.raises(Gone):
        await client.ask("chat.say", {"text": "Hej"})
    assert len(peer.told) == 1


@pytest.mark.parametrize("code", [4000, 4001, 4002, 1011])
async def test_other_ends_are_come_back_from(peer: Peer, door: Door, code: int) -> None:
    async with there(door) as client:
        await peer.close_all(code)
        await until(lambda: client.counts.recovered)

        assert client.counts.ends == {code: 1}


@pytest.mark.parametrize(("code", "why"), [(1009, "wire.too_large"), (1007, "wire.unreadable"), (1003, "wire.unreadable")])
async def test_the_wish_that_broke_the_line_is_given_up(peer: Peer, door: Door, code: int, why: str) -> None:
    async with there(door) as client:
        peer.closes["chat.page"] = code

        refused = await asyncio.wait_for(client.ask("chat.page", {"before": "x" * 100}), 5)
        granted = await asyncio.wait_for(client.ask("chat.say", {"text": "Hej"}), 5)

        assert (refused.ok, refused.code, granted.ok) == (False, why, True)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_socket_that_is_refused_for_good_is_not_asked_for_again(peer: Peer, door: Door, status: int) -> None:
    peer.refuses = status
    client = Client(door, waits=soon)
    await client.join(CODE)

    with pytest.raises(Gone):
        await asyncio.wait_for(client.run(), 5)

    assert client.counts.ends == {status: 1}


async def test_a_socket_that_is_refused_for_now_is_asked_for_again(peer: Peer, door: Door) -> None:
    peer.refuses = 503
    client = Client(door, waits=soon)
    await client.join(CODE)
    running = asyncio.create_task(client.run())
    await until(lambda: client.counts.ends[503] >= 2)

    peer.refuses = 0
    await asyncio.wait_for(client.welcomed.wait(), 5)
    client.leave()
    await running


async def test_a_drain_says_within_which_time_to_come_back(peer: Peer, door: Door) -> None:
    client = Client(door, waits=lambda _tries: 60.0)
    await client.join(CODE)
    running = asyncio.create_task(client.run())
    await asyncio.wait_for(client.welcomed.wait(), 5)

    for ws in list(peer.sockets):
        await ws.send_json({"drain": {"within_ms": 50}})
    await peer.close_all(4001)

    await until(lambda: client.counts.recovered)
    client.leave()
    await running


async def test_leaving_ends_the_waiting_too(peer: Peer, door: Door) -> None:
    client = Client(door, waits=lambda _tries: 60.0)
    await client.join(CODE)
    running = asyncio.create_task(client.run())
    await asyncio.wait_for(client.welcomed.wait(), 5)
    await peer.cut_all()
    await until(lambda: client.counts.ends)

    client.leave()

    await asyncio.wait_for(running, 5)


async def test_a_line_that_is_torn_at_our_end_comes_back(peer: Peer, door: Door) -> None:
    async with there(door) as client:
        client.reset()
        await until(lambda: client.counts.recovered)

        assert client.counts.ends == {1006: 1}
