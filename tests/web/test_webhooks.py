"""Webhooks, from the organizer's form to a receiver that checks the signature, over a failure and a restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.followup.webhooks.tables import Delivery
from polls.surveys.tables import Survey
from tests.web.products import Product, product, with_a_day
from tests.web.receivers import Received, Receiver, a_receiver, certificate

SETTINGS: dict[str, Any] = {"media_url": "http://127.0.0.1:9", "webhook_networks": ("127.0.0.0/8", "::1/128")}


@pytest.fixture
async def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    pair = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    async with a_receiver(pair) as made:
        yield made


@pytest.fixture
async def live(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Product]:
    async with product(tmp_path / "data", **SETTINGS) as made:
        yield await with_a_day(made)


def page_of(live: Product) -> str:
    return f"/days/{live.day}/integrations"


async def hooked(live: Product, http: httpx2.AsyncClient, receiver: Receiver, *kinds: str) -> str:
    """Add a webhook; its secret."""
    fields = {"do": "make_webhook", "url": f"https://localhost:{receiver.port}/in", "kind": list(kinds) or ["day.ended"]}
    made = await http.post(page_of(live), data=fields)
    assert made.status_code == 200, made.text
    return str(re.findall(r"whsec_[\w+/=]{44}", made.text)[0])


async def test_others_are_told_of_the_day_by_signed_messages_that_lead_to_the_figures(live: Product, receiver: Receiver) -> None:
    by, token = Actor(live.day, "anna", frozenset({"organizer"})), ""
    async with live.http(await live.enter("organizer"), Accept="text/html") as http:
        secret = await hooked(live, http, receiver, "day.ended", "survey.closed", "report.ready", "action.due")
        survey = await a_survey(live)
        await live.house.surveys.open(by, survey)
        await live.house.surveys.close(by, survey)
        today = live.house.clock.now().date().isoformat()
        wish = {"id": "w1", "do": "followup.write_action", "args": {"what": "Ring Kim Ek", "owner": "Kim Ek", "due": today}}
        assert (await http.post(f"/days/{live.day}/wishes", json=wish)).status_code == 200
        await live.house.programme.end(by)
        await live.house.reports.make(by)
        token = str(((await live.house.integrations.make_key(by, "Datalager", 30)).data or {})["token"])
        got = await receiver.has(4)
        async with httpx2.AsyncClient(base_url=live.origin, trust_env=False, headers={"Authorization": f"Bearer {token}"}) as program:
            statuses = {(await program.get(data_of(one)["url"])).status_code for one in got}

    assert sorted(str(one.told["type"]) for one in got) == ["action.due", "day.ended", "report.ready", "survey.closed"]
    assert [one.is_signed(secret) for one in got] == [True] * 4
    assert ({data_of(one)["day"] for one in got}, statuses) == ({live.day}, {200})
    assert {str(one.told["type"]): sorted(data_of(one)) for one in got} == {
        "action.due": ["action", "day", "due", "url"],
        "day.ended": ["day", "url"],
        "report.ready": ["day", "report", "url"],
        "survey.closed": ["day", "survey", "url"],
    }
    assert len({one.headers["webhook-id"] for one in got}) == 4
    assert [word for word in ("Kim", "anna") if word in "".join(one.body.decode() for one in got)] == []


def data_of(one: Received) -> dict[str, str]:
    told: dict[str, str] = msgspec.json.decode(one.body)["data"]
    return told


async def a_survey(live: Product) -> str:
    async with live.house.store.reading() as session:
        wanted = select(Survey.survey).where(Survey.day == live.day, Survey.state == "draft", Survey.for_whom == "participants")
        return (await session.exec(wanted)).first() or ""


async def test_the_page_shows_a_secret_once_sends_a_test_and_sends_again(live: Product, receiver: Receiver) -> None:
    where = page_of(live)
    async with live.http(await live.enter("organizer"), Accept="text/html") as http:
        secret = await hooked(live, http, receiver)
        later = (await http.get(where)).text
        hook = re.findall(r'name="id" value="(\w+)"', later)[0]
        pinged = await http.post(where, data={"do": "ping", "id": hook})
        [ping] = await receiver.has(1)
        sent = await shows(http, where, "Framme")
        message = re.findall(r'name="id" value="(msg_\w+)"', sent)[0]
        await http.post(where, data={"do": "again", "id": message})
        again = (await receiver.has(2))[1]
        await http.post(where, data={"do": "remove_webhook", "id": hook})
        gone = (await http.get(where)).text
        twice = await http.post(where, data={"do": "ping", "id": hook})
    async with live.house.store.reading() as session:
        chain = list(await session.exec(select(AuditEntry).where(AuditEntry.day == live.day)))

    assert (secret in later, pinged.status_code, pinged.headers["Location"]) == (False, 303, f"{where}?saved=ping")
    assert (ping.told["type"], ping.is_signed(secret), again.headers["webhook-id"]) == ("ping", True, ping.headers["webhook-id"])
    assert (again.body, "Svar 204" in sent, "localhost" in gone, twice.status_code) == (ping.body, True, False, 404)
    assert [one.did for one in chain if one.did.startswith("webhooks.")] == [
        "webhooks.make",
        "webhooks.ping",
        "webhooks.again",
        "webhooks.remove",
    ]
    assert [one.note for one in chain if "localhost" in one.note or "whsec" in one.note] == []


async def shows(http: httpx2.AsyncClient, where: str, word: str) -> str:
    """The page, when it holds a word."""
    async with asyncio.timeout(60):
        while word not in (page := (await http.get(where)).text):
            await asyncio.sleep(0.1)
    return page


async def test_what_is_wrong_is_said_beside_its_field(live: Product, receiver: Receiver) -> None:
    where, url = page_of(live), f"https://localhost:{receiver.port}/in"
    async with live.http(await live.enter("organizer"), Accept="text/html") as http:
        answers = [
            await http.post(where, data={"do": "make_webhook", "url": told, "kind": kinds})
            for told, kinds in ((url, []), ("https://10.0.0.1/", ["day.ended"]), ("", ["day.ended"]))
        ]
        strange = await http.post(where, data={"do": "steal"})
    async with live.http(await live.enter("moderator"), Accept="text/html") as http:
        refused = await http.post(where, data={"do": "make_webhook", "url": url, "kind": ["day.ended"]})

    assert [one.status_code for one in answers] == [422] * 3
    said = ("Välj minst en händelse", "ska börja med https", "ska börja med https")
    assert [text in one.text for one, text in zip(answers, said, strict=True)] == [True] * 3
    assert (f'value="{url}"' in answers[0].text, strange.status_code, refused.status_code) == (True, 422, 403)


async def test_a_message_outlives_a_receiver_that_fails_and_a_server_that_stops(tmp_path: Path, receiver: Receiver) -> None:
    receiver.says = ["503 x"]
    async with product(tmp_path / "data", **SETTINGS) as made:
        live = await with_a_day(made)
        async with live.http(await live.enter("organizer"), Accept="text/html") as http:
            secret = await hooked(live, http, receiver, "day.ended")
        await live.house.programme.end(Actor(live.day, "anna", frozenset({"organizer"})))
        [first] = await receiver.has(1)
    async with product(tmp_path / "data", **SETTINGS) as again:
        second = (await receiver.has(2))[1]
        async with again.house.store.reading() as session:
            rows = list(await session.exec(select(Delivery)))

    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert (first.is_signed(secret), second.is_signed(secret), len(rows)) == (True, True, 1)


async def test_by_default_nothing_is_sent_inside(tmp_path: Path, receiver: Receiver) -> None:
    async with product(tmp_path / "data", media_url="http://127.0.0.1:9") as made:
        live = await with_a_day(made)
        where = page_of(live)
        async with live.http(await live.enter("organizer"), Accept="text/html") as http:
            await hooked(live, http, receiver)
            hook = re.findall(r'name="id" value="(\w+)"', (await http.get(where)).text)[0]
            await http.post(where, data={"do": "ping", "id": hook})
            page = await shows(http, where, "inget får skickas")

    assert ("Väntar" in page, receiver.received) == (True, [])
