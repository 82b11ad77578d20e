"""PDFs for the tests, good and bad."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

FONT = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>"


def pdf(
    pages: int = 3,
    *,
    size: tuple[float, float] = (960, 540),
    content: bytes | None = None,
    more: bytes = b"",
    words: Sequence[str] = (),
) -> bytes:
    """A PDF of coloured pages: page n is so much red, 40 steps of 255 each.

    Args:
        content: what every page draws instead, deflated.
        words: what is written on the first pages, lines apart.
        more: entries of the trailer.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for n in range(pages):
        written = b"".join(b"(%s) Tj T* " % line.encode("cp1252") for line in (words[n].split("\n") if n < len(words) else ()))
        text = b"BT 1 g /F1 40 Tf 50 TL 60 440 Td %sET\n" % written
        drawn = content or zlib.compress(b"%.3f 0.2 0.4 rg 0 0 100000 100000 re f\n" % (40 * n % 256 / 255) + text)
        place = len(objects) + 1
        kids.append(b"%d 0 R" % place)
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] %s /Contents %d 0 R >>" % (*size, FONT, place + 1))
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), pages)
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    at, count = len(body), len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        count, table, count, more, at
    )  # fmt: skip


def locked() -> bytes:
    """One that wants a password."""
    no = b"00" * 32
    return pdf(more=b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (no[:32], no[:32], no, no))


def bomb(repeat: int) -> bytes:
    """One page that draws itself to death."""
    line = b"0.1 0.2 0.3 RG 5 w 0 0 m 100 500 900 500 960 540 c S\n"
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(line * 10_000) for _ in range(repeat)) + packer.flush()
    return pdf(1, content=content)
