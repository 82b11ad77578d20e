"""The needs of a kit become those of a day, with the items that answer them; and a kit that is passed on still has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.core.errors import Refused
from conference.core.ids import SeededIds
from conference.followup import kit, views
from conference.kit import NewDay
from conference.library import NATIONAL_KIT, Shelf, Signer, read_kit
from conference.library.archive import describe, pack, seal
from conference.library.signing import fingerprint_in
from conference.service import Programme
from conference.tables import Item
from tests.conference.days import DATE, DAY, PLANNED
from tests.conference.followup.loops import Loop
from web.sections import needs_section

ITEM = Item(day="d", item="i-x@r-vastero", kit_item="i-x")


async def test_a_new_day_has_the_kits_needs(loop: Loop) -> None:
    programme = Programme(loop.house.store, HandClock(PLANNED), SeededIds(), [needs_section])
    await programme.create_from_kit(Actor.house(""), read_kit(NATIONAL_KIT), NewDay(date=DATE))

    async with loop.house.store.reading() as session:
        found = await views.loop(session, DAY)

    rows = {row.need.need: row for row in found.chart.rows}
    assert found.chart.of_kind("need_without_item") == ["n-larande"]
    assert (rows["n-lag"].items, rows["n-lag"].need.goals, rows["n-lag"].need.origin) == (("i-dela", "i-quiz"), ["security"], "kit")
    assert rows["n-lag"].need.theme == "Vad lagen tillåter, särskilt kring välfärdsteknik"
    film = [item for item in rows["n-trygg"].items if item.startswith("i-r1-film")]
    assert len(film) > 1  # a lane without items of its own has the kit's film


def test_a_kit_without_needs_gives_none() -> None:
    assert list(kit.drafts("d", {"themes": []}, [ITEM])) == []


def test_goals_of_its_own_stand_before_those_of_its_theme() -> None:
    themes = [{"id": "t", "title": "Temat", "goals": ["a"]}]
    section = {"themes": themes, "needs": [{"id": "n1", "statement": "x", "theme": "t", "goals": ["b"], "items": ["i-x", "i-y"]}]}

    [need] = kit.drafts("d", section, [ITEM])

    assert (need.goals, need.items, need.theme) == (["b"], ["i-x@r-vastero"], "Temat")


@pytest.mark.parametrize(
    "need",
    [{"id": "n1"}, {"id": "N 1", "statement": "x"}, {"id": "n1", "statement": "x", "mood": 1}, {"id": "n1", "statement": " "}, {"id": 1}],
    ids=["nothing said", "a wrong id", "a field too many", "an empty one", "a number"],
)
def test_what_cannot_be_read_is_no_kit(need: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"kit\.tampered"):
        list(kit.drafts("d", {"themes": [], "needs": [need]}, []))


def altered(folder: Path, **change: object) -> Path:
    shutil.copytree(NATIONAL_KIT, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    needs = json.loads((folder / "needs.json").read_text())
    needs["needs"][0] |= change
    (folder / "needs.json").write_text(json.dumps(needs))
    return folder


@pytest.mark.parametrize("change", [{"theme": "t-x"}, {"goals": ["x"]}, {"items": ["i-x"]}, {"id": "n-lag"}], ids=str)
def test_a_need_points_at_what_is_there(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"kit\.tampered"):
        read_kit(altered(tmp_path / "kit", **change))


def test_needs_go_from_house_to_house(tmp_path: Path) -> None:
    ours = altered(tmp_path / "ours", statement="Vårt eget behov")
    here, there = Signer("this house"), Signer("another house")
    with (tmp_path / "kit.zip").open("wb") as file:
        pack(ours, seal(describe(ours, []), there), file)
    shelf = Shelf(tmp_path / "kits", here)
    found = fingerprint_in(there.public)
    assert found
    shelf.trust(found)
    folder = shelf.bring(tmp_path / "kit.zip", {"needs.json#needs/n-trygg"}).folder

    assert folder
    brought = [need.statement for need in kit.drafts("d", read_kit(folder).needs, [])]
    first = [need.statement for need in kit.drafts("d", read_kit(NATIONAL_KIT).needs, [])]
    assert brought == ["Vårt eget behov", *first[1:]]
