"""Words that are sorted: spellings as one, words that wait, words that only bind others together; and the ballots are as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.core.faces import Viewer, shown_to
from conference.core.sheets import WITHHELD
from conference.core.transaction import Transaction
from conference.followup.keeping.tables import Disposal
from polls import Moderating, PollSorted, desk, export, results, sorting, views
from polls.kinds import Question
from polls.recount import recount
from polls.sorting import UNSORTED, Sorting
from polls.tables import Ballot, Poll
from polls.tally import counted
from tests.conftest import NINE
from tests.polls.houses import DAY, STAFF, House, someone
from tests.polls.kinds.asked import RANKING

WORDS = Question("q", "words", "Ett ord?", most=3, stop_words=("sv", "en"))
HALL = Viewer("x", frozenset({"screen"}))
GUEST = Viewer("y")
WRITTEN = (
    [["journal"]] * 5
    + [["Journaler", "jounal"]] * 2
    + [["jounal", "tillit"]]
    + [["tillit", "och"]] * 6
    + [["strunt också"]] * 5
    + [["mod"]]
)


def moderating(house: House) -> Moderating:
    return Moderating(house.store, house.clock)


async def written(house: House, answers: list[list[str]] = WRITTEN) -> str:
    """A poll that many have answered, shown to everyone."""
    poll = await house.an_open_poll(WORDS)
    for number, answer in enumerate(answers):
        await house.polls.vote(someone(f"p{number}"), poll, answer)
    await house.polls.show(STAFF, poll, "everyone")
    return poll


async def counts(house: House, viewer: Viewer = HALL) -> dict[str, int]:
    found: dict[str, int] = (await house.state(viewer))[0]["tally"]["counts"]
    return found


async def agrees(house: House) -> bool:
    async with house.store.reading() as session:
        return (await recount(session, DAY)).agrees


async def test_an_answer_with_two_spellings_of_a_merged_word_counts_once_and_undoing_brings_all_back(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    before = await counts(house)

    await desk_.merge(STAFF, poll, ["Journaler", "jounal"], "Journal")
    merged = await counts(house)
    await house.polls.vote(someone("p0"), poll, ["mod"])
    await house.polls.vote(someone("new"), poll, ["jounal", "journaler"])
    for number in range(4):  # a picture comes at every fifth answer
        await house.polls.vote(someone(f"new{number}"), poll, [f"ord {number}"])
    later = await counts(house)
    checked = await agrees(house)
    await desk_.undo(STAFF, poll, ["journal"])

    assert before == {"journal": 5, "tillit": 7, "strunt också": 5}
    assert merged == {"journal": 8, "tillit": 7, "strunt också": 5}
    assert later == {"journal": 8, "tillit": 7, "strunt också": 5}
    assert checked
    assert await counts(house) == {"tillit": 7, "strunt också": 5}


async def test_sorting_after_the_close_is_told_and_counted_again_without_a_fault(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    await desk_.merge(STAFF, poll, ["journaler"], "journal")
    await house.polls.close(STAFF, poll)
    at_close = await counts(house, GUEST)
    await desk_.merge(STAFF, poll, ["jounal"], "journal")
    event = (await house.events())[-1]
    checked = await agrees(house)

    assert isinstance(event, PollSorted)
    told = shown_to(GUEST, views.FACES[PollSorted](event))
    assert (at_close["journal"], [one["tally"]["counts"]["journal"] for one in told], checked) == (7, [8], True)
    assert (await house.state(GUEST))[0]["sorts"] == 2


async def test_when_the_ballots_have_gone_what_counts_as_what_stands_and_words_can_still_be_held(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    await desk_.merge(STAFF, poll, ["journaler"], "journal")
    await house.polls.close(STAFF, poll)

    async def dispose(tx: Transaction) -> None:
        ballots = await tx.every(Ballot)
        tx.put(Disposal(day=DAY, disposal=1, kinds=["ballot"], figures=1, held={}, by="anna", name="Anna", signed_at=NINE))
        for ballot in ballots:
            tx.drop(ballot)

    await house.store.run(dispose)
    before = await counts(house)
    refused = []
    for change in (desk_.merge(STAFF, poll, ["jounal"], "journal"), desk_.undo(STAFF, poll, ["journal"])):
        with pytest.raises(Refused) as said:
            await change
        refused.append(said.value.code)
    after = await counts(house)
    await desk_.judge(STAFF, poll, ["tillit"], "removed")

    assert refused == ["poll.disposed", "poll.disposed"]
    assert before == after == {"journal": 7, "tillit": 7, "strunt också": 5}
    assert await counts(house) == {"journal": 7, "strunt också": 5}


async def test_a_held_word_shows_nowhere_until_it_is_let_through(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    await house.hold_words("STRUNT", " ")
    held = [await counts(house, viewer) for viewer in (HALL, GUEST, Viewer("olga", frozenset({"moderator"})))]
    await desk_.judge(STAFF, poll, ["strunt också"], "through")
    through = await counts(house)
    await desk_.judge(STAFF, poll, ["strunt också"], "removed")

    assert [("strunt också" in one) for one in held] == [False, False, False]
    assert through["strunt också"] == 5
    assert "strunt också" not in await counts(house)
    assert await agrees(house)


async def test_a_day_that_holds_words_holds_them_in_polls_that_open_later(house: House) -> None:
    await house.hold_words("strunt")
    await written(house)

    assert await counts(house) == {"journal": 5, "tillit": 7}


async def test_words_that_only_bind_others_together_are_no_answer_until_let_through(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    without = await counts(house)
    await desk_.judge(STAFF, poll, ["och"], "through")

    assert ("och" in without, (await counts(house))["och"]) == (False, 6)


async def test_below_twenty_answers_sorting_tells_no_more_than_was_shown(house: House) -> None:
    poll, desk_ = await written(house, [["journal"]] * 5 + [["jounal"]] * 4), moderating(house)
    await desk_.merge(STAFF, poll, ["jounal"], "journal")
    five = await counts(house)
    await house.polls.vote(someone("tenth"), poll, ["jounal", "journal"])

    assert (five, await counts(house)) == ({"journal": 5}, {"journal": 10})


async def test_the_moderator_sees_rare_words_and_why_each_is_not_shown(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    await desk_.merge(STAFF, poll, ["jounal"], "journal")
    await desk_.judge(STAFF, poll, ["tillit"], "held")

    async with house.store.reading() as session:
        row = await session.get(Poll, (DAY, poll))
        assert row
        rows = await desk.words(session, row)
    assert [(one["word"], one["all"] or one["n"], one["into"], one["why"]) for one in rows] == [
        ("journal", 8, None, None),
        ("tillit", 7, None, "held"),
        ("och", 6, None, "stop"),
        ("strunt också", 5, None, None),
        ("jounal", 3, "journal", "rare"),
        ("journaler", 2, None, "rare"),
        ("mod", 1, None, "rare"),
    ]
    assert rows[0]["spellings"] == ["jounal"]


async def test_files_have_the_merged_word_and_what_it_is_made_of(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    await desk_.merge(STAFF, poll, ["jounal"], "journal")
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        [sheet], [asked] = await export.sheets(session, DAY), await results.asked(session, DAY)
    assert asked["rounds"][0]["merged"] == [{"word": "journal", "count": 8, "spellings": {"journal": None}, "rare": 1}]
    assert [(row[2], row[6]) for row in sheet.rows if row[2] == "spellings"] == [("spellings", WITHHELD)] * 2
    assert "jounal" not in str(sheet.rows)


async def test_what_cannot_be_sorted_is_refused(house: House) -> None:
    poll, desk_ = await written(house), moderating(house)
    choice, made = await house.an_open_poll(), await house.polls.make(STAFF, WORDS)
    draft = str((made.data or {})["poll"])
    tries: list[tuple[Any, str]] = [
        (desk_.merge(STAFF, poll, ["journal"], " "), "text.empty"),
        (desk_.merge(STAFF, poll, ["journal"], "Journal"), "word.alone"),
        (desk_.merge(STAFF, poll, ["journal"], "x" * 31), "text.too_long"),
        (desk_.judge(STAFF, poll, [" "], "held"), "text.empty"),
        (desk_.judge(STAFF, choice, ["ja"], "held"), "poll.not_sorted"),
        (desk_.judge(STAFF, draft, ["ja"], "held"), "poll.draft"),
        (desk_.judge(STAFF, "nowhere", ["ja"], "held"), "poll.no_such"),
    ]

    codes = []
    for asked, _code in tries:
        with pytest.raises(Refused) as no:
            await asked
        codes.append(no.value.code)
    assert codes == [code for _asked, code in tries]


def test_a_word_that_others_count_as_takes_them_along_and_leaves_them_when_undone() -> None:
    one = sorting.merge(WORDS, UNSORTED, ["jounal"], "journal")
    two = sorting.merge(WORDS, one, ["journal"], "journalen")
    three = sorting.merge(WORDS, two, ["joornal"], "jounal")

    assert two.into == dict.fromkeys(("jounal", "journal", "journalen"), "journalen")
    assert three.into["joornal"] == "journalen"
    assert sorting.undo(WORDS, two, ["journalen"]) == UNSORTED
    assert sorting.undo(WORDS, one, ["jounal"]) == UNSORTED


def test_more_than_a_poll_can_hold_is_refused() -> None:
    many = [f"w{n}" for n in range(sorting.MERGED_MOST + 1)]
    with pytest.raises(Refused) as merging:
        sorting.merge(WORDS, UNSORTED, many, "w")
    with pytest.raises(Refused) as judging:
        sorting.judge(WORDS, Sorting(judged=dict.fromkeys([f"w{n}" for n in range(sorting.JUDGED_MOST)], "held")), ["one more"], "held")

    assert (merging.value.code, judging.value.code) == ("word.too_many", "word.too_many")


def test_only_words_are_sorted_by_their_form_and_other_cells_by_their_name() -> None:
    with pytest.raises(Refused) as no:
        sorting.judge(RANKING, UNSORTED, ["z"], "held")

    assert no.value.code == "word.no_such"
    assert sorting.judge(RANKING, UNSORTED, ["a"], "held").hides(RANKING, "a") == "held"
    assert UNSORTED.hides(RANKING, "och") is None


def test_a_list_of_stop_words_is_sorted_and_holds_no_answer() -> None:
    for language in sorting.STOP_LANGUAGES:
        words = (Path(sorting.__file__).parent / "stop_words" / f"{language}.txt").read_text(encoding="utf-8").split()
        assert words == sorted(set(words))
    for word in ("inte", "ja", "nej", "no", "not", "yes", "tid", "bra"):
        assert UNSORTED.hides(WORDS, word) is None
    assert [UNSORTED.hides(WORDS, word) for word in ("och", "the", "i det", "och mod")] == ["stop", "stop", "stop", None]
    assert counted(WORDS, [(["och"], 0)]).counts == {"och": 1}
