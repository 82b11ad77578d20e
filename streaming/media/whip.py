"""Publishers by WebRTC (WHIP, RFC 9725): an offer in, an answer out, encoded packets into the feed.

A new publisher takes over from the one before when its first picture is here. Of an offer that is refused nothing stays behind.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeAlias

from aiortc import MediaStreamTrack, RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from streaming.media import encoded
from streaming.media.clocks import HostClock
from streaming.media.cmaf import H264_KEY
from streaming.media.feed import Feed
from streaming.media.ice import Ways
from streaming.media.intake import Intake
from streaming.media.runs import Path
from streaming.media.sdp import BadSdp, Fragment, Gate, ufrag_of

ANSWER_S = 8.0  # for an answer; gathering from a TURN server takes one or two
CONNECT_S = 30.0  # for the first packet
KEY_EVERY_S = 2.0  # Chromium sends one key frame a session unless it is asked
KEY_LEAST_S = 0.3  # between two questions
SOUND_ALONE_S = 1.5  # a publisher that has sent no picture for so long sends sound alone

Servers: TypeAlias = Callable[[], list[RTCIceServer]]
"""Asked for each connection: passwords of TURN servers last a while."""

_log = logging.getLogger(__name__)


class Session:
    """One publisher's connection.

    Attributes:
        resource: its name in addresses; nobody can guess it.
        etag: of its session of ICE, for ``If-Match``.
        is_closed: it is over.
    """

    def __init__(self, feed: Feed, clock: HostClock, servers: list[RTCIceServer], arrived: Callable[[Session], None]) -> None:
        self.resource, self.etag = secrets.token_urlsafe(16), f'"{secrets.token_urlsafe(9)}"'
        self.is_closed = False
        self.intake = Intake(feed, clock, self.ask)
        self._arrived = arrived
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.on("track", self._on_track)
        self._connection.on("connectionstatechange", self._on_state)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wished = asyncio.Event()
        self._began = time.monotonic()
        self._ufrag: str | None = None
        self.takes = False  # whether what it sends is passed on

    async def answer(self, offer: str) -> str:
        """Negotiate.

        Args:
            offer: let in by the gate.

        Raises:
            BadSdp: aiortc cannot make anything of it; the connection is closed.
        """
        self._ufrag = ufrag_of(offer)
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
                encoded.prefer_h264(self._connection)
                for each in self._connection.getTransceivers():
                    encoded.follow_reports(each.receiver, self._report_to(each.kind))
                await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as error:  # aiortc has six kinds, and whichever comes the connection must be freed
            await self.close()
            raise BadSdp(f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError:
            await self.close()
            raise
        self._start(self._keep_asking())
        return str(self._connection.localDescription.sdp)

    async def add(self, fragment: Fragment) -> bool:
        """Candidates that come later; returns whether they belong to this session of ICE."""
        if fragment.ufrag is not None and fragment.ufrag != self._ufrag:
            return False
        for _, line in fragment.candidates:
            candidate = candidate_from_sdp(line)
            candidate.sdpMLineIndex = 0  # all is bundled
            with suppress(ValueError):  # after the end of candidates
                await self._connection.addIceCandidate(candidate)
        return True

    def ask(self) -> None:
        """A key frame is wanted."""
        self._wished.set()

    @property
    def path(self) -> Path:
        """Whether the packets come by a TURN server."""
        for each in self._connection.getTransceivers():
            pair = getattr(each.receiver.transport.transport, "_connection", None)
            nominated = getattr(pair, "_nominated", {}).get(1)
            if nominated is not None and "relay" in {nominated.local_candidate.type, nominated.remote_candidate.type}:
                return "relay"
        return "host"

    @property
    def is_late(self) -> bool:
        """Whether nothing has come in the time that there is for connecting."""
        return not self.intake.is_seen and time.monotonic() - self._began > CONNECT_S

    async def close(self) -> None:
        """End it; doing so again changes nothing."""
        if self.is_closed:
            return
        self.is_closed = True
        mine = asyncio.current_task()
        for task in self._tasks:
            if task is not mine:
                task.cancel()
        with suppress(Exception):  # it may have broken in the middle
            await self._connection.close()
        self._connection.remove_all_listeners()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._start(self._consume(track))

    async def _on_state(self) -> None:
        if self._connection.connectionState in {"failed", "closed"}:
            await self.close()

    def _report_to(self, kind: str) -> Callable[[float, int], None]:
        def heard(sender_ms: float, rtp: int) -> None:
            self.intake.lip.report(kind, sender_ms, rtp)

        return heard

    async def _consume(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                unit: Any = await track.recv()
                is_key = track.kind == "video" and H264_KEY.search(unit.data) is not None
                self._arrive(track.kind, is_key=is_key)
                if not self.takes:
                    continue
                if track.kind == "video":
                    self.intake.picture(unit.data, unit.ticks, unit.came_ms, is_key=is_key, hole=unit.hole)
                else:
                    self.intake.sound(unit.data, unit.ticks, unit.came_ms, "opus")

    def _arrive(self, kind: str, *, is_key: bool) -> None:
        """Take over when there is something to show."""
        if not self.takes and (is_key or (kind == "audio" and time.monotonic() - self._began > SOUND_ALONE_S)):
            self.takes = True
            self._arrived(self)
        elif not self.takes and kind == "video":
            self.ask()

    async def _keep_asking(self) -> None:
        """A key frame every two seconds, and when somebody wishes for one."""
        while not self.is_closed:
            asked = time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(KEY_EVERY_S):
                    await self._wished.wait()
            await asyncio.sleep(max(0.0, KEY_LEAST_S - (time.monotonic() - asked)))
            self._wished.clear()
            with suppress(ConnectionError):
                await encoded.ask_for_key(self._connection)


class Whip:
    """The publishers of one source: the one whose pictures are passed on, and perhaps one that is coming."""

    rtmp_port = None
    reencoded = False
    why: str | None = None

    def __init__(self, feed: Feed, clock: HostClock, servers: Servers, gate: Gate) -> None:
        self._feed, self._clock, self._servers, self._gate = feed, clock, servers, gate
        self._sessions: dict[str, Session] = {}
        self._current: Session | None = None
        self._closing: set[asyncio.Task[None]] = set()
        encoded.install()
        feed.asks(self._ask)

    @property
    def path(self) -> Path | None:
        """How the packets come."""
        return self._current.path if self._current else None

    @property
    def lost(self) -> int:
        """Pictures lost since the publisher came."""
        return self._current.intake.lost if self._current else 0

    @property
    def publisher(self) -> str | None:
        """The resource of the one who is sending, or about to."""
        return next(reversed(self._sessions), None)

    def find(self, resource: str) -> Session | None:
        """A session that is not over."""
        found = self._sessions.get(resource)
        return found if found and not found.is_closed else None

    async def offer(self, body: bytes) -> tuple[Session, str]:
        """A new publisher: its session, and the answer to its offer.

        Raises:
            BadSdp: it is not let in.
        """
        offer = self._gate.offer(body)
        session = Session(self._feed, self._clock, self._servers(), self._take_over)
        answer = await session.answer(offer)
        for other in list(self._sessions.values()):
            if other is not self._current:
                self._end(other)
        self._sessions[session.resource] = session
        return session, answer

    async def end(self, resource: str) -> None:
        """Close a session."""
        session = self._sessions.pop(resource)
        self._current = None if session is self._current else self._current
        await session.close()

    def look(self) -> None:
        """Let go of what is over, and of who never came."""
        for session in list(self._sessions.values()):
            if session.is_closed or session.is_late:
                self._end(session)

    async def close(self) -> None:
        """End everything."""
        self._feed.asks(None)
        for session in list(self._sessions.values()):
            self._end(session)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _ask(self) -> None:
        for session in self._sessions.values():
            session.ask()

    def _take_over(self, session: Session) -> None:
        before, self._current = self._current, session
        if before is not None and before is not session:
            self._end(before)

    def _end(self, session: Session) -> None:
        session.takes = False
        self._sessions.pop(session.resource, None)
        self._current = None if session is self._current else self._current
        task = asyncio.create_task(session.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def ice_servers(ways: Ways) -> Servers:
    """Servers for our side of a connection."""

    def now() -> list[RTCIceServer]:
        told = ways.ours(datetime.now(UTC))
        return [RTCIceServer(each["urls"], each.get("username"), each.get("credential")) for each in told]

    return now
