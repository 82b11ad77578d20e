"""Letters: kept until there is an answer, sent once, tried again, and their addresses forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from chat.questions import Asked, Letters, Wanted
from chat.questions.letters import AGAIN, KEPT, TRIES_MOST, WAITING_MOST
from chat.questions.tables import Letter
from conference.core.addresses import checked
from conference.core.errors import Refused
from conference.core.ids import RandomIds
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.followup import Reminders
from polls.ballots import Box
from polls.surveys import SurveyLetters
from tests.chat.questions.houses import DAY, OLGA, House, a_house, refusal, someone
from tests.web.mailboxes import Mailbox, a_mailbox
from web.mailing import MailServer
from web.postman import Bags, Postman
from web.settings import BadSettings, Settings, load

KIM = "kim.ek@example.se"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(f"sqlite+aiosqlite:///{tmp_path / 'd.db'}") as one:
        await one.questions.open(OLGA, "national")
        yield one


def a_postman(house: House, box: Mailbox | None, **more: Any) -> Postman:
    url = f"smtp://127.0.0.1:{box.port}?from=dagen@example.se" if box else None
    settings = Settings(mail_url=url, base_url="https://dagen.example", **more)
    links = SurveyLetters(house.store, house.clock, RandomIds(), Box(Path(mkdtemp()), RandomIds()))
    bags = Bags(Letters(house.store, house.clock), links, Reminders(house.store, house.clock, RandomIds()))
    return Postman(house.store, bags, house.clock, settings)


async def addresses(store: Store) -> list[str]:
    async def read(tx: Transaction) -> list[str]:
        return sorted(letter.address for letter in await tx.every(Letter))

    return await store.run(read)


def _in_the_files(folder: Path) -> bool:
    return any(KIM.encode() in path.read_bytes() for path in folder.glob("d.db*"))


async def test_an_answer_in_writing_is_mailed_once_and_the_address_forgotten(house: House, tmp_path: Path) -> None:
    async with a_mailbox() as box:
        postman = a_postman(house, box)
        asked = await house.asked("kim", "Vem betalar?", mail=Wanted(KIM, "sv"))
        before = await postman.round()
        await house.questions.write(OLGA, asked, "Regionen.\nOch staten.")
        sent = [await postman.round()]
        in_files = [_in_the_files(tmp_path)]
        sent += [await postman.round()]
        in_files += [_in_the_files(tmp_path)]

    assert (before, sent, await addresses(house.store)) == (0, [1, 0], [])
    assert in_files == [True, False]
    [letter] = box.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (KIM, "dagen@example.se", "Svar på din fråga, Dagen")
    assert letter["Message-ID"] == f"<{asked}.{DAY}@example.se>"
    text = letter.get_content().replace("\r\n", "\n")
    assert "> Vem betalar?\n\nSvaret:\nRegionen.\nOch staten.\n" in text
    assert f"https://dagen.example/days/{DAY}#fragor" in text


async def test_who_asked_what_was_merged_gets_the_answer_too_in_their_own_language(house: House) -> None:
    async with a_mailbox() as box:
        one, other = await house.let_through("lo"), await house.let_through("kim", "Who pays?", mail=Wanted(KIM, "en"))
        await house.questions.merge(OLGA, other, one)
        await house.questions.answered(OLGA, one)
        await a_postman(house, box).round()

    [letter] = box.letters
    text = letter.get_content()
    assert letter["Subject"] == "Answer to your question, Dagen"
    assert f"/days/{DAY}/questions/{other}/moment" in text


@pytest.mark.parametrize(("says", "left"), [("450 later", [KIM]), ("550 nobody", [])])
async def test_what_is_not_taken_is_tried_again_later_unless_it_never_will_be(house: House, says: str, left: list[str]) -> None:
    async with a_mailbox() as box:
        box.says = says
        postman = a_postman(house, box)
        await house.questions.write(OLGA, await house.asked("kim", mail=Wanted(KIM, "sv")), "Så.")
        first = [await postman.round(), await postman.round()]
        assert await addresses(house.store) == left
        box.says = "250 ok"
        house.clock.wind(AGAIN)
        then = await postman.round()

    assert (first, then, await addresses(house.store)) == ([0, 0], len(left), [])


async def test_an_address_that_no_letter_can_have_is_forgotten(house: House) -> None:
    async def before(tx: Transaction) -> None:
        [letter] = await tx.every(Letter)
        tx.put(letter.model_copy(update={"address": "=?utf-8?q?a=0d=0ab?=@example.se"}))

    async with a_mailbox() as box:
        await house.questions.write(OLGA, await house.asked("kim", mail=Wanted(KIM, "sv")), "Så.")
        await house.store.run(before)  # from before such were refused
        sent = await a_postman(house, box).round()

    assert (sent, box.letters, await addresses(house.store)) == (0, [], [])


async def test_after_so_many_tries_it_is_given_up(house: House) -> None:
    async with a_mailbox() as box:
        box.says = "450 later"
        postman = a_postman(house, box)
        await house.questions.write(OLGA, await house.asked("kim", mail=Wanted(KIM, "sv")), "Så.")
        for tried in range(TRIES_MOST + 1):
            await postman.round()
            house.clock.wind(AGAIN * 2**tried)

    assert await addresses(house.store) == []


async def test_one_letter_is_sent_by_one_process(house: House) -> None:
    letters = Letters(house.store, house.clock)
    asked = await house.asked("kim", mail=Wanted(KIM, "sv"))
    await house.questions.write(OLGA, asked, "Så.")
    taken = await asyncio.gather(*(letters.claim(DAY, asked) for _ in range(5)))

    assert sorted(one is not None for one in taken) == [False, False, False, False, True]


async def test_an_address_goes_with_its_question_its_person_and_its_time(house: House) -> None:
    letters = Letters(house.store, house.clock)
    withdrawn = await house.asked("kim", mail=Wanted("a@example.se", "sv"))
    await house.asked("lo", mail=Wanted("b@example.se", "sv"))
    await house.asked("mo", mail=Wanted("c@example.se", "sv"))
    await house.questions.remove(someone("kim"), withdrawn)
    await letters.forget(DAY, ["lo"])
    there = await addresses(house.store)
    house.clock.wind(KEPT + timedelta(seconds=1))
    await a_postman(house, None).round()

    assert (there, await addresses(house.store)) == (["c@example.se"], [])


async def test_no_more_addresses_are_kept_than_can_be_sent_to(house: House) -> None:
    async def fill(tx: Transaction) -> None:
        for number in range(WAITING_MOST):
            tx.put(Letter(day=DAY, question=f"q{number}", person="x", address=KIM, lang="sv", due_at=house.clock.now()))

    await house.store.run(fill)
    assert await refusal(house.questions.ask(someone("kim"), Asked("Varför?", mail=Wanted(KIM, "sv")))) == "mail.full"
    assert await refusal(house.questions.ask(someone("kim"), Asked("Varför?"))) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kim",
        "kim@",
        "@example.se",
        "kim@example",
        "k im@example.se",
        "a@b.se,c@d.se",
        "a@b.se\nBcc: c@d.se",
        "å@b.se",
        "x" * 250 + "@b.se",
        "=?utf-8?q?a=0d=0ab?=@b.se",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match=r"address\.wrong"):
        checked(address)
    assert checked(f" {KIM} ") == KIM


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://u%40example.se:p%2Fw@post.example", ("post.example", 587, False, "u@example.se", "p/w", "u@example.se")),
        ("smtps://post.example:4650", ("post.example", 4650, True, "", "", "samsyn@post.example")),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, told: tuple[Any, ...]) -> None:
    assert MailServer.of(url) == MailServer(*told)


@pytest.mark.parametrize("url", ["post.example", "https://post.example", "smtp://", "smtp://post.example?from=nobody"])
def test_a_mail_server_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(BadSettings, match="mail_url"):
        load(mail_url=url)
