"""A kit goes from one installation to another: the same bytes, the same signature, changes kept, and nothing believed of a foreign hand."""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.library import NATIONAL_KIT, Shelf, Signer, folder_of, read_kit
from conference.library.archive import MANIFEST, SIGNATURE, Sealed, describe, pack, seal
from conference.library.parts import differences, locked_in, merged
from conference.library.shelf import _files
from conference.library.signing import fingerprint_in, in_groups

NORRVIK, SUNDMARK, STRANGER = Signer("norrvik"), Signer("sundmark"), Signer("stranger")


@pytest.fixture
def here(tmp_path: Path) -> Shelf:
    """An installation that trusts Norrvik's kits."""
    shelf = Shelf(tmp_path / "here" / "kits", SUNDMARK)
    found = fingerprint_in(NORRVIK.public)
    assert found
    assert (shelf.trust(found), shelf.trust(found)) == (True, False)
    return shelf


def exported(shelf: Shelf, folder: Path, to: Path) -> Path:
    with to.open("wb") as file:
        shelf.export(folder, file)
    return to


def a_kit(folder: Path, change: Callable[[dict[str, Any]], None] | None = None, *, version: int = 1) -> Path:
    """A copy of the national kit in another version; *change* gets ``day.json``."""
    shutil.copytree(NATIONAL_KIT, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    day = json.loads((folder / "day.json").read_text())
    day["kit"]["version"] = version
    if change:
        change(day)
    (folder / "day.json").write_text(json.dumps(day, ensure_ascii=False, indent=2))
    return folder


def signed(folder: Path, to: Path, signer: Signer = NORRVIK) -> Path:
    with to.open("wb") as file:
        pack(folder, seal(describe(folder, locked_in(_files(folder))), signer), file)
    return to


def item(day: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in day["items"] if one["id"] == name)
    return found


def test_it_is_the_same_file_wherever_it_is_made_and_passed_on_untouched(tmp_path: Path, here: Shelf) -> None:
    there = Shelf(tmp_path / "there", NORRVIK)
    first = exported(there, NATIONAL_KIT, tmp_path / "first.zip")
    again = exported(there, a_copy(tmp_path / "copy"), tmp_path / "again.zip")

    brought = here.bring(first)
    assert brought.folder
    passed_on = exported(here, brought.folder, tmp_path / "passed-on.zip")

    assert first.read_bytes() == again.read_bytes() == passed_on.read_bytes()
    assert read_kit(brought.folder).polls == read_kit(NATIONAL_KIT).polls
    assert (brought.sealed.by.key, brought.changes) == (NORRVIK.public, ())
    assert here.bring(first).folder == brought.folder  # twice is once
    assert here.folders() == [brought.folder]


def a_copy(folder: Path) -> Path:
    shutil.copytree(NATIONAL_KIT, folder)
    return folder


def test_an_unknown_key_is_shown_and_asked_about(tmp_path: Path, here: Shelf) -> None:
    file = signed(NATIONAL_KIT, tmp_path / "kit.zip", STRANGER)

    with pytest.raises(Refused) as no:
        here.bring(file)
    assert (no.value.code, no.value.values) == ("kit.key_unknown", {"key": fingerprint_in(STRANGER.public)})
    assert here.folders() == [NATIONAL_KIT]
    assert here.compare(file).changes == ()

    shown = in_groups(str(no.value.values["key"]))
    assert here.trust(fingerprint_in(shown) or "")
    assert here.bring(file).folder


def test_a_newer_one_comes_as_a_difference_to_take_or_leave_part_by_part(tmp_path: Path, here: Shelf) -> None:
    ours = here.bring(signed(NATIONAL_KIT, tmp_path / "1.zip")).folder
    assert ours
    (ours / "texts" / "invitation.sv.md").write_text((ours / "texts" / "invitation.sv.md").read_text() + "\nHälsningar från Sundmark\n")
    own = json.loads((ours / "day.json").read_text())
    item(own, "i-r1-samtal")["title"] = "Vårt samtal"
    item(own, "i-r2-kraft")["title"] = "Vår kraft"
    (ours / "day.json").write_text(json.dumps(own, ensure_ascii=False, indent=2))

    def newer(day: dict[str, Any]) -> None:
        item(day, "i-hemma")["title"] = "Hemma, på nytt"
        item(day, "i-oppning")["description"] = "Kortare."
        item(day, "i-r1-samtal")["title"] = "Ett annat samtal"

    second = signed(a_kit(tmp_path / "2", newer, version=2), tmp_path / "2.zip")

    asked = here.bring(second)
    assert asked.folder is None  # nothing was changed
    told = {change.part: (change.kind, change.conflict) for change in asked.changes}
    assert told == {
        "day.json#kit": ("changed", False),
        "day.json#items/i-hemma": ("changed", False),
        "day.json#items/i-oppning": ("changed", False),
        "day.json#items/i-r1-samtal": ("changed", True),
    }
    [said] = [change.says for change in asked.changes if change.part.endswith("i-r1-samtal")]
    assert said == ("title: Vårt samtal -> Ett annat samtal",)

    done = here.bring(second, {"day.json#kit", "day.json#items/i-hemma"})
    assert done.folder
    assert done.folder != ours
    kit = read_kit(done.folder)
    titles = {one.id: (one.title, one.description) for one in kit.items}
    before = {one.id: one for one in read_kit(NATIONAL_KIT).items}
    assert titles["i-hemma"][0] == "Hemma, på nytt"
    assert titles["i-r1-samtal"][0] == "Vårt samtal"
    assert titles["i-r2-kraft"][0] == "Vår kraft"
    assert titles["i-oppning"][1] == before["i-oppning"].description
    assert "Hälsningar från Sundmark" in kit.texts["invitation", "sv"].body
    assert [one.id for one in kit.items] == list(before)
    assert read_kit(ours).head.version == 1  # a day that was made from it finds it as it was
    assert here.folders() == [done.folder]


def test_what_nobody_here_changed_can_be_taken_whole(tmp_path: Path, here: Shelf) -> None:
    here.bring(signed(NATIONAL_KIT, tmp_path / "1.zip"))

    def newer(day: dict[str, Any]) -> None:
        item(day, "i-hemma")["title"] = "Hemma, på nytt"

    folder = a_kit(tmp_path / "2", newer, version=2)
    (folder / "texts" / "invitation.sv.md").unlink()
    (folder / "films" / "film-stod.jpg").write_bytes(b"another poster")
    second = signed(folder, tmp_path / "2.zip")
    offered = here.compare(second).changes
    done = here.bring(second, {change.part for change in offered})

    assert done.folder
    assert exported(here, done.folder, tmp_path / "out.zip").read_bytes() == second.read_bytes()  # under the maker's signature


def test_what_is_locked_is_not_passed_on_changed(tmp_path: Path, here: Shelf) -> None:
    ours = here.bring(signed(NATIONAL_KIT, tmp_path / "1.zip")).folder
    assert ours
    day = json.loads((ours / "day.json").read_text())
    item(day, "i-hemma")["title"] = "Hemma hos oss"
    (ours / "day.json").write_text(json.dumps(day))

    with pytest.raises(Refused, match=r"kit\.locked"):
        here.export(ours, io.BytesIO())

    item(day, "i-hemma")["title"] = next(one.title for one in read_kit(NATIONAL_KIT).items if one.id == "i-hemma")
    item(day, "i-r2-kraft")["title"] = "Vår kraft"  # a default that a region may change
    (ours / "day.json").write_text(json.dumps(day))
    assert here.export(ours, io.BytesIO()).by.key == SUNDMARK.public


def test_an_older_one_is_refused(tmp_path: Path, here: Shelf) -> None:
    here.bring(signed(a_kit(tmp_path / "2", version=2), tmp_path / "2.zip"), {"day.json#kit"})

    with pytest.raises(Refused, match=r"kit\.older"):
        here.bring(signed(NATIONAL_KIT, tmp_path / "1.zip"))


def rewritten(file: Path, change: Callable[[zipfile.ZipInfo, bytes], tuple[zipfile.ZipInfo, bytes] | None]) -> Path:
    """The archive with members changed or left out."""
    with zipfile.ZipFile(file) as old:
        members = [(one, old.read(one)) for one in old.infolist()]
    with zipfile.ZipFile(file, "w") as new:
        for one, body in members:
            if kept := change(one, body):
                new.writestr(*kept)
    return file


def one_byte(name: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        rewritten(file, lambda one, body: (one, body[:-1] + bytes([body[-1] ^ 1])) if one.filename == name else (one, body))

    return change


def without(name: str) -> Callable[[Path], None]:
    return lambda file: void(rewritten(file, lambda one, body: None if one.filename == name else (one, body)))


def with_member(name: str, body: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, body)

    return change


def with_manifest(change: Callable[[dict[str, Any]], None], signer: Signer = NORRVIK) -> Callable[[Path], None]:
    """Another manifest, rightly signed."""

    def rewrite(file: Path) -> None:
        with zipfile.ZipFile(file) as old:
            told = json.loads(old.read(MANIFEST))
        change(told)
        manifest = json.dumps(told).encode()
        signature = json.dumps({"key": signer.public, "signature": signer.sign(manifest)}).encode()
        news = {MANIFEST: manifest, SIGNATURE: signature}
        rewritten(file, lambda one, body: (one, news.get(one.filename, body)))

    return rewrite


def void(_: object) -> None:
    """Nothing."""


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-30_000])


