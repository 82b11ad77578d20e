"""What a parameter set tells, held against what libav makes of it."""

from __future__ import annotations

from fractions import Fraction

import av
import pytest

from streaming.media import cmaf, parameters


def sps_of(width: int, height: int, **options: str) -> bytes:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, options.pop("pix_fmt", "yuv420p")
    encoder.time_base, encoder.options = Fraction(1, 30), {"preset": "ultrafast", "tune": "zerolatency", **options}
    frame = av.VideoFrame(width, height, encoder.pix_fmt)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    return next(unit for packet in packets for unit in cmaf.split_start_codes(bytes(packet)) if cmaf.kind(unit) == cmaf.SPS)


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (426, 240), (320, 180), (16, 16), (1918, 1078)])
@pytest.mark.parametrize("profile", ["baseline", "main", "high"])
def test_the_size_is_read(size: tuple[int, int], profile: str) -> None:
    read = parameters.read(sps_of(*size, profile=profile))

    assert (read.width, read.height, read.is_plain) == (*size, True)


@pytest.mark.parametrize("options", [{"pix_fmt": "yuv444p"}, {"pix_fmt": "yuv422p"}, {"pix_fmt": "yuv420p10le"}])
def test_what_players_do_not_show_is_told(options: dict[str, str]) -> None:
    assert not parameters.read(sps_of(640, 352, **options)).is_plain


@pytest.mark.parametrize("sps", [b"", b"\x67", b"\x67\x42\xc0\x1e", b"\x67" + bytes(20)])
def test_what_is_none_is_refused(sps: bytes) -> None:
    with pytest.raises(parameters.BadParameters):
        parameters.read(sps)
