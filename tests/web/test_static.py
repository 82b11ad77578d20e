"""What is served as it lies: own scripts and style sheets hold to the security policy, and what others wrote is what they wrote."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "web" / "static"
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "web" / "templates").glob("*.html"))
VENDORED = [
    (folder, entry)
    for folder in (STATIC / "vendor", ROOT / "tests" / "vendor")
    for entry in tomllib.loads((folder / "vendor.toml").read_text())["file"]
]


@pytest.mark.parametrize(("folder", "entry"), VENDORED, ids=lambda one: one["name"] if isinstance(one, dict) else "")
def test_a_vendored_script_is_as_it_came(folder: Path, entry: dict[str, Any]) -> None:
    path = folder / entry["path"]

    assert base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode() == entry["sha384"]
    assert (path.parent / "LICENSE").is_file()


def test_every_vendored_script_is_listed() -> None:
    listed = {folder / entry["path"] for folder, entry in VENDORED}

    assert {path for folder in (STATIC / "vendor", ROOT / "tests" / "vendor") for path in folder.rglob("*.js") if path.is_file()} == listed


def test_the_two_dark_palettes_are_the_same() -> None:
    text = (STATIC / "css" / "tokens.css").read_text()
    system = text.partition(':root:not([data-theme="light"]) {')[2].partition("}")[0]
    chosen = text.partition(':root[data-theme="dark"] {')[2].partition("}")[0].replace("color-scheme: dark;", "")

    assert system.split() == chosen.split()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_short_and_makes_no_html(script: Path) -> None:
    text = script.read_text()

    assert len(text.splitlines()) <= 300
    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|\.style\b(?!\.setProperty\(\"--)|setAttribute\(\"style",
        text,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_its_neighbours_by_relative_addresses(script: Path) -> None:
    for address in re.findall(r'from "([^"]+)"', script.read_text()):
        assert (script.parent / address).is_file()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(template: Path) -> None:
    text = template.read_text()

    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_only_files_and_icons_there_are(template: Path) -> None:
    icons = set(re.findall(r'id="i-([a-z]+)"', (template.parent / "icons.html").read_text()))
    text = template.read_text()

    assert [path for path in re.findall(r'static\("([^"]+)"\)', text) if not (STATIC / path).is_file()] == []
    assert set(re.findall(r'icon\("([a-z]+)"\)', text)) <= icons


def test_no_page_asks_for_anything_elsewhere() -> None:
    own = [*SCRIPTS, *TEMPLATES, *(STATIC / "css").glob("*.css")]
    found = {(path.name, address) for path in own for address in re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", path.read_text())}

    assert {(name, address) for name, address in found if "www.w3.org" not in address} == set()
