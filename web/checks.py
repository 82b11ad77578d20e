"""What is ready before a day and what is not: every line is read from what is stored.

What stands in the way of publishing is an error; what may be left is a warning, and what belongs to the day itself waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import Refused, _
from conference.library import Film
from conference.people import Role
from conference.people.tables import Link
from conference.rundown.booking import counts
from conference.tables import Booking
from conference.views import Landing
from web.gaps import Gap, Prepared, gaps, read
from web.links import is_here_only
from web.rehearsal.progress import Progress

DONE: Final = _("klart")
LEFT: Final = _("kvar")
STOPS: Final = _("måste rättas")

Text = Callable[..., str]


@dataclass(frozen=True)
class Check:
    """One line.

    Attributes:
        ok: nothing is left to do about it.
        state: how it stands, in a word or two.
        what: what to do about it; nothing when it is done.
        link: where one does it.
        stops: the day is not published before it is done.
        later: it belongs to the day itself, and is left while the day is prepared.
    """

    ok: bool
    text: str
    state: str
    what: str = ""
    link: str = ""
    stops: bool = False
    later: bool = False


@dataclass(frozen=True)
class Asked:
    """What the lines are about.

    Attributes:
        origin: our address, as whoever looks knows it.
        text: translates.
        now: of the clock.
        rehearsed: the rehearsal that was played last.
    """

    found: Landing
    origin: str
    text: Text
    now: datetime
    rehearsed: Progress | None = None


@dataclass(frozen=True)
class _Day:
    """A day's rows, and who has come by which links."""

    asked: Asked
    prepared: Prepared
    gaps: Sequence[Gap]
    used: frozenset[str]
    handed: frozenset[str]
    bookings: dict[str, Booking]

    @property
    def at(self) -> str:
        return f"/days/{self.asked.found.day.day}"

    def line(self, ok: bool, says: str, what: str = "", link: str = "", **more: Any) -> Check:
        """A line; what to do and where only while it is left."""
        text = self.asked.text
        state = text(DONE if ok else STOPS if more.get("stops") else LEFT)
        return Check(
            ok, says, state, "" if ok else what, "" if ok else link, stops=bool(more.get("stops")) and not ok, later=bool(more.get("later"))
        )

    def lacks(self, kind: str) -> list[Gap]:
        return [gap for gap in self.gaps if gap.kind == kind]


async def of_day(session: AsyncSession, asked: Asked) -> list[Check]:
    """All lines of a day, in the order in which things are done."""
    day = await _read(session, asked)
    return [*_programme(day), *_films(day), *_people(day), *_access(day), *_place(day)]


def left(checks: Sequence[Check]) -> list[Check]:
    """What somebody should know who is about to start: not that it is not started."""
    return [check for check in checks if not check.ok and not check.later]


def must_be_ready(checks: Sequence[Check]) -> None:
    """Refuse to publish a day that is not ready; what is only left over does not stop it.

    Raises:
        Refused: ``day.not_ready``.
    """
    wrong = [check.text for check in checks if check.stops]
    if wrong:
        raise Refused("day.not_ready", _("Dagen kan inte publiceras än. Rätta först: %(what)s"), what="; ".join(wrong))


async def _read(session: AsyncSession, asked: Asked) -> _Day:
    name = asked.found.day.day
    prepared = await read(session, name)
    links = list(await session.exec(select(Link).where(Link.day == name, col(Link.withdrawn_at).is_(None))))
    bookings = {one.contributor: one for one in await session.exec(select(Booking).where(Booking.day == name))}
    used = frozenset(role for link in links if link.used_at for role in link.roles)
    return _Day(asked, prepared, gaps(prepared), used, frozenset(role for link in links for role in link.roles), bookings)


def _programme(day: _Day) -> list[Check]:
    text, items, unasked = day.asked.text, len(day.prepared.items), day.lacks("poll")
    asking = len(day.prepared.polls)
    polls = text(_("Omröstningar förberedda: %(n)s"), n=asking)
    if unasked:
        polls = text(_("Omröstningar utan fråga: %(n)s"), n=len(unasked))
    overruns = len(day.lacks("overrun"))
    times = text(_("Tiderna räcker")) if not overruns else text(_("Inslag där tiden inte räcker: %(n)s"), n=overruns)
    into = text(_("Lägg in minst ett inslag."))
    bank = text(_("Hämta en fråga ur frågebanken, eller ta bort inslaget som frågar."))
    longer = text(_("Gör inslaget längre, eller välj en kortare film. Repetitionen säger vilka det är."))
    return [
        day.line(items > 0, text(_("%(n)s inslag i programmet"), n=items), into, f"{day.at}/build/timeline", stops=True),
        day.line(asking > 0 and not unasked, polls, bank, f"{day.at}/build/bank", stops=bool(unasked)),
        day.line(not overruns, times, longer, f"{day.at}/rehearsal"),
        day.line(
            bool(day.prepared.regions),
            text(_("Regioner: %(n)s"), n=len(day.prepared.regions)),
            text(_("Anmäl en region.")),
            f"{day.at}/light",
        ),
    ]


