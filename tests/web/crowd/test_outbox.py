from __future__ import annotations

import asyncio

import msgspec
import pytest

from web.crowd.frames import Error, Frame
from web.crowd.outbox import HELD_MOST, IN_FLIGHT_MOST, Answer, Gone, Outbox, Wish


def granted(wish: Wish) -> Frame:
    return Frame(re=wish.id, ok=True, seq=7, data={"receipt": "r"})


def refused(wish: Wish, code: str) -> Frame:
    return Frame(re=wish.id, ok=False, error=Error(code, "Nej."))


async def test_a_wish_is_sent_once_on_a_line_and_again_on_the_next() -> None:
    outbox = Outbox()
    wish = outbox.put("polls.vote", {"poll": "p1"}, tries=1)

    assert list(outbox.due(1)) == [wish]
    assert list(outbox.due(1)) == []
    assert list(outbox.due(2)) == [wish]
    assert msgspec.json.decode(wish.body) == {"id": wish.id, "do": "polls.vote", "args": {"poll": "p1"}}


async def test_no_two_wishes_have_one_id() -> None:
    outbox = Outbox()

    assert len({outbox.put("chat.say", {}, tries=1).id for _ in range(50)}) == 50


async def test_an_answer_settles_its_wish_and_an_answer_to_nothing_does_nothing() -> None:
    outbox = Outbox()
    wish = outbox.put("polls.vote", {}, tries=1)
    assert list(outbox.due(1)) == [wish]

    assert outbox.answered(Frame(re="other", ok=True), 0) is None
    assert outbox.answered(Frame(re=None, ok=False), 0) is None
    assert outbox.answered(granted(wish), wish.asked_s + 0.5) is wish

    answer = await wish.answer
    assert answer == Answer(ok=True, seq=7, data={"receipt": "r"}, took_s=answer.took_s, sends=1, line_s=answer.line_s)
    assert 0 <= answer.line_s <= answer.took_s
    assert 0.49 < answer.took_s < 0.51
    assert (len(outbox), outbox.answered(granted(wish), 0)) == (0, None)


@pytest.mark.parametrize("code", ["limit.reached", "store.unavailable"])
async def test_later_makes_a_wish_rest_until_it_is_woken(code: str) -> None:
    outbox = Outbox()
    wish = outbox.put("polls.vote", {}, tries=2)
    assert list(outbox.due(1)) == [wish]

    assert outbox.answered(refused(wish, code), 0) is wish
    assert wish.rests
    assert list(outbox.due(1)) == list(outbox.due(2)) == []
    outbox.wake(wish.id)
    assert list(outbox.due(2)) == [wish]
    outbox.answered(refused(wish, code), 0)

    answer = await wish.answer
    assert (answer.ok, answer.code, answer.sends) == (False, code, 2)


async def test_other_refusals_are_final() -> None:
    outbox = Outbox()
    wish = outbox.put("polls.vote", {}, tries=9)

    outbox.answered(refused(wish, "poll.not_open"), 0)

    assert (await wish.answer).code == "poll.not_open"


async def test_only_so_many_are_on_the_way_and_only_so_many_wait() -> None:
    outbox = Outbox()
    wishes = [outbox.put("chat.say", {"n": n}, tries=1) for n in range(HELD_MOST)]

    assert list(outbox.due(1)) == wishes[:IN_FLIGHT_MOST]
    outbox.answered(granted(wishes[3]), 0)
    assert list(outbox.due(1)) == [wishes[IN_FLIGHT_MOST]]
    outbox.put("chat.say", {}, tries=1)
    with pytest.raises(ValueError, match="wait"):
        outbox.put("chat.say", {}, tries=1)


async def test_what_is_too_large_for_the_wire_is_not_taken() -> None:
    with pytest.raises(ValueError, match="bytes"):
        Outbox().put("chat.say", {"text": "x" * 9_000}, tries=1)


async def test_the_largest_was_too_large_and_the_last_was_wrong() -> None:
    outbox = Outbox()
    small, large, last = (outbox.put("chat.say", {"text": "x" * size}, tries=1) for size in (1, 100, 2))
    assert len(list(outbox.due(1))) == 3

    outbox.drop_cause(4000, 1)
    outbox.drop_cause(1009, 2)
    assert len(outbox) == 3
    outbox.drop_cause(1009, 1)
    outbox.drop_cause(1007, 1)

    assert [(await wish.answer).code for wish in (large, last)] == ["wire.too_large", "wire.unreadable"]
    assert list(outbox.due(2)) == [small]


async def test_giving_up_tells_everybody_who_waits() -> None:
    outbox = Outbox()
    waiting, left = outbox.put("chat.say", {}, tries=1), outbox.put("chat.say", {}, tries=1)
    left.answer.cancel()

    outbox.give_up("4501 removed")

    with pytest.raises(Gone, match="4501"):
        await waiting.answer
    assert len(outbox) == 0
    await asyncio.sleep(0)
