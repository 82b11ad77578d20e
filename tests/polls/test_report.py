"""The polls' section of the report: what came of every poll, and nothing that would tell on somebody."""

from __future__ import annotations

from typing import Any

from conference.core.transaction import Transaction
from conference.tables import Region
from polls.kinds import Question
from polls.report import section
from tests.polls.houses import DAY, JA_NEJ, STAFF, House, someone

WORDS = Question("q2", "words", "Ett ord?", most=3)
TEXT = Question("q3", "text", "Vad?", longest=100)
SCALE = Question("q4", "scale", "Hur?", steps=4, labels=("aldrig", "alltid"), dont_know="Vet ej", dont_know_en="Do not know")


async def report(house: House) -> list[dict[str, Any]]:
    async with house.store.reading() as session:
        polls: list[dict[str, Any]] = (await section(session, DAY))["polls"]
        return polls


async def name_a_region(house: House) -> None:
    async def put(tx: Transaction) -> None:
        tx.put(Region(day=DAY, region="r-stor", name="Region Storvik"))

    await house.store.run(put)


async def vote(house: House, poll: str, answers: list[Any], region: str | None = None) -> None:
    for number, answer in enumerate(answers):
        await house.polls.vote(someone(f"{region}-{number}", region=region, people=2), poll, answer)


async def test_a_poll_is_told_with_its_shares_their_n_and_base(house: House) -> None:
    poll = await house.an_open_poll()
    await vote(house, poll, [["ja"]] * 9 + [["nej"]] * 3)
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    [round_] = told["rounds"]
    assert (told["title"], told["kind"], told["scope"], told["region"]) == ("Ja eller nej?", "choice", "country", None)
    assert (round_["round"], round_["open"], round_["n"], round_["behind"], round_["texts"]) == (1, False, 12, 24, [])
    assert round_["rows"] == [
        {"option": "ja", "text": "Ja", "text_en": "Ja", "percent": 75, "count": 9, "n": 12, "base": "svar", "between": (47, 91)},
        {"option": "nej", "text": "Nej", "text_en": "Nej", "percent": 25, "count": 3, "n": 12, "base": "svar", "between": (9, 53)},
    ]


async def test_a_region_has_its_own_rows_and_a_small_one_none(house: House) -> None:
    await name_a_region(house)
    poll = await house.an_open_poll()
    await vote(house, poll, [["ja"]] * 20 + [["nej"]] * 20, "r-stor")
    await vote(house, poll, [["ja"]] * 20 + [["nej"]] * 20)
    await vote(house, poll, [["nej"]] * 2, "r-liten")
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    regions = {region["region"]: region for region in told["rounds"][0]["regions"]}
    shown = {name: (one["name"], one["n"], [(row["count"], row["percent"]) for row in one["rows"]]) for name, one in regions.items()}
    assert (shown["r-liten"], regions["r-liten"]["rows"][0]["n"]) == ((None, None, [(None, None), (None, None)]), None)
    # One more is withheld, so that nobody can subtract; it is either of the two that are as large.
    assert [one for one in (shown["r-stor"], shown["national"]) if one[1]] in (
        [("Region Storvik", 40, [(20, 50), (20, 50)])],
        [(None, 40, [(20, 50), (20, 50)])],
    )


async def test_every_round_is_told_and_an_open_one_only_in_steps(house: House) -> None:
    poll = await house.an_open_poll()
    await vote(house, poll, [["ja"]] * 6)
    await house.polls.close(STAFF, poll)
    await house.polls.again(STAFF, poll)
    await vote(house, poll, [["nej"]] * 7)

    [told] = await report(house)
    assert [(one["round"], one["open"], one["n"], [row["count"] for row in one["rows"]], one["regions"]) for one in told["rounds"]] == [
        (1, False, 6, [6, 0], [{"region": "national", "name": None, "n": 6, "rows": told["rounds"][0]["regions"][0]["rows"]}]),
        (2, True, 5, [0, 5], []),
    ]


