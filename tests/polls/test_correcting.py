"""A misspelling is mended after people have answered, and nothing else is; what was mended stands in the report and the files."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from conference.core.errors import Refused
from conference.core.faces import Viewer, shown_to
from polls import PollCorrected, correcting, export, results, views
from polls.kinds import Option, Question
from polls.recount import recount
from tests.conftest import NINE
from tests.polls.houses import DAY, STAFF, House, someone

ASKED = Question(
    "q", "choice", "Når ni vanor om 30 dagar med varandra?", title_en="Do you reach habits?",
    options=(
        Option("ja", "Ja, alltid utan problem", "Yes"), Option("nej", "Nej, det gör vi aldirg"), Option("x", "Nej, det gör vi aldrigt"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("Når ni vanor om 30 dagar?", "Når ni varor om 30 dagar?", True),
        ("Nej, det gör vi aldirg", "Nej, det gör vi aldrig", False),  # a word that turns the sentence round comes in
        ("Samvrekan fungerar bra", "Samverkan fungerar bra", True),
        ("Samverkan fungerar bra", "Samverkan fungerar ej bra", False),
        ("Samverkan fungerar inte bra", "Samverkan fungerar bra", False),
        ("Klart om 30 dagar", "Klart om 3 dagar", False),
        ("Ja", "Nej", False),
        ("bra", "bro", False),
        ("Hur går samverkan mellan er?", "Hur dålig är samverkan?", False),
    ],
)
def test_some_letters_are_a_misspelling_and_numbers_and_turning_words_are_not(before: str, after: str, may: bool) -> None:
    assert correcting.is_misspelling(before, after) is may


@pytest.mark.parametrize(
    ("one", "other", "letters"), [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("ab", "ba", 2)]
)
def test_letters_are_counted(one: str, other: str, letters: int) -> None:
    assert (correcting.distance(one, other), correcting.distance(other, one)) == (letters, letters)


async def test_a_mended_question_is_seen_by_all_and_told_with_both_wordings_and_the_reason(house: House) -> None:
    poll = await house.an_open_poll(ASKED)
    await house.polls.vote(someone("p1"), poll, ["ja"])
    house.clock.wind(timedelta(minutes=72))

    await house.polls.correct(STAFF, poll, ("title", "Når ni varor om 30 dagar  med varandra?"), "Fel bokstav.")

    event = (await house.events())[-1]
    assert isinstance(event, PollCorrected)
    [news] = shown_to(Viewer("y"), views.FACES[PollCorrected](event))
    state = (await house.state(Viewer("y")))[0]
    async with house.store.reading() as session:
        [asked], [sheet], counted = await results.asked(session, DAY), await export.sheets(session, DAY), await recount(session, DAY)
    wrong, right = ASKED.title, "Når ni varor om 30 dagar med varandra?"
    told = {"at": NINE + timedelta(minutes=72), "part": "title", "before": wrong, "after": right, "reason": "Fel bokstav."}
    assert (news["title"], state["title"], state["tally"]["n"] if "tally" in state else None) == (right, right, None)
    assert asked["corrections"] == [told]
    assert [row[9] for row in sheet.rows if row[2] == "correction"] == [told["at"]]
    assert (counted.agrees, counted.rounds[0].title) == (True, right)


async def test_options_are_mended_too_and_no_step_by_step_leads_to_another_question(house: House) -> None:
    poll = await house.an_open_poll(ASKED)
    await house.polls.correct(STAFF, poll, ("option:ja", "Ja, alltid utan problom"), "Prov.")
    await house.polls.correct(STAFF, poll, ("title_en", "Do you reach habit?"), "Prov.")
    await house.polls.correct(STAFF, poll, ("option:ja", "Ja, alltod utan problom"), "Prov.")
    await house.polls.correct(STAFF, poll, ("option:ja", "Ja, olltod utan problom"), "Prov.")
    with pytest.raises(Refused) as no:
        await house.polls.correct(STAFF, poll, ("option:ja", "Jo, olltod utan prublom"), "Prov.")

    state = (await house.state(Viewer("y")))[0]
    assert no.value.code == "correction.too_much"
    assert (state["options"][0]["text"], state["title_en"]) == ("Ja, olltod utan problom", "Do you reach habit?")


async def test_what_is_no_correction_is_refused(house: House) -> None:
    poll = await house.an_open_poll(ASKED)
    draft = str(((await house.polls.make(STAFF, ASKED)).data or {})["poll"])
    put_away = await house.an_open_poll(ASKED)
    await house.polls.close(STAFF, put_away)
    await house.polls.archive(STAFF, put_away)
    fine = "Når ni varor om 30 dagar med varandra?"
    tries = [
        ("nowhere", "title", fine, "x", "poll.no_such"),
        (draft, "title", fine, "x", "poll.draft"),
        (put_away, "title", fine, "x", "poll.archived"),
        (poll, "help", fine, "x", "correction.no_such"),
        (poll, "option:z", fine, "x", "correction.no_such"),
        (poll, "title", " ", "x", "text.empty"),
        (poll, "title", fine, " ", "reason.empty"),
        (poll, "title", "x" * 301, "x", "text.too_long"),
        (poll, "title", fine, "x" * 201, "text.too_long"),
        (poll, "title", ASKED.title, "x", "correction.same"),
        (poll, "title", "En helt annan fråga?", "x", "correction.too_much"),
        (poll, "option:x", "Nej, det gör vi aldirg", "x", "correction.too_much"),
    ]

    codes = []
    for name, part, text, reason, _code in tries:
        with pytest.raises(Refused) as no:
            await house.polls.correct(STAFF, name, (part, text), reason)
        codes.append(no.value.code)
    assert codes == [code for *_rest, code in tries]


def test_every_wording_can_be_named() -> None:
    judged = Question("q", "scale", "Hur?", help="Tänk efter", statements=(Option("a", "Alfa", "Alpha"),), steps=5)

    assert correcting.wordings(judged) == {"title": "Hur?", "help": "Tänk efter", "statement:a": "Alfa", "statement_en:a": "Alpha"}
    assert correcting.put_right(judged, "statement_en:a", "Alpho").statements[0].text_en == "Alpho"
    assert msgspec.to_builtins(correcting.put_right(judged, "help", "Tänk"))["help"] == "Tänk"
