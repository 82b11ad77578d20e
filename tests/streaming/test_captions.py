"""Captions are cut like the pictures and stand at the same time."""

from __future__ import annotations

import pytest

from streaming.captions import Caption, cut, read

FILE = """WEBVTT - En film

NOTE CC BY 4.0

1
00:00.400 --> 00:03.000
Första raden
andra raden

00:00:03.500 --> 00:00:05.000 line:80%
Tredje

01:00:00.000 --> 01:00:01.500
Sist
"""
CAPTIONS = [
    Caption(400, 3_000, "Första raden\nandra raden"),
    Caption(3_500, 5_000, "Tredje", " line:80%"),
    Caption(3_600_000, 3_601_500, "Sist"),
]


def test_a_file_is_read() -> None:
    assert read(FILE) == CAPTIONS


@pytest.mark.parametrize(
    "broken", ["", "WEBVTT", "WEBVTT\n\n00:01.000 -> 00:02.000\nHej", "WEBVTT\n\n00:02.000 --> 00:01.000\nHej", "\0\n\n\n"]
)
def test_what_cannot_be_read_is_left_out(broken: str) -> None:
    assert read(broken) == []


def test_windows_line_ends_and_a_byte_order_mark_are_read_too() -> None:
    assert read("\ufeff" + FILE.replace("\n", "\r\n")) == CAPTIONS


def test_a_segment_has_the_captions_of_its_time_on_the_programmes_clock() -> None:
    assert cut(CAPTIONS, 2_000, 4_000, 3_600_000, goes_on=True).decode() == (
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:324180000,LOCAL:01:00:02.000\n\n"
        "01:00:00.400 --> 01:00:03.000\nFörsta raden\nandra raden\n\n"
        "01:00:03.500 --> 01:00:05.000 line:80%\nTredje\n"
    )


def test_a_caption_ends_with_the_picture_that_is_cut() -> None:
    assert b"00:00:03.500 --> 00:00:04.400 line:80%" in cut(CAPTIONS, 4_000, 4_400, 0, goes_on=False)


def test_nothing_is_said_in_between() -> None:
    assert cut(CAPTIONS, 6_000, 8_000, 0, goes_on=True) == b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:540000,LOCAL:00:00:06.000\n"


def test_the_clock_of_mpeg_begins_anew_after_a_day() -> None:
    assert b"MPEGTS:50065408," in cut([], 0, 2_000, 26 * 3_600_000 + 2_400_000, goes_on=True)
