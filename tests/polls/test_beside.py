"""Groups beside all who answered: what is said of the difference, and that nothing withheld can be learnt from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from conference.core.sheets import Said
from polls import export, tally
from polls import report as polls_report
from polls.beside import beside
from polls.kinds import Question
from tests.polls.houses import DAY, JA_NEJ, STAFF, House, someone
from tests.polls.kinds.asked import STATEMENTS

Voter = tuple[Any, str | None, str | None, int]
REGION = st.sampled_from((None, "r-a", "r-b", "r-c"))
KIND = st.sampled_from((None, "region", "kommun"))
YES_NO = st.sampled_from((["ja"], ["nej"]))
JUDGED = st.fixed_dictionaries({}, optional={"a": st.integers(1, 4), "b": st.integers(1, 4)}).filter(bool)


def closed(question: Question, answers: Sequence[Voter]) -> dict[str, Any]:
    """What everybody may see of a closed poll."""
    total = tally.counted(question, [(answer, people) for answer, _region, _kind, people in answers])
    splits = {name: msgspec.json.decode(split) for name, split in tally.splits(question, answers).items()}
    return beside(question, {**tally.disclosed(question, total), **splits})


def votes(yes: int, no: int, region: str | None, kind: str | None = None) -> list[Voter]:
    return [(["ja"], region, kind, 1)] * yes + [(["nej"], region, kind, 1)] * no


def test_a_region_that_differs_is_said_to_and_one_that_may_do_so_by_chance_is_not() -> None:
    told = closed(JA_NEJ, [*votes(38, 6, "r-a"), *votes(40, 80, "r-b"), *votes(9, 9, "r-c")])

    assert [(one["region"], one["verdict"], one["sure"]) for one in told["regions"]] == [
        ("r-a", "carried", ["ja", "nej"]),
        ("r-b", "chance", []),
        ("r-c", "few", []),
    ]


def test_a_region_that_is_all_who_answered_stands_beside_nothing() -> None:
    assert ["verdict" in one for one in closed(JA_NEJ, votes(30, 30, "r-a"))["regions"]] == [False]


def test_regions_own_people_stand_beside_the_municipalities() -> None:
    told = closed(JA_NEJ, [*votes(40, 10, None, "region"), *votes(10, 40, None, "kommun"), *votes(9, 9, None)])

    assert told["gap"] == {"a": "region", "b": "kommun", "verdict": "carried", "sure": ["ja", "nej"]}
    assert "affiliations" not in closed(JA_NEJ, votes(20, 20, "r-a"))


def test_a_group_has_its_own_most_agreed_and_most_divided_statement() -> None:
    together = [1] * 5 + [2] * 30 + [3] * 5 + [4] * 5
    north = [({"a": 1 + number % 4, "b": step}, "r-a", None, 1) for number, step in enumerate(together)]
    south = [({"a": step, "b": 1 + number % 4}, "r-b", None, 1) for number, step in enumerate(together)]
    told = closed(msgspec.structs.replace(STATEMENTS, dont_know=None), north + south)

    assert [(one["region"], one.get("agreed"), one.get("divided")) for one in told["regions"]] == [
        ("r-a", "b", "a"),
        ("r-b", "a", "b"),
    ]


def attacked(question: Question, answers: list[Voter]) -> None:
    """Every filter at once: what is said of a group follows from what is shown of it, and touches nothing that is withheld."""
    told = closed(question, answers)
    for group in (one for split in ("regions", "affiliations") for one in told.get(split, ())):
        hidden = {cell for cell, count in group["counts"].items() if count is None}
        assert (group["n"] is None) <= ("verdict" not in group)
        assert hidden.isdisjoint(group.get("sure", ()))
        assert all(count is None or count >= 5 for count in (group["n"], *group["counts"].values()))
        assert not {group.get(end) for end in ("agreed", "divided")} & {cell.partition(":")[0] for cell in hidden if ":" in cell}
    shown = {(split, one[split[:-1]]): one for split in ("regions", "affiliations") for one in told.get(split, ())}
    blind = {
        **told,
        **{
            split: [{name: one[name] for name in (split[:-1], "n", "counts")} for one in told[split]]
            for split in told
            if split in ("regions", "affiliations")
        },
    }
    again = beside(question, {name: value for name, value in blind.items() if name != "gap"})
    assert again == told  # nothing is said that was not worked out from the shown figures
    if gap := told.get("gap"):
        a, b = (shown["affiliations", gap[side]]["counts"] for side in ("a", "b"))
        assert all(a[cell] is not None and b[cell] is not None for cell in gap["sure"])


@given(st.lists(st.tuples(YES_NO, REGION, KIND, st.integers(1, 9)), min_size=1, max_size=120))
def test_no_combination_of_filters_tells_anything_withheld(answers: list[Voter]) -> None:
    attacked(JA_NEJ, answers)


@given(st.lists(st.tuples(JUDGED, REGION, KIND, st.just(1)), min_size=1, max_size=60))
def test_nor_do_the_statements_of_a_group(answers: list[Voter]) -> None:
    attacked(msgspec.structs.replace(STATEMENTS, dont_know=None), answers)


@given(st.lists(st.tuples(YES_NO, REGION, KIND, st.just(1)), min_size=1, max_size=60), st.randoms())
def test_two_splits_laid_over_each_other_tell_no_more_than_each_alone(answers: list[Voter], dice: Any) -> None:
    """Whoever sees the regions' figures can think of any kinds behind them, and the other way round: shuffled kinds show the same."""
    by_answer: dict[str, list[str | None]] = {"ja": [], "nej": []}
    for answer, _region, kind, _people in answers:
        by_answer[answer[0]].append(kind)
    for kinds in by_answer.values():
        dice.shuffle(kinds)
    other = [(answer, region, by_answer[answer[0]].pop(), people) for answer, region, _kind, people in answers]

    assert closed(JA_NEJ, other) == closed(JA_NEJ, answers)


async def test_report_and_files_tell_the_difference_with_n_and_base_and_what_it_carries(house: House) -> None:
    poll = await house.an_open_poll()
    groups = [("r-norrvik", "region", 25, 5), ("r-vastero", "kommun", 5, 25), ("r-stor", None, 7, 5)]
    for region, kind, yes, no in groups:
        for number in range(yes + no):
            by = someone(f"{region}{number}", region=region, affiliation=kind)
            await house.polls.vote(by, poll, ["ja"] if number < yes else ["nej"])
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [told] = (await polls_report.section(session, DAY))["polls"]
        _all, sheet = await export.sheets(session, DAY)

    [of] = told["rounds"]
    assert [(one["region"], one["n"], one.get("verdict")) for one in of["regions"]] == [
        ("r-norrvik", 30, "carried"),
        ("r-stor", 12, "few"),
        ("r-vastero", 30, "carried"),
    ]
    assert of["gap"]["a"] == {"affiliation": "region", "n": 30}
    north = [row for row in sheet.rows if row[4] == "r-norrvik"]
    assert sheet.columns == export.BESIDE
    assert [row[3:] for row in north] == [
        ("Ja", "r-norrvik", None, 83, 30, Said("Alla"), 51, 72, 32, Said("Ja")),
        ("Nej", "r-norrvik", None, 17, 30, Said("Alla"), 49, 72, -32, Said("Ja")),
    ]
