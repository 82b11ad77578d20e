"""How long a picture takes from a publisher to its viewers, and what viewers cost the media process.

    python -m tests.load.whep --viewers 60 --seconds 20

Starts a media process of its own, a publisher (WHIP, pictures encoded beforehand), and viewers (WHEP, nothing is decoded) in processes of
their own; every picture carries the moment at which it was sent. A few viewers measure; the others, once they have seen something, throw
away what comes, so that the machine is the media process's. Prints one line of JSON. All is on one machine: the sender and the viewers
take their share of it, so the figures are upper bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx2 as httpx
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription

from streaming.media import encoded
from tests.streaming.media.sounds import Microphone

ROOT = Path(__file__).parents[2]
MARK = b"samsyn-sent-at:-"  # sixteen bytes, as a user's message in H264 needs
RATE, KEY_EVERY = 30, 60
SOURCE = "studio"
MEASURING = 4  # in each process
SETTLE_S = 3.0  # quick starts show pictures that are old, as they should


def now_ms() -> int:
    return int(time.time() * 1_000)


def stamped(picture: bytes) -> bytes:
    """The picture with a message (SEI) of this moment before it."""
    message = MARK + str(now_ms()).encode()
    return b"\0\0\0\1\x06\x05" + bytes([len(message)]) + message + b"\x80" + picture


def stamp(picture: bytes) -> int | None:
    """When it was sent."""
    at = picture.find(MARK)
    return int(picture[at + len(MARK) : at + len(MARK) + 13]) if at >= 0 else None


def film(bits: int) -> list[bytes]:
    """Two seconds of 1280 x 720 that can be repeated for ever."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base, encoder.bit_rate = 1_280, 720, "yuv420p", Fraction(1, RATE), bits
    encoder.profile = "Baseline"
    encoder.options = {"preset": "superfast", "tune": "zerolatency", "g": str(KEY_EVERY)}
    chance = np.random.default_rng(1)
    ground = np.kron(chance.integers(40, 200, (90, 160), np.uint8), np.ones((8, 8), np.uint8))
    pictures = []
    for n in range(KEY_EVERY):
        yuv = np.full((1_080, 1_280), 128, np.uint8)
        yuv[:720] = np.roll(ground, 3 * n, axis=1) + chance.integers(0, 6, (720, 1_280), np.uint8)
        frame = av.VideoFrame.from_ndarray(yuv, "yuv420p")
        frame.pts = n
        pictures += [bytes(packet) for packet in encoder.encode(frame)]
    return pictures


class Repeated(MediaStreamTrack):
    """Encoded packets at their pace."""

    def __init__(self, kind: str, packets: list[bytes], per_second: float, ticks: int) -> None:
        super().__init__()
        self.kind = kind
        self._packets, self._step, self._ticks = packets, 1 / per_second, ticks
        self._begins, self._n = 0.0, 0

    async def recv(self) -> Any:
        self._begins = self._begins or time.monotonic()
        await asyncio.sleep(max(0.0, self._begins + self._n * self._step - time.monotonic()))
        data = self._packets[self._n % len(self._packets)]
        packet = av.Packet(stamped(data) if self.kind == "video" else data)
        packet.pts, packet.time_base = round(self._n * self._step * self._ticks), Fraction(1, self._ticks)
        self._n += 1
        return packet


async def connected(client: httpx.AsyncClient, path: str, connection: RTCPeerConnection) -> str:
    """Offer, and take the answer; returns the resource's address."""
    await connection.setLocalDescription(await connection.createOffer())
    told = await client.post(path, content=connection.localDescription.sdp, headers={"Content-Type": "application/sdp"})
    if told.status_code != 201:
        raise SystemExit(f"{path}: {told.status_code} {told.text}")
    await connection.setRemoteDescription(RTCSessionDescription(told.text, "answer"))
    return str(told.headers["location"])


def peer() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def publish(client: httpx.AsyncClient, bits: int) -> None:
    """Send until killed."""
    microphone, connection = Microphone(440), peer()
    sound = [microphone.say().data for _ in range(500)]
    tracks = [Repeated("video", film(bits), RATE, 90_000), Repeated("audio", sound, 50, 48_000)]
    for track in tracks:
        sending = connection.addTransceiver(track, direction="sendonly")
        if track.kind == "video":
            known = RTCRtpSender.getCapabilities("video").codecs
            sending.setCodecPreferences([each for each in known if each.mimeType.lower() in {"video/h264", "video/rtx"}])
    await connected(client, f"/sources/{SOURCE}/whip", connection)
    await asyncio.Event().wait()


