"""Office files and archives that are the same bytes whenever they are written from the same version."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Final

LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file knows: who packed when is no part of a report
CLOCKS: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files in this order."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, body)
    return content.getvalue()


def sealed(office_file: bytes, at: datetime) -> bytes:
    """An Office file that says it was written at *at*, and so do the workbooks behind its charts."""
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        files = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return packed((name, sealed(body, at) if name.endswith(".xlsx") else _told(name, body, moment)) for name, body in files)


def _told(name: str, body: bytes, moment: bytes) -> bytes:
    return CLOCKS.sub(rb"\g<1>" + moment + rb"\g<3>", body) if name == "docProps/core.xml" else body
