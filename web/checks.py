"""What is ready before a day and what is not: every line is read from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.library import Film
from conference.people import Role
from conference.people import views as people
from conference.rundown.tables import Cue
from conference.tables import Day, Item
from conference.views import Landing
from polls.tables import Poll
from web.links import is_here_only

DONE: Final = _("klart")
LEFT: Final = _("kvar")


@dataclass(frozen=True)
class Check:
    """One line.

    Attributes:
        ok: nothing is left to do about it.
        state: how it stands, in a word or two.
        link: where one does something about it.
    """

    ok: bool
    text: str
    state: str
    link: str = ""


async def of_day(session: AsyncSession, found: Landing, viewer: str, origin: str, text: Callable[..., str]) -> list[Check]:
    """All lines of a day, in the order in which things are done.

    Args:
        viewer: the person who looks.
        origin: our address, as whoever looks knows it.
        text: translates.
    """
    day = found.day
    items = (await session.exec(select(func.count()).select_from(Item).where(Item.day == day.day))).one()
    polls = (await session.exec(select(func.count()).select_from(Poll).where(Poll.day == day.day))).one()
    films = await _films(session, day.day)
    links = await people.links(session, day.day, viewer)
    moderated = any(Role.MODERATOR.value in link.roles and link.used_at for link in links)
    return [
        _line(text, items > 0, text(_("%(n)s inslag i programmet"), n=items), link=f"/days/{day.day}/build/programme"),
        _line(text, polls > 0, text(_("Omröstningar förberedda: %(n)s"), n=polls)),
        _line(text, bool(found.regions), text(_("Regioner: %(n)s"), n=len(found.regions))),
        _line(text, len(day.join_code) > 0, text(_("Kod att gå med med"))),
        *_of_films(text, day, films),
        _line(text, not is_here_only(origin), text(_("Andra kan nå adressen"))),
        _line(text, moderated, text(_("Moderatorn har öppnat sin länk")), link="#lankar"),
        _line(text, day.state != "draft", text(_("Dagen publicerad"))),
        _line(text, day.state in ("live", "ended"), text(_("Dagen startad"))),
    ]


def left(checks: Sequence[Check]) -> list[Check]:
    """What somebody should know who is about to start: not that it is not started."""
    return [check for check in checks[:-2] if not check.ok]


def _of_films(text: Callable[..., str], day: Day, films: Sequence[Film]) -> list[Check]:
    """Whether what will be played can be, and can be followed without sound."""
    ready = sum(film.state == "ready" for film in films)
    refused = any(film.state == "refused" or not film.file for film in films)
    state = text(_("en går inte att visa")) if refused else text(DONE if ready == len(films) else _("packas"))
    captions = sum(bool(film.captions) for film in films)
    library = f"/days/{day.day}/library"
    return [
        Check(ready == len(films), text(_("Filmer packade: %(n)s av %(all)s"), n=ready, all=len(films)), state, library),
        _line(text, captions == len(films), text(_("Filmer med undertexter: %(n)s av %(all)s"), n=captions, all=len(films)), link=library),
    ]


async def _films(session: AsyncSession, day: str) -> list[Film]:
    """The films that the run-of-show plays."""
    cues = await session.exec(select(Cue.args).where(Cue.day == day, Cue.do == "play_film"))
    names = {str(args.get("film")) for args in cues}
    return list(await session.exec(select(Film).where(Film.day == day, col(Film.film).in_(names))))


def _line(text: Callable[..., str], ok: bool, says: str, *, link: str = "") -> Check:
    return Check(ok, says, text(DONE if ok else LEFT), "" if ok else link)
