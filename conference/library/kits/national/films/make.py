"""Make the three narrated films of the kit from their scripts: slides drawn by Chromium, speech by espeak-ng, packed by PyAV.

By hand, when a script or the look has changed; the films are kept in the repository:

    python -m conference.library.kits.national.films.make [film-dagen …]

The result can be listed in a lane as it is: 720p25, H264 High without B frames, a key frame every 50 frames, AAC-LC 48 kHz stereo.
"""

from __future__ import annotations

import argparse
import json
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from playwright.sync_api import Page, sync_playwright

from conference.library.kits.national.films.pen import HEIGHT, WIDTH, Slide
from conference.library.kits.national.films.slides import page as html
from conference.library.kits.national.films.speech import LEAD_S, RATE, Caption, captions, slide_seconds, speak, webvtt

HERE = Path(__file__).parent
FONTS = HERE.parents[4] / "web" / "static" / "fonts"
FPS = 25
X264 = {
    "profile": "high", "preset": "slow", "crf": "25", "tune": "stillimage", "bf": "0", "g": "50", "keyint_min": "50", "sc_threshold": "0",
    "x264-params": "open-gop=0:force-cfr=1", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv",
}  # fmt: skip

ACTIVE = """() => {
  const all = document.getAnimations();
  for (const one of all) one.pause();
  return all.map(one => { const t = one.effect.getComputedTiming(); return [t.delay / 1000, t.endTime / 1000]; });
}"""
WIND = "t => { for (const one of document.getAnimations()) one.currentTime = t * 1000; }"


class Film:
    """One film: its slides with their speech, and where they stand in time."""

    def __init__(self, script: dict[str, Any]) -> None:
        self.script, self.title = script, script["title"]
        self.speech = [speak(slide["narration"], script["voice"]["words_per_minute"]) for slide in script["slides"]]
        self.lengths = [slide_seconds(slide, spoken) for slide, spoken in zip(script["slides"], self.speech, strict=True)]
        self.starts = [sum(self.lengths[:n]) for n in range(len(self.lengths))]
        self.captions = [self._captions(n) for n in range(len(self.lengths))]

    def _captions(self, n: int) -> list[Caption]:
        slide = self.script["slides"][n]
        planned = [each for each in self.script["captions"] if each["slide"] == slide["id"]]
        return captions(slide, planned, self.speech[n], self.starts[n], self.lengths[n])

    def slide(self, n: int) -> Slide:
        """The n-th slide, ready to be drawn."""
        told = self.script["slides"][n]
        beats = [each.start - self.starts[n] for each in self.captions[n]]
        return Slide(told["title"], told["lines"], told["diagram"], beats, (n, len(self.lengths)))

    def sound(self) -> array[int]:
        """All the speech, 16-bit mono, as loud as it can be with a little room left."""
        samples = array("h", bytes(2 * round(sum(self.lengths) * RATE)))
        for start, spoken in zip(self.starts, self.speech, strict=True):
            at = round((start + LEAD_S) * RATE)
            samples[at : at + len(spoken.samples)] = spoken.samples
        gain = 0.7 * 32767 / max(map(abs, samples))
        return array("h", (round(value * gain) for value in samples))


def pictures(film: Film, page: Page, fonts: Path) -> Iterator[av.VideoFrame]:
    """Every frame; Chromium draws only those in which something moves."""
    for n, length in enumerate(film.lengths):
        page.set_content(html(film.slide(n), film.title, fonts))
        page.evaluate("document.fonts.ready")
        active = page.evaluate(ACTIVE)
        frame = None
        for count in range(round(length * FPS)):
            at = count / FPS
            if frame is None or any(begin - 1 / FPS <= at <= end + 1 / FPS for begin, end in active):
                page.evaluate(WIND, at)
                frame = _picture(page.screenshot(type="png"))
            yield frame
        if n == 0:
            _poster(film, page)


def _picture(png: bytes) -> av.VideoFrame:
    """One picture by a decoder of its own: a used one takes the next PNG for a frame of an animation, and adds it to the last."""
    frame = av.CodecContext.create("png", "r").decode(av.Packet(png))[0]
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")


def _poster(film: Film, page: Page) -> None:
    page.evaluate("document.querySelector('svg').setAttribute('viewBox', '0 0 1280 720')")
    page.add_style_tag(content="svg{width:640px;height:360px}")
    page.screenshot(type="jpeg", quality=82, path=HERE / f"{film.script['id']}.jpg", clip={"x": 0, "y": 0, "width": 640, "height": 360})


def write(film: Film, page: Page, fonts: Path) -> Path:
    """Encode picture and sound into one MP4."""
    target = HERE / f"{film.script['id']}.mp4"
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as out:
        out.metadata.update({"title": film.title, "copyright": "CC BY 4.0", "comment": "Syntetiskt tal, påhittat exempel"})
        video = out.add_stream("libx264", rate=FPS, options=X264)
        video.width, video.height, video.pix_fmt, video.time_base = WIDTH, HEIGHT, "yuv420p", Fraction(1, 12_800)
        audio = out.add_stream("aac", rate=48_000)
        audio.layout, audio.bit_rate = "stereo", 72_000
        for n, frame in enumerate(pictures(film, page, fonts)):
            frame.pts, frame.time_base = n, Fraction(1, FPS)
            frame.pict_type = av.video.frame.PictureType.NONE  # a PNG says "key frame", and x264 would obey in every frame
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for sound in _sound(film):
            out.mux(audio.encode(sound))
        out.mux(audio.encode(None))
    return target


def _sound(film: Film) -> Iterator[av.AudioFrame]:
    resampler = av.AudioResampler("fltp", "stereo", 48_000)
    samples = film.sound()
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate, frame.pts = RATE, 0
    yield from resampler.resample(frame)
    yield from resampler.resample(None)


def main() -> None:
    """Make the films that are named, or all."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("films", nargs="*", default=sorted(path.stem for path in HERE.glob("film-*.json")))
    asked.add_argument("--fonts", type=Path, default=FONTS, help="folder of the two typefaces (woff2)")
    asked.add_argument("--chromium", default="/usr/bin/chromium")
    given = asked.parse_args()
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=given.chromium, args=["--no-sandbox", "--force-color-profile=srgb"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name in given.films:
            film = Film(json.loads((HERE / f"{name}.json").read_text("utf-8")))
            (HERE / f"{name}.vtt").write_text(webvtt(film.title, [each for told in film.captions for each in told]), "utf-8")
            made = write(film, page, given.fonts)
            print(f"{made.name}: {sum(film.lengths):.1f} s, {made.stat().st_size / 1e6:.2f} MB")
        browser.close()


if __name__ == "__main__":
    main()
