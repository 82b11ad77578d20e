"""Whatever is done to a timeline: no gap, no overlap, all lanes of a block equally long, and the day as long as was said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference import shape as rules
from conference.core.errors import Refused
from conference.shape import Part, Piece, Shape, Where

MINUTES = st.integers(1, 90)


def a_day(begun: int = 0) -> Shape:
    """A locked block, a regional one with three lanes, and an open common one."""
    return Shape(
        (
            Piece("b1", 30, {"national": (Part("i1", 10, locked=True), Part("i2", 20, locked=True))}, locked=True),
            Piece(
                "b2",
                40,
                {
                    "national": (Part("n1", 5), Part("n2", 10, locked=True), Part("n3", 25)),
                    "r-a": (Part("a1", 40),),
                    "r-b": (Part("b1", 25), Part("b2", 15)),
                },
            ),
            Piece("b3", 35, {"national": (Part("c1", 15), Part("c2", 20))}),
        ),
        begun,
    )


@st.composite
def deeds(draw: st.DrawFn) -> Callable[[Shape], Shape]:
    """Something an organizer does, sensible or not."""
    item = draw(st.sampled_from(["i1", "i2", "n1", "n2", "n3", "a1", "b1", "b2", "c1", "c2", "x0", "x1"]))
    block, lane = draw(st.sampled_from(["b1", "b2", "b3", "y0"])), draw(st.sampled_from(["national", "r-a", "r-b", "r-c"]))
    lane = "national" if block != "b2" else lane
    keep, steps, minutes = draw(st.booleans()), draw(st.sampled_from([-2, -1, 1, 2])), draw(MINUTES)
    new = draw(st.sampled_from(["x0", "x1"]))
    kinds: list[Callable[[Shape], Shape]] = [
        lambda shape: rules.resize(shape, item, minutes, keep=keep),
        lambda shape: shape if _has(shape, new) else rules.insert(shape, Where(block, lane, draw_after), Part(new, minutes), keep=keep),
        lambda shape: rules.remove(shape, item, keep=keep),
        lambda shape: rules.move(shape, item, steps=steps),
        lambda shape: shape if _has(shape, "y0") else rules.insert_block(shape, a_block, block),
        lambda shape: rules.remove_block(shape, block, hide=keep),
        lambda shape: rules.move_block(shape, block, steps=steps),
    ]  # fmt: skip
    a_block = Piece("y0", minutes, {"national": (Part("y", minutes),)})
    draw_after = draw(st.sampled_from([None, item]))
    return draw(st.sampled_from(kinds))


def _has(shape: Shape, name: str) -> bool:
    blocks, items = shape.spans()
    return name in blocks or name in items


@given(st.lists(deeds(), max_size=12), st.integers(0, 2))
def test_no_gap_and_no_overlap_whatever_is_done(many: list[Callable[[Shape], Shape]], begun: int) -> None:
    shape = a_day(begun)
    for deed in many:
        before = shape
        with suppress(Refused):
            shape = deed(shape)
        assert shape.pieces[:begun] == before.pieces[:begun]
        blocks, items = shape.spans()
        at = 0
        for piece in shape.pieces:
            assert blocks[piece.block] == (at, at + piece.minutes)
            for parts in piece.lanes.values():
                inside = at
                for part in parts:
                    assert part.minutes >= 1
                    assert items[part.item][0] == inside
                    inside = items[part.item][1]
                assert inside == at + piece.minutes
            at += piece.minutes
        assert at == shape.minutes <= rules.DAY_MOST


@given(deeds(), st.sampled_from(["n1", "n3", "a1", "b1", "b2", "c1", "c2"]), MINUTES)
def test_a_kept_day_is_as_long_and_a_shifted_one_longer_by_as_much_as_was_said(
    deed: Callable[[Shape], Shape], item: str, minutes: int
) -> None:
    shape = a_day()
    with suppress(Refused):
        shape = deed(shape)
    _blocks, before = shape.spans()
    if item not in before:
        return
    had = before[item][1] - before[item][0]
    with suppress(Refused):
        assert rules.resize(shape, item, minutes, keep=True).minutes == shape.minutes
    with suppress(Refused):
        shifted = rules.resize(shape, item, minutes, keep=False)
        after = shifted.spans()[1]
        assert shifted.minutes == shape.minutes + minutes - had
        piece = next(piece for piece in shape.pieces if any(item in [part.item for part in lane] for lane in piece.lanes.values()))
        end = shape.spans()[0][piece.block][1]
        for name, (start, _end) in before.items():
            if start >= end:
                assert after[name][0] == start + minutes - had  # all that follows, in every lane


@given(deeds())
def test_what_is_locked_keeps_its_length(deed: Callable[[Shape], Shape]) -> None:
    shape = a_day()
    with suppress(Refused):
        shape = deed(shape)
    locked = {part.item: part.minutes for piece in shape.pieces for lane in piece.lanes.values() for part in lane if part.locked}

    assert locked.items() <= {"i1": 10, "i2": 20, "n2": 10}.items()


REFUSED: list[tuple[str, Callable[[Shape], Any]]] = [
    ("item.no_such", lambda s: rules.resize(s, "z", 5, keep=True)),
    ("minutes.out_of_range", lambda s: rules.resize(s, "c1", 0, keep=True)),
    ("minutes.out_of_range", lambda s: rules.insert(s, Where("b3"), Part("x", 601), keep=False)),
    ("item.locked", lambda s: rules.resize(s, "n2", 5, keep=True)),
    ("item.locked", lambda s: rules.remove(s, "n2", keep=True)),
    ("item.locked", lambda s: rules.move(s, "n1", steps=1)),
    ("block.locked", lambda s: rules.resize(s, "i1", 5, keep=True)),
    ("block.locked", lambda s: rules.insert(s, Where("b1"), Part("x", 5), keep=False)),
    ("block.locked", lambda s: rules.remove_block(s, "b1")),
    ("block.locked", lambda s: rules.move_block(s, "b1", steps=1)),
    ("item.locked", lambda s: rules.remove_block(s, "b2")),
    ("timeline.no_room", lambda s: rules.resize(s, "c1", 35, keep=True)),
    ("timeline.no_room", lambda s: rules.resize(s, "a1", 20, keep=True)),
    ("item.at_the_edge", lambda s: rules.move(s, "c2", steps=1)),
    ("block.at_the_edge", lambda s: rules.move_block(s, "b3", steps=1)),
    ("block.no_such", lambda s: rules.remove_block(s, "z")),
    ("timeline.too_long", lambda s: rules.insert_block(rules.insert_block(s, Piece("y", 600, {}), None), Piece("z", 600, {}), None)),
]


@pytest.mark.parametrize(("code", "deed"), REFUSED)
def test_what_cannot_be_is_refused_with_a_code(code: str, deed: Callable[[Shape], Any]) -> None:
    with pytest.raises(Refused) as refused:
        deed(a_day())
    assert refused.value.code == code


def test_what_has_begun_is_left_alone() -> None:
    deeds_behind: list[Callable[[Shape], Shape]] = [
        lambda s: rules.resize(s, "a1", 5, keep=False),
        lambda s: rules.insert_block(s, Piece("y", 5, {}), "b1"),
        lambda s: rules.remove_block(s, "b2", hide=True),
    ]
    for deed in deeds_behind:
        with pytest.raises(Refused, match=r"block\.begun"):
            deed(a_day(begun=2))
    with pytest.raises(Refused, match=r"block\.at_the_edge"):
        rules.move_block(a_day(begun=2), "b3", steps=-1)


def test_a_region_without_items_of_its_own_is_given_one_as_long_as_the_block_and_follows_the_country_when_it_goes() -> None:
    given_one = rules.insert(a_day(), Where("b2", "r-c"), Part("x", 5), keep=False)

    assert given_one.pieces[1].lanes["r-c"] == (Part("x", 40),)
    assert rules.remove(given_one, "x", keep=True) == a_day()
    with pytest.raises(Refused, match=r"item\.last"):
        rules.remove(Shape((Piece("b", 5, {"national": (Part("c", 5),)}),)), "c", keep=True)
