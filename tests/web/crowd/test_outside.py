from __future__ import annotations

import ast
from pathlib import Path

import pytest

import web.crowd

ROOMS = sorted(Path(web.crowd.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_the_crowd_knows_nothing_of_the_server(room: Path) -> None:
    imported = set[str]()
    for node in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}

    ours = {"conference", "polls", "chat", "streaming", "web"}
    assert {name for name in imported if name.partition(".")[0] in ours and not name.startswith("web.crowd")} == set()
    others = {name.partition(".")[0] for name in imported} & {"starlette", "uvicorn", "sqlmodel", "sqlalchemy", "pydantic", "typer"}
    assert others == set()
