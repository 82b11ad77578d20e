"""Twelve people in one panel, each by a connection of their own: all are heard, nobody more gets in, and one who is cut off comes back."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import httpx2
import numpy as np
import pytest

from streaming.media.runs import Run
from streaming.media.sounding import Samples
from streaming.media.sources import MEMBERS_MOST
from tests.streaming.houses import media_process
from tests.streaming.media.senders import Clip, Publisher, client, clip, publishing, runs_of, toned, whole
from tests.streaming.media.sounds import strength
from tests.streaming.media.test_stage import told

pytestmark = [pytest.mark.faults, pytest.mark.timeout(560)]  # on a busy machine it waits for what comes late
SECONDS, RATE, LOUD = 4, 5, 0.05  # all of them together stay below the limiter's ceiling
CLEAR, FAINT = LOUD / 4, LOUD / 20  # of a tone in the mix: somebody who speaks there, and nobody
TONES = {f"member-{n}": 400 + 250 * n for n in range(MEMBERS_MOST)}  # hertz; each a whole number of waves in a clip
NAMES = list(TONES)
LOST = NAMES[7]
SEEN = {NAMES[0], LOST}  # the others have no camera: a machine that is busy has enough to do
WAIT_S = 120.0


@dataclass
class Panel:
    """A panel in a real media process, and those who send to it."""

    http: httpx2.AsyncClient
    senders: dict[str, Publisher]

    async def seat(self, *members: str) -> tuple[int, str]:
        """Ask for these members; the status and the code of the answer."""
        answer = await self.http.put("/sources/panel", json={"kind": "panel", "members": members})
        return answer.status_code, answer.json().get("code", "")

    async def heard(self, wanted: Collection[str]) -> set[str]:
        """Who is heard in the mix from now on, by when all of these have been; a machine that stands still loses some of it."""
        found, looked_at = set[str](), set[tuple[int, int]]()
        begun_ms = max((run.edge_ms for run in await runs_of(self.http, "panel")), default=0)
        async with asyncio.timeout(WAIT_S):
            while not found >= set(wanted):
                await asyncio.sleep(0.5)
                new = [place for place in await self._segments(begun_ms) if (place[0].run, place[1]) not in looked_at]
                for run, seq in new:
                    looked_at.add((run.run, seq))
                    found |= voices(samples_of(await whole(self.http, "panel", run, slice(seq, seq + 1))))
        return found

    async def _segments(self, begun_ms: int) -> list[tuple[Run, int]]:
        """The whole segments that began after some moment."""
        runs = await runs_of(self.http, "panel")
        return [(run, one.seq) for run in runs for one in run.segments if one.done and one.ends and one.begins_ms >= begun_ms]


def samples_of(body: bytes) -> Samples:
    """What is heard in some segments."""
    with av.open(io.BytesIO(body), "r") as container:
        return np.concatenate([frame.to_ndarray().T.astype(np.float32) for frame in container.decode(audio=0)])


def voices(sound: Samples) -> set[str]:
    """Whose tone is clearly there; nobody's in what is too short to tell them apart."""
    return {name for name, hertz in TONES.items() if strength(sound, hertz) > CLEAR} if len(sound) > 24_000 else set()


@pytest.fixture(scope="module")
def clips() -> dict[str, Clip]:
    """One small picture for all who have a camera, and a tone for each."""
    pictures = clip(320, 180, RATE, gop_s=1.0).pictures
    return {name: Clip(pictures, tuple(toned(hertz, SECONDS, LOUD)), RATE) for name, hertz in TONES.items()}


@asynccontextmanager
async def a_full_panel(folder: Path, clips: dict[str, Clip]) -> AsyncIterator[Panel]:
    with media_process(folder / "data", "--allow-loopback") as (url, _):
        async with client(url, 60) as http, AsyncExitStack() as stack:
            senders = {name: await stack.enter_async_context(publishing(http, name, clips[name], picture=name in SEEN)) for name in NAMES}
            panel = Panel(http, senders)
            assert await panel.seat(*NAMES) == (200, "")
            yield panel


async def test_twelve_are_heard_the_thirteenth_is_refused_and_one_who_was_cut_off_comes_back(
    tmp_path: Path, clips: dict[str, Clip]
) -> None:
    async with a_full_panel(tmp_path, clips) as panel:
        assert await panel.heard(NAMES) == set(NAMES)

        assert await panel.seat(*NAMES, "member-12") == (422, "source.too_many_members")
        assert await panel.heard(NAMES) == set(NAMES)

        for track in panel.senders[LOST].tracks.values():
            track.frozen = True  # their network is gone: nothing more comes, and nobody says goodbye
        await told(panel.http, LOST, "state", "gone")
        assert await panel.heard(set(NAMES) - {LOST}) == set(NAMES) - {LOST}

        async with publishing(panel.http, LOST, clips[LOST], make=False):
            assert await panel.heard(NAMES) == set(NAMES)


def test_a_tone_that_nobody_speaks_is_not_heard(clips: dict[str, Clip]) -> None:
    """What the other tests rely on: the tones can be told from each other."""
    at = np.arange(96_000)[:, None] / 48_000
    one = np.repeat(LOUD * np.sin(2 * np.pi * TONES[LOST] * at), 2, axis=1).astype(np.float32)

    assert voices(one) == {LOST}
    assert max(strength(one, hertz) for name, hertz in TONES.items() if name != LOST) < FAINT
