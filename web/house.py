"""The house as one value: the machinery and the services of all features. Only `web.bootstrap` builds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chat import Announcements, Chat, Moderation
from chat.backstage import Backstage
from chat.gestures import Gestures
from chat.questions import Letters, Questions
from conference import Programme
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store
from conference.followup import Comparison, Exports, Followup, Owners, Reminders, Report
from conference.followup.integrations import Integrations
from conference.followup.keeping import Keeping
from conference.followup.reports import Reports
from conference.followup.webhooks import Outbox, Webhooks
from conference.library import Library, Shelf
from conference.people import People, Phones
from conference.rundown import Bookings, Builder, Corrections, Regions, Rundown
from polls import Bank, Grouping, Moderating, Polls
from polls.ballots import Box
from polls.later import Later
from polls.surveys import SurveyEditor, SurveyLetters, Surveys
from streaming import Following, Lanes, MediaClient, Origin, Packing
from streaming.captioning import Captioning
from streaming.recordings import Archive, Recordings, Workshop
from streaming.studio import Booth, Keys, Studio
from web.arrivals import Arrivals
from web.erasing import Eraser
from web.floor import Floor
from web.names import Names
from web.packages import Packages
from web.presence import Presence
from web.press import Press
from web.rehearsal.starting import Rehearsals
from web.settings import Settings


@dataclass(eq=False)
class Machine:
    """What every house has, however few its features.

    Attributes:
        addresses: paths of all routes, with their places: ``/days/{day}/live``.
    """

    floor: Floor
    settings: Settings
    clock: Clock
    ids: Ids
    store: Store
    people: People
    addresses: frozenset[str]

    @property
    def names(self) -> Names:
        """How people are called."""
        return self.floor.stage.names


@dataclass(eq=False)
class House(Machine):
    """What an endpoint finds its feature in."""

    phones: Phones
    programme: Programme
    rundown: Rundown
    corrections: Corrections
    bookings: Bookings
    builder: Builder
    regions: Regions
    library: Library
    shelf: Shelf
    arrivals: Arrivals
    polls: Polls
    sorting: Moderating
    grouping: Grouping
    bank: Bank
    later: Later
    surveys: Surveys
    survey_editor: SurveyEditor
    survey_letters: SurveyLetters
    chat: Chat
    moderation: Moderation
    announcements: Announcements
    backstage: Backstage
    gestures: Gestures
    questions: Questions
    letters: Letters
    lanes: Lanes
    captioning: Captioning
    studio: Studio
    keys: Keys
    booth: Booth
    media: MediaClient
    origin: Origin
    following: Following
    packing: Packing
    archive: Archive
    recordings: Recordings
    workshop: Workshop
    followup: Followup
    owners: Owners
    reminders: Reminders
    report: Report
    readings: Mapping[str, Report]
    regional: Report
    exports: Exports
    reports: Reports
    comparison: Comparison
    keeping: Keeping
    eraser: Eraser
    integrations: Integrations
    webhooks: Webhooks
    outbox: Outbox
    press: Press
    packages: Packages
    box: Box
    presence: Presence
    rehearsals: Rehearsals
