"""The house: what every room may and may not do. Import directions are held by import-linter (``pyproject.toml``)."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from conference.core.columns import Kept

ROOT = Path(__file__).parents[1]
FLOORS = ("conference", "streaming", "polls", "chat", "web")
FEATURES = (
    "conference", "conference/people", "conference/rundown", "conference/followup", "polls", "polls/surveys", "polls/later", "chat",
    "chat/questions", "chat/gestures", "chat/backstage",
    "streaming", "streaming/captioning", "streaming/studio", "streaming/recordings",
    "conference/followup/reports", "conference/followup/keeping", "conference/followup/integrations", "conference/followup/webhooks",
)  # fmt: skip
ROOMS = ("__init__", "events", "tables", "rules", "service", "views")
IMPURE = {"now", "utcnow", "random"}
LINES_MOST, FUNCTION_MOST, DOOR_MOST = 300, 40, 40


def modules(*under: str) -> list[Path]:
    """Our own modules, without generated migrations."""
    found = [path for folder in under for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "versions" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_modules_and_functions_are_small_enough_to_read() -> None:
    long = {named(path): lines for path in modules(*FLOORS) if (lines := len(path.read_text().splitlines())) > LINES_MOST}
    tall = {
        f"{named(path)}:{f.name}": lines
        for path in modules(*FLOORS)
        for f in functions(path)
        if (lines := (f.end_lineno or 0) - f.lineno + 1) > FUNCTION_MOST
    }

    assert (long, tall) == ({}, {})


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_the_five_rooms_and_a_door(feature: str) -> None:
    assert [room for room in ROOMS if not (ROOT / feature / f"{room}.py").exists()] == []
    assert len((ROOT / feature / "__init__.py").read_text().splitlines()) <= DOOR_MOST


def test_rules_are_pure() -> None:
    impure = [
        f"{named(path)}:{node.lineno}"
        for path in modules(*FLOORS)
        if path.name == "rules.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        or (isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "random"})
    ]

    assert impure == []


def test_a_verb_waits_for_nothing_but_its_transaction() -> None:
    strange = []
    for path in modules(*FLOORS):
        for f in functions(path):
            if any(isinstance(d, ast.Name) and d.id == "verb" for d in f.decorator_list):
                strange += [
                    f"{named(path)}:{w.lineno}" for w in ast.walk(f) if isinstance(w, ast.Await) and not _of_the_transaction(w.value)
                ]

    assert strange == []


def _of_the_transaction(waited: ast.expr) -> bool:
    """``tx.something()``, or a function that is given ``tx``."""
    if not isinstance(waited, ast.Call):
        return False
    of_tx = isinstance(waited.func, ast.Attribute) and isinstance(waited.func.value, ast.Name) and waited.func.value.id == "tx"
    return of_tx or any(isinstance(a, ast.Name) and a.id == "tx" for a in waited.args)


def test_only_the_top_floor_knows_http_and_the_environment() -> None:
    below = [path for path in modules(*FLOORS[:-1]) if "media" not in path.parts]
    wrong = [
        named(path) for path in below if any(word in path.read_text() for word in ("import starlette", "from starlette", "os.environ"))
    ]

    assert wrong == []


def test_every_column_says_what_it_holds() -> None:
    import web.bootstrap  # noqa: F401  (all tables)

    tables = [table for table in SQLModel.metadata.sorted_tables if not table.name.startswith("test_")]
    without = [
        f"{table.name}.{column.name}" for table in tables for column in table.columns if not isinstance(column.info.get("kept"), Kept)
    ]

    assert tables
    assert without == []


def test_times_are_mapped_by_sqlmodel_alone() -> None:
    assert [named(path) for path in modules(*FLOORS) if "DateTime(" in path.read_text()] == []


def test_uvicorn_and_aiortc_are_held_to_one_minor() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]

    assert [one for one in wanted if one.startswith(("uvicorn", "aiortc"))] == ["uvicorn[standard]>=0.54,<0.55", "aiortc>=1.16,<1.17"]
