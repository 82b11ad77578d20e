"""Live captions: somebody writes what is said; viewers read each word as it is written, and the lines stay with lane and recording.

Verbs: Captioning.caption, correct, take_turn, give_turn, be_ready, set_delay.   Facts: LineBegun, LineFinished, LineCorrected, TurnChanged.
Stands on: conference, and the programme's clock of `streaming`.   Known by: streaming's origin, web.
"""

from streaming.captioning.events import LineBegun, LineCorrected, LineFinished, TurnChanged
from streaming.captioning.rules import WRITERS
from streaming.captioning.service import Captioning

__all__ = ["WRITERS", "Captioning", "LineBegun", "LineCorrected", "LineFinished", "TurnChanged"]
