from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.followup import Report, TargetDraft
from conference.followup.targets import section
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.people.houses import DAY, House


async def test_the_report_holds_every_section_in_order(house: House) -> None:
    async def attendance(session: AsyncSession, day: str) -> dict[str, Any]:
        return {"attendance": {"devices": 3}}

    async def polls(session: AsyncSession, day: str) -> dict[str, Any]:
        return {"polls": [day]}

    report = await Report(house.store, [attendance, polls]).of(DAY)

    assert list(report.items()) == [("attendance", {"devices": 3}), ("polls", [DAY])]


async def test_our_own_section_is_the_map_and_the_goals_in_figures(loop: Loop) -> None:
    need = await loop.need(items=("i1",))
    await loop.followup.write_target(ANNA, TargetDraft("Många", "people", 5))

    told = (await Report(loop.house.store, [section(loop.clock)]).of(DAY))["followup"]

    assert (told["figures"]["needs"], [one["of"] for one in told["gaps"] if one["kind"] == "need_without_action"]) == (1, [[need]])
    assert [one["title"] for one in told["targets"]] == ["Många"]
