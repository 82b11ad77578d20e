"""Figures of a day with known truth, as the sections of its report give them: withheld cells, words of people, and texts that attack."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from conference.core.disclosure import Share
from conference.core.sheets import Said
from conference.followup.reports import Kept
from conference.followup.reports.frozen import fingerprint, frozen

AT = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
ATTACK = '=HYPERLINK("http://x.example")<script>alert(1)</script>'
SECRET = "Kim Ek vill inte citeras"
QUOTE = "Vi ringer varandra nu"


def row(text: str, count: int | None, n: int | None, option: str = "") -> dict[str, Any]:
    return {"option": option or text, "text": text, "text_en": text, **Share(count, n or 0, "svar").shown(), "n": n}


def result(kind: str, *rows: tuple[str, int], n: int, **more: Any) -> dict[str, Any]:
    return {"n": n, "behind": n, "rows": [row(text, count, n) for text, count in rows], "regions": [], "texts": [], "kind": kind, **more}


def poll(name: str, title: str, kind: str, *rounds: dict[str, Any], region: str | None = None) -> dict[str, Any]:
    about = {
        "poll": name,
        "question": f"q-{name}",
        "version": 1,
        "kind": kind,
        "title": title,
        "title_en": title,
        "scope": "all",
        "region": region,
    }
    told = [{"round": number, "open": False, "shift": [], **one} for number, one in enumerate(rounds, 1)]
    return {**about, "opened_at": AT, "closed_at": AT, "rounds": told}


REGIONS = [
    {"region": "r-n", "name": "Region Norrvik", "n": 30, "rows": [row("Delat arbetssätt", 20, 30), row(ATTACK, 10, 30)]},
    {"region": "r-s", "name": "Region Sundmark", "n": None, "rows": [row("Delat arbetssätt", None, None), row(ATTACK, None, None)]},
]
RANKED = result(
    "ranking", n=12, about={"statements": None}, measures=[
        {"text": Said("%(option)s: poäng", {"option": "Tid"}), "value": 30, "n": 12},
        {"text": Said("%(option)s: poäng", {"option": "Teknik"}), "value": 18.5, "n": 12},
    ],
)  # fmt: skip
POLLS = [
    poll("p-behov", "Vad behövs mest?", "choice", result("choice", ("Delat arbetssätt", 26), (ATTACK, 14), n=40, regions=REGIONS)),
    poll("p-rang", "Vad först?", "ranking", RANKED),
    poll("p-fritt", "Vad tar du med dig?", "text", result("text", n=9, texts=[{"text": SECRET}])),
    poll("p-region", "Hur går det hos er?", "yesno", result("yesno", ("Ja", 12), ("Nej", 6), n=18), region="Region Norrvik"),
]
TOP2 = {**Share(36, 40, "svar").shown(), "text": "bra eller mycket bra"}
SURVEY = {
    "survey": "ev", "title": "Vad tyckte du om dagen?", "title_en": "", "state": "closed", "preliminary": False, "n": 40, "behind": 60,
    "opened_at": AT, "closes_at": AT, "closed_at": AT, "regions": [], "affiliations": [],
    "questions": [
        {**result("scale", ("Dåligt", 0), ("Okej", 4), ("Bra", 20), ("Mycket bra", 16), n=40), "question": "q-dag", "version": 2,
         "title": "Dagen i sin helhet", "title_en": "", "open": False, "affiliations": [], "top2": TOP2},
        {**result("text", n=8, texts=[QUOTE]), "question": "q-steg",
         "version": 1,
         "title": "Vad blir nästa steg?", "title_en": "", "open": False, "affiliations": []},
    ],
}  # fmt: skip
ATTENDANCE = {
    "devices": 60, "named": 12, "alone": 45, "groups": 10, "group_people": 55, "untold": 5, "low": 105, "high": 128, "group_mean": 5.5,
    "joined": 70, "took_part": Share(60, 70, "skärmar som gick med").shown(), "took_part_minutes": 15, "k": 5,
    "regions": [
        {"region": "r-n", "name": "Region Norrvik", "devices": 30, "low": 60, "high": 71},
        {"region": "r-s", "name": "Region Sundmark", "devices": None, "low": None, "high": None},
    ],
    "about": 107, "silent": 0,
    "blocks": [
        {"block": "b1", "kind": "common", "title": "Öppning", "title_en": None, "devices": 58, "low": 99, "about": 104, "high": 126},
        {"block": "b2", "kind": "regional", "title": "Regionalt", "title_en": None, "devices": 50, "low": 80, "about": 88, "high": 110},
    ],
    "quarters": [{"minute": 0, "devices": 50, "people": 90}, {"minute": 15, "devices": 60, "people": 105}],
}  # fmt: skip
BENEFIT = {
    "benefit": "b", "what": "Färre samtal", "unit": "samtal per vecka", "assumption": "Samma vecka i mars",
    "baseline": 40.0, "effect": -10.0, "value": 28.0, "change": -12.0, "measured_on": AT.date(),
}  # fmt: skip
FOLLOWUP: dict[str, Any] = {
    "figures": {"needs": 2, "answered": 1, "acted_on": 1, "actions": 1, "in_use": 0, "measured": 1},
    "needs": [
        {"need": "n1", "statement": "Vi behöver se samma bild", "actions": ["a1"], "items": [{"item": "i", "title": ATTACK}], "gaps": []},
        {"need": "n2", "statement": "Vi behöver tid", "actions": [], "items": [], "gaps": ["need_item"]},
    ],
    "actions": [
        {"action": "a1", "what": "Prova i två kommuner", "owner": "Kim Ek", "stage": "trial", "due": AT.date(), "benefits": [BENEFIT],
         "told": [{"text": SECRET}]},
    ],
    "targets": [{"target": "t1", "title": "Nå kommuner", "measure": "municipalities", "amount": 20, "due": AT.date(), "count": 12,
                 "days": [{"day": "d", "count": 12}]}],
    "days": [], "goals": [], "late": [], "gaps": [], "workplaces": [], "workplaces_here": [],
}  # fmt: skip
STEPS = [
    {"option": str(n), "text": f"Steg {n}", "count": 4, "n": 12, "base": "svar", "percent": 33, "between": (14, 61)} for n in (1, 2, 3)
]
AFTER: dict[str, Any] = {
    "survey": "s.i1", "item": "i1", "title": "Öppning", "title_en": None, "region": None, "preliminary": False, "question": "Hur var det?",
    "question_en": "How was it?", "n": 12, "mean": 2.0, "between": (1.5, 2.5), "steps": 3, "rows": STEPS, "texts": ["Bra början"],
}  # fmt: skip
FEW = {**AFTER, "survey": "s.i2", "title": "Samtal", "region": "Region Norrvik", "n": None, "mean": None, "between": None, "rows": [],
       "texts": []}  # fmt: skip
REPORT: dict[str, Any] = {
    "day": {
        "title": "E-hälsodagen", "subtitle": "En gemensam bild", "audience": "Chefer", "description": "Om dagen.", "date": AT.date(),
        "timezone": "Europe/Stockholm", "state": "ended", "starts_at": AT, "ends_at": AT, "goals": ["Mål ett"],
        "regions": ["Region Norrvik"],
    },
    "programme": [{"kind": "lecture", "title": ATTACK, "starts_at": AT, "ends_at": AT, "lanes": ["Hela landet"]}],
    "attendance": ATTENDANCE, "polls": POLLS, "surveys": [SURVEY],
    "questions": {"asked": 3, "ends": {"live": 2, "waiting": 1}, "all": [{"text": SECRET, "to": "Kim Ek"}]},
    "after_items": [AFTER, FEW],
    "messages": 7, "writers": 3, "rooms": [],
    "captions": {"lanes": [{"lane": "national", "lines": 4, "minutes": 50, "written": 40, "films": 10, "of": 60}],
                 "n": 4, "delay_s": 3.4, "assumed_s": [2.0]},
    "followup": FOLLOWUP,
    "somebody": {"name": "Kim Ek"},
}  # fmt: skip


def kept(report: dict[str, Any] = REPORT, words: dict[str, str] | None = None) -> Kept:
    """A version of those figures."""
    body = frozen(report)
    return Kept("d", 1, AT, AT, fingerprint(body), msgspec.json.decode(body), words or {})
