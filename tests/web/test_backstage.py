"""The staff channel over the wire: who reads and writes which, by every role; audited without its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.people import Role, Terms
from tests.web.products import Product, product, with_a_day
from tests.web.test_questions import wish

NORRVIK = "r-norrvik"
PATIENCE = pytest.mark.timeout(180)


async def of_region(made: Product, region: str) -> str:
    """The cookie of a region's moderator."""
    terms = Terms("demo", frozenset({"moderator"}), reusable=True, region=region)
    link = ((await made.house.people.make_link(Actor.house(made.day), terms)).data or {})["token"]
    async with made.http() as http:
        return str((await http.get(f"/in/{link}")).headers["Set-Cookie"]).partition(";")[0]


@PATIENCE
async def test_who_reads_and_writes_which_channel(tmp_path: Path) -> None:
    async with product(tmp_path) as made:
        await with_a_day(made)
        cookies = {"participant": await made.join(), "region": await of_region(made, NORRVIK)}
        cookies |= {role.value: await made.enter(role.value) for role in Role}
        found: dict[str, Any] = {}
        for who, cookie in cookies.items():
            async with made.http(cookie) as http:
                said = [(await wish(http, made.day, "backstage.say", text=f"zqx {who}", lane=lane))[0] for lane in ("national", NORRVIK)]
                read = [(await wish(http, made.day, "backstage.page", lane=lane))[0] for lane in ("national", NORRVIK)]
                state = (await http.get(f"/days/{made.day}/state")).text
                page = (await http.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text
                found[who] = (said, read, "channels" in state, "zqx" in state + page)
        async with made.http(cookies["organizer"]) as http:
            words = (await wish(http, made.day, "backstage.page", lane=NORRVIK))[1]["data"]["words"]
            day_page = (await http.get(f"/days/{made.day}/cockpit?lane=national")).text
        async with made.http(cookies["region"]) as http:
            own_page, other = [(await http.get(f"/days/{made.day}/cockpit?lane={lane}")).text for lane in (NORRVIK, "national")]
        async with made.house.store.reading() as session:
            audited = [(row.did, row.note) for row in await session.exec(select(AuditEntry)) if row.did.startswith("backstage")]

    all_of_it, nothing = ([200, 200], [200, 200], True, False), ([403, 403], [403, 403], False, False)
    assert found == {
        **dict.fromkeys(("participant", "speaker", "captioner", "screen"), nothing),
        **dict.fromkeys(("organizer", "moderator"), all_of_it),
        "region": ([403, 200], [403, 200], True, False),
    }
    assert [word["text"] for word in words] == ["zqx region", "zqx organizer", "zqx moderator"]
    assert ("zqx organizer" in day_page, "zqx region" in own_page) == (True, True)
    assert [re.findall(r'data-channel="([\w-]+)"', page) for page in (own_page, other)] == [[NORRVIK]] * 2  # its role reaches no further
    assert len(audited) == 5
    assert [note for _, note in audited if "zqx" in note] == []
