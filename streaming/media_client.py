"""Speaks with the media process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
import httpx2
import msgspec

from conference.core.errors import Refused, _
from streaming.media.films import Status
from streaming.media.manifest import INIT_FILE, MANIFEST_FILE, MEDIA_FILE, Manifest
from streaming.media.runs import Notice, Run
from streaming.media.runs import Status as SourceStatus

TIMEOUT_S = 10.0
SENDING_S = 3_600.0  # a film of 4 GiB on a slow line
SIGN_OF_LIFE_S = 15.0  # it gives one every few seconds
CHUNK_BYTES = 1 << 20

FILM_TEXTS = {
    "film.unreadable": _("Filen gick inte att läsa som film. Den kan vara avbruten eller av en sort som vi inte känner."),
    "film.too_large": _("Filmen är för stor. Den får vara högst 4 GiB."),
}

T = TypeVar("T")


class MediaAway(Exception):
    """The media process does not answer; it is started again meanwhile."""


class MediaClient:
    """The media process as our own web processes see it: ``async with MediaClient(url, token) as media``.

    Args:
        is_local: it runs on this machine, so a film need not be sent: it is told where it lies.
    """

    def __init__(self, url: str, token: str, *, is_local: bool = True) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False)
        self._is_local = is_local

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.aclose()

    async def is_well(self) -> bool:
        """Whether it answers."""
        try:
            return (await self._http.get("/healthz")).is_success
        except httpx2.HTTPError:
            return False

    async def give(self, film: Path) -> Status:
        """Give it a film; the same film again costs nothing.

        Raises:
            Refused: ``film.unreadable``, ``film.too_large``.
            MediaAway: it did not answer.
        """
        if self._is_local:
            answer = await self._ask("POST", "/films", json={"path": str(film)}, timeout=SENDING_S)
        else:
            kind = {"Content-Type": "application/octet-stream"}
            answer = await self._ask("POST", "/films", content=_chunks(film), headers=kind, timeout=SENDING_S)
        return _read(answer, Status)

    async def status(self, film: str) -> Status:
        """How far a film has come.

        Raises:
            LookupError: it never came.
            MediaAway: it did not answer.
        """
        return _read(await self._ask("GET", f"/films/{film}"), Status)

    async def manifest(self, asset: str) -> Manifest:
        """What an asset consists of.

        Raises:
            LookupError: there is none.
            MediaAway: it did not answer.
        """
        return _read(await self._ask("GET", f"/assets/{asset}/{MANIFEST_FILE}"), Manifest)

    async def init(self, asset: str) -> bytes:
        """Its init segment; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/assets/{asset}/{INIT_FILE}")).content)

    async def read(self, asset: str, offset: int, length: int) -> bytes:
        """Some bytes of its media file; raises as `manifest`."""
        wanted = {"Range": f"bytes={offset}-{offset + length - 1}"}
        return bytes((await self._ask("GET", f"/assets/{asset}/{MEDIA_FILE}", headers=wanted)).content)

    async def pass_on(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Whatever it answers, for what others want of it.

        Raises:
            MediaAway: it did not answer.
        """
        try:
            return await self._http.request(method, path, **more)
        except httpx2.HTTPError as error:
            raise MediaAway(repr(error)) from error

    async def notices(self) -> AsyncIterator[Notice]:
        """What live sources do, from now on, for as long as it tells.

        Raises:
            MediaAway: it does not answer, or no longer.
        """
        patience = httpx2.Timeout(TIMEOUT_S, read=SIGN_OF_LIFE_S)
        try:
            async with self._http.stream("GET", "/notices", timeout=patience) as answer:
                if not answer.is_success:
                    raise MediaAway(f"GET /notices: {answer.status_code}")
                async for line in answer.aiter_lines():
                    yield msgspec.json.decode(line, type=Notice)
        except (httpx2.HTTPError, msgspec.DecodeError) as error:
            raise MediaAway(repr(error)) from error

    async def sources(self) -> dict[str, SourceStatus]:
        """All live sources that it takes in, by name; raises `MediaAway`."""
        return _read(await self._ask("GET", "/sources"), dict[str, SourceStatus])

    async def runs(self, source: str) -> list[Run]:
        """What a source has sent so far; raises as `manifest`."""
        return _read(await self._ask("GET", f"/sources/{source}/runs"), dict[str, list[Run]])["runs"]

    async def live_init(self, source: str, run: int) -> bytes:
        """The init segment of a run; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/sources/{source}/{run}/{INIT_FILE}")).content)

    async def live(self, source: str, run: int, name: str) -> bytes:
        """Some parts of a run, by their name; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/sources/{source}/{run}/{name}.m4s")).content)

    async def small_init(self, asset: str) -> bytes:
        """The init segment of an asset's small pictures; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/assets/{asset}/small.mp4")).content)

    async def small(self, asset: str, name: str) -> bytes:
        """Some parts of an asset with small pictures, by their name; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/assets/{asset}/small/{name}.m4s")).content)

    async def live_small_init(self, source: str, run: int) -> bytes:
        """The init segment of a run's small pictures; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/sources/{source}/{run}/small.mp4")).content)

    async def live_small(self, source: str, run: int, name: str) -> bytes:
        """Some parts of a run with small pictures, by their name; raises as `manifest`."""
        return bytes((await self._ask("GET", f"/sources/{source}/{run}/small/{name}.m4s")).content)

    async def ask_key(self, source: str) -> None:
        """Ask a source for a picture that players can begin with; raises as `manifest`."""
        await self._ask("POST", f"/sources/{source}/key")

    async def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            answer = await self._http.request(method, path, **more)
        except httpx2.HTTPError as error:
            raise MediaAway(repr(error)) from error
        if answer.is_success:
            return answer
        code = answer.json().get("code", "") if answer.headers.get("content-type", "").startswith("application/problem") else ""
        if code in FILM_TEXTS:
            raise Refused(code, FILM_TEXTS[code])
        if answer.status_code == httpx2.codes.NOT_FOUND:
            raise LookupError(path)
        raise MediaAway(f"{method} {path}: {answer.status_code} {code}")


def _read(answer: httpx2.Response, kind: type[T]) -> T:
    return msgspec.json.decode(answer.content, type=kind)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while chunk := await file.read(CHUNK_BYTES):
            yield chunk
