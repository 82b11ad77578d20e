"""Where webhooks may lead, what is sent, and what follows from an answer. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec

from conference.core.errors import Refused, _
from conference.followup.webhooks.events import WebhookMade
from conference.followup.webhooks.tables import Delivery, Webhook

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

DAY_ENDED, SURVEY_CLOSED, REPORT_READY, ACTION_DUE, PING = "day.ended", "survey.closed", "report.ready", "action.due", "ping"
KINDS: Final = (DAY_ENDED, SURVEY_CLOSED, REPORT_READY, ACTION_DUE)
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"
FAULTS: Final = ("timeout", "no_answer", "not_allowed", "full")
"""Why a try had no answer: too slow, no line, an address where nothing is sent, or too many waiting already."""
GONE: Final = 410  # the receiver is no more: by the specification nothing is sent there again
WEBHOOKS_MOST: Final = 10  # a day; each is a system that somebody looks after
PATIENCE: Final = timedelta(minutes=1)  # longer than a try takes: until then no other process makes one
QUEUE_MOST: Final = 500  # waiting for one webhook: a day has some dozens; more wait for nobody and are given up at once
URL_MOST: Final = 500  # characters
TRIES_MOST: Final = 13
FIRST_AGAIN: Final = timedelta(seconds=5)
LAST_AGAIN: Final = timedelta(hours=24)
GROWTH: Final = 4  # 5 s, 20 s, 80 s … 6 h, then a day between: given up after some five days, so that a weekend is survived
JITTER: Final = 0.2  # of each wait, so that those that failed together do not come back together
KEPT: Final = timedelta(days=30)  # what was sent or given up; the list is for finding out what went wrong
LATE: Final = timedelta(days=7)  # how long after its date an action is still told of, had nobody been there to tell
_TUNNELS: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Addresses of IPv6 that lead to one of IPv4 inside them, which nobody has looked at."""


def reachable(address: str, inside: Collection[Network]) -> bool:
    """Whether something may be sent to an address: one of the open internet, or of a network that the installation names.

    Args:
        inside: those networks.
    """
    if within(address, inside):
        return True
    found = _read(address)
    return found.is_global and not (found.is_multicast or found.is_reserved or within(address, _TUNNELS))


def within(address: str, networks: Collection[Network]) -> bool:
    """Whether an address is of one of some networks."""
    found = _read(address)
    return any(found.version == network.version and found in network for network in networks)


def _read(address: str) -> Address:
    told = ipaddress.ip_address(address.partition("%")[0])
    return (told.ipv4_mapped or told) if isinstance(told, ipaddress.IPv6Address) else told


def address(text: str, inside: Collection[Network]) -> str:
    """Where a webhook leads. What its name stands for is looked at each time something is sent.

    Raises:
        Refused: ``webhook.wrong_address``.
    """
    wrong = Refused("webhook.wrong_address", _("Adressen ska börja med https:// och leda till en server på internet."))
    text = text.strip()
    if not text or len(text) > URL_MOST or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise wrong
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    schemes = ("https", "http") if inside else ("https",)
    if parts.scheme not in schemes or not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise wrong
    if _is_address(host) and not reachable(host, inside):
        raise wrong
    return text


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def make(day: str, webhook: str, kinds: Collection[str], there: Sequence[Webhook], *, at: datetime) -> WebhookMade:
    """A new webhook.

    Args:
        there: those of the day.

    Raises:
        Refused: ``webhook.no_kind`` or ``webhook.too_many``.
    """
    chosen = [kind for kind in KINDS if kind in kinds]
    if not chosen:
        raise Refused("webhook.no_kind", _("Välj minst en händelse."))
    if sum(one.removed_at is None for one in there) >= WEBHOOKS_MOST:
        raise Refused("webhook.too_many", _("Dagen har redan %(most)s webhookar. Ta bort en som inte används."), most=WEBHOOKS_MOST)
    return WebhookMade(day=day, at=at, webhook=webhook, kinds=chosen)


def there(webhook: Webhook | None) -> Webhook:
    """The webhook, when it is told anything.

    Raises:
        Refused: ``webhook.no_such``.
    """
    if webhook is None or webhook.removed_at is not None:
        raise Refused("webhook.no_such", _("Det finns ingen sådan webhook."))
    return webhook


def message_id(*what: str) -> str:
    """The id of a message: the same for the same webhook and occurrence, whichever process makes it, and however often."""
    return "msg_" + hashlib.sha256("\0".join(what).encode()).hexdigest()[:32]


def body(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """What is sent: what has happened, when, and where to read of it; no figure, no word, no person."""
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data}).decode()


def wait(delivery: str, tries: int) -> timedelta:
    """How long until the next try.

    Args:
        delivery: from its id comes by how much, so that a rule needs no chance.
        tries: that have failed; from 1.
    """
    share = int(hashlib.sha256(f"{delivery}.{tries}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    seconds = min(FIRST_AGAIN.total_seconds() * GROWTH ** (tries - 1), LAST_AGAIN.total_seconds())
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * share))


def after(one: Delivery, status: int | None, fault: str, *, at: datetime) -> Delivery:
    """A message after a try.

    Args:
        one: as it was claimed: its tries count this one.
        status: of the answer; ``None`` without one.
        fault: then why.
    """
    is_last = status == GONE or one.tries >= TRIES_MOST
    state = DELIVERED if status is not None and 200 <= status < 300 else GIVEN_UP if is_last else WAITING
    due = at + wait(one.delivery, one.tries)
    return one.model_copy(update={"state": state, "status": status, "fault": fault, "tried_at": at, "due_at": due})
