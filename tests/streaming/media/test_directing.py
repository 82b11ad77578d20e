"""Whose picture a panel shows, and where it is cut."""

from __future__ import annotations

from streaming.media.directing import GONE_MS, Director
from streaming.media.feed import Encoded


def picture(at_ms: float, *, key: bool = False, offset: int = 0) -> Encoded:
    return Encoded("video", b"...", at_ms, round(at_ms * 90), is_key=key, codec="h264", offset=offset)


def test_it_begins_at_a_key_frame_of_the_one_who_is_wanted() -> None:
    director = Director()
    assert director.want("ann", 0)

    assert director.see("ann", picture(0), 0) is None
    assert director.see("bo", picture(0, key=True), 0) is None
    assert director.see("ann", picture(33, key=True), 33) == picture(33, key=True)
    assert director.see("ann", picture(66), 66) == picture(66)
    assert not director.want("ann", 66)


def test_the_old_picture_stays_until_the_new_ones_key_frame() -> None:
    director = Director()
    director.want("ann", 0)
    director.see("ann", picture(0, key=True), 0)

    assert director.want("bo", 20)
    assert director.see("ann", picture(33), 33) == picture(33)
    assert director.see("bo", picture(40), 40) is None
    assert director.on_air == "ann"
    assert director.see("bo", picture(73, key=True), 73) == picture(73, key=True)
    assert director.see("ann", picture(99), 99) is None
    assert director.on_air == "bo"


def test_a_cut_does_not_go_back_in_time() -> None:
    director = Director()
    director.want("ann", 0)
    director.see("ann", picture(100, key=True), 100)
    director.want("bo", 100)

    assert director.see("bo", picture(90, key=True), 101) == picture(101, key=True)
    assert director.see("bo", picture(123), 134) == picture(123)


def test_pictures_that_are_decoded_in_another_order_keep_theirs() -> None:
    director = Director()
    director.want("ann", 0)
    shown = [director.see("ann", picture(at, key=at == 66, offset=off), at) for at, off in [(66, 3_000), (166, 9_000), (100, 0)]]

    assert [each and each.at_ms for each in shown] == [66, 166, 100]


def test_one_whose_pictures_stop_has_no_picture() -> None:
    director = Director()
    director.want("ann", 0)
    director.see("ann", picture(0, key=True), 0)
    director.see("bo", picture(500), 500)

    assert director.with_picture(GONE_MS) == {"ann", "bo"}
    assert director.with_picture(GONE_MS + 1) == {"bo"}
    director.want(None, GONE_MS + 1)
    assert director.on_air is None


def test_one_who_leaves_is_off_the_air_at_once() -> None:
    director = Director()
    director.want("ann", 0)
    director.see("ann", picture(0, key=True), 0)
    director.leave("ann")

    assert (director.on_air, director.with_picture(0)) == (None, set())
    assert director.see("ann", picture(33), 33) is None
