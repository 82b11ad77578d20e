"""The figures as open data: tidy tables as CSV and JSON, a dictionary that says what each column holds, and how to read it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell, Sheet
from conference.followup.files import Book, as_csv
from conference.followup.reports import measures, rated
from conference.followup.reports.sealed import packed
from conference.followup.reports.views import Kept


@dataclass(frozen=True)
class Field:
    """One column: its name for programs, what it holds for people, and what its values are."""

    name: str
    meaning: str
    kind: str


WHOLE, NUMBER, TEXT, TIME = "heltal", "tal", "text", "tid (ISO 8601)"
_N: Final = Field("n", "antal svar som andelen är räknad på; tomt i CSV och null i JSON när det inte visas", WHOLE)
ANSWERS: Final = (
    Field("kalla", "omröstningens eller enkätens id", TEXT),
    Field(
        "sort",
        "omrostning, enkat, uppfoljning (en enkät månader efter dagen, till dem som lämnade en adress), "
        "hander (händer bakom skärmar, som inte ingår i svaren) eller efterhand (de som sett en inspelning, i inga andra svar)",
        TEXT,
    ),
    Field("omgang", "omröstningens omgång, från 1; tomt för enkäter", WHOLE),
    Field("fraga_id", "frågans id, samma över dagar och år", TEXT),
    Field("fraga_version", "frågans version, som höjs när orden ändras", WHOLE),
    Field("fraga", "frågan som den ställdes", TEXT),
    Field("fragetyp", "choice, yesno, scale, ranking, points, words, text, ideas, number, matrix eller quiz", TEXT),
    Field("region", "regionen som svarade: en del av landets fråga, eller den som frågan ställdes till; tomt för hela landet", TEXT),
    Field("verksamhet", "sort av verksamhet; tomt för alla svar tillsammans", TEXT),
    Field("svar", "svarsalternativet", TEXT),
    Field("antal", "antal svar; 'visas inte' i CSV och null i JSON när rutan är för liten för att visas", WHOLE),
    _N,
    Field("bas", "vad n räknar", TEXT),
    Field(
        "tillfragade",
        "formulär där frågan ställdes: alla som svarat på något i enkäten, eller för en följdfråga de som fick den; "
        "tomt för omröstningar och för delar av svaren; 'visas inte' i CSV och null i JSON när de är färre än fem",
        WHOLE,
    ),
    Field("procent", "andel i hela procent av n", WHOLE),
    Field("lag", "osäkerhetens undre gräns i hela procent, Wilsons intervall, 95 %", WHOLE),
    Field("hog", "osäkerhetens övre gräns i hela procent", WHOLE),
)
SURVEYS: Final = (
    Field("kalla", "enkätens id", TEXT),
    Field("enkat", "enkätens titel", TEXT),
    Field("sort", "enkat, uppfoljning eller efterhand, som i tabellen svar", TEXT),
    Field("preliminar", "ja medan enkäten är öppen, annars nej", TEXT),
    Field("svar", "formulär med minst ett svar", WHOLE),
    Field("personer", "personer bakom dem, som de sade själva", WHOLE),
    Field("tillfragade", "hur många som fick enkäten; tomt när det inte går att veta", WHOLE),
    Field("tillfragade_bas", "vad tillfragade räknar: skärmar som var med minst 15 minuter, eller brev som skickades", TEXT),
    Field("personer_minst", "personer vid de skärmarna, lägsta tal", WHOLE),
    Field("personer_hogst", "samma, högsta tal", WHOLE),
)
MEASURES: Final = (*ANSWERS[:8], Field("matt", "vad måttet heter", TEXT), Field("varde", "måttets värde", NUMBER), _N)
ATTENDANCE: Final = (
    Field("region", "regionens namn; 'Hela landet' för alla", TEXT),
    Field("skarmar", "skärmar som var med minst 15 minuter", WHOLE),
    Field("personer_minst", "personer, lägsta tal", WHOLE),
    Field("personer_hogst", "personer, högsta tal", WHOLE),
)
QUARTERS: Final = (
    Field("minut", "programminut som kvarten börjar", WHOLE),
    Field("skarmar", "skärmar som var på någon gång under kvarten", WHOLE),
    Field("personer_minst", "personer vid dem, lägsta tal", WHOLE),
)
BLOCKS: Final = (
    Field("block", "blockets id", TEXT),
    Field("titel", "blockets titel", TEXT),
    Field("sort", "common (gemensamt) eller regional", TEXT),
    Field("skarmar", "skärmar som var på minst halva blocket", WHOLE),
    Field("personer_minst", "personer som följde minst halva blocket, lägsta tal", WHOLE),
    Field("personer_ungefar", "samma, det tal som ligger närmast", WHOLE),
    Field("personer_hogst", "samma, högsta tal", WHOLE),
)
RATED: Final = (
    Field("kalla", "enkätens id", TEXT),
    Field("inslag", "inslagets titel", TEXT),
    Field("region", "regionen som såg det; tomt för alla", TEXT),
    Field("n", "antal svar; 'visas inte' i CSV och null i JSON när de är för få för att visas", WHOLE),
    Field("medel", "medel av stegen, från 1", NUMBER),
    Field("lag", "osäkerhetens undre gräns, 95 %", NUMBER),
    Field("hog", "osäkerhetens övre gräns", NUMBER),
)
TARGETS: Final = (
    Field("mal", "målet", TEXT),
    Field("raknar", "organisationer, kommuner, personer eller skärmar", TEXT),
    Field("hittills", "över alla dagar i serien", WHOLE),
    Field("antal", "vad målet är", WHOLE),
    Field("dagar", "dagar i serien", WHOLE),
    Field("senast", "när målet ska vara nått", TEXT),
)
PROGRAMME: Final = (
    Field("borjar", "när inslaget började", TIME),
    Field("slutar", "när det slutade", TIME),
    Field("sort", "lecture, panel, film, poll, discussion eller break", TEXT),
    Field("inslag", "titel", TEXT),
    Field("for", "regioner som såg det, åtskilda av semikolon; 'Hela landet' för det gemensamma", TEXT),
)
QUESTIONS: Final = (
    Field("slut", "live, written, assigned, declined, withdrawn eller waiting", TEXT),
    Field("antal", "frågor till panelen", WHOLE),
)
CAPTIONS: Final = (
    Field("sandning", "national eller regionens id", TEXT),
    Field("minuter_med_text", "minuter där någon del hade text", WHOLE),
    Field("minuter", "minuter med film eller scen i bild", WHOLE),
    Field("skrivtolkade", "minuter med skriven text", WHOLE),
    Field("film_med_text", "minuter med film som har text", WHOLE),
    Field("rader", "skrivna rader", WHOLE),
)
README: Final = """{title}
Öppna data till rapporten, version {version}.

