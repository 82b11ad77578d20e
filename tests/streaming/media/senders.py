"""Publishers for tests: clips that are encoded once, aiortc that sends them as they are, and ffmpeg."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import httpx2
import msgspec
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from av.filter import Graph

from streaming.media.runs import Notice, Run, Status, hear
from tests.streaming.houses import TOKEN

BITS, BLOCK = 16, 16  # of the number that is burnt into each picture: 256 px wide
SDP = {"Content-Type": "application/sdp"}


@dataclass(frozen=True)
class Clip:
    """Some seconds that begin with a key frame, and may be played round and round."""

    pictures: tuple[bytes, ...]
    sounds: tuple[bytes, ...]
    rate: int


def burn(yuv: np.ndarray, number: int) -> None:
    for bit in range(BITS):
        yuv[0:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = 235 if (number >> (BITS - 1 - bit)) & 1 else 16


def burnt(frame: av.VideoFrame) -> int:
    luma = frame.to_ndarray(format="gray")
    bits = (int(luma[BLOCK // 2, int((bit + 0.5) * BLOCK)] > 128) for bit in range(BITS))
    return sum(value << (BITS - 1 - bit) for bit, value in enumerate(bits))


@cache
def clip(width: int = 640, height: int = 360, rate: int = 30, seconds: int = 4, tone: int = 440, gop_s: float = 2.0) -> Clip:
    """testsrc2 with a burnt number, and a tone."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(rate), Fraction(1, rate)
    encoder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": str(round(gop_s * rate)), "sc_threshold": "0",
        "b": "1200k", "maxrate": "1200k", "bufsize": "1200k", "x264-params": "slices=1:sliced-threads=0:repeat-headers=1:force-cfr=1",
    }  # fmt: skip
    encoder.thread_count = 1
    pictures = [bytes(packet) for frame in _frames(width, height, rate, seconds) for packet in encoder.encode(frame)]
    pictures += map(bytes, encoder.encode(None))
    assert len(pictures) == rate * seconds
    return Clip(tuple(pictures), tuple(_tone(tone, seconds)), rate)


def _frames(width: int, height: int, rate: int, seconds: int) -> Iterator[av.VideoFrame]:
    graph = Graph()
    graph.link_nodes(graph.add("testsrc2", f"size={width}x{height}:rate={rate}"), graph.add("format", "yuv420p"), graph.add("buffersink"))
    graph.configure()
    for n in range(rate * seconds):
        pulled = graph.pull()
        assert isinstance(pulled, av.VideoFrame)
        yuv = pulled.to_ndarray()
        burn(yuv, n)
        frame = av.VideoFrame.from_ndarray(yuv, "yuv420p")
        frame.pts, frame.time_base = n, Fraction(1, rate)
        yield frame


