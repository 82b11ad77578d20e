"""What a follow-up came to: its base is those who were asked it, which the answers before it say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conference.core.disclosure import K, Share
from conference.core.errors import _
from conference.core.faces import Data
from polls.naming import cell_names
from polls.surveys.parts import Part
from polls.surveys.rules import asked_of
from polls.tally import Tally

BASE = _("som fick frågan")
WITHHELD: Data = {"n": None, "rows": [], "texts": [], "regions": [], "affiliations": []}
OF_COUNTS = ("about", "counts", "derived", "measures", "top2", "share")


def told(question: Data, part: Part, parts: Sequence[Part], tallies: Mapping[str, Tally]) -> Data:
    """A question of the report; where it is a follow-up with ``follows {question, title, title_en, answers [{text, text_en}], asked,
    share}``: how many were asked it, and of them how many answered, as a `Share`.

    All whom a follow-up is asked of gave one of a few answers before, so what few of them say would tell what a group of known size
    thinks. Under five answers to it nothing of them is told: ``n`` is ``None``, and the figures that are made of them are not there.
    ``asked`` is ``None`` under five, too, and where nobody counted: in surveys that had opened before this was.

    Args:
        question: as `polls.surveys.results.asked` has it.
        tallies: of the survey as they may be shown, by the ids of their questions.
    """
    if part.after is None:
        return question
    asked = _asked(part, parts, tallies)
    few = 0 < question["n"] < K
    lead = next(one.question for one in parts if one.question.id == part.after.question)
    names = cell_names(lead)
    answers = [dict(zip(("text", "text_en"), names[one], strict=True)) for one in part.after.answers]
    share = Share(None if few else question["n"], asked, BASE).shown() if asked is not None else None
    follows = {"question": lead.id, "title": lead.title, "title_en": lead.title_en or lead.title, "answers": answers, "asked": asked}
    shown = {**{name: value for name, value in question.items() if name not in OF_COUNTS}, **WITHHELD} if few else question
    return {**shown, "follows": {**follows, "share": share}}


def _asked(part: Part, parts: Sequence[Part], tallies: Mapping[str, Tally]) -> int | None:
    """How many were asked. Where one could give several of the answers that it follows, the sum of these and the number of those who
    were asked would tell how many gave more than one: it is told when they are none, or five at least.
    """
    counted = tallies.get(asked_of(part).id)
    if counted is None or part.after is None or 0 < counted.n < K:
        return None
    lead = next(one.question for one in parts if one.question.id == part.after.question)
    twice = sum(tallies[lead.id].counts.get(answer, 0) for answer in part.after.answers) - counted.n
    return None if lead.most > 1 and 0 < twice < K else counted.n
