"""Needs and actions as files."""

from __future__ import annotations

import json
from datetime import date

from conference.core.actor import Actor
from conference.followup import BenefitDraft, Exports, registers, rules
from conference.followup.files import harmless
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.followup.test_files import read_csv, read_xlsx
from tests.conference.people.houses import DAY


def exports(loop: Loop) -> Exports:
    return Exports(loop.house.store, loop.clock, {"needs": registers.needs, "actions": registers.actions})


async def test_needs_with_what_answers_them_and_what_is_missing(loop: Loop) -> None:
    first = await loop.need("=1+1", source="Enkäten", theme="Tid", goals=("g1", "g2"), weight=4, items=("i1", "i2"))
    second = await loop.need("Fler händer")
    await loop.action("En rutin", needs=(first,))

    rows = read_csv((await exports(loop).file(DAY, "needs", "csv")).content)

    assert rows[0] == list(registers.NEED_COLUMNS)
    assert rows[1:] == [
        [
            harmless("=1+1"),
            "Enkäten",
            "skrivet för hand",
            "Tid",
            "Trygghet; Tillsammans",
            "4",
            "Inslag 1; Inslag 2",
            "En rutin",
            "",
            "",
            first,
        ],
        ["Fler händer", "", "skrivet för hand", "", "", "0", "", "", "x", "x", second],
    ]


async def test_actions_with_their_benefit_and_how_it_went(loop: Loop) -> None:
    need = await loop.need()
    action = await loop.action("En rutin", owner="@enheten", due=date(2027, 3, 1), needs=(need,), items=("i2",))
    bare = await loop.action("En annan")
    draft = BenefitDraft("Väntetid", "dagar", "=A1", baseline=14.0, effect=-7.0, value=9.5, measured_on=date(2027, 5, 1))
    await loop.followup.write_benefit(ANNA, action, draft)
    await loop.owners.tell(Actor(DAY, "owner"), rules.token_hash(await loop.link(action)), "trial", "Vi provar")
    await loop.followup.move_action(ANNA, action, "in_use", "Provet räckte")

    told = json.loads((await exports(loop).file(DAY, "actions", "json")).content)["tables"]
    book = (await exports(loop).file(DAY, "actions", "xlsx")).content

    benefit = ["Väntetid", "dagar", 14.0, -7.0, "=A1", 9.5, "2027-05-01", -4.5]
    nothing = ["", "", None, None, "", None, None, None]
    assert [list(row.values()) for row in told[0]["rows"]] == [
        ["En rutin", "@enheten", "2027-03-01", "i vanlig drift", "Mer tid", "Inslag 2", *benefit, action],
        ["En annan", "", None, "behov", "", "", *nothing, bare],
    ]
    assert [(row["Från"], row["Steg"], row["Sagt av ägaren"], row["Text"]) for row in told[1]["rows"]] == [
        ("behov", "på prov", "x", "Vi provar"),
        ("på prov", "i vanlig drift", "", "Provet räckte"),
    ]
    assert [row[1] for row in read_xlsx(book, "Åtgärder")[1:]] == ["'@enheten", ""]
    assert [row[10] for row in read_xlsx(book, "Åtgärder")[1:]] == ["'=A1", ""]


async def test_a_day_without_any_has_names_of_columns(loop: Loop) -> None:
    assert read_csv((await exports(loop).file(DAY, "needs", "csv")).content) == [list(registers.NEED_COLUMNS)]
    assert read_csv((await exports(loop).file(DAY, "actions", "csv")).content) == [list(registers.ACTION_COLUMNS)]