def _tone(frequency: int, seconds: int) -> Iterator[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "stereo", "flt", 64_000
    encoder.options = {"frame_duration": "20"}
    for n in range(seconds * 50):
        at = (np.arange(960) + n * 960) / 48_000
        wave = (0.25 * np.sin(2 * np.pi * frequency * at)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "flt", "stereo")
        frame.sample_rate, frame.pts = 48_000, n * 960
        yield from map(bytes, encoder.encode(frame))


class Playing(MediaStreamTrack):
    """A clip's pictures or sound, round and round, at real-time pace.

    Attributes:
        given: how many packets were sent.
        frozen: nothing is sent while it is set.
    """

    def __init__(self, kind: str, packets: tuple[bytes, ...], per_s: int, clock: int, origin: float) -> None:
        super().__init__()
        self.kind = kind
        self.packets, self._per_s, self._clock, self._origin = packets, per_s, clock, origin
        self.given, self.from_packet, self.frozen = 0, 0, False

    def swap(self, packets: tuple[bytes, ...]) -> None:
        """Go on with another clip, from its beginning."""
        self.packets, self.from_packet = packets, self.given

    async def recv(self) -> Any:
        n = self.given
        while True:
            wait_s = self._origin + n / self._per_s - time.monotonic()
            if wait_s < -0.2 or self.frozen:
                n += 1
                await asyncio.sleep(max(wait_s, 0))
                continue
            await asyncio.sleep(max(wait_s, 0))
            break
        self.given = n + 1
        packet = av.Packet(self.packets[(n - self.from_packet) % len(self.packets)])
        packet.pts = packet.dts = n * self._clock // self._per_s
        packet.time_base = Fraction(1, self._clock)
        return packet


@dataclass
class Publisher:
    """An aiortc that publishes.

    Attributes:
        drops: called for every packet of pictures with its number; one that it says yes to is lost, for good.
    """

    connection: RTCPeerConnection
    answer: httpx2.Response
    tracks: dict[str, Playing]
    drops: list[Callable[[int], bool]] = field(default_factory=list)

    @property
    def resource(self) -> str:
        return str(self.answer.headers["location"])

    async def close(self) -> None:
        await self.connection.close()


def wants_h264(connection: RTCPeerConnection) -> None:
    can = RTCRtpSender.getCapabilities("video")
    assert can is not None
    for each in connection.getTransceivers():
        if each.kind == "video":
            each.setCodecPreferences([codec for codec in can.codecs if codec.mimeType.lower() in {"video/h264", "video/rtx"}])


async def an_offer(
    shown: Clip | None = None, *, sound: bool = True, picture: bool = True, by: RTCConfiguration | None = None
) -> tuple[RTCPeerConnection, dict[str, Playing]]:
    shown, origin = shown or clip(), time.monotonic()
    connection = RTCPeerConnection(by or RTCConfiguration(iceServers=[]))
    tracks = {}
    if sound:
        tracks["audio"] = Playing("audio", shown.sounds, 50, 48_000, origin)
    if picture:
        tracks["video"] = Playing("video", shown.pictures, shown.rate, 90_000, origin)
    for track in tracks.values():
        connection.addTransceiver(track, direction="sendonly")
    wants_h264(connection)
    await connection.setLocalDescription(await connection.createOffer())
    return connection, tracks


@asynccontextmanager
async def publishing(
    http: httpx2.AsyncClient,
    source: str,
    shown: Clip | None = None,
    *,
    sound: bool = True,
    picture: bool = True,
    make: bool = True,
    by: RTCConfiguration | None = None,
) -> AsyncIterator[Publisher]:
    """Somebody who publishes, from the offer on."""
    if make:
        assert (await http.put(f"/sources/{source}", json={"kind": "whip"})).status_code == 200
    connection, tracks = await an_offer(shown, sound=sound, picture=picture, by=by)
    answer = await http.post(f"/sources/{source}/whip", content=connection.localDescription.sdp, headers=SDP)
    assert answer.status_code == 201, answer.text
    publisher = Publisher(connection, answer, tracks)
    await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    _losing(publisher)
    try:
        yield publisher
    finally:
        await publisher.close()


def _losing(publisher: Publisher) -> None:
    """Lose packets of pictures on the way, and what is sent again of them."""
    sender = next((each for each in publisher.connection.getSenders() if each.kind == "video"), None)
    if sender is None:
        return
    transport = sender.transport
    original, numbers = transport._send_rtp, iter(range(1 << 30))

    async def send(data: bytes) -> None:
        kind = data[1] & 127
        if 200 <= data[1] <= 206 or not publisher.drops:
            await original(data)
        elif kind in _payloads(publisher, "rtx") or (kind in _payloads(publisher, "H264") and publisher.drops[-1](next(numbers))):
            return
        else:
            await original(data)

    vars(transport)["_send_rtp"] = send


def _payloads(publisher: Publisher, name: str) -> set[int]:
    lines = publisher.answer.text.splitlines()
    return {int(line.split(":")[1].split()[0]) for line in lines if line.startswith("a=rtpmap:") and f" {name}/" in line}


def client(url: str, timeout: float = 20) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=timeout)


