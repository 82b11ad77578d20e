"""The archive package of a version: all its documents and figures in one file that can be read without this program."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Final

import msgspec

from conference.followup.reports.sealed import packed
from conference.followup.reports.views import Kept

OPEN_DATA: Final = "oppna-data.zip"
SUMS: Final = "kontrollsummor.txt"
README: Final = """{title}
Arkivpaket till rapporten, version {version}.

Paketet går att läsa utan det system som gjorde det. Börja med rapport.pdf.

rapport.*            rapporten: PDF att läsa och bevara, PPTX och XLSX att arbeta vidare med
siffror.json         allt som rapporten är räknad på, som det frystes {taken_at} (UTC)
data/*.csv           siffrorna som tabeller: UTF-8 med BOM, semikolon mellan kolumnerna, öppnas i svenska Excel
data/data.json       samma tabeller för program
data/datalexikon.*   vad varje kolumn i varje tabell innehåller
data/LÄS MIG.txt     hur tabellerna ska läsas
{sums}   SHA-256 för varje fil; prövas med: sha256sum --check {sums}

Kontrollsumman för siffror.json är {fingerprint}. Den står också i rapporten.

Här finns inga namn på deltagare, inga enskilda röster och ingen chatt; citat bara från den som har sagt ja.
En ruta med färre än fem svar visas inte.
Paketet blir samma fil varje gång det görs av samma version, också när dagens uppgifter är gallrade.
"""


def as_archive(kept: Kept, documents: Mapping[str, bytes]) -> bytes:
    """The package: the same bytes for the same version and documents.

    Args:
        documents: name of the file -> what is in it; what `OPEN_DATA` holds is unpacked into ``data/``.
    """
    told = {"title": kept.figures["day"]["title"], "version": kept.version, "fingerprint": kept.fingerprint, "sums": SUMS}
    readme = README.format(**told, taken_at=f"{kept.taken_at:%Y-%m-%d %H:%M}")
    files = {"LÄS MIG.txt": readme.encode()}
    files |= {name: body for name, body in documents.items() if name != OPEN_DATA}
    files["siffror.json"] = msgspec.json.encode(kept.figures, order="deterministic")
    with zipfile.ZipFile(io.BytesIO(documents[OPEN_DATA])) as data:
        files |= {f"data/{name}": data.read(name) for name in data.namelist()}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items())
    return packed([*files.items(), (SUMS, sums.encode())])