async def test_the_shift_between_two_rounds_has_the_n_of_each_and_says_when_chance_may_have_made_it(house: House) -> None:
    poll = await house.an_open_poll()
    await vote(house, poll, [["ja"]] * 12 + [["nej"]] * 36)
    await house.polls.close(STAFF, poll)
    await house.polls.again(STAFF, poll)
    await vote(house, poll, [["ja"]] * 30 + [["nej"]] * 10)

    [while_open] = await report(house)
    await house.polls.close(STAFF, poll)
    await house.polls.again(STAFF, poll)
    await vote(house, poll, [["ja"]] * 28 + [["nej"]] * 12)
    await house.polls.close(STAFF, poll)
    await house.polls.again(STAFF, poll)
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    assert [one["shift"] for one in while_open["rounds"]] == [[], []]
    assert [[(row["text"], row["before"], row["after"], row["sure"]) for row in one["shift"]] for one in told["rounds"]] == [
        [],
        [
            ("Ja", {"percent": 25, "n": 48}, {"percent": 75, "n": 40}, True),
            ("Nej", {"percent": 75, "n": 48}, {"percent": 25, "n": 40}, True),
        ],
        [
            ("Ja", {"percent": 75, "n": 40}, {"percent": 70, "n": 40}, False),
            ("Nej", {"percent": 25, "n": 40}, {"percent": 30, "n": 40}, False),
        ],
        [],  # nobody answered
    ]


async def test_a_word_that_one_round_withholds_has_no_shift(house: House) -> None:
    poll = await house.an_open_poll(WORDS)
    await vote(house, poll, [["tid"]] * 5 + [["tillit"]] * 4)
    await house.polls.close(STAFF, poll)
    await house.polls.again(STAFF, poll)
    await vote(house, poll, [["tid"]] * 8 + [["tillit"]] * 8)
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    assert [(row["text"], row["before"]["n"], row["after"]["n"]) for row in told["rounds"][1]["shift"]] == [("tid", 9, 16)]


async def test_words_are_ranked_and_rare_ones_are_not_told(house: House) -> None:
    poll = await house.an_open_poll(WORDS)
    await vote(house, poll, [["Tillit", "tid"]] * 5 + [["tillit"]] * 3 + [["stuprör"]] * 4)
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    assert [(row["text"], row["count"], row["percent"], row["n"]) for row in told["rounds"][0]["rows"]] == [
        ("tillit", 8, 67, 12),
        ("tid", 5, 42, 12),
    ]


async def test_texts_are_told_after_the_close_from_five_on_and_not_in_their_order(house: House) -> None:
    poll, few = await house.an_open_poll(TEXT), await house.an_open_poll(TEXT)
    written = [f"svar {number:02}" for number in range(30)]
    await vote(house, poll, written)
    await vote(house, few, written[:4])

    while_open = [told["rounds"][0]["texts"] for told in await report(house)]
    await house.polls.close(STAFF, poll)
    await house.polls.close(STAFF, few)
    texts, few_texts = ([text["text"] for text in told["rounds"][0]["texts"]] for told in await report(house))

    assert (while_open, few_texts) == ([[], []], [])
    assert (sorted(texts), texts == written) == (written, False)


async def test_steps_are_told_by_their_labels_and_those_between_by_their_number(house: House) -> None:
    poll = await house.an_open_poll(SCALE)
    await vote(house, poll, [1, 4, None])
    await house.polls.close(STAFF, poll)

    [told] = await report(house)
    assert [(row["text"], row["text_en"], row["count"]) for row in told["rounds"][0]["rows"]] == [
        ("aldrig", "aldrig", 1),
        ("2", "2", 0),
        ("3", "3", 0),
        ("alltid", "alltid", 1),
        ("Vet ej", "Do not know", 1),
    ]


async def test_a_poll_that_nobody_opened_is_not_told_and_one_without_answers_is(house: House) -> None:
    await house.polls.make(STAFF, JA_NEJ)
    poll = await house.an_open_poll(scope="r-stor")
    await name_a_region(house)
    await house.polls.close(STAFF, poll)
    await house.polls.archive(STAFF, poll)

    [told] = await report(house)
    assert (told["poll"], told["region"], told["rounds"][0]["n"]) == (poll, "Region Storvik", 0)
    assert [row["percent"] for row in told["rounds"][0]["rows"]] == [None, None]
