"""The services of all features, put together: by the names that they have in the house."""

from __future__ import annotations

from functools import partial
from typing import Any

from chat import Announcements, Chat, Moderation
from chat import report as chat_report
from chat.backstage import Backstage
from chat.gestures import Gestures
from chat.gestures import report as gestures_report
from chat.questions import Letters, Questions
from chat.questions import report as questions_report
from conference import Programme
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store
from conference.followup import Comparison, Exports, Followup, Owners, Reminders, Report, Section, targets
from conference.followup.integrations import Integrations
from conference.followup.keeping import Keeping
from conference.followup.keeping import report as keeping_report
from conference.followup.reports import Reports
from conference.followup.reports import views as reports_views
from conference.followup.webhooks import Outbox, Secrets, Webhooks
from conference.library import Library, Shelf, Signer
from conference.people import People, Phones
from conference.people import report as people_report
from conference.rundown import Bookings, Builder, Corrections, Regions, Rundown
from conference.rundown.kit import cue_rows
from conference.tables import Region
from polls import Bank, Grouping, Moderating, Polls
from polls import report as polls_report
from polls.ballots import Box
from polls.later import Later
from polls.later import report as later_report
from polls.screens import AtScreens
from polls.surveys import SurveyEditor, SurveyLetters, Surveys
from polls.surveys import report as surveys_report
from streaming import Following, Lanes, MediaClient, Origin, Packing
from streaming.captioning import Captioning
from streaming.captioning import report as captions_report
from streaming.recordings import Archive, Recordings, Workshop
from streaming.studio import Booth, Keys, Studio
from web import courier, secret_files
from web.arrivals import Arrivals
from web.disposal import TABLES as EVERY_TABLE
from web.disposal import boxes_open
from web.erasing import Eraser
from web.exported import TABLES, block_spans, region_names
from web.marks import MARKS
from web.packages import Packages
from web.press import Press
from web.sections import bank_section, needs_section, polls_join, polls_section, surveys_join, surveys_section
from web.settings import Settings


def services(store: Store, clock: Clock, ids: Ids, box: Box, media: MediaClient, settings: Settings) -> dict[str, Any]:
    """All of them."""
    asking, at_screens, library = Polls(store, clock, ids, box), AtScreens(box), Library(store, clock, ids)
    sections, sorting = _sections(clock), Moderating(store, clock)
    return {
        "people": People(store, clock, ids, Region, at_screens.settle),
        "phones": Phones(store, clock, ids, at_screens.settle),
        "programme": Programme(store, clock, ids, [cue_rows, polls_section, bank_section, surveys_section, needs_section]),
        "rundown": Rundown(store, clock),
        "corrections": Corrections(store, clock),
        "builder": Builder(store, clock, ids),
        "bookings": Bookings(store, clock, ids),
        "regions": Regions(store, clock, [polls_join, surveys_join]),
        "library": library,
        **_kits(settings),
        "polls": asking,
        "sorting": sorting,
        "bank": Bank(store, clock, ids),
        "grouping": Grouping(store, clock, ids, asking),
        **_surveys(store, clock, ids, box),
        "chat": Chat(store, clock, ids),
        "announcements": Announcements(store, clock, ids),
        "moderation": Moderation(store, clock, ids, [sorting.hold_words]),
        "backstage": Backstage(store, clock),
        "gestures": Gestures(store, clock),
        "questions": Questions(store, clock, ids),
        "followup": Followup(store, clock, ids),
        "owners": Owners(store, clock, ids),
        "report": Report(store, sections),
        "regional": Report(store, [*sections[:2], sections[-1]]),  # people, polls: whoever has a link asks, for no more than is shown
        "exports": Exports(store, clock, TABLES),
        "reports": Reports(store, clock, Report(store, [reports_views.section, *sections])),
        "letters": Letters(store, clock),
        "reminders": Reminders(store, clock, ids),
        **_of_data(store, clock, ids, settings),
        **_paper(settings),
        "comparison": Comparison(store, [polls_report.section, surveys_report.section]),
        **_others(store, clock, ids, settings),
        **_pictures(store, clock, ids, media, library, settings),
    }


