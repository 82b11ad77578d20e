"""The hook into aiortc: its receivers hand over encoded pictures and packets of sound, and nothing is decoded.

Two names of ``aiortc.rtcrtpreceiver`` are replaced before the first connection: the jitter buffer, whose own waits for up to 512 packets
when one is lost, and the decoder's thread. `track.recv` then gives `Unit`s. The version is pinned, and `check` fails loudly when aiortc no
longer is what this leans on. Importing this module costs half a second; the media process does so when the first source wants it.
"""

from __future__ import annotations

import inspect
import time
from asyncio import AbstractEventLoop, Queue
from collections.abc import Callable
from importlib.metadata import version
from queue import Queue as ThreadQueue
from typing import Any, NamedTuple

import aiortc.rtcrtpreceiver as receiving
from aiortc import RTCPeerConnection, RTCRtpReceiver
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

VIDEO_WAIT_S = 0.25  # for a lost packet of pictures: one question and its answer on a bad link
AUDIO_WAIT_S = 0.06  # three packets; silence is better than waiting
FAR = 3_000  # packets out of order by more than this are another stream


class Unit(NamedTuple):
    """One whole picture, or packet of sound.

    Attributes:
        ticks: RTP time, counted on beyond 32 bits.
        came_ms: when its last packet came, on the monotonic clock.
        hole: something before it was lost.
    """

    data: bytes
    ticks: int
    came_ms: float
    hole: bool


class Batch:
    """Units that became whole at the same time. aiortc writes its own idea of the time into ``timestamp``."""

    def __init__(self, units: list[Unit]) -> None:
        self.units, self.timestamp = units, 0


class Reordering:
    """A jitter buffer that gives what is whole at once, waits a while for what is missing, and tells of holes."""

    def __init__(self, capacity: int, prefetch: int = 0, is_video: bool = False) -> None:  # noqa: ARG002  (aiortc's own)
        self._is_video = is_video
        self._wait_s = VIDEO_WAIT_S if is_video else AUDIO_WAIT_S
        self._packets: dict[int, tuple[RtpPacket, float]] = {}
        self._next: int | None = None  # the first packet that was not given yet, counted on beyond 16 bits
        self._ticks: int | None = None
        self._hole = self._torn = False

    def add(self, packet: RtpPacket, now: Callable[[], float] = time.monotonic) -> tuple[bool, Batch | None]:
        """Whether a key frame is to be asked for, and what has become whole."""
        came = now()
        if self._next is None:
            self._next = packet.sequence_number
        place = self._next + _signed(packet.sequence_number - self._next, 16)
        if abs(place - self._next) > FAR:
            self._packets.clear()
            self._next, place = packet.sequence_number, packet.sequence_number
            self._hole = self._torn = True
        if place < self._next:
            return False, None
        self._packets.setdefault(place, (packet, came))
        units, gave_up = self._drained(came)
        return gave_up and self._is_video, Batch(units) if units else None

    def _drained(self, now: float) -> tuple[list[Unit], bool]:
        units: list[Unit] = []
        gave_up = False
        while True:
            whole = self._whole()
            if whole:
                unit = self._take(whole)
                if unit is not None:
                    units.append(unit)
            elif self._is_overdue(now):
                self._skip()
                gave_up = True
            else:
                return units, gave_up

    def _whole(self) -> int:
        """How many packets from the next one on make a whole unit; 0 while it is not whole."""
        assert self._next is not None
        first = self._packets.get(self._next)
        if first is None:
            return 0
        if not self._is_video:
            return 1
        count = 0
        while (found := self._packets.get(self._next + count)) is not None:
            if found[0].timestamp != first[0].timestamp:
                return count
            count += 1
            if found[0].marker:
                return count
        return 0

    def _take(self, count: int) -> Unit | None:
        assert self._next is not None
        taken = [self._packets.pop(self._next + n) for n in range(count)]
        self._next += count
        raw = taken[0][0].timestamp
        self._ticks = raw if self._ticks is None else self._ticks + _signed(raw - self._ticks, 32)
        data = b"".join(vars(packet)["_data"] for packet, _ in taken)  # the receiver puts it there
        torn, self._torn = self._torn and self._is_video, False
        if torn or not data:  # padding carries nothing
            return None
        unit = Unit(data, self._ticks, max(came for _, came in taken) * 1_000, self._hole)
        self._hole = False
        return unit

    def _is_overdue(self, now: float) -> bool:
        """Whether packets lie behind a gap, and have waited long enough for what is missing."""
        assert self._next is not None
        gap = self._next
        while gap in self._packets:
            gap += 1
        behind = [came for place, (_, came) in self._packets.items() if place > gap]
        return bool(behind) and now - min(behind) >= self._wait_s

    def _skip(self) -> None:
        """Go on at the first unit behind the gap that is there from its beginning."""
        assert self._next is not None
        self._hole = True
        gap = self._next
        while gap in self._packets:
            gap += 1
        behind = sorted(place for place in self._packets if place > gap)
        begins = next((place for place in behind if not self._is_video or self._begins_unit(place)), None)
        self._torn = begins is None
        self._next = behind[0] if begins is None else begins
        for place in [place for place in self._packets if place < self._next]:
            del self._packets[place]

    def _begins_unit(self, place: int) -> bool:
        before = self._packets.get(place - 1)
        return before is not None and bool(before[0].marker or before[0].timestamp != self._packets[place][0].timestamp)


