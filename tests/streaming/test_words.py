"""Lines that somebody wrote live, as players get them: known before their segment is listed, and in the recording where they were said."""

from __future__ import annotations

import pytest

from streaming.captions import Said, as_known, as_said, during, read_words_name, words_name

LINES = [Said(10_000, 13_000, "Ett.", 2_000), Said(14_000, 17_500, "Två <b> & --> tre.", 2_000), Said(17_600, 18_000, "Fyra.", 2_000)]


def test_in_a_live_lane_a_line_stands_from_when_it_was_finished_and_no_more_than_two_at_once() -> None:
    found = as_known(LINES)

    assert [(one.begins_ms, one.ends_ms) for one in found] == [(13_000, 15_000), (17_500, 19_500), (18_000, 20_000)]
    assert found[1].words == "Två &lt;b&gt; &amp; --&gt; tre."
    crowded = as_known([Said(0, at, "Rad.") for at in (1_000, 1_300, 1_600)])
    assert [(one.begins_ms, one.ends_ms) for one in crowded] == [(1_000, 1_600), (1_300, 3_300), (1_600, 3_600)]


def test_in_the_recording_it_stands_from_when_it_was_said_until_the_next() -> None:
    assert [(one.begins_ms, one.ends_ms) for one in as_said(LINES)] == [(8_000, 11_000), (12_000, 15_500), (15_600, 17_600)]
    assert [one.begins_ms for one in as_said([Said(500, 900, "Först.", 2_000)])] == [0]


def test_a_line_is_found_in_every_segment_in_which_it_stands() -> None:
    found = as_known(LINES)

    assert [len(during(found, at, at + 2_000)) for at in (10_000, 12_000, 14_000, 16_000, 18_000, 20_000)] == [0, 1, 1, 1, 2, 0]


@pytest.mark.parametrize("name", ["", "1", "5-5", "7-5", "0-10001", "-1-5", "1-2-3", "a-b", "٣-٤", "99999999999-99999999999"])
def test_what_was_never_listed_is_not_there(name: str) -> None:
    with pytest.raises(LookupError):
        read_words_name(name)


def test_a_name_says_when() -> None:
    assert read_words_name(words_name(12_400, 14_000)) == (12_400, 14_000)