def _kits(settings: Settings) -> dict[str, Any]:
    """Those that days are made from, and those that wait to be among them."""
    signer = Signer(secret_files.secret(settings.data_dir / "secrets" / "kit"))
    return {"shelf": Shelf(settings.data_dir / "kits", signer), "arrivals": Arrivals(settings.data_dir)}


def _surveys(store: Store, clock: Clock, ids: Ids, box: Box) -> dict[str, Any]:
    """Those of surveys, and of what is answered in hindsight."""
    letters, editor = SurveyLetters(store, clock, ids, box), SurveyEditor(store, clock, ids)
    asking = {"surveys": Surveys(store, clock, ids, box), "later": Later(store, clock, ids, box)}
    return {**asking, "survey_editor": editor, "survey_letters": letters}


def _of_data(store: Store, clock: Clock, ids: Ids, settings: Settings) -> dict[str, Any]:
    """How long data is kept, and how that of one person goes."""
    return {"keeping": Keeping(store, clock, EVERY_TABLE, boxes_open), "eraser": Eraser(store, settings.data_dir, clock, ids)}


def _sections(clock: Clock) -> list[Section]:
    """Those of the report, in its order; what has been let go is told last."""
    sections = [people_report.section(region_names, block_spans), polls_report.section, surveys_report.section, later_report.section]
    sections += [chat_report.section, gestures_report.section, questions_report.section, captions_report.section, targets.section(clock)]
    return [*sections, keeping_report.section]


def _others(store: Store, clock: Clock, ids: Ids, settings: Settings) -> dict[str, Any]:
    """What is kept of a day, what programs of others are let in by, and what they read: the report, a section at a time."""
    sections = {
        "attendance": people_report.section(region_names, block_spans),
        "polls": polls_report.section,
        "surveys": surveys_report.section,
        "later": later_report.section,
        "questions": questions_report.section,
        "captions": captions_report.section,
        "followup": targets.section(clock),
    }
    return {
        "integrations": Integrations(store, clock, ids),
        "readings": {name: Report(store, [section, keeping_report.section]) for name, section in sections.items()},
        **_told(store, clock, ids, settings),
    }


def _told(store: Store, clock: Clock, ids: Ids, settings: Settings) -> dict[str, Any]:
    """What tells other systems of the day."""
    secrets = Secrets(secret_files.secret(settings.secret_file or settings.data_dir / "secrets" / "signing"))
    outbox = Outbox(store, clock, secrets, courier.TOLD, partial(courier.link, settings.base_url))
    return {"webhooks": Webhooks(store, clock, ids, secrets, settings.inside), "outbox": outbox}


def _paper(settings: Settings) -> dict[str, Any]:
    """What makes documents."""
    return {"press": Press(), "packages": Packages(settings.data_dir)}


def _pictures(store: Store, clock: Clock, ids: Ids, media: MediaClient, library: Library, settings: Settings) -> dict[str, Any]:
    """Those of streaming."""
    lanes, following = Lanes(store, clock), Following(media, clock)
    origin = Origin(store, clock, media, following, MARKS)
    archive = Archive(store, origin)
    keys = Keys(secret_files.secret(settings.secret_file or settings.data_dir / "secrets" / "signing"))
    return {
        "lanes": lanes,
        "captioning": Captioning(store, clock, ids),
        "studio": Studio(store, clock, ids),
        "keys": keys,
        "booth": Booth(store, media, keys),
        "following": following,
        "origin": origin,
        "archive": archive,
        "recordings": Recordings(store, clock, archive),
        "workshop": Workshop(settings.data_dir, origin),
        "packing": Packing(store, library, lanes, media, settings.data_dir),
    }
