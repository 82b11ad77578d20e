"""Captions, of films and of what somebody wrote live, cut to the segments of a lane: pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TIMES = re.compile(r"^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})(.*)$")
READ_MS = 60  # for each character; a practised reader takes fifteen in a second
STANDS_MS = (2_000, 7_000)  # a line stands no shorter and no longer than this, unless others come
SEGMENT_MOST_MS = 10_000  # far longer than any segment is
LAST_MS = 1 << 50
_NAME = re.compile(r"([0-9]{1,10})-([0-9]{1,10})")
LONGEST_MS = 30_000  # from the beginning of a line to its end, even if its writer paused in it
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
    body = [f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{here_ms * 90 % WRAP},LOCAL:{clock_of(here_ms)}\n"]
    for caption in captions:
        if caption.begins_ms < ends_ms and caption.ends_ms > begins_ms:
            last_ms = caption.ends_ms if goes_on else min(caption.ends_ms, ends_ms)
            times = f"{clock_of(caption.begins_ms + later_ms)} --> {clock_of(last_ms + later_ms)}{caption.place}"
            body.append(f"{times}\n{caption.words}\n")
    return "\n".join(body).encode()


def clock_of(ms: int) -> str:
    """A time as WebVTT writes it."""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}.{ms % 1_000:03}"


def cue_text(words: str) -> str:
    """Words as they may stand in a cue: nothing in them is read as a tag."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True)
class Said:
    """A line that somebody wrote live, on the programme's clock.

    Attributes:
        begun_ms: when its first word was written.
        done_ms: when it was finished.
        early_ms: how much earlier than that its first word was said, as a rule.
    """

    begun_ms: int
    done_ms: int
    words: str
    early_ms: int = 0


def as_known(lines: Iterable[Said]) -> list[Caption]:
    """The lines as a live lane shows them: each from when it was finished, so that it is known before its segment is listed."""
    found = sorted((line.done_ms, line.words) for line in lines)
    begins = [begins_ms for begins_ms, _ in found] + [LAST_MS, LAST_MS]
    return [Caption(at, min(at + _stands(words), max(begins[n + 2], at + 1)), cue_text(words)) for n, (at, words) in enumerate(found)]


def as_said(lines: Iterable[Said]) -> list[Caption]:
    """The lines as a recording shows them: each from when its first word was said, until the next one."""
    spoken = ((max(0, line.begun_ms - line.early_ms), max(0, line.done_ms - line.early_ms), line.words) for line in lines)
    found = sorted(spoken)
    nexts = ([begins_ms for begins_ms, _, _ in found[1:]] + [LAST_MS])[: len(found)]
    return [
        Caption(
            begins_ms, min(max(done_ms, begins_ms + _stands(words)), begins_ms + LONGEST_MS, max(following, begins_ms + 1)), cue_text(words)
        )
        for (begins_ms, done_ms, words), following in zip(found, nexts, strict=True)
    ]


def during(captions: Sequence[Caption], begins_ms: int, ends_ms: int) -> list[Caption]:
    """Those of `as_known` or `as_said` that stand at some time between."""
    first = bisect_left(captions, begins_ms - LONGEST_MS, key=lambda each: each.begins_ms)
    last = bisect_left(captions, ends_ms, key=lambda each: each.begins_ms)
    return [caption for caption in captions[first:last] if caption.ends_ms > begins_ms]


def words_name(begins_ms: int, ends_ms: int) -> str:
    """The name of a segment of captions in a lane: when it is, on the programme's clock."""
    return f"{begins_ms}-{ends_ms}"


def read_words_name(name: str) -> tuple[int, int]:
    """From when until when, of `words_name`.

    Raises:
        LookupError: no such segment was ever listed.
    """
    found = _NAME.fullmatch(name)
    begins_ms, ends_ms = (int(found[1]), int(found[2])) if found else (0, 0)
    if not begins_ms < ends_ms <= begins_ms + SEGMENT_MOST_MS:
        raise LookupError(name)
    return begins_ms, ends_ms


def _stands(words: str) -> int:
    return min(max(STANDS_MS[0], READ_MS * len(words)), STANDS_MS[1])
