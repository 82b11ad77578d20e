"""Static files: for ever under the present stamp, asked about again under any other address; packed once for all who take them packed."""

from __future__ import annotations

import gzip
import os
from functools import cache
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.render import FOLDER, stamp

FOR_EVER: Final = "public, max-age=31536000, immutable"
WORTH_PACKING: Final = frozenset({".js", ".css", ".svg", ".txt"})


class Stamped(StaticFiles):
    """Serves ``/static/{stamp}/{path}``. A page from before an update still finds its files, without keeping them."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER / "static")

    def get_path(self, scope: Scope) -> str:
        """The path without its stamp."""
        _stamp, _slash, path = super().get_path(scope).replace(os.sep, "/").partition("/")
        return path

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        fresh = f"/{stamp()}/" in scope["path"]
        if fresh and isinstance(response, FileResponse) and _takes_packed(scope, path):
            body = packed(Path(response.path), stamp())
            response = Response(body, media_type=response.media_type, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
        response.headers["Cache-Control"] = FOR_EVER if fresh else "no-cache"
        return response


def _takes_packed(scope: Scope, path: str) -> bool:
    return Path(path).suffix in WORTH_PACKING and "gzip" in Headers(scope=scope).get("accept-encoding", "") and scope["method"] == "GET"


@cache
def packed(path: Path, _stamp: str) -> bytes:
    """A file in gzip's form: half a second of work for all of them together, a third of their size."""
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
