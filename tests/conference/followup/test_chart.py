"""The map shows every gap, and each of them once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conference.followup.chart import GAPS, Gap, Rows, chart, lacks, late
from conference.followup.rules import STAGES
from conference.followup.tables import Action, Benefit, Need

IDS = st.integers(0, 4)


def an_action(**about: Any) -> Action:
    return Action(**{"day": "d", "action": "a", "place": 0, "what": "x", "stage": "trial", "needs": [], "items": [], **about})


def a_need(**about: Any) -> Need:
    return Need(**{"day": "d", "statement": "x", "origin": "hand", **about})


def a_benefit(**about: Any) -> Benefit:
    return Benefit(**{"day": "d", "what": "x", **about})


def ids(kind: str) -> st.SearchStrategy[list[str]]:
    return st.lists(IDS.map(lambda number: f"{kind}{number}"), max_size=4)


def needs() -> st.SearchStrategy[list[Need]]:
    about = st.fixed_dictionaries({"goals": ids("g"), "items": ids("i"), "removed": st.booleans(), "weight": st.integers(0, 3)})
    made = st.lists(about, max_size=5)
    return made.map(lambda all_: [a_need(need=f"n{n}", place=n, **one) for n, one in enumerate(all_)])


def actions() -> st.SearchStrategy[list[Action]]:
    owner, due = st.sampled_from(["", "Enheten"]), st.sampled_from([None, date(2027, 1, 1)])
    about = st.fixed_dictionaries(
        {"owner": owner, "due": due, "stage": st.sampled_from(STAGES), "needs": ids("n"), "removed": st.booleans()}
    )
    made = st.lists(about, max_size=5)
    return made.map(lambda all_: [an_action(action=f"a{n}", place=n, **one) for n, one in enumerate(all_)])


def benefits() -> st.SearchStrategy[list[Benefit]]:
    about = st.fixed_dictionaries(
        {"action": IDS.map(lambda n: f"a{n}"), "value": st.sampled_from([None, 0.0, 3.5]), "removed": st.booleans()}
    )
    made = st.lists(about, max_size=5)
    return made.map(lambda all_: [a_benefit(benefit=f"b{n}", place=n, **one) for n, one in enumerate(all_)])


def told_by_hand(rows: Rows) -> set[Gap]:
    """The gaps, in the words of the page, one kind after the other."""
    needs_ = [need for need in rows.needs if not need.removed]
    actions_ = [action for action in rows.actions if not action.removed]
    found = {Gap("need_without_item", n.need) for n in needs_ if not [item for item in n.items if item in rows.items]}
    found |= {Gap("need_without_action", n.need) for n in needs_ if not [a for a in actions_ if n.need in a.needs]}
    found |= {Gap("action_without_owner_or_date", a.action) for a in actions_ if a.owner == "" or a.due is None}
    found |= {Gap("action_without_need", a.action) for a in actions_ if not [n for n in needs_ if n.need in a.needs]}
    measured = {b.action for b in rows.benefits if not b.removed and b.value is not None}
    found |= {Gap("benefit_without_value", a.action) for a in actions_ if a.stage in ("evaluated", "in_use") and a.action not in measured}
    return found | {Gap("goal_without_need", goal) for goal in rows.goals if not [n for n in needs_ if goal in n.goals]}


@given(needs(), actions(), benefits())
def test_every_gap_is_shown_exactly_once(needs: list[Need], actions: list[Action], benefits: list[Benefit]) -> None:
    rows = Rows(["g0", "g1", "g2"], ["i0", "i1", "i2"], needs, actions, benefits)

    found = chart(rows)

    assert sorted(found.gaps, key=str) == sorted(told_by_hand(rows), key=str)
    assert [GAPS.index(gap.kind) for gap in found.gaps] == sorted(GAPS.index(gap.kind) for gap in found.gaps)
    by_need = {row.need.need: set(row.gaps) for row in found.rows}
    assert by_need == {need: {gap.kind for gap in found.gaps if gap.of == need} for need in by_need}


@given(needs(), actions())
def test_every_need_has_one_row_and_the_heaviest_come_first(needs: list[Need], actions: list[Action]) -> None:
    found = chart(Rows((), (), needs, actions))

    assert sorted(row.need.need for row in found.rows) == sorted(need.need for need in needs if not need.removed)
    assert [row.need.weight for row in found.rows] == sorted((row.need.weight for row in found.rows), reverse=True)
    assert {action.action for action in found.actions} == {action.action for action in actions if not action.removed}


def test_what_is_late() -> None:
    today, yesterday = date(2027, 3, 2), date(2027, 3, 1)
    cases = {
        "due today": an_action(due=today),
        "due tomorrow": an_action(due=date(2027, 3, 3)),
        "no date": an_action(),
        "in use": an_action(due=yesterday, stage="in_use"),
        "heard of since": an_action(due=yesterday, told_at=datetime(2027, 3, 1, 9, tzinfo=UTC)),
        "heard of before": an_action(due=yesterday, told_at=datetime(2027, 2, 28, 9, tzinfo=UTC)),
    }

    assert [name for name, one in cases.items() if late([one], today)] == ["due today", "heard of before"]
    two = [an_action(action="a", due=today), an_action(action="b", due=yesterday)]
    assert [one.action for one in late(two, today)] == ["b", "a"]


def test_what_an_action_lacks() -> None:
    assert [lacks(an_action()), lacks(an_action(owner="x")), lacks(an_action(owner="x", due=date(2027, 1, 1)))] == [
        ("owner", "due"),
        ("due",),
        (),
    ]
