"""Texts and ideas that are sorted one by one, also before the close: on the screen or not, in themes, and backed by everybody."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlmodel import select

from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.transaction import Transaction
from conference.followup.keeping.tables import Disposal
from conference.followup.reports.frozen import frozen
from conference.followup.reports.tables import ReportFigures
from polls import Grouping, desk, export, results, views
from polls.kinds import Question
from polls.recount import recount
from polls.tables import Ballot, Count, Poll, SortedText
from tests.conftest import NINE
from tests.polls.houses import DAY, STAFF, House, someone
from tests.polls.kinds.asked import IDEAS

TEXT = Question("q", "text", "Vad tar ni med er?")
MANY = msgspec.structs.replace(IDEAS, ideas_each=3, backs_each=2)
HALL = Viewer("x", frozenset({"screen"}))


def grouping(house: House) -> Grouping:
    return Grouping(house.store, house.clock, house.polls._ids, house.polls)  # the ids of the house


async def a_closed_poll(house: House, question: Question, answers: list[Any]) -> str:
    poll = await house.an_open_poll(question)
    for number, answer in enumerate(answers):
        await house.polls.vote(someone(f"p{number}"), poll, answer)
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "stage")
    return poll


async def ids(house: House, poll: str) -> dict[str, str]:
    """Text -> its id."""
    async with house.store.reading() as session:
        row = await session.get(Poll, (DAY, poll))
        assert row
        return {one["text"]: one["id"] for one in await desk.written(session, row)}


async def shown(house: House, poll: str, viewer: Viewer = HALL) -> dict[str, Any]:
    async with house.store.reading() as session:
        found = await views.ideas(session, DAY, poll, viewer)
    return {**found, "ideas": sorted(found["ideas"])}


TEXTS = ["Fortsätt", "Mer tid", "Tid!", "Lyssna", "Fan också", "Ring"]


async def test_texts_wait_until_they_are_let_through_or_put_in_a_theme(house: House) -> None:
    poll = await a_closed_poll(house, TEXT, TEXTS)
    known, sort = await ids(house, poll), grouping(house)

    at_first = await shown(house, poll)
    await sort.judge(STAFF, poll, [known["Lyssna"]], "through")
    await sort.group(STAFF, poll, [known["Mer tid"], known["Tid!"], known["Fan också"]], " Mer  tid ")
    await sort.judge(STAFF, poll, [known["Fan också"]], "removed")
    sorted_ = await shown(house, poll)
    await sort.undo(STAFF, poll, list(known.values()))

    assert at_first == {"ideas": [], "themes": []}
    assert sorted_ == {"ideas": ["Lyssna"], "themes": [{"theme": "Mer tid", "n": 2}]}
    assert await shown(house, poll) == at_first
    assert (await house.state(HALL))[0]["sorts"] == 4


async def test_ideas_are_shown_but_those_with_a_held_word_wait(house: House) -> None:
    await house.hold_words("fan")
    poll = await a_closed_poll(house, MANY, [["Ring", "Skriv"], ["Fan också!"], "Mejla", "Träffas", "Fråga"])

    assert (await shown(house, poll))["ideas"] == ["Fråga", "Mejla", "Ring", "Skriv", "Träffas"]
    await grouping(house).judge(STAFF, poll, [(await ids(house, poll))["Fan också!"]], "through")
    assert (await shown(house, poll))["ideas"] == ["Fan också!", "Fråga", "Mejla", "Ring", "Skriv", "Träffas"]


async def test_when_the_ballots_have_gone_the_themes_are_told_as_the_report_has_them(house: House) -> None:
    poll = await a_closed_poll(house, TEXT, TEXTS)
    known, sort = await ids(house, poll), grouping(house)
    await sort.group(STAFF, poll, [known["Mer tid"], known["Tid!"]], "Tid")
    async with house.store.reading() as session:
        body = frozen({"polls": await results.asked(session, DAY)})

    async def dispose(tx: Transaction) -> None:
        ballots = await tx.every(Ballot)
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body=body))
        tx.put(Disposal(day=DAY, disposal=1, kinds=["ballot"], figures=1, held={}, by="anna", name="Anna", signed_at=NINE))
        for ballot in ballots:
            tx.drop(ballot)

    await house.store.run(dispose)

    async with house.store.reading() as session:
        [asked] = await results.asked(session, DAY)
    assert (asked["rounds"][0]["texts"], asked["rounds"][0]["themes"]) == ([], [{"theme": "Tid", "n": 2}])
    assert frozen({"polls": [asked]}) == body


async def test_report_and_files_have_all_texts_with_their_themes_but_for_removed_ones_and_the_ballots_are_untouched(house: House) -> None:
    poll = await a_closed_poll(house, TEXT, TEXTS)
    known, sort = await ids(house, poll), grouping(house)
    await sort.group(STAFF, poll, [known["Mer tid"], known["Tid!"]], "Tid")
    await sort.judge(STAFF, poll, [known["Fan också"]], "removed")

    async with house.store.reading() as session:
        [asked], [sheet], checked = await results.asked(session, DAY), await export.sheets(session, DAY), await recount(session, DAY)
    told = {one["text"]: one["theme"] for one in asked["rounds"][0]["texts"]}
    assert told == {"Fortsätt": "", "Mer tid": "Tid", "Tid!": "Tid", "Lyssna": "", "Ring": ""}
    assert {row[5]: row[9] for row in sheet.rows if row[5]} == {text: theme or None for text, theme in told.items()}
    assert (checked.agrees, checked.rounds[0].ballots) == (True, 6)


async def test_what_a_moderator_or_a_held_word_holds_is_in_no_report_until_it_is_let_through(house: House) -> None:
    await house.hold_words("fan")
    poll = await a_closed_poll(house, TEXT, TEXTS)
    known, sort = await ids(house, poll), grouping(house)

    async def told() -> list[str]:
        async with house.store.reading() as session:
            [asked] = await results.asked(session, DAY)
        return sorted(one["text"] for one in asked["rounds"][0]["texts"])

    at_first = await told()
    await sort.judge(STAFF, poll, [known["Ring"]], "held")
    held = await told()
    await sort.judge(STAFF, poll, [known["Ring"], known["Fan också"]], "through")

    assert at_first == ["Fortsätt", "Lyssna", "Mer tid", "Ring", "Tid!"]
    assert held == ["Fortsätt", "Lyssna", "Mer tid", "Tid!"]
    assert await told() == sorted(TEXTS)


async def test_everybody_backs_ideas_once_each_with_duplicates_as_one(house: House) -> None:
    poll = await a_closed_poll(house, MANY, [["Ring varandra", "Skriv"], "Ring!", "Mejla", "Träffas", "Fråga"])
    known, sort = await ids(house, poll), grouping(house)
    await sort.group(STAFF, poll, [known["Ring varandra"], known["Ring!"]], "Ring varandra")

    backing = str(((await sort.let_back(STAFF, poll)).data or {})["poll"])
    asked = next(one for one in await house.state(HALL) if one["poll"] == backing)
    first = asked["options"][0]["option"]
    for number in range(6):
        await house.polls.vote(someone(f"p{number}", f"w{number}"), backing, [first])
        await house.polls.vote(someone(f"p{number}", f"w{number}"), backing, [first])
    await house.polls.close(STAFF, backing)
    await house.polls.show(STAFF, backing, "everyone")

    tally = next(one for one in await house.state(Viewer("y")) if one["poll"] == backing)["tally"]
    async with house.store.reading() as session:
        report, sheets = (await results.asked(session, DAY))[1], await export.sheets(session, DAY)
    whole = [(row["option"], row["count"]) for row in report["rounds"][0]["rows"]]
    regions = [row for row in sheets[0].rows if row[0] == backing and row[4] is not None]
    assert (whole[0], [group["rows"] for group in report["rounds"][0]["regions"]], [row[5:] for row in regions]) == (
        (first, 6),
        [[]],
        [(None, None, 6, None, None)],
    )
    assert (asked["kind"], asked["most"], asked["options"][0]["text"]) == ("backing", 2, "Ring varandra")
    assert sorted(one["text"] for one in asked["options"]) == ["Fråga", "Mejla", "Ring varandra", "Skriv", "Träffas"]
    assert (tally["n"], tally["derived"]["rows"][0]) == (6, {"option": first, "support": 6, "share": 100})


async def test_while_a_poll_is_open_texts_come_five_at_a_time_and_what_is_said_of_them_stands_after_the_close(house: House) -> None:
    poll, sort = await house.an_open_poll(TEXT), grouping(house)
    seen = []
    for number, text in enumerate([*TEXTS, "Sju", "Åtta", "Nio"]):
        await house.polls.vote(someone(f"p{number}"), poll, text)
        seen.append(len(await ids(house, poll)))
    known = await ids(house, poll)
    await sort.group(STAFF, poll, [known["Mer tid"], known["Tid!"]], "Tid")
    await sort.judge(STAFF, poll, [known["Lyssna"]], "through")
    while_open = await shown(house, poll)
    await house.polls.vote(someone("p9"), poll, "Tio")
    after_ten = await ids(house, poll)
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "stage")

    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5]
    assert sorted(after_ten) == sorted([*TEXTS, "Sju", "Åtta", "Nio", "Tio"])
    assert while_open == {"ideas": [], "themes": []}  # the hall sees texts when nobody can change them any more
    assert await shown(house, poll) == {"ideas": ["Lyssna"], "themes": [{"theme": "Tid", "n": 2}]}
    assert set((await ids(house, poll)).values()).isdisjoint(after_ten.values())
    async with house.store.reading() as session:
        assert {row.text for row in await session.exec(select(SortedText))} <= set((await ids(house, poll)).values())


async def test_a_changed_answer_is_another_text_that_waits_for_four_more(house: House) -> None:
    poll, sort = await house.an_open_poll(TEXT), grouping(house)
    for number, text in enumerate(TEXTS[:5]):
        await house.polls.vote(someone(f"p{number}"), poll, text)
    await sort.judge(STAFF, poll, [(await ids(house, poll))["Fan också"]], "through")
    await house.polls.vote(someone("p4"), poll, "Något värre")
    for number in range(5, 10):
        await house.polls.vote(someone(f"p{number}"), poll, "Ring")
    async with house.store.reading() as session:
        row = await session.get(Poll, (DAY, poll))
        assert row
        told = {one["text"]: one["standing"] for one in await desk.written(session, row)}
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "stage")

    assert told["Något värre"] == "held"
    assert await shown(house, poll) == {"ideas": [], "themes": []}


async def test_a_second_round_leaves_what_was_said_of_the_first_and_a_withdrawn_text_waits_for_nothing(house: House) -> None:
    poll, sort = await a_closed_poll(house, TEXT, TEXTS), grouping(house)
    first = await ids(house, poll)
    await sort.group(STAFF, poll, [first["Ring"]], "Ring")
    await house.polls.again(STAFF, poll)
    for number in range(4):
        await house.polls.vote(someone(f"p{number}"), poll, "Nytt")
    await house.polls.withdraw(someone("p0"), poll)
    await house.polls.vote(someone("p4"), poll, "Nytt")
    at_four = await ids(house, poll)
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [asked] = await results.asked(session, DAY)
        counts = [count.waiting for count in await session.exec(select(Count))]
    assert (at_four, counts) == ({}, ["[]", "[]"])
    assert asked["rounds"][0]["themes"] == [{"theme": "Ring", "n": 1}]


async def test_what_cannot_be_grouped_or_backed_is_refused(house: House) -> None:
    sort = grouping(house)
    texts = await a_closed_poll(house, TEXT, TEXTS)
    few = await a_closed_poll(house, IDEAS, ["Ring"] * 4)
    many = await a_closed_poll(house, msgspec.structs.replace(IDEAS, ideas_each=5), [[f"{n} {m}" for m in range(5)] for n in range(13)])
    open_ = await house.an_open_poll(IDEAS)
    one = next(iter((await ids(house, texts)).values()))
    tries: list[tuple[Any, str]] = [
        (sort.judge(STAFF, texts, [], "held"), "text.empty"),
        (sort.judge(STAFF, texts, ["nowhere"], "held"), "word.no_such"),
        (sort.judge(STAFF, "nowhere", [one], "held"), "poll.no_such"),
        (sort.judge(STAFF, open_, [one], "held"), "word.no_such"),
        (sort.judge(STAFF, await house.an_open_poll(), [one], "held"), "poll.not_sorted"),
        (sort.group(STAFF, texts, [one], " "), "text.empty"),
        (sort.group(STAFF, texts, [one], "x" * 201), "text.too_long"),
        (sort.let_back(STAFF, texts), "poll.not_ideas"),
        (sort.let_back(STAFF, open_), "poll.not_closed"),
        (sort.let_back(STAFF, few), "ideas.too_few"),
        (sort.let_back(STAFF, many), "ideas.too_many"),
    ]

    codes = []
    for asked, _code in tries:
        with pytest.raises(Refused) as no:
            await asked
        codes.append(no.value.code)
    assert codes == [code for _asked, code in tries]
