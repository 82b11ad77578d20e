"""Pictures encoded anew while they come: a key frame every two seconds, and no larger than a lane wants them."""

from __future__ import annotations

from fractions import Fraction

import av

from streaming.media.cmaf import VIDEO_RATE

KEY_S = 2.0
WIDTH_MOST, HEIGHT_MOST = 1_280, 720
X264 = {
    "profile": "high", "preset": "superfast", "tune": "zerolatency", "crf": "23", "maxrate": "2500k", "bufsize": "2500k", "bf": "0",
    "sc_threshold": "0", "g": "100000", "forced-idr": "1", "x264-params": "open-gop=0:repeat-headers=1",
}  # fmt: skip


class Reencoder:
    """One sender's; no picture is larger than *most*."""

    def __init__(self, most: tuple[int, int] = (WIDTH_MOST, HEIGHT_MOST)) -> None:
        self._most = most
        self._encoder: av.VideoCodecContext | None = None
        self._came: tuple[int, int] | None = None
        self._size = (0, 0)
        self._key_s = float("-inf")
        self._last = -1

    def encode(self, frame: av.VideoFrame, at_s: float, *, is_asked: bool = False) -> list[tuple[bytes, float, bool]]:
        """The picture, when it is shown, and whether it is a key frame."""
        if self._encoder is None or self._came != (frame.width, frame.height):
            self._open(frame)
        assert self._encoder is not None
        place = max(round(at_s * VIDEO_RATE), self._last + 1)
        self._last = place
        is_key = is_asked or at_s - self._key_s >= KEY_S or at_s < self._key_s
        if is_key:
            self._key_s = at_s
        ready = frame.reformat(width=self._size[0], height=self._size[1], format="yuv420p")
        ready.pts, ready.time_base = place, self._encoder.time_base
        ready.pict_type = av.video.frame.PictureType.I if is_key else av.video.frame.PictureType.NONE
        return [(bytes(packet), (packet.pts or 0) / VIDEO_RATE, packet.is_keyframe) for packet in self._encoder.encode(ready)]

    def _open(self, frame: av.VideoFrame) -> None:
        self._came = (frame.width, frame.height)
        by = min(1.0, self._most[0] / frame.width, self._most[1] / frame.height)
        self._size = (max(2, round(frame.width * by / 2) * 2), max(2, round(frame.height * by / 2) * 2))
        encoder = av.CodecContext.create("libx264", "w")
        assert isinstance(encoder, av.VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = *self._size, "yuv420p"
        encoder.framerate, encoder.time_base = Fraction(30), Fraction(1, VIDEO_RATE)
        encoder.thread_count, encoder.options = 1, X264
        self._encoder, self._key_s = encoder, float("-inf")
