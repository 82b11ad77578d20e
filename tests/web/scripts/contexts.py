"""What pages are made of: a small day as the state has it, and the context of every template."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from conference.core.columns import Kept
from conference.followup.comparison import TOP, asked, compared, together
from conference.followup.keeping.rules import RULES
from conference.followup.keeping.views import Held
from conference.followup.reports import document_of
from conference.followup.webhooks.rules import KINDS as HAPPENINGS
from tests.conference.followup.reports.figures import kept
from tests.conference.followup.test_comparison import a_day, rows
from tests.conference.followup.test_comparison import poll as poll_of
from web.checks import Check
from web.endpoints.bank import KINDS
from web.endpoints.integrations import FAULTS, STATES
from web.endpoints.integrations import TITLES as INTEGRATIONS
from web.endpoints.reports import ARCHIVE, FIELDS, MAKES, PDF
from web.links import TITLES, Handed, qr_of
from web.ribbon import ribbon

DAY = "d1"
REGIONS = [{"region": "r-norrvik", "name": "Region Norrvik"}, {"region": "r-sundmark", "name": "Region Sundmark"}]
YOU = {"person": "me", "name": "Kim", "roles": [], "region": "r-norrvik", "lane": "r-norrvik", "people": 6, "phones": 2, "paired": False}
STEPS = ["Stämmer inte alls", "Stämmer dåligt", "Delvis", "Stämmer bra", "Stämmer helt"]
PAGES = (
    *("start", "day", "live", "screen", "overlay", "cockpit", "evaluation", "report", "admin", "build", "begin", "programme-forms"),
    *("library", "recording", "invite", "error", "accessibility", "cookies", "captions", "text", "panel", "remote", "surveys"),
    *("survey-texts", "survey-edit", "survey-question", "survey-preview", "package", "question-pages"),
    *("pair", "principal", "compare", "survey-link", "letters", "keeping", "integrations", "mine", "mine-erased", "persons"),
    *("rehearsal", "light", "region", "timeline", "schedule", "contributors", "organizers"),
    *("kits", "kit-waiting"),
)

CHANNELS = [{"channel": "national", "n": 2, "at": "2026-11-23T08:00:00Z"}, {"channel": "r-norrvik", "n": 1, "at": "2026-11-23T08:00:00Z"}]
WORDS = [{"n": 1, "by": {"person": "x", "name": "Olga", "role": "organizer"}, "text": "Ljudet är tillbaka", "at": "2026-11-23T08:00:00Z"}]

KIT = {
    "kit": "kit-nationell-dag",
    "title": "Nationella e-hälsodagen, paketet",
    "version": 1,
    "licence": "CC BY 4.0",
    "by": "3f2a " * 15 + "3f2a",
}
FILM_HOME = {"film": "f", "title": "Hemma", "taken": 12}
BY_ME = {"person": "me", "name": "Kim"}


def stamp(minutes: float = 0) -> str:
    """So many minutes from now, as on the wire."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def options(*texts: str) -> list[dict[str, str]]:
    """Options ``a``, ``b`` … with these texts."""
    return [{"option": chr(97 + n), "text": text, "text_en": text} for n, text in enumerate(texts)]


def poll(name: str = "p1", **fields: Any) -> dict[str, Any]:
    """An open poll with one answer out of two."""
    about = {"poll": name, "kind": "choice", "title": "Vad behövs mest?", "help": "Välj ett svar.", "options": options("Tid", "Teknik")}
    return {**about, "most": 1, "round": 1, "scope": "country", "voting": "open", "result": "hidden", **fields}


def closed(name: str = "p0", **fields: Any) -> dict[str, Any]:
    """A closed poll whose result everybody sees, with a split in which one region is withheld."""
    split = [
        {"region": "r-norrvik", "n": 12, "counts": {"a": 7, "b": 5}, "verdict": "few", "sure": []},
        {"region": "r-sundmark", "n": None, "counts": {"a": None, "b": None}},
    ]
    moved = {"a": {"before": 20, "after": 60, "sure": True}, "b": {"before": 80, "after": 40, "sure": True}}
    shift = {"round": 1, "n": 30, "cells": moved}
    tally = {"n": 30, "behind": 71, "counts": {"a": 18, "b": 12}, "regions": split, "shift": shift}
    return poll(name, **{"voting": "closed", "result": "everyone", "receipt": "K7QX", "tally": tally, **fields})


def item(name: str, start: float, minutes: float, **fields: Any) -> dict[str, Any]:
    """An item of the programme, so many minutes from now."""
    about = {"item": name, "block": f"b-{name}", "kind": "panel", "lane": "national", "title": f"Inslag {name}"}
    return {**about, "starts_at": stamp(start), "ends_at": stamp(start + minutes), "state": "upcoming", **fields}


def state(**fields: Any) -> dict[str, Any]:
    """A live day, a while into it, two minutes before it crosses over to the regions."""
    programme = [item("a", -20, 22, state="now"), item("b", 2, 30, regional=True), item("paus", 32, 10, kind="break"), item("c", 42, 20)]
    day = {"day": DAY, "title": "Nationella e-hälsodagen", "state": "live", "starts_at": stamp(-20), "ends_at": stamp(62)}
    chat = [
        {
            "message": "m1",
            "room": "national",
            "by": {"person": "x", "name": None, "role": None},
            "text": "Hej från Älvkanten",
            "at": stamp(),
        },
        {"message": "m20", "room": "national", "by": {**BY_ME, "role": None}, "text": "Hej ni!", "at": stamp(), "reply_to": "m1"},
    ]
    fresh = {"you": YOU, "day": {**day, "timezone": "Europe/Stockholm", "join_code": "482177"}, "regions": REGIONS, "programme": programme}
    now = {"item": "a", "cue": "c1", "hold": False, "next": {"cue": "c2", "do": "call_regions", "title": "x", "what": "b", "by": "hand"}}
    now["returns"] = {"at": stamp(1), "how": "late"}
    slide = {"page": 3, "pages": 12, "text": "Vad vi vet\nMätning hemma fungerar"}
    lane = {"lane": "r-norrvik", "kind": "slate", "source": "slate", "text": "Prata två och två", "since": stamp(-1), "slide": slide}
    rest = {
        "polls": [poll()],
        "gestures": {"item": "a", "counts": {"clap": 12, "wonder": 3}, "off": []},
        "chat": chat,
        **moderation(),
        "surveys": [],
        **queue(),
    }
    return {**fresh, "now": now, "lane": lane, **rest, **fields}


