"""Draws the pages of one PDF, in a process of its own: a file that brings PDFium down, or wants all memory, harms nobody else.

    python -m streaming.media.rasterising FILE FOLDER

Tells how it went in a line of JSON: ``{"pages": 12}`` or ``{"refused": code}``. A page is a JPEG, ``1.jpg`` the first one; what is
written on it is ``1.txt``, for those who cannot see it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pypdfium2
from pypdfium2 import raw

from streaming.media.standing import LARGE

PAGES_MOST = 200
MEMORY_MOST = 2 << 30  # bytes
CPU_MOST_S = 60
NICE = 10  # what is on air comes first
SIDE_LEAST = 16  # pixels
TEXT_MOST = 2_000  # characters of a page: more is no slide
HYPHENS = dict.fromkeys((0x02, 0xAD, 0xFFFE))  # where a word was parted at the end of a line: PDFium's marks, and that of the text itself


class NoSlides(Exception):
    """A file that is not shown; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rasterise(path: Path, folder: Path) -> int:
    """Draw every page of the PDF at *path* into *folder*, which exists; returns how many they are.

    Raises:
        NoSlides: ``slides.unreadable``, ``slides.encrypted``, ``slides.too_many_pages``, ``slides.too_heavy``.
    """
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        if not pages:
            raise NoSlides("slides.unreadable")
        if pages > PAGES_MOST:
            raise NoSlides("slides.too_many_pages")
        for n in range(pages):
            page = document[n]
            (folder / f"{n + 1}.jpg").write_bytes(_jpeg(_drawn(page)))
            (folder / f"{n + 1}.txt").write_text(_written(page), "utf-8")
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise NoSlides("slides.encrypted" if locked else "slides.unreadable") from error
    except MemoryError as error:
        raise NoSlides("slides.too_heavy") from error
    return pages


def _drawn(page: pypdfium2.PdfPage) -> np.ndarray:
    """As large as a lane can show it, whatever size the page says it has."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise NoSlides("slides.unreadable")
    by = min(LARGE[0] / width, LARGE[1] / height)
    if min(width, height) * by < SIDE_LEAST:
        raise NoSlides("slides.unreadable")
    bitmap = page.render(scale=by, rev_byteorder=True, prefer_bgrx=False, no_smoothtext=False)
    drawn: np.ndarray = bitmap.to_numpy()[:, :, :3]
    return np.ascontiguousarray(drawn[: drawn.shape[0] // 2 * 2, : drawn.shape[1] // 2 * 2])


def _written(page: pypdfium2.PdfPage) -> str:
    """The words of a page, a line each as they stand; nothing where they are part of a picture."""
    found = page.get_textpage().get_text_bounded().encode("utf-8", "ignore").decode("utf-8").translate(HYPHENS)
    lines = (" ".join("".join(one if one.isprintable() else " " for one in line).split()) for line in found.splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_MOST]


def _jpeg(picture: np.ndarray) -> bytes:
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuvj444p")
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj444p"
    encoder.time_base, encoder.qmin, encoder.qmax = Fraction(1, 1), 2, 3  # letters stay sharp
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def main() -> None:
    """Draw the file that the arguments name."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MOST_S, CPU_MOST_S))
    try:
        said: dict[str, object] = {"pages": rasterise(Path(sys.argv[1]), Path(sys.argv[2]))}
    except NoSlides as error:
        said = {"refused": error.code}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