FOREIGN: list[tuple[str, Callable[[Path], None], str]] = [
    ("a byte of a film", one_byte("films/film-stod.mp4"), "kit.tampered"),
    ("a byte of a text", one_byte("texts/invitation.sv.md"), "kit.tampered"),
    ("a byte of the manifest", one_byte(MANIFEST), "kit.tampered"),
    ("another hand's signature", with_manifest(lambda told: told.update(locked=[]), Signer("liar")), "kit.key_unknown"),
    ("no signature", without(SIGNATURE), "kit.tampered"),
    ("no manifest", without(MANIFEST), "kit.tampered"),
    ("a file left out", without("polls.json"), "kit.tampered"),
    ("a file more", with_member("texts/more.sv.md"), "kit.tampered"),
    ("a way out", with_member("../outside"), "kit.tampered"),
    ("a way from the root", with_member("/etc/passwd"), "kit.tampered"),
    ("a way of another system", with_member("texts\\..\\..\\x.md"), "kit.tampered"),
    ("a link", with_member("texts/link.sv.md", b"/etc/passwd", stat.S_IFLNK | 0o777), "kit.tampered"),
    ("a name twice", with_member("POLLS.json"), "kit.tampered"),
    ("a program", with_member("films/make.py"), "kit.tampered"),
    ("a bomb", with_member("texts/bomb.sv.md", bytes(50_000_000)), "kit.tampered"),
    ("another version", with_manifest(lambda told: told.update(format=2)), "kit.unknown_version"),
    ("a manifest of another kit", with_manifest(lambda told: told["kit"].update(version=7)), "kit.tampered"),
    ("a manifest that is a list", with_manifest(lambda told: told.update(files=[])), "kit.tampered"),
    (
        "a manifest that names a way out",
        with_manifest(lambda told: told["files"].update({"../x": {"bytes": 1, "sha256": ""}})),
        "kit.tampered",
    ),
    ("cut off", cut, "kit.tampered"),
    ("no archive", lambda file: void(file.write_bytes(b"hej")), "kit.tampered"),
    ("nothing", lambda file: void(file.write_bytes(b"")), "kit.tampered"),
]


