"""The documents are complete: every event and wish in the protocol, every setting in operations, every decision in its list."""

from __future__ import annotations

from pathlib import Path

import web.bootstrap
from conference.core.event import KNOWN
from web.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


def missing(names: list[str], document: str) -> list[str]:
    """Which of the names a document does not hold."""
    text = (DOCS / document).read_text()
    return sorted(name for name in names if name not in text)


def test_every_event_is_in_the_protocol() -> None:
    ours = [name for (name, _version), event in KNOWN.items() if not event.__module__.startswith("tests.")]

    assert ours
    assert missing(ours, "protocol.md") == []


def test_every_wish_is_in_the_protocol() -> None:
    assert missing(list(web.bootstrap.wish_table().kinds), "protocol.md") == []


def test_every_setting_is_in_operations() -> None:
    assert missing([f"SAMSYN_{name.upper()}" for name in Settings.model_fields], "operations.md") == []


def test_every_decision_is_in_the_list() -> None:
    pages = [path.name for path in (DOCS / "decisions").glob("0*.md")]

    assert missing(pages, "decisions/README.md") == []
