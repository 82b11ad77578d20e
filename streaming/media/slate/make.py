"""Make the slate, the picture a lane shows when nothing else is there, and the plate, which stands for people who are heard and not seen.
By hand, when `slate.svg`, `plate.svg` or the packing has changed:

    python -m streaming.media.slate.make

It lasts 1.6 s, the shortest loop that is a whole number of parts and of AAC frames (75), so it repeats without a seam. Every part begins
with a key frame, so a lane can enter it anywhere. It is kept packed, so that a lane has a picture also while the media process is away.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.video.reformatter import ColorRange, Colorspace
from playwright.sync_api import sync_playwright

from streaming.media import cmaf
from streaming.media.manifest import PART_MS, Manifest
from streaming.media.packing import Look, Picture, pack
from streaming.media.transcoding import X264

HERE = Path(__file__).parent
LOOP_MS, FPS, WIDTH, HEIGHT = 1_600, 25, 1_280, 720
ASSET = "slate"


def drawn(chromium: str, name: str) -> bytes:
    """A picture as Chromium draws it: PNG."""
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--force-color-profile=srgb"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{(HERE / name).read_text('utf-8')}")
        png = page.screenshot(type="png")
        browser.close()
    return png


def framed(png: bytes) -> av.VideoFrame:
    """The same for an encoder."""
    frame = av.CodecContext.create("png", "r").decode(av.Packet(png))[0]
    return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)


def encoded(frame: av.VideoFrame) -> Iterator[Picture]:
    """One loop of it, a key frame in every part."""
    encoder = av.CodecContext.create("libx264", "w")
    gop = str(FPS * PART_MS // 1_000)
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.options = {**X264, "preset": "slow", "level": "3.1", "refs": "3", "g": gop, "keyint_min": gop}
    for n in range(FPS * LOOP_MS // 1_000):
        frame.pts, frame.time_base, frame.pict_type = n, encoder.time_base, av.video.frame.PictureType.NONE
        yield from (Picture(cmaf.split_start_codes(bytes(packet)), packet.is_keyframe) for packet in encoder.encode(frame))
    yield from (Picture(cmaf.split_start_codes(bytes(packet)), packet.is_keyframe) for packet in encoder.encode(None))


def main(chromium: str = "/usr/bin/chromium") -> Manifest:
    """Draw, encode and pack it beside this file."""
    (HERE / "plate.png").write_bytes(drawn(chromium, "plate.svg"))
    pictures = list(encoded(framed(drawn(chromium, "slate.svg"))))
    sets = {cmaf.kind(unit): unit for unit in pictures[0].units}
    look = Look(WIDTH, HEIGHT, FPS, sets[cmaf.SPS], sets[cmaf.PPS])
    return pack(HERE, ASSET, look, iter(pictures), None, lambda _: None)


if __name__ == "__main__":
    main()