def part_of_kit(name: str, **fields: Any) -> dict[str, Any]:
    """A part of a kit that is otherwise in a newer version."""
    says = ("title: Hemma -> Hemma, på nytt", "+Hälsningar från Sundmark", "- Kortare")
    about = {"part": f"day.json#items/{name}", "kind": "changed", "says": says, "conflict": False, "title": "Hemma"}
    return {**about, "locked": False, "chosen": True, **fields}


def moderation() -> dict[str, Any]:
    """A room that is slow and looked after, what waits in it, and who is stopped."""
    troll = {"person": "troll", "name": "Ett troll"}
    held = [{"held": "m30", "room": "national", "by": BY_ME, "text": "Se www.exempel.se", "at": stamp(), "why": "link"}]
    restraints = [
        {"restraint": "troll:everywhere", "by": troll, "where": "everywhere", "banned": True},
        {"restraint": "me:everywhere", "by": BY_ME, "where": "everywhere", "until": stamp(5)},
    ]
    rooms = [{"room": "national", "open": True, "slow_s": 10, "hold_links": True}]
    told = [{"announcement": "a1", "text": "Vi börjar om fem minuter", "at": stamp(-2), "to": "r-norrvik", "role": "speaker"}]
    return {
        "announcements": told,
        "rooms": rooms,
        "held": held,
        "restraints": restraints,
        "wordlists": [{"wordlist": "day", "words": ["fan", "idiot*"]}],
    }


def queue() -> dict[str, Any]:
    """Questions to the panel of every kind of standing."""
    by = {"person": "x", "name": "Hemtjänsten Norr", "role": None}
    about = {"lane": "national", "mine": False, "at": stamp(-5), "region": "r-norrvik"}
    questions = [
        {
            **about,
            "question": "q1",
            "text": "Vem äger frågan?",
            "backs": 12,
            "state": "taken_up",
            "taken_up_at": stamp(-1),
            "by": by,
            "people": 8,
        },
        {**about, "question": "q2", "text": "Får en sjuksköterska läsa?", "backs": 3, "state": "open", "people": 12, "to": "c1"},
        {
            **about,
            "question": "q3",
            "text": "Delas bilderna?",
            "backs": 1,
            "state": "written",
            "answer": "Ja, under Material.",
            "mine": True,
        },
        {**about, "question": "q4", "text": "Vad kostar det?", "backs": 0, "state": "held", "assigned": {"to": "c1", "due": "2026-12-01"}},
    ]
    panellists = [{"panellist": "c1", "scope": "national", "title": "Panelist, Kommun"}]
    return {"questions": questions, "queues": [{"queue": "national", "open": True, "hold": True}], "panellists": panellists}


def handed(role: str, *, once: bool = False) -> Handed:
    """A link to hand out."""
    url = f"http://127.0.0.1:8000/{'invite/' + 'x' * 32 if once else 'j/482177'}"
    return Handed(role, TITLES.get(role, "Deltagare"), url, datetime.now(UTC) + timedelta(days=90) if once else None, once=once)


def timeline(day: dict[str, Any]) -> dict[str, Any]:
    """A regional block that can be built, with a lane that has nothing of its own, and a locked one."""
    item = {"item": "i-a@national", "title": "Samtal", "kind": "discussion", "minutes": 20, "goals": ["g-1"], "locked": False}
    lanes: list[dict[str, Any]] = [
        {"lane": "national", "name": "Hela landet", "items": [{**item, "planned_starts_at": stamp()}]},
        {"lane": "r-norrvik", "name": "Region Norrvik", "items": []},
    ]
    locked = [{**lanes[0], "items": [{**item, "item": "i-b", "planned_starts_at": stamp(20), "locked": True}]}]
    late = {"overrun": "hold", "overrun_limit_s": 120}
    block = {"block": "b2", "kind": "regional", "title": "Regionalt", "minutes": 20, "planned_starts_at": stamp(), "lanes": lanes, **late}
    return {
        "day": {**day, "state": "published"},
        "goals": [{"id": "g-1", "title": "Trygg hemgång"}],
        "kinds": {"discussion": "Samtal", "film": "Film"},
        "overruns": {"cut": "klipps den: alla går tillbaka i tid", "hold": "väntar alla på den"},
        "blocks": [
            {**block, "open": True, "locked": False},
            {**block, "block": "b3", "title": "Efter lunch", "lanes": locked, "open": True, "locked": True},
        ],
        "hidden": [{"block": "b5", "title": "Återblick", "reason": "Vi har en egen"}],
        "films": [{"film": "film-a", "title": "Hemma"}],
        "polls": [{"poll": "p-a", "title": "Vad stämmer?", "scope": "country"}],
        "places": [
            {"to": "b2/national", "block": "Regionalt", "lane": "Hela landet"}, {"to": "b2/r-norrvik", "block": "Regionalt", "lane": "N"},
        ],
        "can_undo": True,
        "errors": [{"field": "b2", "text": "Skriv en titel."}],
        "wrong": "carry:i-a@national",
        "sent": {"to": "b2/r-norrvik"},
        "saved": "",
    }  # fmt: skip


def contributors(day: dict[str, Any]) -> dict[str, Any]:
    """Somebody who is booked, and somebody whom nobody has asked; the form for a third one was wrong."""
    item = {"item": "i-a", "title": "Samtal", "at": stamp(), "open": True}
    kim = {"contributor": "c-kim", "screen_name": "Kim Ek", "role": "Vårdbiträde", "status": "booked", "contact": "kim@example.se"}
    when = {"call_time_min_before": 20, "called_at": stamp(-20), "in": [item]}
    return {
        "day": {**day, "state": "published"},
        "people": [
            {**kim, **when},
            {
                "contributor": "c-x",
                "screen_name": None,
                "role": "Jurist",
                "status": "",
                "contact": "",
                "call_time_min_before": None,
                "in": [],
            },
        ],
        "items": [{"item": "i-a", "title": "Samtal", "lane": "Hela landet"}],
        "counts": {"asked": 0, "booked": 1, "declined": 1, "left": 1},
        "statuses": {"asked": "Tillfrågad", "booked": "Bokad", "declined": "Har avböjt"},
        "left": "Inte tillfrågad",
        "handed": [handed("speaker", once=True)],
        "here_only": False,
        "errors": [{"field": "ny", "text": "Skriv en roll."}],
        "wrong": "ny",
        "sent": {"role": "", "status": "asked", "call": "20", "contact": "ring mig"},
        "saved": "",
    }