class Watcher:
    """One viewer: how late each picture came."""

    def __init__(self) -> None:
        self.late_ms: list[int] = []
        self.connection = peer()
        self.begun, self.first_s = time.monotonic(), 0.0
        self.tasks: list[asyncio.Task[None]] = []

    async def join(self, client: httpx.AsyncClient) -> None:
        self.connection.on("track", lambda track: self.tasks.append(asyncio.create_task(self._read(track))))
        for kind in ("video", "audio"):
            self.connection.addTransceiver(kind, direction="recvonly")
        await connected(client, f"/sources/{SOURCE}/whep", self.connection)

    def ignore(self) -> None:
        """Take packets and do nothing with them."""

        async def nothing(*_: object, **__: object) -> None:
            """Not even decrypted."""

        for each in self.connection.getTransceivers():
            transport: Any = each.receiver.transport
            transport._handle_rtp_data = nothing

    async def _read(self, track: Any) -> None:
        while True:
            unit = await track.recv()
            sent = stamp(unit.data) if track.kind == "video" else None
            if sent is not None:
                self.first_s = self.first_s or time.monotonic() - self.begun
                self.late_ms.append(now_ms() - sent)


async def watch(client: httpx.AsyncClient, viewers: int, seconds: float) -> None:
    """Watch with some; one line when all see something, one with the figures."""
    encoded.install()
    watchers = [Watcher() for _ in range(viewers)]
    for watcher in watchers:
        watcher.begun = time.monotonic()
        await watcher.join(client)
        while not watcher.late_ms:
            await asyncio.sleep(0.01)
        if watcher not in watchers[:MEASURING]:
            watcher.ignore()
    await asyncio.sleep(SETTLE_S)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for watcher in watchers:
        watcher.late_ms.clear()
    await asyncio.sleep(seconds)
    late = [each for watcher in watchers[:MEASURING] for each in watcher.late_ms]
    least = min(len(watcher.late_ms) for watcher in watchers[:MEASURING])
    print(json.dumps({"late": late, "least": least, "first_s": [watcher.first_s for watcher in watchers]}), flush=True)
    os._exit(0)  # a hundred goodbyes prove nothing


def used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def child(*words: str, **given: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, **given)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    told = process.stdout.readline()
    if not told:
        raise SystemExit("a process has ended too early")
    return told


def measured(media: subprocess.Popen[str], watching: list[subprocess.Popen[str]], seconds: float) -> dict[str, Any]:
    """The figures of the time in which all watch."""
    for each in watching:
        assert line(each).strip() == "ready"
    before, began = used_s(media.pid), time.monotonic()
    for each in watching:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    time.sleep(seconds)
    core = (used_s(media.pid) - before) / (time.monotonic() - began)
    told = [json.loads(line(each)) for each in watching]
    late = sorted(each for one in told for each in one["late"])
    first = sorted(each for one in told for each in one["first_s"])
    return {
        "late_ms": {"median": statistics.median(late), "p95": late[len(late) * 95 // 100], "p99": late[len(late) * 99 // 100]},
        "first_picture_s": {"median": round(statistics.median(first), 3), "most": round(first[-1], 3)},
        "pictures_a_second_least": round(min(one["least"] for one in told) / seconds, 1),
        "media_core": round(core, 3),
        "media_mb": round(megabytes(media.pid)),
    }


def bench(given: argparse.Namespace) -> dict[str, Any]:
    token = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="samsyn-whep-") as folder:
        (Path(folder) / "token").write_text(token)
        words = ["-m", "streaming.media", "--data-dir", f"{folder}/data", "--token-file", f"{folder}/token", "--allow-loopback"]
        media = child(*words)
        children = [media]
        try:
            url = json.loads(line(media))["media_url"]
            headers = {"Authorization": f"Bearer {token}"}
            httpx.put(f"{url}/sources/{SOURCE}", json={"kind": "whip"}, headers=headers).raise_for_status()
            more = {"env": {**os.environ, "SAMSYN_BENCH": json.dumps([url, token])}}
            children.append(child("-m", "tests.load.whep", "--role", "publish", "--bits", str(given.bits), **more))
            while httpx.get(f"{url}/sources", headers=headers).json()[SOURCE]["state"] != "live":
                time.sleep(0.1)
            shares = [len(range(n, given.viewers, given.processes)) for n in range(given.processes)]
            of = ["-m", "tests.load.whep", "--role", "watch", "--seconds", str(given.seconds), "--viewers"]
            watching = [child(*of, str(share), **more) for share in shares if share]
            children += watching
            return {"viewers": given.viewers, "bits": given.bits, **measured(media, watching, given.seconds)}
        finally:
            for each in reversed(children):
                each.kill()
                each.wait()


async def role(given: argparse.Namespace) -> None:
    url, token = json.loads(os.environ["SAMSYN_BENCH"])
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        await (publish(client, given.bits) if given.role == "publish" else watch(client, given.viewers, given.seconds))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--viewers", type=int, default=60)
    asked.add_argument("--processes", type=int, default=2, help="that the viewers share")
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--bits", type=int, default=1_500_000, help="of the pictures, a second")
    asked.add_argument("--role", choices=["publish", "watch"], help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.role:
        asyncio.run(role(given))
    else:
        print(json.dumps(bench(given)))


if __name__ == "__main__":
    main()
