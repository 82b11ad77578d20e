"""Archive packages are made beside everything else: in their turn, with progress, once; and one that was cut off is asked for anew."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from conference.core.errors import Refused
from web.packages import FOLDER, KEPT_MOST, PART, REST_S, WAITING_MOST, Job, Packages, Progress


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Packages]:
    """One that makes what is wanted."""
    packages = Packages(folder)
    task = asyncio.create_task(packages.run())
    try:
        yield packages
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def a_job(name: str, first: Callable[[], Awaitable[bytes]] | None = None) -> Job:
    """Two documents in one."""

    async def written() -> bytes:
        return name.encode()

    return Job(name, [("first", first or written), ("second", written)], together)


def together(made: Mapping[str, bytes]) -> bytes:
    return b"+".join(made.values())


async def done(packages: Packages, name: str) -> bytes:
    """The package, when it is there."""
    async with asyncio.timeout(30):
        while (path := packages.file(name)) is None:
            await asyncio.sleep(0.01)
    return path.read_bytes()


async def test_who_asked_sees_each_step_and_fetches_the_whole(tmp_path: Path) -> None:
    goes_on = asyncio.Event()

    async def waits() -> bytes:
        await goes_on.wait()
        return b"waited"

    async with running(tmp_path) as packages:
        asked = [packages.want(a_job("a", waits)), packages.want(a_job("a", waits)), packages.want(a_job("b"))]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        under_way = packages.progress("a"), packages.progress("b"), packages.progress("c")
        goes_on.set()
        made = [await done(packages, name) for name in ("a", "b")]
        at_last = packages.progress("a")

    assert asked == [Progress("waiting", steps=3), Progress("waiting"), Progress("waiting", steps=3)]
    assert under_way == (Progress("making", 0, 3, "first"), Progress("waiting"), None)
    assert (made, at_last) == ([b"waited+a", b"b+b"], Progress("done"))


async def test_one_that_a_restart_cut_off_is_told_and_made_anew_when_it_is_asked_for(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def never() -> bytes:
        begun.set()
        await asyncio.Event().wait()
        return b""

    async with running(tmp_path) as packages:
        packages.want(a_job("a", never))
        await begun.wait()

    async with running(tmp_path) as after:
        after.sweep(alone=True)
        told, again = after.progress("a"), after.want(a_job("a"))
        made = await done(after, "a")

    assert (told, again, made) == (Progress("cut"), Progress("waiting", steps=3), b"a+a")
    assert [path.suffix for path in (tmp_path / FOLDER).iterdir()] == [".zip"]


async def test_what_another_process_makes_is_waited_for_and_what_one_left_long_ago_is_not(tmp_path: Path) -> None:
    packages = Packages(tmp_path)
    part = packages._path("a").with_suffix(PART)
    part.parent.mkdir()
    part.touch()
    packages.sweep(alone=False)
    new = packages.progress("a")
    os.utime(part, (part.stat().st_atime, part.stat().st_mtime - 2 * REST_S))
    old = packages.progress("a")
    packages.sweep(alone=False)

    assert (new, old, packages.progress("a")) == (Progress("waiting"), None, Progress("cut"))


async def test_why_it_could_not_be_made_is_told_once_and_it_may_be_asked_for_again(tmp_path: Path) -> None:
    async def no() -> bytes:
        raise Refused("report.no_pdf", "Nej.")

    async with running(tmp_path) as packages:
        packages.want(a_job("a", no))
        async with asyncio.timeout(30):
            while packages._wanted:
                await asyncio.sleep(0.01)
        with pytest.raises(Refused, match=r"report\.no_pdf"):
            packages.progress("a")
        packages.want(a_job("a"))

        assert await done(packages, "a") == b"a+a"


async def test_there_are_never_more_than_so_many_waiting_nor_kept(tmp_path: Path) -> None:
    idle = Packages(tmp_path / "idle")
    for number in range(WAITING_MOST):
        idle.want(a_job(f"w{number}"))
    with pytest.raises(Refused, match=r"limit\.reached"):
        idle.want(a_job("more"))

    async with running(tmp_path) as packages:
        for number in range(KEPT_MOST + 3):
            packages.want(a_job(f"k{number}"))
            path = packages._path(f"k{number}")
            await done(packages, f"k{number}")
            os.utime(path, (number, number))
        packages.want(a_job("last"))
        await done(packages, "last")
        async with asyncio.timeout(30):
            while packages._wanted:
                await asyncio.sleep(0.01)

    kept = [number for number in range(KEPT_MOST + 3) if packages.file(f"k{number}")]
    assert (packages.file("last") is not None, len(kept)) == (True, KEPT_MOST - 1)
