"""Packets into runs, segments and parts. Pure: packets and the time in, notices and bytes out.

A run begins with a key frame, and ends when its pictures change their parameter sets, when nothing comes any more, when the clock leaps or
when the sender gives no key frames. A part is told when its sound is there too, and never later than `EDGE_S` after the one before: whoever
lists a lane may count on that.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from streaming.media import cmaf, parameters
from streaming.media.cmaf import AUDIO_TRACK, VIDEO_RATE, VIDEO_TRACK, Sample
from streaming.media.cmaf import Run as Track
from streaming.media.feed import Encoded
from streaming.media.runs import PART_MS, Began, Notice
from streaming.media.sound import PER_MS, Frame, Sound, Voice

TICKS = VIDEO_RATE // 1_000  # in a millisecond
PART = PART_MS * TICKS
SEGMENT_LEAST = 1_500 * TICKS  # the first key frame after so much begins the next one
SEGMENT_MOST = 3_000 * TICKS
KEY_LATE = 2_400 * TICKS  # time to ask again
CUT_LEAST = 100 * TICKS  # a segment that is cut short on request is at least so long
EDGE_MS = 750.0  # after the end of the last part: 50 ms before nothing more may be added
HICCUP_MS = 600.0  # so late a part is told without being full, and the run has more time to go on
HOLE = 800 * TICKS
SOUND_WAIT_MS = 150.0
OVERLAP_MS = 250.0  # the first picture of a new publisher may be a little older than the last one of the publisher before
RATE_DEFAULT = 30.0
DROPPED = {cmaf.DELIMITER, 12}  # access unit delimiters and filling


class Out(NamedTuple):
    """A notice and what belongs to it: a run's init segment, a segment's opening, a part's bytes."""

    notice: Notice
    body: bytes = b""


class _Picture(NamedTuple):
    at: int  # when it is decoded, moved so that key frames are decoded and shown at the same time
    data: bytes
    is_key: bool
    offset: int


class _Part(NamedTuple):
    begins: int
    ends: int
    samples: list[Sample]
    is_last: bool
    closed_ms: float


@dataclass
class _Open:
    """The run that is being made."""

    run: int
    sets: list[bytes]
    lead: int  # composition offset of its key frames
    voice: Voice
    last: _Picture  # its duration is known when the next one comes
    seq: int = 0
    segment: int = 0  # where the segment began
    part: int = 0  # where the part began
    samples: list[Sample] = field(default_factory=list)
    waiting: deque[_Part | int] = field(default_factory=deque)  # parts that wait for sound; beginnings of segments
    told_seq: int = -1
    told_part: int = 0
    told_bytes: int = 0
    told_begins: int = 0
    edge: int = 0
    straddling: Frame | None = None
    fragments: int = 0


