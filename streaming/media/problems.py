"""How the media process says no, and how long what it gives may be kept."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

FOREVER = "public, max-age=31536000, immutable"  # what has such an address never changes


def problem(status: int, code: str, detail: str = "") -> Response:
    """A refusal with a code; *detail* is for a log."""
    return JSONResponse({"code": code, "status": status, "detail": detail}, status, media_type="application/problem+json")
