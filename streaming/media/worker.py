"""Packs one film, in a process of its own: a file that brings a decoder down, or takes an hour, harms nobody else.

    python -m streaming.media.worker FILE FOLDER ASSET

Tells how it goes in lines of JSON: ``{"progress": 0.4}``, at last ``{"done": true}`` or ``{"refused": code, "why": words}``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from streaming.media import cmaf
from streaming.media.manifest import Manifest
from streaming.media.packing import Look, Picture, pack
from streaming.media.reading import NoFilm, Shape, inspected, opened, pictures_of, sound_of
from streaming.media.transcoding import encoded_pictures, encoded_sound

MEMORY_MOST = 4 << 30  # bytes; decoding 8K takes about two of them
NICE = 10  # what is on air comes first
MISSING_MOST_S = 1.0  # that the end of a file may lack of the length it states


def package(path: Path, folder: Path, asset: str, tell: Any = lambda _: None) -> Manifest:
    """Turn the film at *path* into an asset in *folder*, which exists.

    Args:
        tell: hears the progress, 0 to 1.

    Raises:
        NoFilm: it cannot be shown, or its end is missing.
    """
    try:
        shape = inspected(path)
        pictures, sound = _remuxed(path) if shape.sets else (encoded_pictures(path, shape), None)
        if shape.has_sound and sound is None:
            sound = encoded_sound(path)
        first = next(pictures, None)
        if first is None:
            raise NoFilm("film.unreadable", "no picture")
        look = Look(shape.width, shape.height, shape.frame_rate, *(shape.sets or _sets(first)))
        manifest = pack(folder, asset, look, _again(first, pictures), sound if shape.has_sound else None, _progress(shape, tell))
    except FFmpegError as error:
        raise NoFilm("film.unreadable", str(error)) from error
    if manifest.duration_ms < (shape.seconds - MISSING_MOST_S) * 1_000:
        raise NoFilm("film.unreadable", f"{manifest.duration_ms / 1_000} of {shape.seconds:.1f} s can be read")
    return manifest


def _again(first: Picture, rest: Iterator[Picture]) -> Iterator[Picture]:
    yield first
    yield from rest


def _sets(first: Picture) -> tuple[bytes, bytes]:
    units = {cmaf.kind(unit): unit for unit in first.units}
    return units[cmaf.SPS], units[cmaf.PPS]


def _progress(shape: Shape, tell: Any) -> Any:
    told = 0.0

    def heard(done_ms: int) -> None:
        nonlocal told
        share = min(1.0, done_ms / 1_000 / shape.seconds) if shape.seconds else 0.0
        if share >= told + 0.01:
            told = share
            tell(share)

    return heard


def _remuxed(path: Path) -> tuple[Iterator[Picture], Iterator[bytes]]:
    """Pictures and sound as they are. Each reads the file for itself, so that it does not matter how they lie in it."""

    def pictures() -> Iterator[Picture]:
        with opened(path) as container:
            for packet in container.demux(pictures_of(container)):
                if packet.size:
                    yield Picture(cmaf.split_lengths(bytes(packet)), packet.is_keyframe)

    def sound() -> Iterator[bytes]:
        with opened(path) as container:
            stream = sound_of(container)
            assert stream is not None
            yield from (bytes(packet) for packet in container.demux(stream) if packet.size and (packet.pts or 0) >= 0)

    return pictures(), sound()


def main() -> None:
    """Pack the film that the arguments name."""
    path, folder, asset = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    try:
        package(path, folder, asset, lambda share: _say(progress=round(share, 2)))
    except NoFilm as error:
        _say(refused=error.code, why=error.why)
    else:
        _say(done=True)


def _say(**words: object) -> None:
    try:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the media process is gone; the next one packs this film anew
        os._exit(1)


if __name__ == "__main__":
    main()
