"""Kits by command and by address: what a script sees, what an organizer gets, what a day from another kit is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from sqlmodel import select

from conference.library import NATIONAL_KIT, Signer
from conference.library.archive import describe, pack, seal
from conference.tables import Day
from tests.web.products import product, with_a_day
from tests.web.test_admin import admin, made_a_day

AWAY = "http://127.0.0.1:9"


def samsyn(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run a command; its exit code and what it said on both ways."""
    env = {**os.environ, "SAMSYN_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "web.cli", "kit", *words], capture_output=True, text=True, env=env, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


def told(folder: Path, *words: str) -> Any:
    code, said, wrong = samsyn(folder, *words, "--json")
    assert code == 0, wrong
    return json.loads(said)


def another_kit(file: Path, **head: Any) -> Path:
    """The national kit under another name, signed by somebody else."""
    folder = file.with_suffix("")
    folder.mkdir()
    for one in describe(NATIONAL_KIT, []).files:
        (folder / one).parent.mkdir(exist_ok=True)
        (folder / one).write_bytes((NATIONAL_KIT / one).read_bytes())
    day = json.loads((folder / "day.json").read_text())
    day["kit"] |= head
    (folder / "day.json").write_text(json.dumps(day))
    with file.open("wb") as made:
        pack(folder, seal(describe(folder, []), Signer("another house")), made)
    return file


def test_a_kit_goes_from_one_house_to_another_by_command(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "kit.zip"
    made = told(first, "export", "--to", str(file))
    seen = told(second, "verify", str(file))
    assert (made["kit"], made["trusted"], seen["trusted"]) == ("kit-nationell-dag", True, False)
    assert not second.exists()  # looking makes nothing

    code, _said, wrong = samsyn(second, "import", str(file))
    assert (code, f"samsyn kit trust {seen['fingerprint']}" in wrong, wrong.count("\n")) == (1, True, 1)
    assert told(second, "trust", seen["fingerprint"]) == {"fingerprint": seen["fingerprint"], "new": True}
    brought = told(second, "import", str(file))
    told(second, "export", "kit-nationell-dag", "--to", str(tmp_path / "again.zip"))

    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()
    assert told(second, "list")["kits"][0]["folder"] == brought["folder"]


def test_a_newer_kit_is_shown_and_waits_for_an_answer(tmp_path: Path) -> None:
    file = another_kit(tmp_path / "new.zip", version=2, title="Nya paketet")
    told(tmp_path, "trust", told(tmp_path, "verify", str(file))["fingerprint"])

    code, said, wrong = samsyn(tmp_path, "import", str(file))
    assert (code, "--accept" in wrong) == (1, True)
    assert said.splitlines()[:2] == ["  changed day.json#kit", "             version: 1 -> 2"]
    assert told(tmp_path, "diff", str(file))["changes"][0]["part"] == "day.json#kit"
    assert told(tmp_path, "list")["kits"][0]["version"] == 1

    told(tmp_path, "import", str(file), "--accept", "all")
    assert told(tmp_path, "list")["kits"][0]["version"] == 2


def test_used_wrongly_is_two_and_a_broken_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"hej")

    assert samsyn(tmp_path)[0] == 2
    assert samsyn(tmp_path, "verify", str(tmp_path / "none.zip"))[0] == 2
    assert samsyn(tmp_path, "trust", "3f2a")[0] == 2
    assert samsyn(tmp_path, "export", "kit-none")[0] == 1
    code, said, wrong = samsyn(tmp_path, "verify", str(tmp_path / "broken.zip"))
    assert (code, said, wrong.startswith("samsyn: kit.tampered")) == (1, "", True)


async def test_an_organizer_gets_the_days_kit_and_nobody_else_does(tmp_path: Path) -> None:
    async with product(tmp_path, media_url=AWAY) as made:
        await with_a_day(made)
        path = f"/days/{made.day}/kit.zip"
        async with (
            made.http(await made.enter("organizer")) as anna,
            made.http(await made.enter("moderator")) as olga,
            made.http() as nobody,
        ):
            given = await anna.get(path)
            refused = [(await one.get(path)).status_code for one in (olga, nobody)]

    told(tmp_path, "export", "--to", str(tmp_path / "same.zip"))
    assert (given.status_code, given.headers["Content-Disposition"]) == (200, 'attachment; filename="kit-nationell-dag-1.zip"')
    assert given.content == (tmp_path / "same.zip").read_bytes()
    assert refused == [403, 403]
    with zipfile.ZipFile(tmp_path / "same.zip") as archive:
        assert archive.testzip() is None


async def test_an_admin_chooses_among_the_kits_that_are_here(tmp_path: Path) -> None:
    file = another_kit(tmp_path / "own.zip", id="kit-egen", title="Vårt eget paket")
    told(tmp_path, "trust", told(tmp_path, "verify", str(file))["fingerprint"])
    folder = told(tmp_path, "import", str(file))["folder"]
    async with product(tmp_path, media_url=AWAY) as made, admin(made) as http:
        page = (await http.get("/admin", headers={"Accept": "text/html"})).text
        day = await made_a_day(http, "2027-03-23", kit="kit-egen")
        unknown = await http.post("/admin/days", data={"date": "2027-03-24", "region": "r-norrvik", "kit": "kit-ingen"})
        async with made.house.store.reading() as session:
            row = (await session.exec(select(Day).where(Day.day == day))).one()

    assert "Vårt eget paket, version 1" in page
    assert (row.kit, row.kit_folder) == ("kit-egen", folder)
    assert (unknown.status_code, "Välj ett paket i listan" in unknown.text) == (422, True)