def _films(day: _Day) -> list[Check]:
    """Whether what will be played can be, and can be followed without sound."""
    text = day.asked.text
    played = {str(cue.args.get("film")) for cue in day.prepared.cues if cue.do == "play_film"}
    films = [film for name, film in day.prepared.films.items() if name in played]
    ready, captions = sum(film.state == "ready" for film in films), sum(bool(film.captions or film.webvtt) for film in films)
    says = text(_("Filmer packade: %(n)s av %(all)s"), n=ready, all=len(played))
    broken = len(played) > len(films) or any(_is_broken(film) for film in films)
    what = text(_("Byt film i inslaget, eller ladda upp filmen igen."))
    if not broken:
        packed = Check(
            ready == len(films),
            says,
            text(DONE if ready == len(films) else _("packas")),
            link="" if ready == len(films) else f"{day.at}/library",
        )
    else:
        packed = Check(
            ok=False, text=says, state=text(_("en går inte att visa")), what=what, link=f"{day.at}/build/programme#inslag", stops=True
        )
    words = text(_("Filmer med undertexter: %(n)s av %(all)s"), n=captions, all=len(played))
    give = text(_("Ladda upp undertexter till filmen, som .vtt eller .srt."))
    return [packed, day.line(captions == len(played), words, give, f"{day.at}/library")]


def _is_broken(film: Film) -> bool:
    return film.state == "refused" or not film.file


def _people(day: _Day) -> list[Check]:
    text = day.asked.text
    busy = [name for name in day.prepared.people if any(name in item.contributors for item in day.prepared.items.values())]
    stand = counts(busy, day.bookings)
    reached = sum(bool(day.bookings[name].contact) for name in busy if name in day.bookings)
    booked = text(_("Medverkande bokade: %(n)s av %(all)s"), n=stand["booked"], all=len(busy))
    contact = text(_("Kontakt till medverkande: %(n)s av %(all)s"), n=reached, all=len(busy))
    people = f"{day.at}/build/contributors"
    alone = len(day.lacks("moderator"))
    regional = text(_("Regionernas moderatorer")) if not alone else text(_("Regioner utan moderator: %(n)s"), n=alone)
    replace = text(_("Fråga de som är kvar, eller ersätt den som har avböjt."))
    reach = text(_("Skriv en e-postadress eller ett telefonnummer till var och en."))
    hand = text(_("Skapa en länk och skicka den. Raden blir klar när länken har öppnats."))
    give = text(_("Skapa en länk för moderatorn i regionen."))
    return [
        day.line(stand["booked"] == len(busy), booked, replace, people),
        day.line(reached == len(busy), contact, reach, people),
        day.line(Role.MODERATOR in day.used, text(_("Moderatorn har öppnat sin länk")), hand, "#lankar"),
        day.line(not alone, regional, give, "#lankar"),
    ]


def _access(day: _Day) -> list[Check]:
    text, checks, last = day.asked.text, len(day.lacks("tech_check")), day.asked.rehearsed
    tried = text(_("Teknikkontroll bestämd för alla")) if not checks else text(_("Medverkande utan teknikkontroll: %(n)s"), n=checks)
    played = last is not None and last.state == "done"
    rehearsed = text(_("Dagen repeterad"))
    if played and last and last.gaps:
        rehearsed = text(_("Dagen repeterad, luckor: %(n)s"), n=len(last.gaps))
    hand = text(_("Skapa en länk för skrivtolken, så blir det som sägs text i direktsändningen."))
    play = text(_("Spela hela dagen på några minuter och åtgärda luckorna."))
    return [
        day.line(Role.CAPTIONER in day.handed, text(_("Tillgänglighet: skrivtolk har en länk")), hand, "#lankar"),
        day.line(not checks, tried, text(_("Bestäm en tid och skriv upp den.")), f"{day.at}/build/contributors"),
        day.line(played and last is not None and not last.gaps, rehearsed, play, f"{day.at}/rehearsal"),
    ]


def _place(day: _Day) -> list[Check]:
    text, row = day.asked.text, day.asked.found.day
    ahead, past = row.state in {"draft", "published"}, row.planned_ends_at <= day.asked.now
    when = text(_("Dagen ligger i det förflutna")) if past else text(_("Dagen ligger framåt i tiden"))
    address = text(_("Sätt SAMSYN_BASE_URL till en adress som andra når."))
    move = text(_("Välj ett annat datum."))
    return [
        *([day.line(not past, when, move, f"{day.at}/build/programme#begin")] if ahead else []),
        day.line(not is_here_only(day.asked.origin), text(_("Andra kan nå adressen")), address),
        day.line(row.state != "draft", text(_("Dagen publicerad")), later=True),
        day.line(row.state in {"live", "ended"}, text(_("Dagen startad")), later=True),
    ]
