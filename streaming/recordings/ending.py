"""The last segment of a recording, which ends between two parts. Pure."""

from __future__ import annotations

from streaming import boxes
from streaming.media import cmaf
from streaming.media.cmaf import AAC_SAMPLES, AUDIO_RATE, AUDIO_TRACK, VIDEO_RATE, VIDEO_TRACK, Run

NAME = "end"  # of its address, beside the recording's playlists


def until(body: bytes, ends_ms: int) -> bytes:
    """A segment's fragments up to a moment of the clock they are stamped with; a picture that should stay longer, stays."""
    found = [(number, [_until(run, ends_ms) for run in runs]) for number, runs in boxes.fragments(body)]
    kept = [(number, [run for run in runs if run.samples]) for number, runs in found]
    last = max((n for n, (_, runs) in enumerate(kept) if any(run.track == VIDEO_TRACK for run in runs)), default=-1)
    return b"".join(
        cmaf.fragment(number, [_stretched(run, ends_ms) if n == last else run for run in runs])
        for n, (number, runs) in enumerate(kept)
        if runs
    )


def _until(run: Run, ends_ms: int) -> Run:
    """What begins before the moment; sound that is more than half after it is left out."""
    rate, half = (AUDIO_RATE, AAC_SAMPLES // 2) if run.track == AUDIO_TRACK else (VIDEO_RATE, 0)
    end, at, samples = ends_ms * rate // 1_000 - half, run.begins, []
    for sample in run.samples:
        if at < end:
            samples.append(sample)
        at += sample.duration
    return run._replace(samples=samples)


def _stretched(run: Run, ends_ms: int) -> Run:
    if run.track != VIDEO_TRACK:
        return run
    begins = run.begins + sum(sample.duration for sample in run.samples[:-1])
    return run._replace(samples=[*run.samples[:-1], run.samples[-1]._replace(duration=ends_ms * VIDEO_RATE // 1_000 - begins)])
