"""The verbs of polls, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry, first_break
from conference.core.errors import Refused
from conference.core.faces import Viewer
from polls import PollArchived, PollClosed, PollExtended, PollMade, PollOpened, ResultShown
from polls.kinds import Option, Question
from polls.rules import GRACE
from polls.tables import Ballot
from tests.polls.houses import DAY, JA_NEJ, STAFF, House, day_is, someone

ANYBODY = Viewer("kim")
MODERATOR = Viewer("olga", frozenset({"moderator"}))


async def test_a_poll_is_made_opened_voted_in_closed_and_shown(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["ja"])
    await house.polls.vote(someone("lo", people=6), poll, ["nej"])
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "everyone")
    await house.polls.archive(STAFF, poll)

    assert [type(event) for event in await house.events()] == [PollMade, PollOpened, PollClosed, ResultShown, PollArchived]
    shown = (await house.events())[3]
    assert isinstance(shown, ResultShown)
    assert shown.tally == {
        "n": 2,
        "behind": 7,
        "counts": {"ja": 1, "nej": 1},
        "regions": [{"region": "national", "n": None, "counts": {"ja": None, "nej": None}}],
    }


async def test_a_changed_vote_counts_once_and_keeps_its_receipt(house: House) -> None:
    poll = await house.an_open_poll()

    first = await house.polls.vote(someone("kim"), poll, ["ja"])
    second = await house.polls.vote(someone("kim"), poll, ["nej"])
    await house.polls.close(STAFF, poll)

    assert first == second
    assert (await house.state(MODERATOR))[0]["tally"]["counts"] == {"ja": 0, "nej": 1}


async def test_the_same_wish_gives_the_same_receipt_and_another_body_is_refused(house: House) -> None:
    poll = await house.an_open_poll()

    first = await house.polls.vote(someone("kim", "w1", body="ja"), poll, ["ja"])
    assert await house.polls.vote(someone("kim", "w1", body="ja"), poll, ["ja"]) == first
    with pytest.raises(Refused) as no:
        await house.polls.vote(someone("kim", "w1", body="nej"), poll, ["nej"])

    assert no.value.code == "wish.id_reused"
    await house.polls.close(STAFF, poll)
    assert await house.polls.vote(someone("kim", "w1", body="ja"), poll, ["ja"]) == first


async def test_two_tabs_that_vote_at_one_instant_are_one_voter(house: House) -> None:
    poll = await house.an_open_poll()

    for _ in range(50):
        await asyncio.gather(*(house.polls.vote(someone(f"p{i}"), poll, [answer]) for i in range(10) for answer in ("ja", "nej")))
    await house.polls.close(STAFF, poll)

    tally = (await house.state(MODERATOR))[0]["tally"]
    assert (tally["n"], sum(tally["counts"].values())) == (10, 10)


async def test_a_withdrawn_vote_is_gone(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["ja"])

    await house.polls.withdraw(someone("kim"), poll)
    await house.polls.withdraw(someone("lo"), poll)
    await house.polls.close(STAFF, poll)

    assert (await house.state(MODERATOR))[0]["tally"]["n"] == 0


async def test_who_may_not_vote_is_told_the_same_whether_the_poll_is_there_or_not(house: House) -> None:
    made = await house.polls.make(STAFF, JA_NEJ)
    assert made.data
    regional = await house.an_open_poll(scope="r-norrvik")

    codes = []
    for poll in (made.data["poll"], regional, "nowhere"):
        with pytest.raises(Refused) as no:
            await house.polls.vote(someone("kim", region="r-vastero"), poll, ["ja"])
        codes.append(no.value.code)
    assert codes == ["poll.no_such"] * 3
    assert (await house.polls.vote(someone("lo", region="r-norrvik"), regional, ["ja"])).data


@pytest.mark.parametrize("verb", ["close", "archive"])
async def test_nobody_votes_in_a_poll_that_is_over(house: House, verb: str) -> None:
    poll = await house.an_open_poll()
    await house.polls.close(STAFF, poll)
    if verb == "archive":
        await house.polls.archive(STAFF, poll)

    with pytest.raises(Refused) as no:
        await house.polls.vote(someone("kim"), poll, ["ja"])
    assert no.value.code == "poll.not_open"


async def test_what_is_put_away_is_shown_to_nobody_any_more_and_says_so(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.close(STAFF, poll)
    await house.polls.archive(STAFF, poll)

    with pytest.raises(Refused) as no:
        await house.polls.show(STAFF, poll, "everyone")
    assert no.value.code == "poll.archived"


async def test_a_poll_of_the_national_lane_is_for_those_without_a_region(house: House) -> None:
    made = (await house.polls.make(STAFF, JA_NEJ, scope="national")).data
    assert made
    await house.polls.open(STAFF, made["poll"])

    assert (await house.polls.vote(someone("kim"), made["poll"], ["ja"])).data
    with pytest.raises(Refused) as no:
        await house.polls.vote(someone("lo", region="r-norrvik"), made["poll"], ["ja"])
    assert no.value.code == "poll.no_such"


async def test_votes_and_close_cannot_cross(house: House) -> None:
    poll = await house.an_open_poll()
    votes = [house.polls.vote(someone(f"p{i % 200}"), poll, ["ja"]) for i in range(400)]

    answers = await asyncio.gather(*votes[:300], house.polls.close(STAFF, poll), *votes[300:], return_exceptions=True)

    acknowledged = {i % 200 for i, answer in enumerate(answers[:300] + answers[301:]) if not isinstance(answer, Exception)}
    assert (await house.state(MODERATOR))[0]["tally"]["n"] == len(acknowledged)


async def test_a_poll_closes_by_itself_when_its_time_is_over_unless_it_is_extended(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.extend(STAFF, poll, 60)
    clockwork = Actor.house(DAY)

    house.clock.wind(timedelta(seconds=180) + GRACE - timedelta(seconds=1))
    assert (await house.polls.close_due(clockwork), await house.polls.due()) == (0, [])
    assert (await house.polls.vote(someone("far-behind"), poll, ["ja"])).data
    house.clock.wind(timedelta(seconds=1))
    assert await house.polls.due() == [DAY]
    assert (await house.polls.close_due(clockwork), await house.polls.close_due(clockwork)) == (1, 0)
    assert [type(event) for event in await house.events()][2:] == [PollExtended, PollClosed]


async def test_a_new_round_starts_empty_and_the_same_person_votes_again(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["ja"])
    await house.polls.close(STAFF, poll)

    await house.polls.again(STAFF, poll)
    await house.polls.vote(someone("kim"), poll, ["nej"])
    await house.polls.close(STAFF, poll)

    [shown] = await house.state(MODERATOR)
    assert (shown["round"], shown["tally"]["n"], shown["tally"]["counts"]) == (2, 1, {"ja": 0, "nej": 1})


async def test_drafts_and_hidden_tallies_are_for_staff_only(house: House) -> None:
    await house.polls.make(STAFF, JA_NEJ)
    poll = await house.an_open_poll()

    assert [(one["poll"], one.get("tally")) for one in await house.state(ANYBODY)] == [(poll, None)]
    assert [one["voting"] for one in await house.state(MODERATOR)] == ["draft", "open"]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Question("q", "choice", "Ett alternativ", options=(Option("a", "A"),)), "Skriv minst två svarsalternativ."),
        (Question("q", "scale", "Ett steg", steps=1), "Välj hur många steg skalan har"),
        (Question("q", "choice", "Dubbla", options=(Option("a", "A"), Option("a", "B"))), "Två svarsalternativ är lika."),
        (Question("q", "choice", "Lika", options=(Option("a", "Ja"), Option("b", " ja"))), "Två svarsalternativ är lika."),
        (Question("q", "choice", "Tom", options=(Option("a", "A"), Option("b", " "))), "Ett svarsalternativ är tomt."),
        (Question("q", "choice", "Fler", options=JA_NEJ.options, most=3), "Man får välja fler svar än det finns."),
        (Question("q", "choice", "Många", options=tuple(Option(f"o{n}", f"Svar {n}") for n in range(21))), "Frågan har för många"),
        (Question("q", "ranking", "Senare"), "Skriv minst två saker att ordna"),
        (Question("q", "tarot", "Senare"), "Den sortens fråga finns inte här."),
        (Question("q", "backing", "Stöd"), "Frågan saknar något som dess sort behöver."),
    ],
)
async def test_a_question_that_cannot_be_asked_is_refused_with_what_to_do(house: House, question: Question, says: str) -> None:
    with pytest.raises(Refused) as no:
        await house.polls.make(STAFF, question)
    assert (no.value.code, no.value.text[: len(says)]) == ("poll.wrong", says)


async def test_the_audit_chain_holds_the_seal_of_every_box(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["ja"])
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        chain = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))).all()
        [ballot] = (await session.exec(select(Ballot))).all()
    assert [entry.did for entry in chain] == ["ballots.sealed"]
    assert '"ballots":1' in chain[0].note
    assert first_break(chain) is None
    assert first_break([chain[0].model_copy(update={"note": "{}"})]) == 1
    assert ballot.about is None


async def test_no_poll_opens_on_a_day_that_has_not_begun_or_is_over(house: House) -> None:
    made = (await house.polls.make(STAFF, JA_NEJ)).data
    asked = await house.an_open_poll()
    await house.polls.close(STAFF, asked)
    assert made

    codes: dict[str, list[str]] = {}
    for state in ("published", "ended"):
        await day_is(house.store, state)
        wishes = (house.polls.open(STAFF, made["poll"]), house.polls.again(STAFF, asked), house.polls.make(STAFF, JA_NEJ, at_once=True))
        codes[state] = []
        for wish in wishes:
            with pytest.raises(Refused) as no:
                await wish
            codes[state].append(no.value.code)

    assert codes == {"published": ["day.not_live"] * 3, "ended": ["day.ended"] * 3}
