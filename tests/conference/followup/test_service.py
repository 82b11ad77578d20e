"""Needs, actions and benefit are written, changed, taken away and put back; nothing points at what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.followup import ActionDraft, BenefitDraft, NeedDraft, TargetDraft, views
from conference.followup.chart import Gap
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.people.houses import DAY


async def code_of(asked: Any) -> str:
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


async def test_from_a_need_to_its_benefit(loop: Loop) -> None:
    need = await loop.need(goals=("g1",), weight=3, items=("i1", "i3"))
    action = await loop.action(needs=(need,), items=("i1",), owner="Enheten")
    await loop.followup.move_action(ANNA, action, "trial")
    draft = BenefitDraft("Väntetid", "dagar", "Alla frågar", baseline=14.0, effect=-7.0, value=9.5)
    await loop.followup.write_benefit(ANNA, action, draft)

    shown = (await loop.seen()).shown(loop.clock.now().date())

    assert [(one["statement"], [item["item"] for item in one["items"]], one["actions"], one["gaps"]) for one in shown["needs"]] == [
        ("Mer tid", ["i1", "i3"], [action], []),
    ]
    [one] = shown["actions"]
    assert (one["stage"], one["needs"], one["lacks"], one["gaps"]) == ("trial", [need], ["due"], ["action_without_owner_or_date"])
    assert [(value["change"], value["effect"], value["unit"]) for value in one["benefits"]] == [(-4.5, -7.0, "dagar")]
    assert shown["figures"] == {"needs": 1, "answered": 1, "acted_on": 1, "actions": 1, "in_use": 0, "measured": 1}
    assert [(goal["id"], goal["needs"], goal["items"], goal["actions"]) for goal in shown["goals"]] == [("g1", 1, 2, 1), ("g2", 0, 0, 0)]
    assert await loop.told() == ["followup.written", "followup.written", "followup.moved", "followup.written"]


async def test_a_need_is_changed_and_keeps_its_items_when_none_are_told(loop: Loop) -> None:
    need = await loop.need(items=("i1",))
    await loop.followup.write_need(ANNA, NeedDraft("Mycket mer tid"), need)

    [row] = (await loop.seen()).chart.rows
    assert (row.need.statement, row.items) == ("Mycket mer tid", ("i1",))


async def test_what_is_taken_away_is_nowhere_and_can_be_put_back(loop: Loop) -> None:
    need = await loop.need(items=("i1",))
    action = await loop.action(needs=(need,), owner="Enheten", due=loop.clock.now().date())
    await loop.followup.remove(ANNA, "need", need)

    gone = await loop.seen()
    assert (gone.chart.rows, gone.removed) == ((), [("need", need, "Mer tid")])
    assert [gap for gap in gone.chart.gaps if gap.of == action] == [Gap("action_without_need", action)]
    assert await code_of(loop.followup.write_need(ANNA, NeedDraft("x"), need)) == "need.no_such"
    assert await code_of(loop.followup.remove(ANNA, "need", need)) == "need.no_such"

    await loop.followup.restore(ANNA, "need", need)
    back = await loop.seen()
    assert ([row.actions[0].action for row in back.chart.rows], back.removed) == ([action], [])


async def test_nothing_points_at_what_is_not_there(loop: Loop) -> None:
    need, action = await loop.need(), await loop.action()
    other = await loop.action("En annan")
    benefit = str(((await loop.followup.write_benefit(ANNA, action, BenefitDraft("Tid"))).data or {})["benefit"])
    nobody = Actor("d-none", "anna")
    refused = {
        "goal": await code_of(loop.need(goals=("g9",))),
        "item": await code_of(loop.need(items=("i9",))),
        "need of an action": await code_of(loop.action(needs=("n9",))),
        "item of an action": await code_of(loop.action(items=("i9",))),
        "need": await code_of(loop.followup.write_need(ANNA, NeedDraft("x"), "n9")),
        "action": await code_of(loop.followup.write_action(ANNA, ActionDraft("x"), "a9")),
        "stage": await code_of(loop.followup.move_action(ANNA, "a9", "trial")),
        "benefit of nothing": await code_of(loop.followup.write_benefit(ANNA, "a9", BenefitDraft("x"))),
        "benefit": await code_of(loop.followup.write_benefit(ANNA, action, BenefitDraft("x"), "b9")),
        "another's benefit": await code_of(loop.followup.write_benefit(ANNA, other, BenefitDraft("x"), benefit)),
        "target": await code_of(loop.followup.write_target(ANNA, TargetDraft("x", "people", 1), "t9")),
        "goal of a target": await code_of(loop.followup.write_target(ANNA, TargetDraft("x", "people", 1, "g9"))),
        "kind": await code_of(loop.followup.note_reached(ANNA, ["x"], "kommunen")),
        "thing": await code_of(loop.followup.remove(ANNA, "day", DAY)),
        "removing": await code_of(loop.followup.remove(ANNA, "reached", "x")),
        "restoring": await code_of(loop.followup.restore(ANNA, "target", "x")),
        "day": await code_of(loop.followup.write_need(nobody, NeedDraft("x"))),
    }

    assert refused == {
        "goal": "goal.no_such",
        "item": "item.no_such",
        "need of an action": "need.no_such",
        "item of an action": "item.no_such",
        "need": "need.no_such",
        "action": "action.no_such",
        "stage": "action.no_such",
        "benefit of nothing": "action.no_such",
        "benefit": "benefit.no_such",
        "another's benefit": "benefit.no_such",
        "target": "target.no_such",
        "goal of a target": "goal.no_such",
        "kind": "kind.unknown",
        "thing": "thing.unknown",
        "removing": "reached.no_such",
        "restoring": "target.no_such",
        "day": "day.no_such",
    }
    assert [row.need.need for row in (await loop.seen()).chart.rows] == [need]


async def test_many_needs_come_at_once_and_none_twice(loop: Loop) -> None:
    await loop.need("Mer tid", weight=9)
    drafts = [NeedDraft("Fler händer", goals=("g2",)), NeedDraft("MER TID"), NeedDraft("fler händer", weight=4)]

    first = await loop.followup.take_needs(ANNA, drafts, "poll:p-ord")
    second = await loop.followup.take_needs(ANNA, drafts, "poll:p-ord")
    refused = await code_of(loop.followup.take_needs(ANNA, [NeedDraft("Ett nytt"), NeedDraft("y", goals=("g9",))], "import"))

    assert [len((done.data or {})["needs"]) for done in (first, second)] == [1, 0]
    assert refused == "goal.no_such"
    rows = (await loop.seen()).chart.rows
    assert [(row.need.statement, row.need.weight, row.need.origin) for row in rows] == [
        ("Mer tid", 9, "hand"),
        ("Fler händer", 0, "poll:p-ord"),
    ]


async def test_a_day_has_room_for_so_many(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEEDS_MOST", "ACTIONS_MOST", "TARGETS_MOST", "REACHED_MOST"):
        monkeypatch.setattr(f"conference.followup.rules.{name}", 1)
    await loop.need()
    action = await loop.action()
    await loop.followup.write_benefit(ANNA, action, BenefitDraft("x"))
    await loop.followup.write_target(ANNA, TargetDraft("x", "people", 1))
    await loop.followup.note_reached(ANNA, ["x"], "kommun")

    assert [
        await code_of(loop.need("y")),
        await code_of(loop.action("y")),
        await code_of(loop.followup.write_benefit(ANNA, action, BenefitDraft("y"))),
        await code_of(loop.followup.write_target(ANNA, TargetDraft("y", "people", 1))),
        await code_of(loop.followup.note_reached(ANNA, ["y"], "kommun")),
    ] == ["need.too_many", "action.too_many", "benefit.too_many", "target.too_many", "reached.too_many"]


async def test_each_thing_can_be_taken_away_and_put_back(loop: Loop) -> None:
    action = await loop.action()
    benefit = str(((await loop.followup.write_benefit(ANNA, action, BenefitDraft("Tid"))).data or {})["benefit"])
    target = str(((await loop.followup.write_target(ANNA, TargetDraft("Många", "people", 9))).data or {})["target"])
    reached = str(((await loop.followup.note_reached(ANNA, ["Norrvik"], "kommun")).data or {})["reached"])
    things = [("action", action), ("benefit", benefit), ("target", target), ("reached", reached)]
    for of, name in things:
        await loop.followup.remove(ANNA, of, name)

    async def gone() -> list[tuple[str, str]]:
        async with loop.house.store.reading() as session:
            found = await views.loop(session, DAY)
            return [(of, name) for of, name, _text in (*found.removed, *await views.removed_besides(session, DAY, "s"))]

    assert await gone() == things
    for of, name in things:
        await loop.followup.restore(ANNA, of, name)
    assert await gone() == []


def test_every_event_is_expressly_shown_to_nobody() -> None:
    from conference.core.event import KNOWN
    from conference.core.faces import nobody

    assert {event: nobody for (name, _), event in KNOWN.items() if name.startswith("followup.")} == views.FACES
