"""Keeping and letting go: how long each kind of data of a day is held, and the signed protocol without which nothing is deleted.

Verbs: Keeping.set_date, may_sign, sign, dispose, sweep.   Facts: DateSet, DisposalSigned, DataDisposed.
Own-named room: schema, what is deleted or emptied in which table, read from what the columns say they hold.
Stands on: the report of a day, core and the programme.   Known by: polls, chat, web.
"""

from conference.followup.keeping.events import DataDisposed, DateSet, DisposalSigned
from conference.followup.keeping.service import Keeping, Signature, is_let_go

__all__ = ["DataDisposed", "DateSet", "DisposalSigned", "Keeping", "Signature", "is_let_go"]
