"""What may be answered in hindsight, and what is told of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from conference.core.disclosure import K
from conference.core.errors import Refused
from conference.tables import Day
from polls.kinds import Option, Question
from polls.later import rules
from polls.later.rules import Standing
from polls.service import a_draft
from polls.tables import Poll
from polls.tally import Tally, a_part
from tests.conftest import NINE
from tests.polls.houses import JA_NEJ

THREE = Question("q3", "choice", "Vad först?", options=(Option("a", "A"), Option("b", "B"), Option("c", "C")))
TEXT = Question("q4", "text", "Vad tog du med dig?", longest=100)
WORDS = Question("q5", "words", "Ett ord?", most=1, longest=30)


def a_poll(question: Question = JA_NEJ, voting: str = "closed") -> Poll:
    return a_draft("d", "p", question, place=1, scope="country", seconds=60).model_copy(update={"voting": voting, "round": 1})


def a_day(state: str = "ended", **more: Any) -> Day:
    times = dict.fromkeys(("planned_starts_at", "planned_ends_at", "starts_at", "ends_at", "ended_at"), NINE)
    about = {"day": "d", "series": "s", "date": NINE.date(), "join_code": "123456", "kit": "k", "kit_version": 1, "kit_folder": ""}
    return Day(**{**about, **times, "title": "Dagen", "timezone": "Europe/Stockholm", "state": state, **more})


def test_a_closed_poll_of_a_day_that_is_over_is_answered_until_it_is_not_known_who_was_there() -> None:
    standing = Standing(a_day(), a_poll())

    assert rules.answer_later(standing, ["ja"], at=NINE) == ["ja"]
    assert [rules.takes(standing, at=NINE + timedelta(days=days)) for days in (0, 29, 30, 400)] == [True, True, False, False]
    assert rules.until(a_day(), None) == NINE.date() + timedelta(days=30)


def test_an_organizers_date_moves_the_end() -> None:
    sooner = Standing(a_day(), a_poll(), chosen=NINE.date() + timedelta(days=2))

    assert [rules.takes(sooner, at=NINE + timedelta(days=days)) for days in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing(a_day(), None), "poll.no_such"),
        (Standing(a_day(), a_poll(voting="draft")), "poll.no_such"),
        (Standing(a_day(), a_poll(voting="open")), "poll.no_such"),
        (Standing(a_day(), a_poll(voting="archived")), "poll.no_such"),
        (Standing(a_day(), a_poll(TEXT)), "poll.no_such"),
        (Standing(a_day(), a_poll(WORDS)), "poll.no_such"),
        (Standing(a_day("live", ended_at=None), a_poll()), "poll.not_open"),
        (Standing(a_day(), a_poll(), closed=True), "poll.not_open"),
        (Standing(a_day(), a_poll(), chosen=date(2020, 1, 1)), "poll.not_open"),
        (Standing(None, a_poll()), "poll.not_open"),
    ],
)
def test_nothing_else_is(standing: Standing, code: str) -> None:
    with pytest.raises(Refused) as no:
        rules.answer_later(standing, ["ja"], at=NINE)

    assert no.value.code == code


def test_an_answer_that_does_not_fit_is_refused_as_a_vote_is() -> None:
    with pytest.raises(Refused) as no:
        rules.answer_later(Standing(a_day(), a_poll()), ["kanske"], at=NINE)

    assert no.value.code == "answer.wrong"


def test_what_is_told_moves_at_every_fifth_answer() -> None:
    told = [Tally()]
    for n in range(1, 13):
        told.append(rules.next_shown(told[-1], Tally(n, 0, {"ja": n})))

    assert [one.n for one in told] == [0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]


def test_an_answer_that_is_changed_does_not_show_before_the_next_fifth() -> None:
    shown = Tally(5, 0, {"ja": 5})

    assert rules.next_shown(shown, Tally(5, 0, {"ja": 4, "nej": 1})) is shown


@pytest.mark.parametrize(
    ("question", "counts", "n", "told"),
    [
        (JA_NEJ, {"ja": 3, "nej": 1}, None, {"ja": None, "nej": None}),
        (JA_NEJ, {"ja": 6, "nej": 9}, 15, {"ja": 6, "nej": 9}),
        (JA_NEJ, {"ja": 12, "nej": 3}, 15, {"ja": None, "nej": None}),  # the one that is many enough gives the other away
        (THREE, {"a": 12, "b": 5, "c": 3}, 20, {"a": 12, "b": None, "c": None}),
        (THREE, {"a": 12, "b": 8}, 20, {"a": 12, "b": None, "c": None}),  # that nobody chose it is told of nobody
    ],
)
def test_a_part_tells_no_cell_under_five_nor_one_from_which_it_follows(
    question: Question, counts: dict[str, int], n: int | None, told: dict[str, int | None]
) -> None:
    assert a_part(question, Tally(sum(counts.values()), 0, counts)) == {"n": n, "counts": told}


def test_of_a_part_one_withheld_cell_is_never_alone() -> None:
    for a in range(31):
        for b in range(31 - a):
            counts = {"a": a, "b": b, "c": 30 - a - b}
            shown = a_part(THREE, Tally(30, 0, {cell: count for cell, count in counts.items() if count}))["counts"]
            hidden = [cell for cell, count in shown.items() if count is None]
            assert all(count is None or count == counts[cell] >= K for cell, count in shown.items())
            assert len(hidden) != 1
            assert not hidden or sum(counts[cell] for cell in hidden) >= K