@dataclass
class Listener:
    """What the media process tells, in the order in which a reader takes it."""

    told: list[tuple[float, Notice]] = field(default_factory=list)
    runs: dict[str, dict[int, Run]] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    born: str | None = None

    def hear(self, line: bytes) -> None:
        notice = msgspec.json.decode(line, type=Notice)
        self.told.append((time.time() * 1_000, notice))
        self.born = notice.born or self.born
        if notice.source:
            hear(self.runs.setdefault(notice.source, {}), notice)
        if notice.status:
            self.statuses[notice.source] = notice.status


@asynccontextmanager
async def listening(http: httpx2.AsyncClient) -> AsyncIterator[Listener]:
    """Somebody who listens to the notices."""
    listener = Listener()
    begun = asyncio.Event()

    async def read() -> None:
        async with http.stream("GET", "/notices", timeout=None) as answer:
            async for line in answer.aiter_lines():
                listener.hear(line.encode())
                begun.set()

    reading = asyncio.create_task(read())
    await asyncio.wait_for(begun.wait(), 10)
    try:
        yield listener
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def runs_of(http: httpx2.AsyncClient, source: str) -> list[Run]:
    answer = await http.get(f"/sources/{source}/runs")
    assert answer.status_code == 200, answer.text
    return msgspec.convert(answer.json()["runs"], list[Run])


async def until(condition: Callable[[], object], timeout_s: float = 15.0) -> None:
    """Wait; what is looked up need not be there yet."""
    ends = time.monotonic() + timeout_s
    while True:
        with suppress(LookupError):
            if condition():
                return
        assert time.monotonic() < ends, "it did not come about"
        await asyncio.sleep(0.02)


async def whole(http: httpx2.AsyncClient, source: str, run: Run, segments: slice = slice(None)) -> bytes:
    """Init segment and segments of a run, one after the other."""
    body = (await http.get(f"/sources/{source}/{run.run}/init.mp4")).content
    for segment in (each for each in run.segments[segments] if each.ends):
        answer = await http.get(f"/sources/{source}/{run.run}/{segment.seq}-0-{len(segment.ends)}.m4s")
        assert answer.status_code == 200, answer.text
        body += answer.content
    return body


@dataclass(frozen=True)
class Seen:
    """What a decoder makes of a file."""

    numbers: list[int]
    pictures_s: list[float]
    sound_s: list[tuple[float, int]]
    complaints: str


def decoded(body: bytes, folder: Path) -> Seen:
    """Decode with ffmpeg's libraries, strictly; and let Debian's ffmpeg complain."""
    path = folder / f"{time.monotonic_ns()}.mp4"
    path.write_bytes(body)
    words = ["-v", "warning", "-xerror", "-i", str(path), "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"]
    said = subprocess.run(["ffmpeg", *words], capture_output=True, text=True, check=False)
    numbers: list[int] = []
    pictures: list[float] = []
    sounds: list[tuple[float, int]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(*container.streams):
            assert frame.time is not None
            if isinstance(frame, av.VideoFrame):
                numbers.append(burnt(frame))
                pictures.append(frame.time)
            else:
                sounds.append((frame.time, frame.samples))
    return Seen(numbers, pictures, sounds, said.stderr + ("" if said.returncode == 0 else f" -> {said.returncode}"))


def fragments(body: bytes) -> list[bytes]:
    """The fragments of some parts, each as its ``moof``."""
    found, at = [], 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        if body[at + 4 : at + 8] == b"moof":
            found.append(body[at : at + size])
        at += size
    return found


@contextmanager
def ffmpeg(url: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Debian's ffmpeg that sends to *url*; ends with the block."""
    with subprocess.Popen(["ffmpeg", "-v", "error", "-re", *words, "-f", "flv", url], stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()
