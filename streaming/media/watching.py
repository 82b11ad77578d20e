"""Who watches a source from a browser: peer connections that send encoded pictures and sound as they came.

Nothing is encoded for a viewer. aiortc takes packets ready made; what it is told before the viewer's offer is set decides the codecs, and a
viewer's wish for a key frame, which it would only note, is passed on to whoever sends the pictures.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp

from streaming.media.feed import Feed
from streaming.media.outlets import Kind, Outlet
from streaming.media.refusals import CannotWatch
from streaming.media.sdp import ufrag_of

VIEWERS_MOST = 100  # in this process: half a core
ANSWER_S = 8.0  # an offer that is not answered by then is refused; gathering from a TURN server takes one or two
CONNECT_S = 20.0  # who has not connected by then is let go
CODECS: dict[str, set[str]] = {"video": {"video/h264", "video/rtx"}, "audio": {"audio/opus"}}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Viewer:
    """One connection.

    Attributes:
        resource: its name in addresses; who knows it may end it.
        etag: of its session of ICE, for ``If-Match``; *ufrag* is that session's name on the viewer's side.
    """

    resource: str
    etag: str
    ufrag: str | None
    connection: RTCPeerConnection
    feed: Feed

    @property
    def answer(self) -> str:
        """What the viewer is told."""
        return str(self.connection.localDescription.sdp)


class Viewers:
    """All who watch."""

    def __init__(self, servers: Callable[[], list[RTCIceServer]] = list, most: int = VIEWERS_MOST) -> None:
        self._servers, self._most = servers, most
        self._viewers, self._expected = dict[str, Viewer](), 0
        self._outlets: dict[Feed, Outlet] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._viewers) + self._expected

    def find(self, source: str, resource: str) -> Viewer | None:
        """A viewer of this source."""
        found = self._viewers.get(resource)
        return found if found and found.feed.name == source else None

    def outlet(self, feed: Feed) -> Outlet:
        """Where a feed is handed on; the same one for all its viewers."""
        watched = {viewer.feed for viewer in self._viewers.values()}
        self._outlets = {each: outlet for each, outlet in self._outlets.items() if outlet.in_use or each in watched}
        return self._outlets.setdefault(feed, Outlet(feed))

    async def join(self, feed: Feed, sound: Outlet | None, offer: str, kinds: Sequence[Kind]) -> Viewer:
        """Answer an offer.

        Args:
            sound: where the sound comes from, when not from the feed itself.
            kinds: what the offer asks for, in its order.

        Raises:
            CannotWatch: the source sends nothing, or nothing that browsers show; too many watch; the offer does not fit.
        """
        if feed.state != "live":
            raise CannotWatch(404, "source.not_live")
        if any(packet.offset for packet in feed.last_key):
            raise CannotWatch(409, "source.b_frames", "pictures are not sent in the order in which they are shown")
        if len(self) >= self._most:
            raise CannotWatch(503, "limit.reached", f"{self._most} are watching")
        self._expected += 1
        try:
            connection = await self._answered(feed, sound, offer, kinds)
        finally:
            self._expected -= 1
        viewer = Viewer(secrets.token_urlsafe(16), f'"{secrets.token_urlsafe(9)}"', ufrag_of(offer), connection, feed)
        self._keep(viewer)
        return viewer

    async def _answered(self, feed: Feed, sound: Outlet | None, offer: str, kinds: Sequence[Kind]) -> RTCPeerConnection:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=self._servers()))
        pictures = self.outlet(feed)
        try:
            async with asyncio.timeout(ANSWER_S):
                for kind in kinds:
                    _send(connection, kind, sound if sound and kind == "audio" else pictures)
                await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
                await connection.setLocalDescription(await connection.createAnswer())
        except Exception as error:  # aiortc raises six kinds, whatever the offer's author liked
            await connection.close()
            raise CannotWatch(400, "sdp.refused", repr(error)) from error
        except asyncio.CancelledError:
            await connection.close()
            raise
        return connection

    def _keep(self, viewer: Viewer) -> None:
        self._viewers[viewer.resource] = viewer
        viewer.feed.viewers += 1
        loop = asyncio.get_running_loop()
        patience = loop.call_later(CONNECT_S, self._let_go, viewer)

        def changed() -> None:
            state = viewer.connection.connectionState
            if state == "connected":
                patience.cancel()
            elif state in {"failed", "closed"}:
                patience.cancel()
                self._let_go(viewer)

        viewer.connection.on("connectionstatechange", changed)
        for each in viewer.connection.getSenders():
            if each.track is not None:
                each.track.on("ended", lambda: self._let_go(viewer))  # the source is no more

    def _let_go(self, viewer: Viewer) -> None:
        if self._viewers.pop(viewer.resource, None) is None:
            return
        viewer.feed.viewers -= 1
        ending = asyncio.get_running_loop().create_task(viewer.connection.close(), name=f"goodbye {viewer.resource}")
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def end(self, viewer: Viewer) -> None:
        """Let this one go."""
        self._let_go(viewer)
        await viewer.connection.close()

    async def end_all(self, of: Callable[[Viewer], bool] = lambda _: True) -> None:
        """Let go whom this holds for."""
        for viewer in [each for each in self._viewers.values() if of(each)]:
            self._let_go(viewer)
        await asyncio.gather(*self._ending)

    async def hear(self, viewer: Viewer, candidates: Sequence[str]) -> None:
        """More addresses of the viewer's, let in by the gate."""
        for line in candidates:
            candidate = candidate_from_sdp(line)
            candidate.sdpMLineIndex = 0  # all is bundled
            with suppress(ValueError):  # after the end of candidates
                await viewer.connection.addIceCandidate(candidate)


def _send(connection: RTCPeerConnection, kind: Kind, outlet: Outlet) -> None:
    """Pictures or sound of an outlet, in their own codec and no other; to be said before the offer is set."""
    sending = connection.addTransceiver(outlet.track(kind), direction="sendonly")
    offered = RTCRtpSender.getCapabilities(kind).codecs
    sending.setCodecPreferences([each for each in offered if each.mimeType.lower() in CODECS[kind]])
    if kind == "video":
        sender: Any = sending.sender
        sender._send_keyframe = outlet.key.ask  # noqa: SLF001  (aiortc calls it at each picture loss indication)
