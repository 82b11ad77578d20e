"""Links to hand out: what each is for, how long it works, and how it is drawn."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import CONTRIBUTOR, INSTALLATION, NATIONAL, People, Role, Terms

ADMIN: Final = "admin"
ADMIN_WORKS: Final = timedelta(minutes=15)  # it opens everything, and is used at once by whoever made it
ROLE_WORKS: Final = timedelta(days=90)  # days are prepared in weeks, and invitations lie in mailboxes
TITLES: Final = {
    Role.ORGANIZER.value: _("Arrangör"),
    Role.MODERATOR.value: _("Moderator"),
    Role.SPEAKER.value: _("Medverkande"),
    Role.CAPTIONER.value: _("Skrivtolk"),
    Role.SCREEN.value: _("Storbild"),
}
"""What can be handed out for a day, in the order in which it is needed."""


@dataclass(frozen=True)
class Wanted:
    """A link that somebody wants.

    Attributes:
        role: one of `TITLES`, or `ADMIN`.
        name: what whoever uses it is called from the start.
        lane: the region where whoever uses it belongs; empty or ``national`` for the country.
        contributor: as whom of the programme whoever uses it takes part.
    """

    role: str
    name: str = ""
    lane: str = ""
    contributor: str = ""

    @property
    def note(self) -> dict[str, str]:
        """What the audit chain says of it; the name is nobody's business there."""
        return {"role": self.role} | ({"lane": self.lane} if self.lane and self.role != ADMIN else {})

    def terms(self, now: datetime) -> Terms:
        """On which terms it is made.

        Raises:
            Refused: ``wire.wrong_args``; an organizer has the whole day before them, so that no link makes one for a region.
        """
        if self.role == ADMIN:
            return Terms("admin", frozenset({Role.ORGANIZER.value}), expires_at=now + ADMIN_WORKS, note=ADMIN)
        if self.role not in TITLES:
            raise Refused("wire.wrong_args", _("Välj en roll i listan."))
        region = self.lane if self.lane != NATIONAL else ""
        if region and self.role == Role.ORGANIZER.value:
            raise Refused("wire.wrong_args", _("En organisatör ser hela dagen. Välj Hela landet, eller rollen moderator för en region."))
        return Terms(
            "mail",
            frozenset({self.role}),
            expires_at=now + ROLE_WORKS,
            name=self.name.strip() or None,
            region=region or None,
            note=f"{CONTRIBUTOR}{self.contributor}" if self.contributor else self.role,
        )


@dataclass(frozen=True)
class Handed:
    """A link as it is shown to whoever hands it out.

    Attributes:
        title: whom it is for; a msgid.
        until: when it stops working; ``None`` when it works for as long as the day.
        once: it signs in one person, and is shown this once.
        lane: the region where whoever uses it belongs.
    """

    role: str
    title: str
    url: str
    until: datetime | None = None
    once: bool = False
    name: str = ""
    lane: str = ""

    @property
    def qr(self) -> Markup:
        """For telephones."""
        return qr_of(self.url)


async def make(people: People, by: Actor, wanted: Wanted, origin: str, now: datetime) -> Handed:
    """Make a link for the day of *by*, or for an admin.

    Raises:
        Refused: ``wire.wrong_args``, ``region.no_such``, ``text.too_long``.
    """
    terms = wanted.terms(now)
    done = await people.make_link(by, terms)
    assert done.data
    return one_use(wanted.role, str(done.data["token"]), origin, terms)


def one_use(role: str, token: str, origin: str, terms: Terms) -> Handed:
    """A link that signs in once."""
    title = TITLES.get(role, _("Administratör"))
    return Handed(role, title, f"{origin}/invite/{token}", terms.expires_at, once=True, name=terms.name or "", lane=terms.region or "")


def for_participants(origin: str, join_code: str) -> Handed:
    """The way in for everybody."""
    return Handed("participant", _("Deltagare"), f"{origin}/j/{join_code}")


def day_of(role: str, day: str) -> str:
    """The day that a link of a role is made for."""
    return INSTALLATION if role == ADMIN else day


def qr_of(address: str) -> Markup:
    """A QR code as inline SVG, without style attributes."""
    svg = segno.make(address, error="m").svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(svg)  # noqa: S704  # drawn by segno from an address of ours: squares


def is_here_only(origin: str) -> bool:
    """Whether an address works on this computer alone, so that a link to it is of no use to anybody else."""
    host = urlsplit(origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
