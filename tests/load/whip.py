"""A browser's stand-in that sends by WHIP, with the time of day burnt into its pictures; it makes a key frame when it is asked for one."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from typing import Any

import av
import httpx2
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.load.seeing import Camera
from tests.streaming.media.senders import SDP, wants_h264
from tests.streaming.media.sounds import Microphone

RATE = 30


class Picture(MediaStreamTrack):
    """Pictures at their pace, encoded as they are asked for."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._camera, self._begins, self._number, self._is_asked = Camera(RATE), time.time(), 0, True

    def ask(self) -> None:
        """A key frame is wanted."""
        self._is_asked = True

    async def recv(self) -> Any:
        await asyncio.sleep(max(0.0, self._begins + self._number / RATE - time.time()))
        frame = self._camera.picture(self._number, int(time.time() * 1_000))
        frame.pict_type = av.video.frame.PictureType.I if self._is_asked else av.video.frame.PictureType.NONE
        self._is_asked = False
        [encoded] = self._camera.video.encode(frame)
        packet = av.Packet(bytes(encoded))
        packet.pts = packet.dts = self._number * 90_000 // RATE
        packet.time_base = Fraction(1, 90_000)
        self._number += 1
        return packet


class Sound(MediaStreamTrack):
    """A tone."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._microphone, self._begins, self._number = Microphone(440), time.time(), 0

    async def recv(self) -> Any:
        await asyncio.sleep(max(0.0, self._begins + self._number / 50 - time.time()))
        packet = av.Packet(self._microphone.say().data)
        packet.pts = packet.dts = self._number * 960
        packet.time_base = Fraction(1, 48_000)
        self._number += 1
        return packet


@contextmanager
def publishing(address: str, token: str, wanted: bool = True, *, settle_s: float = 4.0) -> Iterator[None]:
    """Send for as long as the block lasts, if it is *wanted*."""
    if not wanted:
        yield
        return
    stopped = threading.Event()
    sender = threading.Thread(target=lambda: asyncio.run(_send(address, token, stopped)), daemon=True)
    sender.start()
    try:
        time.sleep(settle_s)
        yield
    finally:
        stopped.set()
        sender.join(5)


async def _send(address: str, token: str, stopped: threading.Event) -> None:
    """Send until it is told to stop; publish anew when the server has gone."""
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as http:
        while not stopped.is_set():
            connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
            with suppress(httpx2.HTTPError):
                where = await _begin(http, connection, address, token)
                while not stopped.is_set() and connection.connectionState not in {"failed", "closed", "disconnected"}:
                    await asyncio.sleep(0.1)
                if stopped.is_set():
                    await http.delete(where, headers={"Authorization": f"Bearer {token}"})
            await connection.close()
            await asyncio.sleep(0.5)


async def _begin(http: httpx2.AsyncClient, connection: RTCPeerConnection, address: str, token: str) -> str:
    picture = Picture()
    for track in (picture, Sound()):
        transceiver = connection.addTransceiver(track, direction="sendonly")
        if track is picture:
            sender: Any = transceiver.sender
            sender._send_keyframe = picture.ask  # the library would ask its own encoder, and we have encoded already
    wants_h264(connection)
    await connection.setLocalDescription(await connection.createOffer())
    headers = {**SDP, "Authorization": f"Bearer {token}"}
    answer = (await http.post(address, content=connection.localDescription.sdp, headers=headers)).raise_for_status()
    await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    return str(httpx2.URL(address).join(answer.headers["location"]))
