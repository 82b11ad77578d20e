"""Reading a kit: the one that ships, and broken ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.library import NATIONAL_KIT, read_kit
from conference.library.kit import FILE_MOST_BYTES
from tests.conference.days import the_kit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the kit that one may break."""
    copy = tmp_path / "kit"
    shutil.copytree(NATIONAL_KIT, copy, ignore=shutil.ignore_patterns("*.mp4", "*.py", "*.jpg"))
    return copy


def change(path: Path, how: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text())
    how(content)
    path.write_text(json.dumps(content))


def fault(folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_kit(folder)
    return f"{refused.value.code} {refused.value.values.get('what', '')}"


def test_the_kit_that_ships_is_sound() -> None:
    kit = the_kit()

    assert (kit.head.id, kit.day.title, len(kit.items), len(kit.templates)) == ("kit-nationell-dag", "Nationella e-hälsodagen", 30, 2)
    assert list(kit.films) == ["film-dagen", "film-hemma", "film-stod"]
    assert {len(kit.poll_ids), len(kit.polls["questions"])} == {14, 12}
    assert "ev-deltagare" in kit.survey_ids
    assert kit.texts["invitation", "sv"].title == "Välkommen till {day_title} den {date}"
    assert kit.texts["invitation", "sv"].body.startswith("Hej!")


def test_a_cues_own_fields_are_gathered() -> None:
    cue = the_kit().items[0].cues[1]

    assert (cue.id, cue.at_s, cue.do, cue.by, cue.args) == ("i-valkommen.02", 0, "take_source", "hand", {"source": "src-studio"})


def test_option_lists_are_found_by_their_names() -> None:
    kit = the_kit()

    assert len(kit.options_from("regions")) == 21
    assert [option.id for option in kit.options_from("goals")] == ["individual", "information", "security", "together"]
    assert kit.options_from("themes")[0].text == "Kunskap och trygghet i att använda digitala verktyg"
    with pytest.raises(Refused, match=r"kit\.tampered"):
        kit.options_from("colours")


def test_a_kit_in_another_format_is_refused(folder: Path) -> None:
    change(folder / "polls.json", lambda file: file.update(format=2))

    with pytest.raises(Refused) as refused:
        read_kit(folder)

    assert (refused.value.code, refused.value.values) == ("kit.unknown_version", {"file": "polls.json"})


def test_a_missing_or_broken_file_is_named(folder: Path) -> None:
    (folder / "films" / "film-hemma.json").write_text("{")
    assert fault(folder).startswith("kit.tampered film-hemma: ") or "films/film-hemma.json" in fault(folder)
    (folder / "films" / "film-hemma.json").unlink()
    assert fault(folder) == "kit.tampered films/film-hemma.json: missing"
    shutil.rmtree(folder)
    assert fault(folder) == "kit.tampered day.json: missing"


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    (folder / "chatter.json").write_bytes(b" " * (FILE_MOST_BYTES + 1))

    assert "more than" in fault(folder)


def test_a_text_without_a_head_is_named(folder: Path) -> None:
    (folder / "texts" / "notice.sv.md").write_text("Hej")

    assert fault(folder).startswith("kit.tampered notice.sv.md")


def test_a_misspelt_field_is_not_passed_over(folder: Path) -> None:
    change(folder / "day.json", lambda file: file["items"][0].update(fil={}))

    assert "unknown field `fil`" in fault(folder)


@pytest.mark.parametrize("name", ["../../etc/passwd", "Film", ""])
def test_an_id_cannot_lead_out_of_the_folder(folder: Path, name: str) -> None:
    change(folder / "day.json", lambda file: file["films"].append(name))

    assert "regex" in fault(folder) or "does not match" in fault(folder).lower()


BROKEN: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "i-oppning: unknown block b9": ("day.json", lambda file: file["items"][1].update(block="b9")),
    "i-oppning: unknown lane r-x": ("day.json", lambda file: file["items"][1].update(lane="r-x")),
    "i-oppning: unknown goal fame": ("day.json", lambda file: file["items"][1].update(goals=["fame"])),
    "i-oppning: unknown poll p-x": ("day.json", lambda file: file["items"][1].update(polls=["p-x"])),
    "i-oppning: unknown contributor c-x": ("day.json", lambda file: file["items"][1].update(contributors=["c-x"])),
    "i-oppning: unknown film film-x": ("day.json", lambda file: file["items"][1].update(film="film-x")),
    "i-oppning.01: unknown do juggle": ("day.json", lambda file: file["items"][1]["cues"][0].update(do="juggle")),
    "i-oppning.01: take_source has no such picture": ("day.json", lambda file: file["items"][1]["cues"][0].update(picture="third")),
    "i-oppning.03: name_plate has no such picture": ("day.json", lambda file: file["items"][1]["cues"][2].update(picture="sign")),
    "i-oppning.01: unknown source src-x": ("day.json", lambda file: file["items"][1]["cues"][0].update(source="src-x")),
    "i-oppning.01: take_source without source": ("day.json", lambda file: file["items"][1]["cues"][0].pop("source")),
    "i-oppning.02: out of order or outside its item": ("day.json", lambda file: file["items"][1]["cues"][1].update(at_s=9999)),
    "cue i-oppning.01 stands 2 times": ("day.json", lambda file: file["items"][1]["cues"][1].update(id="i-oppning.01")),
    "item i-oppning stands 2 times": ("day.json", lambda file: file["items"][0].update(id="i-oppning")),
    "r-norrvik: unknown source src-x": ("day.json", lambda file: file["regions"][0].update(source="src-x")),
    "b1: unknown cornerstone stone": ("day.json", lambda file: file["blocks"][0].update(cornerstone="stone")),
    "day: unknown survey ev-x": ("day.json", lambda file: file["day"].update(evaluation="ev-x")),
    "p-ord: unknown question q-x": ("polls.json", lambda file: file["polls"][0].update(question="q-x")),
    "i-reg-oppning.01: unknown source src-x": ("day.json", lambda file: file["templates"][0]["items"][1]["cues"][0].update(source="src-x")),
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_does_not_resolve_is_said(folder: Path, said: str) -> None:
    name, how = BROKEN[said]
    change(folder / name, how)

    assert said in fault(folder)
