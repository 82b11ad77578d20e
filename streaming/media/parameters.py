"""What an H264 sequence parameter set says of the pictures: how large they are, and whether players can show them."""

from __future__ import annotations

from dataclasses import dataclass

HIGH = {100, 110, 122, 144, 244, 44, 83, 86, 118, 128}  # profiles that tell of chroma and depth
MACROBLOCK = 16
SIZE_MOST = 4_096


class BadParameters(ValueError):
    """A parameter set that cannot be read."""


@dataclass(frozen=True)
class Pictures:
    """What the set tells.

    Attributes:
        is_plain: 4:2:0, eight bits, no fields: what every player shows.
    """

    width: int
    height: int
    is_plain: bool


class _Bits:
    def __init__(self, unit: bytes) -> None:
        data = unit.replace(b"\0\0\3", b"\0\0")  # emulation prevention
        self._value, self._left = int.from_bytes(data, "big"), len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise BadParameters("it ends too early")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def golomb(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 31:
                raise BadParameters("a number without end")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        value = self.golomb()
        return (value + 1) // 2 if value % 2 else -(value // 2)


def read(sps: bytes) -> Pictures:
    """Read a sequence parameter set, from its header byte on.

    Raises:
        BadParameters: it is none.
    """
    bits = _Bits(sps[1:])
    profile = bits.take(8)
    bits.take(16)
    bits.golomb()
    chroma, is_plain = _chroma(bits, profile)
    bits.golomb()  # frame numbers
    _skip_order(bits)
    bits.golomb()  # reference frames
    bits.take(1)
    across, down = bits.golomb() + 1, bits.golomb() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    left, right, top, bottom = (bits.golomb() for _ in range(4)) if bits.take(1) else (0, 0, 0, 0)
    step_x, step_y = (2 if chroma in {1, 2} else 1), (2 if chroma == 1 else 1) * (2 - frames_only)
    width = across * MACROBLOCK - (left + right) * step_x
    height = down * (2 - frames_only) * MACROBLOCK - (top + bottom) * step_y
    if not (0 < width <= SIZE_MOST and 0 < height <= SIZE_MOST):
        raise BadParameters("a size that cannot be")
    return Pictures(width, height, is_plain and bool(frames_only))


def _chroma(bits: _Bits, profile: int) -> tuple[int, bool]:
    if profile not in HIGH:
        return 1, True
    chroma = bits.golomb()
    if chroma == 3:
        bits.take(1)
    deep = bits.golomb() + bits.golomb()
    bits.take(1)
    if bits.take(1):
        for n in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _skip_scaling(bits, 16 if n < 6 else 64)
    return chroma, chroma == 1 and not deep


def _skip_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _skip_order(bits: _Bits) -> None:
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    elif kind == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        count = bits.golomb()
        if count > 255:
            raise BadParameters("more pictures in a cycle than can be")
        for _ in range(count):
            bits.signed()
