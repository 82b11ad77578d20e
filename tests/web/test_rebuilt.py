"""What is shown of a busy day is rebuilt from its rows and its log alone: by whoever watched, by a new process, and from the ballots."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from conference.core.engines import Engines
from conference.followup.reports.frozen import frozen
from polls import rules as poll_rules
from polls import tally
from polls.recount import recount
from polls.surveys import rules as survey_rules
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount
from polls.tables import Poll
from tests.fold import State, by_id, fold
from tests.servers import empty_tables
from tests.web.products import Product, product, with_a_day
from web import dump, migrate
from web.endpoints.followup import TITLES

ROLES = ("organizer", "moderator", "speaker", "captioner", "screen")
FETCHED = re.compile('"Hämtat": "[^"]*"'.encode())  # the one thing in a file that is of its own moment
BUSY = "limit.reached"  # a busy machine asks for patience
FORMS = ("json", "csv")
AWAY = "http://127.0.0.1:9"  # no media process: pictures are no part of this


class Watcher:
    """A browser that was there from the beginning, and only listens."""

    def __init__(self, socket: ClientConnection, http: httpx2.AsyncClient, day: str) -> None:
        self._socket, self._http, self._day = socket, http, day
        self.state, self.upto = State(), 0

    async def listen(self) -> None:
        """Take what comes, for as long as the line is open."""
        async for frame in self._socket:
            told = json.loads(frame)
            if welcome := told.get("welcome"):
                if "state" not in welcome:  # it is too large for a frame: it is fetched
                    fetched = (await self._http.get(f"/days/{self._day}/state")).json()
                    welcome |= {"seq": fetched["seq"], "state": fetched}
                self.state, self.upto = welcome["state"], welcome["seq"]
            for one in (one for one in told.get("news", ()) if one.get("seq", self.upto + 1) > self.upto):
                self.state = fold(self.state, one["type"], one["data"])
            self.upto = max(told.get("upto", 0), self.upto)

    async def hear(self, to: int) -> State:
        """What it shows when it has heard everything up to a place in the log."""
        while self.upto < to:
            await asyncio.sleep(0.02)
        return self.state


async def a_busy_day(made: Product, clients: dict[str, httpx2.AsyncClient]) -> None:
    """A bit of everything that can be asked for, by whoever may."""
    asked = 0

    async def ask(who: str, do: str, **args: Any) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        wish = {"id": f"w{asked}", "do": do, "args": args}
        while (answer := (await clients[who].post(f"/days/{made.day}/wishes", json=wish)).json()).get("error", {}).get("code") == BUSY:
            await asyncio.sleep(0.5)
        assert answer["ok"], (do, answer)
        return dict(answer)

    async with made.house.store.reading() as session:
        polls = (await session.exec(select(Poll).where(Poll.day == made.day, Poll.scope == "country").order_by(col(Poll.place)))).all()
        survey = (await session.exec(select(Survey.survey).where(Survey.day == made.day, Survey.for_whom == "participants"))).first()
    questions = {poll.poll: poll_rules.question_of(poll) for poll in polls}
    choices = [name for name, question in questions.items() if question.kind == "choice" and question.most == 1][:3]
    words = next(name for name, question in questions.items() if question.kind == "words")
    people = [who for who in clients if who.startswith("p")]
    for name in choices:
        await ask("moderator", "polls.open", poll=name)
        options = questions[name].options
        for place, who in enumerate(people):
            await ask(who, "polls.vote", poll=name, answer=[options[place % len(options)].id])
        await ask(people[0], "polls.vote", poll=name, answer=[options[1].id])
        await ask(people[1], "polls.withdraw", poll=name)
    await ask("moderator", "polls.show", poll=choices[0], to="everyone")
    await ask("moderator", "polls.close", poll=choices[0])
    await ask("moderator", "polls.again", poll=choices[0])
    await ask(people[2], "polls.vote", poll=choices[0], answer=[questions[choices[0]].options[0].id])
    await ask("moderator", "polls.close", poll=choices[1])
    await ask("moderator", "polls.open", poll=words)
    for place, who in enumerate(people):
        await ask(who, "polls.vote", poll=words, answer=[f"ord{place % 3}"])
    await ask("moderator", "polls.close", poll=words)
    await made.house.store.run(lambda tx: made.house.chat.opened(tx, made.day, ["national"]))
    said = [(await ask(who, "chat.say", text=f"Hej från {who}"))["data"]["message"] for who in people[:4]]
    await ask("moderator", "chat.remove", message=said[0])
    await ask(people[1], "chat.edit", message=said[1], text="Rättat")
    await ask("moderator", "questions.open")
    panel = [(await ask(who, "questions.ask", text=f"Vad säger {who}?"))["data"]["question"] for who in people[:3]]
    for question in panel:
        await ask("moderator", "questions.let_through", question=question)
    for who in people[3:]:
        await ask(who, "questions.back", question=panel[1])
    await ask("moderator", "questions.take_up", question=panel[1])
    await ask("moderator", "questions.answered", question=panel[1])
    await ask("moderator", "questions.put_aside", question=panel[2], reason="Hinns inte")
    await ask(people[4], "people.set", people=9)
    await ask("moderator", "surveys.open", survey=survey)
    async with made.house.store.reading() as session:
        row = (await session.exec(select(Survey).where(Survey.day == made.day, Survey.survey == survey))).one()
    scales = [part.question for part in survey_rules.parts_of(row) if part.question.kind == "scale" and not part.question.statements]
    for place, who in enumerate(people):
        answers = {question.id: 1 + place % question.steps for question in scales}
        await ask(who, "surveys.answer", survey=survey, answers=answers, final=True)
    await ask("moderator", "surveys.close", survey=survey)
    await made.house.presence.note()


async def seen(made: Product, clients: dict[str, httpx2.AsyncClient]) -> dict[str, Any]:
    """Everything that is shown of the day: the state of each, the report and what is frozen of it, and every file."""
    found: dict[str, Any] = {}
    for who, http in clients.items():
        found[f"state of {who}"] = (await http.get(f"/days/{made.day}/state")).json()
    await made.house.presence.note()  # who fetched that was there: in both houses
    report = await made.house.report.of(made.day)
    found["report"], found["frozen"] = msgspec.to_builtins(report, str_keys=True, enc_hook=str), frozen(report)
    for what in TITLES:
        for form in FORMS:
            file = await clients["organizer"].get(f"/days/{made.day}/export/{what}.{form}")
            found[f"{what}.{form}"] = FETCHED.sub(b"", file.content)
    return found


async def from_rows(old: Path, new: Path, database: str) -> None:
    """Another installation with nothing but the rows, the generated secrets and the keys of what is open."""
    for folder in ("secrets", "keys"):
        shutil.copytree(old / folder, new / folder)
    if database.startswith("sqlite"):
        await migrate.up(database)
    else:
        await empty_tables(database)
    async with (
        Engines.open(f"sqlite+aiosqlite:///{old / 'samsyn.db'}") as there,
        Engines.open(database) as here,
        there.reader.connect() as source,
        here.writer.begin() as target,
    ):
        for table in dump.tables():
            lines = io.BytesIO()
            await dump.write(source, table, lines)
            await dump.read(target, table, io.BytesIO(lines.getvalue()))


async def come(made: Product) -> dict[str, str]:
    """The cookies of whoever there is: those with roles, those who take part, and one who only looks on."""
    cookies = {role: await made.enter(role) for role in ROLES}
    for number in range(6):
        cookies[f"p{number}"] = await made.join(name=f"P{number}", people=1 + number)
    return {**cookies, "onlooker": await made.join()}


async def a_line(made: Product, cookie: str) -> ClientConnection:
    """A socket, and again while a busy machine asks for patience."""
    while True:
        try:
            return await made.socket(cookie)
        except InvalidStatus:
            await asyncio.sleep(0.5)


@pytest.mark.timeout(300)
async def test_a_process_that_has_nothing_but_the_rows_shows_the_same_to_everybody(url: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    new.mkdir()
    async with product(old, media_url=AWAY) as made:
        await with_a_day(made)
        cookies = await come(made)
        watched: dict[str, State] = {}
        async with AsyncExitStack() as stack:
            looking = [who for who in cookies if not who.startswith("p")]
            clients = {who: await stack.enter_async_context(made.http(cookie)) for who, cookie in cookies.items()}
            sockets = {who: await stack.enter_async_context(await a_line(made, cookies[who])) for who in looking}
            watchers = {who: Watcher(socket, clients[who], made.day) for who, socket in sockets.items()}
            listening = [asyncio.create_task(one.listen()) for one in watchers.values()]
            await a_busy_day(made, clients)
            live = await seen(made, clients)
            async with asyncio.timeout(60):
                for who, watcher in watchers.items():
                    watched[who] = await watcher.hear(live[f"state of {who}"]["seq"])
        await asyncio.gather(*listening, return_exceptions=True)
        day, code = made.day, made.code
    await from_rows(old, new, url)
    async with product(new, media_url=AWAY, database_url=url) as anew:
        anew.day, anew.code = day, code
        async with AsyncExitStack() as stack:
            rebuilt = await seen(anew, {who: await stack.enter_async_context(anew.http(cookie)) for who, cookie in cookies.items()})

    assert [name for name, shown in live.items() if rebuilt[name] != shown] == []
    assert [(who, found) for who in looking if (found := differences(watched[who], live[f"state of {who}"]))] == []


def differences(watched: State, fresh: State) -> list[str]:
    """What of a page that was there all along is not as on a fresh one; pictures that come by themselves lag behind by design."""
    one, other = by_id(watched), by_id(fresh)
    return [part for part in other if part not in ("epoch", "seq") and one.get(part) != other[part]]


@pytest.mark.timeout(300)
async def test_the_tallies_are_what_is_counted_from_the_ballots_and_forms(tmp_path: Path) -> None:
    async with product(tmp_path, media_url=AWAY) as made:
        await with_a_day(made)
        cookies = await come(made)
        async with AsyncExitStack() as stack:
            await a_busy_day(made, {who: await stack.enter_async_context(made.http(cookie)) for who, cookie in cookies.items()})
        async with made.house.store.reading() as session:
            polls = await recount(session, made.day)
            surveys = {one.survey: one for one in await session.exec(select(Survey).where(Survey.day == made.day))}
            kept = (await session.exec(select(SurveyCount).where(SurveyCount.day == made.day))).all()
            forms = (await session.exec(select(SurveyAnswers))).all()

    assert ([one.ballots for one in polls.rounds], polls.agrees) == ([6, 5, 1, 5], True)
    assert len(forms) == 6
    for count in kept:
        if count.question and not count.question.startswith("/"):
            part = next(one for one in survey_rules.parts_of(surveys[count.survey]) if one.question.id == count.question)
            given = [msgspec.json.decode(form.answers) for form in forms if form.box == survey_rules.box_of(made.day, count.survey)]
            answers = [(one[count.question], 0) for one in given if count.question in one]
            assert tally.counted(part.question, answers) == tally.Tally.read(count.now)
