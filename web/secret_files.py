"""Secrets that the installation makes for itself: one file each, readable by its owner alone. None is ever built in."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

SECRET_BYTES: Final = 32
SHORTEST: Final = 16  # characters; a file with less was not meant as a secret


class BadSecret(Exception):
    """A file is there and holds no secret."""


def secret(path: Path) -> str:
    """The secret in *path*, made now if there is none. Two processes that make it at once agree on one.

    Raises:
        BadSecret: the file is too short to be one.
        OSError: it can neither be read nor made.
    """
    if not path.exists():
        _make(path)
    path.chmod(0o600)
    found = path.read_text(encoding="ascii").strip()
    if len(found) < SHORTEST:
        raise BadSecret(f"{path} holds no secret")
    return found


def keep(path: Path, text: str) -> None:
    """Write *text*, whole or not at all, where its owner alone can read it.

    Raises:
        OSError: it cannot be written.
    """
    _draft(path, text).replace(path)


def _make(path: Path) -> None:
    draft = _draft(path, secrets.token_urlsafe(SECRET_BYTES))
    try:
        os.link(draft, path)  # unlike a rename it never replaces the one that another process has just made
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
