"""Whether a question can be asked, and what to change when it cannot. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conference.core.errors import Refused, _
from polls.kinds import KINDS, Question, is_known

OPTIONS_MOST: Final = 20  # a list longer than that is not read on a phone
TITLE_MOST: Final = 300  # characters
CODE: Final = "poll.wrong"

LACKS: Final = {
    "choice": _("Skriv minst två svarsalternativ."),
    "quiz": _("Skriv minst två svarsalternativ och välj vilka som är rätt."),
    "scale": _("Välj hur många steg skalan har, och skriv det som ska bedömas om det är flera påståenden."),
    "ranking": _("Skriv minst två saker att ordna, och begär inte fler i ordning än det finns."),
    "points": _("Skriv minst två saker att fördela poängen på."),
    "number": _("Skriv lägsta och högsta tal, och ett steg som ger minst två tal att välja mellan."),
    "matrix": _("Skriv det som ska placeras, vad de två sidorna mäter och hur många steg de har."),
    "ideas": _("Välj hur många idéer var och en får skriva, minst en."),
}
"""Kind -> what to do when a question lacks something that its kind needs."""


def must_fit(question: Question) -> None:
    """What is longer is not read. Refused: ``text.too_long`` or ``poll.wrong``."""
    if any(len(text) > TITLE_MOST for text in (question.title, *(one.text for one in (*question.options, *question.statements)))):
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=TITLE_MOST)
    if max(len(question.options), len(question.statements)) > OPTIONS_MOST:
        raise Refused(CODE, _("Frågan har för många svarsalternativ. Ta bort några, så att det är högst %(most)d."), most=OPTIONS_MOST)


def must_be_askable(question: Question) -> None:
    """The question must have all that its kind needs, and answers that can be told from each other. Refused: ``poll.wrong``."""
    for refused in _faults(question):
        raise refused


def _faults(question: Question) -> Iterator[Refused]:
    """What is wrong, the plainest first."""
    ids, texts = {one.id for one in question.options}, {one.text.strip().casefold() for one in question.options}
    if question.kind not in KINDS:
        yield Refused(CODE, _("Den sortens fråga finns inte här. Välj en annan sort."))
    elif any(not one.text.strip() for one in question.options):
        yield Refused(CODE, _("Ett svarsalternativ är tomt. Skriv något där, eller ta bort det."))
    elif min(len(ids), len(texts)) < len(question.options):
        yield Refused(CODE, _("Två svarsalternativ är lika. Ändra det ena, eller ta bort det."))
    elif not is_known(question):
        yield Refused(
            CODE, LACKS.get(question.kind, _("Frågan saknar något som dess sort behöver. Välj en annan sort, eller fyll i resten."))
        )
    elif 0 < len(ids) < question.most:
        yield Refused(CODE, _("Man får välja fler svar än det finns. Sänk antalet, eller lägg till svarsalternativ."))
