"""Cameras for the tests: H264 with a number burnt into each picture, as a browser would send it."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from streaming.media.feed import Encoded

BITS, BLOCK = 32, 16  # luma blocks along the upper edge, most significant bit first


def burn(luma: NDArray[np.uint8], number: int) -> None:
    """Write *number* into a picture of at least 512 pixels' width."""
    for i in range(BITS):
        luma[:BLOCK, i * BLOCK : (i + 1) * BLOCK] = 235 if number >> (BITS - 1 - i) & 1 else 16


def read(frame: av.VideoFrame) -> int:
    """The number in a decoded picture."""
    luma, number = frame.to_ndarray(format="gray"), 0
    for i in range(BITS):
        number = number * 2 + int(luma[BLOCK // 2, i * BLOCK + BLOCK // 2] > 128)
    return number


class Camera:
    """Pictures of one grey and a number."""

    def __init__(self, grey: int = 90, *, width: int = 640, height: int = 360, rate: int = 30, every: int = 1_000_000) -> None:
        self.grey, self.rate, self.size, self.shot = grey, rate, (width, height), 0
        self._encoder = av.CodecContext.create("libx264", "w")
        self._encoder.width, self._encoder.height, self._encoder.pix_fmt = width, height, "yuv420p"
        self._encoder.time_base, self._encoder.bit_rate = Fraction(1, rate), 800_000
        self._encoder.profile = "Baseline"
        self._encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1", "g": str(every)}

    def shoot(self, number: int, at_ms: float, *, key: bool = False) -> Encoded:
        """The next picture."""
        width, height = self.size
        yuv = np.full((height * 3 // 2, width), self.grey, np.uint8)
        yuv[height:] = 128
        burn(yuv, number)
        frame = av.VideoFrame.from_ndarray(yuv, "yuv420p")
        frame.pts = self.shot
        if key:
            frame.pict_type = av.video.frame.PictureType.I
        self.shot += 1
        [packet] = self._encoder.encode(frame)
        return Encoded("video", bytes(packet), at_ms, round(at_ms * 90), is_key=packet.is_keyframe, codec="h264")


class Screen:
    """Decodes pictures and keeps what it saw: number, grey, size."""

    def __init__(self) -> None:
        self._decoder = av.CodecContext.create("h264", "r")
        self.seen: list[tuple[int, int, tuple[int, int]]] = []

    def show(self, data: bytes) -> None:
        """Decode one picture."""
        for frame in self._decoder.decode(av.Packet(data)):
            luma = frame.to_ndarray(format="gray")
            self.seen.append((read(frame), int(luma[luma.shape[0] // 2, luma.shape[1] // 2]), (frame.width, frame.height)))

    @property
    def numbers(self) -> list[int]:
        """The numbers seen, in their order."""
        return [number for number, _, _ in self.seen]