def item_to_put_right(name: str) -> dict[str, Any]:
    """An item of a region with a film that can be changed."""
    films = [{"film": "film-a", "title": "Hemma"}, {"film": "film-b", "title": "Vår egen"}]
    about = {"item": name, "title": "Trygg hemgång", "title_en": "Safe return", "lane": "r-norrvik", "lane_name": "Region Norrvik"}
    return {**about, "starts_at": stamp(), "state": "upcoming", "film": "film-a", "films": films, "locked": False, "asks": True}


def contributor(name: str, screen_name: str | None) -> dict[str, Any]:
    """Somebody who takes part."""
    return {
        "contributor": name,
        "screen_name": screen_name,
        "role": "Generaldirektör",
        "organisation": "Myndigheten",
        "scope": "Hela landet",
    }


def run() -> dict[str, Any]:
    """What the cockpit reads besides the state."""
    row = {
        "item": "a",
        "block": "b",
        "do": "open_poll",
        "what": "Vad behövs?",
        "title": "Öppna omröstningen: %(what)s",
        "at": stamp(),
        "late_s": 130,
    }
    cues = [
        {**row, "cue": name, "planned_at": stamp(), "by": "hand", "state": done, "regional": done == "next", "note": "", "lane": "national"}
        for name, done in (("c1", "done"), ("c2", "next"), ("c3", "coming"), ("c4", "passed"))
    ]
    figures = {"screens": 12, "people": 40, "named": 3, "low": 40, "high": 44}
    track = {"title": "Lärande exempel", "title_en": None, "left": 2, "hold": False, "drift_s": 130, "over_s": 90, "returns_at": stamp()}
    ways = {"national": "together", "r-norrvik": "late", "r-sundmark": "cut", "r-vastero": "held"}
    tracks = [{**track, "lane": lane, "how": how} for lane, how in ways.items()]
    told = {"after": "c1", "lane": "national", "hold": False, "drift_s": 130, "operator_auto": True}
    return {"cues": cues, "figures": figures, "run": told, "tracks": tracks}


def rehearsed() -> dict[str, Any]:
    """A rehearsal that found something."""
    at = datetime.now(UTC)
    last = {"state": "done", "percent": 100, "written_at": at, "at": at, "item": "", "people": 40, "did": {"vote": 560, "say": 7}}
    gap = {"text": "Filmen saknar undertexter: Hemma igen", "where": "Filmen", "starts_at": at, "link": "/", "mend": "Till filmerna"}
    return {"last": last, "gaps": [gap], "speeds": (20, 40, 60, 0), "most": 300, "sent": {}, "errors": []}


def of_a_region() -> dict[str, Any]:
    """A region's page in the middle of the day."""
    row = {"option": "o1", "text": "Ja", "text_en": "Yes"}
    rows = [{**row, "percent": 60}, {**row, "option": "o2", "text": "Nej", "text_en": "No", "percent": None}]
    asked = {
        "poll": "p",
        "kind": "choice",
        "title": "Vad behövs?",
        "title_en": "What is needed?",
        "open": False,
        "rows": rows,
        "whole": rows,
    }
    card = {"questions": ["Vem får veta först?"], "minutes_each": 7}
    slot = {"title": "Samtal", "title_en": None, "starts_at": datetime.now(UTC), "minutes": 25, "card": card}
    return {
        "region": {"region": "r-norrvik", "name": "Region Norrvik", "goals": [{"id": "g1", "title": "Individen"}]},
        "slots": [slot],
        "joins": "http://127.0.0.1:8000/j/482177",
        "qr": Markup("<svg></svg>"),
        "address": "http://127.0.0.1:8000/days/d1/region/abc",
        "attended": {"region": "r-norrvik", "devices": 12, "low": 20, "high": 24},
        "polls": [{**asked, "own": False, "n": 12}, {**asked, "poll": "q", "own": True, "n": None}],
        "k": 5,
    }


def questions() -> list[dict[str, Any]]:
    """One of each kind, as surveys ask them."""
    consent = {"consent": "citera", "text": "Ni får citera mig", "text_en": "You may quote me"}
    scale = {"question": "q1", "kind": "scale", "title": "Dagen?", "help": "", "steps": 5, "labels": STEPS, "dont_know": "Såg inte"}
    several = {"question": "q2", "kind": "choice", "title": "Vilka mål?", "help": "", "options": options("Ett", "Två"), "most": 2}
    yes = [{"option": "yes", "text": "Ja"}, {"option": "no", "text": "Nej"}]
    text = {"question": "q4", "kind": "text", "title": "Nästa steg?", "help": "En mening räcker.", "longest": 300, "consent": consent}
    after = {"question": "q3", "answers": ["no"], "said": [{"text": "Nej", "text_en": "No"}]}
    why = {"question": "q5", "kind": "text", "title": "Varför inte?", "help": "", "longest": 300, "after": after, "asked": True}
    section = {"title": "Om framtiden", "help": "Två frågor till."}
    again = {"question": "q3", "kind": "yesno", "title": "Igen?", "help": "", "options": yes, "section": section}
    return [scale, several, again, why, text]


def survey() -> dict[str, Any]:
    """As `polls.surveys.views.form` gives it."""
    about = {"survey": "ev", "title": "Vad tyckte du om dagen?", "intro": "Fyra frågor.", "state": "open", "mine": "none"}
    return {**about, "group_answer": True, "questions": questions(), "answers": {"q1": 4, "q2": ["a"], "q3": "no"}, "receipt": None}


def row(text: str, count: int | None, n: int) -> dict[str, Any]:
    """A row of a result in the report."""
    percent = None if count is None else round(100 * count / n)
    return {"option": text, "text": text, "text_en": text, "count": count, "percent": percent, "n": n, "base": "svar", "between": None}


def by_letter() -> dict[str, Any]:
    """What may be had by letter, after an address that is none."""
    return {"mails": {"waves": [3, 6, 12], "evaluation": True, "asked": None}, "wrong": {"of": "waves", "text": "Fel.", "address": "kim@"}}


