"""Studios that send films by RTMP, over and over, at their own pace; nothing is encoded, so they cost the machine next to nothing.

    python -m tests.load.studios rtmp://… film.mp4 rtmp://… film.mp4

A process of its own, so that who watches does not keep them from sending. It ends when whoever started it does.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

AGAIN_S = 0.5  # between two tries to connect


def main() -> None:
    """Send until nobody wants it any more."""
    stopped = threading.Event()
    words = sys.argv[1:]
    for address, film in zip(words[::2], words[1::2], strict=True):
        threading.Thread(target=_send, args=(address, Path(film), stopped), daemon=True).start()
    sys.stdin.read()  # its end is that of our parent
    stopped.set()


def _send(address: str, film: Path, stopped: threading.Event) -> None:
    while not stopped.is_set():
        with suppress(FFmpegError, OSError):
            _send_once(address, film, stopped)
        stopped.wait(AGAIN_S)


def _send_once(address: str, film: Path, stopped: threading.Event) -> None:
    """Nothing is encoded: a studio costs the machine next to nothing."""
    clock, begins_s, started = threading.Event(), 0.0, time.monotonic()
    with av.open(address, "w", format="flv") as target, av.open(str(film)) as source:
        streams = {one.index: target.add_stream_from_template(one) for one in (source.streams.video[0], source.streams.audio[0])}
        packets = sorted(((_seconds(one), one.stream_index, one) for one in source.demux() if one.dts is not None), key=lambda one: one[:2])
        length_s = max(at_s for at_s, _, _ in packets) + 0.04
        while not stopped.is_set():
            for at_s, index, packet in packets:
                clock.wait(max(0.0, started + begins_s + at_s - time.monotonic()))
                if stopped.is_set():
                    return
                again = av.Packet(bytes(packet))
                again.time_base, again.is_keyframe, again.duration = packet.time_base, packet.is_keyframe, packet.duration
                again.pts = again.dts = (packet.dts or 0) + round(begins_s / packet.time_base)  # the films have no pictures out of order
                again.stream = streams[index]
                target.mux(again)
            begins_s += length_s


def _seconds(packet: Any) -> float:
    return float(packet.dts * packet.time_base)


if __name__ == "__main__":
    main()