Siffrorna är från {taken_at} (UTC). Kontrollsumma (SHA-256): {fingerprint}

*.csv            UTF-8 med BOM, semikolon mellan kolumnerna, decimalkomma, ISO-datum: öppnas i svenska Excel
data.json        samma tabeller för program; null är ett tal som inte visas eller som inte finns
datalexikon.*    vad varje kolumn i varje tabell innehåller

En ruta med färre än fem svar visas inte, och där det behövs inte heller en ruta till, så att den första inte går att räkna fram.
En skärm är ett svar, hur många som än sitter framför den. En text som börjar med =, +, - eller @ har i CSV fått en apostrof först.
"""


def tables(kept: Kept) -> dict[str, tuple[Sequence[Field], tuple[tuple[Cell, ...], ...]]]:
    """Every table by its name: its columns, and its rows."""
    told, att = kept.figures, kept.figures.get("attendance") or {}
    whole = [("Hela landet", att["devices"], att["low"], att["high"])] if att else []
    regions = [
        (one["name"], *(WITHHELD if one[name] is None else one[name] for name in ("devices", "low", "high")))
        for one in att.get("regions", ())
    ]
    quarters = [(one["minute"], one["devices"], one["people"]) for one in att.get("quarters", ())]
    blocks = [tuple(one[name] for name in ("block", "title", "kind", "devices", "low", "about", "high")) for one in att.get("blocks", ())]
    lanes = [
        tuple(one[name] for name in ("lane", "minutes", "of", "written", "films", "lines"))
        for one in (told.get("captions") or {}).get("lanes", ())
    ]
    ends = tuple((told.get("questions") or {}).get("ends", {}).items())
    return {
        "svar": (ANSWERS, tuple(_answers(told))),
        "enkater": (SURVEYS, tuple(_surveys(told))),
        "matt": (MEASURES, tuple(_measures(told))),
        "deltagande": (ATTENDANCE, (*whole, *regions)),
        "deltagande_over_tid": (QUARTERS, tuple(quarters)),
        "deltagande_per_block": (BLOCKS, tuple(blocks)),
        "inslag": (RATED, tuple(rated.rows(told.get("after_items") or ()))),
        "siffermal": (TARGETS, tuple(measures.target_row(one) for one in (told.get("followup") or {}).get("targets") or ())),
        "program": (PROGRAMME, tuple(_programme(told))),
        "fragor": (QUESTIONS, ends),
        "text": (CAPTIONS, tuple(lanes)),
    }


def as_zip(kept: Kept) -> bytes:
    """The archive."""
    found = tables(kept)
    dictionary = [(table, field.name, field.meaning, field.kind) for table, (fields, _) in found.items() for field in fields]
    columns = ("tabell", "kolumn", "innehall", "sort")
    lexicon = _csv(kept, Sheet("datalexikon", columns, tuple(dictionary)))
    about = {"day": kept.day, "version": kept.version, "taken_at": kept.taken_at, "sha256": kept.fingerprint}
    data = {
        name: [dict(zip([field.name for field in fields], map(_bare, row), strict=True)) for row in rows]
        for name, (fields, rows) in found.items()
    }
    readme = README.format(
        title=kept.figures["day"]["title"], version=kept.version, taken_at=f"{kept.taken_at:%Y-%m-%d %H:%M}", fingerprint=kept.fingerprint
    )
    sheets = [
        (f"{name}.csv", _csv(kept, Sheet(name, tuple(field.name for field in fields), rows))) for name, (fields, rows) in found.items()
    ]
    return packed(
        [
            ("LÄS MIG.txt", readme.encode()),
            *sheets,
            ("data.json", _json({"about": about, "tables": data})),
            ("datalexikon.csv", lexicon),
            ("datalexikon.json", _json([dict(zip(columns, row, strict=True)) for row in dictionary])),
        ]
    )


def _answers(told: Data) -> Iterator[tuple[Cell, ...]]:
    for about, of in _results(told):
        yield from (_row(about, of["whose"], None, row, of.get("asked")) for row in of["rows"])
        for region in of["regions"]:
            yield from (_row(about, region["name"] or "Ingen region", None, row) for row in region["rows"])
        for group in of.get("affiliations", ()):
            yield from (_row(about, None, group["affiliation"], row) for row in group["rows"])
        if hands := of.get("hands"):
            yield from (_row((about[0], "hander", *about[2:]), of["whose"], None, row) for row in hands["rows"])


def _measures(told: Data) -> Iterator[tuple[Cell, ...]]:
    for about, of in _results(told):
        yield from ((*about, of["whose"], one["text"], one["value"], one["n"]) for one in of.get("measures", ()))


def _results(told: Data) -> Iterator[tuple[tuple[Cell, ...], Data]]:
    """Every result, with the first columns of its rows, and as ``whose`` the region that was asked; ``None`` is the whole country."""
    for poll in told.get("polls") or ():
        for of in poll["rounds"]:
            yield (
                (poll["poll"], "omrostning", of["round"], poll["question"], poll["version"], poll["title"], poll["kind"]),
                {**of, "whose": poll["region"]},
            )
    for survey in told.get("surveys") or ():
        for one in survey["questions"]:
            about = (survey["survey"], _sort(survey), None, one["question"], one["version"], one["title"], one["kind"])
            yield about, {**one, "whose": None, "asked": _asked(survey, one)}
    for poll in told.get("later") or ():
        about = (poll["poll"], "efterhand", None, poll["question"], poll["version"], poll["title"], poll["kind"])
        yield about, {"rows": poll["rows"], "regions": (), "whose": poll["region"]}


def _sort(survey: Data) -> str:
    return "efterhand" if survey.get("later") else "uppfoljning" if survey.get("months") else "enkat"


def _asked(survey: Data, question: Data) -> Cell:
    """In how many forms a question was asked: in all of them, but for a follow-up."""
    if follows := question.get("follows"):
        return WITHHELD if follows["asked"] is None else follows["asked"]
    return int(survey["n"])


def _surveys(told: Data) -> Iterator[tuple[Cell, ...]]:
    """Each survey with how many were asked, where that is known: those who took part in the day, or those who were sent a letter."""
    att = told.get("attendance") or {}
    for survey in told.get("surveys") or ():
        asked: tuple[Cell, ...] = (None, None, None, None)
        if survey.get("months"):
            asked = (survey["mailed"], "brev", None, None)
        elif survey.get("for_whom") == "participants" and att:
            asked = (att["devices"], "skärmar", att["low"], att["high"])
        state = "ja" if survey["preliminary"] else "nej"
        yield survey["survey"], survey["title"], _sort(survey), state, survey["n"], survey["behind"], *asked


def _row(about: tuple[Cell, ...], region: str | None, affiliation: str | None, row: Data, asked: Cell = None) -> tuple[Cell, ...]:
    n, low_high = WITHHELD if row["n"] is None else row["n"], row["between"] or (None, None)
    hidden = row["count"] is None
    return (
        *about,
        region,
        affiliation,
        row["text"],
        WITHHELD if hidden else row["count"],
        n,
        row["base"],
        asked,
        WITHHELD if hidden else row["percent"],
        *low_high,
    )


def _programme(told: Data) -> Iterator[tuple[Cell, ...]]:
    for item in told.get("programme", ()):
        yield item["starts_at"], item["ends_at"], item["kind"], item["title"], "; ".join(item["lanes"])


def _csv(kept: Kept, sheet: Sheet) -> bytes:
    return as_csv(Book(kept.day, sheet.name, sheet, [sheet], ZoneInfo("UTC"), kept.made_at))


def _bare(cell: Cell) -> Any:
    return None if cell is WITHHELD else cell


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)