def _signed(difference: int, bits: int) -> int:
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half


def hand_over(loop: AbstractEventLoop, given: ThreadQueue[Any], taken: Queue[Any], *_: object) -> None:
    """Instead of aiortc's decoder: pass on what comes, until the end."""
    while (task := given.get()) is not None:
        for unit in task[1].units:
            loop.call_soon_threadsafe(taken.put_nowait, unit)
    loop.call_soon_threadsafe(taken.put_nowait, None)


def check() -> None:
    """Hold aiortc to what this module knows of it.

    Raises:
        RuntimeError: it has changed.
    """
    found = version("aiortc")
    source = inspect.getsource(RTCRtpReceiver)
    kept = {
        "a known version": found.startswith("1.16."),
        "the thread": list(inspect.signature(receiving.decoder_worker).parameters)[:3] in (["loop", "input_q", "output_q"], _OURS),
        "the thread's name": "target=decoder_worker" in source,
        "the buffers": source.count("JitterBuffer(capacity=") == 2 and "is_video=True" in source,
        "what a buffer gives": "pli_flag, encoded_frame = self.__jitter_buffer.add(packet)" in source,
        "what goes to the thread": "self.__decoder_queue.put((codec, encoded_frame))" in source,
        "asking for a key frame": hasattr(RTCRtpReceiver, "_send_rtcp_pli"),
        "sender reports": hasattr(RTCRtpReceiver, "_handle_rtcp_packet"),
    }
    changed = [what for what, holds in kept.items() if not holds]
    if changed:
        raise RuntimeError(f"aiortc {found} is not what the hook knows: {', '.join(changed)}")


_OURS = list(inspect.signature(hand_over).parameters)[:3]


def install() -> None:
    """Put the hook in; doing it again changes nothing."""
    check()
    vars(receiving).update(decoder_worker=hand_over, JitterBuffer=Reordering)


def follow_reports(receiver: RTCRtpReceiver, heard: Callable[[float, int], None]) -> None:
    """Tell *heard* of each sender report: the sender's clock in ms, and the RTP time (32 bits) of that moment."""
    original = receiver._handle_rtcp_packet  # noqa: SLF001  # there is no public way; `check` fails when it is gone

    async def handle(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            heard(packet.sender_info.ntp_timestamp * 1_000 / (1 << 32), packet.sender_info.rtp_timestamp)
        await original(packet)

    vars(receiver)["_handle_rtcp_packet"] = handle  # transports look it up in the instance


async def ask_for_key(connection: RTCPeerConnection) -> None:
    """Send a picture loss indication to every source of pictures.

    aiortc lists retransmissions as sources too, and browsers ignore what is sent to those: so to all.
    """
    for each in connection.getTransceivers():
        if each.kind == "video":
            for source in each.receiver.getSynchronizationSources():
                await each.receiver._send_rtcp_pli(source.source)  # noqa: SLF001  # there is no public way; `check` fails when it is gone


def prefer_h264(connection: RTCPeerConnection) -> None:
    """Take pictures as H264 only. Where something is sent this must be said before the remote description is set."""
    can = RTCRtpReceiver.getCapabilities("video")
    assert can is not None
    wanted = [each for each in can.codecs if each.mimeType.lower() in {"video/h264", "video/rtx"}]
    for each in connection.getTransceivers():
        if each.kind == "video":
            each.setCodecPreferences(wanted)