def about_item() -> dict[str, Any]:
    """A survey about an item that is over, as in the state."""
    labels = ["Inget", "Lite", "En del", "Mycket"]
    asked = [{"question": "gav", "kind": "scale", "title": "Gav inslaget dig något?", "steps": 4, "labels": labels}]
    return {
        "survey": "ev-inslag.a",
        "of": "ev-inslag",
        "item": "a",
        "title": "Om inslaget",
        "state": "open",
        "mine": "none",
        "questions": asked,
    }


def waves() -> dict[str, Any]:
    """A question of the follow-up waves, as `polls.surveys.waves.beside` gives it."""
    share = {"percent": 60, "count": 18, "n": 30, "base": "svar", "between": (42, 75), "text": "flera gånger", "text_en": "several times"}
    none: dict[str, Any] = {"preliminary": False, "mailed": 80, "share": share, "breaks": False, "change": None, "carried": False}
    more = [{"months": 6, "change": -4}, {"months": 9, "change": 31, "carried": True}, {"months": 12, "breaks": True, "preliminary": True}]
    return {
        "question": "anvant",
        "title": "Hur ofta?",
        "title_en": "How often?",
        "waves": [{**none, "months": 3}, *({**none, **one} for one in more)],
    }


def planned() -> list[dict[str, Any]]:
    """Surveys of every standing, as `polls.surveys.views.for_staff` gives them."""
    one = {"title": "Dagen", "for_whom": "participants", "known": True, "per_item": False, "opens": "cue", "n": 12}
    times = {"opens_at": datetime.now(UTC), "closes_at": datetime.now(UTC)}
    many = [
        {**one, "survey": "a", "state": "open", "closes_at": times["closes_at"]},
        {**one, "survey": "b", "state": "draft", "opens": "date", **times, "for_whom": "followers", "mailed": 4},
        {**one, "survey": "c", "state": "closed", "for_whom": "organizers"},
        {**one, "survey": "d", "state": "draft", "opens": "after_item", "per_item": True},
        {**one, "survey": "e", "state": "draft", "known": False},
    ]
    return [{**survey, "title": f"Dagen, {survey['survey']}"} for survey in many]


def edited(day: dict[str, Any]) -> dict[str, Any]:
    """A draft with a heading, a locked question and a follow-up."""
    one = {"kind": "yesno", "version": 1, "locked": False, "required": False, "section": None, "after": []}
    said = [{"text": "Nej", "text_en": "No"}]
    return {
        "day": day,
        "survey": {"survey": "ev", "title": "Dagen", "title_en": "The day", "audience": "participants", "intro": "Kort."},
        "draft": True,
        "questions": [
            {**one, "id": "a", "title": "Kommer ni igen?", "locked": True, "required": True, "section": {"title": "Om dagen"}},
            {**one, "id": "b", "title": "Vad hindrar er?", "kind": "choice", "after": said},
        ],
        "lacks": {"b": ["title", "options"]},
        "kinds": KINDS,
        "bank": [{"id": "q", "title": "Vad vet du?", "title_en": None, "kind": "text", "version": 2, "locked": True}],
        "q": "vet",
        "can_undo": True,
        "can_be_by_cue": True,
        "wordings": {},
        "errors": [{"field": "", "text": "Skriv en fråga."}],
        "sent": {},
        "saved": "",
    }


def a_question(day: dict[str, Any]) -> dict[str, Any]:
    """A scale with statements, which follows an answer."""
    statements = [{"id": "s1", "text": "Tid"}, {"id": "s2", "text": "Teknik", "text_en": "Technology"}]
    asked = {"id": "b", "kind": "scale", "title": "Hur gick det?", "steps": 5, "labels": STEPS, "statements": statements}
    lead = {"question": "a", "title": "Kommer ni igen?", "answers": [{"answer": "no", "text": "Nej", "text_en": "No"}]}
    return {
        "day": day,
        "survey": {"survey": "ev", "title": "Dagen", "title_en": "The day"},
        "part": {"question": asked, "required": True, "after": {"question": "a", "answers": ["no"]}, "section": {"title": "Om tekniken"}},
        "kind": "scale",
        "kinds": KINDS,
        "name": "b",
        "can_follow": [lead],
        "errors": [],
    }


def rated(title: str, n: int | None, mean: float | None, region: str | None = None) -> dict[str, Any]:
    """What people thought of an item, in the report."""
    about = {"item": title, "title": title, "region": region, "preliminary": n is None, "question": "Gav det något?", "steps": 4}
    rows = [row(step, 3, 12) for step in ("Inget", "Lite", "En del", "Mycket")] if n else []
    return {**about, "n": n, "mean": mean, "between": (3.1, 3.7) if n else None, "rows": rows, "texts": ["Bra"] if n else []}


def asked_of_panel(name: str, end: str, backs: int) -> dict[str, Any]:
    """A question of the report."""
    about = {"question": name, "text": "Vem äger frågan?", "backs": backs, "people": 1, "end": end, "state": "open", "merged": False}
    about |= {"label": "Journal", "starred": True, "quotable": True, "against": 2, "by": {"person": "p1", "name": "Kim"}}
    return {**about, "answered_at": stamp() if end == "live" else None, "answer": None, "reason": "Hör inte hit", "to": None, "due": None}


def followed() -> dict[str, Any]:
    """Two needs, of which one has an action, and a goal in figures."""
    benefit = {
        "benefit": "b1",
        "what": "Färre samtal",
        "unit": "samtal",
        "assumption": "",
        "baseline": 40.0,
        "effect": -10.0,
        "value": 28.0,
    }
    benefit |= {"change": -12.0, "measured_on": datetime.now(UTC).date()}
    need = {"need": "n1", "statement": "Vi behöver se samma bild", "statement_en": "", "source": "Enkäten", "theme": "", "weight": 4}
    need |= {"goals": [], "gaps": [], "origin": "", "items": [{"item": "i1", "title": "Öppning"}], "said": ["p"], "actions": ["a1"]}
    action = {
        "action": "a1",
        "what": "Prova i två kommuner",
        "owner": "",
        "due": None,
        "stage": "trial",
        "needs": ["n1"],
        "benefits": [benefit],
    }
    figures = {"needs": 2, "answered": 1, "acted_on": 1, "actions": 1, "in_use": 0, "measured": 1}
    target = {"target": "t1", "title": "Fler kommuner", "measure": "municipalities", "count": 12, "amount": 290}
    other = {**need, "need": "n2", "statement": "Vi behöver tid", "items": [], "said": [], "actions": []}
    return {"figures": figures, "needs": [need, other], "actions": [action], "targets": [target], "days": [{}], "workplaces": []}


