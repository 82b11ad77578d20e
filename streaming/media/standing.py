"""A picture that stands: whatever comes, and however seldom, becomes an even flow of pictures of one size.

A browser that shows a screen sends a picture when something moves, and a window changes its size as it likes; a lane wants neither. So the
last picture is kept and encoded ten times a second, in the middle of a canvas whose size is chosen once. A picture that does not move costs
next to nothing to encode. Pure: pictures in, pictures out, each time the owner says so.
"""

from __future__ import annotations

from collections.abc import Iterable

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace

from streaming.media.cmaf import VIDEO_RATE
from streaming.media.feed import Encoded
from streaming.media.reencoding import Reencoder

SMALL, LARGE = (1_280, 720), (1_920, 1_080)  # letters on a screen want more room than a face
BLACK, GREY = 16, 128  # luma and chroma of what a picture leaves free
LOW_DELAY = 0x80000  # AV_CODEC_FLAG_LOW_DELAY: each picture comes out at once, for the next one may not come for seconds


class Sight:
    """What one sender shows, from its first key frame on. Its first picture chooses the size of the canvas.

    It touches nothing but its own, so it may decode in a thread while somebody shows or clears what stands.
    """

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._decoder: av.VideoCodecContext | None = None

    def take(self, packets: Iterable[Encoded]) -> tuple[av.VideoFrame | None, bool]:
        """The last one of these pictures, and whether all could be decoded, without which a key frame is needed."""
        last, is_whole = None, True
        for packet in packets:
            if self._decoder is None and not packet.is_key:
                is_whole = False
                continue
            self._decoder = self._decoder or _decoder()
            try:
                last = ([last, *self._decoder.decode(av.Packet(packet.data))])[-1]
            except (FFmpegError, ValueError):
                self._decoder, is_whole = None, False
        if last is None:
            return None, is_whole
        self._size = self._size or _size_for(last)
        return _on_canvas(last, self._size), is_whole


class Standing:
    """The picture that is shown."""

    def __init__(self) -> None:
        self._shown: av.VideoFrame | None = None
        self._encoder = Reencoder(LARGE)

    @property
    def is_there(self) -> bool:
        """Whether there is a picture to show."""
        return self._shown is not None

    def clear(self) -> None:
        """Nothing is to be shown."""
        self._shown = None

    def show(self, frame: av.VideoFrame) -> None:
        """Show this one from now on."""
        self._shown = _on_canvas(frame, _size_for(frame))

    def shoot(self, at_ms: float, *, is_asked: bool) -> list[Encoded]:
        """What is shown, once more; nothing when there is nothing."""
        shown = self._shown  # which may change meanwhile: this runs in a thread
        if shown is None:
            return []
        shot = self._encoder.encode(shown, at_ms / 1_000, is_asked=is_asked)
        return [Encoded("video", data, at_s * 1_000, round(at_s * VIDEO_RATE), is_key, "h264") for data, at_s, is_key in shot]


def still(body: bytes, codec: str) -> av.VideoFrame:
    """A picture in a file.

    Raises:
        ValueError: it is none of this kind.
    """
    try:
        context = av.CodecContext.create(codec, "r")
        assert isinstance(context, av.VideoCodecContext)
        frame = [*context.decode(av.Packet(body)), *context.decode(None)][0]
    except (FFmpegError, IndexError) as error:
        raise ValueError(codec) from error
    return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)  # as players read a lane


def _decoder() -> av.VideoCodecContext:
    context = av.CodecContext.create("h264", "r")
    assert isinstance(context, av.VideoCodecContext)
    context.thread_count, context.flags = 1, context.flags | LOW_DELAY
    return context


def _size_for(frame: av.VideoFrame) -> tuple[int, int]:
    return SMALL if frame.width <= SMALL[0] and frame.height <= SMALL[1] else LARGE


def _on_canvas(frame: av.VideoFrame, size: tuple[int, int]) -> av.VideoFrame:
    """In the middle of black, as large as it goes but never larger than it is."""
    width, height = size
    by = min(1.0, width / frame.width, height / frame.height)
    inner = max(2, round(frame.width * by / 4) * 4), max(2, round(frame.height * by / 4) * 4)
    fitted = frame.reformat(width=inner[0], height=inner[1], format="yuv420p")
    if inner == size:
        return fitted
    planes = fitted.to_ndarray()
    canvas = np.full((height * 3 // 2, width), GREY, np.uint8)
    canvas[:height] = BLACK
    left, top = (width - inner[0]) // 4 * 2, (height - inner[1]) // 4 * 2
    _paste(canvas[:height], planes[: inner[1]], left, top)
    half = height // 2, width // 2
    for n in range(2):
        free = canvas[height:].reshape(2, *half)[n]
        _paste(free, planes[inner[1] :].reshape(2, inner[1] // 2, inner[0] // 2)[n], left // 2, top // 2)
    return av.VideoFrame.from_ndarray(canvas, "yuv420p")


def _paste(canvas: np.ndarray, picture: np.ndarray, left: int, top: int) -> None:
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
