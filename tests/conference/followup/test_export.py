from __future__ import annotations

import json

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import Refused
from conference.core.sheets import Sheet
from conference.followup import Exports
from tests.conference.followup.test_files import read_csv, read_xlsx
from tests.conference.people.houses import DAY, House


async def said(session: AsyncSession, day: str) -> list[Sheet]:
    return [Sheet("Chatt", ("Text",), (("=1+1",), (f"Hej {day}",)))]


@pytest.fixture
def exports(house: House) -> Exports:
    return Exports(house.store, house.clock, {"chat": said})


async def test_a_file_of_each_form(exports: Exports) -> None:
    files = {form: await exports.file(DAY, "chat", form) for form in ("csv", "xlsx", "json")}

    assert [(file.name, file.media_type) for file in files.values()] == [
        ("d-chat.csv", "text/csv; charset=utf-8"),
        ("d-chat.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("d-chat.json", "application/json"),
    ]
    assert read_csv(files["csv"].content) == [["Text"], ["'=1+1"], ["Hej d"]]
    assert read_xlsx(files["xlsx"].content, "Chatt") == [["Text"], ["'=1+1"], ["Hej d"]]
    assert json.loads(files["json"].content)["tables"][0]["rows"] == [{"Text": "=1+1"}, {"Text": "Hej d"}]


async def test_what_must_be_known_is_told(exports: Exports) -> None:
    about = json.loads((await exports.file(DAY, "chat", "json")).content)["about"]

    assert {name: about[name] for name in ("Dag", "Datum", "Innehåll", "Hämtat", "Minsta tal som visas i en uppdelning")} == {
        "Dag": "Dagen",
        "Datum": "2026-11-23",
        "Innehåll": "Chatt",
        "Hämtat": "2026-11-23T09:00:00+01:00",
        "Minsta tal som visas i en uppdelning": 5,
    }
    assert {"Små tal", "n", "Andelar"} <= set(about)


@pytest.mark.parametrize(("day", "what", "form"), [(DAY, "secrets", "csv"), (DAY, "chat", "exe"), ("other", "chat", "csv")])
async def test_there_is_no_other_file(exports: Exports, day: str, what: str, form: str) -> None:
    with pytest.raises(Refused, match=r"export\.no_such"):
        await exports.file(day, what, form)
