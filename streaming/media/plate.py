"""What stands for people who are heard and not seen, for a lane carries no sound without a picture."""

from __future__ import annotations

from pathlib import Path

from streaming.media.feed import Encoded
from streaming.media.standing import Standing, still

PICTURE = Path(__file__).parent / "slate" / "plate.png"
EVERY_MS = 200.0  # a picture; it does not move, but a lane must not wait for the next one
SOUND_MS = 400.0  # without a packet, and nobody is heard
ALONE_MS = 1_500.0  # somebody whose camera is on its way is heard first; until then there is no plate


class Plate:
    """Decides when it is shown, and gives its pictures. Pure, but for the file that is read when it is first shown."""

    def __init__(self) -> None:
        self._standing: Standing | None = None
        self._heard_ms, self._alone_ms, self._shot_ms = float("-inf"), float("inf"), float("-inf")
        self._is_asked = True

    def hear(self, now_ms: float) -> None:
        """Somebody was heard."""
        self._heard_ms = now_ms

    def is_due(self, now_ms: float, *, pictures: bool, on_air: bool) -> bool:
        """Whether it is to be shown.

        Args:
            pictures: somebody can be seen.
            on_air: something is shown now; then the plate follows on it at once.
        """
        if pictures or now_ms - self._heard_ms > SOUND_MS:
            self._alone_ms = float("inf")
            return False
        self._alone_ms = min(self._alone_ms, now_ms)
        return on_air or now_ms - self._alone_ms >= ALONE_MS

    def ask(self) -> None:
        """The next picture has to be a key frame."""
        self._is_asked = True

    def shoot(self, at_ms: float) -> list[Encoded]:
        """Its next picture, if it is time."""
        if at_ms - self._shot_ms < EVERY_MS:
            return []
        if self._standing is None:
            self._standing = Standing()
            self._standing.show(still(PICTURE.read_bytes(), "png"))
        is_asked, self._is_asked, self._shot_ms = self._is_asked, False, at_ms
        return self._standing.shoot(at_ms, is_asked=is_asked)
