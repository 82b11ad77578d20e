"""The same question over days and regions: the whole is the sum of its parts, words that change are a break, and chance is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from conference.core.disclosure import Share
from conference.followup.comparison import TOP, Asked, Comparison, asked, compared, share_of, together
from conference.tables import Day
from tests.conference.people.houses import DAY, House
from tests.conftest import NINE


def a_day(year: int, **more: Any) -> Day:
    times = dict.fromkeys(("planned_starts_at", "planned_ends_at", "starts_at", "ends_at"), NINE)
    about = {"series": "s", "kit": "k", "kit_version": 1, "kit_folder": "", "title": f"Dagen {year}", "timezone": "Europe/Stockholm"}
    return Day(**{"day": f"d{year}", "date": date(year, 11, 18), "join_code": str(year), "state": "ended", **about, **times, **more})


def rows(*counts: int | None, n: int | None = None, texts: tuple[str, ...] = ("Ja", "Nej")) -> list[dict[str, Any]]:
    whole = n if n is not None or None in counts else sum(count or 0 for count in counts)
    return [
        {"option": text.lower(), "text": text, "text_en": text, **Share(count, whole or 0, "svar").shown(), "n": whole}
        for text, count in zip(texts, counts, strict=True)
    ]


def poll(*counts: int | None, region: str | None = None, regions: Any = (), **more: Any) -> dict[str, Any]:
    told = rows(*counts, texts=more.pop("texts", ("Ja", "Nej")))
    of = {
        "round": more.pop("round", 1),
        "open": more.pop("open", False),
        "n": sum(count or 0 for count in counts),
        "rows": told,
        "regions": regions,
    }
    about = {"poll": "p", "question": "q", "version": 1, "kind": "yesno", "title": "Vet du vem?", "region": region, "opened_at": NINE}
    return {**about, "rounds": [of], **more}


def one(*reports: tuple[int, list[dict[str, Any]]]) -> Asked:
    found = asked([(a_day(year), {"polls": polls}) for year, polls in reports])
    assert [question.question for question in found] == ["q"]
    return found[0]


def test_a_difference_is_carried_only_where_the_intervals_part() -> None:
    lines = compared(one((2024, [poll(10, 10)]), (2025, [poll(12, 8)]), (2026, [poll(95, 5)])), "ja")

    assert [(line.share.percent, line.share.n, line.share.between) for line in lines] == [
        (50, 20, (30, 70)),
        (60, 20, (39, 78)),
        (95, 100, (89, 98)),
    ]
    assert [(line.change, line.carried, line.breaks) for line in lines] == [(None, False, False), (10, False, False), (35, True, False)]


@pytest.mark.parametrize("change", [{"version": 2}, {"title": "Vet du vem du ringer?"}, {"texts": ("Ja", "Kanske")}])
def test_other_words_are_a_break_and_nothing_is_compared_over_it(change: dict[str, Any]) -> None:
    lines = compared(one((2024, [poll(10, 90)]), (2025, [poll(90, 10, **change)]), (2026, [poll(80, 20, **change)])), "ja")

    assert [(line.breaks, line.change) for line in lines] == [(False, None), (True, None), (False, -10)]
    both = together(lines)
    assert both
    assert (both.count, both.n) == (170, 200)


def test_the_whole_of_days_and_of_regions_is_the_sum_of_its_parts() -> None:
    years, names = range(2024, 2027), [f"Region {number}" for number in range(21)]
    counts = {(year, name): (7 * number + year % 5 + 5, 3 * number + 6) for year in years for number, name in enumerate(names)}

    question = one(*((year, [poll(*counts[year, name], region=name) for name in names]) for year in years))
    lines = compared(question, "ja")

    for year, line in zip(years, lines, strict=True):
        parts = [counts[year, name] for name in names]
        assert (line.share.count, line.share.n) == (sum(yes for yes, _no in parts), sum(map(sum, parts)))
        assert [(name, share.count, share.n) for name, share, _carried in line.regions] == [
            (name, *(counts[year, name][0], sum(counts[year, name]))) for name in names
        ]
        assert sum(share.count or 0 for _name, share, _carried in line.regions) == line.share.count
    whole = together(lines)
    assert whole
    assert (whole.count, whole.n) == (sum(yes for yes, _no in counts.values()), sum(map(sum, counts.values())))


def test_a_region_stands_beside_all_and_what_is_withheld_stays_so() -> None:
    split = [
        {"region": "r-n", "name": "Region Norrvik", "n": 40, "rows": rows(38, 2, n=40)},
        {"region": "r-s", "name": "Region Sundmark", "n": None, "rows": rows(None, None)},
        {"region": "r-v", "name": "Region Västerö", "n": 10, "rows": rows(6, None, n=10)},
    ]
    line = compared(one((2026, [poll(50, 50, regions=split)])), "ja")[0]

    assert [(name, share.percent, carried) for name, share, carried in line.regions] == [
        ("Region Norrvik", 95, True),
        ("Region Sundmark", None, None),
        ("Region Västerö", 60, False),
    ]
    assert compared(one((2026, [poll(50, 50, regions=split)])), "nej")[0].regions[2][1].percent is None


def test_what_is_open_or_has_no_shares_is_not_compared() -> None:
    others = [poll(9, 9, open=True), poll(0, 0), poll(5, 5, kind="ranking"), poll(9, 1, kind="text")]

    assert asked([(a_day(2026), {"polls": others, "surveys": []})]) == []


def test_the_two_highest_steps_are_of_those_who_put_a_step() -> None:
    steps = rows(5, 10, 20, 15, 8, texts=("1", "2", "3", "4", "dont_know"))
    survey = {"title": "Enkäten", "preliminary": False, "questions": [
        {"question": "s", "version": 1, "kind": "scale", "title": "Dagen?", "n": 58, "rows": steps, "regions": []},
    ]}  # fmt: skip
    found = asked([(a_day(2026), {"surveys": [survey]}), (a_day(2027), {"surveys": [{**survey, "preliminary": True}]})])

    assert [(one.question, len(one.moments), one.answers[0]["id"]) for one in found] == [("s", 1, TOP)]
    share = compared(found[0], TOP)[0].share
    assert (share.count, share.n, share.percent) == (35, 50, 70)
    assert share_of(rows(5, None, texts=("1", "2")), TOP).count is None


async def test_only_days_of_the_series_that_have_begun_are_there(house: House) -> None:
    async def more(tx: Any) -> None:
        for year, state in ((2024, "ended"), (2025, "published")):
            tx.put(a_day(year, state=state))

    async def section(session: Any, day: str) -> dict[str, Any]:
        return {"polls": [poll(10, 5)]}

    await house.store.run(more)
    found = await Comparison(house.store, [section]).asked(DAY)

    assert [[moment.day for moment in question.moments] for question in found] == [["d2024", DAY]]
    assert await Comparison(house.store, [section]).asked("elsewhere") == []


def test_waves_are_compared_with_those_of_as_many_months_alone() -> None:
    def wave(months: int, *counts: int) -> dict[str, Any]:
        question = {"question": "q", "version": 1, "kind": "yesno", "title": "Blev det av?", "n": sum(counts), "rows": rows(*counts)}
        return {
            "survey": f"u-{months}",
            "title": f"Efter {months} månader",
            "months": months,
            "preliminary": False,
            "questions": [{**question, "regions": []}],
        }

    found = asked([(a_day(2025), {"surveys": [wave(3, 5, 5), wave(12, 6, 4)]}), (a_day(2026), {"surveys": [wave(3, 8, 2)]})])

    assert [(one.question, [moment.day for moment in one.moments]) for one in found] == [("q@3", ["d2025", "d2026"]), ("q@12", ["d2025"])]
    assert [one.names["title"] for one in found] == ["Blev det av? (Efter 3 månader)", "Blev det av? (Efter 12 månader)"]