def report() -> dict[str, Any]:
    """The sections of the report, with withheld figures in them."""
    rows = [row("Tid", 18, 30), row("Teknik", 12, 30)]
    split = [
        {"region": "r-norrvik", "name": "Region Norrvik", "n": 12, "rows": [row("Tid", 7, 12), row("Teknik", 5, 12)]},
        {"region": "r-sundmark", "name": "Region Sundmark", "n": None, "rows": [row("Tid", None, 1), row("Teknik", None, 1)]},
    ]
    rows_later = [row("Tid", None, 20), row("Teknik", None, 20)]
    result = {"round": 1, "open": False, "n": 30, "behind": 71, "rows": rows, "regions": split, "texts": [], "themes": []}
    polls = [
        {
            "poll": "p1",
            "kind": "choice",
            "title": "Vad behövs?",
            "region": None,
            "opened_at": stamp(-9),
            "closed_at": stamp(-4),
            "rounds": [result],
        }
    ]
    top = {"percent": 90, "count": 27, "n": 30, "base": "svar", "between": (74, 97), "text": "bra eller mycket bra"}
    asked = {"question": "q1", "kind": "scale", "title": "Dagen?", "n": 30, "rows": rows, "texts": [], "regions": [], "top2": top}
    told = {
        "question": "q4",
        "kind": "text",
        "title": "Nästa steg?",
        "n": 6,
        "rows": [],
        "regions": [],
        "texts": ["Ringa"],
    }
    mended = {"at": datetime(2026, 11, 19, 9, tzinfo=UTC), "part": "q1:title", "before": "Dagn?", "after": "Dagen?", "reason": "Stavfel."}
    evaluation = {"survey": "ev", "title": "Dagen", "preliminary": True, "n": 30, "behind": 71, "corrections": [mended]}
    before = {"year": 2025, "percent": 86, "n": 20}
    attended = {"devices": 30, "joined": 33, "named": 4, "alone": 20, "groups": 6, "group_people": 41, "untold": 4, "low": 65, "high": 88}
    parts = [{"region": "r-norrvik", "name": "Region Norrvik", "devices": 12, "low": 30, "high": None}]
    quarters = [{"minute": 0, "devices": 20, "people": 50}, {"minute": 15, "devices": 30, "people": 65}]
    blocks = [
        {"block": f"b{n}", "kind": kind, "title": f"Block {n}", "title_en": None, "devices": 28, "low": 60, "about": 62, "high": 80}
        for n, kind in ((1, "common"), (2, "regional"))
    ]
    return {
        "attendance": {**attended, "group_mean": 6.8, "silent": 3, "regions": parts, "blocks": blocks, "quarters": quarters},
        "polls": polls,
        "surveys": [
            {**evaluation, "questions": [{**asked, "before": before}, told]},
            *({**evaluation, "survey": f"w{n}", "preliminary": False, "months": n, "mailed": 80, "questions": [told]} for n in (3, 6)),
            {**evaluation, "survey": "later", "title": "Dagen, i efterhand", "later": True, "questions": [asked]},
        ],
        "later": [
            {
                "poll": "p1",
                "title": "Vad behövs?",
                "region": None,
                "open": True,
                "n": 20,
                "rows": rows_later,
                "live": {"n": 30, "rows": rows},
            },
            {
                "poll": "p2",
                "title": "Hur går det?",
                "region": "Region Norrvik",
                "open": False,
                "n": None,
                "rows": [],
                "live": {"n": 8, "rows": []},
            },
        ],
        "waves": [waves()],
        "gestures": [
            {"item": "a", "title": "Öppning", "title_en": None, "region": None, "counts": {"clap": 34, "heart": 8}},
            {"item": "b", "title": "Samtal", "title_en": None, "region": "Region Norrvik", "counts": {"wonder": 2}},
        ],
        "after_items": [rated("Öppning", 12, 3.4), rated("Samtal", None, None, "Region Norrvik")],
        "questions": {
            "asked": 3,
            "ends": {"live": 1, "written": 0, "assigned": 0, "declined": 1, "withdrawn": 0, "waiting": 1},
            "all": [asked_of_panel("q1", "live", 9), asked_of_panel("q2", "declined", 2), asked_of_panel("q3", "waiting", 0)],
        },
        "followup": followed(),
        "search": {
            "q": "vem",
            "page": 2,
            "more": True,
            "n": 51,
            "said": 51,
            "questions": [asked_of_panel("q1", "live", 9)],
            "messages": [{"room": "national", "role": None, "text": "Vem vet?", "at": stamp()}],
        },
        "messages": 5,
        "writers": 2,
        "exports": [{"what": "polls", "title": "Omröstningar"}],
    }


def recording(day: dict[str, Any]) -> dict[str, Any]:
    """A recording with three polls that somebody may answer in hindsight: one answered, one wrongly, one that shows what others said."""
    card = {
        "recording": "i-hemma", "lane": "national", "kind": "item", "title": "Egen mätning hemma", "title_en": None, "state": "published",
        "begins_at": datetime.now(UTC), "due_at": datetime.now(UTC), "is_captioned": True, "clocked": False,
        "base": "/days/d1/recordings/i-hemma", "seconds": 84.0, "time": "1:24",
    }  # fmt: skip
    rows = [row("Tid", 7, 12), row("Teknik", 5, 12)]
    scale = {"kind": "scale", "steps": 5, "labels": STEPS, "options": [], "most": 1}
    asked = {
        "p1": {**poll("p1"), "mine": ["a"], "receipt": "Ab12Cd34Ef56Gh78"},
        "p2": {**poll("p2", **scale), "mine": None, "receipt": None},
    }
    moments = [
        {"at": 3.0, "time": "0:03", "kind": "poll", "poll": "p1", "title": "Vad behövs mest?", "title_en": None},
        {"at": 5.0, "time": "0:05", "kind": "result", "poll": "p1", "title": "Vad behövs mest?", "title_en": None, "n": 12, "rows": rows},
        {"at": 9.0, "time": "0:09", "kind": "poll", "poll": "p2", "title": "Stämmer det hos er?", "title_en": None},
        {"at": 12.0, "time": "0:12", "kind": "result", "poll": "p2", "title": "Stämmer det?", "title_en": None, "n": 12, "rows": rows},
    ]
    later = {"p1": {"n": 20, "rows": [row("Tid", None, 20), row("Teknik", None, 20)]}, "p2": {"n": None, "rows": []}}
    about = {"day": day, "recording": card, "chapters": [], "captions": [], "q": "", "hits": 0, "start": 0.0, "moments": moments}
    wrong = {"poll": "p2", "text": "Välj eller skriv ett svar först."}
    told = {
        "asked": asked,
        "hindsight": later,
        "surveys": [{"survey": "ev-efterhand", "title": "Vad tyckte du?", "title_en": "What did you think?"}],
    }
    return {**about, **told, "staff": False, "files": {"film.mp4": True, "sound.m4a": False}, "joined": True, "saved": "p1", "wrong": wrong}


