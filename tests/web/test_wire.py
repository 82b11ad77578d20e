from __future__ import annotations

import msgspec
import pytest

from conference.core.actor import Done
from conference.core.errors import Refused
from web import tidy, wire
from web.wire import Frame, Wish


def refused(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        wire.read_wish(raw)
    return caught.value.code


def test_a_wish_is_read() -> None:
    assert wire.read_wish(b'{"id":"a1","do":"polls.vote","args":{"poll":"p1"}}') == Wish("a1", "polls.vote", {"poll": "p1"})


def test_arguments_may_be_left_out() -> None:
    assert wire.read_wish(b'{"id":"a1","do":"people.leave"}') == Wish("a1", "people.leave", {})


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"x", b"1", b'"text"', b"[]", b"{}", b"null", b"{",
        b'{"do":"polls.vote","args":{}}', b'{"id":"","do":"x"}', b'{"id":1,"do":"x"}', b'{"id":"a","do":1}',
        b'{"id":"a b","do":"x"}', b'{"id":"%s","do":"x"}' % (b"a" * 65),
        b'{"id":"a","do":"x","args":[]}', b'{"id":"a","do":"x","args":null}', b'{"id":"a","do":"x","who":"other"}',
        b'{"id":"a","do":"x","do":"y"}', b'{"id":"a","do":"x","args":{"a":1,"a":2}}', b'{"id":"a","do":"x","args":{"a":1,"\\u0061":2}}',
        b'{"id":"a","do":"x","args":{"a":NaN}}', b'{"id":"a","do":"x","args":{"a":1e999}}', b'{"id":"a","do":"x","args":{"a":Infinity}}',
        b'{"id":"a","do":"x","args":{"a":%s}}' % (b"9" * 5000), b'{"id":"a","do":"x","args":{"a":9007199254740993}}',
        b'{"id":"a","do":"x","args":{"a":"\\ud800"}}', b'{"id":"a","do":"x","args":{"a":"\xff"}}',
        b'{"id":"a","do":"x","args":{"a":"b\x00"}}',
        b"[" * 8000, b'{"id":"a","do":"x","args":{"a":' + b"[" * 9 + b"]" * 9 + b"}}",
        '{"id":"a","do":"x"}'.encode("utf-16"), '{"id":"a","do":"x"}'.encode("utf-32"), b'\xef\xbb\xbf{"id":"a","do":"x"}',
    ],
)  # fmt: skip
def test_what_is_no_wish_is_unreadable(raw: bytes) -> None:
    assert refused(raw) == "wire.unreadable"


def test_a_wish_over_8_kb_is_too_large() -> None:
    assert refused(b'{"id":"a","do":"x","args":{"a":"%s"}}' % (b"a" * 8192)) == "wire.too_large"


def test_100_000_brackets_are_refused_before_they_are_read() -> None:
    assert refused(b"[" * 100_000) == "wire.too_large"
    with pytest.raises(Refused):
        wire.read_json(b"[" * 100_000, 1_000_000)


def test_two_keys_that_become_one_are_refused() -> None:
    assert refused(b'{"id":"a","do":"x","args":{"a":1,"a\\u200b":2}}') == "wire.unreadable"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("hej", "hej"), ("å" , "å"), ("a\u030a", "å"), ("a\x00b\x07c\x7f\x9f", "abc"), ("rad\r\nrad\rrad\u2028rad", "rad\nrad\nrad\nrad"),
        ("a\tb", "a b"), ("\u202efdp.exe", "fdp.exe"), ("\u2066x\u2069", "x"), ("ad\u200bmin", "admin"),
        ("👩\u200d⚕️", "👩\u200d⚕️"), ("\ud800x", "x"),
    ],
)  # fmt: skip
def test_texts_are_made_harmless(raw: str, clean: str) -> None:
    assert tidy.text(raw) == clean


def test_the_id_of_an_unreadable_wish_is_found_when_there_is_one() -> None:
    assert wire.id_of(b'{"id":"a1","do":7}') == "a1"
    assert [wire.id_of(raw) for raw in (b"x", b"[]", b'{"id":7}', b'{"id":"a b"}', b"[" * 5000)] == [None] * 5


def test_answers_are_as_in_the_contract() -> None:
    assert wire.answer("a", Done(1042, {"receipt": "r"})) == b'{"re":"a","ok":true,"seq":1042,"data":{"receipt":"r"}}'
    assert wire.answer("a", Done()) == b'{"re":"a","ok":true}'
    assert wire.refusal("a", "poll.not_open", "Nej.") == b'{"re":"a","ok":false,"error":{"code":"poll.not_open","text":"Nej."}}'
    assert wire.refusal(None, "limit.reached", "Vänta.", 500).endswith(b'"retry_after_ms":500}}')
    assert wire.drain(10_000) == b'{"drain":{"within_ms":10000}}'


def test_a_welcome_that_is_too_large_comes_without_state() -> None:
    assert wire.welcome("e1", 7, b'{"you":{}}') == b'{"welcome":{"epoch":"e1","seq":7,"state":{"you":{}}}}'
    assert wire.welcome("e1", 7, b'"%s"' % (b"x" * 65_536)) == b'{"welcome":{"epoch":"e1","seq":7}}'


def test_news_are_cut_into_frames_of_64_kb_that_each_say_how_far_they_bring() -> None:
    raws = [(seq, b'{"seq":%d,"data":"%s"}' % (seq, b"x" * 30_000)) for seq in range(5, 10)]

    frames = list(wire.news(4, 12, raws))

    assert [len(frame) <= wire.SERVER_MOST_BYTES for frame in frames] == [True] * 3
    read = [msgspec.json.decode(frame) for frame in frames]
    assert [(frame["upto"], [item["seq"] for item in frame["news"]]) for frame in read] == [(6, [5, 6]), (8, [7, 8]), (12, [9])]


def test_a_cut_between_two_items_of_one_place_does_not_pass_the_second() -> None:
    raws = [(seq, b'"%s"' % (b"x" * 40_000)) for seq in (5, 5)]

    assert [msgspec.json.decode(frame)["upto"] for frame in wire.news(4, 5, raws)] == [4, 5]


@pytest.mark.parametrize("n", [0, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_has_the_header_of_its_length(n: int) -> None:
    wired = Frame.of(b"x" * n).wire

    assert wired[0] == 0x81
    assert len(wired) - n == (2 if n < 126 else 4 if n < 65_536 else 10)
