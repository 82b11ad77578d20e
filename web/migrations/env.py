"""Alembic's way into our tables; `web.migrate` calls it with a connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel

import web.bootstrap  # noqa: F401  # all tables
from web.migrate import of_ours


def rendered(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """SQLModel's own column types by their full names; everything else as Alembic does."""
    module = type(item).__module__
    if kind == "type" and module.startswith("sqlmodel"):
        autogen.imports.add(f"import {module}")
        return f"{module}.{item!r}"
    return False


def run() -> None:
    """Bring the database of the connection up to date, or compare it."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=rendered,
        include_object=of_ours,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=True,  # SQLite cannot alter a table: it is copied
    )
    with context.begin_transaction():
        context.run_migrations()


run()
