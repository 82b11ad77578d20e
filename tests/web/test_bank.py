"""The question bank's page: searched, a question put into the day in two clicks, files out and in, and for organizers alone."""

from __future__ import annotations

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
        brought = await boss.post(f"{do}/bank.bring", data={"file": '[{"id": "q-egen", "kind": "text", "title": "Vad mer?"}]'})
        again = await boss.post(f"{do}/bank.bring", data={"file": sheet.text})
        unreadable = await boss.post(f"{do}/bank.bring", data={"file": "hej"})
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
