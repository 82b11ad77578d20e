"""A recording as text: playlists, captions, chapters. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from streaming.captions import Caption, clock_of, cue_text
from streaming.playlists import TARGET_S, WORDS, Names, lines_of
from streaming.recordings import ending
from streaming.recordings.cutting import Extract

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Chapter:
    """An item in a recording, in ms from its beginning."""

    item: str
    title: str
    title_en: str | None
    begins_ms: int
    ends_ms: int


def playlist(extract: Extract, began_at: datetime, names: Names, here: str = "") -> bytes:
    """All of it, for players: nothing comes any more.

    Args:
        here: where the recording's own last segment is; its captions are those of the lane's. Nowhere: it ends as the lane's does.
    """
    is_own = extract.is_trimmed and bool(here) and names.ending != WORDS
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        f"#EXT-X-TARGETDURATION:{TARGET_S}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    for segment in extract.segments if is_own else extract.untrimmed:
        lines += lines_of(segment, began_at, names)
    if is_own:
        lines[-1] = f"{here}/{ending.NAME}.{names.ending}"
    return ("\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n").encode()


def webvtt(captions: Iterable[Caption]) -> bytes:
    """Captions as one file, for the player's own track, for the MP4, and to take home."""
    cues = (f"{clock_of(one.begins_ms)} --> {clock_of(one.ends_ms)}{one.place}\n{one.words}\n" for one in captions)
    return "\n".join(["WEBVTT\n", *cues]).encode()


def chapters_vtt(chapters: Iterable[Chapter]) -> bytes:
    """Chapters as players read them."""
    body = ["WEBVTT\n"]
    for number, chapter in enumerate(chapters, 1):
        body.append(f"{number}\n{clock_of(chapter.begins_ms)} --> {clock_of(chapter.ends_ms)}\n{cue_text(chapter.title)}\n")
    return "\n".join(body).encode()


def chapters_json(title: str, chapters: Sequence[Chapter]) -> bytes:
    """Chapters as Podcasting 2.0 has them."""
    told: list[dict[str, Any]] = [
        {"startTime": chapter.begins_ms / 1_000, "endTime": chapter.ends_ms / 1_000, "title": chapter.title} for chapter in chapters
    ]
    return msgspec.json.encode({"version": "1.2.0", "title": title, "chapters": told})


def moved(extract: Extract, captions: Iterable[Caption]) -> Iterator[Caption]:
    """Captions of the programme's clock as they stand in the recording."""
    begin_ms, end_ms = extract.segments[0].begins_ms, extract.segments[-1].ends_ms
    for caption in captions:
        if caption.ends_ms > begin_ms and caption.begins_ms < end_ms:
            since, until = extract.at(caption.begins_ms), extract.at(caption.ends_ms)
            if since < until:
                yield Caption(since, until, caption.words, caption.place)


def plain(words: str) -> str:
    """The words of a cue as a page shows them: one line, nothing escaped."""
    return html.unescape(_TAG.sub("", words)).replace("\n", " ")
