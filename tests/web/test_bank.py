"""The question bank's page: searched, a question put into the day in two clicks, files out and in, and for organizers alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.products import Product, product, with_a_day


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def test_an_organizer_searches_the_bank_and_puts_a_question_into_the_day_without_scripts(live: Product) -> None:
    bank, do = f"/days/{live.day}/build/bank", f"/days/{live.day}/do"
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        build = (await boss.get(f"/days/{live.day}/build")).text
        found = (await boss.get(bank, params={"q": "nästa steg"})).text
        by_goal = (await boss.get(bank, params={"goal": "security"})).text
        used = await boss.post(f"{do}/bank.use", data={"item": "q-steg", "version": "1", "lane": "country"})
        file, sheet, none = [await boss.get(f"{bank}.{form}") for form in ("json", "csv", "txt")]
        brought = await boss.post(bank, data={"file": '[{"id": "q-egen", "kind": "text", "title": "Vad mer?"}]'})
        again = await boss.post(bank, data={"file": sheet.text})
        unreadable = await boss.post(bank, data={"file": "hej"})
        series = (await boss.get(bank, params={"q": "vad mer", "series": "q-egen"})).text
        cockpit = [one for one in (await boss.get(f"/days/{live.day}/state")).json()["polls"] if one["title"].startswith("Vet du vad ditt")]
    async with live.http(await live.enter("moderator"), Accept="text/html") as staff:
        refused = [
            (await staff.get(bank)).status_code,
            (await staff.post(f"{do}/bank.use", data={"item": "q-steg", "version": "1"})).status_code,
        ]

    assert f'href="{bank}"' in build
    assert ("Vet du vad ditt nästa steg är" in found, "Vilket ord beskriver" in found, "nationell, låst" in found) == (True, False, True)
    assert ("Vilket ord beskriver" in by_goal, used.status_code) == (False, 303)
    assert sorted(one["voting"] for one in cockpit) == ["draft", "draft", "draft"]
    assert (len(file.json()["questions"]), len(sheet.text.splitlines()), none.status_code) == (12, 13, 404)
    assert (brought.status_code, again.status_code, unreadable.status_code) == (303, 303, 422)
    assert "Filen går inte att läsa som frågor" in unreadable.text
    assert ("Frågan har inte ställts än." in series, "Vad mer?" in series) == (True, True)
    assert refused == [403, 403]


async def test_a_bank_of_many_long_questions_goes_out_and_comes_back(live: Product) -> None:
    bank = f"/days/{live.day}/build/bank"
    many = [{"id": f"q-{number}", "kind": "text", "title": f"Fråga {number}?", "help": "å" * 1_000} for number in range(180)]
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        brought = await boss.post(bank, data={"file": json.dumps(many, ensure_ascii=False)})
        file = await boss.get(f"{bank}.json")
        again = await boss.post(bank, data={"file": file.text})
        too_long = await boss.post(bank, data={"file": "x" * 300_001})
        far = await boss.post(f"/days/{live.day}/do/bank.use", data={"item": "q-1", "version": str(2**31)})

    assert (brought.status_code, len(file.json()["questions"]), again.status_code) == (303, 192, 303)
    assert [answer.status_code for answer in (too_long, far)] == [422, 422]
