"""A viewer as a browser would be: a real peer connection that receives, decodes, and asks for a key frame when it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from streaming.media.sounding import Decoder, Samples
from tests.streaming.media.cameras import Screen, read

Answer = Callable[[str], Awaitable[str]]


@dataclass
class Peer:
    """One viewer and what it has seen and heard.

    Attributes:
        numbers: those burnt into the pictures, in the order in which they came.
    """

    connection: RTCPeerConnection
    numbers: list[int] = field(default_factory=list)
    sizes: set[tuple[int, int]] = field(default_factory=set)
    heard: list[Samples] = field(default_factory=list)

    async def watch(self, track: Any) -> None:
        screen = Screen()
        while True:
            came = await track.recv()
            if isinstance(came, av.VideoFrame):
                self.numbers.append(read(came))
                self.sizes.add((came.width, came.height))
            else:
                screen.show(came.data)
                self.numbers[:] = screen.numbers
                self.sizes.update(size for _, _, size in screen.seen)

    async def listen(self, track: Any) -> None:
        decoder = Decoder("opus")
        while True:
            came = await track.recv()
            if isinstance(came, av.AudioFrame):
                self.heard.append((came.to_ndarray().reshape(-1, 2) / 32_768).astype("float32"))
            else:
                self.heard.append(decoder.decode(came.data))

    async def ask_for_key(self) -> None:
        """Send a picture loss indication."""
        for each in self.connection.getTransceivers():
            if each.kind == "video":
                for source in each.receiver.getSynchronizationSources():
                    await each.receiver._send_rtcp_pli(source.source)


@asynccontextmanager
async def a_viewer(answer: Answer, kinds: tuple[str, ...] = ("video", "audio")) -> AsyncIterator[Peer]:
    """Offer to receive, and do so."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer, tasks = Peer(connection), []

    def came(track: Any) -> None:
        tasks.append(asyncio.create_task(peer.watch(track) if track.kind == "video" else peer.listen(track)))

    connection.on("track", came)
    for kind in kinds:
        connection.addTransceiver(kind, direction="recvonly")
    try:
        await connection.setLocalDescription(await connection.createOffer())
        told = await answer(connection.localDescription.sdp)
        await connection.setRemoteDescription(RTCSessionDescription(told, "answer"))
        yield peer
    finally:
        await connection.close()
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [each for each in ends if not isinstance(each, asyncio.CancelledError | MediaStreamError)]


async def until(done: Callable[[], bool], within_s: float = 30) -> None:
    """Wait for something that comes."""
    async with asyncio.timeout(within_s):
        while not done():
            await asyncio.sleep(0.01)