def principal(day: dict[str, Any]) -> dict[str, Any]:
    """The report to the principal, its form open with something wrong in it."""
    document = document_of(kept(words={"assignment": "Uppdraget."}))
    made = {"version": 1, "figures": 1, "made_at": document.made_at, "name": "Anna"}
    versions = [{**made, "version": 2, "name": None}, made]
    about = {"day": day, "document": document, "versions": versions, "version": 2, "words": {"assignment": "Uppdraget."}, "saved": False}
    return {
        **about,
        "fields": FIELDS,
        "most": 4_000,
        "files": [PDF, *MAKES, ARCHIVE],
        "may_write": True,
        "errors": [{"field": "words", "text": "För lång."}],
    }


def compare(day: dict[str, Any]) -> dict[str, Any]:
    """A question over three days, its words changed before the last but one, with a region that is withheld."""
    split = [{"region": name, "name": name, "rows": rows(*counts)} for name, counts in (("Norrvik", (7, 9)), ("Sundmark", (None, None)))]
    polls = [(2024, poll_of(9, 9)), (2025, poll_of(9, 5, version=2)), (2026, poll_of(16, 9, version=2, regions=split))]
    question = asked([(a_day(year), {"polls": [one]}) for year, one in polls])[0]
    lines = compared(question, "ja")
    about = {
        "day": day,
        "questions": [{"id": "q", "title": "Vet du vem?"}],
        "question": question,
        "answers": question.answers,
        "answer": "ja",
    }
    return {**about, "top": TOP, "lines": lines, "together": together(lines)}


def mine(day: dict[str, Any]) -> dict[str, Any]:
    """What is held of somebody who wrote a great deal, and a form that was refused."""
    person, speech = RULES[Kept.PERSON], RULES[Kept.SPEECH]
    about = [
        [("Namn", "Kim Eklundsson-Bergström vid Vårdcentralen Älvkanten"), ("Gick med", datetime.now(UTC)), ("Personer vid skärmen", 6)]
    ]
    said = [[("Rum", "national"), ("Text", "Hej från Älvkanten, vi är sex stycken " * 6), ("Tid", datetime.now(UTC))]] * 3
    held = [
        {"what": person.what, "why": person.why, "until": date(2026, 12, 22), "goes": True, "tables": [table("Du på dagen", 1, about)]},
        {"what": speech.what, "why": speech.why, "until": None, "goes": True, "tables": [table("Inlägg i chatten", 31, said)]},
        {"what": "Drift", "why": "Behövs.", "until": None, "goes": False, "tables": [table("Minne av det du bad om", 3, [])]},
    ]
    return {"day": day, "held": held, "events": 1_204, "errors": [{"field": "sure", "text": "Kryssa i att du vet."}]}


def table(title: str, n: int, rows: list[Any]) -> dict[str, Any]:
    """Rows of one table, as the page of somebody's own data has them."""
    return {"title": title, "n": n, "rows": rows, "more": n > len(rows) > 0}


def persons(day: dict[str, Any]) -> dict[str, Any]:
    """Somebody was found in several parts, and nobody has said that it is sure."""
    hits = [
        {"one": "p1", "what": "Deltog i dagen", "called": "Kim Ek", "since": datetime.now(UTC)},
        {
            "one": "booking:c-1",
            "what": "Medverkar i programmet",
            "called": "kim.ek.med.en.lang.adress@vardcentralen.example.se",
            "since": None,
        },
    ]
    errors = [{"field": "sure", "text": "Kryssa i att du vet att det inte går att ångra."}]
    sent, ways = {"name": "Kim Ek", "asked": "phone"}, {"mail": "Med e-post", "phone": "På telefon"}
    return {"day": day, "hits": hits, "ways": ways, "errors": errors, "rows": 14, "looked": True, "sent": sent, "chosen": ["p1"]}


def keeping(day: dict[str, Any]) -> dict[str, Any]:
    """What is held, with something to sign, a form that was refused, a protocol that is done and one that is under way."""
    held = [
        Held(kind, rule.what, rule.why, 1_240, date(2026, 12, 22) if rule.days else None, rule.days, rule.automatic, due, mine, "§ 12")
        for kind, rule in RULES.items()
        for mine in [rule.days is not None and not rule.automatic]
        for due in [mine and kind in ("person", "speech")]
    ]
    signed = {"disposal": 2, "of": [RULES[Kept.SPEECH].what], "name": "Anna Ek", "decision": "2026/117", "signed_at": stamp()}
    protocols = [
        {**signed, "done_at": None, "held": {"chat_message": 1_240, "log": 1_500}, "removed": {"log": 500}},
        {**signed, "disposal": 1, "done_at": stamp(), "decision": "", "held": {}, "removed": {}},
    ]
    about = {"day": {**day, "state": "ended"}, "held": held, "protocols": protocols, "name_most": 60, "decision_most": 60, "saved": True}
    dates = {"earliest": date(2026, 11, 22), "latest": date(2036, 11, 22)}
    sent = {"do": "date", "kind": "speech", "until": "1999-01-01"}
    return {**about, **dates, "sent": sent, "chosen": ["person"], "errors": [{"field": "until", "text": "Välj ett datum."}]}


