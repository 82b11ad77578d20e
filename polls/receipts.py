"""The answer to a wish of voting, remembered so that asking again gives the same receipt, and nobody can follow it to a ballot.

What is asked comes under the session's secret, which the voter's browser alone has. A row holds a hash of the wish and the receipt
masked by the wish itself: without the wish in hand it is noise. So it does not matter that rows may lie in the order of asking.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.core.rows import Values

RECEIPT_BYTES = 12  # 16 characters that one can read out


@dataclass(frozen=True)
class Once:
    """A wish that is answered once.

    Attributes:
        wish, body: its id and what was asked, both as an HMAC under the session's secret.
    """

    day: str
    wish: str
    body: str

    @classmethod
    def of(cls, by: Actor) -> Once | None:
        """The wish that *by* brings; ``None`` when its answer is not remembered."""
        return cls(by.day, by.asked.wish, by.asked.body) if by.asked else None

    @cached_property
    def key(self) -> tuple[str, str]:
        """Where its answer lies."""
        return self.day, hashlib.sha256(self.wish.encode()).hexdigest()

    def recalled(self, earlier: Values) -> Done:
        """The answer given before, from its row.

        Raises:
            Refused: ``wish.id_reused``.
        """
        if earlier["body"] != self.body:
            raise Refused("wish.id_reused", _("Samma id har redan använts för något annat."))
        return done(self._masked(bytes.fromhex(earlier["receipt"])).decode())

    def remembered(self, receipt: str | None) -> Values:
        """The row of a `polls.tables.VoteAnswer`."""
        day, memory = self.key
        return {"day": day, "memory": memory, "body": self.body, "receipt": self._masked((receipt or "").encode()).hex()}

    def _masked(self, text: bytes) -> bytes:
        """There and back: the mask is as long as 32 characters, a receipt has 16."""
        mask = hmac.digest(self.wish.encode(), b"receipt", "sha256")[: len(text)]
        return (int.from_bytes(text) ^ int.from_bytes(mask)).to_bytes(len(text))


def done(receipt: str | None) -> Done:
    """The answer itself: the receipt, or nothing when a ballot was taken out."""
    return Done(data={"receipt": receipt} if receipt else {})
