"""Who takes part: persons, roles, sessions, links, how many sit behind each screen, which phones are theirs, and how many took part.

Verbs: People.join, set, leave, make_link, withdraw_link, renew_link, use_link, enter, attend, erase;
Phones.new_code, pair, unpair.
Facts: PersonChanged, PersonLeft, PersonErased.
Stands on: core.   Known by: the programme, the features, web.
"""

from conference.people.beats import Beat
from conference.people.blocks import Span
from conference.people.events import PersonChanged, PersonErased, PersonLeft
from conference.people.phones import Phones
from conference.people.rules import CONTRIBUTOR, INSTALLATION, NATIONAL, STAFF, About, Role, Terms, token_hash
from conference.people.service import People
from conference.people.views import LinkSeen, SignedIn

__all__ = [
    "CONTRIBUTOR",
    "INSTALLATION",
    "NATIONAL",
    "STAFF",
    "About",
    "Beat",
    "LinkSeen",
    "People",
    "PersonChanged",
    "PersonErased",
    "PersonLeft",
    "Phones",
    "Role",
    "SignedIn",
    "Span",
    "Terms",
    "token_hash",
]