def integrations(day: dict[str, Any]) -> dict[str, Any]:
    """A key that was just made, one in use, one that has run out, and a form that was refused."""
    key = {"key": "k1", "label": "Region Norrviks datalager", "expires_at": stamp(9_000), "used_on": date(2026, 11, 24), "works": True}
    keys = [key, {**key, "key": "k2", "label": "x" * 60, "used_on": None, "works": False}]
    about = {"keys": keys, "days": (30, 90, 365), "label_most": 60, "address": f"https://samsyn.example/api/v1/days/{DAY}"}
    handed = {"of": "webhook", "label": "https://mottagare.example/" + "x" * 80, "secret": "whsec_" + "Ab+9/" * 9}
    errors = [{"field": "url", "text": "Adressen ska börja med https:// och leda till en server på internet."}]
    message = {"kind": "day.ended", "made_at": datetime.now(UTC), "due_at": datetime.now(UTC), "tries": 3, "status": None, "fault": ""}
    sent = [
        {**message, "delivery": "msg_1", "state": "waiting", "status": 503},
        {**message, "delivery": "msg_2", "state": "given_up", "fault": "not_allowed", "kind": "action.due"},
        {**message, "delivery": "msg_3", "state": "delivered", "status": 204, "tries": 1, "kind": "ping"},
    ]
    hook = {"webhook": "w1", "url": "https://mottagare.example/" + "x" * 80, "kinds": list(HAPPENINGS), "removed_at": None, "sent": sent}
    hooks = [hook, {**hook, "webhook": "w2", "removed_at": datetime.now(UTC), "sent": []}]
    of_hooks = {"webhooks": hooks, "kinds": HAPPENINGS, "titles": INTEGRATIONS, "states": STATES, "faults": FAULTS, "url_most": 500}
    told = {"handed": handed, "errors": errors, "sent": {"days": "365", "url": "http://10.0.0.1"}, "chosen": ["day.ended"], "saved": "ping"}
    return {"day": day, **about, **of_hooks, **told}


def captions() -> dict[str, Any]:
    """What somebody writes live, and whose turn it is."""
    said = [{"line": f"l{n}", "lane": "national", "text": f"Moderator: Rad {n} av det som sägs.", "at": stamp(n - 3)} for n in range(3)]
    turn = {"turn": "national", "writer": {"person": "a", "name": "Anna"}, "ready": {"person": "me", "name": "Kim"}, "since": stamp(-6)}
    open_line = {"line": "l9", "lane": "national", "text": "Och så", "at": stamp(), "open": True}
    return {"captions": [*said, open_line], "turns": [{**turn, "delay_ms": 2000}]}


