"""After the day: the report, put together from what each feature knows, and files to take away.

Parts: Report.of, Exports.file.   A feature hands in a `Section` (its report.py) and `Tables` (its export.py); bootstrap brings them here.
Stands on: core and the programme.   Known by: web.
"""

from conference.followup.export import Exports, Tables
from conference.followup.files import File
from conference.followup.report import Report, Section

__all__ = ["Exports", "File", "Report", "Section", "Tables"]