@pytest.mark.parametrize(("change", "code"), [case[1:] for case in FOREIGN], ids=[case[0] for case in FOREIGN])
def test_what_comes_from_a_foreign_hand_is_refused_and_nothing_is_changed(
    tmp_path: Path, here: Shelf, change: Callable[[Path], None], code: str
) -> None:
    file = signed(NATIONAL_KIT, tmp_path / "kit.zip")
    change(file)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))

    with pytest.raises(Refused) as no:
        here.bring(file, set())

    assert no.value.code == code
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_ten_thousand_files_or_items_are_too_many(tmp_path: Path, here: Shelf) -> None:
    file = signed(NATIONAL_KIT, tmp_path / "kit.zip")
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(10_000):
            archive.writestr(f"texts/t{number}.sv.md", b"")
    with pytest.raises(Refused, match=r"kit\.too_large"):
        here.bring(file)

    def many(day: dict[str, Any]) -> None:
        one = item(day, "i-hemma")
        day["items"] += [{**one, "id": f"i-{number}", "cues": []} for number in range(10_000)]

    with pytest.raises(Refused, match=r"kit\.tampered"):
        here.bring(signed(a_kit(tmp_path / "many", many, version=2), tmp_path / "many.zip"), set())
    assert here.folders() == [NATIONAL_KIT]


def test_a_seal_is_of_its_own_words_alone() -> None:
    sealed = Sealed(b"{}", json.dumps({"key": NORRVIK.public, "signature": NORRVIK.sign(b"{}")}).encode())

    assert sealed.by.fingerprint == fingerprint_in(NORRVIK.public)
    assert fingerprint_in("3f2a") is None
    assert fingerprint_in("å" * 43) is None


def test_versions_that_are_alike_bring_nothing_and_merge_to_themselves() -> None:
    files = _files(NATIONAL_KIT)

    assert differences(files, files, files) == []
    assert merged(files, files, files, ()) == files
    assert "day.json#items/i-hemma" in locked_in(files)
    assert "day.json#items/i-r2-kraft" not in locked_in(files)


def test_a_day_finds_its_kit_when_product_or_data_have_moved(tmp_path: Path) -> None:
    assert folder_of(str(NATIONAL_KIT), tmp_path) == NATIONAL_KIT
    assert folder_of("/gone/conference/library/kits/national", tmp_path) == NATIONAL_KIT
    assert folder_of("/gone/data/kits/kit-x/2", tmp_path) == tmp_path / "kits/kit-x/2"