class Packager:
    """One source's.

    Attributes:
        is_asking: a key frame is overdue; whoever sees this asks and sets it back.
        starved: how often a run ended because no key frame came for `SEGMENT_MOST`.
        next_run: the number of the next run.
        frame_rate: as measured.
    """

    def __init__(self, next_run: int = 1, after_ms: int = 0) -> None:
        self.sound = Sound()
        self.next_run, self._after_ms = next_run, after_ms  # no run begins before the one before it has ended
        self.frame_rate = RATE_DEFAULT
        self.size = (0, 0)
        self.is_asking = False
        self.starved = 0
        self._cut = False
        self._open: _Open | None = None

    @property
    def is_open(self) -> bool:
        """Whether a run is being made."""
        return self._open is not None

    def cut(self) -> None:
        """Begin a segment at the next key frame, however long this one is."""
        self._cut = True

    def take(self, packet: Encoded, now_ms: float) -> list[Out]:
        """Take one packet and tell what has come of it."""
        if packet.kind == "audio":
            self.sound.hear(packet)
            return self._drain(now_ms)
        return self._take_picture(packet, now_ms) + self._drain(now_ms)

    def tick(self, now_ms: float) -> list[Out]:
        """To be called about twenty times a second: nothing may come for a while."""
        out = self._drain(now_ms)
        run = self._open
        if run is None:
            return out
        late_ms = now_ms - run.edge / TICKS
        if late_ms > EDGE_MS:
            return out + self.end(now_ms)
        if late_ms > HICCUP_MS and run.samples and not run.waiting:
            self._close(run, run.last.at, now_ms)  # the last picture may stand for a while yet
        if now_ms * TICKS - run.segment > KEY_LATE:
            self.is_asking = True
        return out

    def end(self, now_ms: float) -> list[Out]:
        """End the run, if there is one, after its last picture."""
        return self._finish(self._open.last.at + self._usual(), now_ms) if self._open else []

    def _usual(self) -> int:
        return round(VIDEO_RATE / self.frame_rate)

    def _take_picture(self, packet: Encoded, now_ms: float) -> list[Out]:
        units = [unit for unit in cmaf.split_start_codes(packet.data) if cmaf.kind(unit) not in DROPPED]
        shown = round(packet.at_ms * TICKS)
        sets = [unit for unit in units if cmaf.kind(unit) in {cmaf.SPS, cmaf.PPS}] if packet.is_key else []
        if self._open is None:
            return self._begin(packet, units, sets, shown, now_ms)
        run = self._open
        at = shown - packet.offset + run.lead
        if packet.is_key and sets and sets != run.sets:
            late = at - run.last.at
            return self._finish(at if 0 < late <= HOLE else run.last.at + self._usual(), now_ms) + self._begin(
                packet, units, sets, shown, now_ms
            )
        if not -HOLE < at - run.last.at <= HOLE:
            return self.end(now_ms) + self._begin(packet, units, sets, shown, now_ms)
        if packet.is_key and not sets:
            units = run.sets + units
        at = max(at, run.last.at + 1)
        if not packet.is_key and at - run.segment > SEGMENT_MOST:
            self.starved += 1
            self.is_asking = True
            return self._finish(None, now_ms)
        self._extend(run, at, packet.is_key, now_ms)
        run.last = _Picture(at, cmaf.join_lengths(units), packet.is_key, packet.offset - run.lead)
        return []

    def _begin(self, packet: Encoded, units: list[bytes], sets: list[bytes], at: int, now_ms: float) -> list[Out]:
        if not packet.is_key or _ms(at) < self._after_ms - OVERLAP_MS:
            self.is_asking = True
            return []
        at = at if _ms(at) >= self._after_ms else self._after_ms * TICKS
        sps = next((unit for unit in sets if cmaf.kind(unit) == cmaf.SPS), None)
        pps = next((unit for unit in sets if cmaf.kind(unit) == cmaf.PPS), None)
        if sps is None or pps is None:
            return []
        try:
            shape = parameters.read(sps)
        except parameters.BadParameters:
            return []
        self.size, self._cut = (shape.width, shape.height), False
        voice = Voice(self.sound, at * PER_MS // TICKS)
        first = _Picture(at, cmaf.join_lengths(units), is_key=True, offset=0)
        self._open = _Open(self.next_run, sets, packet.offset, voice, first, segment=at, part=at, edge=at)
        self.next_run += 1
        self._open.waiting.append(at)
        began = Began(_ms(at), *self.size, cmaf.codecs(sps), round(self.frame_rate, 2))
        init = cmaf.init_segment(*self.size, sps, pps)
        return [Out(Notice(run=self._open.run, began=began), init), *self._drain(now_ms)]

    def _extend(self, run: _Open, at: int, is_key: bool, now_ms: float) -> None:
        """Place the picture before, now that the next one is there; close what is full."""
        last = run.last
        if at - last.at < VIDEO_RATE // 5:
            self.frame_rate += (min(120.0, VIDEO_RATE / (at - last.at)) - self.frame_rate) / 32
        if run.samples and at - run.part > PART:
            self._close(run, last.at, now_ms)
        run.samples.append(Sample(at - last.at, last.data, last.is_key, last.offset))
        long = at - run.segment
        if is_key and (long >= SEGMENT_LEAST or (self._cut and long >= CUT_LEAST)):
            self._close(run, at, now_ms, is_last=True)
            self._cut = False
            run.segment = at
            run.waiting.append(at)
        elif at - run.part >= PART - self._usual() // 2:
            self._close(run, at, now_ms)

    def _close(self, run: _Open, at: int, now_ms: float, *, is_last: bool = False) -> None:
        run.waiting.append(_Part(run.part, at, run.samples, is_last, now_ms))
        run.samples, run.part = [], at

    def _finish(self, at: int | None, now_ms: float) -> list[Out]:
        """End the run: the last picture stays until *at*; ``None`` leaves it out."""
        run = self._open
        assert run is not None
        if at is not None:
            if run.samples and at - run.part > PART:
                self._close(run, run.last.at, now_ms)
            run.samples.append(Sample(at - run.last.at, run.last.data, run.last.is_key, run.last.offset))
        if run.samples:
            self._close(run, at if at is not None else run.last.at, now_ms)
        elif run.waiting and isinstance(run.waiting[-1], int):
            run.waiting.pop()  # a segment without a picture
        parts = [(place, each) for place, each in enumerate(run.waiting) if isinstance(each, _Part)]
        if parts:
            place, last = parts[-1]
            run.waiting[place] = last._replace(is_last=True)
        out = self._drain(float("inf"))
        self._open = None
        self._after_ms = _ms(run.edge)
        return [*out, Out(Notice(run=run.run, ended_ms=self._after_ms))]

    def _drain(self, now_ms: float) -> list[Out]:
        """Tell what is whole: parts whose sound is there, or has been waited for long enough."""
        run = self._open
        if run is None:
            return []
        run.voice.feed()
        out = []
        while run.waiting:
            first = run.waiting[0]
            if isinstance(first, int):
                out.append(self._segment(run, first))
            else:
                until = first.ends * PER_MS // TICKS
                if run.voice.ends < until and not self._is_silent(until) and now_ms < first.closed_ms + SOUND_WAIT_MS:
                    break
                run.voice.cover(until)
                out.append(self._part(run, first, until))
            run.waiting.popleft()
        return out

    def _is_silent(self, until: int) -> bool:
        """Whether no sound has come for so long that none is waited for."""
        return self.sound.ends < until - 500 * PER_MS

    def _segment(self, run: _Open, at: int) -> Out:
        run.told_seq, run.told_part, run.told_bytes, run.told_begins = run.told_seq + 1, 0, 0, at
        opening = b""
        if run.straddling and run.straddling.begins < at * PER_MS // TICKS < run.straddling.ends:
            sound = Track(AUDIO_TRACK, run.straddling.begins, [Sample(cmaf.AAC_SAMPLES, run.straddling.data)])
            opening = cmaf.fragment(run.fragments, [sound])
        return Out(Notice(run=run.run, seq=run.told_seq, begins_ms=_ms(at)), opening)

    def _part(self, run: _Open, part: _Part, until: int) -> Out:
        frames = run.voice.take(until)
        tracks = [Track(VIDEO_TRACK, part.begins, part.samples)]
        if frames:
            tracks.append(Track(AUDIO_TRACK, frames[0].begins, [Sample(cmaf.AAC_SAMPLES, frame.data) for frame in frames]))
            run.straddling = frames[-1]
        run.fragments += 1
        body = cmaf.fragment(run.fragments, tracks)
        run.told_bytes += len(body)
        run.edge = part.ends
        bandwidth = run.told_bytes * 8 * VIDEO_RATE // max(1, part.ends - run.told_begins) if part.is_last else 0
        run.told_part += 1
        told = Notice(run=run.run, seq=run.told_seq, part=run.told_part - 1, ends_ms=_ms(part.ends), last=part.is_last, bandwidth=bandwidth)
        return Out(told, body)


def _ms(ticks: int) -> int:
    return (ticks + TICKS // 2) // TICKS
