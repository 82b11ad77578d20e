"""What the program writes down of itself: one line an event on standard error, without anybody's secrets.

No control characters, tokens, cookies, mail addresses or values of database rows: whatever a log line was made of, it is washed here.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SECRETS: Final = (
    (
        re.compile(r"(samsyn_session=|Bearer |/in/|/invite/|/actions/|/light/|/region/|/pair/|/p/|token=|key=)[^\s;,\"'&]+", re.IGNORECASE),
        r"\1…",
    ),
    (re.compile(r"://[^\s/@:]+:[^\s/@]+@"), "://…@"),  # the password in a database's address
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
    (re.compile(r"\[parameters: .*?\]$", re.MULTILINE | re.DOTALL), "[parameters: …]"),  # SQLAlchemy tells what was in the row
)
QUIET: Final = ("uvicorn.error", "websockets", "httpx2", "alembic", "aiosqlite", "multipart", "python_multipart")


def washed(text: str) -> str:
    """*text* as it may stand in a log."""
    clean = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    for pattern, instead in SECRETS:
        clean = pattern.sub(instead, clean)
    return clean


def wash(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every text of a log line."""
    return {key: washed(value) if isinstance(value, str) else value for key, value in event.items()}


def set_up(*, verbose: bool = False) -> None:
    """Write logs to standard error: for reading on a terminal, else as JSON."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        wash,
    ]
    human = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer(colors=False) if human else structlog.processors.JSONRenderer(ensure_ascii=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if verbose else logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
