"""How long kinds of data are held, and when what may be deleted. Pure: what is, and a wish, to what comes of it, or no."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from conference.core.columns import Kept
from conference.core.errors import Refused, _
from conference.followup.keeping.events import DateSet, DisposalSigned
from conference.followup.keeping.tables import Disposal
from conference.rules import DayState
from conference.tables import Day


@dataclass(frozen=True)
class Rule:
    """How long something is held, and why.

    Attributes:
        days: after the end of the day; ``None``: for good.
        automatic: deleted by the clock, without a protocol: it is worthless by then, and nobody misses it.
        what, why: for the page, in Swedish.
    """

    days: int | None
    what: str
    why: str
    automatic: bool = False


RULES: Final[Mapping[Kept, Rule]] = {
    Kept.PERSON: Rule(30, _("Personuppgifter"), _("Namn, tillhörighet, närvaro och inloggningar. Behövs tills närvaron är räknad i rapporten. Arrangörernas egna konton är kvar för uppföljningen.")),  # noqa: E501  # a text is looked up whole
    Kept.SPEECH: Rule(90, _("Chatt och frågor"), _("Det som skrevs i chatten, i meddelanden från värdskapet och i personalens kanaler, frågorna till panelen och svaren. Behövs tills obesvarade frågor har fått svar.")),  # noqa: E501  # as above
    Kept.BALLOT: Rule(365, _("Röster"), _("Anonyma röster, en rad för varje svar. Behövs så länge någon vill räkna om. Resultaten är kvar.")),  # noqa: E501  # as above
    Kept.ANSWER: Rule(365, _("Enkätsvar"), _("Anonyma enkätsvar, ett formulär för varje svar. Behövs för jämförelsen med nästa dag. Resultaten är kvar.")),  # noqa: E501  # as above
    Kept.OWNER: Rule(1_095, _("Ansvariga för åtgärder"), _("Vem som har tagit på sig vad efter dagen, och vad de har berättat. Åtgärderna och siffrorna är kvar.")),  # noqa: E501  # as above
    Kept.ADDRESS: Rule(400, _("Adresser för enkäter"), _("E-postadresser för länkar till enkäter, utan namn och utan svar. Varje adress raderas redan när det sista brevet är skickat."), automatic=True),  # noqa: E501  # as above
    Kept.SECRET: Rule(400, _("Nycklar"), _("Kondensat av nycklar i länkar och inloggningar. Det som raderas är länkar som har använts, gått ut eller återkallats och inloggningar som är avslutade. De som fortfarande gäller är kvar."), automatic=True),  # noqa: E501  # as above
    Kept.RESULT: Rule(None, _("Resultat"), _("Siffror där ingen ruta har färre än fem svar, rapporten, behov och åtgärder. De är dagens nytta.")),  # noqa: E501  # as above
    Kept.PUBLIC: Rule(None, _("Program och frågor"), _("Det som alla fick se: programmet, omröstningarnas frågor, filmer och undertexter.")),  # noqa: E501  # as above
    Kept.OPERATION: Rule(None, _("Drift"), _("Hur körschemat gick, utan uppgifter om personer. Behövs för att kunna visa dagen igen.")),
    Kept.AUDIT: Rule(None, _("Spårbarhet"), _("Vad de som ledde dagen gjorde, i en kedja som inte kan ändras, och gallringsprotokollen.")),
}  # fmt: skip
"""Every kind of data a column can hold -> its rule. A test walks the schema and fails at a kind without one."""

TABLES: Final[Mapping[str, Rule]] = {
    "question_letter": Rule(90, _("Adresser för svar"), _("E-postadresser för svar på frågor. Varje adress raderas redan när svaret är skickat."), automatic=True),  # noqa: E501  # as above
    "remembered": Rule(30, _("Svar på begäran"), _("Minnet av att samma begäran inte ska utföras två gånger."), automatic=True),
    "vote_answer": Rule(30, _("Kvitton på begäran"), _("Minnet av att samma röst inte ska räknas två gånger."), automatic=True),
    "chat_pace": Rule(30, _("Chattens takt"), _("När någon skrev senast, för chattens långsamma läge."), automatic=True),
}  # fmt: skip
"""Tables that go whole and by themselves, whatever kinds of data their columns hold."""

LONGEST: Final = timedelta(days=3_653)  # ten years; who needs more keeps the archive, not the running system
NAME_MOST: Final = 60  # characters; as the name of a person
DECISION_MOST: Final = 60


def changeable(kind: str) -> Kept:
    """A kind of data whose date an organizer decides.

    Raises:
        Refused: ``kind.no_such``.
    """
    found = Kept(kind) if kind in set(Kept) else None
    if found is None or RULES[found].days is None or RULES[found].automatic:
        raise Refused("kind.no_such", _("Det finns inget datum att bestämma för de uppgifterna."))
    return found


def until(rule: Rule, day: Day, chosen: date | None = None) -> date | None:
    """The first day on which something may be deleted, by the calendar of the day's place.

    Args:
        chosen: the date that an organizer has set.

    Returns:
        ``None``: never; or not known, as the day has not ended.
    """
    if rule.days is None or (chosen is None and day.ended_at is None):
        return None
    return chosen or local(day, day.ended_at or day.ends_at) + timedelta(days=rule.days)


def local(day: Day, at: datetime) -> date:
    """The date where the day is held."""
    return at.astimezone(ZoneInfo(day.timezone)).date()


def set_date(day: Day, kind: str, until: date, decision: str, *, at: datetime) -> DateSet:
    """Hold a kind of data until another date.

    Raises:
        Refused: ``kind.no_such``, ``date.out_of_range``, ``text.too_long``.
    """
    found = changeable(kind)
    if not day.date <= until <= day.date + LONGEST:
        raise Refused("date.out_of_range", _("Välj ett datum från dagen och högst tio år framåt."))
    if len(decision) > DECISION_MOST:
        raise Refused("text.too_long", _("Texten är för lång: högst %(most)s tecken."), most=DECISION_MOST)
    return DateSet(day=day.day, at=at, kind=found, until=until)


@dataclass(frozen=True)
class Standing:
    """What a signature is held against.

    Attributes:
        dates: kind of data -> the date that an organizer has set.
        figures_at: when the figures of the newest report were taken.
        boxes_open: whether a poll or a survey of the day can still be answered.
        last: the last protocol of the day.
    """

    dates: Mapping[str, date]
    figures_at: datetime | None
    boxes_open: bool
    last: Disposal | None


def sign(day: Day, kinds: Collection[str], name: str, standing: Standing, *, at: datetime) -> DisposalSigned:
    """Sign that kinds of data are deleted.

    Raises:
        Refused: ``kind.no_such``, ``text.empty``, ``text.too_long``, ``disposal.too_early`` when a date has not come,
            ``disposal.no_report`` when the figures are not in a report yet, ``disposal.still_open``, ``disposal.under_way``.
    """
    wanted = sorted({changeable(kind) for kind in kinds})
    if not wanted or not name:
        raise Refused("text.empty", _("Välj vad som ska gallras och skriv ditt namn."))
    if len(name) > NAME_MOST:
        raise Refused("text.too_long", _("Texten är för lång: högst %(most)s tecken."), most=NAME_MOST)
    if day.state != DayState.ENDED or day.ended_at is None or any(_is_early(day, kind, standing, at) for kind in wanted):
        raise Refused("disposal.too_early", _("Datumet har inte kommit än. Ändra det först om uppgifterna ska bort tidigare."))
    if standing.last and standing.last.done_at is None:
        raise Refused("disposal.under_way", _("En gallring pågår. Vänta tills den är klar."))
    if standing.boxes_open and {Kept.BALLOT, Kept.ANSWER} & {*wanted}:
        raise Refused(
            "disposal.still_open",
            _("En omröstning eller enkät är öppen, eller så väntar brev på en enkät. Stäng den först, eller vänta."),
        )
    if standing.figures_at is None or standing.figures_at < day.ended_at:
        raise Refused("disposal.no_report", _("Gör rapporten till uppdragsgivaren först, så att siffrorna är kvar."))
    number = standing.last.disposal + 1 if standing.last else 1
    return DisposalSigned(day=day.day, at=at, disposal=number, kinds=[str(kind) for kind in wanted])


def _is_early(day: Day, kind: Kept, standing: Standing, at: datetime) -> bool:
    first = until(RULES[kind], day, standing.dates.get(kind))
    return first is None or local(day, at) < first
