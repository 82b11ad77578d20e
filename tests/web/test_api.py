"""The read API: only with a key of the day, only what its document says, and the figures that the report shows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.followup.integrations import rules
from conference.followup.integrations.tables import ApiKey
from tests.conference.followup.reports.figures import REPORT
from tests.web.products import Product, product, with_a_day
from tests.web.schemas import wrong
from web.api import openapi
from web.api.figures import _shaped
from web.api.reads import READS, UNDER
from web.limits import READS as OFTEN

POLL = "p-steg-fore"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def a_key(live: Product, label: str = "Datalager") -> str:
    done = await live.house.integrations.make_key(Actor(live.day, "anna"), label, 30)
    return str((done.data or {})["token"])


def reading(live: Product, token: str, **headers: str) -> httpx2.AsyncClient:
    """A program: no cookie, no Origin."""
    told = {"Authorization": f"Bearer {token}", **headers}
    return httpx2.AsyncClient(base_url=f"{live.origin}/api/v1/days/{live.day}", headers=told, trust_env=False, timeout=60)


async def voted(live: Product) -> None:
    """Twelve people of one region and three of another answer a poll, and two more are open; an action is written."""
    moderator = await live.enter("moderator")
    async with live.http(moderator) as staff:
        await staff.post(f"/days/{live.day}/do/polls.open", data={"poll": POLL})
        for number in range(15):
            region = "r-norrvik" if number < 12 else "r-sundmark"
            async with live.http(await live.join(region=region)) as phone:
                await phone.post(f"/days/{live.day}/do/polls.vote", data={"poll": POLL, "answer": "vet" if number < 8 else "ide"})
        await staff.post(f"/days/{live.day}/do/polls.close", data={"poll": POLL})
    by = Actor(live.day, "anna", frozenset({"organizer"}))
    await live.house.reports.make(by)
    async with live.http(await live.enter("organizer")) as http:
        for do, args in (
            ("followup.write_action", {"what": "Prova i två kommuner", "owner": "Kim Ek"}),
            ("followup.write_target", {"title": "Nå kommuner", "measure": "municipalities", "amount": 20}),
            ("followup.note_reached", {"names": ["Norrviks kommun", "Sundmarks kommun"], "kind": "kommun"}),
            ("polls.make", {"kind": "words", "title": "Ett ord?", "open": True}),
            ("surveys.open", {"survey": await a_survey(live)}),
        ):
            answer = await http.post(f"/days/{live.day}/wishes", json={"id": f"w-{do}", "do": do, "args": args})
            assert answer.status_code == 200, answer.text


async def a_survey(live: Product) -> str:
    from polls.surveys.tables import Survey

    async with live.house.store.reading() as session:
        found = await session.exec(
            select(Survey.survey).where(Survey.day == live.day, Survey.state == "draft", Survey.for_whom == "participants")
        )
        return found.first() or ""


def schema_of(path: str) -> dict[str, Any]:
    told: dict[str, Any] = openapi.document()["paths"][UNDER + path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return told


async def test_every_answer_of_every_address_is_what_the_document_says(live: Product) -> None:
    await voted(live)
    token, found, missing = await a_key(live), dict[str, Any](), dict[str, int]()
    whole = f"{live.origin}/api/v1/days/{live.day}"

    async with reading(live, token) as http:
        for row in READS:
            ids = [""]
            if row.names:
                listed = (await http.get(row.path.partition("/{")[0])).json()["items"]
                ids = [str(one[row.names]) for one in listed]
                missing[row.path] = (await http.get(row.path.replace("{" + row.names + "}", "none"))).status_code
            for one in ids:
                answer = await http.get(row.path.replace("{" + row.names + "}", one) if one else row.path or whole)
                assert answer.status_code == 200, answer.text
                found[row.path] = answer.json()
                assert wrong(answer.json(), schema_of(row.path), openapi.document()) == [], row.path

    assert set(found) == {row.path for row in READS}
    assert missing == {row.path: 404 for row in READS if row.names}
    assert {row.path: found[row.path]["total"] for row in READS if row.by and not found[row.path]["total"]} == {"/ratings": 0, "/later": 0}
    [goal] = found["/goals"]["items"]
    assert (goal["measure"], goal["amount"], goal["count"], goal["days"]) == ("municipalities", 20, 2, [{"day": live.day, "count": 2}])


async def test_figures_are_those_of_the_report_and_what_is_under_five_is_null(live: Product) -> None:
    await voted(live)
    token = await a_key(live)

    async with reading(live, token) as http:
        poll = (await http.get(f"/polls/{POLL}")).json()
        version = (await http.get("/reports/1")).json()
    async with live.http(await live.enter("organizer")) as staff:
        report = (await staff.get(f"/days/{live.day}/export/polls.json")).json()

    [once] = poll["rounds"]
    shares = [(row["option"], row["count"], row["n"], row["base"], row["percent"]) for row in once["rows"] if row["count"]]
    assert shares == [("vet", 8, 15, "svar", 53), ("ide", 7, 15, "svar", 47)]
    assert {group["region"]: (group["n"], {row["count"] for row in group["rows"]}) for group in once["regions"]}["r-sundmark"] == (
        None,
        {None},
    )
    assert version["figures"]["polls"][0]["rounds"] == poll["rounds"]
    text = msgspec.json.encode(report).decode()
    assert [row["text"] for row in once["rows"] if row["text"] not in text] == []


async def test_no_word_of_a_person_comes_through_the_shapes() -> None:
    read = {name: told for name, told in REPORT.items() if name != "after_items"}  # as of a version
    told = msgspec.json.encode(_shaped(read)).decode()

    assert [word for word in ("Kim Ek", "citeras", "Vi ringer") if word in told] == []
    assert ("Delat arbetssätt" in told, "Prova i två kommuner" in told) == (True, True)


async def test_a_list_is_read_page_by_page(live: Product) -> None:
    await voted(live)
    token, where, seen = await a_key(live), "/polls?limit=1", list[str]()

    async with reading(live, token) as http:
        whole = (await http.get("/polls")).json()
        while where:
            page = (await http.get(where)).json()
            seen += [one["poll"] for one in page["items"]]
            where = (page["next"] or "").removeprefix(f"/api/v1/days/{live.day}")
        refused = [(await http.get(f"/polls?{asked}")).json()["code"] for asked in ("limit=0", "limit=101", "limit=x", "after=none")]

    assert (seen, len(seen)) == ([one["poll"] for one in whole["items"]], whole["total"])
    assert (whole["next"], refused) == (None, ["wire.wrong_args"] * 4)


async def test_what_has_not_changed_is_not_sent_again(live: Product) -> None:
    token = await a_key(live)

    async with reading(live, token) as http:
        first = await http.get("/polls")
        again = [
            await http.get("/polls", headers={"If-None-Match": mark}) for mark in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}')
        ]
        await voted(live)
        later = await http.get("/polls", headers={"If-None-Match": first.headers["ETag"]})
        head = await http.head("/polls")

    assert [(one.status_code, one.content, one.headers["ETag"]) for one in again] == [(304, b"", first.headers["ETag"])] * 2
    assert (later.status_code, later.json()["total"] > 0, head.status_code, head.content) == (200, True, 200, b"")
    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("private, no-cache", "Authorization")
    assert "set-cookie" not in first.headers


async def test_without_a_key_of_the_day_nothing_is_told(live: Product) -> None:
    token, gone, old = await a_key(live), await a_key(live, "Återkallad"), await a_key(live, "Gammal")
    by = Actor(live.day, "anna")
    async with live.house.store.reading() as session:
        keys = {one.label: one for one in await session.exec(select(ApiKey))}
    await live.house.integrations.revoke_key(by, keys["Återkallad"].key)

    async def age(tx: Any) -> None:
        row = await tx.get(ApiKey, rules.token_hash(old))
        tx.put(row.model_copy(update={"expires_at": row.made_at - timedelta(days=1)}))

    await live.house.store.run(age)
    told: dict[str, tuple[int, str, str | None]] = {}
    organizer = await live.enter("organizer")
    tries = {
        "none": {},
        "cookie": {"Cookie": organizer},
        "basic": {"Authorization": f"Basic {token}"},
        "empty": {"Authorization": "Bearer"},
        "wrong": {"Authorization": "Bearer samsyn_x"},
        "revoked": {"Authorization": f"Bearer {gone}"},
        "expired": {"Authorization": f"Bearer {old}"},
    }
    async with httpx2.AsyncClient(base_url=live.origin, trust_env=False) as http:
        for name, headers in tries.items():
            answer = await http.get(f"/api/v1/days/{live.day}/polls", headers={**headers, "Accept": "text/html"})
            told[name] = (answer.status_code, answer.json()["code"], answer.headers.get("WWW-Authenticate"))
            assert wrong(answer.json(), {"$ref": "#/components/schemas/Problem"}, openapi.document()) == []
        other = await http.get("/api/v1/days/d-other/polls", headers={"Authorization": f"Bearer {token}"})
        changing = [
            (await http.request(method, f"/api/v1/days/{live.day}/polls", headers={"Authorization": f"Bearer {token}"})).status_code
            for method in ("POST", "PUT", "DELETE")
        ]
        elsewhere = await http.get(f"/days/{live.day}/state", headers={"Authorization": f"Bearer {token}"})

    assert told == {
        "none": (401, "key.missing", "Bearer"),
        "cookie": (401, "key.missing", "Bearer"),
        "basic": (401, "key.missing", "Bearer"),
        "empty": (401, "key.missing", "Bearer"),
        "wrong": (401, "key.unknown", "Bearer"),
        "revoked": (401, "key.unknown", "Bearer"),
        "expired": (401, "key.expired", "Bearer"),
    }
    assert (other.status_code, other.json()["code"], changing, elsewhere.status_code) == (403, "key.other_day", [405] * 3, 401)


async def test_a_program_that_has_lost_its_way_is_told_when_to_come_back(live: Product) -> None:
    token, other = await a_key(live), await a_key(live, "Ett annat")
    async with live.house.store.reading() as session:
        key = next(one.key for one in await session.exec(select(ApiKey)) if one.label == "Datalager")
    meter = live.house.floor.limits.local

    meter._full_at[f"reads:{key}"] = meter._now() + OFTEN.per_s + 30  # as after so many at once
    async with reading(live, token) as http, reading(live, other) as beside:
        slowed, still = await http.get("/captions"), await beside.get("/captions")

    assert (slowed.status_code, slowed.json()["code"], still.status_code) == (429, "limit.reached", 200)
    assert slowed.json()["retry_after_ms"] <= int(slowed.headers["Retry-After"]) * 1000


async def test_the_document_is_open_and_names_only_what_there_is(live: Product) -> None:
    async with httpx2.AsyncClient(base_url=live.origin, trust_env=False) as http:
        told = await http.get("/api/v1/openapi.json")
        again = await http.get("/api/v1/openapi.json", headers={"If-None-Match": told.headers["ETag"]})

    document = told.json()
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', told.text))
    assert (document["openapi"], again.status_code) == ("3.1.0", 304)
    assert refs == set(document["components"]["schemas"])
    assert set(document["paths"]) == {UNDER + row.path for row in READS}


async def test_an_organizer_makes_a_key_sees_it_once_and_takes_it_back(live: Product) -> None:
    organizer, moderator = await live.enter("organizer"), await live.enter("moderator")
    where = f"/days/{live.day}/integrations"
    async with live.http(organizer, Accept="text/html") as http:
        made = await http.post(where, data={"do": "make_key", "label": "Datalager", "days": "90"})
        token = re.findall(r"samsyn_[\w-]{40,}", made.text)[0]
        later = await http.get(where)
        wrong_one = await http.post(where, data={"do": "make_key", "label": "", "days": "90"})
        async with reading(live, token) as program:
            before = (await program.get("/polls")).status_code
            used = (await http.get(where)).text
            key = re.findall(r'name="id" value="(\w+)"', used)[0]
            await http.post(where, data={"do": "revoke_key", "id": key})
            after = (await program.get("/polls")).status_code
        twice = await http.post(where, data={"do": "revoke_key", "id": key})
    async with live.http(moderator, Accept="text/html") as http:
        refused = [(await http.get(where)).status_code, (await http.post(where, data={"do": "make_key"})).status_code]
    async with live.house.store.reading() as session:
        chain = list(await session.exec(select(AuditEntry).where(AuditEntry.day == live.day)))

    assert (made.headers["Cache-Control"], token in later.text, "Användes senast" in used) == ("no-store", False, True)
    assert (wrong_one.status_code, "Skriv vilket system" in wrong_one.text) == (422, True)
    assert (before, after, twice.status_code, refused) == (200, 401, 404, [403, 403])
    told = [(one.did, msgspec.json.decode(one.note)) for one in chain if one.did.startswith("integrations.")]
    assert told == [("integrations.make_key", {"days": 90}), ("integrations.revoke_key", {"key": key})]
