"""Synthetic Swedish speech by espeak-ng, and when each caption is spoken."""

from __future__ import annotations

import io
import math
import re
import subprocess
import wave
from array import array
from dataclasses import dataclass
from typing import Any

RATE = 22_050  # what espeak-ng gives
LEAD_S, TAIL_S = 0.4, 0.8  # silence before and after the words of a slide
PAUSE_S = 0.35  # between sentences
QUIET = 200  # below this a sample is silence, of 32,767


@dataclass(frozen=True)
class Caption:
    """Two lines at most, in seconds from the start of the film."""

    start: float
    end: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Spoken:
    """The speech of one slide.

    Attributes:
        samples: 16-bit mono; begins with the first word.
        ends: for each sentence how many characters of the narration have been said, and when, in seconds.
    """

    samples: array[int]
    ends: tuple[tuple[int, float], ...]

    @property
    def seconds(self) -> float:
        """How long the words take."""
        return len(self.samples) / RATE

    def moment(self, place: int) -> float:
        """When the character at *place* of the narration is said; within a sentence in proportion."""
        said, then = 0, 0.0
        for until, at in self.ends:
            if place < until:
                begin = then + (PAUSE_S if said else 0)
                return begin + (at - begin) * (place - said) / (until - said)
            said, then = until, at
        return then


def speak(narration: str, words_per_minute: int) -> Spoken:
    """Say it, sentence by sentence."""
    samples, ends, place = array("h"), [], 0
    for sentence in re.split(r"(?<=[.?!])\s+", narration):
        if samples:
            samples.extend(array("h", bytes(2 * int(PAUSE_S * RATE))))
        samples.extend(_voice(sentence, words_per_minute))
        place = narration.index(sentence, place) + len(sentence)
        ends.append((place + 1, len(samples) / RATE))
    return Spoken(samples, tuple(ends))


def _voice(sentence: str, words_per_minute: int) -> array[int]:
    command = ["espeak-ng", "-v", "sv", "-s", str(words_per_minute), "-p", "42", "--stdout", sentence]
    wav = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  (our own words)
    with wave.open(io.BytesIO(wav)) as told:
        samples = array("h", told.readframes(10**8))
    loud = [n for n, value in enumerate(samples) if abs(value) > QUIET]
    return samples[loud[0] : loud[-1] + 1]


def slide_seconds(slide: dict[str, Any], spoken: Spoken) -> float:
    """As planned, or longer when the speech needs it; in steps of 0.4 s, which a lane is cut in."""
    needed: float = max(slide["seconds"], LEAD_S + spoken.seconds + TAIL_S)
    return math.ceil(round(needed / 0.4, 6)) * 0.4


def captions(slide: dict[str, Any], planned: list[dict[str, Any]], spoken: Spoken, begins: float, seconds: float) -> list[Caption]:
    """The captions of one slide, moved to where its words are said."""
    starts, place = [], 0
    for each in planned:
        place = slide["narration"].index(" ".join(each["lines"]), place)
        starts.append(round(begins + LEAD_S + spoken.moment(place), 2))
    ends = [round(start - 0.08, 2) for start in starts[1:]] + [round(begins + seconds - 0.4, 2)]
    return [Caption(start, end, tuple(each["lines"])) for start, end, each in zip(starts, ends, planned, strict=True)]


def webvtt(title: str, told: list[Caption]) -> str:
    """The captions as a file."""

    def stamp(seconds: float) -> str:
        return f"{int(seconds) // 60:02}:{seconds % 60:06.3f}"

    cues = (f"{n}\n{stamp(each.start)} --> {stamp(each.end)}\n" + "\n".join(each.lines) for n, each in enumerate(told, 1))
    return "\n\n".join([f"WEBVTT - {title}", "NOTE CC BY 4.0. Syntetiskt tal, påhittat exempel.", *cues]) + "\n"
