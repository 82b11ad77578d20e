"""After the day: needs, what is done about them and what comes of it; the report and the files, put together from all features.

Verbs: Followup.write_need, take_needs, write_action, move_action, write_benefit, write_target, note_reached, remove, restore;
Owners.make_link, withdraw_link, tell, forget_owner; Reminders.remind, forget.   Parts: Report.of, Exports.file,
Comparison.asked; a feature hands in a `Section` (its report.py) and `Tables` (its export.py), and bootstrap brings them here.
Views: views.loop (everything), targets.counted (goals in figures). Pure rooms of its own: chart (the map and its gaps), reading (imports).
Stands on: core, people and the programme.   Known by: web.
"""

from conference.followup.comparison import Comparison
from conference.followup.export import Exports, Tables
from conference.followup.files import File
from conference.followup.owners import Owners
from conference.followup.reminders import Reminders
from conference.followup.report import Report, Section
from conference.followup.rules import ActionDraft, BenefitDraft, NeedDraft, TargetDraft
from conference.followup.service import Followup

__all__ = [
    "ActionDraft",
    "BenefitDraft",
    "Comparison",
    "Exports",
    "File",
    "Followup",
    "NeedDraft",
    "Owners",
    "Reminders",
    "Report",
    "Section",
    "Tables",
    "TargetDraft",
]
