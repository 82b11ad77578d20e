"""A version's figures and words as the chapters of a document. Pure: the same version becomes the same document whenever it is asked for.

The report is in Swedish, whatever language its reader has chosen elsewhere: it is a record, and a record is one text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from conference.core.disclosure import percent
from conference.core.faces import Data
from conference.followup.reports import answers, attended, hindsight, measures, rated, waves
from conference.followup.reports.answers import DASH, many, number
from conference.followup.reports.document import Chapter, Column, Document, Fact, Part, Table, Unit
from conference.followup.reports.views import Kept

KINDS: Final = {
    "lecture": "Föreläsning",
    "panel": "Panel",
    "film": "Film",
    "poll": "Omröstning",
    "discussion": "Samtal",
    "break": "Paus",
}
ENDS: Final = {
    "live": "Besvarade i sändning",
    "written": "Besvarade skriftligt",
    "assigned": "Har fått någon som svarar",
    "declined": "Togs inte upp, med ett skäl",
    "withdrawn": "Borttagna eller tillbakatagna",
    "waiting": "Väntar på svar",
}
NOT_YET: Final[Mapping[str | None, str]] = {"now": ", pågick", "upcoming": ", planerat"}  # while the day goes on
NOT_HELD: Final[Mapping[str | None, str]] = {"upcoming": ", hölls inte"}  # figures that were taken before items had a state say nothing
LANES_MOST: Final = 3  # that are named; of more it is told how many
HOW: Final = (
    "Siffrorna kommer från plattformen Samsyn, som har räknat dem medan dagen pågick. Ingen har skrivit in dem för hand, och de kan inte ändras i rapporten. Det som arrangören har skrivit står som text i kapitlen.",  # noqa: E501  # a paragraph is one text
    "En skärm är en webbläsare som har gått med. Samma webbläsare räknas en gång per dag. Deltog gjorde den som var med minst 15 minuter av programmet.",  # noqa: E501  # a paragraph is one text
    "Den som säger hur många som sitter vid skärmen räknas som så många. I omröstningar är en skärm ändå ett svar.",
    "Lägsta talet: grupper så många som de sade att de var, och en person för varje ensam skärm där någon har rört, skrivit eller hämtat något under dagen. En av tio sådana dras av, för den kan vara någons andra skärm. Det är ett antagande. När någon röstade sparas inte, och är inget tecken på att någon är där.",  # noqa: E501  # a paragraph is one text
    "Ungefär: samma tal med halva avdraget. Högsta talet: alla skärmar, också de tysta. En skärm som aldrig har sagt hur många den är räknas som en grupp i genomsnittlig storlek, och alla som kom till en grupp senare räknas som nya.",  # noqa: E501  # a paragraph is one text
    "I ett block räknas den som var med minst halva blocket. En grupp som ändrar sig är så många som satt där minst halva blocket. I blockets lägsta tal räknas en ensam skärm bara när någon rörde något under just det blocket, och grupper som de var när de var som minst.",  # noqa: E501  # a paragraph is one text
    "Varje andel står tillsammans med n och med det som den är en andel av. Osäkerheten är var slumpen ensam kan ha lagt andelen, 19 gånger av 20 (Wilsons intervall). Den säger inget om dem som inte svarade.",  # noqa: E501  # a paragraph is one text
    "Rutor med färre än fem svar visas inte, så att ingen kan pekas ut. Då visas inte heller en ruta till, så att den första inte går att räkna fram.",  # noqa: E501  # a paragraph is one text
    "Röster och svar är anonyma: det går inte att se vem som har svarat vad. Citat finns med bara när den som skrev har sagt ja till det.",
)


def document_of(kept: Kept) -> Document:
    """The report as it is written from one version."""
    told, day = kept.figures, kept.figures["day"]
    zone = ZoneInfo(day["timezone"])
    marks = (
        ("Version", f"{kept.version}, {_moment(kept.made_at, zone)}"),
        ("Siffrorna är från", _moment(kept.taken_at, zone)),
        ("Siffrornas kontrollsumma (SHA-256)", kept.fingerprint),
    )
    found = [chapter(told, zone) for chapter in CHAPTERS]
    worded = [_worded(one, kept.words.get(one.chapter, "")) for one in found]
    return Document(
        kept.day,
        day["title"],
        day["subtitle"],
        kept.version,
        kept.made_at,
        _preliminary(told),
        marks,
        tuple(one for one in worded if one.comment or one.paragraphs or one.facts or one.parts),
    )


def _worded(chapter: Chapter, text: str) -> Chapter:
    comment = tuple(one.strip() for one in text.split("\n\n") if one.strip())
    return Chapter(chapter.chapter, chapter.title, comment, chapter.paragraphs, chapter.facts, chapter.parts)


def _preliminary(told: Data) -> str:
    """Why the figures may still change; empty when they will not."""
    if told["day"]["state"] != "ended":
        return "Preliminär: dagen pågick när siffrorna togs."
    open_ = any(survey["preliminary"] for survey in _surveys(told))
    return "Preliminär: utvärderingen var öppen när siffrorna togs." if open_ else ""


def _assignment(told: Data, zone: ZoneInfo) -> Chapter:
    day = told["day"]
    begins, ends = (datetime.fromisoformat(day[name]).astimezone(zone) for name in ("starts_at", "ends_at"))
    when = f"{format_date(begins, 'EEEE d MMMM y', locale='sv').capitalize()}, kl. {begins:%H.%M}{DASH}{ends:%H.%M}."
    who = f"Målgrupp: {day['audience']}." if day["audience"] else ""
    regions = f"Regioner som deltog: {', '.join(day['regions'])}." if day["regions"] else ""
    goals = f"Mål som dagen arbetade med: {'; '.join(day['goals'])}." if day["goals"] else ""
    lines = (day["description"], when, who, regions, goals)
    return Chapter("assignment", "Uppdraget", paragraphs=tuple(line for line in lines if line))


def _method(_told: Data, _zone: ZoneInfo) -> Chapter:
    return Chapter("method", "Så har vi räknat", paragraphs=HOW)


def _programme(told: Data, zone: ZoneInfo) -> Chapter:
    rows, yet = [], NOT_HELD if told["day"]["state"] == "ended" else NOT_YET
    for item in told.get("programme", ()):
        begins, ends = (datetime.fromisoformat(item[name]).astimezone(zone) for name in ("starts_at", "ends_at"))
        when = f"{begins:%H.%M}{DASH}{ends:%H.%M}{yet.get(item.get('state'), '')}"
        rows.append((when, _lanes(item["lanes"]), KINDS.get(item["kind"], item["kind"]), item["title"]))
    if not rows:
        return Chapter("programme", "Programmet")
    columns = (Column("Tid"), Column("För"), Column("Sort"), Column("Inslag"))
    coming = yet is NOT_YET and any(item.get("state") in NOT_YET for item in told["programme"])
    title = "Program, som det har blivit hittills och som det är planerat" if coming else "Program, som det blev"
    part = Part(f"{many(len(rows), 'inslag', 'inslag')} i programmet", tables=(Table(title, columns, tuple(rows)),))
    return Chapter("programme", "Programmet", parts=(part,))


def _lanes(lanes: list[str]) -> str:
    return ", ".join(lanes) if len(lanes) <= LANES_MOST else f"{len(lanes)} sändningar"


def _interaction(told: Data, _zone: ZoneInfo) -> Chapter:
    polls = told.get("polls") or []
    asked = (told.get("questions") or {}).get("asked", 0)
    voted = sum(one["n"] for poll in polls for one in poll["rounds"])
    messages, writers = told.get("messages", 0), told.get("writers", 0)
    facts = (
        Fact(number(len(polls)), "omröstningar" if len(polls) != 1 else "omröstning", f"{number(voted)} svar tillsammans"),
        Fact(number(asked), "frågor till panelen" if asked != 1 else "fråga till panelen", "varje fråga räknad en gång"),
        Fact(number(messages), "inlägg i chatten", f"från {many(writers, 'person', 'personer')}"),
    )
    parts = [answers.part(poll, one, _round_title(poll, one)) for poll in polls if not poll["region"] for one in poll["rounds"]]
    if asked:
        parts.append(_asked(told["questions"]))
    return Chapter("interaction", "Samspelet under dagen", facts=facts, parts=tuple(parts))


def _round_title(poll: Data, of: Data) -> str:
    found = answers.finding(poll["kind"], of)
    again = f"Omgång {of['round']}: " if len(poll["rounds"]) > 1 else ""
    return f"{again}{found}{', omröstningen var öppen' if of['open'] else ''}"


def _asked(questions: Data) -> Part:
    asked, ends = questions["asked"], questions["ends"]
    rows = [(text, ends[end]) for end, text in ENDS.items() if ends.get(end)]
    columns = (Column("Så slutade frågan"), Column("Frågor", Unit.NUMBER))
    waiting = ends.get("waiting", 0)
    heading = (
        f"{number(waiting)} av {many(asked, 'fråga', 'frågor')} till panelen väntar på svar"
        if waiting
        else "Ingen fråga till panelen väntar"
    )
    table = Table("Vad det blev av frågorna till panelen", columns, (*rows, ("Alla", asked)), total=True)
    return Part(heading, tables=(table,))


def _surveys(told: Data) -> list[Data]:
    """Those of the day itself; those that asked a few people months after it, or who watched its recordings, are told apart."""
    return [survey for survey in told.get("surveys") or () if not (survey.get("months") or survey.get("later"))]


def _evaluation(told: Data, _zone: ZoneInfo) -> Chapter:
    after = waves.parts(told.get("waves") or (), [one for one in told.get("surveys") or () if one.get("months")])
    surveys, att = _surveys(told), told.get("attendance") or {}
    facts, parts = [], []
    for survey in surveys:
        facts += [fact for one in survey["questions"] if (fact := _headline(one))]
        if survey["n"] and att.get("high"):
            facts.append(_behind(survey, att))
        parts += [answers.part(one, one) for one in survey["questions"]]
    paragraphs = tuple(
        f"{one['title']}: {many(one['n'], 'svar', 'svar')}{', preliminärt' if one['preliminary'] else ''}." for one in surveys
    )
    return Chapter(
        "evaluation",
        "Utvärdering",
        paragraphs=paragraphs,
        facts=tuple(facts),
        parts=(*parts, *rated.parts(told.get("after_items") or ()), *after),
    )


def _headline(question: Data) -> Fact | None:
    one = question.get("top2") or question.get("share")
    if not one or one["percent"] is None:
        return None
    base = f"{number(one['count'])} av {number(one['n'])} {one['base']}"
    spread = f", osäkerhet {answers.between(one['between'])}\N{NO-BREAK SPACE}%" if one["between"] else ""
    return Fact(f"{one['percent']}\N{NO-BREAK SPACE}%", f"{question['title']} {one['text'].capitalize()}", base + spread)


def _behind(survey: Data, att: Data) -> Fact:
    least, most = (min(percent(survey["behind"], att[name]), 100) for name in ("high", "low"))
    base = f"{number(survey['behind'])} personer bakom svaren, av {attended.spread(att['low'], att['high'])} personer"
    return Fact(f"{attended.spread(least, most)}\N{NO-BREAK SPACE}%", f"av deltagarna står bakom svaren: {survey['title']}", base)


def _actions(told: Data, _zone: ZoneInfo) -> Chapter:
    return Chapter("actions", "Åtgärder", parts=measures.parts(told["followup"]) if "followup" in told else ())


def _accessibility(told: Data, _zone: ZoneInfo) -> Chapter:
    captions = told.get("captions") or {"lanes": [], "n": 0}
    names = {one["region"]: one["name"] for one in (told.get("attendance") or {}).get("regions", ())} | {"national": attended.COUNTRY}
    titles = ("Med text", "av", "Skrivtolkade", "Film med text", "Skrivna rader")
    keys = ("minutes", "of", "written", "films", "lines")
    columns = (Column("Sändning"), *(Column(title, Unit.NUMBER) for title in titles))
    rows = tuple((names.get(one["lane"], one["lane"]), *(one[key] for key in keys)) for one in captions["lanes"])
    note = (
        "Minuter med text, av minuter med film eller scen i bild. En minut räknas när någon del av den hade text. Teckenspråk räknas inte."
    )
    table = Table("Text till det som sändes", columns, rows, note=note)
    heading = f"Text till {number(rows[0][1])} av {number(rows[0][2])} sända minuter" if rows else "Inget har sänts"
    told_of = "Ingen skrev text live."
    if captions["n"]:
        waited = f"{number(captions['delay_s'])} s efter det första ordet, i mitten av {number(captions['n'])} rader"
        told_of = f"En skriven rad var färdig {waited}."
    part = Part(heading, paragraphs=(told_of,) if rows else (), tables=(table,) if rows else ())
    return Chapter("accessibility", "Tillgänglighet", parts=(part,))


def _tables(told: Data, _zone: ZoneInfo) -> Chapter:
    found: list[Table | None] = []
    for poll in told.get("polls") or ():
        found += answers.apart(poll)
        found += [answers.groups(poll, one, one["regions"], "Region") for one in poll["rounds"]]
        found += [answers.groups(poll, one, one.get("affiliations", ()), "Verksamhet") for one in poll["rounds"]]
        found += [answers.beside(poll, one) for one in poll["rounds"]]
    for survey in _surveys(told):
        for one in survey["questions"]:
            found += [answers.groups(one, one, one["regions"], "Region"), answers.groups(one, one, one["affiliations"], "Verksamhet")]
    parts = tuple(Part(table.title, tables=(table,)) for table in found if table)
    return Chapter("tables", "Tabeller", parts=parts)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return str(format_datetime(at.astimezone(zone), "d MMMM y 'kl.' HH.mm", locale="sv"))


CHAPTERS: Final[tuple[Callable[[Data, ZoneInfo], Chapter], ...]] = (
    _assignment, _method, attended.chapter, _programme, _interaction, _evaluation, hindsight.chapter, _actions,
    _accessibility, _tables,
)  # fmt: skip
"""What makes each chapter, in their order. One in which nothing is found and nothing was written is left out."""
