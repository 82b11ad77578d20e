"""Three years and 21 regions: the country is the sum of its parts, and no filter shows or gives away a cell under five."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from conference.core.disclosure import Breakdown, Disclosed, K, percent
from conference.followup.comparison import Asked, asked, compared, share_of, together
from polls import figures, tally
from polls.kinds import Option, Question
from tests.conference.core.attack import Leading
from tests.conference.followup.test_comparison import a_day

YEARS = (2024, 2025, 2026)
REGIONS = [f"r{number:02}" for number in range(1, 22)]
QUESTION = Question("q", "choice", "Vad behövs mest?", options=(Option("a", "Tid"), Option("b", "Teknik"), Option("c", "Stöd")))
Answers = list[tuple[list[str], str, int]]


def answers_of(year: int, seed: int) -> Answers:
    """What was answered in a year: some regions are large, some have a handful, some have none, and some are of one mind."""
    chance = random.Random(1000 * year + seed)
    sizes = {region: chance.choice((0, 1, 3, 4, 5, 6, 8, 12, 30, 80)) for region in REGIONS}
    leans = {region: chance.choice(((1, 1, 1), (8, 1, 1), (1, 0, 0), (0, 3, 1))) for region in REGIONS}
    return [([chance.choices("abc", leans[region])[0]], region, 0) for region in REGIONS for _ in range(sizes[region])]


def poll_of(answers: Answers, region: str | None = None) -> dict[str, Any]:
    """A closed poll as the report has it."""
    total = tally.counted(QUESTION, [(answer, people) for answer, _region, people in answers])
    split = [] if region else tally.by_region(QUESTION, answers)
    rows = figures.rows(QUESTION, total.n, {option.id: total.counts.get(option.id, 0) for option in QUESTION.options})
    regions = figures.by_group(QUESTION, split, "region", {name: name for name in REGIONS})
    about = {
        "poll": f"p.{region}",
        "question": "q",
        "version": 1,
        "kind": "choice",
        "title": QUESTION.title,
        "region": region,
        "opened_at": None,
    }
    return {**about, "rounds": [{"round": 1, "open": False, "n": total.n, "rows": rows, "regions": regions}]}


def over_years(seed: int, *, own: bool) -> Asked:
    """The comparison; with *own* each region had a poll of its own."""
    reports = []
    for year in YEARS:
        answers = answers_of(year, seed)
        parts = {region: [one for one in answers if one[1] == region] for region in REGIONS}
        polls = [poll_of(of, region) for region, of in parts.items() if of] if own else [poll_of(answers)]
        reports.append((a_day(year), {"polls": polls}))
    [question] = asked(reports)
    return question


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_every_national_figure_is_the_sum_of_its_parts(seed: int, own: bool) -> None:
    question = over_years(seed, own=own)
    truth = {year: answers_of(year, seed) for year in YEARS}

    for option in ("a", "b", "c"):
        parts = [[sum(answer == [option] and region == of for answer, region, _ in truth[year]) for of in REGIONS] for year in YEARS]
        lines = compared(question, option)
        all_years = together(lines)
        assert [(line.moment.on.year, line.share.count, line.share.n) for line in lines] == [
            (year, sum(part), len(truth[year])) for year, part in zip(YEARS, parts, strict=True)
        ]
        assert [line.share.percent for line in lines] == [
            percent(sum(part), len(truth[year])) for year, part in zip(YEARS, parts, strict=True)
        ]
        assert all_years
        assert (all_years.count, all_years.n) == (sum(map(sum, parts)), sum(map(len, truth.values())))


@pytest.mark.parametrize("seed", range(20))
def test_no_filter_shows_a_cell_under_five_and_all_ways_out_show_the_same(seed: int) -> None:
    question = over_years(seed, own=False)

    for moment, year in zip(question.moments, YEARS, strict=True):
        released = {one["region"]: one for one in tally.by_region(QUESTION, answers_of(year, seed))}
        page = {name: {row["option"]: row["count"] for row in rows} for name, rows in moment.regions}
        [one] = poll_of(answers_of(year, seed))["rounds"]
        exported = {group["name"]: [row[1] for row in figures.cells({**QUESTION_SHOWN, **group})] for group in one["regions"]}
        filtered = {name: {option: share_of(rows, option).count for option in "abc"} for name, rows in moment.regions}

        assert page == filtered == {name: of["counts"] for name, of in released.items()}
        assert all(count in row for name, row in exported.items() for count in released[name]["counts"].values() if count is not None)
        assert [count for counts in page.values() for count in counts.values() if count is not None and count < K] == []
        assert [of["n"] for of in released.values() if of["n"] is not None and of["n"] < K] == []


QUESTION_SHOWN: dict[str, Any] = {"kind": "choice", "texts": (), "open": False}


@pytest.mark.parametrize("seed", range(20))
def test_no_withheld_cell_can_be_worked_out_from_all_that_is_shown(seed: int) -> None:
    for year in YEARS:
        answers = answers_of(year, seed)
        names = sorted({region for _, region, _ in answers})
        counts = {
            name: {option: sum(answer == [option] and region == name for answer, region, _ in answers) for option in "abc"}
            for name in names
        }
        table = Breakdown.of(counts, "abc")
        released = {one["region"]: one for one in tally.by_region(QUESTION, answers)}
        rows = tuple(tuple(released[name]["counts"][option] for option in "abc") for name in names)
        shown = Disclosed(tuple(names), tuple("abc"), tuple(released[name]["n"] for name in names), rows)
        reader = Leading(table, shown)
        national = [sum(row[column] for row in table.counts) for column in range(3)]

        told = [spot for spot in reader.withheld() if reader.most(spot, K) < min(K, national[spot[1]])]

        assert told == []


def test_the_reader_finds_what_is_hidden_too_little() -> None:
    table = Breakdown.of({"x": {"a": 2, "b": 20}, "y": {"a": 30, "b": 40}}, "ab")
    shown = Disclosed(("x", "y"), ("a", "b"), (22, 70), ((None, 20), (30, 40)))

    assert [Leading(table, shown).most(spot, K) for spot in Leading(table, shown).withheld()] == [2]


def test_the_days_stand_in_the_order_of_their_years() -> None:
    assert [moment.on for moment in over_years(1, own=False).moments] == [
        date(year, a_day(year).date.month, a_day(year).date.day) for year in YEARS
    ]
