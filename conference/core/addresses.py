"""Addresses that letters can be sent to."""

from __future__ import annotations

import re
from typing import Final

from conference.core.errors import Refused, _

ADDRESS_MOST: Final = 254  # characters (RFC 5321)
ENCODED: Final = "=?"  # begins an encoded word (RFC 2047): who reads the header makes another address of it
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def checked(address: str) -> str:
    """The address without the space around it.

    Raises:
        Refused: ``address.wrong``.
    """
    address = address.strip()
    if len(address) > ADDRESS_MOST or not address.isascii() or not _ADDRESS.fullmatch(address) or ENCODED in address:
        raise Refused("address.wrong", _("Adressen ser inte ut som en e-postadress."))
    return address
