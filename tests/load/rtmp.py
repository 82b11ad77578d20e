"""A studio that sends by RTMP, with the time of day burnt into its pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import av

from tests.load.seeing import HEIGHT, WIDTH, Camera, sound
from tests.running import Samsyn

RATE = 30


@contextmanager
def publishing(day: Samsyn, source: str, wanted: bool = True) -> Iterator[None]:
    """Send for as long as the block lasts, if it is *wanted*."""
    if not wanted:
        yield
        return
    stopped = threading.Event()
    sender = threading.Thread(target=send, args=(day.told["sources"][source]["rtmp"], stopped), daemon=True)
    sender.start()
    try:
        time.sleep(4)
        yield
    finally:
        stopped.set()
        sender.join(5)


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
