"""Files of captions as people have them, WebVTT or SubRip, made into plain WebVTT: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from conference.core.errors import Refused, _
from streaming.captions import Caption, clock_of, cue_text

BYTES_MOST: Final = 1 << 20  # a day of talk is a tenth of it
CAPTIONS_MOST: Final = 20_000
WORDS_MOST: Final = 500  # characters of one caption; a screen holds 74
LATE_MS: Final = 2_000  # the last caption may stand so long after its film

_TIMES: Final = re.compile(r"^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:[ \t]+(\S.*))?$")
_TAG: Final = re.compile(r"</?[^<>]*>")
_PLACE: Final = re.compile(r"(?:(?:line|position|size|align|vertical):[\w%.,-]+\s*)+")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": "", "&amp;": "&"}


def as_webvtt(raw: bytes, seconds: float = 0) -> str:
    """The file as plain WebVTT: its captions in order, without styles, scripts and notes.

    Args:
        seconds: how long the film is, if that is known.

    Raises:
        Refused: ``captions.unreadable``, with what is wrong, and where.
    """
    found = sorted(_captions(_text(raw)), key=lambda one: (one.begins_ms, one.ends_ms))
    if not found:
        raise _unreadable(_("Det finns ingen undertext i filen."))
    if seconds and found[-1].begins_ms > seconds * 1_000 + LATE_MS:
        raise _unreadable(_("Undertexten är längre än filmen. Kontrollera att det är rätt fil."))
    cues = (f"{clock_of(one.begins_ms)} --> {clock_of(one.ends_ms)}{one.place}\n{one.words}\n" for one in found)
    return "\n".join(["WEBVTT\n", *cues])


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(_("Filen är inte text i UTF-8. Spara den så och försök igen.")) from None
    if "\0" in text:
        raise _unreadable(_("Filen är ingen textfil."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _captions(text: str) -> Iterator[Caption]:
    lines, row, count = text.split("\n"), 0, 0
    while row < len(lines):
        row += 1
        line = lines[row - 1].strip()
        if line.partition(" ")[0] in {"NOTE", "STYLE", "REGION"}:
            row = _block_end(lines, row)
        elif "-->" in line:
            end = _block_end(lines, row)
            if (caption := _caption(line, lines[row:end], row)).words:
                yield caption
            row, count = end, count + 1
            if count > CAPTIONS_MOST:
                raise _unreadable(_("Filen har för många rader."))


def _block_end(lines: list[str], row: int) -> int:
    while row < len(lines) and lines[row].strip():
        row += 1
    return row


def _caption(times: str, lines: list[str], row: int) -> Caption:
    found = _TIMES.match(times)
    if not found:
        raise _unreadable(_("Tiden på rad %(row)d går inte att läsa."), row=row)
    begins_ms, ends_ms = _ms(found[1]), _ms(found[2])
    if begins_ms >= ends_ms:
        raise _unreadable(_("Texten på rad %(row)d slutar innan den börjar."), row=row)
    words = "\n".join(cue_text(_plain(line)) for line in lines if _plain(line))
    if len(words) > WORDS_MOST:
        raise _unreadable(_("Texten på rad %(row)d är för lång."), row=row)
    place = found[3] if found[3] and _PLACE.fullmatch(found[3]) else ""
    return Caption(begins_ms, ends_ms, words, f" {place.strip()}" if place else "")


def _plain(line: str) -> str:
    """The words alone."""
    line = _TAG.sub("", line)
    for entity, said in _ENTITIES.items():
        line = line.replace(entity, said)
    return line.strip()


def _ms(clock: str) -> int:
    whole, _point, part = clock.replace(",", ".").partition(".")
    hours, minutes, seconds = ("0:" + whole).split(":")[-3:]
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds) * 1_000 + int(part.ljust(3, "0"))


def _unreadable(text: str, row: int = 0) -> Refused:
    return Refused("captions.unreadable", text, row=row)
