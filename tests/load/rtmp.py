"""A studio that sends by RTMP, with the time of day burnt into its pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import av
from av.error import FFmpegError

from tests.load.seeing import HEIGHT, WIDTH, Camera, sound
from tests.running import Samsyn

RATE = 30
AGAIN_S = 1.0


@contextmanager
def publishing(day: Samsyn, source: str, wanted: bool = True, *, settle_s: float = 4.0, returns: bool = False) -> Iterator[None]:
    """Send for as long as the block lasts, if it is *wanted*; if it *returns*, it connects anew whenever it is cut off, as encoders do."""
    if not wanted:
        yield
        return
    stopped = threading.Event()
    act = send_again if returns else send
    sender = threading.Thread(target=act, args=(day.told["sources"][source]["rtmp"], stopped), daemon=True)
    sender.start()
    try:
        time.sleep(settle_s)
        yield
    finally:
        stopped.set()
        sender.join(5)


def send_again(address: str, stopped: threading.Event) -> None:
    """Send until it is told to stop, whatever happens to the line."""
    while not stopped.is_set():
        with suppress(FFmpegError, OSError):
            send(address, stopped)
        stopped.wait(AGAIN_S)


def send(address: str, stopped: threading.Event) -> None:
    """Send until it is told to stop."""
    camera, started = Camera(RATE), time.time()
    with av.open(address, "w", format="flv", options={"rtmp_live": "live"}) as target:
        video = target.add_stream("libx264", RATE, options=dict(camera.video.options))
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 1_200_000
        audio = target.add_stream("aac", 48_000, layout="stereo")
        number = heard = 0
        while not stopped.is_set():
            if (wait := started + number / RATE - time.time()) > 0:
                time.sleep(wait)
            target.mux(video.encode(camera.picture(number, int(time.time() * 1_000))))
            number += 1
            while heard < number * 48_000 // RATE - 1_024:
                frame = sound(int(started * 1_000) + heard // 48, 1_024)
                frame.pts = heard
                heard += 1_024
                target.mux(audio.encode(frame))
