"""Whoever has taken on an action says how it goes, by a link alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.transaction import Transaction
from conference.followup import BenefitDraft, rules, views
from conference.followup.tables import Action
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.people.houses import DAY

OWNER = Actor(DAY, "owner")


async def code_of(asked: Any) -> str:
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


async def told(loop: Loop, token: str, stage: str = "need", text: str = "", values: Any = ()) -> None:
    await loop.owners.tell(OWNER, rules.token_hash(token), stage, text, values)


async def test_an_owner_tells_and_is_reminded_of_no_more(loop: Loop) -> None:
    today = loop.clock.now().date()
    action = await loop.action(owner="Enheten", due=today)
    benefit = str(((await loop.followup.write_benefit(ANNA, action, BenefitDraft("Tid", baseline=14.0))).data or {})["benefit"])
    before = (await loop.seen()).shown(today)["late"]

    await told(loop, await loop.link(action), "trial", "Vi provar", [(benefit, 9.0, today)])

    shown = (await loop.seen()).shown(today)
    [one] = shown["actions"]
    assert (before, shown["late"]) == ([action], [])
    assert (one["stage"], one["told_at"], one["benefits"][0]["value"], one["benefits"][0]["measured_on"]) == (
        "trial", loop.clock.now(), 9.0, today,
    )  # fmt: skip
    assert [(word["text"], word["by_owner"], word["was"], word["stage"]) for word in one["told"]] == [("Vi provar", True, "need", "trial")]
    assert (await loop.told())[-3:] == ["followup.moved", "followup.told", "followup.written"]


async def test_a_figure_alone_is_an_answer_and_nothing_at_all_is_none(loop: Loop) -> None:
    action = await loop.action()
    benefit = str(((await loop.followup.write_benefit(ANNA, action, BenefitDraft("Tid"))).data or {})["benefit"])
    token = await loop.link(action)
    await told(loop, token, values=[(benefit, 3.0, date(2027, 1, 1))])

    assert await code_of(told(loop, token)) == "text.empty"
    assert await code_of(told(loop, token, "in_use")) == "stage.passed_over"
    assert await code_of(told(loop, token, "gone", "x")) == "stage.unknown"
    assert await code_of(told(loop, token, values=[(benefit, 1e99, date(2027, 1, 1))])) == "figure.out_of_range"
    [one] = (await loop.seen()).chart.actions
    assert (one.stage, one.told, one.told_at) == ("need", 0, loop.clock.now())


async def test_an_owner_has_two_hundred_words_and_the_organizer_goes_on(loop: Loop) -> None:
    async def much(tx: Transaction) -> None:
        tx.put((await tx.get(Action, DAY, action)).model_copy(update={"told": rules.TOLD_MOST - 1}))

    action = await loop.action()
    token = await loop.link(action)
    await loop.house.store.run(much)

    await told(loop, token, text="Det sista")
    assert await code_of(told(loop, token, text="Ett till")) == "action.told_out"
    await loop.followup.move_action(ANNA, action, "need", "Tack")
    [one] = (await loop.seen()).chart.actions
    assert one.told == rules.TOLD_MOST + 1


async def test_only_the_benefits_of_the_action_can_be_told(loop: Loop) -> None:
    mine, other = await loop.action(), await loop.action("En annan")
    benefit = str(((await loop.followup.write_benefit(ANNA, other, BenefitDraft("Tid"))).data or {})["benefit"])

    assert await code_of(told(loop, await loop.link(mine), values=[(benefit, 3.0, date(2027, 1, 1))])) == "benefit.no_such"


async def test_a_link_is_dead_when_another_is_made_or_it_is_withdrawn_or_old_or_its_action_is_gone(loop: Loop) -> None:
    action = await loop.action()
    first = await loop.link(action)
    second = await loop.link(action)
    assert await code_of(told(loop, first, text="x")) == "link.no_such"
    await told(loop, second, text="x")

    await loop.followup.remove(ANNA, "action", action)
    assert await code_of(told(loop, second, text="x")) == "link.no_such"
    await loop.followup.restore(ANNA, "action", action)
    await told(loop, second, text="y")
    await loop.owners.withdraw_link(ANNA, action)
    assert await code_of(told(loop, second, text="x")) == "link.no_such"

    third = await loop.link(action)
    loop.clock.wind(rules.LINK_WORKS - timedelta(seconds=1))
    await told(loop, third, text="z")
    loop.clock.wind(timedelta(seconds=1))
    assert await code_of(told(loop, third, text="x")) == "link.expired"
    assert await code_of(loop.owners.make_link(ANNA, "a9")) == "action.no_such"
    assert await code_of(loop.owners.withdraw_link(ANNA, "a9")) == "action.no_such"


async def test_no_token_is_stored(loop: Loop) -> None:
    token = await loop.link(await loop.action())

    async with loop.house.store.reading() as session:
        row = await views.action_of_link(session, rules.token_hash(token))
    assert isinstance(row, Action)
    assert token not in str(row.model_dump())


async def test_an_owner_is_forgotten_with_what_was_told_and_the_figures_stay(loop: Loop) -> None:
    action = await loop.action(owner="Kim Ek")
    token = await loop.link(action)
    await told(loop, token, "trial", "Kim hann med")
    async with loop.house.store.reading() as session:
        assert await views.owned_by(session, DAY, {"kim ek"}) == [action]
        assert await views.owned_by(session, DAY, {"Kim"}) == []

    await loop.owners.forget_owner(OWNER, action)

    [one] = (await loop.seen()).shown(loop.clock.now().date())["actions"]
    assert (one["owner"], one["stage"], [word["text"] for word in one["told"]], one["has_link"]) == ("", "trial", [""], False)
    assert await code_of(told(loop, token, text="x")) == "link.no_such"
    assert await code_of(loop.owners.forget_owner(OWNER, "a9")) == "action.no_such"
    async with loop.house.store.reading() as session:
        assert await views.owned_by(session, DAY, {"kim ek"}) == []
