"""Out to others: keys by which a program of somebody else reads the figures of one day.

Verbs: Integrations.make_key, revoke_key, note_used.   Facts: KeyMade, KeyRevoked.
Stands on: the programme, core.   Known by: web.
"""

from conference.followup.integrations.service import Integrations

__all__ = ["Integrations"]
