"""The archive package can be read without the program, holds the report's figures and nothing else, and is the same file each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

from conference.core.sheets import Withheld
from conference.followup.reports.archive import OPEN_DATA, SUMS, as_archive
from conference.followup.reports.open_data import as_zip, tables
from tests.conference.followup.reports.figures import SECRET, kept


def a_package() -> dict[str, bytes]:
    version = kept()
    made = as_archive(version, {"rapport.pdf": b"%PDF-1.7", "rapport.xlsx": b"PK", OPEN_DATA: as_zip(version)})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_version_is_the_same_bytes() -> None:
    documents = {"rapport.pdf": b"%PDF-1.7", OPEN_DATA: as_zip(kept())}

    assert as_archive(kept(), documents) == as_archive(kept(), documents)


def test_every_file_has_its_checksum_and_is_told_of_in_the_readme() -> None:
    package = a_package()
    lines = [line.partition("  ") for line in package.pop(SUMS).decode().splitlines()]
    sums = {name: told for told, _, name in lines}

    assert sums == {name: hashlib.sha256(body).hexdigest() for name, body in package.items()}
    readme = package["LÄS MIG.txt"].decode()
    assert kept().fingerprint in readme
    assert [
        name for name in ("siffror.json", "data/*.csv", "data/data.json", "data/datalexikon.*", "rapport.*", SUMS) if name not in readme
    ] == []


def test_its_figures_are_those_of_the_report() -> None:
    package, version = a_package(), kept()

    assert hashlib.sha256(package["siffror.json"]).hexdigest() == version.fingerprint
    assert json.loads(package["siffror.json"]) == json.loads(json.dumps(version.figures))
    data = json.loads(package["data/data.json"])["tables"]
    assert {name: len(rows) for name, rows in data.items()} == {name: len(rows) for name, (_fields, rows) in tables(version).items()}
    [shown] = [[None if isinstance(row[10], Withheld) else row[10] for row in tables(version)["svar"][1]]]
    assert [row["antal"] for row in data["svar"]] == shown


def test_every_column_is_in_the_dictionary_and_nothing_secret_is_in_it() -> None:
    package = a_package()
    told = {(one["tabell"], one["kolumn"]) for one in json.loads(package["data/datalexikon.json"])}

    for name, body in package.items():
        if name.startswith("data/") and name.endswith(".csv") and "lexikon" not in name:
            table = name.removeprefix("data/").removesuffix(".csv")
            head = next(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
            assert {(table, column) for column in head} <= told
    assert [name for name, body in package.items() if SECRET.encode() in body] == []
