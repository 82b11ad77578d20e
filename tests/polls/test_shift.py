"""A poll that is asked again: how the shares moved is told with its result, to whoever sees that, and by every way the same."""

from __future__ import annotations

from typing import Any

from conference.core.faces import Viewer, shown_to
from polls import views
from polls.kinds import Question
from tests.polls.houses import JA_NEJ, STAFF, House, someone
from tests.polls.kinds.asked import RANKING

KIM = Viewer("kim", frozenset())


async def two_rounds(house: House, question: Question, first: list[Any], second: list[Any]) -> str:
    poll = await house.an_open_poll(question)
    for n, answers in enumerate((first, second)):
        if n:
            await house.polls.again(STAFF, poll)
        for number, answer in enumerate(answers):
            await house.polls.vote(someone(f"p{number}"), poll, answer)
        await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "everyone")
    return poll


async def test_the_second_round_tells_how_shares_moved_and_what_the_figures_carry(house: House) -> None:
    await two_rounds(house, JA_NEJ, [["ja"]] * 4 + [["nej"]] * 16, [["ja"]] * 19 + [["nej"]])

    [poll] = await house.state(KIM)
    moved = {"ja": {"before": 20, "after": 95, "sure": True}, "nej": {"before": 80, "after": 5, "sure": True}}
    assert poll["tally"]["shift"] == {"round": 1, "n": 20, "cells": moved}
    told = [data["tally"] for event in await house.events() for data in shown_to(KIM, views.FACES[type(event)](event)) if data.get("tally")]
    assert told[-1] == poll["tally"]


async def test_a_small_difference_of_few_is_not_said_to_be_sure(house: House) -> None:
    await two_rounds(house, JA_NEJ, [["ja"]] * 3 + [["nej"]] * 4, [["ja"]] * 5 + [["nej"]] * 2)

    [poll] = await house.state(KIM)
    assert {moved["sure"] for moved in poll["tally"]["shift"]["cells"].values()} == {False}


async def test_while_the_second_round_is_open_nothing_moves(house: House) -> None:
    poll = await two_rounds(house, JA_NEJ, [["ja"]] * 6, [["ja"]] * 6)
    await house.polls.again(STAFF, poll)
    for number in range(6):
        await house.polls.vote(someone(f"p{number}"), poll, ["nej"])

    [shown] = await house.state(Viewer("olga", frozenset({"moderator"})))
    assert (shown["tally"]["n"], "shift" in shown["tally"]) == (5, False)


async def test_without_answers_before_or_in_a_kind_without_shares_there_is_no_shift(house: House) -> None:
    await two_rounds(house, JA_NEJ, [], [["ja"]] * 6)
    await two_rounds(house, RANKING, [["a", "b"]] * 6, [["b", "a"]] * 6)

    assert ["shift" in poll["tally"] for poll in await house.state(KIM)] == [False, False]