def context(page: str) -> dict[str, Any]:
    """All that the template of *page* is given."""
    now = datetime.now(UTC)
    staff = state(
        you={**YOU, "roles": ["moderator"]},
        polls=[poll(tally={"n": 20, "behind": 20, "counts": {"a": 12, "b": 8}}), closed(), poll("p2", voting="draft")],
    )
    day = {
        **state()["day"],
        "subtitle": "En gemensam bild",
        "description": "Hela landet ser samma öppning.",
        "starts_at": now,
        "ends_at": now + timedelta(hours=1),
    }
    film = {"title": "Hemma", "seconds": 70, "url": "/f.mp4", "captions": "/f.vtt", "poster": None, "goal": "Individen"}
    parts = [{**one, "goals": ["g1"], "description": "Vad får vi dela?"} for one in state()["programme"]]
    block = {"block": "b1", "title": "Hemma hos oss", "starts": now, "ends": now + timedelta(hours=1), "items": parts}
    found: dict[str, dict[str, Any]] = {
        "start": {
            "days": [day, {**day, "state": "ended"}],
            "errors": [{"field": "code", "text": "Koden ska ha sex siffror."}],
            "day": {"day": DAY, "title": "Nationella e-hälsodagen", "title_en": "The national e-health day"},
            "regions": REGIONS,
        },
        "day": {
            "day": day,
            "programme": [{**block, "kind": "common"}, {**block, "kind": "regional"}],
            "goals": [{"id": "g1", "number": 1, "title": "Individen som medskapare"}],
            "regions": REGIONS,
            "join": True,
            "films": [film],
            "line": ribbon(parts),
            "asked": [{"survey": "needs", "title": "Vad behöver ni?", "intro": "Sex frågor."}],
        },
        "live": {
            "state": state(polls=[poll(), closed()], surveys=[about_item()]),
            "code": "RRDKPX",
            "pair_at": "samsyn.example/p",
        },
        "screen": {
            "state": state(polls=[closed(result="stage")]),
            "join_code": "482177",
            "join_address": "samsyn.example",
            "qr": qr_of("https://samsyn.example/j/482177"),
        },
        "overlay": {"state": state()},
        "panel": {"state": state(), "lane": "national"},
        "question-pages": {
            "state": staff,
            "shown": staff["questions"],
            "left": 12,
            "of": "open",
            "order": "top",
            "after": "q1",
            "lists": {"standing": ["top", "new"], "held": ["old"], "open": ["top", "new", "divided"], "done": ["new"]},
            "lane": "national",
            "looks_at": None,
        },
        "remote": {"state": staff, "lane": "national"},
        "cockpit": {"state": {**staff, **run(), "channels": CHANNELS}, "lane": "national", "words": WORDS},
        "rehearsal": {"day": day, **rehearsed()},
        "light": {
            "day": day,
            "goals": [{"id": "g1", "title": "Individen som medskapare"}],
            "films": [{"film": "f1", "title": "Hemma igen"}],
            "action": "/days/d1/light",
            "errors": [{"field": "contact", "text": "Skriv en e-postadress eller ett telefonnummer som vi når er på."}],
            "sent": {"name": "Region Fjällstrand", "goals": ["g1"]},
            "organizers": True,
            "listed": [{"region": "r-norrvik", "name": "Region Norrvik", "contact": "eva@norrvik.example"}],
            "kept": [{"link": "a", "until": datetime.now(UTC)}],
            "url": "http://127.0.0.1:8000/days/d1/light/abc",
        },
        "region": {"day": {**day, "join_code": "482177"}, **of_a_region()},
        "evaluation": {
            "state": state(),
            "survey": survey(),
            "others": [{"survey": "ev2", "title": "En till", "mine": "done"}],
            **by_letter(),
        },
        "survey-link": {"day": state()["day"], "survey": survey(), "answers": {}, "errors": [], "sent": True},
        "letters": {"day": state()["day"], "of": "surveys", "gone": False},
        "surveys": {
            "state": staff,
            "surveys": planned(),
            "may_write": True,
            "gone": [{"survey": "g", "title": "En borttagen"}],
            "copies": [{"from": "d0/ev", "title": "Förra årets", "day": "Dagen 2025", "here": False}],
        },
        "survey-edit": edited(day),
        "survey-question": a_question(day),
        "survey-preview": {"day": day, "survey": survey(), "answers": {}},
        "survey-texts": {
            "day": day,
            "survey": {"title": "Dagen", "questions": [{"title": "Vad?", "n": 5, "texts": [{"text": "Ringa", "quote": True}]}]},
        },
        "report": {"day": day, "report": report()},
        "principal": principal(day),
        "package": {"file": "#", "back": "#", "progress": {"state": "cut", "step": 0, "steps": 5, "what": ""}},
        "compare": compare(day),
        "keeping": keeping(day),
        "integrations": integrations(day),
        "mine": mine(day),
        "mine-erased": {"day": day, "rows": 14},
        "persons": persons(day),
        "kits": {
            "kits": [{**KIT, "whose": "shipped", "changed": ()}, {**KIT, "whose": "trusted", "version": 2, "changed": ("day.json#kit",)}],
            "waiting": [{**KIT, "name": "x" * 22, "whose": "unknown"}],
            "own_key": KIT["by"],
            "most_bytes": 2 << 30,
            "done": "Paketet är intaget.",
            "errors": [{"field": "", "text": "Paketet går inte att använda: a name twice."}],
            "code": "kit.tampered",
        },
        "kit-waiting": {
            "name": "x" * 22,
            "kit": {**KIT, "whose": "unknown", "key": "3f" * 32, "language": "sv", "files": 40, "megabytes": 12.3},
            "here": 1,
            "is_older": False,
            "is_here": False,
            "groups": [{"title": "Inslag", "parts": [part_of_kit("i-a"), part_of_kit("i-b", conflict=True, locked=True, chosen=False)]}],
            "n": 2,
            "conflicts": 1,
            "locks": True,
            "errors": [],
            "code": "",
        },
        "admin": {
            "days": [{**day, "join_code": "482177"}],
            "regions": [{**one, "chosen": True} for one in REGIONS],
            "errors": [{"field": "vilka", "text": "Välj minst en region."}],
            "handed": [handed("moderator", once=True)],
            "roles": TITLES,
            "here_only": "http://127.0.0.1:8000",
        },
        "build": {
            "day": {**day, "join_code": "482177", "state": "published"},
            "regions": [{**one, "items": 2} for one in REGIONS],
            "checks": [
                Check(ok=True, text="Program", state="klart"),
                Check(ok=False, text="Filmer", state="packas", link="/"),
                Check(ok=False, text="Moderatorn har öppnat sin länk", state="kvar", what="Skapa en länk och skicka den.", link="#lankar"),
                Check(ok=False, text="Omröstningar utan fråga: 1", state="måste rättas", what="Hämta en fråga.", link="/", stops=True),
            ],
            "handed": [handed("moderator", once=True), handed("captioner", once=True)],
            "always": [handed("participant")],
            "kept": [
                {"link": "a", "title": "Moderator, Kim", "state": "used", "until": stamp(9_000), "used_at": stamp(), "mine": False},
                {"link": "b", "title": "Skrivtolk", "state": "open", "until": stamp(9_000), "used_at": None, "mine": False},
                {"link": "c", "title": "Arrangör", "state": "expired", "until": stamp(), "used_at": None, "mine": True},
            ],
            "roles": TITLES,
            "here_only": "http://127.0.0.1:8000",
            "is_admin": True,
        },
        "begin": {
            "day": {**day, "join_code": "482177", "planned_starts_at": stamp(600)},
            "begins_at": stamp(),
            "at_once": True,
            "left": [Check(ok=False, text="Moderatorn har öppnat sin länk", state="kvar")],
        },
        "programme-forms": {
            "day": {**day, "state": "published"},
            "begins": "09:00",
            "blocks": [{"block": {**block, "kind": "regional", "starts_at": stamp()}, "items": [item_to_put_right("i-a@r-norrvik")]}],
            "contributors": [contributor("c-gd", "Tor Eklövsberg"), contributor("c-host", None)],
            "errors": [{"field": "contributor-c-gd", "text": "Skriv en roll."}],
            "asks_past": True,
            "sent": {"name": "Tor", "role": ""},
            "saved": "",
            "wrong": "contributor-c-gd",
        },
        "timeline": timeline(day),
        "schedule": {
            "day": day,
            "read": True,
            "file": "<schedule/>",
            "kinds": {"lecture": "Föreläsning"},
            "most": 1_000_000,
            "unknown": ["persons"],
            "missing": [{"title": "Fika"}],
            "changed": [
                {
                    "code": "x1",
                    "title": "Hemma",
                    "how": "changed",
                    "fields": [{"name": "title", "was": "Borta", "now": "Hemma"}, {"name": "minutes", "was": 10, "now": 12}],
                },
                {"code": "x2", "title": "Eget", "how": "new", "kind": "lecture", "minutes": 10, "block": "Passet", "why_not": "room"},
            ],
        },
        "contributors": contributors(day),
        "organizers": {
            "day": day,
            "kit": {"kit": "kit-a", "version": 2, "title": "Nationell dag", "licence": "CC BY 4.0"},
            "kit_url": "/days/d/kit.zip",
            "kit_taken": 1_204,
            "shares": [{"name": "Hela landet", "file": "national.png", "url": "/days/d/share/national.png", "taken": 2}],
            "texts": [{"name": "invitation", "title": "Inbjudan", "kind": "brev", "url": "/days/d/material/invitation", "taken": 3}],
            "checklists": [{"name": "list", "title": "Före dagen", "kind": "checklista", "url": "/days/d/material/list", "taken": 0}],
            "films": [{**FILM_HOME, "seconds": 80.4, "licence": "CC BY 4.0", "url": "/days/d/library/f", "has_text": True}],
            "counts": {"polls": 3, "blocks": 2, "items": 4},
        },
        "library": {"day": day, "films": [film], "can_upload": True},
        "recording": recording(day),
        "captions": {"state": {**staff, **captions()}, "lane": "national", "looks_at": None, "most": 200, "row": 37},
        "text": {"state": {**state(), **captions()}, "lane": "national", "looks_at": None, "follows": True},
        "invite": {"role": "moderator", "day": {"title": "Dagen"}},
        "pair": {"day": {"day": DAY, "title": "Dagen"}, "known": False, "error": "Fel kod.", "values": {"code": "RRDKPX"}},
        "error": {"status": 404, "title": "Sidan finns inte", "text": "Adressen kan vara felskriven.", "code": "page.no_such"},
    }
    request = SimpleNamespace(url=SimpleNamespace(path=f"/{page}"), query_params={})
    return {"request": request, "viewer": YOU, "now": now, "new_wish": lambda: "w1", **found.get(page, {})}
