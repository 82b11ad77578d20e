"""Static files: for ever under the present stamp, asked about again under any other address."""

from __future__ import annotations

import os
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.render import FOLDER, stamp

FOR_EVER: Final = "public, max-age=31536000, immutable"


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
        response.headers["Cache-Control"] = FOR_EVER if fresh else "no-cache"
        return response
