"""Asking, backing, and what moderators make of it, through the store."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chat.questions import Asked, QuestionAsked, QuestionRemoved
from chat.rules import EVERYWHERE
from chat.tables import Restraint
from conference.core.actor import Actor
from conference.core.transaction import Transaction
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House, refusal, someone
from tests.conftest import NINE


async def test_a_question_is_held_until_it_is_let_through(house: House) -> None:
    question = await house.asked("kim", "Vem betalar?")

    assert await house.seen(question, "lo") is None
    mine = await house.seen(question, "kim")
    assert mine
    assert (mine["text"], mine["state"], mine["mine"]) == ("Vem betalar?", "held", True)
    assert (await house.for_staff(question))["state"] == "held"

    await house.questions.let_through(OLGA, question, seen="held")
    seen = await house.seen(question, "lo")
    assert seen
    assert (seen["text"], seen["state"], seen["mine"], seen["by"]) == ("Vem betalar?", "open", False, {"person": "kim", "role": None})


async def test_where_nobody_looks_first_it_is_open_at_once(house: House) -> None:
    await house.questions.hold(OLGA, "national", hold=False)
    question = await house.asked()

    seen = await house.seen(question)
    assert seen
    assert seen["state"] == "open"


async def test_who_asks_anonymously_is_shown_to_nobody(house: House) -> None:
    question = await house.let_through(someone("mo", NORRVIK, people=8), "Får man säga så?", anonymous=True)

    for one in (await house.seen(question), await house.for_staff(question), await house.seen(question, "mo", NORRVIK)):
        assert one
        assert [name for name in ("by", "region", "people", "lifted_from") if name in one] == []
    [asked] = [event for event in await house.events() if isinstance(event, QuestionAsked)]
    assert (asked.person, asked.region, asked.people, asked.role) == ("mo", None, 1, None)


async def test_of_an_anonymous_question_that_is_lifted_the_panel_it_was_asked_of_is_told_and_no_more(house: House) -> None:
    await house.open(NORRVIK)
    question = await house.let_through(someone("mo", NORRVIK, people=8), "Får man säga så?", anonymous=True)
    copy = await house.seen(((await house.questions.escalate(OLGA, question)).data or {})["question"], "kim")

    assert copy
    assert copy["lifted_from"] == {"region": NORRVIK, "backs": 0}
    assert [name for name in ("by", "region", "people") if name in copy] == []


async def test_one_asks_where_questions_are_taken(house: House) -> None:
    kim = someone("mo", NORRVIK)
    before = await house.asked(kim)
    await house.open(NORRVIK)
    while_open = await house.asked(kim)
    await house.questions.close(OLGA, NORRVIK)
    await house.questions.close(OLGA, "national")

    assert [(await house.for_staff(one))["lane"] for one in (before, while_open)] == ["national", NORRVIK]
    assert await refusal(house.questions.ask(kim, Asked("Hallå?"))) == "questions.closed"
    assert (await house.questions.ask(OLGA, Asked("Från publiken i salen: varför?"))).seq


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [("  ", {}, "text.empty"), ("x" * 401, {}, "text.too_long"), ("Varför?", {"to": "c-ingen"}, "contributor.no_such")],
)
async def test_a_question_must_hold_something_and_not_too_much(house: House, text: str, more: dict[str, Any], code: str) -> None:
    assert await refusal(house.questions.ask(someone("kim"), Asked(text, **more))) == code


async def test_questions_are_asked_while_the_day_is_live_and_not_by_who_is_silenced(house: House) -> None:
    async def silence(tx: Transaction) -> None:
        tx.put(Restraint(day=DAY, person="lo", where=EVERYWHERE, until=NINE + timedelta(minutes=1)))

    await house.store.run(silence)
    assert await refusal(house.questions.ask(someone("lo"), Asked("Varför?"))) == "person.silenced"
    await house.day_is("ended")
    assert await refusal(house.questions.ask(someone("kim"), Asked("Varför?"))) == "day.ended"


async def test_whoever_a_region_has_stopped_asks_its_panel_nothing_but_the_country_s(house: House) -> None:
    async def ban(tx: Transaction) -> None:
        tx.put(Restraint(day=DAY, person="lo", where=NORRVIK, banned=True))

    await house.store.run(ban)
    await house.questions.open(OLGA, NORRVIK)
    assert await refusal(house.questions.ask(someone("lo", lane=NORRVIK), Asked("Varför?"))) == "person.silenced"
    await house.questions.close(OLGA, NORRVIK)
    assert await refusal(house.questions.ask(someone("lo", lane=NORRVIK), Asked("Varför?"))) == ""


async def test_everybody_backs_once_and_may_change_their_mind(house: House) -> None:
    question = await house.let_through("kim")
    done = await asyncio.gather(*(house.questions.back(someone(f"p{n}"), question) for n in range(40)))
    again = await house.questions.back(someone("p1"), question)
    back = await house.questions.unback(someone("p2"), question)
    nothing = await house.questions.unback(someone("p2"), question)

    assert sorted(one.data["backs"] for one in done if one.data) == list(range(1, 41))
    assert [one.data for one in (again, back, nothing)] == [
        {"question": question, "backs": 40, "backed": True, "opposed": False},
        {"question": question, "backs": 39, "backed": False, "opposed": False},
        {"question": question, "backs": 39, "backed": False, "opposed": False},
    ]
    assert (await house.for_staff(question))["backs"] == 39


async def test_one_backs_what_one_sees_and_has_not_asked(house: House) -> None:
    held, question = await house.asked("kim"), await house.let_through("kim")
    await house.open(NORRVIK)
    regional = await house.let_through(someone("mo", NORRVIK))
    await house.backed(question, "lo")
    await house.questions.answered(OLGA, question)

    refusals = [
        await refusal(house.questions.back(by, one))
        for by, one in (
            (someone("lo"), held), (someone("lo"), "none"), (someone("lo"), regional),
            (someone("mo", NORRVIK), regional), (someone("lo"), question), (someone("x"), question),
        )
    ]  # fmt: skip
    assert refusals == ["question.no_such"] * 3 + ["question.own"] + ["question.closed"] * 2
    assert (await house.for_staff(question))["backs"] == 1
    seen = await house.seen(question, "lo")
    assert seen
    assert seen["backed"] is True


async def test_two_moderators_never_collide_silently(house: House) -> None:
    question = await house.asked()
    codes = await asyncio.gather(
        refusal(house.questions.let_through(OLGA, question, seen="held")),
        refusal(house.questions.put_aside(OLGA, question, "Hör inte hit", seen="held")),
    )

    assert sorted(codes) == ["", "question.already_done"]
    await house.questions.take_up(OLGA, await house.asked())
    other = await house.let_through()
    await house.questions.take_up(OLGA, other)
    for late in (house.questions.let_through(OLGA, other), house.questions.take_up(OLGA, other)):
        assert await refusal(late) == "question.already_done"
    await house.questions.let_through(OLGA, other, seen="taken_up")
    assert (await house.for_staff(other))["state"] == "open"


async def test_what_is_put_aside_is_gone_for_others_and_its_asker_reads_why(house: House) -> None:
    question = await house.let_through("kim", "Något olämpligt")
    await house.questions.put_aside(OLGA, question, "Hör inte till panelen")

    others, mine = await house.seen(question, "lo"), await house.seen(question, "kim")
    assert others
    assert mine
    assert (others["text"], others["state"], "reason" in others, "by" in others) == ("", "aside", False, False)
    assert (mine["text"], mine["state"], mine["reason"]) == ("Något olämpligt", "aside", "Hör inte till panelen")


async def test_taken_up_and_answered_keep_their_moment(house: House) -> None:
    question = await house.let_through()
    await house.questions.take_up(OLGA, question)
    house.clock.wind(timedelta(minutes=2))
    await house.questions.answered(OLGA, question, seen="taken_up")

    seen = await house.seen(question)
    assert seen
    assert (seen["state"], seen["taken_up_at"], seen["answered_at"]) == ("answered", NINE, NINE + timedelta(minutes=2))


async def test_merged_support_is_counted_once_a_person(house: House) -> None:
    one, other = await house.let_through("kim", "Vem äger frågan?"), await house.let_through("lo", "Vem har ansvaret?")
    await house.backed(one, "a", "b")
    await house.backed(other, "b", "c", "kim")
    await house.questions.merge(OLGA, other, one)

    assert (await house.for_staff(one))["backs"] == 4  # a, b, c, and lo who asked the other one; kim's own question does not count
    assert (await house.for_staff(other))["merged"] == one
    for late in (
        house.questions.merge(OLGA, other, one),
        house.questions.let_through(OLGA, other, seen="open"),
        house.questions.back(someone("d"), other),
    ):
        assert await refusal(late) in {"question.already_done", "question.closed"}


async def test_who_asked_the_merged_one_follows_the_other(house: House) -> None:
    one, other, third = await house.let_through("kim"), await house.asked("lo"), await house.asked("mo")
    assert await refusal(house.questions.merge(OLGA, one, other)) == "question.not_open"
    assert await refusal(house.questions.merge(OLGA, one, one)) == "question.no_such"
    await house.questions.let_through(OLGA, other)
    await house.questions.merge(OLGA, third, other)
    await house.questions.merge(OLGA, other, one)
    await house.questions.take_up(OLGA, one)
    await house.questions.answered(OLGA, one)

    states = [(await house.seen(name, person) or {}).get("state") for name, person in ((one, "kim"), (other, "lo"), (third, "mo"))]
    assert states == ["answered"] * 3
    assert (await house.for_staff(one))["backs"] == 2


async def test_a_regional_question_is_lifted_and_answered_in_both_places(house: House) -> None:
    await house.open(NORRVIK)
    question = await house.let_through(someone("mo", NORRVIK), "Hur gör andra?")
    await house.backed(question, "bo", "b", lane=NORRVIK)
    done = await house.questions.escalate(OLGA, question)
    assert done.data
    copy = done.data["question"]
    await house.questions.back(someone("lo"), copy)

    seen = await house.seen(copy, "kim")
    assert seen
    assert (seen["lane"], seen["backs"], seen["lifted_from"]) == ("national", 3, {"region": NORRVIK, "backs": 2})
    assert await refusal(house.questions.escalate(OLGA, question)) == "question.already_done"
    assert await refusal(house.questions.escalate(OLGA, copy)) == "question.not_regional"
    assert await refusal(house.questions.back(someone("bo", NORRVIK), copy)) == ""  # has come with it; once
    assert (await house.for_staff(copy))["backs"] == 3

    await house.questions.answered(OLGA, copy)
    regional = await house.seen(question, "bo", NORRVIK)
    assert regional
    assert regional["state"] == "answered"


async def test_a_lifted_question_that_is_merged_brings_the_answer_home(house: House) -> None:
    await house.open(NORRVIK)
    regional, national = await house.let_through(someone("mo", NORRVIK)), await house.let_through("kim")
    copy = ((await house.questions.escalate(OLGA, regional)).data or {})["question"]
    await house.questions.merge(OLGA, copy, national)
    await house.questions.write(OLGA, national, "Det står på sidan 4.")

    home = await house.seen(regional, "mo", NORRVIK)
    assert home
    assert (home["state"], home["answer"]) == ("written", "Det står på sidan 4.")


async def test_what_waits_is_given_to_somebody_and_answered_in_writing(house: House) -> None:
    question = await house.asked("kim")
    await house.day_is("ended")
    await house.questions.assign(OLGA, question, "c-kommun", due=date(2026, 12, 1))
    assert await refusal(house.questions.assign(OLGA, question, "c-ingen")) == "contributor.no_such"
    mine = await house.seen(question, "kim")
    assert mine
    assert mine["assigned"] == {"to": "c-kommun", "due": date(2026, 12, 1)}

    await house.questions.write(OLGA, question, "Så här är det.", seen="held")
    everybody = await house.seen(question, "lo")
    assert everybody
    assert (everybody["state"], everybody["answer"]) == ("written", "Så här är det.")
    assert await refusal(house.questions.write(OLGA, question, "Eller så.")) == "question.already_done"
    assert (await house.questions.write(OLGA, question, "Eller så.", seen="written")).seq


async def test_a_removed_text_is_in_the_log_no_more(house: House) -> None:
    await house.open(NORRVIK)
    question = await house.let_through(someone("mo", NORRVIK), "mitt hemliga namn")
    copy = ((await house.questions.escalate(OLGA, question)).data or {})["question"]
    await house.questions.write(OLGA, copy, "svar på mitt hemliga namn")
    await house.questions.remove(OLGA, question, "names-person")

    assert "hemliga" not in repr(await house.events())
    for seen in (await house.for_staff(question), await house.for_staff(copy), await house.seen(question, "mo", NORRVIK)):
        assert seen
        assert (seen["text"], seen["removed"]) == ("", True)
    assert await refusal(house.questions.remove(OLGA, question)) == "question.no_such"


async def test_one_takes_ones_own_question_back_as_long_as_it_waits(house: House) -> None:
    question, answered = await house.asked("kim"), await house.let_through("kim")
    await house.questions.answered(OLGA, answered)

    assert await refusal(house.questions.remove(someone("lo"), question)) == "role.missing"
    assert await refusal(house.questions.remove(someone("lo"), "none")) == "role.missing"
    assert await refusal(house.questions.remove(someone("kim"), answered)) == "question.already_done"
    await house.questions.remove(someone("kim"), question)
    assert isinstance((await house.events())[-1], QuestionRemoved)


@pytest.mark.parametrize("by", [someone("kim"), OLGA])
async def test_what_was_merged_into_a_question_that_is_taken_away_goes_its_own_ways_again(house: House, by: Actor) -> None:
    one, public, held, behind = (
        await house.let_through("kim"),
        await house.let_through("lo"),
        await house.asked("mo"),
        await house.asked("bo"),
    )
    await house.questions.merge(OLGA, behind, public)
    await house.questions.merge(OLGA, public, one)
    await house.questions.merge(OLGA, held, one)
    await house.questions.take_up(OLGA, one)
    await house.questions.remove(by, one)

    seen = [await house.for_staff(name) for name in (public, held, behind)]
    assert [(found["state"], found.get("merged"), "taken_up_at" in found) for found in seen] == [
        ("open", None, False),
        ("held", None, False),
        ("open", public, False),
    ]
    assert await house.seen(held, "lo") is None
    await house.questions.let_through(OLGA, held, seen="held")
    await house.questions.answered(OLGA, public, seen="open")
    assert (await house.for_staff(behind))["state"] == "answered"


@pytest.mark.parametrize("which", ["regional", "copy"])
async def test_what_was_merged_into_either_of_a_question_and_its_copy_is_free_when_both_are_taken_away(house: House, which: str) -> None:
    await house.open(NORRVIK)
    regional, beside = await house.let_through(someone("mo", NORRVIK)), await house.let_through(someone("bo", NORRVIK))
    copy, national = ((await house.questions.escalate(OLGA, regional)).data or {})["question"], await house.let_through("kim")
    await house.questions.merge(OLGA, beside, regional)
    await house.questions.merge(OLGA, national, copy)
    await house.questions.remove(*((someone("mo", NORRVIK), regional) if which == "regional" else (OLGA, copy)))

    seen = [await house.for_staff(name) for name in (regional, copy, beside, national)]
    assert [one.get("removed", False) for one in seen] == [True, True, False, False]
    assert [(one["state"], one.get("merged")) for one in seen[2:]] == [("open", None)] * 2
    assert (await house.questions.answered(OLGA, national, seen="open")).seq


async def test_what_has_ended_with_a_question_stays_ended_without_it_but_not_by_an_answer_that_is_gone(house: House) -> None:
    ends: dict[str, Any] = {"answered": house.questions.answered, "written": house.questions.write, "aside": house.questions.put_aside}
    became = {}
    for name, end in ends.items():
        one, other = await house.let_through("kim"), await house.let_through("lo")
        await house.questions.merge(OLGA, other, one)
        await end(OLGA, one, *([] if name == "answered" else ["enligt mitt hemliga namn"]))
        await house.questions.remove(OLGA, one)
        seen = await house.seen(other, "lo")
        assert seen
        became[name] = (seen["state"], seen.get("answer"), seen.get("reason"))

    assert became == {
        "answered": ("answered", None, None),
        "written": ("open", None, None),
        "aside": ("aside", None, "enligt mitt hemliga namn"),
    }
    assert not [event for event in await house.events() if "hemliga" in (getattr(event, "answer", None) or "")]


async def test_only_a_lane_of_the_day_has_a_panel(house: House) -> None:
    assert await refusal(house.questions.open(OLGA, "r-ingenstans")) == "lane.no_such"
    assert await refusal(house.questions.hold(OLGA, "r-ingenstans", hold=False)) == "lane.no_such"
    assert (await house.questions.close(OLGA, "r-ingenstans")).seq is None


async def test_another_name_is_told_where_it_is_shown(house: House) -> None:
    await house.asked("kim", anonymous=True)
    assert (await house.questions.named(Actor.house(DAY), "kim")).seq is None
    await house.let_through("kim")
    assert (await house.questions.named(Actor.house(DAY), "kim")).seq


async def test_one_backs_a_question_or_would_rather_have_another_and_staff_alone_see_how_many_would(house: House) -> None:
    question = await house.let_through("kim")
    await house.backed(question, "a", "b")
    told = await house.questions.oppose(someone("b"), question)
    again = await house.questions.oppose(someone("b"), question)
    await house.questions.oppose(someone("lo"), question)
    staff, mine, others = await house.for_staff(question), await house.seen(question, "kim"), await house.seen(question, "lo")

    assert told.data == again.data == {"question": question, "backs": 1, "backed": False, "opposed": True}
    assert (staff["backs"], staff["against"]) == (1, 2)
    assert mine
    assert others
    assert [name for one in (mine, others) for name in ("against", "label", "starred") if name in one] == []
    assert others["opposed"] is True
    await house.questions.unback(someone("lo"), question)
    await house.questions.back(someone("b"), question)
    assert "against" not in await house.for_staff(question)
    assert await refusal(house.questions.oppose(someone("kim"), question)) == "question.own"


async def test_merged_and_lifted_questions_bring_along_who_would_rather_have_another(house: House) -> None:
    await house.open(NORRVIK)
    one, other = await house.let_through(someone("mo", NORRVIK)), await house.let_through(someone("bo", NORRVIK))
    await house.backed(one, "b", lane=NORRVIK)
    for person in ("a", "b"):
        await house.questions.oppose(someone(person, NORRVIK), other)
    await house.questions.merge(OLGA, other, one)
    both = await house.for_staff(one)
    copy = ((await house.questions.escalate(OLGA, one)).data or {})["question"]
    lifted = await house.for_staff(copy)

    assert [(seen["backs"], seen["against"]) for seen in (both, lifted)] == [(2, 1)] * 2  # b backs the one; bo asked the other


async def test_moderators_label_and_star_whatever_has_become_of_it(house: House) -> None:
    question = await house.let_through("kim")
    await house.questions.answered(OLGA, question)
    await house.questions.label(OLGA, question, " Journal ")
    await house.questions.star(OLGA, question, starred=True)
    seen = await house.for_staff(question)

    assert (seen["label"], seen["starred"], seen["state"]) == ("Journal", True, "answered")
    assert (await house.questions.star(OLGA, question, starred=True)).seq is None
    assert await refusal(house.questions.label(OLGA, question, "x" * 41)) == "text.too_long"
    assert await refusal(house.questions.label(OLGA, "none", "Journal")) == "question.no_such"
    await house.questions.label(OLGA, question, " ")
    await house.questions.star(OLGA, question, starred=False)
    assert [name for name in ("label", "starred") if name in await house.for_staff(question)] == []


async def test_who_asked_lets_it_be_quoted_and_changes_their_mind(house: House) -> None:
    question = await house.let_through("kim", quotable=True)
    before, others = await house.seen(question, "kim"), await house.seen(question, "lo")
    await house.questions.consent(someone("kim"), question, quotable=False)
    after = await house.seen(question, "kim")

    assert before
    assert others
    assert after
    assert (before["quotable"], "quotable" in others, after["quotable"]) == (True, False, False)
    assert (await house.questions.consent(someone("kim"), question, quotable=False)).seq is None
    for who in (someone("lo"), OLGA):
        assert await refusal(house.questions.consent(who, question, quotable=True)) == "question.no_such"


async def test_what_stands_for_a_question_before_the_country_is_quoted_as_it_is(house: House) -> None:
    await house.open(NORRVIK)
    question = await house.let_through(someone("mo", NORRVIK), quotable=True)
    copy = ((await house.questions.escalate(OLGA, question)).data or {})["question"]
    before = (await house.for_staff(copy))["quotable"]
    await house.questions.consent(someone("mo", NORRVIK), question, quotable=False)

    assert (before, [(await house.for_staff(one))["quotable"] for one in (question, copy)]) == (True, [False, False])
    assert await refusal(house.questions.consent(someone("mo", NORRVIK), copy, quotable=True)) == "question.no_such"
