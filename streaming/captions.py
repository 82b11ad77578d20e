"""Captions of a film, cut to the segments of a lane: pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TIMES = re.compile(r"^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})(.*)$")
WRAP = 1 << 33  # where the 90 kHz clock of MPEG begins anew


@dataclass(frozen=True)
class Caption:
    """Words, from and until when in the film, and where on the picture."""

    begins_ms: int
    ends_ms: int
    words: str
    place: str = ""


def read(webvtt: str) -> list[Caption]:
    """The captions of a WebVTT file; what is not understood is left out."""
    found = []
    for block in re.split(r"\n{2,}", webvtt.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n")):
        lines = block.split("\n")
        for n, line in enumerate(lines[:2]):
            if (times := _TIMES.match(line)) and lines[n + 1 :]:
                found.append(Caption(_ms(times[1]), _ms(times[2]), "\n".join(lines[n + 1 :]), times[3].rstrip()))
                break
    return [caption for caption in found if caption.begins_ms < caption.ends_ms]


def _ms(clock: str) -> int:
    hours, minutes, seconds = ("0:" + clock).split(":")[-3:]
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1_000)


def cut(captions: Sequence[Caption], begins_ms: int, ends_ms: int, later_ms: int, *, goes_on: bool) -> bytes:
    """The WebVTT of one segment.

    Args:
        begins_ms: of the segment, in the film; likewise *ends_ms*.
        later_ms: where the film begins on the programme's clock.
        goes_on: whether the film does after this segment. A caption that crosses its border then stands in both, with the same times;
            otherwise it ends here, with the picture.
    """
    # Times are those of the programme's clock, as in the pictures. The map must not be at zero: hls.js takes that for no map at all.
    here_ms = begins_ms + later_ms
    body = [f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{here_ms * 90 % WRAP},LOCAL:{_stamp(here_ms)}\n"]
    for caption in captions:
        if caption.begins_ms < ends_ms and caption.ends_ms > begins_ms:
            last_ms = caption.ends_ms if goes_on else min(caption.ends_ms, ends_ms)
            times = f"{_stamp(caption.begins_ms + later_ms)} --> {_stamp(last_ms + later_ms)}{caption.place}"
            body.append(f"{times}\n{caption.words}\n")
    return "\n".join(body).encode()


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}.{ms % 1_000:03}"
